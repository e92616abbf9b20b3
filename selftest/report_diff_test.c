/* SPDX-License-Identifier: BSD-2-Clause */

/* shmcheck-report --diff: what changed between two runs. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report_run.h"
#include "test.h"

#define CASE(name, end)       "Program: tests/sysv/x_test\nCase: " name "\nPromise: It is " name "\nResult: " end "\n\n"
#define CHOICE(name, value)   CASE(name, "passed\nOutput: observed: x." name " = " value)
#define DIFF(...)             ARGUMENTS("--diff", __VA_ARGS__, "a.txt", "b.txt")
#define PASSED                "passed"
#define FAILED_WITH(reason)   "failed\nReason: " reason
#define SKIPPED_WITH(reason)  "skipped\nReason: " reason
#define DEVIATES_WITH(reason) "expected_failure\nReason: " reason

/* Compare runs with these cases; the difference goes to the file "out". */
static void
compare(const atf_tc_t *tc, const char *before, const char *after, int status)
{
	results_write("a.txt", before);
	results_write("b.txt", after);
	report_write(tc, ARGUMENTS("--diff", "a.txt", "b.txt"), status);
}

/* The same of one case, which ends so. */
static void
compare_endings(const atf_tc_t *tc, const char *before, const char *after, int status)
{
	char a[500];
	char b[500];

	(void)snprintf(a, sizeof(a), RESULTS_HEAD CASE("one", "%s"), before);
	(void)snprintf(b, sizeof(b), RESULTS_HEAD CASE("one", "%s"), after);
	compare(tc, a, b, status);
}

TEST(nothing, "Two equal runs have no differences")
{
	compare(tc, RESULTS_HEAD CASE("one", PASSED) CASE("two", FAILED_WITH("no")),
	    RESULTS_HEAD CASE("one", PASSED) CASE("two", FAILED_WITH("no")), 0);
	SHOWN("^Nothing changed in 2 cases\\.$");
	NOT_SHOWN("====");
}

TEST(newly_fails, "A case that fails now has its sentence, what was seen before and what after")
{
	compare_endings(tc, PASSED,
	    FAILED_WITH("two checks; see output for more details") "\nErrors: *** Check failed: c.c:1: first\n+ *** "
								   "Check failed: c.c:2: second",
	    1);
	SHOWN("^======== newly fails: 1$");
	SHOWN("^  tests/sysv/x_test:one$");
	SHOWN("^      promised   It is one$");
	SHOWN("^      before     holds$");
	SHOWN("^      after      fails: two checks$");
	SHOWN("^                 c.c:1: first$");
	SHOWN("^                 c.c:2: second$");
	SHOWN("^1 of 1 case changed: 1 newly fails\\. 1 is a change for the worse\\.$");
}

TEST(status, "The status is 1 if a case fails that did not, or if one that held does not hold now")
{
	static const char *const fails[] = { FAILED_WITH("no"), "broken\nReason: Premature exit" };
	static const char *const others[] = { DEVIATES_WITH("Linux: so"), DEVIATES_WITH("known defect of Linux: so"),
		SKIPPED_WITH("no SHM") };

	for (size_t i = 0; i < 2; i++) {
		compare_endings(tc, PASSED, fails[i], 1);
		compare_endings(tc, fails[i], PASSED, 0);
		for (size_t j = 0; j < 3; j++) {
			compare_endings(tc, others[j], fails[i], 1);
			compare_endings(tc, fails[i], others[j], 0);
		}
	}
	for (size_t i = 0; i < 3; i++) {
		compare_endings(tc, PASSED, others[i], 1);
		compare_endings(tc, others[i], PASSED, 0);
		for (size_t j = 0; j < 3; j++)
			compare_endings(tc, others[i], others[j], 0);
	}
}

TEST(
    skipped_as_for_others, "A case that is for other platforms is no change for the worse, and its reason is no matter")
{
	compare_endings(tc, PASSED, SKIPPED_WITH("no manual of NetBSD promises this"), 0);
	SHOWN("^======== not for this platform or version: 1$");
	compare_endings(
	    tc, SKIPPED_WITH("no manual of Linux promises this"), SKIPPED_WITH("no manual of NetBSD promises this"), 0);
	SHOWN("^Nothing changed in 1 case\\.$");
}

