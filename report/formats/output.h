/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_REPORT_OUTPUT_H
#define SHMCHECK_REPORT_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Write the bytes to the file at the path, or to standard output if the path is null. The file has all of it or is as it was
 * before: they go to a new file beside it first, unless it is no regular file. If that fails, the program ends.
 */
void output_write(const char *path, const char *bytes, size_t length);

/* Whether both paths are of one regular file. Either may be null. */
bool output_is(const char *path, const char *other);

#endif
