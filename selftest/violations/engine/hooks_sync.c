/* SPDX-License-Identifier: BSD-2-Clause */

/* The calls by which processes synchronize in shared memory. */

#if !defined(__APPLE__) && !defined(__OpenBSD__)

#include <pthread.h>
#include <semaphore.h>
#include <stdarg.h>

#include "hook.h"

HOOK(int, sem_init, sem_t *semaphore, int shared, unsigned value)
{
	return (int)MAKE(SEM_INIT, .address = semaphore, .flags = shared, .value = value);
}

HOOK(sem_t *, sem_open, const char *name, int flags, ...)
{
	mode_t mode = 0;
	unsigned value = 0;
	va_list arguments;

	if (flags & O_CREAT) {
		va_start(arguments, flags);
		mode = (mode_t)va_arg(arguments, int);
		value = va_arg(arguments, unsigned);
		va_end(arguments);
	}
	return (sem_t *)MAKE(SEM_OPEN, .name = name, .flags = flags, .mode = mode, .value = value);
}

HOOK(int, sem_unlink, const char *name)
{
	return (int)MAKE(SEM_UNLINK, .name = name);
}

HOOK(int, sem_timedwait, sem_t *semaphore, const struct timespec *until)
{
	return (int)MAKE(SEM_TIMEDWAIT, .address = semaphore, .until = until);
}

HOOK(int, sem_getvalue, sem_t *semaphore, int *value)
{
	return (int)MAKE(SEM_GETVALUE, .address = semaphore, .buffer = value);
}

/* A function that takes the object alone; the object and an option; the object and another. */
#define HOOK_OF_OBJECT(name, type, which) \
	HOOK(int, name, type *object) \
	{ \
		return (int)MAKE(which, .address = UNCONST(object)); \
	}
#define HOOK_WITH_OPTION(name, type, which) \
	HOOK(int, name, type *object, int option) \
	{ \
		return (int)MAKE(which, .address = UNCONST(object), .flags = option); \
	}
#define HOOK_WITH_OTHER(name, type, other_type, which) \
	HOOK(int, name, type *object, other_type *other) \
	{ \
		return (int)MAKE(which, .address = UNCONST(object), .buffer = UNCONST(other)); \
	}

HOOK_OF_OBJECT(sem_close, sem_t, SEM_CLOSE)
HOOK_OF_OBJECT(sem_destroy, sem_t, SEM_DESTROY)
HOOK_OF_OBJECT(sem_wait, sem_t, SEM_WAIT)
HOOK_OF_OBJECT(sem_trywait, sem_t, SEM_TRYWAIT)
HOOK_OF_OBJECT(sem_post, sem_t, SEM_POST)

HOOK_WITH_OPTION(pthread_mutexattr_settype, pthread_mutexattr_t, MUTEXATTR_SETTYPE)
HOOK_WITH_OTHER(pthread_mutex_init, pthread_mutex_t, const pthread_mutexattr_t, MUTEX_INIT)
HOOK_OF_OBJECT(pthread_mutex_destroy, pthread_mutex_t, MUTEX_DESTROY)
HOOK_OF_OBJECT(pthread_mutex_lock, pthread_mutex_t, MUTEX_LOCK)
HOOK_OF_OBJECT(pthread_mutex_trylock, pthread_mutex_t, MUTEX_TRYLOCK)
HOOK_OF_OBJECT(pthread_mutex_unlock, pthread_mutex_t, MUTEX_UNLOCK)

HOOK(int, pthread_mutex_timedlock, pthread_mutex_t *mutex, const struct timespec *until)
{
	return (int)MAKE(MUTEX_TIMEDLOCK, .address = mutex, .until = until);
}

HOOK_WITH_OTHER(pthread_cond_init, pthread_cond_t, const pthread_condattr_t, COND_INIT)
HOOK_WITH_OTHER(pthread_cond_wait, pthread_cond_t, pthread_mutex_t, COND_WAIT)
HOOK_OF_OBJECT(pthread_cond_signal, pthread_cond_t, COND_SIGNAL)
HOOK_OF_OBJECT(pthread_cond_broadcast, pthread_cond_t, COND_BROADCAST)

HOOK(int, pthread_cond_timedwait, pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *until)
{
	return (int)MAKE(COND_TIMEDWAIT, .address = condition, .buffer = mutex, .until = until);
}

HOOK_WITH_OTHER(pthread_rwlock_init, pthread_rwlock_t, const pthread_rwlockattr_t, RWLOCK_INIT)
HOOK_OF_OBJECT(pthread_rwlock_rdlock, pthread_rwlock_t, RWLOCK_RDLOCK)
HOOK_OF_OBJECT(pthread_rwlock_tryrdlock, pthread_rwlock_t, RWLOCK_TRYRDLOCK)
HOOK_OF_OBJECT(pthread_rwlock_wrlock, pthread_rwlock_t, RWLOCK_WRLOCK)
HOOK_OF_OBJECT(pthread_rwlock_trywrlock, pthread_rwlock_t, RWLOCK_TRYWRLOCK)
HOOK_OF_OBJECT(pthread_rwlock_unlock, pthread_rwlock_t, RWLOCK_UNLOCK)

HOOK_OF_OBJECT(pthread_barrier_wait, pthread_barrier_t, BARRIER_WAIT)

HOOK(int, pthread_barrier_init, pthread_barrier_t *barrier, const pthread_barrierattr_t *attributes, unsigned count)
{
	return (int)MAKE(BARRIER_INIT, .address = barrier, .buffer = UNCONST(attributes), .value = count);
}

HOOK(int, pthread_spin_init, pthread_spinlock_t *lock, int shared)
{
	return (int)MAKE(SPIN_INIT, .address = UNCONST(lock), .flags = shared);
}

HOOK_OF_OBJECT(pthread_spin_lock, pthread_spinlock_t, SPIN_LOCK)
HOOK_OF_OBJECT(pthread_spin_trylock, pthread_spinlock_t, SPIN_TRYLOCK)
HOOK_OF_OBJECT(pthread_spin_unlock, pthread_spinlock_t, SPIN_UNLOCK)

/* NetBSD's headers hide these. */
#ifndef __NetBSD__

#ifdef __FreeBSD__
typedef pthread_mutexattr_t robust_attributes;
#else
typedef const pthread_mutexattr_t robust_attributes;
#endif

HOOK_WITH_OPTION(pthread_mutexattr_setpshared, pthread_mutexattr_t, MUTEXATTR_SETPSHARED)
HOOK_WITH_OTHER(pthread_mutexattr_getpshared, const pthread_mutexattr_t, int, MUTEXATTR_GETPSHARED)
HOOK_WITH_OPTION(pthread_mutexattr_setrobust, pthread_mutexattr_t, MUTEXATTR_SETROBUST)
HOOK_WITH_OTHER(pthread_mutexattr_getrobust, robust_attributes, int, MUTEXATTR_GETROBUST)
HOOK_WITH_OPTION(pthread_condattr_setpshared, pthread_condattr_t, CONDATTR_SETPSHARED)
HOOK_WITH_OPTION(pthread_rwlockattr_setpshared, pthread_rwlockattr_t, RWLOCKATTR_SETPSHARED)
HOOK_WITH_OPTION(pthread_barrierattr_setpshared, pthread_barrierattr_t, BARRIERATTR_SETPSHARED)
HOOK_OF_OBJECT(pthread_mutex_consistent, pthread_mutex_t, MUTEX_CONSISTENT)

#endif

#endif
