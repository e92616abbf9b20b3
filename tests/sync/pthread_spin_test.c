/* SPDX-License-Identifier: BSD-2-Clause */

/* Spin locks in memory that processes share. */

#include <sched.h>
#include <unistd.h>

#include "case.h"
#include "mapping.h"
#include "platform/pthread.h"
#include "process.h"

INTERFACE(pthread_spin)

/* A lock for all processes that have this memory. */
static void
init_shared(pthread_spinlock_t *lock)
{
	int error = pthread_spin_init(lock, PTHREAD_PROCESS_SHARED);

	need(error != ENOTSUP && error != ENOSYS && error != EINVAL, "no spin locks between processes here");
	REQUIRE(error == 0);
}

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
    "While one process holds the lock another gets EBUSY from pthread_spin_trylock(), and afterwards the lock",
    "POSIX.1-2017 pthread_spin_init() DESCRIPTION", "POSIX.1-2017 pthread_spin_lock() ERRORS")
{
	pthread_spinlock_t *lock = (void *)memory_create(kind, sizeof(*lock)).start;
	init_shared(lock);

	CHECK_RETURNS_ERROR(0, pthread_spin_lock(lock));
	in_child(finds_locked, (void *)lock);

	CHECK_RETURNS_ERROR(0, pthread_spin_unlock(lock));
	in_child(finds_free, (void *)lock);
}

enum { INCREMENTS = 2000 }; /* of each of two processes; on one processor each meeting costs a time slice */

struct counter {
	pthread_spinlock_t lock;
	atomic_uint arrived;
	volatile unsigned value;
};

static void
increment(void *counter)
{
	struct counter *c = counter;

	start_together(&c->arrived, 2);
	for (unsigned i = 0; i < INCREMENTS; i++) {
		pthread_spin_lock(&c->lock);
		unsigned value = c->value;
		if (i % 500 == 0)
			sched_yield(); /* invite the other, in case that nothing keeps it out */
		c->value = value + 1;
		pthread_spin_unlock(&c->lock);
	}
}

CASE(shared_excludes__counter, SHALL, "Of 4000 increments that two processes make under a spin lock none is lost",
    "POSIX.1-2017 pthread_spin_init() DESCRIPTION")
{
	struct counter *c = map_anonymous(sizeof(*c), MAP_SHARED);
	init_shared(&c->lock);

	struct child one = child_start(increment, c);
	struct child other = child_start(increment, c);
	child_exits(&one);
	child_exits(&other);

	CHECK_EQ(2 * INCREMENTS, c->value);
}
