/* SPDX-License-Identifier: BSD-2-Clause */

/* shmcheck-report --format=html: what the page says. How it works in a browser is for selftest/browser/check. */

#include <stdlib.h>
#include <string.h>

#include "report_run.h"
#include "test.h"

/* A case of the requirement x.ID that ends so. */
#define CASE_OF(id, level, result) \
	"Program: tests/sysv/x_test\nCase: " id "\nRequirement: x." id "\nLevel: " level \
	"\nSource: POSIX.1-2017 x()\n" \
	"Promise: It does " id "\n" result "\n\n"
#define HELD    "Result: passed"
#define FAILING "Result: failed\nReason: x_test.c:1: seen <1 & \"2\">"
#define DEFECT  "Result: expected_failure\nReason: known defect of Linux: forgets (docs/findings.md)"

/* Whether the first text stands before the second one in the report. */
static bool
comes_before(const char *first, const char *second)
{
	char *page = file_contents("out");
	const char *one = strstr(page, first);
	const char *other = strstr(page, second);
	bool does = one != NULL && other != NULL && one < other;

	free(page);
	return does;
}

TEST(one_platform, "The page of one run has the failures before the requirements, and text from a run is no markup")
{
	results_write("r.txt", RESULTS_HEAD CASE_OF("holds", "SHALL", HELD) CASE_OF("fails", "SHALL", FAILING));
	report_write(tc, ARGUMENTS("--format=html", "r.txt"), 0);
	HAS("<h2 id='failures-title'>Failures (1)</h2>");
	HAS("seen &lt;1 &amp; &quot;2&quot;&gt;");
	HAS_NOT("seen <1");
	HAS("<cite>POSIX.1-2017 x()</cite>");
	ATF_CHECK(comes_before("id=\"failure-1\"", "id=\"r-x.fails\""));
	ATF_CHECK(comes_before("id=\"r-x.fails\"", "id=\"r-x.holds\""));
}

TEST(any_bytes,
    "Whatever bytes the names and the output of a case have, the page has neither markup nor control bytes of theirs")
{
	results_write("r.txt",
	    RESULTS_HEAD "Program: tests/sysv/x_test\nCase: fails\nRequirement: x.<b>'&\033[1m\nLevel: SHALL\n"
			 "Source: <i>one</i>\001\nPromise: It \"does\" <u>\n" FAILING
			 "\nOutput: <s>said\033[2J\n+ & </pre>\n\n");
	report_write(tc, ARGUMENTS("--format=html", "--name=<em>&\033", "r.txt"), 0);
	HAS("x.&lt;b&gt;");
	HAS("&lt;i&gt;one&lt;/i&gt;");
	HAS("It &quot;does&quot; &lt;u&gt;");
	HAS("&lt;em&gt;&amp;");
	HAS_NOT("<em>&");
	HAS_NOT("x.<b>");
	HAS_NOT("<i>one");
	HAS_NOT("<s>said");
	HAS_NOT("<u>\n");
	HAS_NOT("\033");
	HAS_NOT("\001");
}

TEST(no_failure, "A run without failures has a page, too")
{
	results_write("r.txt", RESULTS_HEAD CASE_OF("holds", "SHALL", HELD));
	report_write(tc, ARGUMENTS("--format=html", "r.txt"), 0);
	HAS("<p>No case fails.</p>");
}

TEST(two_requirements, "A case that names two requirements stands below both")
{
	results_write("r.txt",
	    RESULTS_HEAD
	    "Program: tests/sysv/x_test\nCase: both\nRequirement: x.one y.other\nLevel: SHALL\nResult: passed\n\n");
	report_write(tc, ARGUMENTS("--format=html", "r.txt"), 0);
	HAS("id='r-x.one'");
	HAS("id='r-y.other'");
}

