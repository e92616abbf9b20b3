# SPDX-License-Identifier: BSD-2-Clause
#
# The tests of the suite itself: of lib/ and report/, of what the cases detect, of what they leave behind. Included by the
# Makefile at the top, from where all paths are.

selftest_sources = $(wildcard selftest/*.c selftest/hygiene/*.c)
selftests = $(patsubst %.c,$(O)/%,$(wildcard selftest/*_test.c))
specimen = $(O)/selftest/specimen
matrix = $(O)/selftest/violations/matrix
engine = $(O)/selftest/violations/engine.so
visible = $(O)/selftest/violations/visible
checks = $(O)/selftest/violations/checks
# What they are made of is Linux's: elsewhere the scripts beside them skip.
hygiene = $(if $(filter Linux,$(system)),$(addprefix $(O)/selftest/hygiene/,reaper killer bystanders waiting_test filtered))

.PHONY: manuals choices peers selftest selftest-programs selftest-full matrix hygiene hostile soak sanitize-address sanitize-thread suites memcheck clean-selftest

link_with_atf = $(call quiet,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(ATF_LIBS) $(SYSTEM_LIBS) $(DL_LIBS) -pthread
link_alone = $(call quiet,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

# Of lib/, report/ and the parts of the matrix.

database_tests = $(patsubst %,$(O)/selftest/%_test,report_input verdict verdict_kyua)
$(database_tests:=.o) $(O)/selftest/kyua_database.o: ATF_CFLAGS += $(SQLITE_CFLAGS)

verdict_tests = $(patsubst %.c,$(O)/%,$(wildcard selftest/verdict*_test.c))

$(verdict_tests): $(O)/selftest/verdict_run.o $(O)/selftest/tool_run.o | $(verdict)

report_tests = $(patsubst %.c,$(O)/%,$(wildcard selftest/report*_test.c))

$(report_tests): $(O)/selftest/report_run.o $(O)/selftest/tool_run.o | $(if $(has_report),$(report))

$(database_tests): %: %.o $(O)/selftest/kyua_database.o $(instrument)
	$(call quiet,LD)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(ATF_LIBS) $(SQLITE_LIBS)

$(O)/selftest/verdict_words_test: $(O)/selftest/runner_run.o | $(specimen) $(runner) $(O)/tests/areas_test \
	$(filter %/filtered,$(hygiene))

# Cases that go wrong, and what runs them for the tests of lib/.
$(O)/selftest/case_test $(O)/selftest/guardian_test: $(O)/selftest/specimen_run.o | $(specimen)
$(O)/selftest/run_case_test: | $(specimen)
$(O)/selftest/runner_test $(O)/selftest/runner_use_test: $(O)/selftest/runner_run.o | $(specimen) $(runner)

$(specimen): $(O)/selftest/specimen.o $(O)/selftest/specimen_promises.o $(instrument) $(library)
	$(link_with_atf)

# Of the explorer.
explorer_tests = $(patsubst %,$(O)/selftest/%_test,hash_set model model_memory model_rules shrink)
$(explorer_tests:%=%.o): INCLUDES += -Iexplorer
$(explorer_tests): %: %.o $(instrument) $(explorer_library) $(library)
	$(link_with_atf)
$(patsubst %,$(O)/selftest/explorer%_test,_input _record) $(O)/selftest/explorer_test: $(O)/selftest/explorer_run.o | $(explorer)

$(O)/selftest/%_test: $(O)/selftest/%_test.o $(instrument) $(library)
	$(link_with_atf)

# The engine of violations takes the place of the C library's functions; what has the direct checks does not.

engine_sources = $(wildcard selftest/violations/engine/*.c selftest/violations/rows/*.c)
visible_sources = selftest/violations/visible.c $(filter-out selftest/violations/engine/hooks%,$(engine_sources))
run_case_sources = $(patsubst %,runner/%.c,run_case run_places run_signals case_process case_result)
matrix_sources = $(patsubst %,selftest/violations/%.c,matrix matrix_runs namespaces inventory check_lines requirement judge \
	judge_lines block matrix_table) \
	$(run_case_sources) runner/case_list.c runner/file_text.c lib/platform/mounts.c lib/platform/namespaces.c

# How a library is made that takes the place of functions.
PRELOADED = $(if $(filter Darwin,$(system)),-dynamiclib,-shared -Wl,-z,defs)

$(O)/selftest/violations/%.o: INCLUDES += -Iselftest/violations/engine
$(matrix_sources:%.c=$(O)/%.o): INCLUDES += -Ireport -Irunner
$(O)/selftest/run_case_test.o: INCLUDES += -Irunner

$(O)/selftest/violations/%.engine.o: selftest/violations/%.c
	@mkdir -p $(@D)
	$(call quiet,CC)$(COMPILE) -fPIC -fvisibility=hidden -DENGINE -c -o $@ $<

$(engine): $(engine_sources:%.c=$(O)/%.engine.o)
	$(call quiet,LD)$(CC) $(CFLAGS) $(LDFLAGS) $(PRELOADED) -o $@ $^ $(DL_LIBS)

$(visible): $(visible_sources:%.c=$(O)/%.o) $(instrument) $(library)
	$(link_with_atf)

$(matrix): $(matrix_sources:%.c=$(O)/%.o) $(O)/report/text.o $(O)/report/version.o
	$(link_alone)

# The checks of the cases and their lines, as the compiler sees them.
# The matrix leaves the explorer's cases out: they are about no sentence alone.
$(checks): selftest/violations/list_checks $(test_sources) $(wildcard lib/*.h)
	@mkdir -p $(@D)
	$(call quiet,GEN)printf '%s\n' $(filter-out tests/explorer/%,$(test_sources)) | selftest/violations/list_checks $(filter-out -MMD -MP,$(COMPILE)) -E >$@

$(O)/selftest/run_case_test: $(run_case_sources:%.c=$(O)/%.o)
$(O)/selftest/matrix_test $(O)/selftest/matrix_checks_test: $(O)/selftest/matrix_build.o | $(matrix)

# Some calls, and some checks, are for root alone.
run_matrix = $(matrix) $(JOBS:%=--jobs %) $(if $(filter-out 0,$(shell id -u)),--unprivileged)
matrix_files = --table $(matrix).txt --data $(matrix).tsv

# A part of it leaves the files of the whole alone.
matrix: all $(matrix) $(engine) $(visible) $(checks)
	@$(run_matrix) $(if $(filter-out --%,$(ARGS)),,$(matrix_files)) $(filter --%,$(ARGS)) $(O) $(filter-out --%,$(ARGS))

# Hygiene.

$(O)/selftest/hygiene/reaper $(O)/selftest/hygiene/killer: $(O)/selftest/hygiene/%: $(O)/selftest/hygiene/%.o \
		$(O)/selftest/hygiene/command.o
	$(link_alone)

$(O)/selftest/hygiene/waiting_test: $(O)/selftest/hygiene/waiting_test.o $(instrument) $(library)
	$(link_with_atf)

$(O)/selftest/hygiene/bystanders: $(O)/selftest/hygiene/bystanders.o $(O)/selftest/hygiene/command.o $(instrument) $(library)
	$(link_with_atf)

$(O)/selftest/hygiene/filtered: $(O)/selftest/hygiene/filtered.o
	$(link_alone)

check_hygiene = \
	selftest/hygiene/leftovers --build '$(O)' --violation shmget_ignores_excl || status=1; \
	selftest/hygiene/agreement --build '$(O)' || status=1; \
	selftest/hygiene/hostile $(hostile_arguments) $(JOBS:%=--jobs %) $(O) || status=1;

# make hostile ENVIRONMENTS='no-proc rlimit-nofile' for some of them.
hostile: all $(hygiene)
	@selftest/hygiene/hostile $(JOBS:%=--jobs %) $(O) $(ENVIRONMENTS)

hygiene: all $(specimen) $(engine) $(hygiene)
	@status=0; $(check_hygiene) exit $$status

# The table of needs in the documentation.
.PHONY: needs figures
needs: all
	@selftest/needs '$(O)' >docs/needs.md

# What each platform's manual promises, and what POSIX leaves open.
manuals: all
	@selftest/manuals '$(O)' docs/manuals

choices: all
	@selftest/choices '$(O)' >docs/choices.md

# What other test suites check.
peers: all
	@selftest/peers '$(O)' >docs/peers.md

# The results are those of the last run of ci/check or make check.
figures: all $(engine) $(visible)
	@ci/readme-figures

# What shmcheck-report reads, in a tree of its own: see selftest/fuzz/check.
.PHONY: fuzz fuzzer
fuzz_cflags = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined
fuzzer:
	@$(MAKE) --no-print-directory O='$(O)/build/fuzz' CC=clang CFLAGS='$(fuzz_cflags) -fsanitize=fuzzer-no-link' \
		'$(O)/build/fuzz/selftest/fuzz/read_anything'

$(O)/selftest/fuzz/%.o: INCLUDES += -Ireport -Ireport/formats
$(O)/selftest/fuzz/read_anything: $(O)/selftest/fuzz/read_anything.o \
		$(filter-out %/main.o,$(report_sources:%.c=$(O)/%.o)) $(O)/report/formats/html_assets.o
	$(call quiet,LD)$(CC) $(CFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $^ $(SQLITE_LIBS) $(REPORT_LIBS)

fuzz: SECONDS = 20
fuzz:
	@selftest/fuzz/check --seconds $(SECONDS)

# N runs in all.
soak: N = 1000
soak: all
	@selftest/hygiene/agreement --build '$(O)' --soak $(N)

# Sanitizers are compiled in, in a tree of its own. AddressSanitizer has UndefinedBehaviorSanitizer with it. Only cases have threads.

sanitize_address = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined
sanitize_thread = -O1 -g -fsanitize=thread

sanitize-address sanitize-thread: sanitize-%:
	@$(MAKE) --no-print-directory O='$(O)/build/$@' CFLAGS='$(sanitize_$*)' $(if $(filter thread,$*),all,suites)
	@status=0; \
	ci/suite --plain --build-root '$(O)/build/$@' $(JOBS:%=--jobs %) || status=1; \
	[ $* = thread ] || ci/suite --plain --kyuafile selftest/Kyuafile --build-root '$(O)/build/$@/selftest' $(JOBS:%=--jobs %) || \
		status=1; \
	exit $$status

# What Kyua runs.
suites: all $(selftests) $(specimen)

# make memcheck CASES='tests/sysv/shmget_test tests/lifecycle' for some of them.
memcheck: suites
	@selftest/memcheck $(JOBS:%=--jobs %) $(O) $(CASES)

# All of it.

selftest: matrix_arguments = --quick
selftest: hostile_arguments = --quick
selftest-full: matrix_arguments = --full
selftest selftest-full: all $(selftests) $(specimen) $(matrix) $(engine) $(visible) $(checks) $(hygiene)
	@status=0; selftest/catalogue $(O) || status=1; selftest/tools $(O) || status=1; \
	selftest/file_directory $(O) || status=1; \
	selftest/man $(O) || status=1; \
	selftest/habits || status=1; \
	selftest/modules || status=1; \
	ci/suite --plain --kyuafile selftest/Kyuafile --build-root $(O)/selftest --results $(O)/selftest.db \
		$(JOBS:%=--jobs %) || status=1; \
	$(run_matrix) $(matrix_files) $(matrix_arguments) $(O) || status=1; \
	$(check_hygiene) exit $$status

clean-selftest:
	rm -f $(selftests) $(specimen) $(hygiene) $(matrix) $(matrix).txt $(matrix).tsv $(engine) $(visible) $(checks)
	rm -f $(addprefix $(O)/selftest/,*.[do] */*.[do] */*/*.[do]) $(O)/selftest.db

-include $(engine_sources:%.c=$(O)/%.engine.d) $(visible_sources:%.c=$(O)/%.d) $(matrix_sources:%.c=$(O)/%.d)
-include $(selftest_sources:%.c=$(O)/%.d)
