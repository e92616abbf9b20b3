/* SPDX-License-Identifier: BSD-2-Clause */

/* Mutexes in memory that processes share. */

#include <sched.h>
#include <time.h>
#include <unistd.h>

#include "case.h"
#include "mapping.h"
#include "memory_cases.h"
#include "object.h"
#include "process.h"
#include "shared_mutex.h"

INTERFACE(pthread_mutex, NEEDS_SHARED_MUTEXES)

static const struct timespec past = { .tv_sec = 1 };

CASE(default_private, SHALL, "The process-shared attribute of a mutex is PTHREAD_PROCESS_PRIVATE unless it is set",
    "POSIX.1-2017 pthread_mutexattr_getpshared() DESCRIPTION", "Linux pthread_mutexattr_setpshared(3)",
    "illumos pthread_mutexattr_getpshared(3C)")
{
	pthread_mutexattr_t attributes;
	int shared = PTHREAD_PROCESS_SHARED;
	REQUIRE_SUCCEEDS(pthread_mutexattr_init(&attributes));

	CHECK_RETURNS_ERROR(0, pthread_mutexattr_getpshared(&attributes, &shared));

	CHECK_EQ(PTHREAD_PROCESS_PRIVATE, shared);
}

CASE(set_get_shared, SHALL, "pthread_mutexattr_getpshared() reads back PTHREAD_PROCESS_SHARED when it is set",
    "POSIX.1-2017 pthread_mutexattr_getpshared() DESCRIPTION", "Linux pthread_mutexattr_setpshared(3)",
    "illumos pthread_mutexattr_getpshared(3C)")
{
	pthread_mutexattr_t attributes;
	int shared = -1;
	REQUIRE_SUCCEEDS(pthread_mutexattr_init(&attributes));

	CHECK_RETURNS_ERROR(0, pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED));

	CHECK_RETURNS_ERROR(0, pthread_mutexattr_getpshared(&attributes, &shared));
	CHECK_EQ(PTHREAD_PROCESS_SHARED, shared);
}

enum { INCREMENTS = 2000 }; /* of each of two processes */

struct counter {
	pthread_mutex_t mutex;
	atomic_uint arrived;
	volatile unsigned value;
};

static void
increment(void *counter)
{
	struct counter *c = counter;

	start_together(&c->arrived, 2);
	for (unsigned i = 0; i < INCREMENTS; i++) {
		REQUIRE_SUCCEEDS(pthread_mutex_lock(&c->mutex));
		unsigned value = c->value;
		if (i % 64 == 0)
			sched_yield(); /* invite the other, in case that nothing keeps it out */
		c->value = value + 1;
		REQUIRE_SUCCEEDS(pthread_mutex_unlock(&c->mutex));
	}
}

CASE_FOR_EACH_MEMORY(excludes_across_processes, SHALL,
    "Of 4000 increments that two processes make under a mutex in shared memory none is lost",
    ALSO("pthread_mutex.in-sysv-segment"), "POSIX.1-2017 pthread_mutexattr_getpshared() DESCRIPTION",
    "Linux pthread_mutexattr_setpshared(3)", "illumos pthread_mutexattr_getpshared(3C)")
{
	struct counter *c = (void *)memory_create(kind, sizeof(*c)).start;
	shared_mutex_init(&c->mutex, PTHREAD_MUTEX_NORMAL, STALLED);

	struct child one = child_start(increment, c);
	struct child other = child_start(increment, c);
	child_exits(&one);
	child_exits(&other);

	CHECK_EQ(2 * INCREMENTS, c->value);
}

static void
finds_locked(void *mutex)
{
	CHECK_RETURNS_ERROR(EBUSY, pthread_mutex_trylock(mutex));
}

static void
finds_free(void *mutex)
{
	CHECK_RETURNS_ERROR(0, pthread_mutex_trylock(mutex));
	CHECK_RETURNS_ERROR(0, pthread_mutex_unlock(mutex));
}

CASE(trylock_ebusy_across, SHALL, "pthread_mutex_trylock() fails with EBUSY while another process holds the mutex",
    "POSIX.1-2017 pthread_mutex_lock() ERRORS", "POSIX.1-2024 pthread_mutex_lock() ERRORS",
    "POSIX.1-2017 pthread_mutexattr_getpshared() DESCRIPTION", "illumos pthread_mutex_lock(3C)")
{
	pthread_mutex_t *m = map_anonymous(sizeof(*m), MAP_SHARED);
	shared_mutex_init(m, PTHREAD_MUTEX_NORMAL, STALLED);

	CHECK_RETURNS_ERROR(0, pthread_mutex_lock(m));
	in_child(finds_locked, m);

	CHECK_RETURNS_ERROR(0, pthread_mutex_unlock(m));
	in_child(finds_free, m);
}

#define NEEDS_TIMEDLOCK NEED("pthread_mutex_timedlock()", .ask = need_timedlock)

static void
need_timedlock(void)
{
	pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

	need(pthread_mutex_timedlock(&m, &past) != ENOSYS, "no pthread_mutex_timedlock() here");
}

static void
times_out(void *mutex)
{
	CHECK_RETURNS_ERROR(ETIMEDOUT, pthread_mutex_timedlock(mutex, &past));
}

static void
locks_in_time(void *mutex)
{
	CHECK_RETURNS_ERROR(0, pthread_mutex_timedlock(mutex, &past));
	REQUIRE_SUCCEEDS(pthread_mutex_unlock(mutex));
}

