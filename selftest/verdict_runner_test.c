/* SPDX-License-Identifier: BSD-2-Clause */

/* shmcheck-verdict reads results files of the runner, whole and cut short. */

#include <stdio.h>
#include <string.h>

#include <atf-c.h>

#include "test.h"
#include "verdict_run.h"

#define FORMAT            "Format: shmcheck-results 1\n\n"
#define BEGIN(name)       "Begin: tests/sysv/x_test:" name "\n\n"
#define RESULT(name)      "Program: tests/sysv/x_test\nCase: " name "\nResult: "
#define PASSED(name)      RESULT(name) "passed\n\n"
#define INTERRUPTED(name) "Interrupted: tests/sysv/x_test:" name "\n\n"

/* The results file "r.txt", with all of the bytes. */
static void
write_bytes(const char *bytes, size_t length)
{
	FILE *file = fopen("r.txt", "wb");

	ATF_REQUIRE(file != NULL);
	ATF_REQUIRE_EQ(length, fwrite(bytes, 1, length, file));
	ATF_REQUIRE_EQ(0, fclose(file));
}

static void
write_text(const char *text)
{
	write_bytes(text, strlen(text));
}

static void
run(const atf_tc_t *tc, int status)
{
	verdict_page(tc, ARGUMENTS("r.txt"), status);
}

/* The text is a file that can't be read, and why. */
static void
refused(const atf_tc_t *tc, const char *text, const char *why)
{
	char message[500];

	(void)snprintf(message, sizeof(message), "shmcheck-verdict: 'r.txt' %s\n", why);
	write_text(text);
	verdict_error(tc, ARGUMENTS("r.txt"), message);
}

TEST(all_fields, "Every field of a record is where the page shows it, over several lines too")
{
	write_text(
	    "Format: shmcheck-results 1\nPlatform: Linux\n+ 6.1\nCases: 5\n\n"
	    "Program: tests/platform_test\nCase: identity\nLevel: OBSERVED\nResult: passed\n"
	    "Start: 1000000\nEnd: 1500000\nOutput: chatter\n\n"
	    "Program: tests/sysv/shmget_test\nCase: excl_existing_key\n"
	    "Requirement: shmget.excl-existing-key\nLevel: SHALL\nSource: POSIX.1-2017 shmget() ERRORS\n"
	    "Promise: With IPC_EXCL set,\n+ an existing key fails with EEXIST\n"
	    "Result: failed\nReason: 2 checks failed; see output for more details\nStart: 1500000\nEnd: 3000000\n"
	    "Errors:\n+ *** Check failed: shmget_test.c:9: got ENOENT\n+   with blanks\n\n"
	    "Program: tests/mmap/x_test\nCase: odd\nResult: expected_failure\nReason: Linux rounds up\n\n"
	    "Program: tests/mmap/x_test\nCase: crash\nResult: broken\n"
	    "Reason: Premature exit; test case received signal 11\n\n"
	    "Program: tests/sync/x_test\nCase: __test_cases_list__\nResult: skipped\nReason: no compiler\n\n");

	run(tc, 1);
	SHOWN("^Linux 6\\.1$");
	SHOWN("^5 cases in 4 programs, 2\\.00 s$");
	SHOWN("^    System V segments  *\\.  *\\.  *\\.  *1  *\\.  *1$");
	SHOWN("^    synchronization  *\\.  *\\.  *\\.  *\\.  *1  *1$");
	SHOWN("^  tests/sysv/shmget_test:excl_existing_key$");
	SHOWN("^      requirement  shmget\\.excl-existing-key$");
	SHOWN("^      level        SHALL$");
	SHOWN("^      source       POSIX\\.1-2017 shmget\\(\\) ERRORS$");
	SHOWN("^      promised     With IPC_EXCL set, an existing key fails with EEXIST$");
	SHOWN("^      seen         2 checks failed$");
	SHOWN("^                   shmget_test\\.c:9: got ENOENT$");
	SHOWN("^                   with blanks$");
	SHOWN("^      seen         the case broke \\(crash\\): Premature exit");
	SHOWN("^      Linux rounds up$");
	SHOWN("^     1  no compiler$");
	SHOWN("^2 of 5 cases FAIL, 1 holds, 1 deviates as documented, 1 is skipped\\. Not looked at: "
	      "synchronization\\.$");
}

