/* SPDX-License-Identifier: BSD-2-Clause */

/* shmcheck-verdict --outcomes and --expect: the expected outcomes of a platform, and what has changed. */

#include <stdio.h>

#include <atf-c.h>

#include "test.h"
#include "verdict_run.h"

#define FORMAT             "Format: shmcheck-results 1\n\n"
#define RESULT(name, type) "Program: tests/sysv/x_test\nCase: " name "\nResult: " type "\n"

/* One of each, "e" being the expectations that they meet. */
#define ALL_KINDS \
	FORMAT RESULT("good", "passed") "\n" RESULT("odd", "expected_failure") "Reason: Linux rounds up\n\n" RESULT( \
	    "sick", "expected_failure") "Reason: known defect of Linux since 2.6: it sticks\n\n" RESULT("bad", \
	    "failed") "Promise: It works\nReason: it does not\nErrors: chatter\n\n" RESULT("crash", \
	    "broken") "Reason: Premature exit; test case received signal 11\n\n" RESULT("left_out", \
	    "skipped") "Reason: needs root\n"

#define OUTCOMES \
	"tests/sysv/x_test:bad fails\n" \
	"tests/sysv/x_test:crash fails\n" \
	"tests/sysv/x_test:left_out skipped\n" \
	"tests/sysv/x_test:odd deviates\n" \
	"tests/sysv/x_test:sick defect\n"

#define FOR_OTHERS \
	FORMAT RESULT("new", "skipped") "Reason: no manual of Linux promises this\n\n" RESULT( \
	    "later", "skipped") "Reason: Linux promises this since version 9.9\n\n" RESULT("good", "passed")

/* Compare the results with the expectations; the page goes to the file "out". */
static void
compare(const atf_tc_t *tc, const char *results, const char *expected, int status)
{
	atf_utils_create_file("r.txt", "%s", results);
	atf_utils_create_file("e", "%s", expected);
	verdict_page(tc, ARGUMENTS("--expect", "e", "r.txt"), status);
}

/* The expectations can't be understood, and why. */
static void
refused(const atf_tc_t *tc, const char *expected, const char *why)
{
	char message[500];

	(void)snprintf(message, sizeof(message), "shmcheck-verdict: %s\n", why);
	atf_utils_create_file("r.txt", FORMAT RESULT("good", "passed"));
	atf_utils_create_file("e", "%s", expected);
	verdict_error(tc, ARGUMENTS("--expect", "e", "r.txt"), message);
}

TEST(outcomes, "--outcomes prints the cases that do not plainly hold; sorted by bytes, not by program and name")
{
	atf_utils_create_file("r.txt", "%s", ALL_KINDS);
	verdict_output(tc, ARGUMENTS("--outcomes", "r.txt"), 1, OUTCOMES);
	atf_utils_create_file("r.txt",
	    FORMAT "Program: a\nCase: b\nResult: skipped\n\nProgram: a.b\nCase: c\nResult: skipped\n\n"
		   "Program: a\nCase: c\nResult: passed\n\nProgram: a\033\nCase: d\nResult: expected_failure\n\n");
	verdict_output(tc, ARGUMENTS("--outcomes", "r.txt"), 0, "a.b:c skipped\na:b skipped\na\\x1b:d deviates\n");
}

TEST(as_expected, "When every outcome is as --outcomes printed them, failures too, the exit status is 0")
{
	compare(tc, ALL_KINDS, OUTCOMES, 0);
	SHOWN("^Changes against e: none$");
	SHOWN("^    System V segments  *1  *1  *1  *2  *1  *6$");
	SHOWN("^Failures as expected$");
	SHOWN("^  tests/sysv/x_test:bad$");
	SHOWN("^      it does not$");
	SHOWN("^  tests/sysv/x_test:crash$");
	SHOWN("^      the case broke \\(crash\\): Premature exit; test case received signal 11$");
	SHOWN("^2 of 6 cases FAIL, 1 holds, 1 deviates as documented, 1 fails by a known defect, 1 is skipped\\.$");
	SHOWN("^Every outcome is as expected in e\\.$");
	NOT_SHOWN("^Failures$");
	NOT_SHOWN("It works");
	NOT_SHOWN("chatter");
	NOT_SHOWN("names did not run");
	verdict_output(tc, ARGUMENTS("--expect", "e", "--outcomes", "r.txt"), 0, OUTCOMES);
	verdict_output(tc, ARGUMENTS("--totals", "--expect", "e", "r.txt"), 0, "3 passed, 2 failed, 1 skipped\n");
}

