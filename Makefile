# SPDX-License-Identifier: BSD-2-Clause
#
# GNU make. "make help" tells what it does.

# Where everything is built: beside the sources, or in a tree of its own (make O=build/asan CFLAGS=...).
O ?= .
PREFIX ?= /usr/local
DESTDIR ?=
JOBS ?=

PKG_CONFIG ?= pkg-config
system := $(shell uname -s)
# FreeBSD's base system has ATF as a private library without a pkg-config file.
ATF_CFLAGS ?= $(shell $(PKG_CONFIG) --cflags atf-c 2>/dev/null)
ATF_LIBS ?= $(shell $(PKG_CONFIG) --libs atf-c 2>/dev/null || echo $(if $(filter FreeBSD,$(system)),-lprivateatf-c,-latf-c))
SQLITE_CFLAGS ?= $(shell $(PKG_CONFIG) --cflags sqlite3 2>/dev/null)
SQLITE_LIBS ?= $(shell $(PKG_CONFIG) --libs sqlite3 2>/dev/null || echo -lsqlite3)

# Ask once, not at each compilation.
ATF_CFLAGS := $(ATF_CFLAGS)
ATF_LIBS := $(ATF_LIBS)
SQLITE_CFLAGS := $(SQLITE_CFLAGS)
SQLITE_LIBS := $(SQLITE_LIBS)

CFLAGS ?= -O2 -g
WARNINGS = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes
# The one place of the feature macros: all that the platform has, on each of them.
FEATURES = -D_GNU_SOURCE -D_DARWIN_C_SOURCE -D_NETBSD_SOURCE -D__EXTENSIONS__
COMPILE = $(CC) -std=c11 $(FEATURES) $(CPPFLAGS) $(WARNINGS) $(CFLAGS) -Ilib $(ATF_CFLAGS) -MMD -MP
# shm_open() is in a library of its own on some systems.
SYSTEM_LIBS ?= $(if $(filter Linux NetBSD SunOS,$(system)),-lrt)

lib_sources = $(wildcard lib/*.c)
test_sources = $(wildcard tests/*_test.c tests/*/*_test.c)
report_sources = $(wildcard report/*.c)
selftest_sources = $(wildcard selftest/*.c selftest/hygiene/*.c)

library = $(O)/lib/libshmcheck.a
# By name, as it has what sanitizers look for in each program, which nothing else calls for.
checker = $(O)/lib/checker.o
verdict = $(O)/report/shmcheck-verdict
tests = $(test_sources:%.c=$(O)/%)
selftests = $(patsubst %.c,$(O)/%,$(wildcard selftest/*_test.c))
bench = $(O)/bench/bench $(O)/bench/empty
# What makes hostile places, of which Linux alone has the means.
hostile = $(if $(filter Linux,$(system)),$(O)/selftest/hygiene/reaper $(O)/selftest/hygiene/without_sysv)

# What would stop each compilation is said once, before the first.
ifneq ($(filter-out help clean format format-check tidy cppcheck shellcheck,$(or $(MAKECMDGOALS),all)),)
obstacle := $(shell { mkdir -p '$(O)' && test -w '$(O)'; } 2>/dev/null || echo "cannot write in '$(O)': use O=DIR")
obstacle := $(or $(obstacle),$(shell command -v '$(firstword $(CC))' >/dev/null || echo "no compiler '$(CC)': run ci/setup, or use CC=COMMAND"))
$(if $(obstacle),$(error $(obstacle)))
endif

# A short line for each file; V=1 shows the commands.
quiet = $(if $(V),,@printf '  %-3s %s\n' $(1) '$@';)

.PHONY: all everything check selftest hostile sanitize-address sanitize-thread memcheck bench install clean help format format-check tidy cppcheck shellcheck
.DELETE_ON_ERROR:
.SECONDARY:

all: $(tests) $(verdict)
	@:

# To see that all of it compiles.
everything: all $(selftests) $(bench) $(hostile)

$(O)/%.o: %.c
	@mkdir -p $(@D)
	$(call quiet,CC)$(COMPILE) -c -o $@ $<

$(library): $(lib_sources:%.c=$(O)/%.o)
	$(call quiet,AR)$(AR) rcs $@ $^

$(O)/tests/%_test: $(O)/tests/%_test.o $(checker) $(library)
	$(call quiet,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(ATF_LIBS) $(SYSTEM_LIBS) -pthread

$(verdict): $(report_sources:%.c=$(O)/%.o)
	$(call quiet,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(SQLITE_LIBS)

$(O)/report/%.o $(O)/selftest/verdict_test.o: ATF_CFLAGS += $(SQLITE_CFLAGS)

$(O)/selftest/verdict_test: $(O)/selftest/verdict_test.o $(checker) | $(verdict)
	$(call quiet,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(ATF_LIBS) $(SQLITE_LIBS)

# Cases that go wrong, and what runs them for the tests of lib/.
$(O)/selftest/case_test $(O)/selftest/guardian_test: $(O)/selftest/specimen_run.o | $(O)/selftest/specimen

$(O)/selftest/specimen: $(O)/selftest/specimen.o $(checker) $(library)
	$(call quiet,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(ATF_LIBS) $(SYSTEM_LIBS) -pthread

$(O)/selftest/%_test: $(O)/selftest/%_test.o $(checker) $(library)
	$(call quiet,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(ATF_LIBS) $(SYSTEM_LIBS) -pthread

$(O)/selftest/hygiene/reaper: $(O)/selftest/hygiene/%: $(O)/selftest/hygiene/%.o $(O)/selftest/hygiene/command.o
	$(call quiet,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

$(O)/selftest/hygiene/without_sysv: $(O)/selftest/hygiene/without_sysv.o
	$(call quiet,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

check: all
	@ci/suite --kyuafile Kyuafile --build-root $(O) --results $(O)/results.db $(JOBS:%=--jobs %)

selftest: all $(selftests) $(hostile)
	@status=0; selftest/catalogue $(O) || status=1; \
	ci/suite --plain --kyuafile selftest/Kyuafile --build-root $(O)/selftest --results $(O)/selftest.db \
		$(JOBS:%=--jobs %) || status=1; \
	selftest/hygiene/hostile $(JOBS:%=--jobs %) $(O) || status=1; \
	exit $$status

# make hostile PLACES='no-proc rlimit-nofile' for some of them.
hostile: all $(hostile)
	@selftest/hygiene/hostile $(JOBS:%=--jobs %) $(O) $(PLACES)

install: all
	@set -e; to='$(DESTDIR)$(PREFIX)/tests/shmcheck'; \
	for file in $(test_sources:tests/%.c=%); do \
		mkdir -p "$$to/$$(dirname $$file)"; cp -f '$(O)'/tests/$$file "$$to/$$file"; \
	done; \
	for file in Kyuafile $(patsubst tests/%,%,$(wildcard tests/*/Kyuafile)); do cp -f tests/$$file "$$to/$$file"; done; \
	mkdir -p '$(DESTDIR)$(PREFIX)/bin'; cp -f $(verdict) '$(DESTDIR)$(PREFIX)/bin/shmcheck-verdict'; \
	echo "installed: kyua test -k $$to/Kyuafile"