TEST(order, "The page is in the order of the names, whatever order the cases ended in")
{
	write_text(FORMAT RESULT("b") "failed\nReason: second\n\n" RESULT("a") "failed\nReason: first\n\n");

	run(tc, 1);
	char page[4000] = "";
	FILE *file = fopen("out", "r");
	ATF_REQUIRE(file != NULL);
	ATF_REQUIRE(fread(page, 1, sizeof(page) - 1, file) > 0);
	ATF_REQUIRE_EQ(0, fclose(file));
	const char *first = strstr(page, "first");
	ATF_REQUIRE(first != NULL);
	ATF_CHECK(strstr(first, "second") != NULL);
}

TEST(never_ended, "A case that begins and has no later result is broken: the platform went down meanwhile")
{
	write_text(FORMAT BEGIN("one") PASSED("one") BEGIN("two"));

	run(tc, 1);
	SHOWN("^2 cases in 1 program$");
	SHOWN("^  tests/sysv/x_test:two$");
	SHOWN("^      seen         the case broke: the platform went down, or the runner was killed, while it ran$");
	SHOWN("^The run was cut short: 1 of 2 cases has a result\\.$");
	SHOWN("^The run was cut short: 1 of 2 cases has a result\\. 1 of 2 cases FAILS, 1 holds\\.$");
}

TEST(interrupted,
    "A case that was interrupted has no result: the run was cut short, which comes first and is no verdict")
{
	write_text("Format: shmcheck-results 1\nCases: 1103\n\n" BEGIN("one") PASSED("one") BEGIN("two") BEGIN("three")
		INTERRUPTED("two") INTERRUPTED("three"));

	run(tc, 2);
	SHOWN("^The run was cut short: 1 of 1103 cases has a result\\.$");
	SHOWN("^1 case in 1 program$");
	NOT_SHOWN("x_test:two");
	NOT_SHOWN("FAIL");
	ATF_CHECK(atf_utils_file_exists("out"));
	char first[100] = "";
	FILE *file = fopen("out", "r");
	ATF_REQUIRE(file != NULL);
	ATF_CHECK(fgets(first, sizeof(first), file) != NULL);
	ATF_REQUIRE_EQ(0, fclose(file));
	ATF_CHECK_STREQ("The run was cut short: 1 of 1103 cases has a result.\n", first);
	verdict_output(tc, ARGUMENTS("--totals", "r.txt"), 2, "1 passed, 0 failed, 0 skipped\n");
}

TEST(interrupted_after_failure, "A failure that was seen before the run was cut short stays one")
{
	write_text("Format: shmcheck-results 1\nCases: 9\n\n" RESULT("one") "failed\n\n" PASSED("two"));

	run(tc, 1);
	SHOWN("^The run was cut short: 2 of 9 cases have a result\\. 1 of 2 cases FAILS, 1 holds\\.$");
}

TEST(interrupted_and_resumed,
    "A run that was interrupted and goes on to its end is whole; a second header may tell more cases")
{
	write_text("Format: shmcheck-results 1\nPlatform: Linux 1\nCases: 2\n\n" BEGIN("one") PASSED("one") BEGIN("two")
		INTERRUPTED("two") "Format: shmcheck-results 1\nPlatform: Linux 2\nCases: 3\n\n" BEGIN("two")
		    PASSED("two") BEGIN("three") PASSED("three"));

	run(tc, 0);
	SHOWN("^Linux 1$");
	NOT_SHOWN("cut short");
	SHOWN("^All 3 cases hold\\.$");
}

