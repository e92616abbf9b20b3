/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>

#include "guardian.h"
#include "guardian_name.h"
#include "platform/semaphore.h"

/* Nothing shows whose a named semaphore is: its name is random, so that it is the case's own. */
static bool
remove_semaphore(struct entry *entry)
{
	return sem_unlink(entry->name) == 0 || errno == ENOENT || errno == ENAMETOOLONG || errno == EINVAL;
}

__attribute__((constructor)) static void
semaphores_are_removed(void)
{
	guardian_removes(SEMAPHORE, remove_semaphore, NULL);
}

void
guardian_owns_semaphore_name(const char *name)
{
	guardian_tell_name(SEMAPHORE, name, -1);
}
