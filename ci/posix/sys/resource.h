/* SPDX-License-Identifier: BSD-2-Clause */

/* <sys/resource.h> of musl without what POSIX lacks. */

#include_next <sys/resource.h>

#undef RLIMIT_LOCKS
#undef RLIMIT_MEMLOCK
#undef RLIMIT_NPROC
#undef RLIMIT_RSS
