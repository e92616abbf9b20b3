/* SPDX-License-Identifier: BSD-2-Clause */

/* <sys/statvfs.h> of musl without what POSIX lacks. */

#include_next <sys/statvfs.h>

#undef ST_NODEV
#undef ST_NOEXEC
