/* SPDX-License-Identifier: BSD-2-Clause */

/* Which platform this is: the system, and on Linux its C library. */

#ifndef SHMCHECK_PLATFORM_IDENTITY_H
#define SHMCHECK_PLATFORM_IDENTITY_H

#include <stdbool.h>

/* Or-ed to name several. */
enum platform {
	LINUX = 1 << 0,
	FREEBSD = 1 << 1,
	NETBSD = 1 << 2,
	OPENBSD = 1 << 3,
	DRAGONFLY = 1 << 4,
	MACOS = 1 << 5,
	ILLUMOS = 1 << 6,
	OTHER_PLATFORM = 1 << 7,
	/* C libraries of Linux, for what they do and not the kernel. musl defines no macro: a library without one is musl. */
	GLIBC = 1 << 8,
	MUSL = 1 << 9
};

/* The system. */
enum platform platform(void);

/* Whether one of these is what runs here: the system or its C library. */
bool platform_is(unsigned platforms);

/* "Linux", as the sources of cases spell it; OTHER_PLATFORM is "this platform". Static memory. */
const char *platform_name(enum platform);

#endif
