/* SPDX-License-Identifier: BSD-2-Clause */

/* Signals that come while a process waits for another: the wait goes on when the handler has returned. */

#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

#include "case.h"
#include "clock.h"
#include "instrument.h"
#include "interruption.h"
#include "mapping.h"
#include "process.h"
#include "shared_mutex.h"

/* ThreadSanitizer holds signals back from a thread that waits. */
INTERFACE(process_shared, NEEDS_NO_INSTRUMENT(THREAD_SANITIZER))

enum { SIGNALS = 20 };

struct room {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	pthread_rwlock_t lock;
	pthread_barrier_t barrier;
	unsigned go;
	atomic_uint signals;
	atomic_bool waits;
	atomic_bool has_returned;
};

static struct room *room; /* of this process, for the handler */

static void
count(int number)
{
	(void)number;
	atomic_fetch_add(&room->signals, 1);
}

static struct room *
new_room(void)
{
	return room = map_anonymous(sizeof(struct room), MAP_SHARED);
}

/* In a child: it is about to wait, and is interrupted from now on. */
static void
begin(void)
{
	struct sigaction action = { .sa_handler = count }; /* without SA_RESTART */

	interruptions_begin();
	REQUIRE_SUCCEEDS(sigaction(SIGUSR1, &action, NULL));
	atomic_store(&room->waits, true);
}

static void
end(void)
{
	atomic_store(&room->has_returned, true);
	interruptions_end();
}

/* Return when the child has handled some signals since it began to wait. Returns whether it still waits. */
static bool
let_signals_come(const struct child *c)
{
	while (!atomic_load(&room->waits) && child_runs_on(c))
		sched_yield();
	unsigned before = atomic_load(&room->signals);
	while (atomic_load(&room->signals) < before + SIGNALS && !atomic_load(&room->has_returned) && child_runs_on(c))
		sched_yield();
	bool is_waiting = CHECK(!atomic_load(&room->has_returned));
	return CHECK(child_runs_on(c)) && is_waiting;
}

/* Later than the watchdog. */
static struct timespec
late(void)
{
	return (struct timespec){ .tv_sec = coarse_time() + 2 * STUCK_SECONDS };
}

static void
wait_for_mutex(void *arg)
{
	(void)arg;
	begin();
	CHECK_RETURNS_ERROR(0, pthread_mutex_lock(&room->mutex));
	end();
}

static void
interrupt_waiter_for_mutex(void (*body)(void *))
{
	shared_mutex_init(&new_room()->mutex, PTHREAD_MUTEX_DEFAULT, STALLED);
	REQUIRE_SUCCEEDS(pthread_mutex_lock(&room->mutex));
	struct child c = child_start(body, NULL);

	let_signals_come(&c);
	REQUIRE_SUCCEEDS(pthread_mutex_unlock(&room->mutex));
	child_exits(&c);
}

CASE(mutex_wait_outlasts_signals, SHALL,
    "Signals do not end pthread_mutex_lock(), which waits on until another process unlocks the mutex",
    "POSIX.1-2017 pthread_mutex_lock() DESCRIPTION", "POSIX.1-2024 pthread_mutex_lock() DESCRIPTION",
    NEEDS_SHARED_MUTEXES)
{
	interrupt_waiter_for_mutex(wait_for_mutex);
}

static void
wait_some_time_for_mutex(void *arg)
{
	struct timespec until = late();
	(void)arg;

	begin();
	CHECK_RETURNS_ERROR(0, pthread_mutex_timedlock(&room->mutex, &until));
	end();
}

CASE(mutex_wait_outlasts_signals__timed, SHALL,
    "Signals do not end pthread_mutex_timedlock(), which waits on until another process unlocks the mutex",
    "POSIX.1-2017 pthread_mutex_timedlock() ERRORS", NEEDS_SHARED_MUTEXES)
{
	pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
	struct timespec until = late();
	need(pthread_mutex_timedlock(&m, &until) != ENOSYS, "no pthread_mutex_timedlock() here");

	interrupt_waiter_for_mutex(wait_some_time_for_mutex);
}

/* A wait may return 0 at any time, for no reason; it is the loop that waits. */
static void
wait_for_condition(void *arg)
{
	bool is_sound = true;
	(void)arg;

	begin();
	REQUIRE_SUCCEEDS(pthread_mutex_lock(&room->mutex));
	while (room->go == 0 && is_sound)
		is_sound = CHECK_RETURNS_ERROR(0, pthread_cond_wait(&room->changed, &room->mutex));
	CHECK_EQ(1, room->go);
	REQUIRE_SUCCEEDS(pthread_mutex_unlock(&room->mutex));
	end();
}

