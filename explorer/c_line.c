/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdarg.h>

#include "c_line.h"

void
c_line(FILE *to, unsigned depth, const char *format, ...)
{
	va_list arguments;

	for (unsigned i = 0; i < depth; i++)
		fputc('\t', to);
	va_start(arguments, format);
	vfprintf(to, format, arguments);
	va_end(arguments);
	fputc('\n', to);
}
