/* SPDX-License-Identifier: BSD-2-Clause */

/* <sys/resource.h> of musl without what POSIX lacks. */

#ifndef POSIX_SYS_RESOURCE_H
#define POSIX_SYS_RESOURCE_H

#include_next <sys/resource.h>

#undef RLIMIT_LOCKS
#undef RLIMIT_MEMLOCK
#undef RLIMIT_NPROC
#undef RLIMIT_RSS

#endif