$(O)/bench/%: bench/%.c
	@mkdir -p $(@D)
	$(call quiet,CC)$(COMPILE) $(LDFLAGS) -o $@ $< $(ATF_LIBS)

# Sanitizers are compiled in, in a tree of its own. AddressSanitizer has UndefinedBehaviorSanitizer with it.
sanitize-address sanitize-thread: sanitize-%:
	@$(MAKE) --no-print-directory O='$(O)/build/$@' CFLAGS='$(sanitize_$*)' everything
	@status=0; \
	ci/suite --plain --build-root '$(O)/build/$@' $(JOBS:%=--jobs %) || status=1; \
	ci/suite --plain --kyuafile selftest/Kyuafile --build-root '$(O)/build/$@/selftest' $(JOBS:%=--jobs %) || status=1; \
	exit $$status

sanitize_address = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined
sanitize_thread = -O1 -g -fsanitize=thread

# make memcheck CASES='tests/sysv/shmget_test tests/lifecycle' for some of them.
memcheck: all $(selftests)
	@selftest/memcheck $(JOBS:%=--jobs %) $(O) $(CASES)

bench: all $(bench)
	@$(O)/bench/bench $(O)

clean:
	rm -f $(library) $(verdict) $(tests) $(selftests) $(O)/selftest/specimen $(bench)
	rm -f $(hostile)
	rm -f $(foreach s,$(lib_sources) $(test_sources) $(report_sources) $(selftest_sources),$(O)/$(s:.c=.o) $(O)/$(s:.c=.d))
	rm -f $(O)/bench/*.d $(O)/results.db $(O)/selftest.db $(O)/results.log

c_files = $(wildcard */*.c */*.h */*/*.c)

format:
	clang-format -i $(c_files)

format-check:
	clang-format --dry-run -Werror $(c_files)

tidy:
	clang-tidy --quiet --warnings-as-errors='*' $(wildcard */*.c */*/*.c) -- -std=c11 $(FEATURES) -Ilib $(ATF_CFLAGS)

cppcheck:
	cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,performance,portability --inline-suppr -Ilib \
		$(FEATURES) $(wildcard */*.c */*/*.c)

shellcheck:
	shellcheck $(wildcard ci/[a-z]* selftest/catalogue selftest/hygiene/hostile selftest/hygiene/place selftest/hygiene/behind.sh selftest/memcheck) .ci/run

help:
	@echo 'make                  build the suite and its report, in place or in O=DIR'
	@echo 'make check            build, run on all cores (JOBS=N), print the verdict; ci/check gives its exit status'
	@echo 'make selftest         build and run the tests of the suite itself'
	@echo 'make hostile          run the suite in places that make it hard, which selftest does too'
	@echo 'make memcheck         run the suite and the tests of lib/ under Valgrind'
	@echo 'make sanitize-thread  build them with ThreadSanitizer, and run them; sanitize-address: with the others'
	@echo 'make bench            measure the suite against as many empty cases'
	@echo 'make install          into $$(DESTDIR)$$(PREFIX)/tests/shmcheck'
	@echo 'make clean            remove what was built'
	@echo 'make format           rewrite the sources in the house style; format-check, tidy, cppcheck, shellcheck: look only'
	@echo 'Variables: V=1 O= CC= CFLAGS= LDFLAGS= PREFIX= DESTDIR= JOBS= ATF_CFLAGS= ATF_LIBS= SQLITE_CFLAGS= SQLITE_LIBS='

-include $(foreach s,$(lib_sources) $(test_sources) $(report_sources) $(selftest_sources),$(O)/$(s:.c=.d))
