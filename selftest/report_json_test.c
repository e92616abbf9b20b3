/* SPDX-License-Identifier: BSD-2-Clause */

/* shmcheck-report --format=json. selftest/report/check validates it against its schema. */

#include <stdlib.h>
#include <string.h>

#include "report_run.h"
#include "test.h"

#define JSON(...) ARGUMENTS("--format=json", __VA_ARGS__)

TEST(case_line, "A line has all that is recorded of a case, with requirements, sources and choices as lists")
{
	results_write("r.txt",
	    "Format: shmcheck-results 1\n"
	    "Platform: Linux 6.1, glibc 2.36, gcc 12, x86_64, page size 4096, SHMLBA 4096\n"
	    "Cases: 3\n\n"
	    "Program: tests/sysv/x_test\nCase: one\nRequirement: shmget.one shmget.two\nLevel: MAY\n"
	    "Source: POSIX.1-2017 shmget() ERRORS; Linux shmget(2)\nPromise: It works\nResult: passed\n"
	    "Start: 1796077825000001\nEnd: 1796077826100001\nOutput: observed: shmget.size = 5 = five\n+ chatter\n\n");

	report_write(tc, JSON("r.txt"), 0);
	HAS("{'type':'run','format':1,'generator':'shmcheck-report','version':'");
	HAS("','run':'Linux 6.1, x86_64','platform':'Linux 6.1, glibc 2.36, gcc 12, x86_64, page size 4096, "
	    "SHMLBA 4096','asked':3,'ended':1,'totals':{'holds':1,'deviates':0,'defect':0,'fails':0,'broken':0,"
	    "'skipped':0},'start':'2026-11-30T22:30:25.000001Z','end':'2026-11-30T22:30:26.100001Z'}\n");
	HAS("{'type':'case','run':'Linux 6.1, x86_64','program':'tests/sysv/x_test','case':'one','area':'sysv',"
	    "'requirements':['shmget.one','shmget.two'],'level':'MAY',"
	    "'sources':['POSIX.1-2017 shmget() ERRORS','Linux shmget(2)'],'sentence':'It works','outcome':'holds',"
	    "'observed':{'shmget.size':'5 = five'},'start':'2026-11-30T22:30:25.000001Z','duration':1.100000,"
	    "'output':'observed: shmget.size = 5 = five\\nchatter'}\n");
}

TEST(outcomes, "Each outcome has a name of its own, and a failure tells what was seen")
{
	results_write("r.txt",
	    RESULTS_HEAD
	    "Program: x_test\nCase: a\nResult: expected_failure\nReason: Linux rounds\n\n"
	    "Program: x_test\nCase: b\nResult: expected_failure\nReason: known defect of Linux: it loses one\n\n"
	    "Program: x_test\nCase: c\nResult: failed\nReason: two checks; see output for more details\n"
	    "Errors: *** Check failed: c.c:1: first\n+ *** Check failed: c.c:2: second\n\n"
	    "Program: x_test\nCase: d\nResult: broken\nReason: Premature exit; test case received signal 11\n\n"
	    "Program: x_test\nCase: e\nResult: skipped\nReason: no SHM\n\n");

	report_write(tc, JSON("r.txt"), 0);
	HAS("'totals':{'holds':0,'deviates':1,'defect':1,'fails':1,'broken':1,'skipped':1}}\n");
	SHOWN("\"case\":\"a\".*\"outcome\":\"deviates\",\"reason\":\"Linux rounds\"\\}$");
	SHOWN("\"case\":\"b\".*\"outcome\":\"defect\",\"reason\":\"known defect of Linux: it loses one\"\\}$");
	SHOWN("\"case\":\"c\".*\"outcome\":\"fails\",");
	HAS("'seen':'two checks\\nc.c:1: first\\nc.c:2: second',");
	SHOWN("\"case\":\"d\".*\"outcome\":\"broken\",.*\"seen\":\"the case broke \\(crash\\): Premature exit");
	SHOWN("\"case\":\"e\".*\"outcome\":\"skipped\",\"reason\":\"no SHM\"\\}$");
}

TEST(any_bytes, "Bytes that are no text are written as \\xNN; ends of lines stay")
{
	static const char bytes[] = "Format: shmcheck-results 1\n\n"
				    "Program: x_test\nCase: a\nResult: failed\n"
				    "Reason: \033[1m \"quoted\" \\ \xff\xfe\nErrors: nul \0 \xed\xa0\x80\n+ \ttab\n\n";

	results_write_bytes("r.txt", bytes, sizeof(bytes) - 1);
	report_write(tc, JSON("r.txt"), 0);
	HAS("'reason':'\\\\x1b[1m \\'quoted\\' \\\\ \\\\xff\\\\xfe'");
	HAS("'errors':'nul \\\\x00 \\\\xed\\\\xa0\\\\x80\\n\\ttab'");
}

TEST(expected_outcome, "With --expect, a line tells the outcome that was expected")
{
	results_write("r.txt",
	    RESULTS_HEAD "Program: x_test\nCase: a\nResult: failed\nReason: r\n\n"
			 "Program: x_test\nCase: b\nResult: passed\n\n");
	results_write("e.txt", "x_test:a fails\n");
	report_write(tc, JSON("--expect=e.txt", "r.txt"), 0);
	SHOWN("\"case\":\"a\".*\"outcome\":\"fails\",\"expected\":\"fails\"");
	SHOWN("\"case\":\"b\".*\"outcome\":\"holds\",\"expected\":\"holds\"");
}

TEST(proof, "With --violations, a line names what proves the case")
{
	results_write("r.txt",
	    RESULTS_HEAD "Program: x_test\nCase: a\nResult: passed\n\n"
			 "Program: x_test\nCase: b\nResult: passed\n\n");
	results_write("v.tsv",
	    "first\tr\ti\tfailed\t-\tx_test:a y_test:b\n"
	    "second\tr\ti\tfailed\t-\tx_test:a\n");
	report_write(tc, JSON("--violations=v.tsv", "r.txt"), 0);
	SHOWN("\"case\":\"a\".*\"violations\":\\[\"first\",\"second\"\\]");
	SHOWN("\"case\":\"b\".*\"violations\":\\[\\]");
}

TEST(several, "Of several runs, each has its line and those of its cases")
{
	results_write("r.txt", RESULTS_HEAD "Program: x_test\nCase: a\nResult: passed\n\n");
	report_write(tc, JSON("--name=one", "r.txt", "--name=two", "r.txt"), 0);
	char *lines = file_contents("out");
	const char *one = strstr(lines, "\"type\":\"case\",\"run\":\"one\"");
	ATF_REQUIRE(one != NULL);
	const char *two = strstr(one, "\"run\":\"two\",\"asked\"");
	ATF_REQUIRE(two != NULL);
	ATF_CHECK(strstr(two, "\"type\":\"case\",\"run\":\"two\"") != NULL);
	free(lines);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, case_line);
	ATF_TP_ADD_TC(tp, outcomes);
	ATF_TP_ADD_TC(tp, any_bytes);
	ATF_TP_ADD_TC(tp, expected_outcome);
	ATF_TP_ADD_TC(tp, proof);
	ATF_TP_ADD_TC(tp, several);
	return atf_no_error();
}
