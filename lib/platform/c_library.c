/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdio.h>
#include <unistd.h>

#include "platform/c_library.h"
#include "platform/has.h" /* __FreeBSD_version */
#include "platform/identity.h"

#if defined(__GLIBC__) && defined(_CS_GNU_LIBC_VERSION)

const char *
platform_libc(void)
{
	static char name[64];

	return confstr(_CS_GNU_LIBC_VERSION, name, sizeof(name)) != 0 ? name : "glibc";
}

#elif defined(__BIONIC__)

const char *
platform_libc(void)
{
	return "bionic";
}

#elif defined(__linux__)

const char *
platform_libc(void)
{
	return "musl"; /* or another that has no macro of its own */
}

#elif defined(__FreeBSD__)

const char *
platform_libc(void)
{
	static char name[64];

	snprintf(name, sizeof(name), "libc of FreeBSD %d", __FreeBSD_version);
	return name;
}

#else

const char *
platform_libc(void)
{
	static char name[64];

	snprintf(name, sizeof(name), "libc of %s", platform_name(platform()));
	return name;
}

#endif

#if defined(__GLIBC__) && !defined(__LP64__)

bool
libc_converts_status(void)
{
	return true;
}

#else

bool
libc_converts_status(void)
{
	return false;
}

#endif
