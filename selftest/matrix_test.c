/* SPDX-License-Identifier: BSD-2-Clause */

/* The matrix's judgements can fail: each test spoils one thing of a build in which all holds. */

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "matrix_build.h"
#include "test.h"

TEST(all_holds, "Where all holds the status is 0, and the page is short")
{
	build();
	judges(tc, "16 passed, 0 failed, 0 skipped", WITH("--table", "table", "--data", "data", "."));
	SHOWN("^shmget +1 +1 +2$");
	SHOWN("^3 violations, 4 cases, 21 runs, ");
	NOT_SHOWN(":$");
	ATF_CHECK(atf_utils_grep_file("^shmget_ignores_excl +shmget.excl +1 +0 +0  shmget_test:excl$", "table"));
	ATF_CHECK(
	    atf_utils_grep_file("^shmget_ignores_excl\tshmget.excl\tshmget\tskipped\t-\t" SHMGET ":excl\t$", "data"));
}

TEST(not_neutral, "A case that ends otherwise with the engine is not neutral")
{
	build();
	add("effects", "engine " SHMGET ":limit failed\nnothing " SHMGET ":limit skipped\n");
	judges(tc, "15 passed, 1 failed, 0 skipped", WITH("."));
	SHOWN("^Not neutral: ");
	SHOWN("^    " SHMGET ":limit$");
	SHOWN("^ +with: +failed: seen by limit$");
}

TEST(other_reason, "A case that is skipped for another reason with the engine is not neutral")
{
	build();
	add("effects", "engine " SHMGET ":limit skipped_again\nnothing " SHMGET ":limit skipped\n");
	judges(tc, "15 passed, 1 failed, 0 skipped", WITH("."));
	SHOWN("^ +without: skipped: seen by limit$");
	SHOWN("^ +with: +skipped: seen by limit again$");
}

TEST(broken_anyhow, "A case that has no verdict even without a violation is said, whatever its level")
{
	build();
	add("cases", SHMGET ":size SHALL shmget.size\n");
	add("effects",
	    "engine " SHMGET ":limit crashed\nnothing " SHMGET ":limit crashed\nengine " SHMGET
	    ":size crashed\nnothing " SHMGET ":size crashed\nshmget_ignores_excl " SHMGET ":limit crashed\n");
	judges(tc, "15 passed, 2 failed, 1 skipped", WITH("."));
	SHOWN("^Broken: ");
	SHOWN("^    " SHMGET ":limit: signal 9 ended it without a result$");
	SHOWN("^    " SHMGET ":size: signal 9 ended it without a result$");
	NOT_SHOWN("^    shmget_ignores_excl: ");
}

TEST(not_seen, "A violation must be seen by its direct check")
{
	build();
	add("effects", "shmget_ignores_excl visible unseen\n");
	judges(tc, "15 passed, 1 failed, 0 skipped", WITH("."));
	SHOWN("^Not real: ");
	SHOWN("^    shmget_ignores_excl: its check does not see it");
}

TEST(always_seen, "A violation must not be seen without the engine")
{
	build();
	add("effects", "shmget_ignores_excl visible always_seen\n");
	judges(tc, "15 passed, 1 failed, 0 skipped", WITH("."));
	SHOWN("^Not real: ");
	SHOWN("^    shmget_ignores_excl: its check sees it without the engine too$");
}

TEST(check_breaks, "A direct check that crashes has seen nothing, nor has it seen that there is nothing")
{
	build();
	add("effects", "shmget_ignores_excl visible crashed\n");
	judges(tc, "15 passed, 1 failed, 0 skipped", WITH("."));
	SHOWN("^    shmget_ignores_excl: its check breaks: signal 9 ended it$");
	SHOWN("^    shmget_ignores_excl: its check breaks without the engine: signal 9 ended it$");
}

