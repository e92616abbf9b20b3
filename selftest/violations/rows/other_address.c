/* SPDX-License-Identifier: BSD-2-Clause */

/* What synchronizes processes and is known by the address at which it was initialized: at another one it does not work. */

#include <pthread.h>
#include <semaphore.h>

#include "known.h"
#include "violation.h"

/* As in hooks_sync.c: there are none between processes elsewhere. */
#if !defined(__APPLE__) && !defined(__OpenBSD__) && !defined(__NetBSD__)

struct room {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	pthread_rwlock_t lock;
	pthread_barrier_t barrier;
	sem_t semaphore;
};

/* At one address all is initialized; the function returns another address of the memory. */
static struct room *
other_address(int robustness)
{
	struct object o = object_create(page_size());
	struct room *r = map_shared(o.fd, page_size());
	pthread_mutexattr_t attributes;
	pthread_condattr_t of_condition;

	pthread_condattr_init(&of_condition);
	pthread_condattr_setpshared(&of_condition, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attributes, robustness);
	pthread_mutex_init(&r->mutex, &attributes);
	pthread_cond_init(&r->changed, &of_condition);
	pthread_rwlock_init(&r->lock, NULL);
	pthread_barrier_init(&r->barrier, NULL, 1);
	sem_init(&r->semaphore, 1, 0);
	return map_shared(o.fd, page_size());
}

VIOLATION(mutex_lock_elsewhere_locks_nothing, "process_shared.mutex-at-other-addresses", "-", MUTEX_LOCK,
    SKIPS(!known_initialized(c->address)))
{
	struct room *r = other_address(PTHREAD_MUTEX_STALLED);

	return pthread_mutex_lock(&r->mutex) == 0 && pthread_mutex_trylock(&r->mutex) == 0;
}

/* In a child, which an alarm ends if it waits: whether somebody is woken who waits elsewhere. */
static bool
broadcast_is_lost(struct room *r)
{
	int locked[2];
	int status = 0;
	char byte;
	pid_t child;

	if (pipe(locked) == -1)
		return false;
	child = fork();
	if (child == 0) {
		pthread_mutex_lock(&r->mutex);
		alarm(1);
		write(locked[1], "l", 1);
		pthread_cond_wait(&r->changed, &r->mutex);
		_exit(0);
	}
	read(locked[0], &byte, 1);
	pthread_mutex_lock(&r->mutex);
	pthread_mutex_unlock(&r->mutex);
	pthread_cond_broadcast(&r->changed);
	waitpid(child, &status, 0);
	return WIFSIGNALED(status);
}

VIOLATION(cond_broadcast_elsewhere_wakes_nobody, "process_shared.broadcast-to-other-addresses", "B274", COND_BROADCAST,
    SKIPS(!known_initialized(c->address)))
{
	return broadcast_is_lost(other_address(PTHREAD_MUTEX_STALLED));
}

VIOLATION(sem_post_elsewhere_wakes_nobody, "process_shared.semaphore-at-other-addresses", "B274", SEM_POST,
    SKIPS(!known_initialized(c->address)))
{
	struct room *r = other_address(PTHREAD_MUTEX_STALLED);

	return sem_post(&r->semaphore) == 0 && sem_trywait(&r->semaphore) == -1;
}

VIOLATION(rwlock_wrlock_elsewhere_is_for_reading, "process_shared.rwlock-at-other-addresses", "-", RWLOCK_WRLOCK,
    CHANGES(!known_initialized(c->address), c->interface = RWLOCK_RDLOCK))
{
	struct room *r = other_address(PTHREAD_MUTEX_STALLED);

	return pthread_rwlock_wrlock(&r->lock) == 0 && pthread_rwlock_tryrdlock(&r->lock) == 0;
}

VIOLATION(barrier_elsewhere_lets_everybody_pass, "process_shared.barrier-at-other-addresses", "-", BARRIER_WAIT,
    SKIPS(!known_initialized(c->address)))
{
	/* Of two, the other of which never comes. */
	struct object o = object_create(page_size());
	struct room *r = map_shared(o.fd, page_size());

	int status = 0;
	pid_t child;

	pthread_barrier_init(&r->barrier, NULL, 2);
	r = map_shared(o.fd, page_size());
	child = fork();
	if (child == 0) {
		alarm(1);
		pthread_barrier_wait(&r->barrier);
		_exit(0);
	}
	waitpid(child, &status, 0);
	return WIFEXITED(status);
}

VIOLATION(mutex_lock_elsewhere_silent_on_dead_owner, "process_shared.robust-mutex-at-other-addresses", "-", MUTEX_LOCK,
    ACCEPTS(!known_initialized(c->address), EOWNERDEAD, 0))
{
	struct room *r = other_address(PTHREAD_MUTEX_ROBUST);
	pid_t owner = fork();

	if (owner == 0) {
		pthread_mutex_lock(&r->mutex);
		_exit(0);
	}
	waitpid(owner, NULL, 0);
	return pthread_mutex_lock(&r->mutex) == 0;
}

#endif
