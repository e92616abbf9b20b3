/* SPDX-License-Identifier: BSD-2-Clause */

/* shmcheck-run as its users call it: what names cases, wrappers, claims, interruptions, mistakes. */

#include <dirent.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "runner_run.h"
#include "test.h"

TEST(words, "Directories, programs, their files, cases and patterns name cases")
{
	make_bundle(tc);
	ATF_REQUIRE(mkdir("suite/tests", 0755) == 0);
	add_program("tests/first_test", "", "echo passed >$r", ":");
	add_program("tests/other_test", "", "echo passed >$r", ":");
	ATF_CHECK_EQ(0, run_suite("--list tests"));
	ATF_CHECK(atf_utils_compare_file("output", "tests/first_test:one\ntests/other_test:one\n"));
	ATF_CHECK_EQ(0, run_suite("--list ./tests//first_test.c tests/first_test.o tests/first_test:one"));
	ATF_CHECK(atf_utils_compare_file("output", "tests/first_test:one\n"));
	ATF_CHECK_EQ(0, run_suite("--list \"$PWD/suite/tests/first_test\""));
	ATF_CHECK(atf_utils_compare_file("output", "tests/first_test:one\n"));
	ATF_CHECK_EQ(0, run_suite("--list 'tests/f*' './tests/?ther_test:[no]*'"));
	ATF_CHECK(atf_utils_compare_file("output", "tests/first_test:one\ntests/other_test:one\n"));
	ATF_CHECK_EQ(0, run_suite("--list 'specimen:owner_re*'"));
	ATF_CHECK(atf_utils_compare_file(
		      "output", "specimen:owner_returns\nspecimen:owner_removed_all\nspecimen:owner_recreates\n") ||
	    atf_utils_compare_file("output", "specimen:owner_returns\nspecimen:owner_recreates\n"));
	ATF_CHECK_EQ(0, run_suite("--list 'tests:o*'"));
	ATF_CHECK(atf_utils_compare_file("output", "tests/first_test:one\ntests/other_test:one\n"));
	/* A "*" stays within one part of a path. */
	ATF_CHECK_EQ(2, run_suite("--list 't*first_test'"));
}

TEST(options, "Options stand before and after cases")
{
	make_bundle(tc);
	ATF_CHECK_EQ(0, run_suite("specimen:holds --jobs 1 --results r specimen:observes"));
	CHECK_HAS("output", "^# 2 passed, 0 failed, 0 skipped$");
	CHECK_HAS("r", "^Case: observes$");
	ATF_CHECK_EQ(0, run_suite("specimen --version"));
	CHECK_HAS("output", "^shmcheck-run [0-9]");
	ATF_CHECK_EQ(0, run_suite("--list specimen --help"));
	CHECK_HAS("output", "^usage: shmcheck-run ");
}

TEST(require, "With --require each case learns which areas are claimed, and the areas are checked beside what is named")
{
	make_bundle(tc);
	ATF_REQUIRE(mkdir("suite/tests", 0755) == 0);
	add_program("tests/areas_test", "", "echo \"$@\" >&2; echo passed >$r", ":");
	ATF_CHECK_EQ(0, run_suite("--results r --require sysv,mmap specimen:holds"));
	CHECK_HAS("output", "^ok . - tests/areas_test:one$");
	CHECK_HAS("output", "^# 2 passed, 0 failed, 0 skipped$");
	CHECK_HAS("r", "^Errors: .* -v require=sysv,mmap one$");
	ATF_CHECK_EQ(0, run_suite("--results r specimen:holds"));
	CHECK_LACKS("output", "areas_test");
}

TEST(variable, "With --variable each case learns the numbers that it may ask for")
{
	make_bundle(tc);
	add_program("one_test", "", "echo \"$@\" >&2; echo passed >$r", ":");
	ATF_CHECK_EQ(0, run_suite("--results r --variable seed=7 --variable volume=20 one_test"));
	CHECK_HAS("r", "^Errors: .* -v seed=7 -v volume=20 one$");
}

TEST(under, "The words of --under come before each program")
{
	make_bundle(tc);
	ATF_CHECK_EQ(1, run_suite("--under 'env A=b' --results r specimen:holds specimen:program_fails"));
	CHECK_HAS("output", "^ok . - specimen:holds$");
	CHECK_HAS("output", "^#   seen      .*is 7, ");
}

