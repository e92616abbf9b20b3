/* SPDX-License-Identifier: BSD-2-Clause */

/* <sys/stat.h>, where macOS has names of its own for the times. */

#ifndef SHMCHECK_PLATFORM_STAT_H
#define SHMCHECK_PLATFORM_STAT_H

#include <sys/stat.h>

#ifdef __APPLE__
#define st_atim st_atimespec
#define st_mtim st_mtimespec
#define st_ctim st_ctimespec
#endif

#endif
