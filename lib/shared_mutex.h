/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Mutexes between processes, where the case is about something else than making them; and, for platforms that lack some of
 * the calls around them, stand-ins that answer ENOTSUP, upon which cases are skipped.
 */

#ifndef SHMCHECK_SHARED_MUTEX_H
#define SHMCHECK_SHARED_MUTEX_H

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>

/* OpenBSD has nothing between processes, and NetBSD's headers hide the calls. */
#if defined(__OpenBSD__) || (defined(__NetBSD__) && !defined(_PTHREAD_PSHARED))
#define pthread_mutexattr_setpshared(attributes, shared) ENOTSUP
#define pthread_mutexattr_getpshared(attributes, shared) ((void)(shared), ENOTSUP)
#define pthread_condattr_setpshared(attributes, shared)  ENOTSUP
#endif

#if defined(__APPLE__) || defined(__OpenBSD__) || defined(__NetBSD__) || defined(__DragonFly__)
enum robustness { STALLED, ROBUST };
#define pthread_mutexattr_setrobust(attributes, robust) ((void)(robust), ENOTSUP)
#define pthread_mutexattr_getrobust(attributes, robust) ENOTSUP
#define pthread_mutex_consistent(mutex)                 ENOTSUP
#else
enum robustness { STALLED = PTHREAD_MUTEX_STALLED, ROBUST = PTHREAD_MUTEX_ROBUST };
#endif

#ifdef __APPLE__
#define pthread_mutex_timedlock(mutex, until) ((void)(mutex), (void)(until), ENOTSUP)
#endif

#ifndef EOWNERDEAD
#define EOWNERDEAD (-1)
#endif
#ifndef ENOTRECOVERABLE
#define ENOTRECOVERABLE (-2)
#endif

/*
 * Whether this error of a call for PTHREAD_PROCESS_SHARED says that the platform has nothing of the kind between processes:
 * libthread_xu of DragonFly calls it an invalid argument, and librthread of OpenBSD does for read-write locks.
 */
bool lacks_process_shared(int error);

/*
 * Make a mutex for all processes that have this memory, of a type such as PTHREAD_MUTEX_NORMAL. Skips the case where the
 * system has none of that kind.
 */
void shared_mutex_init(pthread_mutex_t *, int type, enum robustness);

#endif
