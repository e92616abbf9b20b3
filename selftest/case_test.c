/* SPDX-License-Identifier: BSD-2-Clause */

/* How a case ends, depending on its checks and its children; and the metadata of a case. */

#include <stdio.h>
#include <string.h>

#include <sys/wait.h>

#include "specimen_run.h"

/* A specimen, and how its result must begin and what it must contain. */
struct expected_end {
	const char *name;
	const char *begins;
	const char *contains;
};

static void
check_end(const atf_tc_t *tc, const struct expected_end *e)
{
	struct specimen s = specimen_run(tc, e->name);
	bool fails = strncmp(e->begins, "failed", 6) == 0;

	ATF_CHECK_MSG(strncmp(s.result, e->begins, strlen(e->begins)) == 0, "%s ended with %s", e->name, s.result);
	ATF_CHECK_MSG(strstr(s.result, e->contains) != NULL, "%s ended with %s", e->name, s.result);
	ATF_CHECK_MSG(
	    WIFEXITED(s.status) && WEXITSTATUS(s.status) == (fails ? 1 : 0), "%s: status %d", e->name, s.status);
	if (fails)
		ATF_CHECK_MSG(strstr(s.errors, "Promised: ") != NULL && strstr(s.errors, "\nBy: ") != NULL, "%s: %s",
		    e->name, s.errors);
}

#define ENDINGS(name, description, ...) \
	ATF_TC(name); \
	ATF_TC_HEAD(name, tc) \
	{ \
		atf_tc_set_md_var(tc, "descr", description); \
	} \
	ATF_TC_BODY(name, tc) \
	{ \
		static const struct expected_end ends[] = { __VA_ARGS__ }; \
		for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) \
			check_end(tc, &ends[i]); \
	}

/* clang-format off */
ENDINGS(checks, "Failed checks fail the case, with the first one as the reason",
    { "holds", "passed", "" },
    { "fails__once", "failed: selftest/specimen.c:", "1 is 1, expected 2" },
    { "fails__twice", "failed: selftest/specimen.c:", "1 is 1, expected 2 (and 1 more)" })

ENDINGS(needs, "What is missing skips the case, but hides no failure",
    { "lacks_something", "skipped: no moon today", "" },
    { "needs_what_is_there", "passed", "" },
    { "needs_what_is_missing", "skipped: no moon today", "" },
    { "promised_since_old_version", "failed: ", "expected 2" },
    { "promised_since_new_version", "skipped: ", " promises this since version 9999.1" },
    { "fails_then_lacks", "failed: selftest/specimen.c:", "expected 2" },
    { "promised_elsewhere", "skipped: ", "no manual of " },
    { "promised_by_iso", "failed: ", "expected 2" })

ENDINGS(deviations, "A documented deviation is expected, and its end is news",
    { "deviates_as_documented", "expected_failure: ", "one is one (one(2) NOTES): " },
    { "deviates_no_longer", "failed: ", "the documented deviation no longer occurs" },
    { "deviates_but_fails_before", "failed: ", "expected 3" },
    { "deviates_as_it_says", "expected_failure: ", "one is one (one(2) NOTES): " },
    { "deviates_in_another_way", "failed: ", "errno == -1 does not hold, as the deviation of " },
    { "deviates_elsewhere", "failed: ", "expected 2" },
    { "deviates_in_child", "expected_failure: ", "one is one (one(2) NOTES): " },
    { "deviates_in_child_no_longer", "failed: ", "the documented deviation no longer occurs" },
    { "deviates_twice", "expected_failure: ", "one is one (one(2) NOTES): selftest/specimen_promises.c" },
    { "deviates_in_two_ways", "expected_failure: ", "one is one (one(2) NOTES); known defect of " })

ENDINGS(declared, "A deviation is the one that is declared: it shows one of the errors, or the signal, that the words name",
    { "deviates_by_error", "expected_failure: ", "failed with EINVAL, expected ENOENT (and 1 more)" },
    { "deviates_by_another_error", "failed: ", "failed with EACCES, expected ENOENT, and not what is declared: " },
    { "deviates_by_signal", "expected_failure: ", "is SIGSEGV, expected SIGBUS" },
    { "deviates_by_no_signal", "failed: ", "is no signal, expected SIGBUS, and not what is declared: " })

ENDINGS(versions, "A deviation or a defect of certain versions is expected in these",
    { "deviates_in_old_versions", "failed: ", "expected 2" },
    { "deviates_in_versions_to_come", "failed: ", "expected 2" },
    { "deviates_in_this_version", "expected_failure: ", "one is one (one(2)): " })

