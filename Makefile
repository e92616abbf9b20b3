# SPDX-License-Identifier: BSD-2-Clause
#
# GNU make. "make help" tells what it does.

# Where everything is built: beside the sources, or in a tree of its own (make O=build/asan CFLAGS=...).
O ?= .
PREFIX ?= /usr/local
MANDIR ?= $(PREFIX)/share/man
DESTDIR ?=
JOBS ?=

PKG_CONFIG ?= pkg-config
# What the programs are for, as uname -s there says: ci/bundle sets it for other platforms.
SYSTEM ?= $(shell uname -s)
system := $(SYSTEM)
# FreeBSD's base system has ATF as a private library without a pkg-config file.
ATF_CFLAGS ?= $(shell $(PKG_CONFIG) --cflags atf-c 2>/dev/null)
ATF_LIBS ?= $(shell $(PKG_CONFIG) --libs atf-c 2>/dev/null || echo $(if $(filter FreeBSD,$(system)),-lprivateatf-c,-latf-c))
SQLITE_CFLAGS ?= $(shell $(PKG_CONFIG) --cflags sqlite3 2>/dev/null)
SQLITE_LIBS ?= $(shell $(PKG_CONFIG) --libs sqlite3 2>/dev/null || echo -lsqlite3)

# Ask once, not at each compilation.
ATF_CFLAGS := $(ATF_CFLAGS)
ATF_LIBS := $(ATF_LIBS)
# The writers of XML and JSON, for shmcheck-report alone, which is built where they are.
REPORT_CFLAGS ?= $(shell $(PKG_CONFIG) --cflags libxml-2.0 json-c 2>/dev/null)
REPORT_LIBS ?= $(shell $(PKG_CONFIG) --libs libxml-2.0 json-c 2>/dev/null || echo -lxml2 -ljson-c)
SQLITE_CFLAGS := $(SQLITE_CFLAGS)
SQLITE_LIBS := $(SQLITE_LIBS)
REPORT_CFLAGS := $(REPORT_CFLAGS)
REPORT_LIBS := $(REPORT_LIBS)

CFLAGS ?= -O2 -g
WARNINGS = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes
# The one place of the feature macros: all that the platform has, on each of them.
FEATURES = -D_GNU_SOURCE -D_DARWIN_C_SOURCE -D_NETBSD_SOURCE -D__EXTENSIONS__
INCLUDES = -Ilib
COMPILE = $(CC) -std=c11 $(FEATURES) $(CPPFLAGS) $(WARNINGS) $(CFLAGS) $(INCLUDES) $(ATF_CFLAGS) -MMD -MP
# shm_open() is in a library of its own on some systems.
SYSTEM_LIBS ?= $(if $(filter Linux NetBSD SunOS,$(system)),-lrt)

# Where dlsym() is.
DL_LIBS ?= $(if $(filter Linux,$(system)),-ldl)

