/* SPDX-License-Identifier: BSD-2-Clause */

/* shmcheck-verdict against small databases in Kyua's schema, made here so that nothing has to fail for real. */

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <atf-c.h>
#include <sqlite3.h>

#include "test.h"
#include "verdict_run.h"

static const char schema[] =
    "CREATE TABLE metadata (schema_version INTEGER PRIMARY KEY, timestamp TIMESTAMP NOT NULL);"
    "CREATE TABLE metadatas (metadata_id INTEGER NOT NULL, property_name TEXT NOT NULL, property_value TEXT,"
    " PRIMARY KEY (metadata_id, property_name));"
    "CREATE TABLE test_programs (test_program_id INTEGER PRIMARY KEY AUTOINCREMENT, absolute_path TEXT NOT NULL,"
    " relative_path TEXT NOT NULL, metadata_id INTEGER);"
    "CREATE TABLE test_cases (test_case_id INTEGER PRIMARY KEY AUTOINCREMENT, test_program_id INTEGER,"
    " name TEXT NOT NULL, metadata_id INTEGER);"
    "CREATE TABLE test_results (test_case_id INTEGER PRIMARY KEY, result_type TEXT NOT NULL, result_reason TEXT,"
    " start_time TIMESTAMP NOT NULL, end_time TIMESTAMP NOT NULL);"
    "CREATE TABLE test_case_files (test_case_id INTEGER NOT NULL, file_name TEXT NOT NULL, file_id INTEGER NOT NULL,"
    " PRIMARY KEY (test_case_id, file_name));"
    "CREATE TABLE files (file_id INTEGER PRIMARY KEY, contents BLOB NOT NULL);"
    "INSERT INTO metadata VALUES (3, 0);";