TEST(not_caught, "A violation that no case fails is not caught, and its case not shown able to fail")
{
	build();
	add("effects", "shmget_ignores_excl " SHMGET ":excl passed\n");
	judges(tc, "13 passed, 3 failed, 0 skipped", WITH("."));
	SHOWN("^Not caught: ");
	SHOWN("^    shmget_ignores_excl \\(shmget.excl\\); cases that meet its condition: 1$");
	SHOWN("^Not precise: these fail no case of their requirement");
	SHOWN("^    shmget_ignores_excl: shmget.excl, of whose cases 1 hold$");
	SHOWN("^Not shown able to fail: ");
	SHOWN("^    " SHMGET ": excl$");
}

TEST(caught_beside,
    "A violation that fails only cases of other requirements of its interface is caught, but not precise")
{
	build();
	add("effects", "shmget_ignores_excl " SHMGET ":limit failed\nshmget_ignores_excl " SHMGET ":excl passed\n");
	judges(tc, "14 passed, 2 failed, 0 skipped", WITH("."));
	NOT_SHOWN("^Not caught: ");
	SHOWN("^Not precise: these fail no case of their requirement");
	SHOWN("^    shmget_ignores_excl: shmget.excl, of whose cases 1 hold$");
	SHOWN("^Not shown able to fail: ");
}

TEST(caught_elsewhere, "A violation that fails cases of another interface alone is not caught")
{
	build();
	add("effects", "shmget_ignores_excl " SHMDT ":address failed\nshmget_ignores_excl " SHMGET ":excl passed\n");
	judges(tc, "13 passed, 3 failed, 0 skipped", WITH("."));
	SHOWN("^shmget_ignores_excl +shmget.excl +0 +0 +1  nothing, but it fails shmdt_test:address$");
	SHOWN("^Not caught: ");
	NOT_SHOWN("^Not precise: these fail cases of unrelated areas");
}

TEST(unrelated, "A violation that fails a case of an unrelated area is not precise")
{
	build();
	add("effects", "shmget_ignores_excl " SHMOPEN ":excl failed\n");
	judges(tc, "15 passed, 1 failed, 0 skipped", WITH("."));
	SHOWN("^Not precise: these fail cases of unrelated areas");
	SHOWN("^    shmget_ignores_excl \\(shmget.excl\\): " SHMOPEN ":excl: seen by excl$");
}

TEST(related_by_memory, "A case in memory of the violated kind is about that kind, wherever it is")
{
	build();
	add("cases", SHMOPEN ":held__segment MAY shm_open.held\n");
	add("effects", "shmget_ignores_excl " SHMOPEN ":held__segment failed\n");
	judges(tc, "17 passed, 0 failed, 0 skipped", WITH("."));
}

TEST(crashes, "A case that crashes under a violation has not failed by a check")
{
	build();
	add("effects", "shmget_ignores_excl " SHMGET ":excl crashed\n");
	judges(tc, "13 passed, 3 failed, 0 skipped", WITH("."));
	SHOWN("^Not caught: ");
	SHOWN("^Broken: ");
	SHOWN("^    shmget_ignores_excl: " SHMGET ":excl: signal 9 ended it without a result$");
}

TEST(silent, "A case that gives no result under a violation is an error, even if another one catches it")
{
	build();
	add("effects", "shmget_ignores_excl " SHMGET ":limit silent\n");
	judges(tc, "15 passed, 1 failed, 0 skipped", WITH("."));
	SHOWN("^Broken: ");
	SHOWN("^    shmget_ignores_excl: " SHMGET ":limit: it exited with status 0 without a result$");
}

TEST(unknown_requirement, "A violation of a requirement that no case has can be neither caught nor precise")
{
	build();
	add("rows", "shmctl_lies shmctl.truth\n");
	add("effects", "shmctl_lies " SHMOPEN ":excl failed\n");
	judges(tc, "17 passed, 2 failed, 0 skipped", WITH("."));
	SHOWN("^Unknown requirement: ");
	SHOWN("^    shmctl_lies: shmctl.truth$");
	SHOWN("^Not caught: ");
	NOT_SHOWN("^Not precise: ");
}

TEST(unable, "A SHALL case that nothing fails is not shown able to fail")
{
	build();
	add("cases", SHMGET ":size SHALL shmget.size\n");
	judges(tc, "17 passed, 1 failed, 0 skipped", WITH("."));
	SHOWN("^Not shown able to fail: ");
	SHOWN("^    " SHMGET ": size$");
}

