/* SPDX-License-Identifier: BSD-2-Clause */

/* shmcheck-run, for platforms without Kyua: what it runs, writes, resumes and refuses. */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>
#include <sys/wait.h>

#include <atf-c.h>

#include "runner_run.h"
#include "test.h"

TEST(writes_tap, "Each verdict is a line of TAP, a failure with what was promised, by whom and what was seen")
{
	make_bundle(tc);
	ATF_CHECK_EQ(1,
	    run_suite(
		"--jobs 1 specimen:holds specimen:fails__once specimen:lacks_something specimen:deviates_as_documented "
		"specimen:exits"));
	CHECK_HAS("output", "^TAP version 13$");
	CHECK_HAS("output", "^1..5$");
	CHECK_HAS("output", "^# begins: specimen:holds$");
	CHECK_HAS("output", "^ok [0-9] - specimen:holds$");
	CHECK_HAS("output", "^not ok [0-9] - specimen:fails__once$");
	CHECK_HAS("output", "^#   promised  One is two$");
	CHECK_HAS("output", "^#   by        ");
	CHECK_HAS("output", "^#   seen      .*1 is 1, expected 2");
	CHECK_HAS("output", "^ok [0-9] - specimen:lacks_something # SKIP .*moon");
	CHECK_HAS("output", "^not ok [0-9] - specimen:deviates_as_documented # TODO ");
	CHECK_HAS("output", "^#   broken    it exited with status 0 without a result");
	CHECK_HAS("output", "^# 2 passed, 2 failed, 1 skipped$");
	ATF_CHECK(atf_utils_compare_file("errors", ""));
}

TEST(writes_results, "The results file has what the report needs of each case, and begins before the case does")
{
	make_bundle(tc);
	ATF_CHECK_EQ(1, run_suite("--results r specimen:fails__once specimen:observes"));
	CHECK_HAS("r", "^Format: shmcheck-results 1$");
	CHECK_HAS("r", "^Platform: .*, page size [1-9]");
	CHECK_HAS("r", "^Cases: 2$");
	CHECK_HAS("r", "^Begin: specimen:fails__once$");
	CHECK_HAS("r", "^Program: specimen$");
	CHECK_HAS("r", "^Case: fails__once$");
	CHECK_HAS("r", "^Requirement: specimen.fails specimen.other$");
	CHECK_HAS("r", "^Level: SHALL$");
	CHECK_HAS("r", "^Promise: One is two$");
	CHECK_HAS("r", "^Result: failed$");
	CHECK_HAS("r", "^Reason: .*1 is 1, expected 2");
	CHECK_HAS("r", "^Start: [1-9][0-9]*$");
	CHECK_HAS("r", "^End: [1-9][0-9]*$");
	CHECK_HAS("r", "^Errors: Promised: One is two$|^Errors: \\*\\*\\* Check failed");
	CHECK_HAS("r", "^Output: observed: ");
	CHECK_HAS("r", "^Result: passed$");
	ATF_CHECK_EQ(0, run_suite("--results - specimen:holds"));
	CHECK_HAS("output", "^Result: passed$");
	CHECK_HAS("errors", "^ok 1 - specimen:holds$");
}

TEST(time_limit, "A case that hangs is broken after --timeout, and the others are run")
{
	make_bundle(tc);
	ATF_CHECK_EQ(1, run_suite("--timeout 1 specimen:hangs specimen:holds"));
	CHECK_HAS("output", "^not ok . - specimen:hangs$");
	CHECK_HAS("output", "^#   broken    it timed out");
	CHECK_HAS("output", "^ok . - specimen:holds$");
}

