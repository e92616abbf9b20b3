/* SPDX-License-Identifier: BSD-2-Clause */

/* Capability mode, which FreeBSD alone has, FreeBSD capsicum(4). Elsewhere cap_enter() fails with ENOSYS. */

#ifndef SHMCHECK_PLATFORM_CAPABILITY_MODE_H
#define SHMCHECK_PLATFORM_CAPABILITY_MODE_H

#include <errno.h>

#ifdef __FreeBSD__
#include <sys/capsicum.h>
#endif

#ifndef ECAPMODE
#define ECAPMODE 0
#endif

#ifndef __FreeBSD__
#define cap_enter() no_cap_enter()
static inline int
no_cap_enter(void)
{
	errno = ENOSYS;
	return -1;
}
#endif

#endif
