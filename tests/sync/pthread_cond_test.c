/* SPDX-License-Identifier: BSD-2-Clause */

/* Condition variables in memory that processes share. */

#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "case.h"
#include "mapping.h"
#include "memory_cases.h"
#include "process.h"
#include "shared_mutex.h"

INTERFACE(pthread_cond, NEEDS_SHARED_MUTEXES, NEEDS_SHARED_CONDITIONS)

static const struct timespec past = { .tv_sec = 1 };

struct monitor {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	unsigned go;
};

/* Both for all processes that have this memory. */
static void
init_shared(struct monitor *m, enum robustness robustness)
{
	shared_mutex_init(&m->mutex, PTHREAD_MUTEX_DEFAULT, robustness);
	shared_condition_init(&m->changed);
}

/* The child holds the mutex at the pause and gives it up in the wait: who locks it after that knows that the child waits. */
static void
wait_for_go(void *monitor)
{
	struct monitor *m = monitor;

	REQUIRE_SUCCEEDS(pthread_mutex_lock(&m->mutex));
	pause_for_parent();
	while (m->go == 0)
		REQUIRE_SUCCEEDS(pthread_cond_wait(&m->changed, &m->mutex));
	CHECK_RETURNS_ERROR(0, pthread_mutex_unlock(&m->mutex));
}

/* Start one, and return when it waits. */
static struct child
start_waiter(struct monitor *m)
{
	struct child c = child_start(wait_for_go, m);

	child_reaches_pause(&c);
	child_goes_on(&c);
	REQUIRE_SUCCEEDS(pthread_mutex_lock(&m->mutex));
	REQUIRE_SUCCEEDS(pthread_mutex_unlock(&m->mutex));
	return c;
}

CASE_FOR_EACH_MEMORY(signal_across, SHALL, "pthread_cond_signal() wakes a process that waits",
    "POSIX.1-2017 pthread_condattr_getpshared() DESCRIPTION", "POSIX.1-2017 pthread_cond_broadcast() DESCRIPTION",
    "POSIX.1-2024 pthread_cond_broadcast() DESCRIPTION", "FreeBSD 11 pthread_condattr(3)",
    "illumos pthread_condattr_getpshared(3C)")
{
	struct monitor *m = (void *)memory_create(kind, sizeof(*m)).start;
	init_shared(m, STALLED);
	struct child c = start_waiter(m);

	REQUIRE_SUCCEEDS(pthread_mutex_lock(&m->mutex));
	m->go = 1;
	CHECK_RETURNS_ERROR(0, pthread_cond_signal(&m->changed));
	REQUIRE_SUCCEEDS(pthread_mutex_unlock(&m->mutex));

	child_exits(&c);
}

CASE(broadcast_across, SHALL, "pthread_cond_broadcast() wakes all processes that wait",
    "POSIX.1-2017 pthread_condattr_getpshared() DESCRIPTION", "POSIX.1-2017 pthread_cond_broadcast() DESCRIPTION",
    "POSIX.1-2024 pthread_cond_broadcast() DESCRIPTION", "FreeBSD 11 pthread_condattr(3)",
    "illumos pthread_condattr_getpshared(3C)")
{
	struct monitor *m = map_anonymous(sizeof(*m), MAP_SHARED);
	init_shared(m, STALLED);
	struct child c[3];
	for (int i = 0; i < 3; i++)
		c[i] = start_waiter(m);

	REQUIRE_SUCCEEDS(pthread_mutex_lock(&m->mutex));
	m->go = 1;
	CHECK_RETURNS_ERROR(0, pthread_cond_broadcast(&m->changed));
	REQUIRE_SUCCEEDS(pthread_mutex_unlock(&m->mutex));

	for (int i = 0; i < 3; i++)
		child_exits(&c[i]);
}

static void
finds_locked(void *mutex)
{
	CHECK_RETURNS_ERROR(EBUSY, pthread_mutex_trylock(mutex));
}

CASE(timedwait_etimedout, SHALL,
    "A wait until a time in the past returns ETIMEDOUT and holds the mutex, which other processes find locked",
    "POSIX.1-2017 pthread_cond_timedwait() ERRORS", "POSIX.1-2024 pthread_cond_timedwait() ERRORS",
    "POSIX.1-2017 pthread_cond_timedwait() DESCRIPTION", "POSIX.1-2024 pthread_cond_timedwait() DESCRIPTION")
{
	struct monitor *m = map_anonymous(sizeof(*m), MAP_SHARED);
	init_shared(m, STALLED);
	REQUIRE_SUCCEEDS(pthread_mutex_lock(&m->mutex));

	CHECK_RETURNS_ERROR(ETIMEDOUT, pthread_cond_timedwait(&m->changed, &m->mutex, &past));

	in_child(finds_locked, &m->mutex);
	CHECK_RETURNS_ERROR(0, pthread_mutex_unlock(&m->mutex));
}

static void
wait_for_heritage(void *monitor)
{
	struct monitor *m = monitor;
	int error = 0;

	REQUIRE_SUCCEEDS(pthread_mutex_lock(&m->mutex));
	pause_for_parent();
	while (error == 0 && m->go == 0)
		error = pthread_cond_wait(&m->changed, &m->mutex);
	CHECK_EQ(EOWNERDEAD, error);
	REQUIRE(m->go == 1);
	CHECK_RETURNS_ERROR(0, pthread_mutex_consistent(&m->mutex));
	CHECK_RETURNS_ERROR(0, pthread_mutex_unlock(&m->mutex));
}

static void
signal_and_die(void *monitor)
{
	struct monitor *m = monitor;

	REQUIRE_SUCCEEDS(pthread_mutex_lock(&m->mutex)); /* the other waits now */
	m->go = 1;
	pthread_cond_signal(&m->changed);
	raise(SIGKILL);
}

CASE(wait_returns_eownerdead, SHALL,
    "A wait with a robust mutex whose owner signals and dies returns EOWNERDEAD and holds the mutex",
    "POSIX.1-2017 pthread_cond_wait() ERRORS", "POSIX.1-2024 pthread_cond_wait() ERRORS", NEEDS_ROBUST_MUTEXES)
{
	struct monitor *m = map_anonymous(sizeof(*m), MAP_SHARED);
	init_shared(m, ROBUST);
	struct child waiter = child_start(wait_for_heritage, m);
	child_reaches_pause(&waiter);

	child_goes_on(&waiter);
	struct child dying = child_start(signal_and_die, m);
	child_dies(&dying, SIGKILL);

	child_exits(&waiter);
	CHECK_RETURNS_ERROR(0, pthread_mutex_trylock(&m->mutex));
}
