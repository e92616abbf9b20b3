/* SPDX-License-Identifier: BSD-2-Clause */

/* <sys/statvfs.h>, and a stand-in for a flag of Linux and NetBSD. */

#ifndef SHMCHECK_PLATFORM_STATVFS_H
#define SHMCHECK_PLATFORM_STATVFS_H

#include <sys/statvfs.h>

#ifndef ST_NOEXEC
#define ST_NOEXEC 0
#endif

#endif
