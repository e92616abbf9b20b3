/* SPDX-License-Identifier: BSD-2-Clause */

/* For C libraries that lack the calls for segments: see the Makefile. No header here declares them, as none may. */

#include <errno.h>

int shmget(long key, unsigned long size, int flags);
void *shmat(int id, const void *address, int flags);
int shmdt(const void *address);
int shmctl(int id, int command, void *status);

int
shmget(long key, unsigned long size, int flags)
{
	(void)key;
	(void)size;
	(void)flags;
	errno = ENOSYS;
	return -1;
}

void *
shmat(int id, const void *address, int flags)
{
	(void)id;
	(void)address;
	(void)flags;
	errno = ENOSYS;
	return (void *)-1;
}

int
shmdt(const void *address)
{
	(void)address;
	errno = ENOSYS;
	return -1;
}

int
shmctl(int id, int command, void *status)
{
	(void)id;
	(void)command;
	(void)status;
	errno = ENOSYS;
	return -1;
}