TEST(changes, "A change in either direction is on the page, and the exit status is 1")
{
	compare(tc, ALL_KINDS, "", 1);
	SHOWN("^Changes against e$");
	SHOWN("^  newly fails      tests/sysv/x_test:bad \\(expected: holds\\)$");
	SHOWN("^  newly fails      tests/sysv/x_test:crash \\(expected: holds\\)$");
	SHOWN("^  deviates now     tests/sysv/x_test:odd \\(expected: holds\\)$");
	SHOWN("^  known defect now tests/sysv/x_test:sick \\(expected: holds\\)$");
	SHOWN("^  is skipped now   tests/sysv/x_test:left_out \\(expected: holds\\)$");
	SHOWN("^      promised     It works$");
	SHOWN("^5 outcomes are not as expected in e\\.$");
	NOT_SHOWN("as expected$");

	compare(tc, FORMAT RESULT("bad", "passed"), "tests/sysv/x_test:bad fails\n", 1);
	SHOWN("^  holds now        tests/sysv/x_test:bad \\(expected: fails\\)$");
	SHOWN("^The only case holds\\.$");
	SHOWN("^1 outcome is not as expected in e\\.$");

	compare(tc, FORMAT RESULT("a", "failed") "\n" RESULT("b", "expected_failure") "\n" RESULT("c", "skipped"),
	    "tests/sysv/x_test:a skipped\ntests/sysv/x_test:b fails\ntests/sysv/x_test:c deviates\n", 1);
	SHOWN("^  newly fails      tests/sysv/x_test:a \\(expected: skipped\\)$");
	SHOWN("^  deviates now     tests/sysv/x_test:b \\(expected: fails\\)$");
	SHOWN("^  is skipped now   tests/sysv/x_test:c \\(expected: deviates\\)$");
	verdict_output(tc, ARGUMENTS("--expect", "e", "--totals", "r.txt"), 1, "1 passed, 1 failed, 1 skipped\n");
}

TEST(at_times, "A case that fails at times may fail or hold, and do nothing else")
{
	static const char line[] = "tests/sysv/x_test:bad fails  at times # a race\n";

	compare(tc, FORMAT RESULT("bad", "failed"), line, 0);
	SHOWN("^Failures as expected$");
	compare(tc, FORMAT RESULT("bad", "passed"), line, 0);
	SHOWN("^Every outcome is as expected in e\\.$");
	compare(tc, FORMAT RESULT("bad", "skipped") "\n" RESULT("good", "passed"), line, 1);
	SHOWN("^  is skipped now   tests/sysv/x_test:bad \\(expected: fails\\)$");
}

TEST(for_other_platforms,
    "A case for other platforms or later versions is not named; no other outcome is expected of it if it is")
{
	atf_utils_create_file("r.txt", "%s", FOR_OTHERS);
	verdict_output(tc, ARGUMENTS("--outcomes", "r.txt"), 0, "");
	compare(tc, FOR_OTHERS, "", 0);
	compare(tc, FOR_OTHERS, "tests/sysv/x_test:new skipped\n", 0);
	compare(tc, FOR_OTHERS, "tests/sysv/x_test:new deviates\n", 1);
	SHOWN("^  is skipped now   tests/sysv/x_test:new \\(expected: deviates\\)$");
}

TEST(defect_and_deviation, "A known defect is no documented deviation: where one is expected, the other is a change")
{
	compare(tc, FORMAT RESULT("a", "expected_failure") "Reason: known defect of Linux: it sticks\n",
	    "tests/sysv/x_test:a deviates\n", 1);
	SHOWN("^  known defect now tests/sysv/x_test:a \\(expected: deviates\\)$");
	compare(tc, FORMAT RESULT("a", "expected_failure") "Reason: Linux: no known defect of it\n",
	    "tests/sysv/x_test:a defect\n", 1);
	SHOWN("^  deviates now     tests/sysv/x_test:a \\(expected: defect\\)$");
}

TEST(cut_short, "What is missing of a run that was cut short may be as expected or not: the exit status is 2")
{
	compare(tc, "Format: shmcheck-results 1\nCases: 3\n\n" RESULT("bad", "failed"), OUTCOMES, 2);
	SHOWN("^Changes against e: none$");
	compare(tc, "Format: shmcheck-results 1\nCases: 3\n\n" RESULT("good", "failed"), OUTCOMES, 1);
}

TEST(some_cases, "Cases that were not run have not changed; the page tells how many there are")
{
	compare(tc, FORMAT RESULT("good", "passed"), OUTCOMES, 0);
	SHOWN("^Changes against e: none$");
	SHOWN("^  \\(5 cases that it names did not run\\)$");
	compare(tc, FORMAT RESULT("bad", "failed") "\n" RESULT("good", "failed"), OUTCOMES, 1);
	SHOWN("^  newly fails      tests/sysv/x_test:good ");
	SHOWN("^  \\(4 cases that it names did not run\\)$");
	NOT_SHOWN("x_test:odd");
}

