# SPDX-License-Identifier: BSD-2-Clause
#
# ATF's C library from its sources, ATF_SOURCE=DIR, for platforms whose packages have none that can be linked: static, or for
# another machine. Included by the Makefile at the top; ci/bundle uses it.

ATF_SOURCE ?=
atf_modules = build check error tc tp utils \
	$(addprefix detail/,dynstr env fs list map process sanity text tp_main user)
atf_objects = $(atf_modules:%=$(O)/atf/%.o)
atf_library = $(O)/atf/libatf-c.a
atf_headers = $(O)/atf/include/atf-c.h

.PHONY: atf
atf: $(atf_library)

# What its configure script would find out. The names of compilers are for ATF's tests of compilers, which nothing here uses.
atf_flags = -DNDEBUG -D_GNU_SOURCE -DHAVE_GETCWD_DYN -DHAVE_SETENV -DHAVE_UNSETENV -DHAVE_PUTENV \
	$(if $(filter Linux,$(system)),-DHAVE_GNU_GETOPT) $(if $(filter FreeBSD NetBSD OpenBSD DragonFly Darwin,$(system)),-DHAVE_OPTRESET) \
	$(foreach v,CC CFLAGS CPP CPPFLAGS CXX CXXFLAGS,-DATF_BUILD_$v='""') -DATF_INCLUDEDIR='""' \
	-DPACKAGE_BUGREPORT='"shmcheck"' -DPACKAGE_STRING='"atf"' -DPACKAGE_VERSION='"0"'

$(atf_headers): $(ATF_SOURCE)/atf-c/defs.h.in
	@mkdir -p $(@D)/atf-c/detail $(O)/atf/detail
	@cp -f $(ATF_SOURCE)/atf-c/*.h $(@D)/atf-c
	@cp -f $(ATF_SOURCE)/atf-c/detail/*.h $(@D)/atf-c/detail
	@sed -e 's/@ATTRIBUTE_FORMAT_PRINTF@/__attribute__((__format__(__printf__, a, b)))/' \
		-e 's/@ATTRIBUTE_NORETURN@/__attribute__((__noreturn__))/' -e 's/@ATTRIBUTE_UNUSED@/__attribute__((__unused__))/' \
		-e 's/@ATTRIBUTE_NONNULL@/__attribute__((__nonnull__(a)))/' $< >$(@D)/atf-c/defs.h
	@cp -f $(ATF_SOURCE)/atf-c.h $@

$(atf_objects): $(O)/atf/%.o: $(ATF_SOURCE)/atf-c/%.c | $(atf_headers)
	$(call quiet,CC)$(CC) -std=gnu99 $(atf_flags) $(filter-out -W%,$(CFLAGS)) -w -I$(O)/atf/include -c -o $@ $<

$(atf_library): $(atf_objects)
	$(call quiet,AR)$(AR) rcs $@ $^