/* Run SQL made of sqlite3_mprintf()'s formats; returns the row that an INSERT added. */
static sqlite3_int64
execute(sqlite3 *db, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	char *sql = sqlite3_vmprintf(format, arguments);
	va_end(arguments);
	ATF_REQUIRE(sql != NULL);
	ATF_REQUIRE_MSG(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_free(sql);
	return sqlite3_last_insert_rowid(db);
}

/* A fresh results database, "r.db" in the working directory. */
static sqlite3 *
database(void)
{
	sqlite3 *db;

	ATF_REQUIRE_EQ(SQLITE_OK, sqlite3_open("r.db", &db));
	execute(db, "%s", schema);
	return db;
}

static sqlite3_int64
add_program(sqlite3 *db, const char *path)
{
	return execute(
	    db, "INSERT INTO test_programs (absolute_path, relative_path) VALUES ('/build/%q', %Q)", path, path);
}

/* Properties of the program or of the case whose metadata_id is the number. */
static void
add_property(sqlite3 *db, sqlite3_int64 metadata, const char *name, const char *value)
{
	execute(db, "INSERT INTO metadatas VALUES (%lld, %Q, %Q)", metadata, name, value);
}

/* A case that took from second 1 to second 3; its metadata_id is its own number. */
static sqlite3_int64
add_case(sqlite3 *db, sqlite3_int64 program, const char *name, const char *type, const char *reason)
{
	sqlite3_int64 id =
	    execute(db, "INSERT INTO test_cases (test_program_id, name) VALUES (%lld, %Q)", program, name);

	execute(db, "UPDATE test_cases SET metadata_id = %lld WHERE test_case_id = %lld", id, id);
	execute(db, "INSERT INTO test_results VALUES (%lld, %Q, %Q, 1000000, 3000000)", id, type, reason);
	return id;
}

static void
add_file(sqlite3 *db, sqlite3_int64 test_case, const char *name, const char *contents)
{
	sqlite3_int64 file = execute(db, "INSERT INTO files (contents) VALUES (CAST(%Q AS BLOB))", contents);

	execute(db, "INSERT INTO test_case_files VALUES (%lld, %Q, %lld)", test_case, name, file);
}

/* The page of the database goes to the file "out". */
static void
run(const atf_tc_t *tc, int status)
{
	verdict_page(tc, ARGUMENTS("r.db"), status);
}

TEST(all_hold, "When every case that ran passed, the page counts them by level and area, and the exit status is 0")
{
	sqlite3 *db = database();
	sqlite3_int64 program = add_program(db, "tests/sysv/shmget_test");
	add_property(db, add_case(db, program, "one", "passed", NULL), "custom.level", "SHALL");
	add_property(db, add_case(db, program, "two", "passed", NULL), "custom.level", "MAY");
	program = add_program(db, "posix/shm_open_test");
	add_property(db, add_case(db, program, "three", "passed", NULL), "custom.level", "SHALL");
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

TEST(platform, "The platform's line is what the program of any case says, as a subset may have any")
{
	sqlite3 *db = database();
	add_case(db, add_program(db, "tests/broken_test"), "__test_cases_list__", "broken", "no list");
	sqlite3_int64 program = add_program(db, "tests/sysv/x_test");
	add_property(db, add_case(db, program, "one", "passed", NULL), "custom.platform",
	    "Linux 6.18.44, glibc 2.36, gcc 12.2.0, x86_64, page size 4096, SHMLBA 16384");
	sqlite3_close(db);

	run(tc, 1);
	SHOWN("^Linux 6\\.18\\.44, glibc 2\\.36, gcc 12\\.2\\.0, x86_64, page size 4096, SHMLBA 16384$");
	SHOWN("^    the platform itself  *\\.  *\\.  *\\.  *1");
}

TEST(failure, "A failure is shown with its ids, level, sources, sentence, reason and messages; the exit status is 1")
{
	sqlite3 *db = database();
	sqlite3_int64 program = add_program(db, "tests/sysv/shmget_test");
	add_case(db, program, "fine", "passed", NULL);
	sqlite3_int64 bad =
	    add_case(db, program, "excl_existing_key", "failed", "2 checks failed; see output for more details");
	add_property(db, bad, "custom.requirement", "shmget.excl-existing-key shmget.other");
	add_property(db, bad, "custom.level", "SHALL");
	add_property(db, bad, "custom.source", "POSIX.1-2017 shmget() ERRORS; Linux shmget(2)");
	add_property(db, bad, "description", "With IPC_EXCL set, an existing key fails with EEXIST");
	add_file(db, bad, "__STDERR__",
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
	sqlite3 *db = database();
	sqlite3_int64 bad = add_case(db, add_program(db, "sysv/x_test"), "loop", "failed", "15 checks failed");
	char text[15 * sizeof("chatter\n*** Check failed: number 15\n")] = "";
	for (int i = 1; i <= 15; i++) {
		size_t used = strlen(text);
		(void)snprintf(text + used, sizeof(text) - used, "chatter\n*** Check failed: number %d\n", i);
	}
	add_file(db, bad, "__STDERR__", text);
	sqlite3_close(db);

	run(tc, 1);
	SHOWN("^  *number 10$");
	NOT_SHOWN("number 11");
	NOT_SHOWN("chatter");
	SHOWN("^  *\\(and 5 more\\)$");
}

TEST(broken, "For a case that broke the page says how and shows the last of its standard error")
{
	sqlite3 *db = database();
	sqlite3_int64 program = add_program(db, "mmap/mmap_test");
	sqlite3_int64 crash =
	    add_case(db, program, "crash", "broken", "Premature exit; test case received signal 11 (core dumped)");
	add_case(db, program, "hang", "broken", "Test case body timed out");
	add_case(db, program, "vanish", "broken", "Premature exit; test case exited with code 0");
	program = add_program(db, "mmap/odd_test");
	add_case(db, program, "__test_cases_list__", "broken", "Invalid header");
	add_file(db, crash, "__STDERR__", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\nlast words\n");
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
	sqlite3 *db = database();
	sqlite3_int64 program = add_program(db, "mmap/mmap_test");
	add_case(db, program, "fine", "passed", NULL);
	add_case(db, program, "odd", "expected_failure", "Linux rounds up: mmap(2) NOTES");
	add_case(db, program, "once", "skipped", "a rare reason");
	program = add_program(db, "mmap/root_test");
	for (int i = 0; i < 12; i++) {
		char name[sizeof("case_00")];
		(void)snprintf(name, sizeof(name), "case_%02d", i);
		add_case(db, program, name, "skipped", "needs root");
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
	sqlite3 *db = database();
	add_case(db, add_program(db, "sysv/x_test"), "one", "skipped", "no System V IPC");
	sqlite3_close(db);

	run(tc, 2);
	SHOWN("^Nothing was tested: the only case was skipped\\. Not looked at: System V segments\\.$");
	verdict_output(tc, ARGUMENTS("--totals", "r.db"), 2, "0 passed, 0 failed, 1 skipped\n");
}

TEST(program_metadata, "What the Kyuafile says of a program holds for its cases, unless the case itself says otherwise")
{
	sqlite3 *db = database();
	sqlite3_int64 program = add_program(db, "sysv/x_test");
	execute(db, "UPDATE test_programs SET metadata_id = 1000");
	add_property(db, 1000, "custom.level", "DOCUMENTED");
	add_property(db, 1000, "custom.source", "the program");
	add_property(db, 1000, "description", "");
	sqlite3_int64 bad = add_case(db, program, "own", "failed", "no");
	add_property(db, bad, "custom.source", "the case");
	add_case(db, program, "merged", "failed", "no");
	sqlite3_close(db);

	run(tc, 1);
	SHOWN("^DOCUMENTED  *\\.  *\\.  *\\.  *2  *\\.  *2$");
	SHOWN("^      source       the case$");
	SHOWN("^      source       the program$");
	NOT_SHOWN("promised");
}

TEST(totals, "--totals prints the numbers only: deviations have passed, broken cases have failed")
{
	sqlite3 *db = database();
	sqlite3_int64 program = add_program(db, "sysv/x_test");
	add_case(db, program, "one", "passed", NULL);
	add_case(db, program, "two", "expected_failure", "odd");
	verdict_output(tc, ARGUMENTS("--totals", "r.db"), 0, "2 passed, 0 failed, 0 skipped\n");
	add_case(db, program, "three", "failed", "no");
	add_case(db, program, "four", "broken", "no");
	add_case(db, program, "five", "skipped", "no");
	sqlite3_close(db);

	verdict_output(tc, ARGUMENTS("--totals", "r.db"), 1, "2 passed, 2 failed, 1 skipped\n");
}

TEST(control_characters, "Control characters and bytes beyond ASCII in the database are shown as escapes")
{
	sqlite3 *db = database();
	sqlite3_int64 bad =
	    add_case(db, add_program(db, "sysv/\033x_test"), "one", "failed", "a\033[31m\007b\tc\303\251");
	add_file(db, bad, "__STDERR__", "*** Check failed: \033]0;title\001\n");
	sqlite3_close(db);

	run(tc, 1);
	SHOWN("sysv/\\\\x1bx_test:one");
	SHOWN("a\\\\x1b\\[31m\\\\x07b c\\\\xc3\\\\xa9");
	SHOWN("\\\\x1b\\]0;title\\\\x01");
	NOT_SHOWN("[^ -~]");
}

TEST(bare_programs, "A program that a run from its own directory names bare is counted in the area of that directory")
{
	static const char *const areas[] = { "sysv", "posix", "mmap", "sync", "lifecycle" };
	sqlite3 *db = database();
	for (size_t i = 0; i < sizeof(areas) / sizeof(areas[0]); i++) {
		sqlite3_int64 program = add_program(db, "x_test");
		execute(db,
		    "UPDATE test_programs SET absolute_path = '/build/tests/%q/x_test' WHERE test_program_id = %lld",
		    areas[i], program);
		add_case(db, program, areas[i], "passed", NULL);
	}
	sqlite3_close(db);

	run(tc, 0);
	SHOWN("^    System V segments  *1  ");
	SHOWN("^    POSIX objects  *1  ");
	SHOWN("^    mmap and its family  *1  ");
	SHOWN("^    synchronization  *1  ");
	SHOWN("^    lifecycles  *1  ");
	NOT_SHOWN("^    the platform itself");
}

TEST(width, "No line is wider than 100 columns, whatever the database holds")
{
	sqlite3 *db = database();
	char word[300] = "";
	for (size_t i = 0; i < sizeof(word) - 1; i++)
		word[i] = 'w';
	char text[2000] = "";
	for (size_t i = 0; i < sizeof(text) - 1; i++)
		text[i] = "words "[i % strlen("words ")];
	sqlite3_int64 program =
	    add_program(db, "a/very/long/area_which_is_not_one_of_those_that_the_page_knows/x_test");
	sqlite3_int64 bad = add_case(db, program, word, "failed", text);
	add_property(db, bad, "custom.level", word);
	add_property(db, bad, "description", text);
	add_case(db, program, "odd", "expected_failure", text);
	add_case(db, program, "left_out", "skipped", word);
	sqlite3_close(db);

	run(tc, 1);
	SHOWN("^      promised     words words .* words$");
	SHOWN(" \\.\\.\\.$");
	NOT_SHOWN("^.{101}");
}

TEST(
    cut_short, "A case that began and has no result is none of the results: the run was cut short, and nothing follows")
{
	sqlite3 *db = database();
	sqlite3_int64 program = add_program(db, "tests/sysv/x_test");
	add_case(db, program, "one", "passed", NULL);
	add_case(db, program, "two", "passed", NULL);
	execute(db, "DELETE FROM test_results WHERE test_case_id = (SELECT MAX(test_case_id) FROM test_cases)");
	sqlite3_close(db);

	run(tc, 2);
	SHOWN("^The run was cut short: 1 of 2 cases has a result\\.$");
	SHOWN("^1 case in 1 program, ");
	SHOWN("^The run was cut short: 1 of 2 cases has a result\\. The only case holds\\.$");
	verdict_output(tc, ARGUMENTS("--totals", "r.db"), 2, "1 passed, 0 failed, 0 skipped\n");
}

TEST(no_results, "A database without results, as an interrupted Kyua leaves it, is an error")
{
	sqlite3_close(database());

	verdict_error(
	    tc, ARGUMENTS("r.db"), "shmcheck-verdict: 'r.db' holds no results: Kyua was interrupted or ran nothing\n");
	verdict_error(tc, ARGUMENTS("--totals", "r.db"),
	    "shmcheck-verdict: 'r.db' holds no results: Kyua was interrupted or ran nothing\n");
}

TEST(unreadable, "What is missing, not a database, not Kyua's or of another schema is an error of one line")
{
	verdict_error(
	    tc, ARGUMENTS("absent.db"), "shmcheck-verdict: cannot read 'absent.db': No such file or directory\n");
	verdict_error(tc, ARGUMENTS("a\033b"), "shmcheck-verdict: cannot read 'a\\x1bb': No such file or directory\n");
	atf_utils_create_file("text", "This is some text that is not a database at all, whatever SQLite may think\n");
	verdict_error(tc, ARGUMENTS("text"),
	    "shmcheck-verdict: 'text' is neither a results database of Kyua nor a results file of shmcheck\n");
	atf_utils_create_file("empty", "%s", "");
	verdict_error(tc, ARGUMENTS("empty"), "shmcheck-verdict: 'empty' is empty\n");

	atf_utils_create_file("stub", "SQLite format 3");
	verdict_error(tc, ARGUMENTS("stub"),
	    "shmcheck-verdict: 'stub' is neither a results database of Kyua nor a results file of shmcheck\n");
	verdict_error(tc, ARGUMENTS("."), "shmcheck-verdict: cannot read '.': Is a directory\n");

	sqlite3 *db = database();
	execute(db, "UPDATE metadata SET schema_version = 2");
	verdict_error(
	    tc, ARGUMENTS("r.db"), "shmcheck-verdict: 'r.db' is of Kyua's schema 2, and only schema 3 can be read\n");
	execute(db, "UPDATE metadata SET schema_version = 3; BEGIN EXCLUSIVE");
	verdict_error(tc, ARGUMENTS("r.db"), "shmcheck-verdict: 'r.db' is being written to\n");
	execute(db, "COMMIT");
	execute(db, "DROP TABLE test_results");
	sqlite3_close(db);
	verdict_error(tc, ARGUMENTS("r.db"), "shmcheck-verdict: 'r.db' is not a results database of Kyua\n");
	ATF_REQUIRE_EQ(0, truncate("r.db", 1000));
	verdict_error(tc, ARGUMENTS("r.db"), "shmcheck-verdict: 'r.db' is damaged\n");
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
	sqlite3 *db = database();
	add_case(db, add_program(db, "sysv/x_test"), "one", "passed", NULL);
	sqlite3_close(db);

	if (access("/dev/full", W_OK) == -1)
		atf_tc_skip("no /dev/full");
	atf_utils_wait(verdict_start(tc, ARGUMENTS("r.db"), "/dev/full"), 2, "",
	    "shmcheck-verdict: cannot write the report: No space left on device\n");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, all_hold);
	ATF_TP_ADD_TC(tp, platform);
	ATF_TP_ADD_TC(tp, failure);
	ATF_TP_ADD_TC(tp, many_messages);
	ATF_TP_ADD_TC(tp, broken);
	ATF_TP_ADD_TC(tp, deviations_and_skips);
	ATF_TP_ADD_TC(tp, all_skipped);
	ATF_TP_ADD_TC(tp, program_metadata);
	ATF_TP_ADD_TC(tp, totals);
	ATF_TP_ADD_TC(tp, control_characters);
	ATF_TP_ADD_TC(tp, bare_programs);
	ATF_TP_ADD_TC(tp, width);
	ATF_TP_ADD_TC(tp, cut_short);
	ATF_TP_ADD_TC(tp, no_results);
	ATF_TP_ADD_TC(tp, unreadable);
	ATF_TP_ADD_TC(tp, usage);
	ATF_TP_ADD_TC(tp, full_disk);
	return atf_no_error();
}
