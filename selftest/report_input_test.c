/* SPDX-License-Identifier: BSD-2-Clause */

/* shmcheck-report: files that it cannot read are an error of one line, whatever is wrong with them. */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "kyua_database.h"
#include "report_run.h"
#include "test.h"

#define RECORD(name) "Program: x_test\nCase: " name "\nResult: passed\n\n"
#define NEITHER(path) \
	"shmcheck-report: '" path "' is neither a results database of Kyua nor a results file of shmcheck\n"

/* A database of some pages, "r.db". */
static sqlite3 *
make_database(void)
{
	sqlite3 *db = database_create();
	sqlite3_int64 program = database_add_program(db, "tests/sysv/x_test");
	char name[20];

	database_execute(db, "BEGIN");
	for (int i = 0; i < 100; i++) {
		(void)snprintf(name, sizeof(name), "case_%d", i);
		database_add_file(db, database_add_case(db, program, name, "passed", "a long reason of a case"),
		    "__STDOUT__", "what the case wrote, which is not much, but adds to the size of the file");
	}
	database_execute(db, "COMMIT");
	return db;
}

static void
copy_file(const char *from, const char *to)
{
	struct stat status;
	char *contents = file_contents(from);

	ATF_REQUIRE_EQ(0, stat(from, &status));
	results_write_bytes(to, contents, (size_t)status.st_size);
	free(contents);
}

/* Run it on the file: it may exit with 0 or 2, and in the latter case prints one line alone. */
static void
check_survives(const atf_tc_t *tc, const char *path, const char *what)
{
	int status = report_status(tc, ARGUMENTS("--format=json", path));
	char *output = file_contents("out");
	char *errors = file_contents("errors");
	const char *end = strchr(errors, '\n');
	bool is_one_line = end != NULL && end[1] == '\0';

	ATF_CHECK_MSG((status == 0 && errors[0] == '\0') || (status == 2 && output[0] == '\0' && is_one_line),
	    "%s: status %d, '%s'", what, status, errors);
	free(errors);
	free(output);
}

TEST(no_results, "A missing file, a directory, an empty file and any other file are errors")
{
	results_write("empty", "");
	results_write("text", "Dear all,\n\nthis is a letter.\n");
	results_write_bytes("zeros", (const char[4096]){ 0 }, 4096);
	ATF_REQUIRE_EQ(0, mkdir("directory", 0755));
	report_error(tc, ARGUMENTS("missing"), "shmcheck-report: cannot read 'missing': No such file or directory\n");
	report_error(tc, ARGUMENTS("directory"), "shmcheck-report: cannot read 'directory': Is a directory\n");
	report_error(tc, ARGUMENTS("empty"), "shmcheck-report: 'empty' is empty\n");
	report_error(tc, ARGUMENTS("text"), NEITHER("text"));
	report_error(tc, ARGUMENTS("zeros"), NEITHER("zeros"));
}

TEST(control_characters, "The name of a file shows no control character, and is one line")
{
	report_error(
	    tc, ARGUMENTS("\033[1m\nx"), "shmcheck-report: cannot read '\\x1b[1m x': No such file or directory\n");
}

TEST(one_of_many, "One bad file among good ones is an error, in every place")
{
	results_write("a.txt", RESULTS_HEAD RECORD("a"));
	results_write("b.txt", "letter\n");
	report_error(tc, ARGUMENTS("a.txt", "b.txt"), NEITHER("b.txt"));
	report_error(tc, ARGUMENTS("b.txt", "a.txt"), NEITHER("b.txt"));
	report_error(tc, ARGUMENTS("--diff", "a.txt", "b.txt"), NEITHER("b.txt"));
}

