/* SPDX-License-Identifier: BSD-2-Clause */

/* Cases and requirements by platform: what each run says of each. */

#ifndef SHMCHECK_REPORT_MATRIX_H
#define SHMCHECK_REPORT_MATRIX_H

#include "runs.h"

/* A case in all runs. */
struct matrix_case {
	const struct result *any;      /* from a run that has the case, for its names, sentence, level and sources */
	const struct result **results; /* one for each run; null if the run lacks the case */
};

/* A requirement, with the cases that name it. A case may name several. */
struct requirement {
	const char *id;   /* "shmget.excl-existing-key"; "PROGRAM:CASE" of a case that names none */
	const char *area; /* see area_of() */
	const struct matrix_case **cases;
	size_t count; /* of the cases; at least 1 */
};

struct matrix {
	const struct runs *runs;
	struct matrix_case *cases; /* by program, then by name */
	size_t case_count;
	struct requirement *requirements; /* in the order of areas[], then by id */
	size_t requirement_count;
	char **ids;                       /* what the requirements' ids point to */
	const struct matrix_case **lists; /* and their cases */
};

/* The runs must outlive the matrix. The caller frees it with matrix_free(). */
struct matrix matrix_make(const struct runs *);
void matrix_free(struct matrix *);

/*
 * Store the outcome of a requirement in a run: that of the case that is worst, as a requirement holds if all of its cases hold.
 * It is SKIPPED only if all of its cases are. Returns false if the run has none of its cases.
 */
bool requirement_outcome(const struct requirement *, size_t run, enum outcome *);

/* Whether platforms differ: the requirement has another outcome in one run than in another, skipped ones aside. */
bool requirement_differs(const struct requirement *, size_t runs);

#endif
