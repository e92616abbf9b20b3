/* SPDX-License-Identifier: BSD-2-Clause */

/* What the matrix says of each check: that a violation fails it, or that none does. */

#include "matrix_build.h"
#include "test.h"

/* The case shmget_test:excl has two checks, of which the violation fails these. */
static void
add_checks(const char *lines_that_fail)
{
	add("selftest/violations/checks",
	    SHMGET "\t44\texcl:1\texcl\tCHECK(one);\n" SHMGET "\t45\texcl:2\texcl\tCHECK(two);\n");
	add("fails", lines_that_fail);
}

TEST(checks_fail, "All is well when a violation fails each check, and the data tell which")
{
	build();
	add_checks("shmget_ignores_excl 45\nshmget_ignores_excl 44\n");
	judges(tc, "18 passed, 0 failed, 0 skipped", WITH("--data", "data", "."));
	SHOWN("^checks: 2; failed by no violation: 0, and 0 for a reason ");
	ATF_CHECK(atf_utils_grep_file("\t" SHMGET ":excl\t" SHMGET ".c:44 " SHMGET ".c:45$", "data"));
}

TEST(check_never_fails, "A check that no violation fails is shown, in the table as well")
{
	build();
	add_checks("shmget_ignores_excl 45\n");
	judges(tc, "17 passed, 1 failed, 0 skipped", WITH("--table", "table", "."));
	SHOWN("^Not shown able to fail: no violation fails these checks");
	SHOWN("^    " SHMGET ".c:44 \\(excl:1\\): CHECK\\(one\\);$");
	ATF_CHECK(atf_utils_grep_file("^" SHMGET ".c:44: CHECK\\(one\\);$", "table"));
	judges(tc, "3 passed, 0 failed, 0 skipped", WITH(".", "shmget"));
	SHOWN("^These checks are failed by none of the violations chosen");
}

TEST(check_of_skipped_case, "A check of a case that is skipped here is not looked at")
{
	build();
	add_checks("");
	add("effects", "engine " SHMGET ":excl skipped\nnothing " SHMGET ":excl skipped\n");
	judges(tc, "13 passed, 0 failed, 3 skipped", WITH("."));
	SHOWN("^checks: 2; failed by no violation: 0, ");
}

TEST(check_excepted, "A check may be excepted, also one that fails here, but not one that there is not")
{
	build();
	add_checks("shmget_ignores_excl 45\n");
	add("selftest/violations/exceptions", SHMGET ":excl:1 a reason\n");
	judges(tc, "17 passed, 0 failed, 0 skipped", WITH("."));
	add("selftest/violations/exceptions", SHMGET ":excl:2 a reason\n" SHMGET ":excl:3 a reason\n");
	judges(tc, "16 passed, 1 failed, 0 skipped", WITH("."));
	SHOWN("^Exceptions that this machine does not need ");
	SHOWN("^Stray exceptions: ");
}

TEST(known_gap, "Checks that are known not to fail may become fewer, not more")
{
	build();
	add_checks("shmget_ignores_excl 45\n");
	add("selftest/violations/unfailed", SHMGET " 1\n");
	judges(tc, "17 passed, 0 failed, 1 skipped", WITH("."));
	add("fails", "shmget_ignores_excl 44\n");
	judges(tc, "18 passed, 1 failed, 0 skipped", WITH("."));
	SHOWN("^    " SHMGET ": 0 of 1$");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, checks_fail);
	ATF_TP_ADD_TC(tp, check_never_fails);
	ATF_TP_ADD_TC(tp, check_of_skipped_case);
	ATF_TP_ADD_TC(tp, check_excepted);
	ATF_TP_ADD_TC(tp, known_gap);
	return atf_no_error();
}
