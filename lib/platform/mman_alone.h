/* SPDX-License-Identifier: BSD-2-Clause */

/* <sys/mman.h> and no other header, for what is said of it alone. OpenBSD's declares shm_open() without defining mode_t. */

#ifndef SHMCHECK_PLATFORM_MMAN_ALONE_H
#define SHMCHECK_PLATFORM_MMAN_ALONE_H

#include <sys/mman.h>

#ifdef __OpenBSD__
#define MMAN_DEFINES_MODE_T 0
#define TYPE_OF_MODE        __mode_t
#else
#define MMAN_DEFINES_MODE_T 1
#define TYPE_OF_MODE        mode_t
#endif

#endif
