/* SPDX-License-Identifier: BSD-2-Clause */

/* The index of what the suite checks: a clause of a standard or a manual page, the requirements from it, and their cases. */

#ifndef SHMCHECK_REPORT_INDEX_H
#define SHMCHECK_REPORT_INDEX_H

#include "matrix.h"

/* A requirement as a source promises it: with those of its cases that name the source. */
struct index_entry {
	const struct requirement *requirement;
	const struct matrix_case **cases; /* in the matrix's order */
	size_t count;                     /* of the cases; at least 1 */
};

struct index_source {
	const char *name;            /* "POSIX.1-2017 shmget() ERRORS" */
	struct index_entry *entries; /* in the order of the matrix's requirements */
	size_t count;                /* at least 1 */
};

struct index {
	struct index_source *sources; /* by name */
	size_t count;
	struct index_entry *entries;      /* what the sources point to */
	const struct matrix_case **cases; /* and the entries */
	char **names;
	size_t name_count;
};

/* The matrix must outlive the index. The caller frees it with index_free(). */
struct index index_make(const struct matrix *);
void index_free(struct index *);

#endif
