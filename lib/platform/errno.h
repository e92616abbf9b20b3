/* SPDX-License-Identifier: BSD-2-Clause */

/* <errno.h>, and the errors of robust mutexes, which not all platforms have: numbers that no call gives. */

#ifndef SHMCHECK_PLATFORM_ERRNO_H
#define SHMCHECK_PLATFORM_ERRNO_H

#include <errno.h>

#ifndef EOWNERDEAD
#define EOWNERDEAD (-1)
#endif
#ifndef ENOTRECOVERABLE
#define ENOTRECOVERABLE (-2)
#endif

#endif
