/* SPDX-License-Identifier: BSD-2-Clause */

/* The runner without Kyua: how it judges cases that go wrong in every way, and that they leave nothing. */

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <atf-c.h>

#include "run_case.h"
#include "test.h"

/* Wait status of a process, as every system that runs this has it. */
#define EXITED(status) ((status) << 8)
#define KILLED(signal) (signal)

static const char *
specimen(const atf_tc_t *tc)
{
	static char path[PATH_MAX];
	char *directory = realpath(atf_tc_get_config_var(tc, "srcdir"), NULL);

	ATF_REQUIRE(directory != NULL);
	snprintf(path, sizeof(path), "%s/specimen", directory);
	free(directory);
	return path;
}

static struct run
run_one(const struct run *wanted)
{
	struct run ended;

	run_start(wanted);
	ATF_REQUIRE(run_collect(&ended));
	return ended;
}

static void
check_specimen(const atf_tc_t *tc, const char *name, enum result result, const char *reason)
{
	struct run ended = run_one(&(struct run){ .program = specimen(tc), .argument = name });

	ATF_CHECK_MSG(ended.result == result, "%s: %s: %s", name, result_name(ended.result), ended.reason);
	ATF_CHECK_MSG(strstr(ended.reason, reason) != NULL, "%s: %s", name, ended.reason);
}

/* How many entries the scratch directory has. */
static size_t
left_in_scratch(void)
{
	DIR *d = opendir(runs_directory());
	size_t count = 0;

	ATF_REQUIRE(d != NULL);
	for (struct dirent *e; (e = readdir(d)) != NULL;)
		count += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
	closedir(d);
	return count;
}

/* A pipe that everything that is started from now on holds open, so that its end tells when all of them are gone. */
static int held[2];

static void
hold(void)
{
	ATF_REQUIRE(pipe(held) == 0);
	ATF_REQUIRE(fcntl(held[0], F_SETFD, FD_CLOEXEC) == 0);
}

/* Else this hangs, until Kyua ends it. */
static void
check_all_gone(void)
{
	char byte;

	close(held[1]);
	ATF_CHECK_EQ(0, read(held[0], &byte, 1));
	close(held[0]);
}

TEST(judges_specimens, "The verdict is what the case says if it ends accordingly, and broken otherwise")
{
	ATF_REQUIRE(runs_begin(2, 60));
	check_specimen(tc, "holds", RESULT_PASSED, "");
	check_specimen(tc, "fails__once", RESULT_FAILED, "1 is 1, expected 2");
	check_specimen(tc, "lacks_something", RESULT_SKIPPED, "no moon today");
	check_specimen(tc, "deviates_as_documented", RESULT_EXPECTED_FAILURE, "one is one (one(2) NOTES)");
	check_specimen(tc, "child_crashes", RESULT_FAILED, "a child died by SIGSEGV");
	check_specimen(tc, "owner_crashes", RESULT_BROKEN, "ended it without a result");
	check_specimen(tc, "exits", RESULT_BROKEN, "it exited with status 0 without a result: no result of this");
	check_specimen(tc, "no_such_case", RESULT_BROKEN, "it exited with status 1 without a result");
	ATF_CHECK_EQ(0, left_in_scratch());
	runs_end();
}

TEST(time_limit, "A case that hangs is broken, and its children end with it")
{
	hold();
	ATF_REQUIRE(runs_begin(1, 1));
	check_specimen(tc, "hangs", RESULT_BROKEN, "it timed out");
	check_all_gone();
	runs_end();
}

TEST(leaves_no_process, "What a case leaves running ends with it")
{
	hold();
	ATF_REQUIRE(runs_begin(1, 60));
	check_specimen(tc, "leaves_stray", RESULT_PASSED, "");
	check_all_gone();
	runs_end();
}

TEST(
    leaves_no_file, "The directory of a run is its own, and goes with all that is in it; so does the scratch directory")
{
	const struct run wanted = { .program = "/bin/mkdir", .argument = "made", .is_plain = true };
	char scratch[PATH_MAX];

	ATF_REQUIRE(runs_begin(1, 60));
	snprintf(scratch, sizeof(scratch), "%s", runs_directory());
	for (int i = 0; i < 2; i++)
		ATF_CHECK_EQ(RESULT_PASSED, run_one(&wanted).result);
	ATF_CHECK_EQ(0, left_in_scratch());
	ATF_CHECK(access("made", F_OK) == -1);
	runs_end();
	ATF_CHECK(access(scratch, F_OK) == -1);
}

