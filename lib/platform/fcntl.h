/* SPDX-License-Identifier: BSD-2-Clause */

/* <fcntl.h>, and stand-ins for what this platform lacks of it. */

#ifndef SHMCHECK_PLATFORM_FCNTL_H
#define SHMCHECK_PLATFORM_FCNTL_H

#include <errno.h>
#include <fcntl.h>

#ifndef O_CLOEXEC
#define O_CLOEXEC 0
#endif

/* POSIX.1-2024; few systems have it. */
#ifndef FD_CLOFORK
#define FD_CLOFORK 0
#endif

#if defined(__APPLE__) || defined(__OpenBSD__) || defined(__DragonFly__)
#define posix_fallocate(fd, offset, length) ((void)(fd), (void)(offset), (void)(length), ENOSYS)
#endif

#endif
