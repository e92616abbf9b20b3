/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_C_LINE_H
#define SHMCHECK_C_LINE_H

#include <stdio.h>

/* Write a line, behind this number of tabs. */
void c_line(FILE *, unsigned depth, const char *format, ...) __attribute__((__format__(__printf__, 3, 4)));

#endif
