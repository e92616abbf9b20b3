/* SPDX-License-Identifier: BSD-2-Clause */

/* <sys/resource.h>, and stand-ins for limits that this platform lacks, upon which limit_to() skips the case. */

#ifndef SHMCHECK_PLATFORM_RESOURCE_H
#define SHMCHECK_PLATFORM_RESOURCE_H

#include <sys/types.h>
#include <sys/resource.h>

/* OpenBSD has no limit on addresses. */
#ifndef RLIMIT_AS
#define RLIMIT_AS (-1)
#endif
/* POSIX lacks it, and illumos has a resource control instead. */
#ifndef RLIMIT_MEMLOCK
#define RLIMIT_MEMLOCK (-1)
#endif

#endif
