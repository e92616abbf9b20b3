/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * shmcheck-verdict knows some things by the words of lib/ and by the fields of the runner's file. Here they come from lib/ and
 * from the runner, so that neither can change them alone.
 */

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include <atf-c.h>

#include "runner_run.h"
#include "test.h"
#include "verdict_run.h"

TEST(reasons, "The verdict tells deviations, known defects and cases for other platforms as lib/ writes them")
{
	make_bundle(tc);
	ATF_CHECK_EQ(0,
	    run_suite("--results r specimen:holds specimen:deviates_as_documented specimen:has_a_defect "
		      "specimen:promised_elsewhere specimen:promised_since_new_version specimen:needs_another_platform "
		      "specimen:lacks_something"));
	verdict_page(tc, ARGUMENTS("r"), 0);
	SHOWN("^Known defects$");
	SHOWN("^  specimen:has_a_defect$");
	SHOWN("^      [A-Za-z]+ since 1\\.0: one is one \\(findings\\): ");
	SHOWN("^Documented deviations$");
	SHOWN("^  specimen:deviates_as_documented$");
	SHOWN("^     3  for other platforms");
	SHOWN("^     1  no moon today$");
	SHOWN("^1 of 7 cases holds, 1 deviates as documented, 1 fails by a known defect, 4 are skipped\\.$");
}

TEST(failures, "What lib/ adds to a failure for other readers is not on the page twice")
{
	make_bundle(tc);
	ATF_CHECK_EQ(1, run_suite("--results r specimen:fails__twice specimen:has_a_defect_no_longer"));
	verdict_page(tc, ARGUMENTS("r"), 1);
	SHOWN("^      promised     One is two and three$");
	SHOWN("^      seen         .*\\(and 1 more\\)$");
	SHOWN("^      seen         the known defect no longer occurs: ");
	NOT_SHOWN("Promised: ");
	NOT_SHOWN("By: ");
	NOT_SHOWN("^Known defects$");
}

/* Add areas_test to the bundle, and return the words that run it without System V segments. */
static const char *
without_segments(const atf_tc_t *tc)
{
	static char words[PATH_MAX];
	char path[PATH_MAX];

	snprintf(words, sizeof(words), "%s/hygiene/filtered", atf_tc_get_config_var(tc, "srcdir"));
	if (access(words, X_OK) == -1)
		atf_tc_skip("the filter of system calls is for Linux");
	snprintf(words + strlen(words), sizeof(words) - strlen(words), " sysv-ENOSYS");
	snprintf(path, sizeof(path), "%s/../tests/areas_test", atf_tc_get_config_var(tc, "srcdir"));
	ATF_REQUIRE(mkdir("suite/tests", 0755) == 0);
	ATF_REQUIRE(symlink(path, "suite/tests/areas_test") == 0);
	atf_utils_create_file("suite/programs", "tests/areas_test\nspecimen\n");
	return words;
}

TEST(areas, "The verdict tells an area that areas_test misses, and one that it misses although it is claimed")
{
	make_bundle(tc);
	const char *words = without_segments(tc);
	ATF_CHECK_EQ(0, run_suite("--results r --under '%s' tests/areas_test", words));
	verdict_page(tc, ARGUMENTS("r"), 0);
	SHOWN("^Not looked at      System V segments: shmget\\(\\) fails with ENOSYS$");
	ATF_CHECK_EQ(1, run_suite("--results r --require sysv --under '%s' specimen:holds", words));
	verdict_page(tc, ARGUMENTS("r"), 1);
	SHOWN("^Claimed, missing   System V segments: shmget\\(\\) fails with ENOSYS$");
	NOT_SHOWN("^Failures$");
}

TEST(platform, "The verdict has the platform from the runner's file, whatever the cases are")
{
	make_bundle(tc);
	ATF_CHECK_EQ(0, run_suite("--results r specimen:holds"));
	verdict_page(tc, ARGUMENTS("r"), 0);
	SHOWN("^[A-Za-z]+ [0-9].*, page size [0-9]+");
	NOT_SHOWN("cut short");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, reasons);
	ATF_TP_ADD_TC(tp, failures);
	ATF_TP_ADD_TC(tp, areas);
	ATF_TP_ADD_TC(tp, platform);
	return atf_no_error();
}
