/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * <pthread.h>, and stand-ins for the calls between processes that this platform lacks. They return ENOSYS, as a function does
 * that the system does not have: cases are skipped.
 */

#ifndef SHMCHECK_PLATFORM_PTHREAD_H
#define SHMCHECK_PLATFORM_PTHREAD_H

#include <errno.h>
#include <pthread.h>

#include "platform/errno.h"

/*
 * OpenBSD says by _POSIX_THREAD_PROCESS_SHARED that it has nothing between processes. The headers of NetBSD, up to 11, declare
 * these functions for _PTHREAD_PSHARED alone, which nothing defines, and its library has none of them: compiled in, they would
 * return ENOSYS.
 */
#if defined(__NetBSD__) && !defined(_PTHREAD_PSHARED)
#define pthread_rwlockattr_setpshared(attributes, shared)  ENOSYS
#define pthread_barrierattr_setpshared(attributes, shared) ENOSYS
#endif
#if defined(__OpenBSD__) || (defined(__NetBSD__) && !defined(_PTHREAD_PSHARED))
#define pthread_mutexattr_setpshared(attributes, shared) ENOSYS
#define pthread_mutexattr_getpshared(attributes, shared) ((void)(shared), ENOSYS)
#define pthread_condattr_setpshared(attributes, shared)  ENOSYS
#endif

/* Robust mutexes. */
#if defined(__APPLE__) || defined(__OpenBSD__) || defined(__NetBSD__) || defined(__DragonFly__)
#undef PTHREAD_MUTEX_STALLED
#undef PTHREAD_MUTEX_ROBUST
#define PTHREAD_MUTEX_STALLED                           0
#define PTHREAD_MUTEX_ROBUST                            1
#define pthread_mutexattr_setrobust(attributes, robust) ((void)(robust), ENOSYS)
#define pthread_mutexattr_getrobust(attributes, robust) ((void)(robust), ENOSYS)
#define pthread_mutex_consistent(mutex)                 ENOSYS
#endif

/* macOS has no barriers, no spin locks and no wait for a mutex that ends. */
#ifdef __APPLE__
#define pthread_mutex_timedlock(mutex, until) ((void)(mutex), (void)(until), ENOSYS)

typedef int pthread_barrier_t;
typedef int pthread_barrierattr_t;
#define PTHREAD_BARRIER_SERIAL_THREAD                      (-1)
#define pthread_barrierattr_init(attributes)               (*(attributes) = 0)
#define pthread_barrierattr_destroy(attributes)            (*(attributes) = 0)
#define pthread_barrierattr_setpshared(attributes, shared) ENOSYS
#define pthread_barrier_init(barrier, attributes, count)   ((void)(attributes), (void)(count), *(barrier) = ENOSYS)
#define pthread_barrier_wait(barrier)                      (*(barrier))

typedef int pthread_spinlock_t;
#define pthread_spin_init(lock, shared) (*(lock) = ENOSYS)
#define pthread_spin_lock(lock)         (*(lock))
#define pthread_spin_trylock(lock)      (*(lock))
#define pthread_spin_unlock(lock)       (*(lock))
#endif

#endif
