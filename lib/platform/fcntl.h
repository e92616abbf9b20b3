/* SPDX-License-Identifier: BSD-2-Clause */

/* <fcntl.h>, and stand-ins for what this platform lacks of it. */

#ifndef SHMCHECK_PLATFORM_FCNTL_H
#define SHMCHECK_PLATFORM_FCNTL_H

#include <errno.h>
#include <fcntl.h>

#include <sys/types.h>

#ifndef O_CLOEXEC
#define O_CLOEXEC 0
#endif

/* Linux and FreeBSD. */
#ifndef O_PATH
#define O_PATH 0
#endif

/* Not of macOS, OpenBSD and illumos. */
#ifndef O_DIRECT
#define O_DIRECT 0
#endif

/* POSIX.1-2024; few systems have it. */
#ifndef FD_CLOFORK
#define FD_CLOFORK 0
#endif
#ifndef O_CLOFORK
#define O_CLOFORK 0
#endif

/* FreeBSD. */
#ifndef SPACECTL_DEALLOC
#define SPACECTL_DEALLOC 0
struct spacectl_range {
	off_t r_offset;
	off_t r_len;
};
#define fspacectl(...) no_fspacectl(__VA_ARGS__)
static inline int
no_fspacectl(int fd, int command, const struct spacectl_range *range, int flags, struct spacectl_range *rest)
{
	(void)fd;
	(void)command;
	(void)range;
	(void)flags;
	(void)rest;
	errno = ENOSYS;
	return -1;
}
#endif

/* Linux. */
#ifndef FALLOC_FL_PUNCH_HOLE
#define FALLOC_FL_PUNCH_HOLE 0
#define FALLOC_FL_KEEP_SIZE  0
#define fallocate(...)       no_fallocate(__VA_ARGS__)
static inline int
no_fallocate(int fd, int mode, off_t offset, off_t length)
{
	(void)fd;
	(void)mode;
	(void)offset;
	(void)length;
	errno = ENOSYS;
	return -1;
}
#endif

/* DragonFly has it since 6.1. */
#ifdef __DragonFly__
#include <sys/syscall.h>
#endif
#if defined(__APPLE__) || defined(__OpenBSD__) || (defined(__DragonFly__) && !defined(SYS_posix_fallocate))
#define posix_fallocate(fd, offset, length) ((void)(fd), (void)(offset), (void)(length), ENOSYS)
#endif

#endif
