/* SPDX-License-Identifier: BSD-2-Clause */

/* <grp.h>, and a stand-in for setgroups(), which POSIX lacks: it fails with ENOSYS. */

#ifndef SHMCHECK_PLATFORM_GRP_H
#define SHMCHECK_PLATFORM_GRP_H

#include <errno.h>
#include <grp.h>
#include <unistd.h>

#include "platform/has.h"

#ifdef HAS_SETGROUPS
enum { CAN_SET_GROUPS = 1 };
#else
enum { CAN_SET_GROUPS = 0 };
#define setgroups(count, groups) no_setgroups((size_t)(count), groups)
static inline int
no_setgroups(size_t count, const gid_t *groups)
{
	(void)count;
	(void)groups;
	errno = ENOSYS;
	return -1;
}
#endif

#endif
