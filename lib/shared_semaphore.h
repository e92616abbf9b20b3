/* SPDX-License-Identifier: BSD-2-Clause */

/* Unnamed semaphores between processes. */

#ifndef SHMCHECK_SHARED_SEMAPHORE_H
#define SHMCHECK_SHARED_SEMAPHORE_H

#include "need.h"
#include "platform/semaphore.h"

/* sem_init() makes semaphores between processes. Some systems have no unnamed semaphores, others none between processes. */
#define NEEDS_SHARED_SEMAPHORES NEED("semaphores between processes", .ask = need_shared_semaphores)

void need_shared_semaphores(void);

/* A new one of this value, in anonymous memory that children share. Ends the case as failed if that is not possible. */
sem_t *shared_semaphore(unsigned value);

#endif
