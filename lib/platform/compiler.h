/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_PLATFORM_COMPILER_H
#define SHMCHECK_PLATFORM_COMPILER_H

/* What compiled the suite, "gcc 12.2.0", "clang 14.0.6" or "Zig's clang 17.0.6". Static memory. */
const char *platform_compiler(void);

#endif
