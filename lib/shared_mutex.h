/* SPDX-License-Identifier: BSD-2-Clause */

/* Mutexes between processes, where the case is about something else than making them. */

#ifndef SHMCHECK_SHARED_MUTEX_H
#define SHMCHECK_SHARED_MUTEX_H

#include <stdbool.h>

#include "platform/pthread.h"

enum robustness { STALLED = PTHREAD_MUTEX_STALLED, ROBUST = PTHREAD_MUTEX_ROBUST };

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
