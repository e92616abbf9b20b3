/* SPDX-License-Identifier: BSD-2-Clause */

/* The shrinker of the explorer by itself: a script that differs by a rule that was turned round becomes exactly the expected one. */

#include <stdio.h>
#include <string.h>

#include "shrink.h"
#include "stage.h"
#include "test.h"

static struct round current;

/* A script, as it is in a file. */
static struct script
script_of(const char *text)
{
	static struct script s;
	struct script_reader reader = { .file = fmemopen((void *)(uintptr_t)text, strlen(text), "r") };
	char wrong[200];

	ATF_REQUIRE(reader.file != NULL);
	ATF_REQUIRE_MSG(script_read_round(&reader, &s, NULL, wrong, sizeof(wrong)), "%s", wrong);
	fclose(reader.file);
	return s;
}

static const char *
text_of(const struct script *s)
{
	static char text[4096];
	FILE *to = fmemopen(text, sizeof(text), "w");

	ATF_REQUIRE(to != NULL);
	script_write(to, s);
	fclose(to);
	return text;
}

/* The model says the contrary by the rule. The script differs, and becomes the other one. */
static void
check_shrinks(const char *rule, const char *before, const char *after)
{
	const struct script s = script_of(before);

	rule_turn_round(rule);
	stage_begin(1);
	ATF_REQUIRE_EQ_MSG(DIFFERS, round_replay(&current, &s), "%s", rule);
	ATF_REQUIRE(shrink(&current));
	ATF_CHECK_STREQ(after, text_of(&current.script));
	/* What was shrunk stays as it is. */
	ATF_CHECK(shrink(&current));
	ATF_CHECK_STREQ(after, text_of(&current.script));
	rule_turn_round(NULL);
}

TEST(operations, "Operations that the difference does not need are left out")
{
	check_shrinks("shmget_exclusive",
	    "p0 mmap at=3 units=2 of=anonymous from=0 sharing=shared access=read-write\n"
	    "p0 store at=3 spot=last value=9\n"
	    "p0 open name=1 flags=create\n"
	    "p0 shmget key=0 size=unit flags=create\n"
	    "p0 shmat key=0 at=0 access=read\n"
	    "p0 load at=0 spot=first\n"
	    "p0 munmap at=3 units=2\n"
	    "p0 shmget key=0 size=unit flags=exclusive\n",
	    "p0 shmget key=0 size=1 flags=create\n"
	    "p0 shmget key=0 size=0 flags=exclusive\n");
}

TEST(processes, "Processes that the difference does not need are left out, and the others renumbered")
{
	check_shrinks("load_attached",
	    "p0 fork process=1\n"
	    "p1 fork process=2\n"
	    "p2 fork process=3\n"
	    "p3 shmget key=1 size=2units flags=create\n"
	    "p1 exit\n"
	    "p3 shmat key=1 at=2 access=read-write\n"
	    "p3 load at=3 spot=middle\n",
	    "p0 shmget key=0 size=1 flags=create\n"
	    "p0 shmat key=0 at=0 access=read\n"
	    "p0 load at=0 spot=first\n");
}

TEST(child, "A process that the difference needs stays")
{
	check_shrinks("kill_ends",
	    "p0 fork process=1\n"
	    "p0 fork process=2\n"
	    "p2 exit\n"
	    "p1 mmap at=1 units=1 of=anonymous from=0 sharing=private access=read\n"
	    "p0 kill process=1\n",
	    "p0 fork process=1\n"
	    "p0 kill process=1\n");
}

TEST(numbers, "Places, sizes, descriptors and values become the smallest, where they belong together all at once")
{
	check_shrinks("store_tail",
	    "p0 shm_open name=0 flags=create\n"
	    "p0 open name=1 flags=create\n"
	    "p0 ftruncate descriptor=1 size=unit+1\n"
	    "p0 mmap at=4 units=2 of=1 from=0 sharing=shared access=read-write\n"
	    "p0 store at=5 spot=last value=13\n",
	    "p0 open name=0 flags=create\n"
	    "p0 ftruncate descriptor=0 size=1\n"
	    "p0 mmap at=0 units=1 of=0 from=0 sharing=shared access=read-write\n"
	    "p0 store at=0 spot=middle value=1\n");
}

TEST(no_difference, "A script that does not differ stays as it is")
{
	const struct script s = script_of("p0 fork process=1\np1 exit\np0 shmdt at=2\n");

	stage_begin(1);
	ATF_CHECK_EQ(HOLDS, round_replay(&current, &s));
	ATF_CHECK(!shrink(&current));
	ATF_CHECK_EQ(s.count, current.script.count);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, operations);
	ATF_TP_ADD_TC(tp, processes);
	ATF_TP_ADD_TC(tp, child);
	ATF_TP_ADD_TC(tp, numbers);
	ATF_TP_ADD_TC(tp, no_difference);
	return atf_no_error();
}
