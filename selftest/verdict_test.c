/* SPDX-License-Identifier: BSD-2-Clause */

/* shmcheck-verdict: the page for small databases that are made here. */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <atf-c.h>

#include "kyua_database.h"
#include "test.h"
#include "verdict_run.h"

/* The page of the database goes to the file "out". */
static void
run(const atf_tc_t *tc, int status)
{
	verdict_page(tc, ARGUMENTS("r.db"), status);
}

TEST(all_hold, "When every case that ran passed, the page counts them by level and area, and the exit status is 0")
{
	sqlite3 *db = database_create();
	sqlite3_int64 program = database_add_program(db, "tests/sysv/shmget_test");
	database_add_property(db, database_add_case(db, program, "one", "passed", NULL), "custom.level", "SHALL");
	database_add_property(db, database_add_case(db, program, "two", "passed", NULL), "custom.level", "MAY");
	program = database_add_program(db, "posix/shm_open_test");
	database_add_property(db, database_add_case(db, program, "three", "passed", NULL), "custom.level", "SHALL");
	sqlite3_close(db);

	run(tc, 0);
	SHOWN("^Unknown platform: no program told which it runs on$");
	SHOWN("^Looked at          System V segments, POSIX objects$");
	SHOWN("^Not chosen         mmap and its family, synchronization$");
	SHOWN("^3 cases in 2 programs, 2\\.00 s$");
	SHOWN("^SHALL  *2  *\\.  *\\.  *\\.  *\\.  *2$");
	SHOWN("^    System V segments  *1  *\\.  *\\.  *\\.  *\\.  *1$");
	SHOWN("^    POSIX objects  *1  *\\.  *\\.  *\\.  *\\.  *1$");
	SHOWN("^MAY  *1  *\\.  *\\.  *\\.  *\\.  *1$");
	SHOWN("^total  *3  *\\.  *\\.  *\\.  *\\.  *3$");
	SHOWN("^All 3 cases hold\\.$");
	NOT_SHOWN("^Failures");
	NOT_SHOWN("^Documented deviations");
	NOT_SHOWN("^Skipped");
}

TEST(failure, "A failure is shown with its ids, level, sources, sentence, reason and messages; the exit status is 1")
{
	sqlite3 *db = database_create();
	sqlite3_int64 program = database_add_program(db, "tests/sysv/shmget_test");
	database_add_case(db, program, "fine", "passed", NULL);
	sqlite3_int64 bad = database_add_case(
	    db, program, "excl_existing_key", "failed", "2 checks failed; see output for more details");
	database_add_property(db, bad, "custom.requirement", "shmget.excl-existing-key shmget.other");
	database_add_property(db, bad, "custom.level", "SHALL");
	database_add_property(db, bad, "custom.source", "POSIX.1-2017 shmget() ERRORS; Linux shmget(2)");
	database_add_property(db, bad, "description", "With IPC_EXCL set, an existing key fails with EEXIST");
	database_add_file(db, bad, "__STDERR__",
	    "*** Check failed: shmget_test.c:9: got ENOENT\nin child: second\n"
	    "Promised: With IPC_EXCL set, an existing key fails with EEXIST\nBy: somebody\n"
	    "Files left in work directory after failure: core\n");
	sqlite3_close(db);

	run(tc, 1);
	SHOWN("^  tests/sysv/shmget_test:excl_existing_key$");
	SHOWN("^      requirement  shmget\\.excl-existing-key shmget\\.other$");
	SHOWN("^      level        SHALL$");
	SHOWN("^      source       POSIX\\.1-2017 shmget\\(\\) ERRORS; Linux shmget\\(2\\)$");
	SHOWN("^      promised     With IPC_EXCL set, an existing key fails with EEXIST$");
	SHOWN("^      seen         2 checks failed$");
	SHOWN("^                   shmget_test\\.c:9: got ENOENT$");
	SHOWN("^                   in child: second$");
	SHOWN("^                   By: somebody$");
	NOT_SHOWN("Promised: ");
	NOT_SHOWN("Files left");
	SHOWN("^1 of 2 cases FAILS, 1 holds\\.$");
}

