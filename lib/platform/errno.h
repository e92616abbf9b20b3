/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * <errno.h>, and the errors of robust mutexes and ENODATA. A platform that lacks one gets a number for it that no call sets errno
 * to or returns, not even as its result of -1.
 */

#ifndef SHMCHECK_PLATFORM_ERRNO_H
#define SHMCHECK_PLATFORM_ERRNO_H

#include <errno.h>
#include <limits.h>

#ifndef EOWNERDEAD
#define EOWNERDEAD INT_MIN
#endif
#ifndef ENOTRECOVERABLE
#define ENOTRECOVERABLE (INT_MIN + 1)
#endif
#ifndef ENODATA
#define ENODATA (INT_MIN + 2)
#endif

/* The name of an error that only some platforms have, "EOWNERDEAD" or "EFTYPE". Null for any other. Static memory. */
const char *errno_name_of_some(int error);

#endif
