/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <unistd.h>

#include "platform/raw_segment.h"
#include "platform/shm.h"

#ifdef __linux__

#include <sys/syscall.h>

#ifndef SYS_shmget
#define SYS_shmget (-1)
#define SYS_shmat  (-1)
#define SYS_shmdt  (-1)
#define SYS_shmctl (-1)
#endif

/* The call itself, where both the headers and the kernel have it. */
static bool
direct(long *result, long number, long a, long b, long c)
{
	if (number == -1)
		return false;
	errno = 0;
	*result = syscall(number, a, b, c);
	return *result != -1 || errno != ENOSYS;
}

#ifdef SYS_ipc

static long
multiplexed(int subcall, long first, long second, long third, const void *pointer)
{
	return syscall(SYS_ipc, subcall, first, second, third, pointer, 0L);
}

#else

static long
multiplexed(int subcall, long first, long second, long third, const void *pointer)
{
	(void)subcall, (void)first, (void)second, (void)third, (void)pointer;
	errno = ENOSYS;
	return -1;
}

#endif

int
raw_shmget(key_t key, size_t size, int flags)
{
	long result;

	if (!direct(&result, SYS_shmget, key, (long)size, flags))
		result = multiplexed(SUBCALL_SHMGET, key, (long)size, flags, NULL);
	return (int)result;
}

void *
raw_shmat(int id, const void *address, int flags)
{
	long result;
	void *at = NULL;

	if (direct(&result, SYS_shmat, id, (long)(intptr_t)address, flags))
		return (void *)(intptr_t)result;
	return multiplexed(SUBCALL_SHMAT, id, flags, (long)(intptr_t)&at, address) == -1 ? (void *)-1 : at;
}

int
raw_shmdt(const void *address)
{
	long result;

	if (!direct(&result, SYS_shmdt, (long)(intptr_t)address, 0, 0))
		result = multiplexed(SUBCALL_SHMDT, 0, 0, 0, address);
	return (int)result;
}

/* Some machines take the version of the structure with the command, and some of those with the multiplexed call alone. */
static int
version_of_direct_call(void)
{
	static int version = -1;
	char limits[256]; /* struct shminfo64 is smaller everywhere */
	long result;

	if (version != -1)
		return version;
	version = 0;
	if (direct(&result, SYS_shmctl, 0, IPC_INFO | VERSION_64, (long)(intptr_t)limits) && result >= 0)
		version = VERSION_64;
	return version;
}

int
raw_shmctl(int id, int command, void *buffer)
{
	int version = version_of_direct_call();
	long result;

	if (!direct(&result, SYS_shmctl, id, command | version, (long)(intptr_t)buffer))
		result = multiplexed(SUBCALL_SHMCTL, id, command | VERSION_64, 0, buffer);
	return (int)result;
}

#else

int
raw_shmget(key_t key, size_t size, int flags)
{
	(void)key, (void)size, (void)flags;
	errno = ENOSYS;
	return -1;
}

void *
raw_shmat(int id, const void *address, int flags)
{
	(void)id, (void)address, (void)flags;
	errno = ENOSYS;
	return (void *)-1;
}

int
raw_shmdt(const void *address)
{
	(void)address;
	errno = ENOSYS;
	return -1;
}

int
raw_shmctl(int id, int command, void *buffer)
{
	(void)id, (void)command, (void)buffer;
	errno = ENOSYS;
	return -1;
}

#endif
