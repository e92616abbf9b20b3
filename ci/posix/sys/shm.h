/* SPDX-License-Identifier: BSD-2-Clause */

/* <sys/shm.h> of musl without what POSIX lacks. */

#ifndef POSIX_SYS_SHM_H
#define POSIX_SYS_SHM_H

#include_next <sys/shm.h>

#undef SHM_DEST
#undef SHM_EXEC
#undef SHM_HUGETLB
#undef SHM_INFO
#undef SHM_LOCK
#undef SHM_LOCKED
#undef SHM_NORESERVE
#undef SHM_REMAP
#undef SHM_STAT
#undef SHM_STAT_ANY
#undef SHM_UNLOCK
#undef IPC_INFO

#endif