TEST(foreign_database, "A database of something else, and one of another version of Kyua, are errors")
{
	sqlite3 *db;

	ATF_REQUIRE_EQ(SQLITE_OK, sqlite3_open("other.db", &db));
	database_execute(db, "CREATE TABLE metadata (name TEXT); INSERT INTO metadata VALUES ('x')");
	sqlite3_close(db);
	report_error(tc, ARGUMENTS("other.db"), "shmcheck-report: 'other.db' is not a results database of Kyua\n");

	db = make_database();
	database_execute(db, "UPDATE metadata SET schema_version = 4");
	report_error(
	    tc, ARGUMENTS("r.db"), "shmcheck-report: 'r.db' is of Kyua's schema 4, and only schema 3 can be read\n");
	database_execute(db, "UPDATE metadata SET schema_version = 3; DROP TABLE files");
	report_error(tc, ARGUMENTS("r.db"), "shmcheck-report: 'r.db' is not a results database of Kyua\n");
	sqlite3_close(db);
}

TEST(locked_database, "A database that is being written to is an error; before the write starts it is read as it was")
{
	sqlite3 *db = make_database();

	database_execute(db, "BEGIN IMMEDIATE");
	database_execute(db, "DELETE FROM test_results");
	report_write(tc, ARGUMENTS("--format=json", "r.db"), 0);
	HAS("'asked':100,'ended':100");
	database_execute(db, "ROLLBACK; BEGIN EXCLUSIVE");
	report_error(tc, ARGUMENTS("r.db"), "shmcheck-report: 'r.db' is being written to\n");
	database_execute(db, "ROLLBACK");
	sqlite3_close(db);
}

TEST(unfinished_database, "A database whose writer was killed is an error that tells how to mend it")
{
	sqlite3 *db = make_database();

	/* With no room for its pages SQLite writes to the file before the transaction ends. */
	database_execute(db, "PRAGMA cache_size = 1; BEGIN");
	for (int i = 0; i < 200; i++)
		database_execute(db, "INSERT INTO files (contents) VALUES (zeroblob(2000))");
	copy_file("r.db", "s.db");
	copy_file("r.db-journal", "s.db-journal");
	database_execute(db, "ROLLBACK");
	sqlite3_close(db);
	report_error(tc, ARGUMENTS("s.db"),
	    "shmcheck-report: 's.db' was being written to when its writer ended: 'sqlite3 s.db .tables' undoes that\n");
}

TEST(cut_database, "A database that is cut off anywhere is an error of one line")
{
	struct stat status;
	char what[40];

	sqlite3_close(make_database());
	ATF_REQUIRE_EQ(0, stat("r.db", &status));
	for (off_t length = status.st_size - 1; length > 0; length -= 1 + length / 12) {
		(void)snprintf(what, sizeof(what), "%lld bytes", (long long)length);
		ATF_REQUIRE_EQ(0, truncate("r.db", length));
		check_survives(tc, "r.db", what);
	}
}

TEST(overwritten_database, "A database with a page of other bytes is an error of one line, if the page is needed")
{
	char page[512];
	struct stat status;
	char what[40];

	memset(page, 0xa5, sizeof(page));
	sqlite3_close(make_database());
	copy_file("r.db", "whole.db");
	ATF_REQUIRE_EQ(0, stat("r.db", &status));
	for (off_t at = 16; at + (off_t)sizeof(page) < status.st_size; at += 4096 / 2) {
		copy_file("whole.db", "r.db");
		int file = open("r.db", O_WRONLY);
		ATF_REQUIRE(file != -1);
		ATF_REQUIRE_EQ((ssize_t)sizeof(page), pwrite(file, page, sizeof(page), at));
		ATF_REQUIRE_EQ(0, close(file));
		(void)snprintf(what, sizeof(what), "at %lld", (long long)at);
		check_survives(tc, "r.db", what);
	}
}

TEST(cut_file, "A file of the runner that is cut off anywhere is an error of one line, or a run that was cut short")
{
	static const char text[] = "Format: shmcheck-results 1\nPlatform: Linux 6.1\nCases: 2\n\n"
				   "Begin: x_test:a\n\nProgram: x_test\nCase: a\nResult: failed\nReason: no\n+ no\n\n";
	char what[40];

	for (size_t length = 1; length < sizeof(text); length++) {
		results_write_bytes("r.txt", text, length);
		(void)snprintf(what, sizeof(what), "%zu bytes", length);
		check_survives(tc, "r.txt", what);
	}
}

