/* SPDX-License-Identifier: BSD-2-Clause */

/* shmcheck-verdict: what it reads of Kyua's databases, and which files it refuses. */

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

TEST(platform, "The platform's line is what the program of any case says, as a subset may have any")
{
	sqlite3 *db = database_create();
	database_add_case(
	    db, database_add_program(db, "tests/broken_test"), "__test_cases_list__", "broken", "no list");
	sqlite3_int64 program = database_add_program(db, "tests/sysv/x_test");
	database_add_property(db, database_add_case(db, program, "one", "passed", NULL), "custom.platform",
	    "Linux 6.18.44, glibc 2.36, gcc 12.2.0, x86_64, page size 4096, SHMLBA 16384");
	sqlite3_close(db);

	run(tc, 1);
	SHOWN("^Linux 6\\.18\\.44, glibc 2\\.36, gcc 12\\.2\\.0, x86_64, page size 4096, SHMLBA 16384$");
	SHOWN("^    the platform itself  *\\.  *\\.  *\\.  *1");
}

TEST(program_metadata, "What the Kyuafile says of a program holds for its cases, unless the case itself says otherwise")
{
	sqlite3 *db = database_create();
	sqlite3_int64 program = database_add_program(db, "sysv/x_test");
	database_execute(db, "UPDATE test_programs SET metadata_id = 1000");
	database_add_property(db, 1000, "custom.level", "DOCUMENTED");
	database_add_property(db, 1000, "custom.source", "the program");
	database_add_property(db, 1000, "description", "");
	sqlite3_int64 bad = database_add_case(db, program, "own", "failed", "no");
	database_add_property(db, bad, "custom.source", "the case");
	database_add_case(db, program, "merged", "failed", "no");
	sqlite3_close(db);

	run(tc, 1);
	SHOWN("^DOCUMENTED  *\\.  *\\.  *\\.  *2  *\\.  *2$");
	SHOWN("^      source       the case$");
	SHOWN("^      source       the program$");
	NOT_SHOWN("promised");
}

TEST(bare_programs, "A program that a run from its own directory names bare is counted in the area of that directory")
{
	static const char *const areas[] = { "sysv", "posix", "mmap", "sync", "lifecycle" };
	sqlite3 *db = database_create();
	for (size_t i = 0; i < sizeof(areas) / sizeof(areas[0]); i++) {
		sqlite3_int64 program = database_add_program(db, "x_test");
		database_execute(db,
		    "UPDATE test_programs SET absolute_path = '/build/tests/%q/x_test' WHERE test_program_id = %lld",
		    areas[i], program);
		database_add_case(db, program, areas[i], "passed", NULL);
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

TEST(
    cut_short, "A case that began and has no result is none of the results: the run was cut short, and nothing follows")
{
	sqlite3 *db = database_create();
	sqlite3_int64 program = database_add_program(db, "tests/sysv/x_test");
	database_add_case(db, program, "one", "passed", NULL);
	database_add_case(db, program, "two", "passed", NULL);
	database_execute(
	    db, "DELETE FROM test_results WHERE test_case_id = (SELECT MAX(test_case_id) FROM test_cases)");
	sqlite3_close(db);

	run(tc, 2);
	SHOWN("^The run was cut short: 1 of 2 cases has a result\\.$");
	SHOWN("^1 case in 1 program, ");
	SHOWN("^The run was cut short: 1 of 2 cases has a result\\. The only case holds\\.$");
	verdict_output(tc, ARGUMENTS("--totals", "r.db"), 2, "1 passed, 0 failed, 0 skipped\n");
}

TEST(no_results, "A database without results, as an interrupted Kyua leaves it, is an error")
{
	sqlite3_close(database_create());

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

	sqlite3 *db = database_create();
	database_execute(db, "UPDATE metadata SET schema_version = 2");
	verdict_error(
	    tc, ARGUMENTS("r.db"), "shmcheck-verdict: 'r.db' is of Kyua's schema 2, and only schema 3 can be read\n");
	database_execute(db, "UPDATE metadata SET schema_version = 3; BEGIN EXCLUSIVE");
	verdict_error(tc, ARGUMENTS("r.db"), "shmcheck-verdict: 'r.db' is being written to\n");
	database_execute(db, "COMMIT");
	database_execute(db, "DROP TABLE test_results");
	sqlite3_close(db);
	verdict_error(tc, ARGUMENTS("r.db"), "shmcheck-verdict: 'r.db' is not a results database of Kyua\n");
	ATF_REQUIRE_EQ(0, truncate("r.db", 1000));
	verdict_error(tc, ARGUMENTS("r.db"), "shmcheck-verdict: 'r.db' is damaged\n");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, platform);
	ATF_TP_ADD_TC(tp, program_metadata);
	ATF_TP_ADD_TC(tp, bare_programs);
	ATF_TP_ADD_TC(tp, cut_short);
	ATF_TP_ADD_TC(tp, no_results);
	ATF_TP_ADD_TC(tp, unreadable);
	return atf_no_error();
}
