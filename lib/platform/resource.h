/* SPDX-License-Identifier: BSD-2-Clause */

/* <sys/resource.h>, and stand-ins for limits that this platform lacks: getrlimit() refuses their numbers. */

#ifndef SHMCHECK_PLATFORM_RESOURCE_H
#define SHMCHECK_PLATFORM_RESOURCE_H

#include <sys/types.h>
#include <sys/resource.h>

/* OpenBSD has no limit on addresses. */
#ifndef RLIMIT_AS
#define RLIMIT_AS (-1)
#endif
/* illumos has no limit but that on all memory. */
#ifndef RLIMIT_MEMLOCK
#define RLIMIT_MEMLOCK RLIMIT_AS
#endif

#endif
