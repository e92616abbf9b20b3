/* SPDX-License-Identifier: BSD-2-Clause */

/* <semaphore.h>, and stand-ins for what this platform lacks of it. */

#ifndef SHMCHECK_PLATFORM_SEMAPHORE_H
#define SHMCHECK_PLATFORM_SEMAPHORE_H

#include <errno.h>
#include <limits.h>
#include <semaphore.h>
#include <time.h>

/* macOS declares unnamed semaphores as deprecated and answers ENOSYS; it has no timed wait. */
#ifdef __APPLE__
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#define sem_timedwait(semaphore, until) no_sem_timedwait(semaphore, until)
static inline int
no_sem_timedwait(sem_t *semaphore, const struct timespec *until)
{
	(void)semaphore;
	(void)until;
	errno = ENOSYS;
	return -1;
}
#endif

#ifndef SEM_VALUE_MAX
#define SEM_VALUE_MAX _POSIX_SEM_VALUE_MAX
#endif

#endif