CASE(timedlock_across, SHALL,
    "pthread_mutex_timedlock() until a time in the past fails with ETIMEDOUT "
    "while another process holds the mutex, and locks a free one",
    "POSIX.1-2017 pthread_mutex_timedlock() ERRORS", "POSIX.1-2017 pthread_mutex_timedlock() DESCRIPTION",
    NEEDS_TIMEDLOCK)
{
	pthread_mutex_t *m = map_anonymous(sizeof(*m), MAP_SHARED);
	shared_mutex_init(m, PTHREAD_MUTEX_NORMAL, STALLED);

	REQUIRE_SUCCEEDS(pthread_mutex_lock(m));
	in_child(times_out, m);

	REQUIRE_SUCCEEDS(pthread_mutex_unlock(m));
	in_child(locks_in_time, m);
}

static void
finds_locked_elsewhere(void *object)
{
	const struct object *o = object;
	pthread_mutex_t *m = map_shared(o->fd, page_size());

	CHECK_RETURNS_ERROR(EBUSY, pthread_mutex_trylock(m));
	pause_for_parent();
	CHECK_RETURNS_ERROR(0, pthread_mutex_trylock(m));
	CHECK_RETURNS_ERROR(0, pthread_mutex_unlock(m));
}

CASE(usable_at_different_addresses, SHALL,
    "A mutex is the same one through every mapping of its memory, in one process and in others",
    "POSIX.1-2017 XSH 2.9.9 Synchronization Object Copies and Alternative Mappings", NEEDS_OBJECTS, COVERS("BS118"))
{
	struct object o = object_create(page_size());
	pthread_mutex_t *m = map_shared(o.fd, page_size());
	pthread_mutex_t *alias = map_shared(o.fd, page_size());
	shared_mutex_init(m, PTHREAD_MUTEX_NORMAL, STALLED);

	CHECK_RETURNS_ERROR(0, pthread_mutex_lock(m));
	CHECK_RETURNS_ERROR(EBUSY, pthread_mutex_trylock(alias));
	struct child c = child_start(finds_locked_elsewhere, &o); /* a third address: both others are taken */
	child_reaches_pause(&c);

	CHECK_RETURNS_ERROR(0, pthread_mutex_unlock(alias));
	child_goes_on(&c);
	child_exits(&c);
}

static void
may_not_unlock(void *mutex)
{
	CHECK_RETURNS_ERROR(EPERM, pthread_mutex_unlock(mutex));
	CHECK_RETURNS_ERROR(EBUSY, pthread_mutex_trylock(mutex));
}

CASE(errorcheck_across_processes, SHALL,
    "An error-checking mutex fails with EDEADLK when its owner locks "
    "it again, and with EPERM when another process unlocks it",
    "POSIX.1-2017 pthread_mutex_lock() ERRORS", "POSIX.1-2024 pthread_mutex_lock() ERRORS",
    "illumos pthread_mutex_lock(3C)")
{
	pthread_mutex_t *m = map_anonymous(sizeof(*m), MAP_SHARED);
	shared_mutex_init(m, PTHREAD_MUTEX_ERRORCHECK, STALLED);
	REQUIRE_SUCCEEDS(pthread_mutex_lock(m));

	CHECK_RETURNS_ERROR(EDEADLK, pthread_mutex_lock(m));
	in_child(may_not_unlock, m);

	CHECK_RETURNS_ERROR(0, pthread_mutex_unlock(m));
	CHECK_RETURNS_ERROR(EPERM, pthread_mutex_unlock(m));
	in_child(finds_free, m);
}

CASE(recursive_across_processes, SHALL,
    "A recursive mutex is free for other processes when its owner has unlocked it as often as locked, and not before",
    "POSIX.1-2017 pthread_mutex_lock() DESCRIPTION", "POSIX.1-2024 pthread_mutex_lock() DESCRIPTION",
    "illumos pthread_mutex_lock(3C)")
{
	pthread_mutex_t *m = map_anonymous(sizeof(*m), MAP_SHARED);
	shared_mutex_init(m, PTHREAD_MUTEX_RECURSIVE, STALLED);

	REQUIRE_SUCCEEDS(pthread_mutex_lock(m));
	CHECK_RETURNS_ERROR(0, pthread_mutex_lock(m));
	CHECK_RETURNS_ERROR(0, pthread_mutex_unlock(m));
	in_child(finds_locked, m);

	CHECK_RETURNS_ERROR(0, pthread_mutex_unlock(m));
	in_child(finds_free, m);
}

CASE(destroy_and_reinit, SHALL,
    "A mutex that is destroyed can be initialized again in the same memory, with another type too",
    "POSIX.1-2017 pthread_mutex_init() DESCRIPTION", "POSIX.1-2024 pthread_mutex_init() DESCRIPTION")
{
	pthread_mutex_t *m = map_anonymous(sizeof(*m), MAP_SHARED);

	shared_mutex_init(m, PTHREAD_MUTEX_RECURSIVE, STALLED);
	CHECK_RETURNS_ERROR(0, pthread_mutex_destroy(m));
	shared_mutex_init(m, PTHREAD_MUTEX_ERRORCHECK, STALLED);

	CHECK_RETURNS_ERROR(0, pthread_mutex_lock(m));
	CHECK_RETURNS_ERROR(EDEADLK, pthread_mutex_lock(m));
	in_child(finds_locked, m);
}
