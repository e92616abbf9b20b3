/* SPDX-License-Identifier: BSD-2-Clause */

/* Spin locks in memory that processes share. */

#include <sched.h>
#include <unistd.h>

#include "case.h"
#include "mapping.h"
#include "memory_cases.h"
#include "platform/pthread.h"
#include "process.h"
#include "shared_mutex.h"

#define NEEDS_SHARED_SPIN_LOCKS NEED("spin locks between processes", .ask = need_shared_spin_locks)

static void
need_shared_spin_locks(void)
{
	pthread_spinlock_t lock;

	need_process_shared(
	    pthread_spin_init(&lock, PTHREAD_PROCESS_SHARED), "pthread_spin_init()", "spin locks between processes");
}

INTERFACE(pthread_spin, NEEDS_SHARED_SPIN_LOCKS)

static void
finds_locked(void *lock)
{
	pthread_spinlock_t *l = lock;

	CHECK_RETURNS_ERROR(EBUSY, pthread_spin_trylock(l));
}

static void
finds_free(void *lock)
{
	pthread_spinlock_t *l = lock;

	CHECK_RETURNS_ERROR(0, pthread_spin_trylock(l));
	CHECK_RETURNS_ERROR(0, pthread_spin_unlock(l));
}

CASE_FOR_EACH_MEMORY(shared_excludes, SHALL,
    "pthread_spin_trylock() fails with EBUSY while another process holds the lock, and gets a free one",
    "POSIX.1-2017 pthread_spin_init() DESCRIPTION", "POSIX.1-2017 pthread_spin_lock() ERRORS",
    "Linux pthread_spin_init(3)", "Linux pthread_spin_lock(3)", "FreeBSD 11 pthread_spin_init(3)",
    "NetBSD pthread_spin_init(3)", "illumos pthread_spin_destroy(3C)")
{
	pthread_spinlock_t *lock = (void *)memory_create(kind, sizeof(*lock)).start;
	REQUIRE_SUCCEEDS(pthread_spin_init(lock, PTHREAD_PROCESS_SHARED));

	CHECK_RETURNS_ERROR(0, pthread_spin_lock(lock));
	in_child(finds_locked, (void *)lock);

	CHECK_RETURNS_ERROR(0, pthread_spin_unlock(lock));
	in_child(finds_free, (void *)lock);
}

enum { INCREMENTS = 2000 }; /* of each of two processes; on one processor each meeting costs a time slice */

struct counter {
	pthread_spinlock_t lock;
	volatile unsigned value;
	atomic_uint arrived;
};

static void
increment(void *counter)
{
	struct counter *c = counter;

	start_together(&c->arrived, 2);
	for (unsigned i = 0; i < INCREMENTS; i++) {
		REQUIRE_SUCCEEDS(pthread_spin_lock(&c->lock));
		unsigned value = c->value;
		if (i % 500 == 0)
			sched_yield(); /* invite the other, in case that nothing keeps it out */
		c->value = value + 1;
		REQUIRE_SUCCEEDS(pthread_spin_unlock(&c->lock));
	}
}

CASE(shared_excludes__counter, SHALL, "Of 4000 increments that two processes make under a spin lock none is lost",
    "POSIX.1-2017 pthread_spin_init() DESCRIPTION", "Linux pthread_spin_init(3)", "FreeBSD 11 pthread_spin_init(3)",
    "NetBSD pthread_spin_init(3)", "illumos pthread_spin_destroy(3C)")
{
	struct counter *c = map_anonymous(sizeof(*c), MAP_SHARED);
	REQUIRE_SUCCEEDS(pthread_spin_init(&c->lock, PTHREAD_PROCESS_SHARED));

	struct child one = child_start(increment, c);
	struct child other = child_start(increment, c);
	child_exits(&one);
	child_exits(&other);

	CHECK_EQ(2 * INCREMENTS, c->value);
}
