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
INCLUDES = -Ilib
COMPILE = $(CC) -std=c11 $(FEATURES) $(CPPFLAGS) $(WARNINGS) $(CFLAGS) $(INCLUDES) $(ATF_CFLAGS) -MMD -MP
# shm_open() is in a library of its own on some systems.
SYSTEM_LIBS ?= $(if $(filter Linux NetBSD SunOS,$(system)),-lrt)

# How a library is made that takes the place of functions, and where dlsym() is.
PRELOADED = $(if $(filter Darwin,$(system)),-dynamiclib,-shared -Wl,-z,defs)
DL_LIBS ?= $(if $(filter Linux,$(system)),-ldl)

lib_sources = $(wildcard lib/*.c)
test_sources = $(wildcard tests/*_test.c tests/*/*_test.c)
report_sources = $(wildcard report/*.c)
selftest_sources = $(wildcard selftest/*.c)

library = $(O)/lib/libshmcheck.a
verdict = $(O)/report/shmcheck-verdict
tests = $(test_sources:%.c=$(O)/%)
selftests = $(patsubst %.c,$(O)/%,$(wildcard selftest/*_test.c))
matrix = $(O)/selftest/violations/matrix
engine = $(O)/selftest/violations/engine.so
visible = $(O)/selftest/violations/visible
bench = $(O)/bench/bench $(O)/bench/empty

# What would stop each compilation is said once, before the first.
ifneq ($(filter-out help clean format format-check tidy cppcheck shellcheck,$(or $(MAKECMDGOALS),all)),)
obstacle := $(shell { mkdir -p '$(O)' && test -w '$(O)'; } 2>/dev/null || echo "cannot write in '$(O)': use O=DIR")
obstacle := $(or $(obstacle),$(shell command -v '$(firstword $(CC))' >/dev/null || echo "no compiler '$(CC)': run ci/setup, or use CC=COMMAND"))
$(if $(obstacle),$(error $(obstacle)))
endif

# A short line for each file; V=1 shows the commands.
quiet = $(if $(V),,@printf '  %-3s %s\n' $(1) '$@';)

.PHONY: all everything check selftest selftest-full matrix bench install clean help format format-check tidy cppcheck shellcheck
.DELETE_ON_ERROR:
.SECONDARY:

all: $(tests) $(verdict)
	@:

# To see that all of it compiles.
everything: all $(selftests) $(matrix) $(engine) $(visible) $(bench)

$(O)/%.o: %.c
	@mkdir -p $(@D)
	$(call quiet,CC)$(COMPILE) -c -o $@ $<

$(library): $(lib_sources:%.c=$(O)/%.o)
	$(call quiet,AR)$(AR) rcs $@ $^

$(O)/tests/%_test: $(O)/tests/%_test.o $(library)
	$(call quiet,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(ATF_LIBS) $(SYSTEM_LIBS) -pthread

$(verdict): $(report_sources:%.c=$(O)/%.o)
	$(call quiet,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(SQLITE_LIBS)

$(O)/report/%.o $(O)/selftest/verdict_test.o: ATF_CFLAGS += $(SQLITE_CFLAGS)

$(O)/selftest/verdict_test: $(O)/selftest/verdict_test.o $(verdict)
	$(call quiet,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(ATF_LIBS) $(SQLITE_LIBS)

# Cases that go wrong, and what runs them for the tests of lib/.
$(O)/selftest/case_test $(O)/selftest/guardian_test: $(O)/selftest/specimen_run.o | $(O)/selftest/specimen

# The matrix on a build of shell scripts.
$(O)/selftest/matrix_test: SYSTEM_LIBS += $(DL_LIBS)
$(O)/selftest/matrix_test: $(O)/selftest/matrix_build.o | $(matrix)

$(O)/selftest/specimen: $(O)/selftest/specimen.o $(library)
	$(call quiet,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(ATF_LIBS) $(SYSTEM_LIBS) -pthread

$(O)/selftest/%_test: $(O)/selftest/%_test.o $(library)
	$(call quiet,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(ATF_LIBS) $(SYSTEM_LIBS) -pthread

# The engine of violations takes the place of the C library's functions; what has the direct checks does not.
row_sources = $(wildcard selftest/violations/rows/*.c)
engine_sources = $(wildcard selftest/violations/engine/*.c) $(row_sources)
visible_sources = selftest/violations/visible.c $(filter-out selftest/violations/engine/hooks%,$(engine_sources))

$(O)/selftest/violations/%.o: CPPFLAGS += -Iselftest/violations/engine

$(O)/selftest/violations/%.engine.o: selftest/violations/%.c
	@mkdir -p $(@D)
	$(call quiet,CC)$(COMPILE) -fPIC -fvisibility=hidden -DENGINE -c -o $@ $<

$(engine): $(engine_sources:%.c=$(O)/%.engine.o)
	$(call quiet,LD)$(CC) $(CFLAGS) $(LDFLAGS) $(PRELOADED) -o $@ $^ $(DL_LIBS)

$(visible): $(visible_sources:%.c=$(O)/%.o) $(library)
	$(call quiet,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(ATF_LIBS) $(SYSTEM_LIBS) $(DL_LIBS) -pthread

run_case_sources = $(patsubst %,selftest/violations/%.c,run_case case_process case_result)
matrix_sources = $(patsubst %,selftest/violations/%.c,matrix inventory requirement judge block matrix_table) \
	$(run_case_sources)

$(matrix_sources:%.c=$(O)/%.o): INCLUDES += -Ireport
$(O)/selftest/run_case_test.o: INCLUDES += -Iselftest/violations

$(matrix): $(matrix_sources:%.c=$(O)/%.o) $(O)/report/text.o
	$(call quiet,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

$(O)/selftest/run_case_test: $(run_case_sources:%.c=$(O)/%.o) | $(O)/selftest/specimen

check: all
	@ci/suite --kyuafile Kyuafile --build-root $(O) --results $(O)/results.db $(JOBS:%=--jobs %)

run_matrix = $(matrix) $(JOBS:%=--jobs %)
matrix_files = --table $(matrix).txt --data $(matrix).tsv

# A part of it leaves the files of the whole alone.
matrix: all $(matrix) $(engine) $(visible)
	@$(run_matrix) $(if $(filter-out --%,$(ARGS)),,$(matrix_files)) $(filter --%,$(ARGS)) $(O) $(filter-out --%,$(ARGS))

selftest-full: matrix_arguments = --full
selftest selftest-full: all $(selftests) $(matrix) $(engine) $(visible)
	@status=0; selftest/catalogue $(O) || status=1; \
	$(run_matrix) $(matrix_files) $(matrix_arguments) $(O) || status=1; \
	ci/suite --plain --kyuafile selftest/Kyuafile --build-root $(O)/selftest --results $(O)/selftest.db \
		$(JOBS:%=--jobs %) || status=1; exit $$status

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

bench: all $(bench)
	@$(O)/bench/bench $(O)

clean:
	rm -f $(library) $(verdict) $(tests) $(selftests) $(O)/selftest/specimen $(bench)
	rm -f $(matrix) $(matrix).txt $(matrix).tsv $(engine) $(visible) $(addprefix $(O)/selftest/violations/,*.[do] */*.[do])
	rm -f $(foreach s,$(lib_sources) $(test_sources) $(report_sources) $(selftest_sources),$(O)/$(s:.c=.o) $(O)/$(s:.c=.d))
	rm -f $(O)/bench/*.d $(O)/results.db $(O)/selftest.db $(O)/results.log

c_files = $(wildcard */*.c */*.h tests/*/*.c selftest/*/*.[ch] selftest/*/*/*.[ch])

sources = $(wildcard */*.c tests/*/*.c selftest/*/*.c selftest/*/*/*.c)
analyse_includes = -Ilib -Ireport -Iselftest/violations -Iselftest/violations/engine

