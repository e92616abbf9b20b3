/* SPDX-License-Identifier: BSD-2-Clause */

/* shmcheck-report: what its formats share, and what it refuses. */

#include "report_run.h"
#include "test.h"

#define ONE RESULTS_HEAD "Program: x_test\nCase: one\nResult: passed\n\n"

TEST(unknown_option, "An unknown option or format is an error of one line")
{
	results_write("r.txt", ONE);
	report_error(tc, ARGUMENTS("--no-such", "r.txt"), "shmcheck-report: unknown option '--no-such'; try --help\n");
	report_error(
	    tc, ARGUMENTS("--format=no-such", "r.txt"), "shmcheck-report: unknown format 'no-such'; try --help\n");
	report_error(tc, ARGUMENTS("--format"), "shmcheck-report: --format needs a value; try --help\n");
	report_error(tc, ARGUMENTS("--format=text", "--format=text", "r.txt"),
	    "shmcheck-report: more than one --format; try --help\n");
	report_error(tc, ARGUMENTS("--format=text"), "shmcheck-report: no results named; try --help\n");
}

TEST(two_of_one_name, "Two runs of one platform are an error, unless --name tells them apart")
{
	results_write("r.txt",
	    "Format: shmcheck-results 1\nPlatform: Linux 6.1, glibc 2.36\n\n"
	    "Program: x_test\nCase: one\nResult: passed\n\n");
	report_error(tc, ARGUMENTS("r.txt", "r.txt"),
	    "shmcheck-report: 'r.txt' and 'r.txt' are both runs of 'Linux 6.1': tell them apart with --name\n");
	report_write(tc, ARGUMENTS("--name=a", "r.txt", "--name=b", "r.txt"), 0);
	SHOWN("^======== a$");
	SHOWN("^======== b$");
}

TEST(verbose, "--verbose lists every requirement, by area, with its outcome, level and sentence")
{
	results_write("r.txt",
	    RESULTS_HEAD
	    "Program: tests/sysv/x_test\nCase: one\nRequirement: x.one\nLevel: SHALL\nPromise: It holds\n"
	    "Result: passed\n\n"
	    "Program: tests/sysv/x_test\nCase: two\nRequirement: x.one\nLevel: SHALL\nPromise: It is skipped\n"
	    "Result: skipped\nReason: needs more\n\n");
	report_write(tc, ARGUMENTS("--verbose", "r.txt"), 0);
	SHOWN("^Requirements$");
	SHOWN("^System V segments$");
	SHOWN("^  holds     x.one  SHALL$");
	SHOWN("^            It holds$");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, unknown_option);
	ATF_TP_ADD_TC(tp, two_of_one_name);
	ATF_TP_ADD_TC(tp, verbose);
	return atf_no_error();
}
