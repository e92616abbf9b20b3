/* SPDX-License-Identifier: BSD-2-Clause */

/* Namespaces of Linux, namespaces(7). Elsewhere the calls fail with ENOSYS. */

#ifndef SHMCHECK_PLATFORM_NAMESPACES_H
#define SHMCHECK_PLATFORM_NAMESPACES_H

#include <errno.h>

#ifdef __linux__
#include <sched.h>
#else
enum { CLONE_NEWIPC, CLONE_NEWNS, CLONE_NEWUSER };

static inline int
unshare(int kinds)
{
	(void)kinds;
	errno = ENOSYS;
	return -1;
}

static inline int
setns(int fd, int kind)
{
	(void)fd;
	(void)kind;
	errno = ENOSYS;
	return -1;
}
#endif

#endif