TEST(programs_that_are_not_there,
    "A program that was not built is skipped, one that lists nothing is broken, the rest is run")
{
	make_bundle(tc);
	add_program("odd_test", "", "exit 3", "exit 0");
	atf_utils_create_file("suite/mute_test", "#!/bin/sh\necho 'no list'\n");
	ATF_REQUIRE(chmod("suite/mute_test", 0755) == 0);
	ATF_REQUIRE_EQ(0, /* NOLINTNEXTLINE(cert-env33-c,concurrency-mt-unsafe) */
	    system(
		"printf 'mute_test\\ngone_test\\nabsent_test\\tundefined reference to shm_open\\n' >>suite/programs"));
	ATF_CHECK_EQ(1, run_suite("--results r odd_test mute_test gone_test absent_test specimen:holds"));
	CHECK_HAS("output",
	    "^ok . - absent_test:__test_cases_list__ # SKIP not built here: undefined reference to shm_open$");
	CHECK_HAS("output", "^not ok . - mute_test:__test_cases_list__$");
	CHECK_HAS("output", "^not ok . - gone_test:__test_cases_list__$");
	CHECK_HAS("output", "^#   broken    it exited with status 3 without a result");
	CHECK_HAS("output", "^# 1 passed, 3 failed, 1 skipped$");
	CHECK_HAS("r", "^Reason: not built here: undefined reference to shm_open$");
}

TEST(cleanup, "A case's cleanup is run in its directory whatever has become of it; one that fails breaks the case")
{
	make_bundle(tc);
	add_program("clean_test", "has.cleanup: true\\n", "echo made >file; echo 'failed: so' >$r; exit 1",
	    "cat file >&2; exit 0");
	add_program("unclean_test", "has.cleanup: true\\n", "echo passed >$r", "exit 1");
	ATF_CHECK_EQ(1, run_suite("--results r clean_test unclean_test"));
	CHECK_HAS("r", "^Errors: made$");
	CHECK_HAS("output", "^#   seen      so$");
	CHECK_HAS("output", "^#   broken    its cleanup failed$");
	CHECK_HAS("output", "^# 0 passed, 2 failed, 0 skipped$");
}

TEST(needs, "A case that asks for what is not there is skipped with the reason, and is run when it is")
{
	make_bundle(tc);
	add_program(
	    "user_test", geteuid() == 0 ? "require.user: unprivileged\\n" : "require.user: root\\n", "exit 1", ":");
	add_program("same_test", geteuid() == 0 ? "require.user: root\\n" : "require.user: unprivileged\\n",
	    "echo passed >$r", ":");
	add_program("file_test", "require.files: / /nonexistent\\n", "exit 1", ":");
	add_program("tool_test", "require.progs: sh nonexistent-tool\\n", "exit 1", ":");
	add_program("here_test", "require.files: /\\nrequire.progs: sh /bin/sh\\n", "echo passed >$r", ":");
	add_program("config_test", "require.config: some\\n", "exit 1", ":");
	ATF_CHECK_EQ(0, run_suite("user_test same_test file_test tool_test here_test config_test"));
	CHECK_HAS("output", "user_test:one # SKIP Requires ");
	CHECK_HAS("output", "^ok . - same_test:one$");
	CHECK_HAS("output", "file_test:one # SKIP Required file '/nonexistent' not found$");
	CHECK_HAS("output", "tool_test:one # SKIP Required program 'nonexistent-tool' not found in PATH$");
	CHECK_HAS("output", "^ok . - here_test:one$");
	CHECK_HAS("output", "config_test:one # SKIP This runner cannot tell require.config 'some'$");
}

/* What a run has left that a platform's end has cut short. */
#define ENDED_BEFORE \
	"Format: shmcheck-results 1\n\nBegin: specimen:fails__once\n\nProgram: specimen\nCase: fails__once\nResult: " \
	"failed\n\n"