# What a platform has not the headers for is left out by ci/bundle.
LEFT_OUT ?=
lib_sources = $(filter-out $(LEFT_OUT),$(wildcard lib/*.c lib/platform/*.c))
test_sources = $(wildcard tests/*_test.c tests/*/*_test.c)
report_sources = $(wildcard report/*.c report/formats/*.c)
verdict_sources = $(wildcard report/*.c)
runner_sources = $(wildcard runner/*.c)
explorer_sources = $(wildcard explorer/*.c explorer/model/*.c)
explorer_own_sources = $(patsubst %,explorer/%.c,main request outcome explore replay)

library = $(O)/lib/libshmcheck.a
# By name, as it has what sanitizers look for in each program, which nothing else calls for.
instrument = $(O)/lib/instrument.o
verdict = $(O)/report/shmcheck-verdict
report = $(O)/report/shmcheck-report
has_report := $(shell $(PKG_CONFIG) --exists libxml-2.0 json-c 2>/dev/null && echo yes)
runner = $(O)/runner/shmcheck-run
explorer = $(O)/explorer/shmcheck-explore
# What programs of cases link, too. The rest is for a program without ATF.
explorer_library = $(O)/explorer/libexplorer.a
stand_ins = $(O)/lib/stand_in/objects.a $(O)/lib/stand_in/segments.a
tests = $(test_sources:%.c=$(O)/%)
bench = $(O)/bench/bench $(O)/bench/empty $(O)/bench/explore $(O)/bench/report

# What would stop each compilation is said once, before the first.
ifneq ($(filter-out help clean format format-check tidy cppcheck shellcheck,$(or $(MAKECMDGOALS),all)),)
obstacle := $(shell { mkdir -p '$(O)' && test -w '$(O)'; } 2>/dev/null || echo "cannot write in '$(O)': use O=DIR")
obstacle := $(or $(obstacle),$(shell command -v '$(firstword $(CC))' >/dev/null || echo "no compiler '$(CC)': run ci/setup, or use CC=COMMAND"))
$(if $(obstacle),$(error $(obstacle)))
# What has the version is built anew when that changes.
version := $(shell ci/version)
$(shell [ "$$(cat '$(O)/version' 2>/dev/null)" = '$(version)' ] || echo '$(version)' >'$(O)/version')
endif

# A short line for each file; V=1 shows the commands.
quiet = $(if $(V),,@printf '  %-3s %s\n' $(1) '$@';)

include atf.mk
include selftest/rules.mk
include guest/rules.mk

.DEFAULT_GOAL = all
.PHONY: all everything programs library shmcheck-run verdict report bundle check bench install clean help format format-check tidy cppcheck shellcheck
.DELETE_ON_ERROR:
.SECONDARY:

all: $(tests) $(verdict) $(if $(has_report),$(report)) $(runner) $(explorer) $(O)/programs
	@:

# For the runner, which then runs what is built here.
$(O)/programs: $(test_sources)
	@printf '%s\n' $(test_sources:.c=) >$@

# What ci/bundle takes.
programs: $(tests) $(runner) $(explorer) $(init)
library: $(library)
shmcheck-run: $(runner)
verdict: $(verdict)
report: $(report)

# For platforms without tools: TARGET=TRIPLE for another than this one.
bundle:
	@ci/bundle $(TARGET:%=--target %) $(JOBS:%=--jobs %)

# To see that all of it compiles.
everything: all $(init) $(if $(init),$(guest)) $(selftests) $(matrix) $(engine) $(visible) $(hygiene) $(bench)

$(O)/%.o: %.c
	@mkdir -p $(@D)
	$(call quiet,CC)$(COMPILE) -c -o $@ $<

# Anew, as an archive keeps what no source is there for any more.
$(library): $(lib_sources:%.c=$(O)/%.o)
	$(call quiet,AR)rm -f $@ && $(AR) rcs $@ $^

# Where the C library lacks the calls for objects or for segments, programs about something else get calls that fail with
# ENOSYS instead; those about these are not built. Linkers differ in what they take of a static library when the C library
# has it, too: so a program gets them only if it does not link without.
$(O)/lib/stand_in/%.a: lib/stand_in/%.c
	@mkdir -p $(@D)
	$(call quiet,CC)$(COMPILE) -fno-builtin -c -o $(@:.a=.o) $< && $(AR) rcs $@ $(@:.a=.o)

STAND_INS = objects.a segments.a objects.a,segments.a
$(O)/tests/sysv/%: STAND_INS = objects.a
$(O)/tests/posix/%: STAND_INS = segments.a
link_test = $(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(ATF_LIBS) $(SYSTEM_LIBS) -pthread
comma = ,
define link_test_or_stand_in
	$(call quiet,LD)$(link_test) 2>$@.log $(foreach s,$(STAND_INS),|| \
		$(link_test) $(patsubst %,$(O)/lib/stand_in/%,$(subst $(comma), ,$s)) 2>>$@.log) || \
		{ cat $@.log >&2; exit 1; }; rm -f $@.log
endef

# They are beside the cases, and not part of lib/.
$(O)/tests/explorer/%.o: INCLUDES += -Iexplorer
$(O)/tests/explorer/%_test: $(O)/tests/explorer/%_test.o $(explorer_library) $(instrument) $(library) | $(stand_ins)
	$(link_test_or_stand_in)

$(O)/tests/%_test: $(O)/tests/%_test.o $(instrument) $(library) | $(stand_ins)
	$(link_test_or_stand_in)

$(O)/report/version.o: INCLUDES += -DSHMCHECK_VERSION='"$(version)"'
$(O)/report/version.o: $(O)/version

$(runner): $(runner_sources:%.c=$(O)/%.o) $(patsubst %,$(O)/report/%.o,option tap_point text version)
	$(call quiet,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

$(runner_sources:%.c=$(O)/%.o): INCLUDES += -Ireport

$(explorer_library): $(patsubst %.c,$(O)/%.o,$(filter-out $(explorer_own_sources),$(explorer_sources)))
	$(call quiet,AR)rm -f $@ && $(AR) rcs $@ $^

$(explorer): $(explorer_own_sources:%.c=$(O)/%.o) $(O)/report/option.o $(O)/report/text.o $(O)/report/version.o $(explorer_library) $(library)
	$(call quiet,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(SYSTEM_LIBS)

$(explorer_sources:%.c=$(O)/%.o): INCLUDES += -Ireport

$(verdict): $(verdict_sources:%.c=$(O)/%.o)
	$(call quiet,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(SQLITE_LIBS)

$(report): $(filter-out $(O)/report/main.o,$(report_sources:%.c=$(O)/%.o)) $(O)/report/formats/html_assets.o
	$(call quiet,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(SQLITE_LIBS) $(REPORT_LIBS)

# The style sheet and the script of the page, as strings.
c_string = sed 's/\\/\\\\/g; s/"/\\"/g; s/^/\t"/; s/$$/\\n"/'
$(O)/report/formats/html_assets.inc: report/formats/html.css report/formats/html.js
	@mkdir -p $(@D)
	$(call quiet,GEN){ echo 'extern const char html_style[], html_script[];'; \
	    echo 'const char html_style[] ='; $(c_string) report/formats/html.css; echo ';'; \
	    echo 'const char html_script[] ='; $(c_string) report/formats/html.js; echo ';'; } >$@

$(O)/report/formats/html_assets.o: $(O)/report/formats/html_assets.inc
	$(call quiet,CC)$(COMPILE) -c -o $@ -x c $<

$(O)/report/formats/%.o: INCLUDES += -Ireport
$(O)/report/formats/%.o: ATF_CFLAGS += $(REPORT_CFLAGS)

$(O)/report/%.o: ATF_CFLAGS += $(SQLITE_CFLAGS)

check: all
	@ci/suite --kyuafile Kyuafile --build-root $(O) --results $(O)/results.db $(JOBS:%=--jobs %)

install: all
	@set -e; to='$(DESTDIR)$(PREFIX)/tests/shmcheck'; \
	for file in $(test_sources:tests/%.c=%); do \
		mkdir -p "$$to/$$(dirname $$file)"; cp -f '$(O)'/tests/$$file "$$to/$$file"; \
	done; \
	for file in Kyuafile $(patsubst tests/%,%,$(wildcard tests/*/Kyuafile)); do cp -f tests/$$file "$$to/$$file"; done; \
	printf '%s\n' $(patsubst tests/%.c,%,$(test_sources)) >"$$to/programs"; \
	mkdir -p '$(DESTDIR)$(PREFIX)/bin'; \
	cp -f $(verdict) $(if $(has_report),$(report)) $(runner) $(explorer) '$(DESTDIR)$(PREFIX)/bin'; \
	for section in 1 7; do \
		mkdir -p '$(DESTDIR)$(MANDIR)'/man$$section; cp -f man/*.$$section '$(DESTDIR)$(MANDIR)'/man$$section; \
	done; \
	echo "installed: kyua test -k $$to/Kyuafile"

$(O)/bench/%: bench/%.c
	@mkdir -p $(@D)
	$(call quiet,CC)$(COMPILE) $(LDFLAGS) -o $@ $< $(ATF_LIBS)

# What does as much as a variable says is measured apart.
bench: scaled = $(patsubst %.c,%,$(shell grep -lE '"(volume|search|walk|explore)\.h"' $(test_sources)))
bench: all $(bench)
	@$(O)/bench/bench $(O) 5 $(scaled)
	@$(O)/bench/explore $(O)
	@set -e; $(if $(has_report),xz -dc docs/conformance/results/x86_64-6.1.txt.xz >$(O)/bench/results; \
		$(O)/bench/report $(O) $(O)/bench/results html text markdown json junit tap ktap kcidb index)

clean: clean-selftest
	rm -f $(library) $(stand_ins) $(verdict) $(report) $(runner) $(explorer) $(explorer_library) $(tests) $(tests:%=%.log) $(bench)
	rm -f $(foreach s,$(lib_sources) $(test_sources) $(report_sources) $(runner_sources) $(explorer_sources),$(O)/$(s:.c=.o) $(O)/$(s:.c=.d))
	rm -f $(O)/report/formats/html_assets.* $(O)/lib/stand_in/*.[do] $(O)/programs $(O)/version
	rm -f $(O)/guest/*.[do] $(O)/guest/shmcheck-guest $(O)/guest/shmcheck-init
	rm -f $(O)/bench/*.d $(O)/bench/results $(O)/results.db $(O)/results.log

c_files = $(wildcard */*.c */*.h report/formats/*.[ch] ci/*/*.h ci/*/*/*.h lib/*/*.[ch] explorer/*/*.[ch] tests/*/*.c selftest/*/*.[ch] selftest/*/*/*.[ch])