TEST(resumed, "Of several results of a case the last counts, and so does that it began again")
{
	write_text(
	    FORMAT BEGIN("one") RESULT("one") "failed\n\n" BEGIN("one") PASSED("one") BEGIN("two") FORMAT BEGIN("two")
		PASSED("two") RESULT("three") "passed\nLevel: MAY\nPromise: It lasts\nErrors: stale\n\n" BEGIN("three")
		    BEGIN("four") BEGIN("five") PASSED("five") PASSED("four"));

	run(tc, 1);
	SHOWN("^5 cases in 1 program$");
	SHOWN("^  tests/sysv/x_test:three$");
	SHOWN("^      level        MAY$");
	SHOWN("^      promised     It lasts$");
	NOT_SHOWN("stale");
	SHOWN("^The run was cut short: 4 of 5 cases have a result\\. 1 of 5 cases FAILS, 4 hold\\.$");
}

TEST(cut_short, "A file whose last record is cut short is read up to there, wherever the cut is")
{
	static const char whole[] = FORMAT BEGIN("one") PASSED("one") BEGIN("two")
	    RESULT("two") "failed\nReason: of some length\nErrors: more\n+ of it\n\n";
	const size_t complete = strlen(FORMAT BEGIN("one") PASSED("one"));

	for (size_t length = complete; length < strlen(whole); length++) {
		write_bytes(whole, length);
		pid_t child = verdict_start(tc, ARGUMENTS("--totals", "r.txt"), NULL);
		/* From the end of its line on it is known that the second case began. */
		if (length < complete + strlen(BEGIN("two")) - 1)
			atf_utils_wait(child, 0, "1 passed, 0 failed, 0 skipped\n", "");
		else
			atf_utils_wait(child, 1, "1 passed, 1 failed, 0 skipped\n", "");
	}
	write_bytes(whole, complete + strlen(BEGIN("two") "Program: tests/sysv/x_test\nCa"));
	run(tc, 1);
	SHOWN("^      seen         the case broke: the platform went down");
	write_bytes(whole, complete + strlen(BEGIN("two") "Program: tests/sysv/x_test\n"));
	run(tc, 1);
	SHOWN("^      seen         the case broke: the platform went down");
}

TEST(unwritten_block, "Null bytes at the end are a block that the platform did not come to write")
{
	static const char text[] = FORMAT PASSED("one") "Begin: tests/sysv/x_te\0\0\0\0\0\0\0";

	write_bytes(text, sizeof(text));
	verdict_output(tc, ARGUMENTS("--totals", "r.txt"), 0, "1 passed, 0 failed, 0 skipped\n");
}

TEST(unknown_fields, "Fields that this version does not know are passed over, with all of their lines")
{
	write_text(
	    "Format: shmcheck-results 1\nMachine-name: a\n\n" RESULT("one") "passed\nColour: red\n+ and blue\n\n");

	verdict_output(tc, ARGUMENTS("--totals", "r.txt"), 0, "1 passed, 0 failed, 0 skipped\n");
}

TEST(any_bytes, "Control characters and bytes beyond ASCII are shown as escapes, null bytes too")
{
	static const char text[] = FORMAT RESULT("one\033") "failed\nReason: \303\251\007\nErrors: a\0b\n\n";

	write_bytes(text, sizeof(text) - 1);
	run(tc, 1);
	SHOWN("^  tests/sysv/x_test:one\\\\x1b$");
	SHOWN("^      seen         \\\\xc3\\\\xa9\\\\x07$");
	NOT_SHOWN("[^ -~]");
}

TEST(no_results, "A file of a run that was interrupted before its first case is an error")
{
	static const char why[] = "holds no results: the run was interrupted or ran nothing";

	refused(tc, FORMAT, why);
	refused(tc, "Format: shmcheck-results 1\n", why);
	refused(tc, "Format: shmcheck-results", why);
	refused(tc, "For", why);
	refused(tc, FORMAT "Begin: tests/sysv/x_te", why);
	refused(tc, "", "is empty");
}

