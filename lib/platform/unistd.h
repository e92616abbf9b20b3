/* SPDX-License-Identifier: BSD-2-Clause */

/* <unistd.h>, and a stand-in for sbrk(): Linux alone promises something about the end of the heap. */

#ifndef SHMCHECK_PLATFORM_UNISTD_H
#define SHMCHECK_PLATFORM_UNISTD_H

#include <unistd.h>

#ifndef __linux__
#define sbrk(increment) ((void)(increment), (void *)-1)
#endif

#endif
