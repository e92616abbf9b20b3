/* SPDX-License-Identifier: BSD-2-Clause */

/* shmcheck-verdict: a section for each kind of case that does not simply hold, and what the words of the table mean. */

#include <stdio.h>
#include <string.h>

#include <atf-c.h>

#include "test.h"
#include "verdict_run.h"

#define FORMAT                "Format: shmcheck-results 1\n\n"
#define RESULT(name, type)    "Program: tests/sysv/x_test\nCase: " name "\nResult: " type "\n"
#define SKIPPED(name, reason) RESULT(name, "skipped") "Reason: " reason "\n\n"

static void
run(const atf_tc_t *tc, const char *results, int status)
{
	atf_utils_create_file("r.txt", "%s", results);
	verdict_page(tc, ARGUMENTS("r.txt"), status);
}

TEST(known_defects, "A known defect is no documented deviation: it has its section, its column and its words")
{
	run(tc,
	    FORMAT RESULT("sick", "expected_failure") "Level: SHALL\n"
						      "Reason: known defect of Linux since 2.6.9: the pages stay "
						      "locked (docs/findings.md): x_test.c:1: no\n\n" RESULT("odd",
							  "expected_failure") "Level: SHALL\nReason: Linux: rounds up "
									      "(mmap(2) NOTES): no\n\n" RESULT(
										  "good", "passed") "Level: SHALL\n\n",
	    0);
	SHOWN("^  *hold  *deviate  *defect  *fail  *skipped  *cases$");
	SHOWN("^SHALL  *1  *1  *1  *\\.  *\\.  *3$");
	SHOWN("^Known defects$");
	SHOWN("^  tests/sysv/x_test:sick$");
	SHOWN("^      Linux since 2\\.6\\.9: the pages stay locked \\(docs/findings\\.md\\): x_test\\.c:1: no$");
	SHOWN("^Documented deviations$");
	SHOWN("^      Linux: rounds up \\(mmap\\(2\\) NOTES\\): no$");
	SHOWN("^1 of 3 cases holds, 1 deviates as documented, 1 fails by a known defect\\.$");
	verdict_output(tc, ARGUMENTS("--totals", "r.txt"), 0, "3 passed, 0 failed, 0 skipped\n");
}

TEST(no_longer, "A known defect or a deviation that no longer occurs is a failure as any other")
{
	run(tc,
	    FORMAT RESULT("a", "failed") "Reason: the known defect no longer occurs: known defect of Linux: it sticks "
					 "(x)\n\n" RESULT("b", "failed") "Reason: the documented deviation no longer "
									 "occurs: Linux: rounds up (x)\n\n",
	    1);
	SHOWN("^Failures$");
	SHOWN("^      seen         the known defect no longer occurs: known defect of Linux: it sticks \\(x\\)$");
	NOT_SHOWN("^Known defects$");
	SHOWN("^2 of 2 cases FAIL\\.$");
}

TEST(none_holds, "The last sentence is true where nothing holds and nothing fails, too")
{
	run(tc, FORMAT RESULT("a", "expected_failure") "Reason: known defect of glibc: it sticks\n\n", 0);
	SHOWN("^1 of 1 case fails by a known defect\\.$");
}

#define FOR_OTHERS \
	SKIPPED("a", "no manual of Linux promises this") \
	SKIPPED("b", "Linux promises this since version 5.14") SKIPPED("c", "this is for FreeBSD or macOS")

TEST(for_other_platforms, "What is for other platforms or versions is one line; --verbose tells which, and every name")
{
	char results[4000] = FORMAT RESULT("good", "passed") "\n" FOR_OTHERS SKIPPED("e", "this is forbidden")
	    SKIPPED("f", "no manual of the machine is here");

	for (int i = 0; i < 20; i++)
		(void)snprintf(results + strlen(results), sizeof(results) - strlen(results),
		    SKIPPED("root_%02d", "needs root"), i);
	run(tc, results, 0);
	SHOWN("^     3  for other platforms or later versions of this one \\(shmcheck-verdict --verbose names "
	      "them\\)$");
	NOT_SHOWN("promises this");
	SHOWN("^     1  this is forbidden$");
	SHOWN("^     1  no manual of the machine is here$");
	SHOWN("and 12 more$");
	NOT_SHOWN("root_19");

	verdict_page(tc, ARGUMENTS("--verbose", "r.txt"), 0);
	SHOWN("^     1  Linux promises this since version 5\\.14$");
	SHOWN("^     1  no manual of Linux promises this$");
	SHOWN("^     1  this is for FreeBSD or macOS$");
	SHOWN("^            tests/sysv/x_test:b$");
	SHOWN("root_19$");
	NOT_SHOWN("for other platforms");
	NOT_SHOWN("more$");
	verdict_page(tc, ARGUMENTS("r.txt", "--markdown", "--verbose"), 0);
	SHOWN("^- \\*\\*1\\*\\*: this is for FreeBSD or macOS<br><code>tests/sysv/x_test:c</code>$");
}

TEST(words, "Each word of the table is explained once, if it stands for something there")
{
	run(tc,
	    FORMAT RESULT("a", "passed") "Level: SHALL\n\n" RESULT("b", "failed") "Level: MAY\n\n" SKIPPED("c", "none")
		RESULT("d", "passed") "Level: OBSERVED\n\n" RESULT(
		    "e", "expected_failure") "Level: DOCUMENTED\n\n" RESULT("f",
		    "expected_failure") "Reason: known defect of Linux: no\n\n",
	    1);
	SHOWN("^    hold        ");
	SHOWN("^    deviate     .*manual");
	SHOWN("^    defect      .*known defect");
	SHOWN("^    fail        ");
	SHOWN("^    skipped     not tested");
	SHOWN("^    SHALL       POSIX requires it$");
	SHOWN("^    DOCUMENTED  a manual of this platform promises it$");
	SHOWN("^    MAY         POSIX leaves a choice");
	SHOWN("^    OBSERVED    nobody promises it");
	run(tc, FORMAT RESULT("a", "passed") "Level: SHALL\n\n", 0);
	SHOWN("^    hold        ");
	SHOWN("^    SHALL       ");
	NOT_SHOWN("^    deviate     ");
	NOT_SHOWN("^    defect      ");
	NOT_SHOWN("^    fail        ");
	NOT_SHOWN("^    skipped     ");
	NOT_SHOWN("^    MAY         ");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, known_defects);
	ATF_TP_ADD_TC(tp, no_longer);
	ATF_TP_ADD_TC(tp, none_holds);
	ATF_TP_ADD_TC(tp, for_other_platforms);
	ATF_TP_ADD_TC(tp, words);
	return atf_no_error();
}
