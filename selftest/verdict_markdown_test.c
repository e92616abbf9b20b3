/* SPDX-License-Identifier: BSD-2-Clause */

/* shmcheck-verdict --markdown: the page for a CI's job summary. */

#include <stdio.h>
#include <string.h>

#include <atf-c.h>

#include "test.h"
#include "verdict_run.h"

#define FORMAT             "Format: shmcheck-results 1\n\n"
#define RESULT(name, type) "Program: tests/sysv/x_test\nCase: " name "\nResult: " type "\n"

static void
run(const atf_tc_t *tc, const char *results, int status)
{
	atf_utils_create_file("r.txt", "%s", results);
	verdict_page(tc, ARGUMENTS("--markdown", "r.txt"), status);
}

TEST(all_hold, "When all hold there are the platform as headline, the sentence and the table, and nothing else")
{
	run(tc,
	    "Format: shmcheck-results 1\nPlatform: Linux\n\n" RESULT(
		"a", "passed") "Level: SHALL\nStart: 1000000\nEnd: 3000000\n\n"
			       "Program: tests/mmap/x_test\nCase: b\nLevel: MAY\nResult: passed\n\n",
	    0);
	SHOWN("^## shmcheck: Linux$");
	SHOWN("^\\*\\*All 2 cases hold\\.\\*\\*$");
	SHOWN("^Looked at: System V segments, mmap and its family<br>$");
	SHOWN("^Not chosen: POSIX objects, synchronization<br>$");
	SHOWN("^2 cases in 2 programs, 2\\.00 s$");
	SHOWN("^\\| \\| hold \\| deviate \\| defect \\| fail \\| skipped \\| cases \\|$");
	SHOWN("^\\|:--\\|--:\\|--:\\|--:\\|--:\\|--:\\|--:\\|$");
	SHOWN("^\\| \\*\\*SHALL\\*\\* \\| \\*\\*1\\*\\* \\| \\. \\| \\. \\| \\. \\| \\. \\| \\*\\*1\\*\\* \\|$");
	SHOWN("^\\| &emsp;System V segments \\| 1 \\| \\. \\| \\. \\| \\. \\| \\. \\| 1 \\|$");
	SHOWN("^\\| &emsp;mmap and its family \\| 1 \\| ");
	SHOWN("^\\| \\*\\*total\\*\\* \\| \\*\\*2\\*\\* \\| \\. \\| \\. \\| \\. \\| \\. \\| \\*\\*2\\*\\* \\|$");
	SHOWN("^hold: did what is promised<br>$");
	SHOWN("^SHALL: POSIX requires it<br>$");
	NOT_SHOWN("^fail: ");
	NOT_SHOWN("^###");
	NOT_SHOWN("details");
}

TEST(sections, "Failures unfold to what was promised and seen; deviations and skips unfold to their lists")
{
	run(tc,
	    FORMAT RESULT(
		"bad", "failed") "Level: SHALL\nRequirement: shmget.one\nSource: POSIX.1-2017 shmget()\n"
				 "Promise: It works\nReason: it does not\nErrors: in child: first\n+ second\n\n" RESULT(
				     "odd", "expected_failure") "Reason: Linux rounds up\n\n" RESULT("none",
				     "skipped") "Reason: needs root\n\n" RESULT("neither",
				     "skipped") "Reason: needs root\n\n" RESULT("foreign",
				     "skipped") "Reason: no manual of Linux promises this\n\n" RESULT("sick",
				     "expected_failure") "Reason: known defect of Linux: it sticks\n\n"
							 "Program: tests/sysv/y_test\nCase: __test_cases_list__\n"
							 "Result: broken\nReason: Invalid header\nPromise: made up\n\n",
	    1);
	SHOWN("^### Failures$");
	SHOWN("^<details><summary><code>tests/sysv/x_test:bad</code></summary>$");
	SHOWN("^- requirement: shmget\\.one$");
	SHOWN("^- level: SHALL$");
	SHOWN("^- source: POSIX\\.1-2017 shmget\\(\\)$");
	SHOWN("^- promised: It works$");
	SHOWN("^- seen: it does not$");
	SHOWN("^<pre>$");
	SHOWN("^in child: first$");
	SHOWN("^second$");
	SHOWN("^</pre>$");
	SHOWN("^</details>$");
	SHOWN("^- seen: the cases of this program could not be listed: Invalid header$");
	NOT_SHOWN("made up");
	SHOWN("^<details><summary>1 documented deviation</summary>$");
	SHOWN("^- <code>tests/sysv/x_test:odd</code>: Linux rounds up$");
	SHOWN("^<details><summary>1 known defect</summary>$");
	SHOWN("^- <code>tests/sysv/x_test:sick</code>: Linux: it sticks$");
	SHOWN("^<details><summary>3 skipped</summary>$");
	SHOWN("^- \\*\\*1\\*\\*: for other platforms or later versions of this one \\(shmcheck-verdict --verbose "
	      "names them\\)$");
	SHOWN("^- \\*\\*2\\*\\*: needs root<br><code>tests/sysv/x_test:neither, none</code>$");
}

