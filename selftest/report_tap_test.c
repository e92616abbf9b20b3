/* SPDX-License-Identifier: BSD-2-Clause */

/* shmcheck-report --format=tap and ktap. selftest/report/check reads them with parsers that are not ours. */

#include "report_run.h"
#include "test.h"

#define CASES \
	"Program: x_test\nCase: a\nResult: passed\n\n" \
	"Program: x_test\nCase: b\nLevel: SHALL\nPromise: It is \"so\"\nResult: failed\nReason: it is not\n" \
	"Errors: *** Check failed: b.c:1: got \\ 1\n\n" \
	"Program: x_test\nCase: c\nResult: expected_failure\nReason: Linux: it is # other\n\n" \
	"Program: y_test\nCase: d\nResult: skipped\nReason: no SHM\n\n"

TEST(tap, "A case is a test point, an expected failure is TODO, a skip SKIP, and YAML tells of what fails")
{
	results_write("r.txt", "Format: shmcheck-results 1\nPlatform: Linux 6.1\n\n" CASES);
	report_write(tc, ARGUMENTS("--format=tap", "r.txt"), 0);
	HAS("TAP version 14\n1..4\n# Linux 6.1\nok 1 - x_test:a\nnot ok 2 - x_test:b\n"
	    "  ---\n  message: 'it is not'\n  severity: fail\n  outcome: 'fails'\n  level: 'SHALL'\n"
	    "  sentence: 'It is \\'so\\''\n  messages:\n    - 'b.c:1: got \\\\ 1'\n  ...\n"
	    "not ok 3 - x_test:c # TODO documented deviation: Linux: it is \\# other\n"
	    "  ---\n  message: 'documented deviation: Linux: it is # other'\n  severity: todo\n");
	HAS("  ...\nok 4 - y_test:d # SKIP no SHM\n");
}

TEST(tap_observed, "What a case observed is in YAML, of a key that comes twice the last value")
{
	results_write("r.txt",
	    RESULTS_HEAD "Program: x_test\nCase: a\nResult: passed\n"
			 "Output: observed: k = 1\n+ observed: l = 2\n+ observed: k = 3\n\n");
	report_write(tc, ARGUMENTS("--format=tap", "r.txt"), 0);
	HAS("ok 1 - x_test:a\n  ---\n  outcome: 'holds'\n  observed:\n    'l': '2'\n    'k': '3'\n  ...\n");
}

TEST(tap_several, "Of several runs, each is a subtest, which fails if a case does, or if it was cut short")
{
	results_write("r.txt", RESULTS_HEAD CASES);
	results_write("s.txt", RESULTS_HEAD "Program: x_test\nCase: a\nResult: passed\n\n");
	results_write("t.txt",
	    "Format: shmcheck-results 1\nCases: 2\n\n"
	    "Program: x_test\nCase: a\nResult: passed\n\n");
	report_write(tc, ARGUMENTS("--format=tap", "--name=r", "r.txt", "--name=s", "s.txt", "--name=t", "t.txt"), 0);
	HAS("TAP version 14\n1..3\n# Subtest: r\n    1..4\n");
	HAS("    ok 4 - y_test:d # SKIP no SHM\nnot ok 1 - r\n# Subtest: s\n    1..1\n");
	HAS("    ok 1 - x_test:a\nok 2 - s\n# Subtest: t\n    1..2\n");
	HAS("    ok 1 - x_test:a\nnot ok 3 - t\n");
}

TEST(tap_cut_short, "A run that was cut short has fewer points than planned, and bails out")
{
	results_write("r.txt", "Format: shmcheck-results 1\nCases: 9\n\n" CASES);
	report_write(tc, ARGUMENTS("--format=tap", "r.txt"), 0);
	HAS("TAP version 14\n1..9\n");
	HAS("Bail out! The run was cut short: 4 of 9 cases have a result.\n");
}

TEST(ktap, "A program is a test with its cases as subtests, and ends as they do")
{
	results_write("r.txt", RESULTS_HEAD CASES);
	report_write(tc, ARGUMENTS("--format=ktap", "r.txt"), 0);
	HAS("KTAP version 1\n1..2\n  KTAP version 1\n  # Subtest: x_test\n  1..3\n  ok 1 a\n"
	    "  # b: promised: It is 'so'\n  # b: it is not\n  # b: b.c:1: got \\ 1\n  not ok 2 b\n"
	    "  ok 3 c # XFAIL documented deviation: Linux: it is # other\nnot ok 1 x_test\n"
	    "  KTAP version 1\n  # Subtest: y_test\n  1..1\n  ok 1 d # SKIP no SHM\n"
	    "ok 2 y_test # SKIP all of it was skipped\n");
}

TEST(ktap_broken, "A case that broke is an error or a timeout")
{
	results_write("r.txt",
	    RESULTS_HEAD "Program: x_test\nCase: a#b\nResult: broken\nReason: Premature exit\n\n"
			 "Program: x_test\nCase: c\nResult: broken\nReason: it timed out\n\n");
	report_write(tc, ARGUMENTS("--format=ktap", "r.txt"), 0);
	HAS("  not ok 1 a_b # ERROR Premature exit\n");
	HAS("  not ok 2 c # TIMEOUT it timed out\n");
}

TEST(ktap_several, "Of several runs, each is a test; one that was cut short has a failed test more")
{
	results_write("r.txt", RESULTS_HEAD "Program: x_test\nCase: a\nResult: passed\n\n");
	results_write("s.txt",
	    "Format: shmcheck-results 1\nCases: 2\n\n"
	    "Program: x_test\nCase: a\nResult: passed\n\n");
	report_write(tc, ARGUMENTS("--format=ktap", "--name=r", "r.txt", "--name=s", "s.txt"), 0);
	HAS("KTAP version 1\n1..2\n  KTAP version 1\n  # Subtest: r\n  1..1\n    KTAP version 1\n    # Subtest: "
	    "x_test\n"
	    "    1..1\n    ok 1 a\n  ok 1 x_test\nok 1 r\n");
	HAS("  ok 1 x_test\n  not ok 2 the rest of the run # ERROR The run was cut short: 1 of 2 cases has a result.\n"
	    "not ok 2 s\n");
}

TEST(expected_failure, "A failure that --expect expects is none")
{
	results_write("r.txt", RESULTS_HEAD CASES);
	results_write("e.txt", "x_test:b fails\nx_test:c deviates\n");
	report_write(tc, ARGUMENTS("--format=tap", "--expect=e.txt", "r.txt"), 0);
	HAS("not ok 2 - x_test:b # TODO expected failure: it is not\n");
	report_write(tc, ARGUMENTS("--format=ktap", "--expect=e.txt", "r.txt"), 0);
	HAS("  ok 2 b # XFAIL expected failure: it is not\n");
	HAS("\nok 1 x_test\n");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, tap);
	ATF_TP_ADD_TC(tp, tap_observed);
	ATF_TP_ADD_TC(tp, tap_several);
	ATF_TP_ADD_TC(tp, tap_cut_short);
	ATF_TP_ADD_TC(tp, ktap);
	ATF_TP_ADD_TC(tp, ktap_broken);
	ATF_TP_ADD_TC(tp, ktap_several);
	ATF_TP_ADD_TC(tp, expected_failure);
	return atf_no_error();
}
