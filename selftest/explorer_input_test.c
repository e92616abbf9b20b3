/* SPDX-License-Identifier: BSD-2-Clause */

/* What shmcheck-explore is told and cannot do. */

#include <stdio.h>
#include <unistd.h>

#include "explorer_run.h"
#include "test.h"

/* One line on standard error that matches, and status 2. */
#define CHECK_REFUSED(arguments, pattern) \
	do { \
		ATF_CHECK_EQ_MSG(2, explore("", arguments), "%s", arguments); \
		ATF_CHECK_MSG(atf_utils_grep_file("^shmcheck-explore: " pattern, "errors"), "%s", arguments); \
		ATF_CHECK_EQ_MSG(1, lines_in("errors"), "%s", arguments); \
	} while (0)

TEST(bad_options, "What cannot be asked for is refused by one clear line, and status 2")
{
	find_top(tc);
	CHECK_REFUSED("--nonsense", "unknown option '--nonsense'; try --help$");
	CHECK_REFUSED("--seed", "--seed needs a value$");
	CHECK_REFUSED("--seed x", "--seed must be a number from 1 to [0-9]*, not 'x'$");
	CHECK_REFUSED("--operations 0", "--operations must be a number from 1 ");
	CHECK_REFUSED("--unit 5000", "--unit must be a number from 1 to 4096, not '5000'$");
	CHECK_REFUSED("--exhaustive 2 --area none", "there is no area 'none': ");
	CHECK_REFUSED("--turn-round none", "the model has no rule 'none'$");
	CHECK_REFUSED("--replay nowhere", "cannot read 'nowhere': ");
	CHECK_REFUSED("--swarm 3/2", "--swarm must be I/N, with I from 1 to N, not '3/2'$");
	CHECK_REFUSED("--resume", "--resume needs --record$");
	CHECK_REFUSED("--resume --record nowhere", "cannot read 'nowhere': ");
	CHECK_REFUSED("--record /nowhere/record", "cannot write '/nowhere/record': ");
	CHECK_REFUSED("--work /nowhere", "cannot enter '/nowhere': ");
}

TEST(bad_scripts, "A script that is none is refused by one clear line, and status 2")
{
	static const struct {
		const char *script;
		const char *pattern;
	} scripts[] = {
		{ "p0 dance at=0\n", "line 1: 'dance' is no operation$" },
		{ "p0\n", "line 1: '' is no operation$" },
		{ "# fine\np9 exit\n", "line 2: 'p9' is no process: p0 to p3 are$" },
		{ "q0 exit\n", "line 1: 'q0' is no process: p0 to p3 are$" },
		{ "p0 load at=0\n", "line 1: load needs spot=, not ''$" },
		{ "p0 load at=77 spot=first\n", "line 1: '77' is no value of at$" },
		{ "p0 load at=0 spot=x\n", "line 1: 'x' is no value of spot$" },
		{ "p0 store at=0 spot=first value=0\n", "line 1: '0' is no value of value$" },
		{ "p0 msync at=0 units=1 flags=x\n", "line 1: 'x' is no value of flags$" },
		{ "p0 exit now\n", "line 1: 'now' is more than exit takes$" },
		{ "p0 exit\nunit 2\n", "line 2: 'unit N' comes first" },
		{ "unit\n", "line 1: 'unit N' comes first" },
		{ "# nothing\n", "there is no operation$" },
		{ "round\np0 exit -> succeeds\nend\np1 exit\n", "line 4: something is behind the end$" },
	};
	char pattern[200];

	find_top(tc);
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
		atf_utils_create_file("script", "%s", scripts[i].script);
		snprintf(pattern, sizeof(pattern), "^shmcheck-explore: 'script': %s", scripts[i].pattern);
		ATF_CHECK_EQ_MSG(2, explore("", "--replay script"), "%s", scripts[i].script);
		ATF_CHECK_MSG(atf_utils_grep_file("%s", "errors", pattern), "%s", scripts[i].script);
		ATF_CHECK_EQ(0, unlink("script"));
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, bad_options);
	ATF_TP_ADD_TC(tp, bad_scripts);
	return atf_no_error();
}