TEST(areas, "An area that was not looked at, or that is claimed and missing, has a line; its failure has no block")
{
	run(tc,
	    FORMAT RESULT(
		"a", "passed") "\nProgram: tests/posix/y_test\nCase: b\nResult: skipped\nReason: none here\n\n"
			       "Program: tests/areas_test\nCase: sync\nResult: failed\n"
			       "Reason: the platform is claimed to have sync, and it_does() fails with ENOSYS\n\n",
	    1);
	SHOWN("^\\*\\*1 of 3 cases FAILS, 1 holds, 1 is skipped\\. Claimed, missing: synchronization\\. "
	      "Not looked at: POSIX objects\\.\\*\\*$");
	SHOWN("^Not looked at: POSIX objects: none here \\(1 case skipped\\)<br>$");
	SHOWN("^Claimed, missing: synchronization: it_does\\(\\) fails with ENOSYS<br>$");
	NOT_SHOWN("^### Failures$");
}

TEST(comparison, "With expectations the changes are listed, and failures that are expected need no more than a line")
{
	atf_utils_create_file("e_x", "tests/sysv/x_test:bad fails\ntests/sysv/x_test:gone fails\n");
	atf_utils_create_file("r.txt", FORMAT RESULT("bad", "failed") "Promise: It works\nReason: it does not\n");
	verdict_page(tc, ARGUMENTS("--markdown", "--expect", "e_x", "r.txt"), 0);
	SHOWN("^\\*\\*1 of 1 case FAILS\\.\\*\\* Every outcome is as expected in e_x\\.$");
	SHOWN("^### Changes against e_x$");
	SHOWN("^None\\.$");
	SHOWN("^\\(1 case that it names did not run\\)$");
	SHOWN("^<details><summary>1 failure as expected</summary>$");
	SHOWN("^- <code>tests/sysv/x_test:bad</code>: it does not$");
	NOT_SHOWN("It works");

	atf_utils_create_file("r.txt", FORMAT RESULT("bad", "passed") "\n" RESULT("good", "failed"));
	verdict_page(tc, ARGUMENTS("--markdown", "--expect", "e_x", "r.txt"), 1);
	SHOWN(" 2 outcomes are not as expected in e_x\\.$");
	SHOWN("^- \\*\\*newly fails\\*\\* <code>tests/sysv/x_test:good</code> \\(expected: holds\\)$");
	SHOWN("^- \\*\\*holds now\\*\\* <code>tests/sysv/x_test:bad</code> \\(expected: fails\\)$");
}

TEST(escapes, "What Markdown or HTML would take for its own is written as references, wherever the text comes from")
{
	static const char hostile[] = "a_b __c_ *d* `e` <b> &amp; [f](g) | ~h~ #1 @i \\j ! {k} $l$\033</pre>";
	static const char shown[] = "a_b &#95;&#95;c&#95; &#42;d&#42; &#96;e&#96; &#60;b&#62; &#38;amp; "
				    "&#91;f&#93;(g) &#124; &#126;h&#126; &#35;1 &#64;i &#92;j &#33; &#123;k&#125; "
				    "&#36;l&#36;&#92;x1b&#60;/pre&#62;";
	char results[4000];
	char page[8000] = "";
	size_t count = 0;

	(void)snprintf(results, sizeof(results),
	    "Format: shmcheck-results 1\nPlatform: %s\n\n"
	    "Program: z/%s/x_test\nCase: %s\nLevel: %s\nRequirement: %s\nSource: %s\nPromise: %s\nResult: failed\n"
	    "Reason: %s\nErrors: line %s\n",
	    hostile, "<i>", hostile, "<i>", hostile, hostile, hostile, hostile, hostile);
	run(tc, results, 1);
	FILE *file = fopen("out", "r");
	ATF_REQUIRE(file != NULL);
	ATF_REQUIRE(fread(page, 1, sizeof(page) - 1, file) > 0);
	ATF_REQUIRE_EQ(0, fclose(file));
	for (const char *next = page; (next = strstr(next, shown)) != NULL; next++)
		count++;
	ATF_CHECK_EQ_MSG(7, count, "%zu times", count);
	NOT_SHOWN("<i>|<b>|`|\\[f|@i|[^ -~]");
	SHOWN("^\\| &emsp;&#60;i&#62; \\|");
}

TEST(bounds, "Of very many failures only the first are told in full, and no text is endless")
{
	char word[2000];
	memset(word, 'w', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	FILE *file = fopen("r.txt", "w");
	ATF_REQUIRE(file != NULL);
	ATF_REQUIRE(fputs(FORMAT, file) >= 0);
	for (int i = 0; i < 120; i++)
		ATF_REQUIRE(
		    fprintf(file, RESULT("case_%03d", "failed") "Promise: It works\nReason: %s\n\n", i, word) > 0);
	ATF_REQUIRE_EQ(0, fclose(file));

	verdict_page(tc, ARGUMENTS("--markdown", "r.txt"), 1);
	SHOWN("^<details><summary><code>tests/sysv/x_test:case_099</code></summary>$");
	SHOWN("^- <code>tests/sysv/x_test:case_100</code>: w{500} \\.\\.\\.$");
	NOT_SHOWN("<summary><code>tests/sysv/x_test:case_100");
	NOT_SHOWN("w{501}");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, all_hold);
	ATF_TP_ADD_TC(tp, sections);
	ATF_TP_ADD_TC(tp, areas);
	ATF_TP_ADD_TC(tp, comparison);
	ATF_TP_ADD_TC(tp, escapes);
	ATF_TP_ADD_TC(tp, bounds);
	return atf_no_error();
}
