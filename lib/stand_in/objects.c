/* SPDX-License-Identifier: BSD-2-Clause */

/* For C libraries that lack the calls for objects: see the Makefile. No header here declares them, as none may. */

#include <errno.h>

int shm_open(const char *name, int flags, unsigned mode);
int shm_unlink(const char *name);

int
shm_open(const char *name, int flags, unsigned mode)
{
	(void)name;
	(void)flags;
	(void)mode;
	errno = ENOSYS;
	return -1;
}

int
shm_unlink(const char *name)
{
	(void)name;
	errno = ENOSYS;
	return -1;
}
