/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Creating, finding, attaching, detaching and removing one System V segment at the same time: whichever call is
 * first, each call has one of the outcomes that it may have, and the same is left in the end.
 */

#include <stdatomic.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "process.h"
#include "segment.h"

INTERFACE(shm_race, NEEDS_SEGMENTS)

enum { ROUNDS = 16, RACERS_MAX = 4 };

/* In memory that all racers share. Of each round there is one of everything, so that none is used twice. */
struct race {
	struct round {
		key_t key;
		int id;
		atomic_uint arrived;
		atomic_uint who; /* hands out numbers to racers that are alike */
		atomic_uint done;
		int result[RACERS_MAX];
		int error[RACERS_MAX];
	} rounds[ROUNDS];
};

static struct race *
race_create(void)
{
	struct race *r = map_anonymous(sizeof(*r), MAP_SHARED);

	for (int i = 0; i < ROUNDS; i++)
		r->rounds[i].key = segment_key();
	return r;
}

static size_t
size(void)
{
	return 3 * page_size();
}

static void
check_all_gone(const struct round *round)
{
	CHECK_DESTROYED(round->id);
	CHECK_FAILS(ENOENT, -1, shmget(round->key, 0, 0));
}

/* This number of children run the body, and end. */
static void
run_racers(unsigned count, void (*body)(void *), struct race *r)
{
	struct child c[RACERS_MAX];

	for (unsigned i = 0; i < count; i++)
		c[i] = child_start(body, r);
	for (unsigned i = 0; i < count; i++)
		child_exits(&c[i]);
}

enum { ATTACHERS = 2 };

/* A new segment with a pattern, which nobody has attached, for a round that begins when it is there. */
static void
prepare_segment(struct round *round)
{
	round->id = segment_create_with_key(round->key, size(), 0600);
	char *p = segment_attach(round->id, NULL, 0);

	pattern_store(1, p, size());
	segment_detach(p);
}

static void
remove_in_each_round(void *arg)
{
	struct race *r = arg;

	for (int i = 0; i < ROUNDS; i++) {
		prepare_segment(&r->rounds[i]);
		start_together(&r->rounds[i].arrived, ATTACHERS + 1);
		CHECK_SUCCEEDS(shmctl(r->rounds[i].id, IPC_RMID, NULL));
	}
}

/* All of the memory is there and holds what it should, or there is none. */
static void
attach_or_fail(int id)
{
	errno = 0;
	char *p = shmat(id, NULL, 0);

	if (p == (void *)-1) {
		CHECK(says_removed(errno));
		return;
	}
	CHECK_PATTERN(1, p, size());
	CHECK(!store_is_refused(&p[size() - page_size()]));
	CHECK_SUCCEEDS(shmdt(p));
}

static void
attach_in_each_round(void *arg)
{
	struct race *r = arg;

	for (int i = 0; i < ROUNDS; i++) {
		start_together(&r->rounds[i].arrived, ATTACHERS + 1);
		attach_or_fail(r->rounds[i].id);
	}
}

static void
check_removal_against(void (*attack)(void *))
{
	struct race *r = race_create();
	struct child attackers[ATTACHERS];

	struct child remover = child_start(remove_in_each_round, r);
	for (int i = 0; i < ATTACHERS; i++)
		attackers[i] = child_start(attack, r);
	child_exits(&remover);
	for (int i = 0; i < ATTACHERS; i++)
		child_exits(&attackers[i]);

	for (int i = 0; i < ROUNDS; i++)
		check_all_gone(&r->rounds[i]);
}

CASE(attach_against_remove, SHALL,
    "An attach during a removal gives all of the segment or fails as for a removed one, and the segment is destroyed",
    "POSIX.1-2017 shmat() ERRORS", "POSIX.1-2024 shmat() ERRORS", "POSIX.1-2017 shmctl() DESCRIPTION",
    NEEDS_SEGMENTS_THAT_STAY, COVERS("BS113"))
{
	check_removal_against(attach_in_each_round);
}

static void
find_in_each_round(void *arg)
{
	struct race *r = arg;

	for (int i = 0; i < ROUNDS; i++) {
		struct round *round = &r->rounds[i];

		start_together(&round->arrived, ATTACHERS + 1);
		errno = 0;
		int found = shmget(round->key, 0, 0);
		CHECK(found == round->id || (found == -1 && errno == ENOENT));
		if (found != -1)
			attach_or_fail(found);
	}
}

CASE(lookup_against_remove, SHALL,
    "A lookup during a removal gives the identifier, which attaches wholly or not at all, or fails with ENOENT",
    "POSIX.1-2017 shmget() ERRORS", "POSIX.1-2017 shmctl() DESCRIPTION", NEEDS_SEGMENTS_THAT_STAY)
{
	check_removal_against(find_in_each_round);
}

static void
detach_in_each_round(void *arg)
{
	struct race *r = arg;

	for (int i = 0; i < ROUNDS; i++) {
		struct round *round = &r->rounds[i];

		round->id = segment_create_with_key(round->key, size(), 0600);
		char *p = segment_attach(round->id, NULL, 0);
		start_together(&round->arrived, 2);
		CHECK_SUCCEEDS(shmdt(p));
	}
}

