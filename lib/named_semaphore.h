/* SPDX-License-Identifier: BSD-2-Clause */

/* Named semaphores of the case: their names are removed when the case ends, however it ends. */

#ifndef SHMCHECK_NAMED_SEMAPHORE_H
#define SHMCHECK_NAMED_SEMAPHORE_H

#include <stddef.h>

#include "need.h"
#include "platform/semaphore.h"

struct semaphore_name {
	char text[16]; /* with its leading slash; NetBSD allows 13 bytes */
};

/* A random name that nobody uses. Semaphores that the case makes with it are its own. */
struct semaphore_name semaphore_name(void);

/* The same, with this number of bytes behind the slash, at least 12 and at most 300. For names that are too long. */
void semaphore_name_of_length(char *name, size_t length);

/* A new semaphore with this name and value, mode 0600. Ends the case as failed if that is not possible. */
sem_t *named_semaphore(const struct semaphore_name *, unsigned value);

/* sem_open() makes semaphores. */
#define NEEDS_NAMED_SEMAPHORES NEED("named semaphores", .ask = need_named_semaphores)

void need_named_semaphores(void);

/* A wait of another process ends by sem_post(). Where it does not, it would wait for ever. */
#define NEEDS_WAKES_OF_OTHERS NEED("sem_post() that wakes other processes", .ask = need_wakes_of_others)

void need_wakes_of_others(void);

#endif