TEST(resume_blames_who_was_alone,
    "A resumed run does not run again what had ended, nor what ran alone as the platform went down")
{
	make_bundle(tc);
	atf_utils_create_file("r", "%s", ENDED_BEFORE "Begin: specimen:hangs\n\nProgram: specimen\nCase: ho");
	ATF_CHECK_EQ(1, run_suite("--resume --results r specimen:fails__once specimen:hangs specimen:holds"));
	CHECK_HAS("output", "^1..2$");
	CHECK_HAS("output", "^not ok . - specimen:hangs$");
	CHECK_HAS("output", "^#   broken    the platform went down, or the runner was killed, while it ran$");
	CHECK_HAS("output", "^ok . - specimen:holds$");
	CHECK_LACKS("output", "fails__once");
	CHECK_HAS("output", "^# 1 passed, 2 failed, 0 skipped$");
	CHECK_LACKS("r", "^Case: ho$");
	CHECK_HAS("r", "^Case: holds$");
	/* All is done: nothing is run, and the verdict is the same. */
	ATF_CHECK_EQ(1, run_suite("--resume --results r specimen:fails__once specimen:hangs specimen:holds"));
	CHECK_HAS("output", "^1..0$");
	CHECK_HAS("output", "^# 1 passed, 2 failed, 0 skipped$");
}

TEST(resume_with_other_cases,
    "A resumed run of another number of cases writes that number; one of the same number does not")
{
	make_bundle(tc);
	ATF_CHECK_EQ(1, run_suite("--results r specimen:fails__once"));
	ATF_CHECK_EQ(1, run_suite("--resume --results r specimen:fails__once specimen:holds"));
	CHECK_HAS("r", "^Cases: 2$");
	ATF_CHECK_EQ(1, run_suite("--resume --results r specimen:fails__once specimen:holds"));
	ATF_CHECK_EQ(0, system("test $(grep -c '^Cases: ' r) -eq 2")); /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
}

TEST(resume_by_standard_input,
    "With --results - the results of the run that was cut short come in, and all of them come out")
{
	make_bundle(tc);
	atf_utils_create_file("r", "%s", ENDED_BEFORE "Begin: specimen:hangs\n\nProgram: specimen\nCase: ho");
	ATF_CHECK_EQ(1, run_suite("--resume --results - specimen:fails__once specimen:hangs specimen:holds <r"));
	CHECK_HAS("output", "^Format: shmcheck-results 1$");
	CHECK_HAS("output", "^Case: fails__once$");
	CHECK_HAS("output", "^Case: hangs$");
	CHECK_HAS("output", "^Case: holds$");
	CHECK_LACKS("output", "^Case: ho$");
	CHECK_HAS("errors", "^# 1 passed, 2 failed, 0 skipped$");
}

TEST(resume_tries_suspects_alone,
    "What ran beside others as the platform went down is run alone, and is to blame the second time")
{
	make_bundle(tc);
	atf_utils_create_file("r", "%s",
	    ENDED_BEFORE "Begin: specimen:holds\n\nBegin: specimen:observes\nBeside: 1\n\n"
			 "Begin: specimen:hangs\nBeside: 2\n\nBegin: specimen:hangs\nBeside: 1\n\n");
	ATF_CHECK_EQ(1, run_suite("--resume --jobs 4 --results r specimen:holds specimen:observes specimen:hangs"));
	CHECK_HAS("output", "^# begins: specimen:observes$");
	CHECK_HAS("output", "^ok 1 - specimen:observes$");
	CHECK_HAS("output", "^not ok . - specimen:hangs$");
	CHECK_HAS("output", "^not ok . - specimen:holds$");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, writes_tap);
	ATF_TP_ADD_TC(tp, writes_results);
	ATF_TP_ADD_TC(tp, time_limit);
	ATF_TP_ADD_TC(tp, programs_that_are_not_there);
	ATF_TP_ADD_TC(tp, cleanup);
	ATF_TP_ADD_TC(tp, needs);
	ATF_TP_ADD_TC(tp, resume_blames_who_was_alone);
	ATF_TP_ADD_TC(tp, resume_with_other_cases);
	ATF_TP_ADD_TC(tp, resume_by_standard_input);
	ATF_TP_ADD_TC(tp, resume_tries_suspects_alone);
	return atf_no_error();
}
