/* SPDX-License-Identifier: BSD-2-Clause */

/* Files that are larger than an off_t of 32 bits can say. */

#ifndef SHMCHECK_LARGE_FILE_H
#define SHMCHECK_LARGE_FILE_H

#include <stdint.h>

/* truncate() where off_t has 64 bits, though it may have 32 elsewhere in the suite. EFBIG where the system has no such off_t. */
int truncate_large(const char *path, uintmax_t size);

#endif