static void
remove_what_is_held(void *arg)
{
	struct race *r = arg;

	for (int i = 0; i < ROUNDS; i++) {
		start_together(&r->rounds[i].arrived, 2);
		CHECK_SUCCEEDS(shmctl(r->rounds[i].id, IPC_RMID, NULL));
	}
}

CASE(detach_against_remove, SHALL,
    "A segment that is removed while its last holder detaches it is destroyed, whichever is first",
    "POSIX.1-2017 shmctl() DESCRIPTION", "POSIX.1-2017 shmdt() DESCRIPTION", NEEDS_SEGMENTS_THAT_STAY)
{
	struct race *r = race_create();

	struct child holder = child_start(detach_in_each_round, r);
	struct child remover = child_start(remove_what_is_held, r);
	child_exits(&holder);
	child_exits(&remover);

	for (int i = 0; i < ROUNDS; i++)
		check_all_gone(&r->rounds[i]);
}

enum { REMOVERS = 2 };

static void
remove_twice(void *arg)
{
	struct race *r = arg;

	for (int i = 0; i < ROUNDS; i++) {
		struct round *round = &r->rounds[i];
		unsigned me = atomic_fetch_add(&round->who, 1);

		start_together(&round->arrived, REMOVERS);
		errno = 0;
		round->result[me] = shmctl(round->id, IPC_RMID, NULL);
		round->error[me] = errno;
	}
}

static void
check_removers(const struct race *r)
{
	for (int i = 0; i < ROUNDS; i++) {
		const struct round *round = &r->rounds[i];

		CHECK(round->result[0] == 0 || round->result[1] == 0);
		for (int who = 0; who < REMOVERS; who++)
			CHECK(round->result[who] == 0 || says_removed(round->error[who]));
		CHECK_FAILS(ENOENT, -1, shmget(round->key, 0, 0));
	}
}

CASE(two_removers, SHALL,
    "Of two simultaneous removals one succeeds, the other succeeds or fails as for a removed segment, and that is gone",
    "POSIX.1-2017 shmctl() DESCRIPTION", "POSIX.1-2017 shmctl() ERRORS")
{
	struct race *r = race_create();

	for (int i = 0; i < ROUNDS; i++)
		r->rounds[i].id = segment_create_with_key(r->rounds[i].key, 1, 0600);
	run_racers(REMOVERS, remove_twice, r);

	check_removers(r);
	for (int i = 0; i < ROUNDS; i++)
		check_all_gone(&r->rounds[i]);
}

CASE(two_removers__while_attached, SHALL,
    "Of two simultaneous removals of an attached segment one succeeds, and the contents stay until the detach",
    "POSIX.1-2017 shmctl() DESCRIPTION", "POSIX.1-2017 shmctl() ERRORS")
{
	enum { ATTACHED = 4 };
	struct race *r = race_create();
	char *p[ATTACHED];

	for (int i = 0; i < ROUNDS; i++)
		r->rounds[i].id = segment_create_with_key(r->rounds[i].key, size(), 0600);
	for (int i = 0; i < ATTACHED; i++) {
		p[i] = segment_attach(r->rounds[i].id, NULL, 0);
		pattern_store((unsigned char)i, p[i], size());
	}
	run_racers(REMOVERS, remove_twice, r);

	check_removers(r);
	for (int i = 0; i < ATTACHED; i++) {
		CHECK_PATTERN((unsigned char)i, p[i], size());
		segment_detach(p[i]);
		check_all_gone(&r->rounds[i]);
	}
}

enum { CREATORS = 4 };

static void
create_with_others(void *arg)
{
	struct race *r = arg;

	for (int i = 0; i < ROUNDS; i++) {
		struct round *round = &r->rounds[i];
		unsigned me = atomic_fetch_add(&round->who, 1);

		start_together(&round->arrived, CREATORS);
		round->result[me] = segment_own(shmget(round->key, size(), IPC_CREAT | 0600));
		char *p = segment_attach(round->result[me], NULL, 0);
		p[me * page_size() / 2] = (char)('a' + me);

		/* The last of them to be here sees what all have stored, and has it removed. */
		if (atomic_fetch_add(&round->done, 1) == CREATORS - 1) {
			for (unsigned who = 0; who < CREATORS; who++)
				CHECK_EQ((char)('a' + who), p[who * page_size() / 2]);
			segment_remove(round->result[me]);
		}
		segment_detach(p);
	}
}

CASE(create_without_excl, SHALL,
    "Four processes that create a segment with one key at the same time, without IPC_EXCL, all get the same segment",
    "POSIX.1-2017 shmget() DESCRIPTION", ALSO("shmget.creat-on-existing-opens"), NEEDS_ROOM_FOR_SEGMENTS,
    NEEDS_SEGMENTS_THAT_STAY)
{
	struct race *r = race_create();

	known_race(
	    NETBSD, "", "two creators of one key both make a segment", "NetBSD sys/kern/sysv_shm.c sys_shmget()");
	run_racers(CREATORS, create_with_others, r);

	for (int i = 0; i < ROUNDS; i++) {
		REQUIRE(r->rounds[i].result[0] != -1);
		for (int who = 1; who < CREATORS; who++)
			CHECK_EQ(r->rounds[i].result[0], r->rounds[i].result[who]);
		CHECK_FAILS(ENOENT, -1, shmget(r->rounds[i].key, 0, 0));
	}
}
