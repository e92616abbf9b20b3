/* SPDX-License-Identifier: BSD-2-Clause */

/* Threads that attach, replace, detach and remove System V segments while others of the process load from them. */

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "instrument.h"
#include "mapping.h"
#include "process.h"
#include "segment.h"

INTERFACE(shm_race, NEEDS_SEGMENTS)

static size_t
size(void)
{
	return 3 * page_size();
}

enum { ROUNDS = 60 };

/* One thread changes what is at the place, and another looks at it. They take turns. */
struct turns {
	char *place;
	atomic_uint changed; /* how often something has changed there */
	atomic_uint looked;  /* up to which change the other has looked */
};

static void
wait_for_change(struct turns *t, unsigned number)
{
	while (atomic_load(&t->changed) < number)
		sched_yield();
}

static void
wait_for_look(struct turns *t, unsigned number)
{
	while (atomic_load(&t->looked) < number)
		sched_yield();
}

static char
letter(unsigned segment)
{
	return (char)('a' + segment);
}

/* Each segment gets a letter of its own, through an attachment that stays. */
static void
mark(const int id[2])
{
	for (unsigned i = 0; i < 2; i++)
		((char *)segment_attach(id[i], NULL, 0))[size() - 1] = letter(i);
}

/* An odd change is an attach, an even one a detach. */
static void *
look_and_fault(void *arg)
{
	struct turns *t = arg;

	for (unsigned round = 0; round < ROUNDS; round++) {
		wait_for_change(t, 2 * round + 1);
		CHECK_EQ(letter(round % 2), t->place[size() - 1]);
		atomic_store(&t->looked, 2 * round + 1);
		wait_for_change(t, 2 * round + 2);
		CHECK(says_unmapped(fault_of_load(&t->place[size() - 1])));
		atomic_store(&t->looked, 2 * round + 2);
	}
	return NULL;
}

CASE(detach_against_load, SHALL,
    "When shmdt() has returned, no thread reaches the attachment, and a later one at its address shows its own segment",
    "POSIX.1-2017 shmdt() DESCRIPTION", "Linux shmop(2)", NEEDS_SEGMENTS_THAT_STAY,
    NEEDS_NO_INSTRUMENT(THREAD_SANITIZER))
{
	int id[2] = { segment_create(size()), segment_create(size()) };
	mark(id);
	struct turns t = { .place = NULL };
	pthread_t thread;
	thread_start(&thread, look_and_fault, &t);
	t.place = free_range(size()); /* the thread's stack is there already */

	for (unsigned round = 0; round < ROUNDS; round++) {
		REQUIRE(shmat(id[round % 2], t.place, 0) == t.place);
		atomic_store(&t.changed, 2 * round + 1);
		wait_for_look(&t, 2 * round + 1);
		REQUIRE(shmdt(t.place) == 0);
		atomic_store(&t.changed, 2 * round + 2);
		wait_for_look(&t, 2 * round + 2);
	}
	REQUIRE_SUCCEEDS(pthread_join(thread, NULL));
}

static void *
look_at_replacement(void *arg)
{
	struct turns *t = arg;

	for (unsigned round = 0; round < ROUNDS; round++) {
		wait_for_change(t, round + 1);
		CHECK_EQ(letter(round % 2), t->place[size() - 1]);
		atomic_store(&t->looked, round + 1);
	}
	return NULL;
}

CASE(remap_against_load, DOCUMENTED,
    "When shmat() with SHM_REMAP has returned, all threads find "
    "the new segment at the address, and none the one before",
    "Linux shmop(2)")
{
	int id[2] = { segment_create(size()), segment_create(size()) };
	mark(id);
	struct turns t = { .place = NULL };
	pthread_t thread;
	thread_start(&thread, look_at_replacement, &t);
	t.place = free_range(size()); /* as above */

	for (unsigned round = 0; round < ROUNDS; round++) {
		REQUIRE(shmat(id[round % 2], t.place, SHM_REMAP) == t.place);
		atomic_store(&t.changed, round + 1);
		wait_for_look(&t, round + 1);
	}
	REQUIRE_SUCCEEDS(pthread_join(thread, NULL));
}

enum { THREADS = 4, LIVES = 6 };

struct thread {
	unsigned number;
	atomic_uint *arrived;
	int id[LIVES]; /* of segments of one page more each time */
};

/* CHECK_BYTES() is not for threads: the handlers of faults are the process's. */
static bool
all_are(const char *p, char byte, size_t size)
{
	return p[0] == byte && memcmp(p, p + 1, size - 1) == 0;
}