/* A dynamic linker that runs programs of this machine: the kernel then executes its file and not the program's. Or null. */
static char *
dynamic_linker(void)
{
	static const char *const places[] = { "/lib64", "/lib" };
	char *found = NULL;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && found == NULL; i++) {
		DIR *d = opendir(places[i]);

		for (struct dirent *e; found == NULL && d != NULL && (e = readdir(d)) != NULL;) {
			char path[PATH_MAX];

			snprintf(path, sizeof(path), "%s/%s", places[i], e->d_name);
			if (strncmp(e->d_name, "ld-linux", 8) == 0 &&
			    run_suite("--under %s --list specimen", path) == 0)
				found = realpath(path, NULL);
		}
		if (d != NULL)
			closedir(d);
	}
	return found;
}

TEST(under_what_loses_exec, "Where a program that is started anew leaves the wrapper, the words come before it as well")
{
	char *linker;

	make_bundle(tc);
	linker = dynamic_linker();
	if (linker == NULL || access("/proc/self/exe", F_OK) == -1)
		atf_tc_skip("no dynamic linker that runs programs, or no /proc");
	ATF_CHECK_EQ(0, run_suite("--under %s --results r specimen:program_tells_wrapper", linker));
	ATF_CHECK(atf_utils_grep_file("^Output: observed: file = %s", "r", linker));
	free(linker);
	ATF_CHECK_EQ(0, run_suite("--results r specimen:program_tells_wrapper"));
	CHECK_HAS("r", "^Output: observed: file = .*/specimen$");
}

TEST(under_a_tracer, "A tracer that follows exec is not put before a program that is started anew")
{
	if (system("strace -f -qq -o /dev/null true 2>/dev/null") != 0) /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
		atf_tc_skip("no strace here, or it may not trace");
	make_bundle(tc);
	ATF_CHECK_EQ(0, run_suite("--under 'strace -f -qq -o /dev/null' --results r specimen:program_tells_wrapper"));
	CHECK_HAS("r", "^Output: observed: file = .*/specimen$");
}

TEST(
    under_what_runs_nothing, "A wrapper under which no program can list its cases is shown with what it says: status 2")
{
	make_bundle(tc);
	ATF_CHECK_EQ(2, run_suite("--under false"));
	ATF_CHECK(atf_utils_compare_file("errors",
	    "shmcheck-run: no program can list its cases under 'false': specimen: -l: it exited with status 1\n"
	    "shmcheck-run: it printed nothing\n"));
	ATF_CHECK_EQ(2, run_suite("--under true"));
	CHECK_HAS("errors", "under 'true': specimen: -l writes no list of cases$");
	ATF_CHECK_EQ(2, run_suite("--under 'nonexistent-wrapper x' specimen"));
	CHECK_HAS("errors", "specimen: -l: it exited with status 126: nonexistent-wrapper: ");
	atf_utils_create_file(
	    "wrapper", "%s", "#!/bin/sh\necho sandboxes are out of order today >&2\necho come back >&2\nexit 7\n");
	ATF_REQUIRE(chmod("wrapper", 0755) == 0);
	ATF_CHECK_EQ(2, run_suite("--under \"$PWD/wrapper\""));
	CHECK_HAS("errors", "it exited with status 7: come back$");
	CHECK_HAS("errors", "^sandboxes are out of order today$");
}