TEST(unlisted, "A program that could not be listed, and now can, is a change; so is the opposite")
{
	compare(tc, FORMAT RESULT("good", "passed"), "tests/sysv/x_test:__test_cases_list__ skipped\n", 1);
	SHOWN("^  no longer there  tests/sysv/x_test:__test_cases_list__ \\(expected: skipped\\)$");
	SHOWN("^1 outcome is not as expected in e\\.$");
	compare(tc, FORMAT RESULT("good", "passed"), "tests/sysv/other_test:__test_cases_list__ skipped\n", 0);
	SHOWN("^  \\(1 case that it names did not run\\)$");
	compare(tc, FORMAT RESULT("__test_cases_list__", "broken"), "tests/sysv/x_test:bad fails\n", 1);
	SHOWN("^  newly fails      tests/sysv/x_test:__test_cases_list__ \\(expected: holds\\)$");
	SHOWN("^1 outcome is not as expected in e\\.$");
}

TEST(nothing_ran, "When nothing ran the exit status is 2, be it as expected or not")
{
	compare(tc, FORMAT RESULT("left_out", "skipped"), "tests/sysv/x_test:left_out skipped\n", 2);
	SHOWN("^Nothing was tested: the only case was skipped\\. Not looked at: System V segments\\.$");
	compare(tc, FORMAT RESULT("left_out", "skipped"), "", 2);
}

TEST(comments, "Comments, empty lines and blanks around the words do not count, nor does a missing end of line")
{
	compare(tc, FORMAT RESULT("bad", "failed") "\n" RESULT("odd", "expected_failure"),
	    "# tests/sysv/x_test:none fails\n\n  \t\n  tests/sysv/x_test:bad \t fails  # why\r\n\t# more\n"
	    "tests/sysv/x_test:odd deviates",
	    0);
	SHOWN("^Changes against e: none$");
	NOT_SHOWN("names did not run");
}

TEST(not_understood, "Expectations that are not understood are an error that tells the line")
{
	static const char form[] =
	    "of 'e' is not 'PROGRAM:CASE OUTCOME [at times]' with one of fails, defect, deviates, skipped";
	static const char *const lines[] = { "tests/sysv/x_test:bad", "fails", "tests/sysv/x_test fails", ":bad fails",
		"tests/sysv/x_test: fails", "tests/sysv/x_test:bad holds", "tests/sysv/x_test:bad failsx",
		"tests/sysv/x_test:bad fails now", "tests/sysv/x_test:bad fails# why" };

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char expected[200];
		char why[400];
		(void)snprintf(expected, sizeof(expected), "# one\ntests/sysv/x_test:odd deviates\n%s\n", lines[i]);
		(void)snprintf(why, sizeof(why), "line 3 %s: '%s'", form, lines[i]);
		refused(tc, expected, why);
	}
	refused(tc, "\033",
	    "line 1 of 'e' is not 'PROGRAM:CASE OUTCOME [at times]' with one of fails, defect, deviates, skipped: "
	    "'\\x1b'");
	refused(tc, OUTCOMES "tests/sysv/x_test:bad skipped\n", "line 6 of 'e' names 'tests/sysv/x_test:bad' again");
}

TEST(usage, "Options that can't be used are an error of one line")
{
	atf_utils_create_file("r.txt", FORMAT RESULT("good", "passed"));
	verdict_error(tc, ARGUMENTS("r.txt", "--expect"), "shmcheck-verdict: --expect needs a file; try --help\n");
	verdict_error(tc, ARGUMENTS("--expect", "a", "--expect", "b", "r.txt"),
	    "shmcheck-verdict: more than one --expect; try --help\n");
	verdict_error(tc, ARGUMENTS("--totals", "--outcomes", "r.txt"),
	    "shmcheck-verdict: --totals and --outcomes exclude each other; try --help\n");
	verdict_error(tc, ARGUMENTS("--expect", "absent", "r.txt"),
	    "shmcheck-verdict: cannot read 'absent': No such file or directory\n");
	verdict_error(tc, ARGUMENTS("--expect", ".", "r.txt"), "shmcheck-verdict: cannot read '.': Is a directory\n");
	verdict_page(tc, ARGUMENTS("--help"), 0);
	SHOWN("^  --outcomes  ");
	SHOWN("^  --expect FILE  ");
	SHOWN("^With --expect: 0 if all came out as expected");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, outcomes);
	ATF_TP_ADD_TC(tp, as_expected);
	ATF_TP_ADD_TC(tp, changes);
	ATF_TP_ADD_TC(tp, at_times);
	ATF_TP_ADD_TC(tp, for_other_platforms);
	ATF_TP_ADD_TC(tp, defect_and_deviation);
	ATF_TP_ADD_TC(tp, cut_short);
	ATF_TP_ADD_TC(tp, some_cases);
	ATF_TP_ADD_TC(tp, unlisted);
	ATF_TP_ADD_TC(tp, nothing_ran);
	ATF_TP_ADD_TC(tp, comments);
	ATF_TP_ADD_TC(tp, not_understood);
	ATF_TP_ADD_TC(tp, usage);
	return atf_no_error();
}