TEST(many_messages, "Of many messages the failed checks go first, ten at most, and the page says how many are left out")
{
	sqlite3 *db = database_create();
	sqlite3_int64 bad =
	    database_add_case(db, database_add_program(db, "sysv/x_test"), "loop", "failed", "15 checks failed");
	char text[15 * sizeof("chatter\n*** Check failed: number 15\n")] = "";
	for (int i = 1; i <= 15; i++) {
		size_t used = strlen(text);
		(void)snprintf(text + used, sizeof(text) - used, "chatter\n*** Check failed: number %d\n", i);
	}
	database_add_file(db, bad, "__STDERR__", text);
	sqlite3_close(db);

	run(tc, 1);
	SHOWN("^  *number 10$");
	NOT_SHOWN("number 11");
	NOT_SHOWN("chatter");
	SHOWN("^  *\\(and 5 more\\)$");
}

TEST(broken, "For a case that broke the page says how and shows the last of its standard error")
{
	sqlite3 *db = database_create();
	sqlite3_int64 program = database_add_program(db, "mmap/mmap_test");
	sqlite3_int64 crash = database_add_case(
	    db, program, "crash", "broken", "Premature exit; test case received signal 11 (core dumped)");
	database_add_case(db, program, "hang", "broken", "Test case body timed out");
	database_add_case(db, program, "vanish", "broken", "Premature exit; test case exited with code 0");
	program = database_add_program(db, "mmap/odd_test");
	database_add_case(db, program, "__test_cases_list__", "broken", "Invalid header");
	database_add_file(db, crash, "__STDERR__", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\nlast words\n");
	sqlite3_close(db);

	run(tc, 1);
	SHOWN("^      seen         the case broke \\(crash\\): Premature exit; test case received signal 11");
	SHOWN("^      stderr       \\(1 earlier line left out\\)$");
	SHOWN("^  *last words$");
	SHOWN("^      seen         the case broke \\(timeout\\): Test case body timed out$");
	SHOWN("^      seen         the case broke \\(no result\\): Premature exit; test case exited with code 0$");
	SHOWN("^      seen         the cases of this program could not be listed: Invalid header$");
	SHOWN("^4 of 4 cases FAIL\\.$");
}

TEST(deviations_and_skips,
    "Deviations are listed with their reason, skips by reason, the most frequent first; both hold")
{
	sqlite3 *db = database_create();
	sqlite3_int64 program = database_add_program(db, "mmap/mmap_test");
	database_add_case(db, program, "fine", "passed", NULL);
	database_add_case(db, program, "odd", "expected_failure", "Linux rounds up: mmap(2) NOTES");
	database_add_case(db, program, "once", "skipped", "a rare reason");
	program = database_add_program(db, "mmap/root_test");
	for (int i = 0; i < 12; i++) {
		char name[sizeof("case_00")];
		(void)snprintf(name, sizeof(name), "case_%02u", (unsigned)i % 100);
		database_add_case(db, program, name, "skipped", "needs root");
	}
	sqlite3_close(db);

	run(tc, 0);
	SHOWN("^  mmap/mmap_test:odd$");
	SHOWN("^      Linux rounds up: mmap\\(2\\) NOTES$");
	SHOWN("^    12  needs root$");
	SHOWN("mmap/root_test:case_00, case_01, ");
	SHOWN("case_07$");
	SHOWN("^            and 4 more$");
	SHOWN("^     1  a rare reason$");
	SHOWN("^            mmap/mmap_test:once$");
	SHOWN("^1 of 15 cases holds, 1 deviates as documented, 13 are skipped\\.$");
}

TEST(all_skipped, "When every case was skipped nothing holds: the exit status is 2")
{
	sqlite3 *db = database_create();
	database_add_case(db, database_add_program(db, "sysv/x_test"), "one", "skipped", "no System V IPC");
	sqlite3_close(db);

	run(tc, 2);
	SHOWN("^Nothing was tested: the only case was skipped\\. Not looked at: System V segments\\.$");
	verdict_output(tc, ARGUMENTS("--totals", "r.db"), 2, "0 passed, 0 failed, 1 skipped\n");
}

TEST(totals, "--totals prints the numbers only: deviations have passed, broken cases have failed")
{
	sqlite3 *db = database_create();
	sqlite3_int64 program = database_add_program(db, "sysv/x_test");
	database_add_case(db, program, "one", "passed", NULL);
	database_add_case(db, program, "two", "expected_failure", "odd");
	verdict_output(tc, ARGUMENTS("--totals", "r.db"), 0, "2 passed, 0 failed, 0 skipped\n");
	database_add_case(db, program, "three", "failed", "no");
	database_add_case(db, program, "four", "broken", "no");
	database_add_case(db, program, "five", "skipped", "no");
	sqlite3_close(db);

	verdict_output(tc, ARGUMENTS("--totals", "r.db"), 1, "2 passed, 2 failed, 1 skipped\n");
}

TEST(control_characters, "Control characters and bytes beyond ASCII in the database are shown as escapes")
{
	sqlite3 *db = database_create();
	sqlite3_int64 bad = database_add_case(
	    db, database_add_program(db, "sysv/\033x_test"), "one", "failed", "a\033[31m\007b\tc\303\251");
	database_add_file(db, bad, "__STDERR__", "*** Check failed: \033]0;title\001\n");
	sqlite3_close(db);

	run(tc, 1);
	SHOWN("sysv/\\\\x1bx_test:one");
	SHOWN("a\\\\x1b\\[31m\\\\x07b c\\\\xc3\\\\xa9");
	SHOWN("\\\\x1b\\]0;title\\\\x01");
	NOT_SHOWN("[^ -~]");
}

TEST(width, "No line is wider than 100 columns, whatever the database holds")
{
	sqlite3 *db = database_create();
	char word[300] = "";
	for (size_t i = 0; i < sizeof(word) - 1; i++)
		word[i] = 'w';
	char text[2000] = "";
	for (size_t i = 0; i < sizeof(text) - 1; i++)
		text[i] = "words "[i % strlen("words ")];
	sqlite3_int64 program =
	    database_add_program(db, "a/very/long/area_which_is_not_one_of_those_that_the_page_knows/x_test");
	sqlite3_int64 bad = database_add_case(db, program, word, "failed", text);
	database_add_property(db, bad, "custom.level", word);
	database_add_property(db, bad, "description", text);
	database_add_case(db, program, "odd", "expected_failure", text);
	database_add_case(db, program, "left_out", "skipped", word);
	sqlite3_close(db);

	run(tc, 1);
	SHOWN("^      promised     words words .* words$");
	SHOWN(" \\.\\.\\.$");
	NOT_SHOWN("^.{101}");
}

TEST(usage, "A wrong command line is an error of one line; --help explains")
{
	verdict_error(
	    tc, ARGUMENTS("--frobnicate", "r.db"), "shmcheck-verdict: unknown option '--frobnicate'; try --help\n");
	verdict_error(
	    tc, ARGUMENTS("one.db", "two.db"), "shmcheck-verdict: more than one file of results; try --help\n");
	verdict_error(tc, ARGUMENTS(NULL), "shmcheck-verdict: no results named; try --help\n");
	verdict_page(tc, ARGUMENTS("--version"), 0);
	SHOWN("^shmcheck-verdict [^ ]+$");
	verdict_page(tc, ARGUMENTS("--help"), 0);
	SHOWN("^usage: shmcheck-verdict \\[OPTION \\.\\.\\.\\] RESULTS$");
}

TEST(full_disk, "A page that can't be written is an error, even when all hold")
{
	sqlite3 *db = database_create();
	database_add_case(db, database_add_program(db, "sysv/x_test"), "one", "passed", NULL);
	sqlite3_close(db);

	if (access("/dev/full", W_OK) == -1)
		atf_tc_skip("no /dev/full");
	atf_utils_wait(verdict_start(tc, ARGUMENTS("r.db"), "/dev/full"), 2, "",
	    "shmcheck-verdict: cannot write the report: No space left on device\n");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, all_hold);
	ATF_TP_ADD_TC(tp, failure);
	ATF_TP_ADD_TC(tp, many_messages);
	ATF_TP_ADD_TC(tp, broken);
	ATF_TP_ADD_TC(tp, deviations_and_skips);
	ATF_TP_ADD_TC(tp, all_skipped);
	ATF_TP_ADD_TC(tp, totals);
	ATF_TP_ADD_TC(tp, control_characters);
	ATF_TP_ADD_TC(tp, width);
	ATF_TP_ADD_TC(tp, usage);
	ATF_TP_ADD_TC(tp, full_disk);
	return atf_no_error();
}
