/* SPDX-License-Identifier: BSD-2-Clause */

/* <sys/statvfs.h> of musl without what POSIX lacks. */

#ifndef POSIX_SYS_STATVFS_H
#define POSIX_SYS_STATVFS_H

#include_next <sys/statvfs.h>

#undef ST_NODEV
#undef ST_NOEXEC

#endif