/* Each segment is removed before the detach or behind it. */
static void *
live(void *arg)
{
	const struct thread *t = arg;
	char byte = (char)('a' + t->number);

	start_together(t->arrived, THREADS);
	for (size_t pages = 1; pages <= LIVES; pages++) {
		int id = t->id[pages - 1];
		char *p = segment_attach(id, NULL, 0);
		char *q = segment_attach(id, NULL, SHM_RDONLY);

		CHECK(all_are(q, 0, pages * page_size()));
		memset(p, byte, pages * page_size());
		if (pages % 2 == 0)
			REQUIRE(shmctl(id, IPC_RMID, NULL) == 0);
		REQUIRE(shmdt(p) == 0);
		CHECK(all_are(q, byte, pages * page_size()));
		REQUIRE(shmdt(q) == 0);
		if (pages % 2 != 0)
			REQUIRE(shmctl(id, IPC_RMID, NULL) == 0);
	}
	return NULL;
}

CASE(lives_of_threads, SHALL,
    "Four threads attach, fill, detach and remove growing segments at the same time: each finds its own data alone",
    "POSIX.1-2017 shmat() DESCRIPTION", "POSIX.1-2017 shmdt() DESCRIPTION", "POSIX.1-2017 shmctl() DESCRIPTION",
    COVERS("stress.shmat stress.shm_threads"), NEEDS_SEGMENTS_THAT_STAY)
{
	pthread_t threads[THREADS];
	struct thread t[THREADS];
	atomic_uint arrived = 0;
	for (unsigned i = 0; i < THREADS; i++) {
		t[i] = (struct thread){ .number = i, .arrived = &arrived };
		for (size_t pages = 1; pages <= LIVES; pages++)
			t[i].id[pages - 1] = segment_create(pages * page_size());
	}

	known_race(before(NETBSD, "10"), "", "shmdt() does not find an attachment, or takes another for it",
	    "NetBSD sys/kern/sysv_shm.c sys_shmat()");
	known_race(OPENBSD, "", "two attachments get one entry of the process's table",
	    "OpenBSD sys/kern/sysv_shm.c sys_shmat()");
	for (unsigned i = 0; i < THREADS; i++)
		thread_start(&threads[i], live, &t[i]);
	for (unsigned i = 0; i < THREADS; i++)
		REQUIRE_SUCCEEDS(pthread_join(threads[i], NULL));
}

/* Bits that the system knows, and one that it does not. */
static const int flags[] = { SHM_RDONLY, SHM_RND, SHM_REMAP, SHM_EXEC, 1 << 20 };

enum { COMBINATIONS = 1 << nitems(flags) };

static int
combination(unsigned bits)
{
	int all = 0;

	for (size_t i = 0; i < nitems(flags); i++)
		all |= bits & 1U << i ? flags[i] : 0;
	return all;
}

CASE(all_flags, OBSERVED,
    "With every combination of flags and good and bad addresses shmat() "
    "attaches, or fails with an error of its manual and attaches nothing",
    "POSIX.1-2017 shmat() ERRORS", "POSIX.1-2024 shmat() ERRORS", "Linux shmop(2)", COVERS("stress.shmat_args"),
    NEEDS_NO_INSTRUMENT(ADDRESS_SANITIZER))
{
	int id = segment_create(size());
	char *kept = segment_attach(id, NULL, 0);
	char *place = free_range(2 * size());
	char *const addresses[] = { NULL, place, place + attach_multiple(), place + 1, place + attach_multiple() - 1,
		(char *)1, (char *)-1 };
	unsigned attached = 0;
	pattern_store(1, kept, size());

	for (unsigned bits = 0; bits < COMBINATIONS; bits++)
		for (size_t i = 0; i < nitems(addresses); i++) {
			errno = 0;
			char *p = shmat(id, addresses[i], combination(bits));

			CHECK(
			    p != (void *)-1 || errno == EINVAL || errno == EACCES || errno == ENOMEM || errno == EPERM);
			CHECK_EQ(p != (void *)-1 ? 2 : 1, segment_stat(id).shm_nattch);
			if (p == (void *)-1)
				continue;
			attached++;
			CHECK_PATTERN(1, p, size());
			REQUIRE(shmdt(p) == 0);
		}
	CHECK_PATTERN(1, kept, size());
	observed("combinations-that-attach", "%u of %u", attached, (unsigned)(COMBINATIONS * nitems(addresses)));
}