TEST(plain_programs, "A plain program passes with status 0, fails with 1, and is broken otherwise")
{
	struct run ended;

	ATF_REQUIRE(runs_begin(1, 60));
	ended = run_one(&(struct run){ .program = "/usr/bin/true", .is_plain = true });
	ATF_CHECK_EQ(RESULT_PASSED, ended.result);
	ended = run_one(&(struct run){ .program = "/usr/bin/false", .is_plain = true });
	ATF_CHECK_EQ(RESULT_FAILED, ended.result);
	ended = run_one(&(struct run){ .program = "/nonexistent/program", .is_plain = true });
	ATF_CHECK_EQ(RESULT_BROKEN, ended.result);
	ATF_CHECK_STREQ("it exited with status 126: /nonexistent/program: No such file or directory", ended.reason);
	runs_end();
}

TEST(environment, "A run has the minimal environment and what was added, and nothing else")
{
	static const char *const additions[] = { "ADDED=value", NULL };
	struct run wanted = {
		.program = "/usr/bin/env", .is_plain = true, .environment = additions, .output = "environment"
	};

	setenv("INHERITED", "value", 1);
	ATF_REQUIRE(runs_begin(1, 60));
	ATF_CHECK_EQ(RESULT_PASSED, run_one(&wanted).result);
	ATF_CHECK(atf_utils_grep_file("^PATH=.", "environment"));
	ATF_CHECK(atf_utils_grep_file("^HOME=%s/", "environment", runs_directory()));
	ATF_CHECK(atf_utils_grep_file("^TMPDIR=%s/", "environment", runs_directory()));
	ATF_CHECK(atf_utils_grep_file("^LC_ALL=C$", "environment"));
	ATF_CHECK(atf_utils_grep_file("^ADDED=value$", "environment"));
	ATF_CHECK(!atf_utils_grep_file("^INHERITED=", "environment"));
	runs_end();
}

TEST(several_at_a_time, "As many run at a time as there are jobs, and what still runs is ended at the end")
{
	hold();
	ATF_REQUIRE(runs_begin(2, 60));
	for (size_t i = 0; i < 2; i++) {
		ATF_CHECK(runs_have_room());
		run_start(&(struct run){ .number = i, .program = specimen(tc), .argument = "hangs" });
	}
	ATF_CHECK_EQ(2, runs_running());
	runs_end();
	check_all_gone();
}

TEST(one_job, "With one job nothing else begins, however long the one takes")
{
	ATF_REQUIRE(runs_begin(1, 1));
	run_start(&(struct run){ .program = specimen(tc), .argument = "hangs" });
	ATF_CHECK(!runs_have_room());
	struct run ended;
	ATF_CHECK(run_collect(&ended));
	ATF_CHECK(runs_have_room());
	ATF_CHECK(!run_collect(&ended));
	runs_end();
}

TEST(signals, "A signal that asks to end is seen by the caller, who leaves nothing")
{
	struct run ended;

	hold();
	ATF_REQUIRE(runs_begin(1, 60));
	run_start(&(struct run){ .program = specimen(tc), .argument = "hangs" });
	ATF_CHECK_EQ(0, runs_signal());
	raise(SIGTERM);
	ATF_CHECK(!run_collect(&ended));
	ATF_CHECK_EQ(SIGTERM, runs_signal());
	runs_end();
	check_all_gone();
}

