/* SPDX-License-Identifier: BSD-2-Clause */

#include <sys/mman.h>

#include "check.h"
#include "mapping.h"
#include "shared_semaphore.h"

void
need_shared_semaphores(void)
{
	sem_t *s = map_anonymous(sizeof(*s), MAP_SHARED);

	int error = sem_init(s, 1, 0) == 0 ? 0 : errno;
	need(error != ENOSYS && error != EPERM && error != ENOTSUP,
	    "no semaphores between processes here: sem_init() fails with %s", errno_name(error));
}

sem_t *
shared_semaphore(unsigned value)
{
	sem_t *s = map_anonymous(sizeof(*s), MAP_SHARED);

	REQUIRE_SUCCEEDS(sem_init(s, 1, value));
	return s;
}
