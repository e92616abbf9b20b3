/* SPDX-License-Identifier: BSD-2-Clause */

/* What the C library is, and what it does where it is more than a door to the kernel. */

#ifndef SHMCHECK_PLATFORM_C_LIBRARY_H
#define SHMCHECK_PLATFORM_C_LIBRARY_H

#include <stdbool.h>

/* The C library and its version, "glibc 2.36", as far as it tells. Static memory. */
const char *platform_libc(void);

/*
 * Whether shmctl() of the C library touches the caller's buffer itself, whatever the command, outside of the kernel: the
 * 32-bit glibc converts times there.
 */
bool libc_converts_status(void);

#endif