ENDINGS(defects, "A known defect is expected, named apart, and its end is news",
    { "has_a_defect", "expected_failure: known defect of ", " since 1.0: one is one (findings)" },
    { "has_a_defect_no_longer", "failed: ", "the known defect no longer occurs: known defect of " },
    { "has_a_defect_elsewhere", "failed: ", "expected 2" },
    { "has_a_race", "expected_failure: known defect of ", ": one is one at times (findings): " },
    { "has_a_race_that_does_not_show", "passed", "" })

ENDINGS(choices, "What is recorded must be what a manual of this platform documents",
    { "observes", "passed", "" },
    { "observes_what_is_documented", "passed", "" },
    { "observes_something_else", "failed: ", "one: on, expected zero or one by " })

ENDINGS(children, "What a child saw reaches the case as the child's own message",
    { "child_fails", "failed: selftest/specimen.c:", "in a child: 1 is 1, expected 2" },
    { "grandchild_fails", "failed: selftest/specimen.c:", "in a child: 1 is 1, expected 2" },
    { "child_fails_much", "failed: selftest/specimen.c:", "in a child: i is 0, expected -1 (and 15 more)" },
    { "child_lacks_something", "skipped: no moon in a child", "" },
    { "child_crashes", "failed: selftest/specimen.c:", "a child died by SIGSEGV, expected exit with status 0" },
    { "child_dies_otherwise", "failed: selftest/specimen.c:", "a child died by SIGSEGV, expected death by SIGBUS" },
    { "child_crashes_before_pause", "failed: selftest/specimen.c:", "a child died by SIGSEGV before it reached its pause" })

ENDINGS(programs, "What an unrelated process saw reaches the case likewise",
    { "program_fails", "failed: selftest/specimen.c:", "in a child: number_from(argv[1]) is 7, expected 8" },
    { "program_is_missing", "failed: ", "there is no PROGRAM(no_such_program)" })
/* clang-format on */

ATF_TC(observations);
ATF_TC_HEAD(observations, tc)
{
	atf_tc_set_md_var(tc, "descr", "An observation is a line of the standard output");
}
ATF_TC_BODY(observations, tc)
{
	struct specimen s = specimen_run(tc, "observes");

	ATF_CHECK_STREQ("observed: one = 1\n", s.output);
}

ATF_TC(metadata);
ATF_TC_HEAD(metadata, tc)
{
	atf_tc_set_md_var(tc, "descr", "A case tells its sentence, level, requirements, sources, needs and choices");
}
ATF_TC_BODY(metadata, tc)
{
	static const char expected[] = "ident: needs_root\n"
				       "descr: One is two for root\n"
				       "timeout: 120\n"
				       "X-level: SHALL\n"
				       "X-requirement: specimen.needs-root specimen.other\n"
				       "X-source: POSIX.1-2017 one(); Linux one(2)\n"
				       "X-needs: nothing; root\n"
				       "require.user: root\n";
	char command[1024];
	static char list[65536];
	size_t size;

	snprintf(command, sizeof(command), "'%s/specimen' -l", atf_tc_get_config_var(tc, "srcdir"));
	FILE *f = popen(command, "r");
	ATF_REQUIRE(f != NULL);
	size = fread(list, 1, sizeof(list) - 1, f);
	list[size] = '\0';
	ATF_CHECK_EQ(0, pclose(f));
	ATF_CHECK_MSG(strstr(list, expected) != NULL, "%s", list);
	ATF_CHECK_MSG(
	    strstr(list, "\nX-choices: Atlantis one(2): one = 2; Linux one(2): two = 3; ") != NULL, "%s", list);
	ATF_CHECK_MSG(
	    strstr(list, "\nX-source: POSIX.1-2017 one(); Atlantis one(2); Linux one(2); ") != NULL, "%s", list);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, checks);
	ATF_TP_ADD_TC(tp, needs);
	ATF_TP_ADD_TC(tp, deviations);
	ATF_TP_ADD_TC(tp, declared);
	ATF_TP_ADD_TC(tp, versions);
	ATF_TP_ADD_TC(tp, defects);
	ATF_TP_ADD_TC(tp, choices);
	ATF_TP_ADD_TC(tp, children);
	ATF_TP_ADD_TC(tp, programs);
	ATF_TP_ADD_TC(tp, observations);
	ATF_TP_ADD_TC(tp, metadata);
	return atf_no_error();
}