static void
wait_some_time_for_condition(void *arg)
{
	struct timespec until = late();
	bool is_sound = true;
	(void)arg;

	begin();
	REQUIRE_SUCCEEDS(pthread_mutex_lock(&room->mutex));
	while (room->go == 0 && is_sound)
		is_sound = CHECK_RETURNS_ERROR(0, pthread_cond_timedwait(&room->changed, &room->mutex, &until));
	CHECK_EQ(1, room->go);
	REQUIRE_SUCCEEDS(pthread_mutex_unlock(&room->mutex));
	end();
}

static void
interrupt_waiter_for_condition(void (*body)(void *))
{
	shared_mutex_init(&new_room()->mutex, PTHREAD_MUTEX_DEFAULT, STALLED);
	shared_condition_init(&room->changed);
	struct child c = child_start(body, NULL);

	if (let_signals_come(&c)) { /* else the mutex may be locked for ever */
		REQUIRE_SUCCEEDS(pthread_mutex_lock(&room->mutex));
		room->go = 1;
		REQUIRE_SUCCEEDS(pthread_cond_signal(&room->changed));
		REQUIRE_SUCCEEDS(pthread_mutex_unlock(&room->mutex));
	}
	child_exits(&c);
}

CASE(condition_wait_outlasts_signals, SHALL,
    "A signal makes pthread_cond_wait() return no error, and the process that waits in a loop finds its condition",
    "POSIX.1-2017 pthread_cond_wait() DESCRIPTION", "POSIX.1-2024 pthread_cond_wait() DESCRIPTION",
    "POSIX.1-2017 pthread_cond_wait() ERRORS", "POSIX.1-2024 pthread_cond_wait() ERRORS", NEEDS_SHARED_MUTEXES,
    NEEDS_SHARED_CONDITIONS)
{
	interrupt_waiter_for_condition(wait_for_condition);
}

CASE(condition_wait_outlasts_signals__timed, SHALL,
    "A signal makes pthread_cond_timedwait() return no error, and the process that waits in a loop finds its condition",
    "POSIX.1-2017 pthread_cond_timedwait() DESCRIPTION", "POSIX.1-2024 pthread_cond_timedwait() DESCRIPTION",
    "POSIX.1-2017 pthread_cond_timedwait() ERRORS", "POSIX.1-2024 pthread_cond_timedwait() ERRORS",
    NEEDS_SHARED_MUTEXES, NEEDS_SHARED_CONDITIONS)
{
	interrupt_waiter_for_condition(wait_some_time_for_condition);
}

static void
wait_to_read(void *arg)
{
	(void)arg;
	begin();
	CHECK_RETURNS_ERROR(0, pthread_rwlock_rdlock(&room->lock));
	end();
}

static void
wait_to_write(void *arg)
{
	(void)arg;
	begin();
	CHECK_RETURNS_ERROR(0, pthread_rwlock_wrlock(&room->lock));
	end();
}

static void
interrupt_waiter_for_lock(void (*body)(void *))
{
	shared_rwlock_init(&new_room()->lock);
	REQUIRE_SUCCEEDS(pthread_rwlock_wrlock(&room->lock));
	struct child c = child_start(body, NULL);

	let_signals_come(&c);
	REQUIRE_SUCCEEDS(pthread_rwlock_unlock(&room->lock));
	child_exits(&c);
}

CASE(rwlock_wait_outlasts_signals__for_reading, SHALL,
    "Signals do not end pthread_rwlock_rdlock(), which waits on until another process unlocks the lock",
    "POSIX.1-2017 pthread_rwlock_rdlock() DESCRIPTION", "illumos pthread_rwlock_rdlock(3C)", NEEDS_SHARED_RWLOCKS)
{
	interrupt_waiter_for_lock(wait_to_read);
}

CASE(rwlock_wait_outlasts_signals__for_writing, SHALL,
    "Signals do not end pthread_rwlock_wrlock(), which waits on until another process unlocks the lock",
    "POSIX.1-2017 pthread_rwlock_wrlock() DESCRIPTION", NEEDS_SHARED_RWLOCKS)
{
	interrupt_waiter_for_lock(wait_to_write);
}

static void
wait_at_barrier(void *arg)
{
	(void)arg;
	begin();
	int result = pthread_barrier_wait(&room->barrier);
	CHECK(result == 0 || result == PTHREAD_BARRIER_SERIAL_THREAD);
	end();
}

CASE(barrier_wait_outlasts_signals, SHALL,
    "Signals do not end pthread_barrier_wait(), which waits on until the other process has come",
    "POSIX.1-2017 pthread_barrier_wait() DESCRIPTION", "illumos pthread_barrier_wait(3C)", NEEDS_SHARED_BARRIERS)
{
	shared_barrier_init(&new_room()->barrier, 2);
	struct child c = child_start(wait_at_barrier, NULL);

	if (let_signals_come(&c)) /* else nobody would come */
		pthread_barrier_wait(&room->barrier);
	child_exits(&c);
}