format:
	clang-format -i $(c_files)

format-check:
	clang-format --dry-run -Werror $(c_files)

tidy:
	clang-tidy --quiet --warnings-as-errors='*' $(sources) -- -std=c11 $(FEATURES) $(analyse_includes) $(ATF_CFLAGS)

cppcheck:
	cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,performance,portability --inline-suppr $(analyse_includes) \
		$(FEATURES) $(sources)

shellcheck:
	shellcheck $(wildcard ci/[a-z]* selftest/catalogue) .ci/run

help:
	@echo 'make                  build the suite and its report, in place or in O=DIR'
	@echo 'make check            build, run on all cores (JOBS=N), print the verdict; ci/check gives its exit status'
	@echo 'make selftest         build and run the tests of the suite itself'
	@echo 'make selftest-full    the same with every case under every violation'
	@echo 'make matrix           which violation fails which case: ARGS="shmget" or ARGS=--full; ARGS=--help tells more'
	@echo 'make bench            measure the suite against as many empty cases'
	@echo 'make install          into $$(DESTDIR)$$(PREFIX)/tests/shmcheck'
	@echo 'make clean            remove what was built'
	@echo 'make format           rewrite the sources in the house style; format-check, tidy, cppcheck, shellcheck: look only'
	@echo 'Variables: V=1 O= CC= CFLAGS= LDFLAGS= PREFIX= DESTDIR= JOBS= ATF_CFLAGS= ATF_LIBS= SQLITE_CFLAGS= SQLITE_LIBS='

-include $(engine_sources:%.c=$(O)/%.engine.d) $(visible_sources:%.c=$(O)/%.d)
-include $(matrix_sources:%.c=$(O)/%.d)
-include $(foreach s,$(lib_sources) $(test_sources) $(report_sources) $(selftest_sources),$(O)/$(s:.c=.d))
