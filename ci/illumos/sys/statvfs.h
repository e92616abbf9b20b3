/* SPDX-License-Identifier: BSD-2-Clause */

/* What the suite uses of <sys/statvfs.h> of illumos, statvfs(2). No file system is known. */

#ifndef ILLUMOS_SYS_STATVFS_H
#define ILLUMOS_SYS_STATVFS_H

#include <errno.h>

#include <sys/types.h>

struct statvfs {
	unsigned long f_bsize;
	unsigned long f_frsize;
	fsblkcnt_t f_blocks;
	fsblkcnt_t f_bfree;
	fsblkcnt_t f_bavail;
	fsfilcnt_t f_files;
	fsfilcnt_t f_ffree;
	fsfilcnt_t f_favail;
	char f_basetype[16];
	unsigned long f_flag;
};

static inline int
statvfs(const char *path, struct statvfs *place)
{
	(void)path, (void)place;
	errno = ENOSYS;
	return -1;
}

static inline int
fstatvfs(int fd, struct statvfs *place)
{
	(void)fd, (void)place;
	errno = ENOSYS;
	return -1;
}

#endif
