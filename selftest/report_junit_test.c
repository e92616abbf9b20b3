/* SPDX-License-Identifier: BSD-2-Clause */

/* shmcheck-report --format=junit. selftest/report/check validates it against a schema. */

#include "report_run.h"
#include "test.h"

TEST(suite, "A program is a suite, with its platform, its time and what its cases count")
{
	results_write("r.txt",
	    "Format: shmcheck-results 1\nPlatform: Linux 6.1\n\n"
	    "Program: tests/sysv/x_test\nCase: a\nResult: passed\nStart: 1796077826000000\nEnd: 1796077827500000\n\n"
	    "Program: tests/sysv/x_test\nCase: b\nResult: failed\nStart: 1796077825000000\nEnd: 1796077825250000\n\n"
	    "Program: y_test\nCase: c\nResult: skipped\n\n");
	report_write(tc, ARGUMENTS("--format=junit", "r.txt"), 0);
	HAS("<?xml version='1.0' encoding='UTF-8'?>\n"
	    "<testsuites name='shmcheck' tests='3' failures='1' errors='0' time='1.750'>\n"
	    " <testsuite name='tests/sysv/x_test' tests='2' failures='1' errors='0' time='1.750' skipped='0' "
	    "timestamp='2026-11-30T22:30:25'>\n  <properties>\n"
	    "   <property name='platform' value='Linux 6.1'/>\n  </properties>\n"
	    "  <testcase classname='tests.sysv.x_test' name='a' time='1.500000'>\n");
	HAS(" <testsuite name='y_test' tests='1' failures='0' errors='0' time='0.000' skipped='1'>\n");
}

TEST(case_properties, "Requirement, level, source and sentence are properties of the case, and what it observed")
{
	results_write("r.txt",
	    RESULTS_HEAD
	    "Program: x_test\nCase: a\nRequirement: r.one r.two\nLevel: MAY\nSource: A; B\nPromise: <s> & \"t\"\n"
	    "Result: passed\nOutput: observed: k = v\n\n");
	report_write(tc, ARGUMENTS("--format=junit", "r.txt"), 0);
	HAS("   <properties>\n    <property name='requirement' value='r.one r.two'/>\n"
	    "    <property name='level' value='MAY'/>\n    <property name='source' value='A; B'/>\n"
	    "    <property name='sentence' value='&lt;s&gt; &amp; &quot;t&quot;'/>\n"
	    "    <property name='outcome' value='holds'/>\n    <property name='observed.k' value='v'/>\n"
	    "   </properties>\n   <system-out>observed: k = v</system-out>\n  </testcase>\n");
}

TEST(outcomes, "A failure is one, a broken case is an error, a skip or an expected failure is skipped, with its type")
{
	results_write("r.txt",
	    RESULTS_HEAD
	    "Program: x_test\nCase: a\nLevel: SHALL\nSource: S\nPromise: P\nResult: failed\nReason: it is 1\n"
	    "Errors: *** Check failed: a.c:2: it is 2\n\n"
	    "Program: x_test\nCase: b\nResult: broken\nReason: Premature exit\n\n"
	    "Program: x_test\nCase: c\nResult: skipped\nReason: no SHM\n\n"
	    "Program: x_test\nCase: d\nResult: expected_failure\nReason: Linux: d\n\n"
	    "Program: x_test\nCase: e\nResult: expected_failure\nReason: known defect of Linux: e\n\n"
	    "Program: x_test\nCase: f\nResult: failed\nReason: f\n\n");
	results_write("e.txt", "x_test:f fails\n");
	report_write(tc, ARGUMENTS("--format=junit", "--expect=e.txt", "r.txt"), 0);
	HAS("tests='6' failures='1' errors='1' time='0.000' skipped='4'>");
	HAS("   <failure type='SHALL' message='it is 1'>Promised: P\nBy: S\nSeen: it is 1\na.c:2: it is 2\n</failure>\n"
	    "   <system-err>*** Check failed: a.c:2: it is 2</system-err>\n");
	HAS("   <error type='broken' message='the case broke (no result): Premature exit'>");
	HAS("   <skipped type='shmcheck.skipped' message='no SHM'/>\n");
	HAS("   <skipped type='shmcheck.deviation' message='documented deviation: Linux: d'/>\n");
	HAS("   <skipped type='shmcheck.defect' message='known defect: Linux: e'/>\n");
	HAS("   <skipped type='shmcheck.expected' message='expected failure: f'/>\n");
}

TEST(several, "Of several runs, suites and classes have the platform in their names")
{
	results_write("r.txt", RESULTS_HEAD "Program: tests/x_test\nCase: a\nResult: passed\n\n");
	report_write(tc, ARGUMENTS("--format=junit", "--name=A 1.2", "r.txt", "--name=B", "r.txt"), 0);
	HAS("<testsuite name='A 1.2: tests/x_test'");
	HAS("<testcase classname='A 1_2.tests.x_test' name='a'");
	HAS("<testcase classname='B.tests.x_test' name='a'");
}

TEST(cut_short, "A run that was cut short has an error, even if no case fails")
{
	results_write("r.txt", "Format: shmcheck-results 1\nCases: 9\n\nProgram: x_test\nCase: a\nResult: passed\n\n");
	report_write(tc, ARGUMENTS("--format=junit", "r.txt"), 0);
	HAS("<testsuites name='shmcheck' tests='2' failures='0' errors='1' ");
	HAS("<error type='shmcheck.cut-short' message='The run was cut short: 1 of 9 cases has a result.'>");
}

TEST(any_bytes, "Bytes that XML cannot have are written as \\xNN")
{
	static const char bytes[] = "Format: shmcheck-results 1\n\nProgram: x_test\nCase: a\nResult: failed\n"
				    "Reason: \033[1m \xff\nOutput: nul \0 ]]>\n+ \ttab\n\n";

	results_write_bytes("r.txt", bytes, sizeof(bytes) - 1);
	report_write(tc, ARGUMENTS("--format=junit", "r.txt"), 0);
	HAS("message='\\x1b[1m \\xff'");
	HAS("<system-out>nul \\x00 ]]&gt;\n\ttab</system-out>");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, suite);
	ATF_TP_ADD_TC(tp, case_properties);
	ATF_TP_ADD_TC(tp, outcomes);
	ATF_TP_ADD_TC(tp, several);
	ATF_TP_ADD_TC(tp, cut_short);
	ATF_TP_ADD_TC(tp, any_bytes);
	return atf_no_error();
}
