/* SPDX-License-Identifier: BSD-2-Clause */

/* Mutexes and their like between processes: what cases need, and new ones for cases that are not about making them. */

#ifndef SHMCHECK_SHARED_MUTEX_H
#define SHMCHECK_SHARED_MUTEX_H

#include "need.h"
#include "platform/pthread.h"

enum robustness { STALLED = PTHREAD_MUTEX_STALLED, ROBUST = PTHREAD_MUTEX_ROBUST };

/* The attribute PTHREAD_PROCESS_SHARED can be set for these. */
#define NEEDS_SHARED_MUTEXES    NEED("mutexes between processes", .ask = need_shared_mutexes)
#define NEEDS_SHARED_CONDITIONS NEED("condition variables between processes", .ask = need_shared_conditions)
#define NEEDS_SHARED_RWLOCKS    NEED("read-write locks between processes", .ask = need_shared_rwlocks)
#define NEEDS_SHARED_BARRIERS   NEED("barriers between processes", .ask = need_shared_barriers)

void need_shared_mutexes(void);
void need_shared_conditions(void);
void need_shared_rwlocks(void);
void need_shared_barriers(void);

/* Mutexes have the attribute of robustness at all; and a mutex between processes can be made robust. */
#define NEEDS_ROBUSTNESS     NEED("the robustness of mutexes", .ask = need_robustness)
#define NEEDS_ROBUST_MUTEXES NEED("robust mutexes between processes", .ask = need_robust_mutexes)

void need_robustness(void);
void need_robust_mutexes(void);

/*
 * For other needs of this kind: skip the case if this error, which the call named returned for PTHREAD_PROCESS_SHARED, says
 * that the platform has no such things between processes. libthread_xu of DragonFly calls that an invalid argument, and
 * librthread of OpenBSD does for read-write locks. Another error is left to the case.
 */
void need_process_shared(int error, const char *call, const char *things);

/* Make a mutex for all processes that have this memory, of a type such as PTHREAD_MUTEX_NORMAL: NEEDS_SHARED_MUTEXES. */
void shared_mutex_init(pthread_mutex_t *, int type, enum robustness);

/* The same of a condition variable: NEEDS_SHARED_CONDITIONS. */
void shared_condition_init(pthread_cond_t *);

/* The same of a read-write lock, and of a barrier for this number of threads: NEEDS_SHARED_RWLOCKS, NEEDS_SHARED_BARRIERS. */
void shared_rwlock_init(pthread_rwlock_t *);
void shared_barrier_init(pthread_barrier_t *, unsigned count);

#endif