TEST(bad_input, "What cannot be understood is one clear line and status 2")
{
	static const char *const bad[][2] = {
		{ "specimen:no_such_case", "no case is named 'specimen:no_such_case'" },
		{ "speci", "no program is named 'speci'" },
		{ "--jobs 0", "--jobs must be a positive number, not '0'" },
		{ "--timeout 1x", "--timeout must be a positive number, not '1x'" },
		{ "--timeout", "--timeout needs a value" },
		{ "--nonsense", "unknown option '--nonsense'; try --help" },
		{ "--resume", "--resume needs --results" },
		{ "--results /nonexistent/r", "cannot write '/nonexistent/r': No such file or directory" },
		{ "--work /nonexistent", "no directory '/nonexistent': No such file or directory" },
		{ "--top /nonexistent", "no directory '/nonexistent': No such file or directory" },
		{ "--under ''", "--under has no word" },
		{ "specimen --list --nonsense", "unknown option '--nonsense'; try --help" },
		{ "-- --list", "no program is named '--list'" },
		{ "'spec[xy]*'", "no program is named 'spec[xy]*'" },
		{ "'specimen:no_*'", "no case is named 'specimen:no_*'" },
		{ "--require sysv,shm",
		    "--require takes sysv, objects, mmap and sync, with commas between them, not 'sysv,shm'" },
		{ "--require ''", "--require takes sysv, objects, mmap and sync, with commas between them, not ''" },
		{ "--variable sead=1", "--variable takes seed=N, operations=N, depth=N and volume=N, not 'sead=1'" },
		{ "--variable seed=1x", "--variable takes seed=N, operations=N, depth=N and volume=N, not 'seed=1x'" },
		{ "--variable volume=", "--variable takes seed=N, operations=N, depth=N and volume=N, not 'volume='" },
		{ "--variable", "--variable needs a value" },
		{ "--require sysv", "--require needs the program tests/areas_test, which this bundle does not have" },
	};

	make_bundle(tc);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char line[256];

		ATF_CHECK_EQ_MSG(2, run_suite("%s", bad[i][0]), "%s", bad[i][0]);
		snprintf(line, sizeof(line), "shmcheck-run: %s\n", bad[i][1]);
		ATF_CHECK_MSG(atf_utils_compare_file("errors", line), "%s", bad[i][0]);
	}
	ATF_CHECK_EQ(2, run_suite("specimen:lacks_something"));
	CHECK_HAS("output", "^# 0 passed, 0 failed, 1 skipped$");
}

TEST(signals, "A signal ends what is running, and leaves nothing behind")
{
	int status;

	make_bundle(tc);
	ATF_REQUIRE(mkdir("work", 0755) == 0);
	/* It ends the runner, whose time limit is far away. */
	add_program("killer_test", "", "kill -TERM $PPID; sleep 1000", ":");
	status = run_suite("--work work killer_test");
	ATF_CHECK_EQ(128 + SIGTERM, status);
	ATF_CHECK_EQ_MSG(0, rmdir("work"), "something is left in the work directory");
}

TEST(resume_after_interruption,
    "A case that a signal to the runner interrupts has no result; a resumed run runs it again")
{
	char body[2 * PATH_MAX + 128];
	char directory[PATH_MAX];

	make_bundle(tc);
	ATF_REQUIRE(getcwd(directory, sizeof(directory)) != NULL);
	snprintf(body, sizeof(body), "[ ! -e %s/again ] && >%s/again && kill -INT $PPID && sleep 1000; echo passed >$r",
	    directory, directory);
	add_program("killer_test", "", body, ":");
	ATF_CHECK_EQ(128 + SIGINT, run_suite("--jobs 1 --results r specimen:holds killer_test"));
	CHECK_HAS("output", "^Bail out! Interrupted by signal 2: 1 of 2 cases ran$");
	CHECK_HAS("r", "^Interrupted: killer_test:one$");
	CHECK_LACKS("r", "^Case: one$");
	ATF_CHECK_EQ(0, run_suite("--jobs 1 --resume --results r specimen:holds killer_test"));
	CHECK_HAS("output", "^1..1$");
	CHECK_HAS("output", "^ok 1 - killer_test:one$");
	CHECK_HAS("output", "^# 2 passed, 0 failed, 0 skipped$");
}

TEST(resume_after_both, "An interruption does not clear a case of what took the platform down before")
{
	make_bundle(tc);
	atf_utils_create_file("r", "%s",
	    "Format: shmcheck-results 1\nCases: 1\n\nBegin: specimen:holds\n\nBegin: specimen:holds\n\n"
	    "Interrupted: specimen:holds\n\n");
	ATF_CHECK_EQ(1, run_suite("--resume --results r specimen:holds"));
	CHECK_HAS("output", "^#   broken    the platform went down, or the runner was killed, while it ran$");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, words);
	ATF_TP_ADD_TC(tp, options);
	ATF_TP_ADD_TC(tp, require);
	ATF_TP_ADD_TC(tp, variable);
	ATF_TP_ADD_TC(tp, under);
	ATF_TP_ADD_TC(tp, under_what_loses_exec);
	ATF_TP_ADD_TC(tp, under_a_tracer);
	ATF_TP_ADD_TC(tp, under_what_runs_nothing);
	ATF_TP_ADD_TC(tp, bad_input);
	ATF_TP_ADD_TC(tp, signals);
	ATF_TP_ADD_TC(tp, resume_after_interruption);
	ATF_TP_ADD_TC(tp, resume_after_both);
	return atf_no_error();
}
