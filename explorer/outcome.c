/* SPDX-License-Identifier: BSD-2-Clause */

/* What the modules of lib/ call when they cannot go on, for a program without cases: lib/record.c needs ATF. */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "outcome.h"
#include "text.h"

static void
print(const char *format, va_list arguments)
{
	fprintf(stderr, "%s: ", program_name);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
}

void
check_failed(const char *file, int line, const char *format, ...)
{
	va_list arguments;

	(void)file;
	(void)line;
	va_start(arguments, format);
	print(format, arguments);
	va_end(arguments);
}

void
end_failed(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print(format, arguments);
	va_end(arguments);
	exit(2);
}

void
end_skipped(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print(format, arguments);
	va_end(arguments);
	exit(2);
}
