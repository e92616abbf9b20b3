/* SPDX-License-Identifier: BSD-2-Clause */

/* shmcheck-verdict: which areas a run looked at, and what it says of those that a platform lacks. */

#include <atf-c.h>

#include "test.h"
#include "verdict_run.h"

#define FORMAT                         "Format: shmcheck-results 1\n\n"
#define RESULT(program, name, type)    "Program: tests/" program "\nCase: " name "\nResult: " type "\n"
#define PASSED(program)                RESULT(program, "fine", "passed") "\n"
#define SKIPPED(program, name, reason) RESULT(program, name, "skipped") "Reason: " reason "\n\n"

#define ALL_FOUR PASSED("sysv/x_test") PASSED("posix/x_test") PASSED("mmap/x_test") PASSED("sync/x_test")

static void
run(const atf_tc_t *tc, const char *results, int status)
{
	atf_utils_create_file("r.txt", "%s", results);
	verdict_page(tc, ARGUMENTS("r.txt"), status);
}

TEST(all_looked_at, "The page names the areas of which a case ran")
{
	run(tc, FORMAT ALL_FOUR PASSED("lifecycle/x_test"), 0);
	SHOWN("^Looked at          System V segments, POSIX objects, mmap and its family, synchronization$");
	NOT_SHOWN("^Not looked at");
	NOT_SHOWN("^Not chosen");
	SHOWN("^All 5 cases hold\\.$");
}

TEST(not_chosen, "An area of which a run has no case is not chosen, which does not count against the platform")
{
	run(tc, FORMAT PASSED("sysv/x_test"), 0);
	SHOWN("^Looked at          System V segments$");
	SHOWN("^Not chosen         POSIX objects, mmap and its family, synchronization$");
	SHOWN("^The only case holds\\.$");
	run(tc, FORMAT RESULT("areas_test", "mmap", "passed"), 0);
	SHOWN("^Not chosen         System V segments, POSIX objects, mmap and its family, synchronization$");
}

TEST(not_reached, "An area of which a run that was cut short has no case was not reached, chosen or not")
{
	run(tc, "Format: shmcheck-results 1\nCases: 9\n\n" PASSED("sysv/x_test"), 2);
	SHOWN("^Looked at          System V segments$");
	SHOWN("^Not reached        POSIX objects, mmap and its family, synchronization$");
	NOT_SHOWN("^Not chosen");
}

TEST(only_skipped, "An area of which every case was skipped was not looked at, for the reason that most of them give")
{
	run(tc,
	    FORMAT PASSED("sysv/x_test") SKIPPED("posix/x_test", "a", "rare")
		SKIPPED("posix/x_test", "b", "no objects here") SKIPPED("posix/y_test", "c", "no objects here")
		    SKIPPED("posix/y_test", "d", "no manual of Linux promises this")
			SKIPPED("posix/y_test", "e", "no manual of Linux promises this")
			    SKIPPED("posix/y_test", "f", "no manual of Linux promises this"),
	    0);
	SHOWN("^Looked at          System V segments$");
	SHOWN("^Not looked at      POSIX objects: no objects here \\(6 cases skipped\\)$");
	SHOWN("^1 of 7 cases holds, 6 are skipped\\. Not looked at: POSIX objects\\.$");
}

TEST(only_for_others, "Where all cases of an area are for other platforms, that is the reason")
{
	run(tc, FORMAT SKIPPED("sync/x_test", "a", "this is for macOS") PASSED("sysv/x_test"), 0);
	SHOWN("^Not looked at      synchronization: this is for macOS \\(1 case skipped\\)$");
}

TEST(lacking, "What areas_test says of an area goes, even if some cases of it could do without")
{
	run(tc,
	    FORMAT ALL_FOUR SKIPPED("posix/x_test", "a", "no objects here")
		SKIPPED("areas_test", "objects", "the platform lacks objects: shm_open() fails with ENOSYS"),
	    0);
	SHOWN("^Looked at          System V segments, mmap and its family, synchronization$");
	SHOWN("^Not looked at      POSIX objects: shm_open\\(\\) fails with ENOSYS \\(1 case skipped\\)$");
	SHOWN("^4 of 6 cases hold, 2 are skipped\\. Not looked at: POSIX objects\\.$");
}

#define MISSING \
	RESULT("areas_test", "sysv", "failed") \
	"Reason: the platform is claimed to have sysv, and shmget() fails with ENOSYS\n\n"

TEST(claimed, "An area that is claimed and missing is one clear line, which comes first, and fails")
{
	run(tc,
	    FORMAT PASSED("mmap/x_test") MISSING SKIPPED("sysv/x_test", "a", "none")
		SKIPPED("sysv/x_test", "b", "none"),
	    1);
	SHOWN("^Claimed, missing   System V segments: shmget\\(\\) fails with ENOSYS \\(2 cases skipped\\)$");
	SHOWN("^1 of 4 cases FAILS, 1 holds, 2 are skipped\\. Claimed, missing: System V segments\\.$");
	NOT_SHOWN("^Failures$");
	NOT_SHOWN("areas_test:sysv");
	NOT_SHOWN("^Not looked at");
}

TEST(other_failure, "Another failure of areas_test is shown as that of any case")
{
	run(tc, FORMAT RESULT("areas_test", "sysv", "failed") "Reason: shmdt() gave 7\n\n" PASSED("sysv/x_test"), 1);
	SHOWN("^Looked at          System V segments$");
	SHOWN("^Failures$");
	SHOWN("^  tests/areas_test:sysv$");
	NOT_SHOWN("^Claimed");
}

TEST(expected, "A claimed area that is expected to be missing has its line too")
{
	atf_utils_create_file("e", "tests/areas_test:sysv fails\n");
	atf_utils_create_file("r.txt", "%s", FORMAT PASSED("mmap/x_test") MISSING);
	verdict_page(tc, ARGUMENTS("--expect", "e", "r.txt"), 0);
	SHOWN("^Claimed, missing   System V segments: shmget\\(\\) fails with ENOSYS$");
	SHOWN("^Failures as expected$");
}

TEST(not_built, "An area whose programs could not be built was not looked at")
{
	run(tc,
	    FORMAT PASSED("sysv/x_test")
		SKIPPED("posix/x_test", "__test_cases_list__", "not built here: undefined reference to shm_open"),
	    0);
	SHOWN(
	    "^Not looked at      POSIX objects: not built here: undefined reference to shm_open \\(1 case skipped\\)$");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, all_looked_at);
	ATF_TP_ADD_TC(tp, not_chosen);
	ATF_TP_ADD_TC(tp, not_reached);
	ATF_TP_ADD_TC(tp, only_skipped);
	ATF_TP_ADD_TC(tp, only_for_others);
	ATF_TP_ADD_TC(tp, lacking);
	ATF_TP_ADD_TC(tp, claimed);
	ATF_TP_ADD_TC(tp, other_failure);
	ATF_TP_ADD_TC(tp, expected);
	ATF_TP_ADD_TC(tp, not_built);
	return atf_no_error();
}
