/* SPDX-License-Identifier: BSD-2-Clause */

#include <fcntl.h>
#include <stdio.h>

#include "check.h"
#include "deviation.h"
#include "guardian.h"
#include "named_semaphore.h"
#include "platform.h"
#include "random.h"

struct semaphore_name
semaphore_name(void)
{
	struct semaphore_name name;

	snprintf(name.text, sizeof(name.text), "/s%011jx", (uintmax_t)random_number() >> 20);
	guardian_owns_semaphore_name(name.text);
	return name;
}

void
semaphore_name_of_length(char *name, size_t length)
{
	snprintf(name, length + 2, "/s%0*jx", (int)length - 1, (uintmax_t)random_number() >> 20);
	guardian_owns_semaphore_name(name);
}

sem_t *
named_semaphore(const struct semaphore_name *name, unsigned value)
{
	sem_t *s = sem_open(name->text, O_CREAT | O_EXCL, 0600, value);

	REQUIRE(s != SEM_FAILED);
	return s;
}

/* DragonFly has them in the directory /var/run/sem, which may be missing. */
void
need_named_semaphores(void)
{
	struct semaphore_name name = semaphore_name();
	sem_t *s = sem_open(name.text, O_CREAT | O_EXCL, 0600, 0);
	int error = errno;

	need(s != SEM_FAILED || (error != ENOSPC && error != EFBIG),
	    "no room for a named semaphore: sem_open() fails with %s", errno_name(error));
	need(s != SEM_FAILED ||
		(error != ENOSYS && error != ENOTSUP && error != ENOENT && error != EACCES && error != EROFS),
	    "no named semaphores here: sem_open() fails with %s", errno_name(error));
	if (s != SEM_FAILED) {
		sem_close(s);
		sem_unlink(name.text);
	}
}

void
need_wakes_of_others(void)
{
	need(!platform_is(since(OPENBSD, "6.4")),
	    "the library wakes waiters of the same process only: OpenBSD lib/libc/thread/synch.h _twait()");
}
