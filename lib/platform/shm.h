/* SPDX-License-Identifier: BSD-2-Clause */

/* <sys/shm.h>, and what stands in for the flags and commands that this platform lacks. */

#ifndef SHMCHECK_PLATFORM_SHM_H
#define SHMCHECK_PLATFORM_SHM_H

#include <sys/types.h>

/* Where the header is missing, so are segments: the programs about them can't be built, and the others can. */
#ifdef __has_include
#if !__has_include(<sys/shm.h>)
#define LACKS_SEGMENTS
#endif
#endif
#ifndef LACKS_SEGMENTS
#include <sys/ipc.h>
#include <sys/shm.h>
#ifdef __DragonFly__
#include <machine/param.h> /* SHMLBA is its PAGE_SIZE, and <sys/shm.h> does not include it */
#endif
#endif

#ifndef SHM_REMAP
#define SHM_REMAP 0
#endif
#ifndef SHM_EXEC
#define SHM_EXEC 0
#endif
#ifndef SHM_HUGETLB
#define SHM_HUGETLB 0
#endif
#ifndef SHM_NORESERVE
#define SHM_NORESERVE 0
#endif
#ifndef SHM_DEST
#define SHM_DEST 0
#endif
#ifndef SHM_LOCK
#define SHM_LOCK (-1)
#endif
#ifndef SHM_UNLOCK
#define SHM_UNLOCK (-1)
#endif
#ifndef SHM_LOCKED
#define SHM_LOCKED 0
#endif

#endif
