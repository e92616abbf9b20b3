/* SPDX-License-Identifier: BSD-2-Clause */

/* Robust mutexes whose owner is one of several threads, or holds several of them, and those who wait for them. */

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include "case.h"
#include "mapping.h"
#include "memory_cases.h"
#include "process.h"
#include "program.h"
#include "shared_mutex.h"

INTERFACE(robust_mutex, NEEDS_ROBUST_MUTEXES)

/* A mutex in new shared memory. */
static pthread_mutex_t *
new_mutex(void)
{
	pthread_mutex_t *m = map_anonymous(sizeof(*m), MAP_SHARED);

	shared_mutex_init(m, PTHREAD_MUTEX_DEFAULT, ROBUST);
	return m;
}

static void *
lock_and_end(void *mutex)
{
	REQUIRE_SUCCEEDS(pthread_mutex_lock(mutex));
	return NULL;
}

/* Another thread does this, and has ended when this returns. */
static void
in_thread(void *(*body)(void *), pthread_mutex_t *mutex)
{
	pthread_t thread;

	thread_start(&thread, body, mutex);
	REQUIRE_SUCCEEDS(pthread_join(thread, NULL));
}

/* POSIX lets the next one be told, and does not require it while the process lives. */
CASE(owner_thread_exit, MAY,
    "When only the thread that holds the mutex ends, the next pthread_mutex_trylock() returns EOWNERDEAD or EBUSY",
    "POSIX.1-2017 pthread_mutexattr_getrobust() DESCRIPTION",
    CHOICE("Linux pthread_mutexattr_setrobust(3)", "mutex-of-ended-thread", "EOWNERDEAD"))
{
	pthread_mutex_t *m = new_mutex();

	in_thread(lock_and_end, m);

	int error = pthread_mutex_trylock(m);
	CHECK(error == EOWNERDEAD || error == EBUSY);
	observed("mutex-of-ended-thread", "%s", errno_name(error));
}

static void
lose_owning_thread_and_stay(void *mutex)
{
	in_thread(lock_and_end, mutex);
	pause_for_parent();
}

CASE(owner_thread_exit__then_its_process, SHALL,
    "When the thread that holds the mutex has ended, and then its process ends, the next locker gets EOWNERDEAD",
    "POSIX.1-2017 pthread_mutexattr_getrobust() DESCRIPTION", "POSIX.1-2024 pthread_mutex_lock() ERRORS")
{
	pthread_mutex_t *m = new_mutex();
	struct child c = child_start(lose_owning_thread_and_stay, m);
	child_reaches_pause(&c);

	child_goes_on(&c);
	child_exits(&c);

	CHECK_RETURNS_ERROR(EOWNERDEAD, pthread_mutex_lock(m));
}

static void *
lock_and_stay(void *mutex)
{
	REQUIRE_SUCCEEDS(pthread_mutex_lock(mutex));
	pause_for_parent();
	return NULL;
}

static void
lock_in_thread(void *mutex)
{
	in_thread(lock_and_stay, mutex);
}

CASE(owner_sigkill_eownerdead__of_several_threads, SHALL,
    "When SIGKILL ends a process of which another thread than the first holds the mutex, the next gets EOWNERDEAD",
    "POSIX.1-2017 pthread_mutexattr_getrobust() DESCRIPTION", "POSIX.1-2024 pthread_mutex_lock() ERRORS",
    "Linux pthread_mutexattr_setrobust(3)")
{
	pthread_mutex_t *m = new_mutex();
	struct child owner = child_start(lock_in_thread, m);
	child_reaches_pause(&owner);
	CHECK_RETURNS_ERROR(EBUSY, pthread_mutex_trylock(m));

	child_kill(&owner);

	CHECK_RETURNS_ERROR(EOWNERDEAD, pthread_mutex_lock(m));
}

PROGRAM(successor)
{
	pause_for_parent();
}

struct two_threads {
	pthread_mutex_t *mutex;
	pthread_barrier_t is_locked;
};

static void *
lock_and_wait(void *arg)
{
	struct two_threads *t = arg;

	REQUIRE_SUCCEEDS(pthread_mutex_lock(t->mutex));
	pthread_barrier_wait(&t->is_locked);
	for (;;)
		pause();
	return NULL;
}

static void
become_successor_while_thread_holds(void *mutex)
{
	struct two_threads t = { .mutex = mutex };
	pthread_t thread;

	REQUIRE_SUCCEEDS(pthread_barrier_init(&t.is_locked, NULL, 2));
	thread_start(&thread, lock_and_wait, &t);
	pthread_barrier_wait(&t.is_locked);
	program_become("successor");
}

CASE(owner_exec_eownerdead__by_another_thread, DOCUMENTED,
    "When a thread calls exec, another thread of its process loses the mutex, which the next gets with EOWNERDEAD",
    "Linux pthread_mutexattr_setrobust(3)", "Linux get_robust_list(2)", "illumos pthread_mutex_lock(3C)",
    NEEDS_SHARED_BARRIERS)
{
	pthread_mutex_t *m = new_mutex();
	struct child owner = child_start(become_successor_while_thread_holds, m);

	child_reaches_pause(&owner); /* it lives on */

	CHECK_RETURNS_ERROR(EOWNERDEAD, pthread_mutex_trylock(m));
	child_goes_on(&owner);
	child_exits(&owner);
}

static void *
lock_and_become_successor(void *mutex)
{
	REQUIRE_SUCCEEDS(pthread_mutex_lock(mutex));
	program_become("successor");
	return NULL;
}

