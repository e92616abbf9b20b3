/* SPDX-License-Identifier: BSD-2-Clause */

/* shmcheck-explore as its users call it: records, what was reached, and how that of several machines is joined. */

#include "explorer_run.h"
#include "test.h"

TEST(records, "A record is done again with the same answers, and where they part both are told")
{
	find_top(tc);
	ATF_CHECK_EQ(0, explore("", "--operations 2000 --record record"));
	CHECK_HAS("record", "^end$");
	CHECK_HAS("record", "^# observed: fork: fork_copies [0-9]+ of [0-9]+, fork_limit 0 of [0-9]+$");
	ATF_CHECK_EQ(0, explore("", "--replay record"));
	CHECK_HAS("output", "^# [0-9]+ operations in [0-9]+ rounds: all is as allowed, and as recorded$");
	ATF_CHECK_EQ(0, run("sed 's/gives 1 bytes$/gives 2 bytes/' record >other"));
	ATF_CHECK_EQ(1, explore("", "--replay other"));
	CHECK_HAS("output", "^#   recorded gives 2 bytes$");
	CHECK_HAS("output", "^#   seen     gives 1 bytes$");
}

TEST(resumes, "A record that is cut short tells the operations before that, and the run goes on behind them")
{
	find_top(tc);
	ATF_CHECK_EQ(0, explore("", "--operations 2000 --record whole"));
	ATF_CHECK_EQ(0, run("head -n 30 whole >record && printf 'p0 load at=5 spot=first' >>record"));
	ATF_CHECK_EQ(2, explore("", "--replay record"));
	CHECK_HAS("errors", "^shmcheck-explore: the record is cut short$");
	ATF_CHECK_EQ(1, explore("", "--operations 1000 --resume --record record"));
	CHECK_HAS("output", "^# The platform went down, or the explorer was killed, at the last of these operations:$");
	CHECK_HAS("output", "^p0 load at=5 spot=first$");
	CHECK_HAS("output", "^# seed 2: [0-9]+ operations in ");
	CHECK_HAS("record", "^end$");
	ATF_CHECK_EQ(2, explore("", "--resume --record record"));
	CHECK_HAS("errors", "^shmcheck-explore: 'record': the run has come to its end$");
}

TEST(swarm, "Machines have seeds of their own, and what they reach is added up")
{
	find_top(tc);
	ATF_CHECK_EQ(0, explore("", "--operations 1000 --swarm 1/3 --save-coverage one"));
	CHECK_HAS("output", "^# seed 1: ");
	ATF_CHECK_EQ(0, explore("", "--operations 1000 --swarm 3/3 --seed 2 --save-coverage three"));
	CHECK_HAS("output", "^# seed 6: ");
	ATF_CHECK_EQ(0, run("%s/explorer/shmcheck-explore --merge one three", top));
	CHECK_HAS("output", "^# fork +fork_copies +[0-9]+ times in +[0-9]+ classes$");
	CHECK_HAS("output", "^# fork +in +[0-9]+ of +[0-9]+ classes of worlds");
}

TEST(coverage, "What was never reached has a reason, and what platforms choose is compared")
{
	find_top(tc);
	ATF_CHECK_EQ(0, explore("", "--operations 4000 --save-coverage one"));
	ATF_CHECK_EQ(0, run("%s/explorer/shmcheck-explore --merge one", top));
	CHECK_HAS("output", "^# never reached: ftruncate_again: An object that has a size gets no other$");
	CHECK_HAS(
	    "output", "^#   why: objects_are_sized_once is off here: an object gets a size once, .*macOS bsd/kern");
	CHECK_HAS("output", "^# never reached: fork_limit: ");
	CHECK_HAS(
	    "output", "^#   why: an alternative that this platform never chooses: something else came back each of ");
	CHECK_HAS("output", "^#   why: not reached yet: more operations$");
	ATF_CHECK(!atf_utils_grep_file("^# differs", "output"));
	/* A platform that rounds sizes of segments, and that once had no room for a process. */
	ATF_CHECK_EQ(0,
	    run("sed 's/^setting segments_have_whole_pages 0/setting segments_have_whole_pages 1/; "
		"s/^observed fork fork_limit 0 /observed fork fork_limit 1 /' one >other"));
	ATF_CHECK_EQ(0, run("%s/explorer/shmcheck-explore --merge one other", top));
	CHECK_HAS("output", "^# differs: segments_have_whole_pages is 0 in one and 1 in other: ");
	CHECK_HAS("output", "^# differs: fork fork_limit 0 of [0-9]+ times in one and 1 of [0-9]+ times in other$");
	ATF_CHECK_EQ(0, run("echo reached fork fork_copies 9999 1 >>other"));
	ATF_CHECK_EQ(2, run("%s/explorer/shmcheck-explore --merge other", top));
	CHECK_HAS("errors", "^shmcheck-explore: 'other': line [0-9]+ is none that --save-coverage writes$");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, records);
	ATF_TP_ADD_TC(tp, resumes);
	ATF_TP_ADD_TC(tp, swarm);
	ATF_TP_ADD_TC(tp, coverage);
	return atf_no_error();
}
