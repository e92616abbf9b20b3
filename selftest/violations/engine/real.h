/* SPDX-License-Identifier: BSD-2-Clause */

/* The platform's own calls, for the statements of rows. No violation affects them. They set errno as the manual says. */

#ifndef SHMCHECK_REAL_H
#define SHMCHECK_REAL_H

#include <errno.h>
#include <stdint.h>

#include "call.h"

static inline intptr_t
real_make(struct call c)
{
	real_call(&c);
	errno = c.error;
	return c.result;
}

static inline int
real_shmget(key_t key, size_t size, int flags)
{
	return (int)real_make((struct call){ .interface = SHMGET, .key = key, .length = size, .flags = flags });
}

static inline void *
real_shmat(int id, void *address, int flags)
{
	return (void *)real_make((struct call){ .interface = SHMAT, .id = id, .address = address, .flags = flags });
}

static inline int
real_shmdt(void *address)
{
	return (int)real_make((struct call){ .interface = SHMDT, .address = address });
}

static inline int
real_shmctl(int id, int command, void *buffer)
{
	return (int)real_make((struct call){ .interface = SHMCTL, .id = id, .command = command, .buffer = buffer });
}

static inline int
real_shm_open(const char *name, int flags, mode_t mode)
{
	return (int)real_make((struct call){ .interface = SHM_OPEN, .name = name, .flags = flags, .mode = mode });
}

static inline int
real_shm_unlink(const char *name)
{
	return (int)real_make((struct call){ .interface = SHM_UNLINK, .name = name });
}

static inline int
real_open(const char *path, int flags)
{
	return (int)real_make((struct call){ .interface = OPEN, .name = path, .flags = flags });
}

static inline int
real_fcntl(int fd, int command, intptr_t argument)
{
	return (int)real_make((struct call){ .interface = FCNTL, .fd = fd, .command = command, .argument = argument });
}

static inline int
real_fchmod(int fd, mode_t mode)
{
	return (int)real_make((struct call){ .interface = FCHMOD, .fd = fd, .mode = mode });
}

static inline int
real_fchown(int fd, uid_t user, gid_t group)
{
	return (int)real_make((struct call){ .interface = FCHOWN, .fd = fd, .user = user, .group = group });
}

static inline int
real_close(int fd)
{
	return (int)real_make((struct call){ .interface = CLOSE, .fd = fd });
}

static inline int
real_ftruncate(int fd, off_t length)
{
	return (int)real_make((struct call){ .interface = FTRUNCATE, .fd = fd, .offset = length });
}

static inline int
real_fstat(int fd, void *status)
{
	return (int)real_make((struct call){ .interface = FSTAT, .fd = fd, .buffer = status });
}

static inline int
real_stat(const char *path, void *status)
{
	return (int)real_make((struct call){ .interface = STAT, .name = path, .buffer = status });
}

static inline ssize_t
real_read(int fd, void *buffer, size_t size)
{
	return real_make((struct call){ .interface = READ, .fd = fd, .buffer = buffer, .length = size });
}

static inline ssize_t
real_write(int fd, void *buffer, size_t size)
{
	return real_make((struct call){ .interface = WRITE, .fd = fd, .buffer = buffer, .length = size });
}

static inline ssize_t
real_pread(int fd, void *buffer, size_t size, off_t offset)
{
	return real_make(
	    (struct call){ .interface = PREAD, .fd = fd, .buffer = buffer, .length = size, .offset = offset });
}

static inline ssize_t
real_pwrite(int fd, const void *buffer, size_t size, off_t offset)
{
	return real_make((struct call){
	    .interface = PWRITE, .fd = fd, .buffer = (void *)(uintptr_t)buffer, .length = size, .offset = offset });
}

static inline void *
real_mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
	return (void *)real_make((struct call){ .interface = MMAP,
	    .address = address,
	    .length = length,
	    .protection = protection,
	    .flags = flags,
	    .fd = fd,
	    .offset = offset });
}

static inline int
real_munmap(void *address, size_t length)
{
	return (int)real_make((struct call){ .interface = MUNMAP, .address = address, .length = length });
}

static inline int
real_mprotect(void *address, size_t length, int protection)
{
	return (int)real_make(
	    (struct call){ .interface = MPROTECT, .address = address, .length = length, .protection = protection });
}

static inline int
real_munlock(void *address, size_t length)
{
	return (int)real_make((struct call){ .interface = MUNLOCK, .address = address, .length = length });
}

static inline int
real_mlock(void *address, size_t length)
{
	return (int)real_make((struct call){ .interface = MLOCK, .address = address, .length = length });
}

#endif
