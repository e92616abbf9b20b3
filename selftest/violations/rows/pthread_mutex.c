/* SPDX-License-Identifier: BSD-2-Clause */

#include <pthread.h>

#include <sys/mman.h>

#include "known.h"
#include "violation.h"

#if !defined(__APPLE__) && !defined(__OpenBSD__) && !defined(__NetBSD__)

static const struct timespec past = { .tv_sec = 1 };

static pthread_mutex_t *
new_mutex(int type)
{
	pthread_mutex_t *m = mmap(NULL, sizeof(*m), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANON, -1, 0);
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_settype(&attributes, type);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(m, &attributes);
	return m;
}

/* What pthread_mutex_trylock() gives to another process. */
static int
trylock_of_child(pthread_mutex_t *m)
{
	pid_t child = fork();
	int status = 0;

	if (child == 0)
		_exit(pthread_mutex_trylock(m));
	waitpid(child, &status, 0);
	return WEXITSTATUS(status);
}

VIOLATION(mutexattr_shared_at_first, "pthread_mutex.default-private", "-", MUTEXATTR_GETPSHARED,
    FALSIFIES(true, *(int *)c->buffer = PTHREAD_PROCESS_SHARED))
{
	pthread_mutexattr_t attributes;
	int shared = -1;

	pthread_mutexattr_init(&attributes);
	return pthread_mutexattr_getpshared(&attributes, &shared) == 0 && shared == PTHREAD_PROCESS_SHARED;
}

VIOLATION(mutexattr_shared_not_read_back, "pthread_mutex.set-get-shared", "-", MUTEXATTR_GETPSHARED,
    FALSIFIES(true, *(int *)c->buffer = PTHREAD_PROCESS_PRIVATE))
{
	pthread_mutexattr_t attributes;
	int shared = -1;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	return pthread_mutexattr_getpshared(&attributes, &shared) == 0 && shared == PTHREAD_PROCESS_PRIVATE;
}

/* With a condition variable it would be another violation too: a wake-up could get lost. */
static void
lock_or_go_on(struct call *c)
{
	struct call attempt = *c;

	attempt.interface = MUTEX_TRYLOCK;
	real_call(&attempt);
	c->result = attempt.result == EBUSY ? 0 : attempt.result;
	c->error = (int)c->result;
}

VIOLATION(mutex_lock_waits_for_nobody, "pthread_mutex.excludes-across-processes", "-", MUTEX_LOCK,
    REPLACES(known_conditions() == 0, lock_or_go_on(c)))
{
	pthread_mutex_t *m = new_mutex(PTHREAD_MUTEX_ERRORCHECK); /* else this would wait for itself */

	pthread_mutex_lock(m);
	return pthread_mutex_lock(m) == 0;
}

VIOLATION(
    mutex_trylock_busy_accepted, "pthread_mutex.trylock-ebusy-across", "-", MUTEX_TRYLOCK, ACCEPTS(true, EBUSY, 0))
{
	pthread_mutex_t *m = new_mutex(PTHREAD_MUTEX_NORMAL);

	pthread_mutex_lock(m);
	return pthread_mutex_trylock(m) == 0;
}

VIOLATION(
    mutex_trylock_busy_eagain, "pthread_mutex.trylock-ebusy-across", "-", MUTEX_TRYLOCK, MISTAKES(true, EBUSY, EAGAIN))
{
	pthread_mutex_t *m = new_mutex(PTHREAD_MUTEX_NORMAL);

	pthread_mutex_lock(m);
	return pthread_mutex_trylock(m) == EAGAIN;
}

VIOLATION(
    mutex_timedlock_late_accepted, "pthread_mutex.timedlock-across", "-", MUTEX_TIMEDLOCK, ACCEPTS(true, ETIMEDOUT, 0))
{
	pthread_mutex_t *m = new_mutex(PTHREAD_MUTEX_NORMAL);

	pthread_mutex_lock(m);
	return pthread_mutex_timedlock(m, &past) == 0;
}

VIOLATION(mutex_timedlock_late_ebusy, "pthread_mutex.timedlock-across", "-", MUTEX_TIMEDLOCK,
    MISTAKES(true, ETIMEDOUT, EBUSY))
{
	pthread_mutex_t *m = new_mutex(PTHREAD_MUTEX_NORMAL);

	pthread_mutex_lock(m);
	return pthread_mutex_timedlock(m, &past) == EBUSY;
}