sources = $(filter-out $(foreign),$(wildcard */*.c report/formats/*.c lib/*/*.c explorer/model/*.c tests/*/*.c selftest/*/*.c selftest/*/*/*.c))
analyse_includes = -Ilib -Ireport -Ireport/formats -Irunner -Iexplorer -Iselftest/violations -Iselftest/violations/engine

format:
	@clang-format -i $(c_files)

format-check:
	@clang-format --dry-run -Werror $(c_files)

# It counts what it does not show, too: such lines say nothing.
tidy:
	@printf '%s\n' $(sources) | xargs -n 12 -P $$(getconf _NPROCESSORS_ONLN) sh -c \
		'shown=$$(clang-tidy --quiet --warnings-as-errors="*" "$$@" -- -std=c11 $(FEATURES) $(analyse_includes) $(ATF_CFLAGS) $(REPORT_CFLAGS) 2>&1); \
		status=$$?; printf "%s\n" "$$shown" | grep -v "^[0-9]* warnings* generated\.$$\|^$$"; exit $$status' tidy

cppcheck:
	@cppcheck -j $$(getconf _NPROCESSORS_ONLN) --quiet --error-exitcode=1 --std=c11 --enable=warning,performance,portability --inline-suppr $(analyse_includes) \
		$(FEATURES) $(sources)

shellcheck:
	@shellcheck $$(grep -ls '^#!/bin/sh$$\|^# shellcheck shell=sh$$' ci/*) $(wildcard selftest/catalogue selftest/habits selftest/modules selftest/needs selftest/manuals selftest/choices selftest/peers selftest/case_list selftest/memcheck selftest/file_directory selftest/bundle selftest/tools selftest/man selftest/vm/bad_input selftest/violations/explored selftest/report/check selftest/browser/check selftest/fuzz/check selftest/npm.sh) \
		$(addprefix selftest/hygiene/,agreement leftovers hostile environment environments.sh wrap_programs.sh rootless) .ci/run

help:
	@echo 'make                  build the suite and its report, in place or in O=DIR'
	@echo 'make check            build, run on all cores (JOBS=N), print the verdict; ci/check gives its exit status'
	@echo 'make selftest         build and run the tests of the suite itself'
	@echo 'make selftest-full    the same with every case under every violation'
	@echo 'make matrix           which violation fails which case: ARGS="shmget" or ARGS=--full; ARGS=--help tells more'
	@echo 'make hygiene          of these: nothing is left behind, all of many runs agree'
	@echo 'make hostile          of these: runs in places that make it hard, ENVIRONMENTS="no-proc ..." for some of them'
	@echo 'make soak             N=1000 runs of the suite, with and without load, compared'
	@echo 'make sanitize-address build with AddressSanitizer and UndefinedBehaviorSanitizer, and run; sanitize-thread'
	@echo 'make memcheck         run under Valgrind, CASES="tests/sysv ..." for some of them'
	@echo 'make figures          README.md: what comes from a run, here that of results.db; make needs: docs/needs.md'
	@echo 'make manuals choices peers  docs/manuals/, docs/choices.md and docs/peers.md, from the cases'
	@echo 'make fuzz             SECONDS=20 of files made up for shmcheck-report to read'
	@echo 'make bench            measure the suite against as many empty cases, the explorer and the report'
	@echo 'make bundle           one directory with a runner for where there are no tools: TARGET=TRIPLE for another platform'
	@echo 'make install          into $$(DESTDIR)$$(PREFIX): tests/shmcheck, bin, share/man'
	@echo 'make clean            remove what was built'
	@echo 'make format           rewrite the sources in the house style; format-check, tidy, cppcheck, shellcheck: look only'
	@echo 'Variables: V=1 O= CC= CFLAGS= LDFLAGS= PREFIX= MANDIR= DESTDIR= JOBS= N= ATF_CFLAGS= ATF_LIBS= SQLITE_CFLAGS= SQLITE_LIBS= REPORT_CFLAGS= REPORT_LIBS='

-include $(foreach s,$(lib_sources) $(test_sources) $(report_sources) $(runner_sources) $(explorer_sources),$(O)/$(s:.c=.d))
