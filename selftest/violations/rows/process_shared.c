/* SPDX-License-Identifier: BSD-2-Clause */

/* What cannot be made for several processes. */

#include <pthread.h>
#include <semaphore.h>

#include "violation.h"

/* As in hooks_sync.c: there are none between processes elsewhere. */
#if !defined(__APPLE__) && !defined(__OpenBSD__) && !defined(__NetBSD__)

static int
error_of_mutexes(void)
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	return pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
}

VIOLATION(mutexattr_setpshared_enotsup, "process_shared.option", "-", MUTEXATTR_SETPSHARED,
    REFUSES(c->flags == PTHREAD_PROCESS_SHARED, ENOTSUP))
{
	return error_of_mutexes() == ENOTSUP;
}

VIOLATION(mutexattr_setpshared_eagain, "process_shared.mutexes", "-", MUTEXATTR_SETPSHARED,
    REFUSES(c->flags == PTHREAD_PROCESS_SHARED, EAGAIN))
{
	return error_of_mutexes() == EAGAIN;
}

VIOLATION(condattr_setpshared_enotsup, "process_shared.option", "-", CONDATTR_SETPSHARED,
    REFUSES(c->flags == PTHREAD_PROCESS_SHARED, ENOTSUP))
{
	pthread_condattr_t attributes;

	pthread_condattr_init(&attributes);
	return pthread_condattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED) == ENOTSUP;
}

VIOLATION(rwlockattr_setpshared_enotsup, "process_shared.option", "-", RWLOCKATTR_SETPSHARED,
    REFUSES(c->flags == PTHREAD_PROCESS_SHARED, ENOTSUP))
{
	pthread_rwlockattr_t attributes;

	pthread_rwlockattr_init(&attributes);
	return pthread_rwlockattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED) == ENOTSUP;
}

VIOLATION(barrierattr_setpshared_enotsup, "process_shared.option", "-", BARRIERATTR_SETPSHARED,
    REFUSES(c->flags == PTHREAD_PROCESS_SHARED, ENOTSUP))
{
	pthread_barrierattr_t attributes;

	pthread_barrierattr_init(&attributes);
	return pthread_barrierattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED) == ENOTSUP;
}

VIOLATION(spin_init_shared_enotsup, "process_shared.option", "-", SPIN_INIT,
    REFUSES(c->flags == PTHREAD_PROCESS_SHARED, ENOTSUP))
{
	pthread_spinlock_t lock;

	return pthread_spin_init(&lock, PTHREAD_PROCESS_SHARED) == ENOTSUP;
}

static int
error_of_semaphores(void)
{
	sem_t s;

	return sem_init(&s, 1, 0) == 0 ? 0 : errno;
}

VIOLATION(sem_init_shared_enosys, "process_shared.semaphores", "-", SEM_INIT, REFUSES(c->flags != 0, ENOSYS))
{
	return error_of_semaphores() == ENOSYS;
}

VIOLATION(sem_init_shared_eagain, "process_shared.semaphores", "-", SEM_INIT, REFUSES(c->flags != 0, EAGAIN))
{
	return error_of_semaphores() == EAGAIN;
}

#endif
