/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Lines about what does not hold, under a heading that says what to do. A block is printed at its end, so that one pass over
 * the violations can fill several blocks.
 */

#ifndef SHMCHECK_BLOCK_H
#define SHMCHECK_BLOCK_H

#include <stdio.h>

#include "matrix.h"

struct block {
	const char *heading;

	/* block.c's own */
	FILE *memory;
	char *text;
	size_t size;
	const char *program; /* whose cases are being named */
	size_t column;
};

struct block block_begin(const char *heading);

void block_line(struct block *, const char *format, ...) __attribute__((__format__(__printf__, 2, 3)));

/* Name the case, beside those of the same program. */
void block_case(struct block *, const struct matrix_case *);

/* Print heading and lines, if there are lines. */
void block_end(struct block *, FILE *);

#endif