TEST(several_platforms,
    "The page of several runs has the requirements that do not hold everywhere first, most failures at the top")
{
	results_write("a.txt",
	    RESULTS_HEAD CASE_OF("everywhere", "SHALL", HELD) CASE_OF("late", "SHALL", DEFECT)
		CASE_OF("worst", "SHALL", FAILING));
	results_write("b.txt",
	    RESULTS_HEAD CASE_OF("everywhere", "SHALL", HELD) CASE_OF("late", "SHALL", HELD)
		CASE_OF("worst", "SHALL", HELD));
	report_write(tc, ARGUMENTS("--format=html", "--name=a", "a.txt", "--name=b", "b.txt", "--never-run=c"), 0);
	HAS("<h1>Shared memory of 2 platforms</h1>");
	HAS("<caption>2 of 3 requirements</caption>");
	HAS("<td class=fails>fails<td class=holds>holds<td class=absent>&ndash;");
	HAS("<span>c, never run here</span>");
	HAS("forgets (docs/findings.md)");
	ATF_CHECK(comes_before("<summary>x.worst</summary>", "<summary>x.late</summary>"));
	HAS_NOT("<summary>x.everywhere</summary>");
}

TEST(choices, "Choices that differ between platforms come before those that do not")
{
#define CHOOSES(value) \
	RESULTS_HEAD CASE_OF("one", "MAY", HELD "\nOutput: observed: alike = yes\n+ observed: other = " value)
	results_write("a.txt", CHOOSES("this"));
	results_write("b.txt", CHOOSES("that"));
	report_write(tc, ARGUMENTS("--format=html", "--name=a", "a.txt", "--name=b", "b.txt"), 0);
	HAS("<th scope='row'><code>other</code><td>this<td>that");
	ATF_CHECK(comes_before("<code>other</code>", "<code>alike</code>"));
}

TEST(never_run, "A platform that never ran is for this format alone, and for reports on others")
{
	results_write("r.txt", RESULTS_HEAD CASE_OF("holds", "SHALL", HELD));
	report_error(tc, ARGUMENTS("--never-run=c", "r.txt"),
	    "shmcheck-report: --never-run is for the format html; try --help\n");
	report_error(
	    tc, ARGUMENTS("--format=html", "--never-run=c"), "shmcheck-report: no results named; try --help\n");
}

/* A case of the one requirement x.one. */
#define CASE_OF_ONE(name, result) \
	"Program: tests/sysv/x_test\nCase: " name "\nRequirement: x.one\nLevel: SHALL\n" result "\n\n"

TEST(worst_case, "A requirement is as its worst case is, and skipped only if all its cases are")
{
	results_write("a.txt",
	    RESULTS_HEAD CASE_OF_ONE("a", HELD) CASE_OF_ONE("b", FAILING)
		CASE_OF_ONE("c", "Result: skipped\nReason: r"));
	results_write("b.txt", RESULTS_HEAD CASE_OF_ONE("a", HELD) CASE_OF_ONE("b", "Result: skipped\nReason: r"));
	results_write("c.txt", RESULTS_HEAD CASE_OF_ONE("a", HELD) CASE_OF_ONE("b", DEFECT));
	results_write("d.txt", RESULTS_HEAD CASE_OF_ONE("a", "Result: skipped\nReason: r"));
	report_write(tc,
	    ARGUMENTS(
		"--format=html", "--name=a", "a.txt", "--name=b", "b.txt", "--name=c", "c.txt", "--name=d", "d.txt"),
	    0);
	HAS("<td class=fails>fails<td class=holds>holds<td class=defect>defect<td class=skipped>skipped");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, one_platform);
	ATF_TP_ADD_TC(tp, any_bytes);
	ATF_TP_ADD_TC(tp, no_failure);
	ATF_TP_ADD_TC(tp, two_requirements);
	ATF_TP_ADD_TC(tp, several_platforms);
	ATF_TP_ADD_TC(tp, worst_case);
	ATF_TP_ADD_TC(tp, choices);
	ATF_TP_ADD_TC(tp, never_run);
	return atf_no_error();
}