/* What a result file says, how the process ended, and what that makes. */
static const struct {
	const char *text;
	int status;
	bool timed_out;
	enum result result;
	const char *reason;
} judgements[] = {
	{ "passed\n", EXITED(0), false, RESULT_PASSED, "" },
	{ "failed: one: two\n", EXITED(1), false, RESULT_FAILED, "one: two" },
	{ "skipped: none\n", EXITED(0), false, RESULT_SKIPPED, "none" },
	{ "expected_failure: PR 1: x\n", EXITED(0), false, RESULT_EXPECTED_FAILURE, "PR 1: x" },
	{ "expected_exit: x\n", EXITED(7), false, RESULT_EXPECTED_FAILURE, "x" },
	{ "expected_exit(3): x\n", EXITED(3), false, RESULT_EXPECTED_FAILURE, "x" },
	{ "expected_signal: x\n", KILLED(SIGBUS), false, RESULT_EXPECTED_FAILURE, "x" },
	{ "expected_signal(9): x\n", KILLED(SIGKILL), false, RESULT_EXPECTED_FAILURE, "x" },
	{ "expected_death: x\n", KILLED(SIGKILL), false, RESULT_EXPECTED_FAILURE, "x" },
	{ "expected_timeout: x\n", KILLED(SIGKILL), true, RESULT_EXPECTED_FAILURE, "x" },
	{ "", EXITED(0), false, RESULT_BROKEN, "it exited with status 0 without a result" },
	{ "", KILLED(SIGKILL), false, RESULT_BROKEN, "signal 9 ended it without a result" },
	{ "", KILLED(SIGKILL), true, RESULT_BROKEN, "it timed out without a result" },
	{ "passed\n", EXITED(1), false, RESULT_BROKEN, "it exited with status 1 after the result: passed" },
	{ "passed\n", KILLED(SIGKILL), false, RESULT_BROKEN, "signal 9 ended it after the result: passed" },
	{ "passed\n", KILLED(SIGKILL), true, RESULT_BROKEN, "it timed out after the result: passed" },
	{ "failed: x\n", EXITED(0), false, RESULT_BROKEN, "it exited with status 0 after the result: failed: x" },
	{ "skipped: x\n", EXITED(1), false, RESULT_BROKEN, "it exited with status 1 after the result: skipped: x" },
	{ "expected_exit(3): x\n", EXITED(4), false, RESULT_BROKEN, "it exited with status 4 after" },
	{ "expected_signal(9): x\n", EXITED(9), false, RESULT_BROKEN, "it exited with status 9 after" },
	{ "expected_timeout: x\n", EXITED(0), false, RESULT_BROKEN, "it exited with status 0 after" },
	{ "expected_death: x\n", KILLED(SIGKILL), true, RESULT_BROKEN, "it timed out after" },
	{ "passed", EXITED(0), false, RESULT_BROKEN, "a result that ATF does not know: passed" },
	{ "passed: x\n", EXITED(0), false, RESULT_BROKEN, "a result that ATF does not know" },
	{ "failed\n", EXITED(1), false, RESULT_BROKEN, "a result that ATF does not know" },
	{ "failed: \n", EXITED(1), false, RESULT_BROKEN, "a result that ATF does not know" },
	{ "failed: x\npassed\n", EXITED(0), false, RESULT_BROKEN, "a result that ATF does not know" },
	{ "failed(1): x\n", EXITED(1), false, RESULT_BROKEN, "a result that ATF does not know" },
	{ "expected_exit(): x\n", EXITED(0), false, RESULT_BROKEN, "a result that ATF does not know" },
	{ "pass\n", EXITED(0), false, RESULT_BROKEN, "a result that ATF does not know" },
	{ "\n", EXITED(0), false, RESULT_BROKEN, "a result that ATF does not know" },
};

TEST(judges_files, "Result file, process and time limit must agree")
{
	char reason[256];

	for (size_t i = 0; i < sizeof(judgements) / sizeof(judgements[0]); i++) {
		enum result result = case_result(
		    judgements[i].text, judgements[i].status, judgements[i].timed_out, reason, sizeof(reason));

		ATF_CHECK_MSG(result == judgements[i].result && strstr(reason, judgements[i].reason) != NULL,
		    "'%s', status %#x: %s: %s", judgements[i].text, judgements[i].status, result_name(result), reason);
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, judges_specimens);
	ATF_TP_ADD_TC(tp, time_limit);
	ATF_TP_ADD_TC(tp, leaves_no_process);
	ATF_TP_ADD_TC(tp, leaves_no_file);
	ATF_TP_ADD_TC(tp, plain_programs);
	ATF_TP_ADD_TC(tp, environment);
	ATF_TP_ADD_TC(tp, several_at_a_time);
	ATF_TP_ADD_TC(tp, one_job);
	ATF_TP_ADD_TC(tp, signals);
	ATF_TP_ADD_TC(tp, judges_files);
	return atf_no_error();
}
