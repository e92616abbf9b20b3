/* SPDX-License-Identifier: BSD-2-Clause */

/* Calls about what synchronizes that fail where nothing is wrong. */

#include <pthread.h>
#include <semaphore.h>

#include <sys/mman.h>

#include "violation.h"

/* As in hooks_sync.c: there are none between processes elsewhere. */
#if !defined(__APPLE__) && !defined(__OpenBSD__)

VIOLATION(sem_wait_eintr, "semaphore.excludes-across-processes", "-", SEM_WAIT, REFUSES(true, EINTR))
{
	sem_t s;

	return sem_init(&s, 0, 1) == 0 && sem_wait(&s) == -1;
}

static void
post_and_fail(struct call *c)
{
	real_call(c);
	call_fail(c, EOVERFLOW);
}

VIOLATION(sem_post_posts_and_fails, "semaphore.pshared-visible", "-", SEM_POST, REPLACES(true, post_and_fail(c)))
{
	sem_t s;

	return sem_init(&s, 0, 1) == 0 && sem_post(&s) == -1;
}

VIOLATION(sem_getvalue_einval, "semaphore.initial-value", "-", SEM_GETVALUE, REFUSES(true, EINVAL))
{
	sem_t s;
	int value;

	return sem_init(&s, 0, 1) == 0 && sem_getvalue(&s, &value) == -1;
}

#endif

/* What it asks for is done, so that the others go on. */
static void
do_and_fail(struct call *c)
{
	real_call(c);
	call_fail(c, EINVAL);
}

static int
locked_and_unlocked(int *locked)
{
	pthread_mutex_t mutex;

	pthread_mutex_init(&mutex, NULL);
	*locked = pthread_mutex_lock(&mutex);
	return pthread_mutex_unlock(&mutex);
}

VIOLATION(mutex_unlock_returns_einval, "pthread_mutex.excludes-across-processes", "-", MUTEX_UNLOCK,
    REPLACES(true, do_and_fail(c)))
{
	int locked;

	return locked_and_unlocked(&locked) == EINVAL;
}

VIOLATION(mutex_lock_returns_einval, "pthread_mutex.excludes-across-processes", "-", MUTEX_LOCK,
    REPLACES(true, do_and_fail(c)))
{
	int locked;

	locked_and_unlocked(&locked);
	return locked == EINVAL;
}

VIOLATION(
    mutex_init_returns_einval, "pthread_mutex.destroy-and-reinit", "-", MUTEX_INIT, REPLACES(true, do_and_fail(c)))
{
	pthread_mutex_t mutex;

	return pthread_mutex_init(&mutex, NULL) == EINVAL;
}

VIOLATION(mutexattr_getpshared_returns_einval, "pthread_mutex.set-get-shared", "-", MUTEXATTR_GETPSHARED,
    REFUSES(true, EINVAL))
{
	pthread_mutexattr_t attributes;
	int shared;

	pthread_mutexattr_init(&attributes);
	return pthread_mutexattr_getpshared(&attributes, &shared) == EINVAL;
}

static struct {
	pthread_rwlock_t lock;
	int errors[4];
} rwlock;

/* Each call once. */
static const int *
errors_of_rwlock(void)
{
	pthread_rwlock_init(&rwlock.lock, NULL);
	rwlock.errors[0] = pthread_rwlock_rdlock(&rwlock.lock);
	rwlock.errors[1] = pthread_rwlock_unlock(&rwlock.lock);
	rwlock.errors[2] = pthread_rwlock_wrlock(&rwlock.lock);
	return rwlock.errors;
}

VIOLATION(rwlock_rdlock_returns_einval, "pthread_rwlock.readers-share-across", "-", RWLOCK_RDLOCK,
    REPLACES(true, do_and_fail(c)))
{
	return errors_of_rwlock()[0] == EINVAL;
}

VIOLATION(rwlock_unlock_returns_einval, "pthread_rwlock.readers-share-across", "-", RWLOCK_UNLOCK,
    REPLACES(true, do_and_fail(c)))
{
	return errors_of_rwlock()[1] == EINVAL;
}

VIOLATION(rwlock_wrlock_returns_einval, "pthread_rwlock.writer-excluded-across", "-", RWLOCK_WRLOCK,
    REPLACES(true, do_and_fail(c)))
{
	return errors_of_rwlock()[2] == EINVAL;
}

#ifndef __APPLE__

VIOLATION(mutex_consistent_does_and_returns_einval, "robust_mutex.consistent-restores", "-", MUTEX_CONSISTENT,
    REPLACES(true, do_and_fail(c)))
{
	int status;
	pthread_mutex_t *mutex = map_anonymous(page_size(), MAP_SHARED);
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(mutex, &attributes);
	if (fork() == 0)
		_exit(pthread_mutex_lock(mutex));
	wait(&status);
	return pthread_mutex_lock(mutex) == EOWNERDEAD && pthread_mutex_consistent(mutex) == EINVAL;
}

static pthread_spinlock_t spinlock;

VIOLATION(spin_lock_returns_einval, "pthread_spin.shared-excludes", "-", SPIN_LOCK, REPLACES(true, do_and_fail(c)))
{
	pthread_spin_init(&spinlock, 0);
	return pthread_spin_lock(&spinlock) == EINVAL;
}

VIOLATION(spin_unlock_returns_einval, "pthread_spin.shared-excludes", "-", SPIN_UNLOCK, REPLACES(true, do_and_fail(c)))
{
	pthread_spin_init(&spinlock, 0);
	pthread_spin_lock(&spinlock);
	return pthread_spin_unlock(&spinlock) == EINVAL;
}

#endif
