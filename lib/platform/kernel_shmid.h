/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * struct shmid64_ds, the layout in which the kernel of Linux stores the status of a segment, from <asm/shmbuf.h>. Where that
 * header is missing something of the same members stands in, and HAS_KERNEL_SHMID is false.
 */

#ifndef SHMCHECK_PLATFORM_KERNEL_SHMID_H
#define SHMCHECK_PLATFORM_KERNEL_SHMID_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>

#if defined(__linux__) && defined(__has_include)
#if __has_include(<asm/shmbuf.h>)
#include <linux/posix_types.h>
#include <asm/ipcbuf.h>
#include <asm/shmbuf.h>
#define HAS_KERNEL_SHMID true
#endif
#endif

#ifndef HAS_KERNEL_SHMID
#define HAS_KERNEL_SHMID false
struct shmid64_ds {
	struct {
		key_t key;
		uid_t uid, gid, cuid, cgid;
		mode_t mode;
	} shm_perm;
	size_t shm_segsz;
	long shm_atime, shm_dtime, shm_ctime;
	pid_t shm_cpid, shm_lpid;
	unsigned long shm_nattch;
};
#endif

/* The whole of a time: on machines of 32 bits its upper half has a member of its own. */
#if HAS_KERNEL_SHMID && ULONG_MAX == 0xffffffff
#define KERNEL_TIME(status, member) \
	((long long)((unsigned long long)(status).member##_high << 32 | (unsigned long)(status).member))
#else
#define KERNEL_TIME(status, member) ((long long)(status).member)
#endif

#endif
