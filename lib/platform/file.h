/* SPDX-License-Identifier: BSD-2-Clause */

/* <sys/file.h>, and a stand-in for flock(), which POSIX lacks: it fails with ENOSYS. */

#ifndef SHMCHECK_PLATFORM_FILE_H
#define SHMCHECK_PLATFORM_FILE_H

#include <errno.h>
#include <fcntl.h>

#ifdef __has_include
#if __has_include(<sys/file.h>)
#include <sys/file.h>
#endif
#endif

#ifndef LOCK_EX
#define LOCK_EX              0
#define flock(fd, operation) no_flock(fd, operation)
static inline int
no_flock(int fd, int operation)
{
	(void)fd;
	(void)operation;
	errno = ENOSYS;
	return -1;
}
#endif

#endif