VIOLATION(mutex_timedlock_of_free_is_late, "pthread_mutex.timedlock-across", "-", MUTEX_TIMEDLOCK,
    REFUSES(c->until->tv_sec == 1, ETIMEDOUT))
{
	return pthread_mutex_timedlock(new_mutex(PTHREAD_MUTEX_NORMAL), &past) == ETIMEDOUT;
}

/* The mutex is taken for another one where its memory is mapped anew. */
static pthread_mutex_t *
alias_of(struct object o, pthread_mutex_t **m)
{
	pthread_mutexattr_t attributes;

	*m = map_shared(o.fd, page_size());
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(*m, &attributes);
	return map_shared(o.fd, page_size());
}

VIOLATION(mutex_known_by_address, "pthread_mutex.usable-at-different-addresses", "-", MUTEX_TRYLOCK,
    ACCEPTS(!known_mutex(c->address), EBUSY, 0))
{
	pthread_mutex_t *m;
	pthread_mutex_t *alias = alias_of(object_create(page_size()), &m);

	pthread_mutex_lock(m);
	return pthread_mutex_trylock(alias) == 0;
}

VIOLATION(mutex_unlock_by_alias_lost, "pthread_mutex.usable-at-different-addresses", "-", MUTEX_UNLOCK,
    SKIPS(!known_mutex(c->address)))
{
	pthread_mutex_t *m;
	pthread_mutex_t *alias = alias_of(object_create(page_size()), &m);

	pthread_mutex_lock(m);
	pthread_mutex_unlock(alias);
	return pthread_mutex_trylock(m) == EBUSY;
}

VIOLATION(mutex_errorcheck_relock_accepted, "pthread_mutex.errorcheck-across-processes", "-", MUTEX_LOCK,
    ACCEPTS(true, EDEADLK, 0))
{
	pthread_mutex_t *m = new_mutex(PTHREAD_MUTEX_ERRORCHECK);

	pthread_mutex_lock(m);
	return pthread_mutex_lock(m) == 0;
}

VIOLATION(mutex_errorcheck_relock_ebusy, "pthread_mutex.errorcheck-across-processes", "-", MUTEX_LOCK,
    MISTAKES(true, EDEADLK, EBUSY))
{
	pthread_mutex_t *m = new_mutex(PTHREAD_MUTEX_ERRORCHECK);

	pthread_mutex_lock(m);
	return pthread_mutex_lock(m) == EBUSY;
}

VIOLATION(mutex_unlock_of_free_accepted, "pthread_mutex.errorcheck-across-processes", "-", MUTEX_UNLOCK,
    ACCEPTS(true, EPERM, 0))
{
	return pthread_mutex_unlock(new_mutex(PTHREAD_MUTEX_ERRORCHECK)) == 0;
}

/* A mutex that is not recursive lets itself be unlocked for ever. */
static void
unlock_twice(struct call *c)
{
	struct call again = *c;

	real_call(c);
	real_call(&again);
}

VIOLATION(mutex_recursive_freed_at_once, "pthread_mutex.recursive-across-processes", "-", MUTEX_UNLOCK,
    REPLACES(true, unlock_twice(c)))
{
	pthread_mutex_t *m = new_mutex(PTHREAD_MUTEX_RECURSIVE);

	pthread_mutex_lock(m);
	pthread_mutex_lock(m);
	pthread_mutex_unlock(m);
	return trylock_of_child(m) == 0;
}

VIOLATION(mutex_recursive_held_too_long, "pthread_mutex.recursive-across-processes", "-", MUTEX_TRYLOCK,
    REFUSES(known_children_ended() == 1, EBUSY))
{
	pthread_mutex_t *m = new_mutex(PTHREAD_MUTEX_RECURSIVE);

	trylock_of_child(new_mutex(PTHREAD_MUTEX_NORMAL));
	return pthread_mutex_trylock(m) == EBUSY;
}

VIOLATION(mutex_destroy_refused, "pthread_mutex.destroy-and-reinit", "-", MUTEX_DESTROY, REFUSES(true, EBUSY))
{
	return pthread_mutex_destroy(new_mutex(PTHREAD_MUTEX_NORMAL)) == EBUSY;
}

VIOLATION(
    mutex_init_keeps_old_type, "pthread_mutex.destroy-and-reinit", "-", MUTEX_INIT, SKIPS(known_mutex(c->address)))
{
	pthread_mutex_t *m = new_mutex(PTHREAD_MUTEX_ERRORCHECK);

	pthread_mutex_init(m, NULL);
	return pthread_mutex_unlock(m) == EPERM;
}

#endif
