/* SPDX-License-Identifier: BSD-2-Clause */

/* What proves a case: the violations that it finds, from the data that "make matrix" writes. */

#ifndef SHMCHECK_REPORT_VIOLATIONS_H
#define SHMCHECK_REPORT_VIOLATIONS_H

#include <stddef.h>

#include "results.h"

/* A violation that a case finds. */
struct finding {
	const char *test_case; /* "PROGRAM:CASE" */
	const char *violation; /* its name, which tells what the broken platform does */
};

struct violations {
	struct finding *all; /* by case, then in the order of the file */
	size_t count;
	char *bytes; /* what the findings point to */
};

/*
 * Read the file at the path. Returns null, or a sentence about the error, which the caller frees. The caller frees the
 * violations in both cases.
 */
char *violations_load(struct violations *, const char *path);
void violations_free(struct violations *);

/* Return the first of the violations that the case of this result finds, and store how many follow each other. */
const struct finding *violations_of(const struct violations *, const struct result *, size_t *count);

#endif