TEST(gone_and_new, "A case that held and is gone is a change for the worse; a new one is not, even if it fails")
{
	compare(tc, RESULTS_HEAD CASE("one", PASSED) CASE("two", PASSED), RESULTS_HEAD CASE("one", PASSED), 1);
	SHOWN("^======== gone: 1$");
	SHOWN("^      before     holds$");
	SHOWN("^      after      not there$");
	compare(tc, RESULTS_HEAD CASE("one", PASSED) CASE("two", SKIPPED_WITH("no SHM")),
	    RESULTS_HEAD CASE("one", PASSED), 0);
	SHOWN("^======== gone: 1$");
	compare(
	    tc, RESULTS_HEAD CASE("one", PASSED), RESULTS_HEAD CASE("one", PASSED) CASE("two", FAILED_WITH("no")), 0);
	SHOWN("^======== new and fails: 1$");
	SHOWN("^      before     not there$");
	SHOWN("^      after      fails: no$");
	compare(tc, RESULTS_HEAD CASE("one", PASSED), RESULTS_HEAD CASE("one", PASSED) CASE("two", PASSED), 0);
	SHOWN("^======== new: 1$");
}

TEST(other_reason, "A case with the same outcome and another reason is a change, but not for the worse")
{
	compare_endings(tc, FAILED_WITH("this"), FAILED_WITH("that"), 0);
	SHOWN("^======== another reason: 1$");
	SHOWN("^      before     fails: this$");
	SHOWN("^      after      fails: that$");
	compare_endings(tc, SKIPPED_WITH("this"), SKIPPED_WITH("that"), 0);
	SHOWN("^      after      skipped: that$");
	compare_endings(tc, FAILED_WITH("this"), "broken\nReason: Premature exit", 0);
	SHOWN("^======== another reason: 1$");
}

TEST(other_choice, "Another observed choice is a change; both are shown")
{
	compare(tc, RESULTS_HEAD CHOICE("one", "5") CHOICE("two", "1"),
	    RESULTS_HEAD CHOICE("one", "6") CHOICE("two", "1"), 0);
	SHOWN("^======== another observed choice: 1$");
	SHOWN("^                 x\\.one = 5$");
	SHOWN("^                 x\\.one = 6$");
	NOT_SHOWN("x\\.two");
	SHOWN("^1 of 2 cases changed: 1 another observed choice\\. 0 are changes for the worse\\.$");
}

TEST(order, "The worst comes first; among its like, what held before")
{
	static const char *const expected[] = { "newly fails: 1", "deviates now: 1", "skipped now: 2", "x_test:s_held",
		"x_test:a_failed", "gone: 1", "holds now: 1" };

	compare(tc,
	    RESULTS_HEAD CASE("a_failed", FAILED_WITH("no")) CASE("d", PASSED) CASE("f", PASSED) CASE("g", PASSED)
		CASE("h", FAILED_WITH("no")) CASE("s_held", PASSED),
	    RESULTS_HEAD CASE("a_failed", SKIPPED_WITH("so")) CASE("d", DEVIATES_WITH("Linux: so"))
		CASE("f", FAILED_WITH("no")) CASE("h", PASSED) CASE("s_held", SKIPPED_WITH("so")),
	    1);
	char *page = file_contents("out");
	const char *next = page;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		next = strstr(next, expected[i]);
		ATF_REQUIRE_MSG(next != NULL, "not there, or not behind the others: %s", expected[i]);
	}
	free(page);
}

TEST(platforms, "Both platforms have a line, with the name that --name gave; a run that was cut short says so")
{
	results_write("a.txt", "Format: shmcheck-results 1\nPlatform: Linux 6.1, glibc 2.36\n\n" CASE("one", PASSED));
	results_write(
	    "b.txt", "Format: shmcheck-results 1\nPlatform: Linux 6.1, glibc 2.36\nCases: 5\n\n" CASE("one", PASSED));
	report_write(tc, ARGUMENTS("--diff", "a.txt", "b.txt"), 0);
	SHOWN("^before  Linux 6\\.1, glibc 2\\.36$");
	SHOWN("^after   Linux 6\\.1, glibc 2\\.36$");
	SHOWN("^        The run was cut short: 1 of 5 cases has a result\\.$");
	report_write(tc, ARGUMENTS("--diff", "--name=old", "a.txt", "--name=new", "b.txt"), 0);
	SHOWN("^before  old: Linux 6\\.1, glibc 2\\.36$");
	SHOWN("^after   new: Linux 6\\.1, glibc 2\\.36$");
}