TEST(exception, "A SHALL case that nothing fails may be excepted with a reason")
{
	build();
	add("cases", SHMGET ":size SHALL shmget.size\n");
	add("selftest/violations/exceptions", SHMGET ":size the kernel alone decides\n");
	judges(tc, "18 passed, 0 failed, 0 skipped", WITH("."));
	SHOWN("^cases that no violation can fail, each for a reason .*: 1$");
}

TEST(needless_exception, "An exception of a case that a violation fails is an error")
{
	build();
	add("selftest/violations/exceptions", SHMGET ":excl the kernel alone decides\n");
	judges(tc, "15 passed, 1 failed, 0 skipped", WITH("."));
	SHOWN("^Needless exceptions: ");
	SHOWN("^    " SHMGET ":excl: shmget_ignores_excl$");
}

TEST(stray_exceptions, "An exception of no case, and of one that needs none, is an error")
{
	build();
	add("selftest/violations/exceptions", SHMGET ":gone a reason\n" SHMGET ":limit a reason\n");
	judges(tc, "16 passed, 2 failed, 0 skipped", WITH("."));
	SHOWN("^Stray exceptions: ");
	SHOWN("^    " SHMGET ":gone$");
	SHOWN("^    " SHMGET ":limit$");
}

TEST(full, "The trace is believed, and a case that fails against it is found by --full")
{
	build();
	add("effects", "shmget_ignores_excl " SHMGET ":limit failed untraced\n");
	judges(tc, "16 passed, 0 failed, 0 skipped", WITH("."));
	judges(tc, "15 passed, 1 failed, 0 skipped", WITH("--full", "."));
	SHOWN("^Not traced: ");
	SHOWN("^    shmget_ignores_excl: " SHMGET ":limit: seen by limit$");
}

TEST(cannot_be_judged, "A violation whose cases are skipped here, or have failed already, is not judged, and named")
{
	build();
	add("effects",
	    "engine " SHMGET ":excl skipped\nnothing " SHMGET ":excl skipped\n"
	    "engine " SHMDT ":address failed\nnothing " SHMDT ":address failed\n");
	judges(tc, "11 passed, 0 failed, 5 skipped", WITH("."));
	SHOWN("^violations not judged, as no case of their requirement holds here: 2$");
	judges(tc, "1 passed, 0 failed, 2 skipped", WITH(".", "shmget"));
	SHOWN("^shmget_ignores_excl +shmget.excl +0 +0 +0  not judged: shmget_test:excl skipped$");
}

TEST(partial, "A violation, or those of an interface, is judged alone; its cases that nothing fails are listed")
{
	build();
	add("cases", SHMGET ":size SHALL shmdt.size shmget.size\n");
	add("effects", "shmdt_keeps_address " SHMDT ":address passed\n");
	judges(tc, "3 passed, 0 failed, 0 skipped", WITH(".", "shmget_ignores_excl"));
	NOT_SHOWN("size");
	judges(tc, "3 passed, 0 failed, 0 skipped", WITH(".", "shmget"));
	SHOWN("^    " SHMGET ": size$");
	judges(tc, "1 passed, 2 failed, 0 skipped", WITH(".", "shmdt_keeps_address"));
	SHOWN("^    shmdt_keeps_address \\(shmdt.address\\); cases that meet its condition: 1$");
}

TEST(unknown_argument, "An argument that names no violation and no interface is said")
{
	build();
	refuses(tc, "matrix: there is no violation and no interface 'shmgets'", WITH(".", "shmget", "shmgets"));
	refuses(tc, "matrix: there is no violation and no interface 'shmget.excl'", WITH(".", "shmget.excl"));
}

/* The line has the file's whole path in its middle. */
static void
refuses_file(const atf_tc_t *tc, const char *before, const char *file, const char *after)
{
	char directory[PATH_MAX];
	char line[2 * PATH_MAX];

	ATF_REQUIRE(getcwd(directory, sizeof(directory)) != NULL);
	snprintf(line, sizeof(line), "matrix: %s%s/%s%s", before, directory, file, after);
	refuses(tc, line, WITH("."));
}

