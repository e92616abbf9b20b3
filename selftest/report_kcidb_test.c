/* SPDX-License-Identifier: BSD-2-Clause */

/* shmcheck-report --format=kcidb and index. selftest/report/check validates them against schemas. */

#include "report_run.h"
#include "test.h"

#define KCIDB(...) ARGUMENTS("--format=kcidb", __VA_ARGS__)

#define ONE \
	"Format: shmcheck-results 1\nPlatform: Linux 6.1, glibc 2.36, gcc 12, x86_64, page size 4096, SHMLBA 4096\n\n" \
	"Program: tests/sysv/x_test\nCase: one\nResult: passed\nStart: 1796077825000001\nEnd: 1796077826100001\n\n"

#define DEFECT \
	RESULTS_HEAD "Program: tests/sysv/x_test\nCase: one\nPromise: Keys stay\nResult: expected_failure\n" \
		     "Reason: known defect of Linux: it loses a key\n\n"

TEST(build, "Without --kcidb-build, a run has a checkout and a build of its own, by the platform's name")
{
	results_write("r.txt", ONE);
	report_write(tc, KCIDB("r.txt"), 0);
	HAS("'version':{'major':5,'minor':0},\n'checkouts':[{'id':'shmcheck:Linux-6.1--x86_64','origin':'shmcheck','"
	    "comment':'Linux 6.1'}");
	HAS("'id':'shmcheck:Linux-6.1--x86_64','origin':'shmcheck','checkout_id':'shmcheck:Linux-6.1--x86_64',");
	HAS("'architecture':'x86_64'");
	HAS("'id':'shmcheck:Linux-6.1--x86_64:1796077825000001:tests/sysv/"
	    "x_test:one','origin':'shmcheck','build_id':'shmcheck:Linux-6.1--x86_64','path':'shmcheck.sysv.x_test.one',"
	    "'status':'PASS',");
	HAS("'start_time':'2026-11-30T22:30:25.000001Z','duration':1.100000,");
}

TEST(options, "--kcidb-origin says who submits, --kcidb-build on which build the tests ran, which is then somebody's")
{
	results_write("r.txt", ONE);
	report_write(tc, KCIDB("--kcidb-origin=my_ci", "--kcidb-build=maestro:65f", "r.txt"), 0);
	HAS("'checkouts':[],\n'builds':[],\n");
	HAS("'id':'my_ci:Linux-6.1--x86_64:1796077825000001:tests/sysv/"
	    "x_test:one','origin':'my_ci','build_id':'maestro:65f',");
}

TEST(wrong_options, "What the schema does not allow, or another format has no use for, is an error of one line")
{
	results_write("r.txt", ONE);
	report_error(tc, KCIDB("--kcidb-origin=My CI", "r.txt"),
	    "shmcheck-report: --kcidb-origin is 'My CI': lower-case letters, digits and underscores only\n");
	report_error(
	    tc, KCIDB("--kcidb-build=65f", "r.txt"), "shmcheck-report: --kcidb-build is '65f', and not ORIGIN:ID\n");
	report_error(tc, KCIDB("--kcidb-build=a:b", "--name=a", "r.txt", "--name=b", "r.txt"),
	    "shmcheck-report: --kcidb-build is for one run; try --help\n");
	report_error(tc, ARGUMENTS("--format=json", "--kcidb-build=a:b", "r.txt"),
	    "shmcheck-report: --kcidb-origin and --kcidb-build are for the format kcidb; try --help\n");
}

TEST(known_defect, "A known defect is a failure with an issue, which is one for all runs, and an incident for each")
{
	results_write("r.txt", DEFECT);
	report_write(tc, KCIDB("--name=a", "r.txt", "--name=b", "r.txt"), 0);
	HAS("'issues':[{'id':'shmcheck:shmcheck.sysv.x_test.one','origin':'shmcheck','version':1,'report_subject':'"
	    "Linux: it loses a key','culprit':{'code':true,'tool':false,'harness':false},'comment':'Keys stay'}],");
	HAS("'id':'shmcheck:b:0:tests/sysv/"
	    "x_test:one:defect','origin':'shmcheck','issue_id':'shmcheck:shmcheck.sysv.x_test.one','issue_version':1,'"
	    "test_id':'shmcheck:b:0:tests/sysv/x_test:one','present':true");
}

TEST(statuses, "A deviation is DONE, a broken case an ERROR, and a run that was cut short has a MISS")
{
	results_write("r.txt",
	    "Format: shmcheck-results 1\nCases: 9\n\n"
	    "Program: x_test\nCase: a\nResult: expected_failure\nReason: Linux: so\n\n"
	    "Program: x_test\nCase: b\nResult: broken\nReason: Premature exit\n\n"
	    "Program: x_test\nCase: c d\nResult: skipped\nReason: no SHM\n\n");
	report_write(tc, KCIDB("--name=n", "r.txt"), 0);
	HAS("'path':'shmcheck.x_test.a','status':'DONE','log_excerpt':'Linux: so',");
	HAS("'path':'shmcheck.x_test.b','status':'ERROR',");
	HAS("'path':'shmcheck.x_test.c-d','status':'SKIP',");
	HAS("'path':'shmcheck','status':'MISS','comment':'The run was cut short: 3 of 9 cases have a result.'");
}

TEST(index, "From a source to its requirements, to their cases, to the violations that these find")
{
	results_write("r.txt",
	    RESULTS_HEAD "Program: tests/sysv/x_test\nCase: a\nRequirement: r.one\nLevel: SHALL\nSource: B; A\n"
			 "Promise: P\nResult: failed\n\n"
			 "Program: tests/sysv/x_test\nCase: b\nRequirement: r.one r.two\nSource: A\nResult: passed\n\n"
			 "Program: tests/sysv/x_test\nCase: c\nResult: passed\n\n");
	results_write("v.tsv", "breaks\tr\ti\tfailed\t-\ttests/sysv/x_test:b\n");
	report_write(tc, ARGUMENTS("--format=index", "--violations=v.tsv", "r.txt"), 0);
	HAS("'sources':[{'source':'A','requirements':[{'requirement':'r.one','area':'sysv','cases':['tests/sysv/"
	    "x_test:a','tests/sysv/x_test:b']},{'requirement':'r.two','area':'sysv','cases':['tests/sysv/"
	    "x_test:b']}]},{'source':'B',");
	HAS("{'case':'tests/sysv/x_test:a','level':'SHALL','sentence':'P','violations':[]},{'case':'tests/sysv/"
	    "x_test:b','violations':['breaks']},{'case':'tests/sysv/x_test:c',");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, build);
	ATF_TP_ADD_TC(tp, options);
	ATF_TP_ADD_TC(tp, wrong_options);
	ATF_TP_ADD_TC(tp, known_defect);
	ATF_TP_ADD_TC(tp, statuses);
	ATF_TP_ADD_TC(tp, index);
	return atf_no_error();
}
