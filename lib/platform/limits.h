/* SPDX-License-Identifier: BSD-2-Clause */

/* <limits.h>, and a stand-in for a limit that a system need not have. */

#ifndef SHMCHECK_PLATFORM_LIMITS_H
#define SHMCHECK_PLATFORM_LIMITS_H

#include <limits.h>

#ifndef PATH_MAX /* no limit: the size of our own buffers */
#define PATH_MAX 4096
#endif
#ifndef NAME_MAX /* illumos: it is of a file system, by pathconf() */
#define NAME_MAX 255
#endif

#endif
