/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_PLATFORM_ENTROPY_H
#define SHMCHECK_PLATFORM_ENTROPY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Store random bytes of the system, at most 256: from getentropy(), or arc4random_buf() where the C library lacks that one, or
 * else from /dev/urandom. False with errno.
 */
bool system_entropy(void *buffer, size_t size);

#endif