TEST(no_engine, "Without the engine nothing can be judged")
{
	build();
	ATF_REQUIRE(unlink("selftest/violations/engine.so") == 0);
	refuses_file(tc, "no '", "selftest/violations/engine.so", "': run 'make matrix'");
}

TEST(no_direct_checks, "Without the direct checks nothing can be judged")
{
	build();
	ATF_REQUIRE(unlink("selftest/violations/visible") == 0);
	refuses_file(tc, "no '", "selftest/violations/visible", "': run 'make matrix'");
}

TEST(no_programs, "Without programs nothing can be judged")
{
	build();
	ATF_REQUIRE(rename("tests", "elsewhere") == 0);
	refuses_file(tc, "no programs in '", "tests", "': build them first");
}

TEST(no_cases, "A program without cases is said")
{
	build();
	ATF_REQUIRE(link(SHMGET, "tests/sysv/empty_test") == 0);
	refuses_file(tc, "", "tests/sysv/empty_test", " lists no case");
}

TEST(no_requirement, "A case without a requirement is said")
{
	build();
	add("cases", SHMGET ":nothing SHALL\n");
	refuses(tc, "matrix: " SHMGET ":nothing has no requirement", WITH("."));
}

TEST(no_reason, "An exception without a reason is said")
{
	build();
	add("selftest/violations/exceptions", SHMGET ":limit\n");
	refuses(tc, "matrix: selftest/violations/exceptions: no reason: '" SHMGET ":limit'", WITH("."));
}

TEST(same_name, "Two violations of one name are said")
{
	build();
	add("rows", "shmget_ignores_excl shmget.excl-limit\n");
	refuses(tc, "matrix: two violations are named 'shmget_ignores_excl'", WITH("."));
}

TEST(unknown_trace, "A violation that the engine knows and the direct checks do not is said")
{
	build();
	add("effects", "shmget_lies " SHMGET ":excl failed\n");
	refuses(tc, "matrix: the engine traces 'shmget_lies', which 'visible -l' does not list", WITH("."));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, all_holds);
	ATF_TP_ADD_TC(tp, not_neutral);
	ATF_TP_ADD_TC(tp, other_reason);
	ATF_TP_ADD_TC(tp, broken_anyhow);
	ATF_TP_ADD_TC(tp, not_seen);
	ATF_TP_ADD_TC(tp, always_seen);
	ATF_TP_ADD_TC(tp, check_breaks);
	ATF_TP_ADD_TC(tp, not_caught);
	ATF_TP_ADD_TC(tp, caught_beside);
	ATF_TP_ADD_TC(tp, caught_elsewhere);
	ATF_TP_ADD_TC(tp, unrelated);
	ATF_TP_ADD_TC(tp, related_by_memory);
	ATF_TP_ADD_TC(tp, crashes);
	ATF_TP_ADD_TC(tp, silent);
	ATF_TP_ADD_TC(tp, unknown_requirement);
	ATF_TP_ADD_TC(tp, unable);
	ATF_TP_ADD_TC(tp, exception);
	ATF_TP_ADD_TC(tp, needless_exception);
	ATF_TP_ADD_TC(tp, stray_exceptions);
	ATF_TP_ADD_TC(tp, full);
	ATF_TP_ADD_TC(tp, cannot_be_judged);
	ATF_TP_ADD_TC(tp, partial);
	ATF_TP_ADD_TC(tp, unknown_argument);
	ATF_TP_ADD_TC(tp, no_engine);
	ATF_TP_ADD_TC(tp, no_direct_checks);
	ATF_TP_ADD_TC(tp, no_programs);
	ATF_TP_ADD_TC(tp, no_cases);
	ATF_TP_ADD_TC(tp, no_requirement);
	ATF_TP_ADD_TC(tp, no_reason);
	ATF_TP_ADD_TC(tp, same_name);
	ATF_TP_ADD_TC(tp, unknown_trace);
	return atf_no_error();
}