static void
become_successor_in_thread(void *mutex)
{
	pthread_t thread;

	thread_start(&thread, lock_and_become_successor, mutex);
	for (;;)
		pause();
}

CASE(owner_exec_eownerdead__by_the_owner, DOCUMENTED,
    "When another thread than the first holds the mutex and calls exec, the next gets the mutex with EOWNERDEAD",
    "Linux pthread_mutexattr_setrobust(3)", "Linux get_robust_list(2)", "illumos pthread_mutex_lock(3C)")
{
	pthread_mutex_t *m = new_mutex();
	struct child owner = child_start(become_successor_in_thread, m);

	child_reaches_pause(&owner); /* it lives on, as its first thread */

	known_defect(LINUX, "", "the mutex stays locked for ever: EBUSY, not EOWNERDEAD", "docs/findings.md");
	CHECK_RETURNS_ERROR(EOWNERDEAD, pthread_mutex_trylock(m));
	child_goes_on(&owner);
	child_exits(&owner);
}

enum { MUTEXES = 20 };

/* All are locked; each third is unlocked again, the first of them last. */
static void
hold_some(void *mutexes)
{
	pthread_mutex_t *m = mutexes;

	for (int i = 0; i < MUTEXES; i++)
		REQUIRE_SUCCEEDS(pthread_mutex_lock(&m[i]));
	for (int i = MUTEXES - 1; i >= 0; i--)
		if (i % 3 == 0)
			REQUIRE_SUCCEEDS(pthread_mutex_unlock(&m[i]));
}

CASE_FOR_EACH_MEMORY(owner_sigkill_eownerdead__of_many, SHALL,
    "A process that is killed leaves each mutex that it holds with EOWNERDEAD, and those that it has unlocked free",
    "POSIX.1-2017 pthread_mutexattr_getrobust() DESCRIPTION", "POSIX.1-2024 pthread_mutex_lock() ERRORS",
    "Linux pthread_mutexattr_setrobust(3)", "illumos pthread_mutexattr_getrobust(3C)")
{
	pthread_mutex_t *m = (void *)memory_create(kind, MUTEXES * sizeof(*m)).start;
	for (int i = 0; i < MUTEXES; i++)
		shared_mutex_init(&m[i], PTHREAD_MUTEX_DEFAULT, ROBUST);
	struct child owner = child_start(hold_some, m);
	child_reaches_end(&owner);

	child_kill(&owner);

	for (int i = 0; i < MUTEXES; i++)
		CHECK_RETURNS_ERROR(i % 3 == 0 ? 0 : EOWNERDEAD, pthread_mutex_trylock(&m[i]));
}

static void
find_unrecoverable(void *mutex)
{
	pause_for_parent();
	CHECK_RETURNS_ERROR(ENOTRECOVERABLE, pthread_mutex_lock(mutex));
}

static void
lock(void *mutex)
{
	REQUIRE_SUCCEEDS(pthread_mutex_lock(mutex));
}

/* Of several waiters glibc wakes one alone, and only the watchdog would tell: docs/findings.md. */
CASE(waiters_woken_notrecoverable, SHALL,
    "A process that waits for the mutex, or begins to, gets ENOTRECOVERABLE when it is unlocked without being repaired",
    "POSIX.1-2017 pthread_mutexattr_getrobust() DESCRIPTION", "POSIX.1-2017 pthread_mutex_lock() ERRORS",
    "POSIX.1-2024 pthread_mutex_lock() ERRORS")
{
	pthread_mutex_t *m = new_mutex();
	in_child(lock, m);
	int error = pthread_mutex_lock(m);
	REQUIRE(error == EOWNERDEAD);
	struct child waiter = child_start(find_unrecoverable, m);
	child_reaches_pause(&waiter);

	child_goes_on(&waiter);
	for (int i = 0; i < 100; i++)
		sched_yield(); /* most often it waits by now */
	REQUIRE_SUCCEEDS(pthread_mutex_unlock(m));

	child_exits(&waiter);
}

static void
inherit_and_repair(void *mutex)
{
	pause_for_parent();
	int error = pthread_mutex_lock(mutex);
	if (error == EOWNERDEAD)
		error = pthread_mutex_consistent(mutex);
	CHECK_RETURNS_ERROR(0, error);
	REQUIRE_SUCCEEDS(pthread_mutex_unlock(mutex));
}

CASE(blocked_waiter_gets_eownerdead__several, SHALL,
    "When the owner is killed, three processes that wait for the mutex, or begin to, get it one after the other",
    "POSIX.1-2017 pthread_mutexattr_getrobust() DESCRIPTION", "Linux pthread_mutexattr_setrobust(3)")
{
	pthread_mutex_t *m = new_mutex();
	struct child waiters[3];
	struct child owner = child_start(lock, m);
	child_reaches_end(&owner);
	for (size_t i = 0; i < nitems(waiters); i++) {
		waiters[i] = child_start(inherit_and_repair, m);
		child_reaches_pause(&waiters[i]);
	}

	for (size_t i = 0; i < nitems(waiters); i++)
		child_goes_on(&waiters[i]);
	for (int i = 0; i < 100; i++)
		sched_yield(); /* most often they wait by now */
	child_kill(&owner);

	for (size_t i = 0; i < nitems(waiters); i++)
		child_exits(&waiters[i]);
	REQUIRE_SUCCEEDS(pthread_mutex_trylock(m));
}
