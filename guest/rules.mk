# SPDX-License-Identifier: BSD-2-Clause
#
# What runs the suite in a virtual machine: ci/vm uses it. Included by the Makefile at the top, from where all paths are.

# It watches the machine, on this side.
guest = $(O)/guest/shmcheck-guest
# The first process of a Linux guest, which is a part of the bundle.
init = $(if $(filter Linux,$(system)),$(O)/guest/shmcheck-init)

$(O)/guest/guest.o: INCLUDES += -Ireport
$(O)/guest/shmcheck-guest: $(patsubst %,$(O)/guest/%.o,guest progress received wire) $(O)/report/version.o
	$(call quiet,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

$(O)/guest/shmcheck-init: $(patsubst %,$(O)/guest/%.o,init wire)
	$(call quiet,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

-include $(patsubst %,$(O)/guest/%.d,guest progress received wire init)
