/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_PLATFORM_DESCRIPTION_H
#define SHMCHECK_PLATFORM_DESCRIPTION_H

/*
 * What the suite runs on, in one line: the system and its release, the C library, the compiler, the machine, the sizes that
 * matter here. "Linux 6.1.0, glibc 2.36, gcc 12.2.0, x86_64, page size 4096, SHMLBA 4096". Static memory.
 */
const char *platform_description(void);

#endif
