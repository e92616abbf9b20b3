/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdio.h>
#include <string.h>

#include "platform/compiler.h"

#if defined(__clang__)
#define KIND    "clang"
#define VERSION __clang_version__
#elif defined(__GNUC__)
#define KIND    "gcc"
#define VERSION __VERSION__
#else
#define KIND    "an unknown compiler"
#define VERSION ""
#endif

const char *
platform_compiler(void)
{
	static char name[64];
	/* Zig has no macro for C; its clang tells where it was made. */
	const char *maker = strstr(VERSION, "zig") != NULL ? "Zig's " : "";

	snprintf(name, sizeof(name), "%s%s %.*s", maker, KIND, (int)strcspn(VERSION, " "), VERSION);
	return name;
}
