/* SPDX-License-Identifier: BSD-2-Clause */

/* Waits that end with EINTR in a process that handles signals, and do so as soon as they begin. */

#include <pthread.h>
#include <signal.h>

#include "known.h"
#include "violation.h"

/* As in hooks_sync.c: there are none between processes elsewhere. */
#if !defined(__APPLE__) && !defined(__OpenBSD__) && !defined(__NetBSD__)

static void
lock_or_be_interrupted(struct call *c, enum interface attempt)
{
	struct call a = *c;

	a.interface = attempt;
	real_call(&a);
	c->result = a.result == EBUSY ? EINTR : a.result;
	c->error = (int)c->result;
}

static void
handle(int number)
{
	(void)number;
}

static void
handle_signals(void)
{
	struct sigaction action = { .sa_handler = handle };

	sigaction(SIGUSR1, &action, NULL);
}

/* In a child, which an alarm ends if it waits. */
static bool
is_interrupted(int (*wait)(void))
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		handle_signals();
		alarm(1);
		_exit(wait() == EINTR ? 1 : 0);
	}
	waitpid(child, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

static int
lock_twice(void)
{
	pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

	return pthread_mutex_trylock(&m) == 0 ? pthread_mutex_lock(&m) : EINVAL;
}

VIOLATION(mutex_lock_interrupted, "process_shared.mutex-wait-outlasts-signals", "-", MUTEX_LOCK,
    REPLACES(known_is_interruptible(), lock_or_be_interrupted(c, MUTEX_TRYLOCK)))
{
	return is_interrupted(lock_twice);
}

VIOLATION(mutex_timedlock_interrupted, "process_shared.mutex-wait-outlasts-signals", "-", MUTEX_TIMEDLOCK,
    REPLACES(known_is_interruptible(), lock_or_be_interrupted(c, MUTEX_TRYLOCK)))
{
	static const struct timespec past = { .tv_sec = 1 };
	pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

	handle_signals();
	return pthread_mutex_trylock(&m) == 0 && pthread_mutex_timedlock(&m, &past) == EINTR;
}

static int
wait_for_nothing(void)
{
	pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
	pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

	pthread_mutex_lock(&m);
	return pthread_cond_wait(&changed, &m);
}

VIOLATION(cond_wait_interrupted, "process_shared.condition-wait-outlasts-signals", "-", COND_WAIT,
    REFUSES(known_is_interruptible(), EINTR))
{
	return is_interrupted(wait_for_nothing);
}

VIOLATION(cond_timedwait_interrupted, "process_shared.condition-wait-outlasts-signals", "-", COND_TIMEDWAIT,
    REFUSES(known_is_interruptible(), EINTR))
{
	static const struct timespec past = { .tv_sec = 1 };
	pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
	pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

	handle_signals();
	pthread_mutex_lock(&m);
	return pthread_cond_timedwait(&changed, &m, &past) == EINTR;
}

VIOLATION(rwlock_rdlock_interrupted, "process_shared.rwlock-wait-outlasts-signals", "-", RWLOCK_RDLOCK,
    REPLACES(known_is_interruptible(), lock_or_be_interrupted(c, RWLOCK_TRYRDLOCK)))
{
	pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

	handle_signals();
	pthread_rwlock_wrlock(&lock);
	return pthread_rwlock_rdlock(&lock) == EINTR;
}

static int
write_while_reading(void)
{
	pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

	pthread_rwlock_tryrdlock(&lock);
	return pthread_rwlock_wrlock(&lock);
}

VIOLATION(rwlock_wrlock_interrupted, "process_shared.rwlock-wait-outlasts-signals", "-", RWLOCK_WRLOCK,
    REPLACES(known_is_interruptible(), lock_or_be_interrupted(c, RWLOCK_TRYWRLOCK)))
{
	return is_interrupted(write_while_reading);
}

VIOLATION(barrier_wait_interrupted, "process_shared.barrier-wait-outlasts-signals", "-", BARRIER_WAIT,
    REFUSES(known_is_interruptible(), EINTR))
{
	pthread_barrier_t barrier;

	handle_signals();
	pthread_barrier_init(&barrier, NULL, 1);
	return pthread_barrier_wait(&barrier) == EINTR;
}

#endif