TEST(pipe, "Results of the runner may come from a pipe; a database may not")
{
	sqlite3_close(make_database());
	ATF_REQUIRE_EQ(0, mkfifo("pipe", 0600));
	pid_t child = report_start(tc, ARGUMENTS("--format=json", "pipe"), NULL);
	results_write("pipe", RESULTS_HEAD RECORD("a"));
	atf_utils_wait(child, 0, "save:out", "");
	HAS("'case':'a'");
	child = report_start(tc, ARGUMENTS("pipe"), NULL);
	copy_file("r.db", "pipe");
	atf_utils_wait(child, 2, "", "shmcheck-report: 'pipe' is a database, and not in a regular file\n");
}

TEST(growing_file, "A file that grows while it is read is read up to its end of the moment, be it within a record")
{
	static const char more[] = "Program: x_test\nCase: b\nRes";

	ATF_REQUIRE_EQ(0, mkfifo("pipe", 0600));
	pid_t child = report_start(tc, ARGUMENTS("--format=json", "pipe"), NULL);
	FILE *pipe = fopen("pipe", "wb");
	ATF_REQUIRE(pipe != NULL);
	ATF_REQUIRE(fputs("Format: shmcheck-results 1\nCases: 2\n\n" RECORD("a"), pipe) >= 0);
	ATF_REQUIRE_EQ(0, fflush(pipe));
	ATF_REQUIRE(fputs(more, pipe) >= 0);
	ATF_REQUIRE_EQ(0, fclose(pipe));
	atf_utils_wait(child, 0, "save:out", "");
	HAS("'asked':2,'ended':1");
	HAS("'case':'a'");
	HAS_NOT("'case':'b'");
}

TEST(other_files, "What --expect and --violations name may be missing, a directory or nonsense, too")
{
	results_write("r.txt", RESULTS_HEAD RECORD("a"));
	results_write("bad", "nonsense\n");
	ATF_REQUIRE_EQ(0, mkdir("directory", 0755));
	report_error(tc, ARGUMENTS("--expect=missing", "r.txt"),
	    "shmcheck-report: cannot read 'missing': No such file or directory\n");
	report_error(
	    tc, ARGUMENTS("--expect=directory", "r.txt"), "shmcheck-report: cannot read 'directory': Is a directory\n");
	report_error(tc, ARGUMENTS("--expect=bad", "r.txt"),
	    "shmcheck-report: line 1 of 'bad' is not 'PROGRAM:CASE OUTCOME [at times]' with one of fails, defect, "
	    "deviates, skipped: 'nonsense'\n");
	report_error(tc, ARGUMENTS("--violations=missing", "r.txt"),
	    "shmcheck-report: cannot read 'missing': No such file or directory\n");
	report_error(tc, ARGUMENTS("--violations=directory", "r.txt"),
	    "shmcheck-report: cannot read 'directory': Is a directory\n");
	report_error(tc, ARGUMENTS("--violations=bad", "r.txt"),
	    "shmcheck-report: line 1 of 'bad' is no line of the data that make matrix writes\n");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, no_results);
	ATF_TP_ADD_TC(tp, control_characters);
	ATF_TP_ADD_TC(tp, one_of_many);
	ATF_TP_ADD_TC(tp, foreign_database);
	ATF_TP_ADD_TC(tp, locked_database);
	ATF_TP_ADD_TC(tp, unfinished_database);
	ATF_TP_ADD_TC(tp, cut_database);
	ATF_TP_ADD_TC(tp, overwritten_database);
	ATF_TP_ADD_TC(tp, cut_file);
	ATF_TP_ADD_TC(tp, pipe);
	ATF_TP_ADD_TC(tp, growing_file);
	ATF_TP_ADD_TC(tp, other_files);
	return atf_no_error();
}
