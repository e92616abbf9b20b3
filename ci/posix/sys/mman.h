/* SPDX-License-Identifier: BSD-2-Clause */

/* <sys/mman.h> of musl without what POSIX lacks. It keeps MAP_ANON and MAP_ANONYMOUS, which POSIX.1-2024 has. */

#ifndef POSIX_SYS_MMAN_H
#define POSIX_SYS_MMAN_H

#include_next <sys/mman.h>

#undef MAP_32BIT
#undef MAP_DENYWRITE
#undef MAP_EXECUTABLE
#undef MAP_FILE
#undef MAP_FIXED_NOREPLACE
#undef MAP_GROWSDOWN
#undef MAP_HUGETLB
#undef MAP_LOCKED
#undef MAP_NONBLOCK
#undef MAP_NORESERVE
#undef MAP_POPULATE
#undef MAP_SHARED_VALIDATE
#undef MAP_STACK
#undef MAP_SYNC
#undef MCL_ONFAULT

#endif