TEST(markdown, "As Markdown, a change is an item, and no text is markup")
{
	results_write("a.txt", RESULTS_HEAD CHOICE("one", "5") CASE("two", PASSED));
	results_write("b.txt",
	    RESULTS_HEAD CHOICE("one", "6")
		CASE("two", FAILED_WITH("<b>; see output for more details") "\nErrors: *** Check failed: <i>"));
	report_write(tc, DIFF("--format=markdown"), 1);
	HAS("**2 of 2 cases changed: 1 newly fails, 1 another observed choice. 1 is a change for the worse.**\n");
	HAS("\n### newly fails: 1\n\n- <code>tests/sysv/x_test:two</code>: It is two\n  - before: holds\n"
	    "  - after: fails: &#60;b&#62;\n    - <code>&#60;i&#62;</code>\n");
	HAS("  - after: holds (x.one = 6)\n");
}

TEST(json, "As JSON Lines, a line about both runs, and one for each change")
{
	results_write("a.txt", RESULTS_HEAD CHOICE("one", "5") CASE("two", PASSED));
	results_write("b.txt", RESULTS_HEAD CHOICE("one", "6") CASE("three", SKIPPED_WITH("no SHM")));
	report_write(tc, DIFF("--format=json"), 1);
	HAS("{'type':'diff','format':1,'generator':'shmcheck-report','version':'");
	HAS("','before':{'run':'platform 1','asked':2,'ended':2},'after':{'run':'platform 2','asked':2,'ended':2},"
	    "'cases':3,'regressions':1,'totals':{'newly-fails':0,'defect-now':0,'deviates-now':0,'skipped-now':0,"
	    "'gone':1,'new-and-fails':0,'other-reason':0,'other-choice':1,'not-for-platform':0,'holds-now':0,"
	    "'new':1}}\n"
	    "{'type':'change','change':'gone','regression':true,'program':'tests/sysv/x_test','case':'two',"
	    "'area':'sysv','requirements':[],'sources':[],'sentence':'It is two','before':{'outcome':'holds'}}\n"
	    "{'type':'change','change':'other-choice','regression':false,'program':'tests/sysv/x_test','case':'one',"
	    "'area':'sysv','requirements':[],'sources':[],'sentence':'It is one',"
	    "'before':{'outcome':'holds','observed':{'x.one':'5'}},"
	    "'after':{'outcome':'holds','observed':{'x.one':'6'}}}\n"
	    "{'type':'change','change':'new','regression':false,'program':'tests/sysv/x_test','case':'three',"
	    "'area':'sysv','requirements':[],'sources':[],'sentence':'It is three',"
	    "'after':{'outcome':'skipped','reason':'no SHM'}}\n");
}

TEST(refused, "Other than two runs, other formats and options of one run are errors")
{
	results_write("a.txt", RESULTS_HEAD CASE("one", PASSED));
	results_write("b.txt", RESULTS_HEAD CASE("one", PASSED));
	report_error(tc, ARGUMENTS("--diff", "a.txt"), "shmcheck-report: --diff is of two runs; try --help\n");
	report_error(
	    tc, ARGUMENTS("--diff", "a.txt", "b.txt", "a.txt"), "shmcheck-report: --diff is of two runs; try --help\n");
	report_error(tc, DIFF("--format=junit"), "shmcheck-report: --diff cannot be written as junit; try --help\n");
	report_error(tc, DIFF("--expect=a.txt"),
	    "shmcheck-report: --expect, --violations and --verbose are not for --diff; try --help\n");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, nothing);
	ATF_TP_ADD_TC(tp, newly_fails);
	ATF_TP_ADD_TC(tp, status);
	ATF_TP_ADD_TC(tp, skipped_as_for_others);
	ATF_TP_ADD_TC(tp, gone_and_new);
	ATF_TP_ADD_TC(tp, other_reason);
	ATF_TP_ADD_TC(tp, other_choice);
	ATF_TP_ADD_TC(tp, order);
	ATF_TP_ADD_TC(tp, platforms);
	ATF_TP_ADD_TC(tp, markdown);
	ATF_TP_ADD_TC(tp, json);
	ATF_TP_ADD_TC(tp, refused);
	return atf_no_error();
}