TEST(versions, "A file of another version is an error, whatever follows")
{
	refused(tc, "Format: shmcheck-results 2\n<nothing that is known today>\n",
	    "is of version '2' of the format, and only version 1 can be read");
	refused(tc, "Format: shmcheck-results \033\n",
	    "is of version '\\x1b' of the format, and only version 1 can be read");
	refused(tc, FORMAT PASSED("one") "Format: shmcheck-results 11\n\n",
	    "is of version '11' of the format, and only version 1 can be read");
	refused(tc, "Format: shmcheck-results \n", "is damaged: it names no version of the format");
	refused(tc, "Format: shmcheck-resultset 1\n", "is damaged: it names no version of the format");
	refused(tc, "Format: shmcheck\n", "is neither a results database of Kyua nor a results file of shmcheck");
}

TEST(damaged, "A file that is damaged before its last record is an error that tells where")
{
	refused(tc, FORMAT "Program: p\nResult: passed\n\n", "is damaged: the record at line 3 has no Case");
	refused(tc, FORMAT "Program: p\nCase:\nResult: passed\n\n", "is damaged: the record at line 3 has no Case");
	refused(tc, FORMAT "Case: c\nResult: passed\n\n", "is damaged: the record at line 3 has no Program");
	refused(tc, FORMAT "Program: p\nCase: c\n\n", "is damaged: the record at line 3 has no Result");
	refused(tc, FORMAT "Colour: red\n\n", "is damaged: the record at line 3 has no Program");
	refused(tc, FORMAT RESULT("one") "exploded\n\n", "holds a result of the unknown type 'exploded'");
	refused(tc, FORMAT PASSED("one") RESULT("two") "passed\nStart: soon\n\n",
	    "is damaged: the record at line 7 has no number for its Start");
	refused(tc, FORMAT RESULT("one") "passed\nEnd: 9223372036854775808\n\n",
	    "is damaged: the record at line 3 has no number for its End");
	refused(tc, FORMAT RESULT("one") "passed\nResult: failed\n\n",
	    "is damaged: the record at line 3 has a Result on line 5 and again on line 6");
	refused(tc, FORMAT "Program p\n\n", "is damaged: line 3 is no field");
	refused(tc, FORMAT ": p\n\n", "is damaged: line 3 is no field");
	refused(tc, FORMAT "Program:p\n\n", "is damaged: line 3 is no field");
	refused(tc, FORMAT "+ p\n\n", "is damaged: line 3 is no field");
	refused(tc, FORMAT RESULT("one") "passed\n+no blank\n\n", "is damaged: line 6 is no field");
	refused(tc, FORMAT "Begin: x_test\n\n", "is damaged: the record at line 3 does not name a case");
	refused(tc, FORMAT "Begin: x_test:\n\n", "is damaged: the record at line 3 does not name a case");
	refused(tc, FORMAT "Begin: :one\n\n", "is damaged: the record at line 3 does not name a case");
	refused(tc, FORMAT "Begin: x_test:one\n" PASSED("one"),
	    "is damaged: the record at line 3 has a Begin on line 3 and a Program on line 4");
	refused(tc, "Format: shmcheck-results 1\nCases: many\n\n" PASSED("one"),
	    "is damaged: the record at line 1 has no number for its Cases");
	refused(tc, "Format: shmcheck-results 1\n" PASSED("one"),
	    "is damaged: the record at line 1 has a Format on line 1 and a Program on line 2");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, all_fields);
	ATF_TP_ADD_TC(tp, order);
	ATF_TP_ADD_TC(tp, never_ended);
	ATF_TP_ADD_TC(tp, interrupted);
	ATF_TP_ADD_TC(tp, interrupted_after_failure);
	ATF_TP_ADD_TC(tp, interrupted_and_resumed);
	ATF_TP_ADD_TC(tp, resumed);
	ATF_TP_ADD_TC(tp, cut_short);
	ATF_TP_ADD_TC(tp, unwritten_block);
	ATF_TP_ADD_TC(tp, unknown_fields);
	ATF_TP_ADD_TC(tp, any_bytes);
	ATF_TP_ADD_TC(tp, no_results);
	ATF_TP_ADD_TC(tp, versions);
	ATF_TP_ADD_TC(tp, damaged);
	return atf_no_error();
}
