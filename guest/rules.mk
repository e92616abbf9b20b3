# SPDX-License-Identifier: BSD-2-Clause
#
# What runs the suite in a virtual machine: ci/vm uses it. Included by the Makefile at the top, from where all paths are.

# It watches the machine, on this side.
guest = $(O)/guest/shmcheck-guest
# The first process of a system that runs nothing but the suite, which is a part of the bundle; and what is the system's own.
init_system := $(shell echo $(filter Linux FreeBSD NetBSD OpenBSD,$(system)) | tr '[:upper:]' '[:lower:]')
init_objects = $(patsubst %,$(O)/guest/%.o,init place wire $(init_system) $(if $(filter %bsd,$(init_system)),bsd))
init = $(if $(init_system),$(O)/guest/shmcheck-init)
# What only another system can compile.
foreign = $(filter-out $(init_objects:$(O)/%.o=%.c),$(patsubst %,guest/%.c,linux bsd freebsd netbsd openbsd))

$(O)/guest/guest.o: INCLUDES += -Ireport
$(O)/guest/shmcheck-guest: $(patsubst %,$(O)/guest/%.o,guest progress received wire) $(O)/report/version.o
	$(call quiet,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

$(O)/guest/shmcheck-init: $(init_objects)
	$(call quiet,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

-include $(patsubst %,$(O)/guest/%.d,guest progress received wire init place linux bsd freebsd netbsd openbsd)
