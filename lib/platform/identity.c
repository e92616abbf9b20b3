/* SPDX-License-Identifier: BSD-2-Clause */

#include <limits.h>

#include "platform/identity.h"

#if defined(__linux__)
static const enum platform here = LINUX;
#elif defined(__FreeBSD__)
static const enum platform here = FREEBSD;
#elif defined(__NetBSD__)
static const enum platform here = NETBSD;
#elif defined(__OpenBSD__)
static const enum platform here = OPENBSD;
#elif defined(__DragonFly__)
static const enum platform here = DRAGONFLY;
#elif defined(__APPLE__)
static const enum platform here = MACOS;
#elif defined(__sun)
static const enum platform here = ILLUMOS;
#else
static const enum platform here = OTHER_PLATFORM;
#endif

/* <limits.h> or any other header of the C library has defined what tells it. */
#if defined(__linux__) && defined(__GLIBC__)
static const unsigned library = GLIBC;
#elif defined(__linux__) && !defined(__BIONIC__) && !defined(__UCLIBC__)
static const unsigned library = MUSL;
#else
static const unsigned library = 0;
#endif

enum platform
platform(void)
{
	return here;
}

bool
platform_is(unsigned platforms)
{
	return (platforms & ((unsigned)here | library)) != 0;
}

const char *
platform_name(enum platform which)
{
	switch (which) {
	case LINUX:
		return "Linux";
	case FREEBSD:
		return "FreeBSD";
	case NETBSD:
		return "NetBSD";
	case OPENBSD:
		return "OpenBSD";
	case DRAGONFLY:
		return "DragonFly";
	case MACOS:
		return "macOS";
	case ILLUMOS:
		return "illumos";
	case GLIBC:
		return "glibc";
	case MUSL:
		return "musl";
	case OTHER_PLATFORM:
		break;
	}
	return "this platform";
}
