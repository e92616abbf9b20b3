/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What is expected of a platform: a file with a line "PROGRAM:CASE OUTCOME" for each case that does not plainly hold there. The
 * outcome is one of OUTCOME_WORDS. Empty lines do not count, nor does what follows a "#" at the start of a line or after a
 * blank.
 */

#ifndef SHMCHECK_REPORT_EXPECTED_H
#define SHMCHECK_REPORT_EXPECTED_H

#include <stdio.h>

#include "results.h"

#define OUTCOME_WORDS "fails, defect, deviates, skipped"

/* A case that came out otherwise than expected. */
struct change {
	char *name; /* program:case, as the file writes it */
	enum outcome expected;
	enum outcome seen;
	bool gone; /* the program could not be listed, and now has cases: there is nothing to see of this one */
};

struct comparison {
	const char *path;       /* of the file */
	enum outcome *expected; /* of each result */
	struct change *changes; /* newly failing ones first, then by name */
	size_t count;
	size_t not_run; /* cases that the file names and the results lack */
};

/*
 * Compare the results with the file at the path, which is kept and must outlive the comparison. BROKEN counts as FAILED.
 * Returns null, or why that was not possible: a sentence that names the path, for the caller to free. Free the comparison in
 * either case.
 */
char *comparison_make(struct comparison *, const struct results *, const char *path);

void comparison_free(struct comparison *);

/* Whether the case fails, and is expected to. Without a comparison nothing is. */
bool fails_as_expected(const struct comparison *, const struct results *, const struct result *);

/* What happened: "newly fails", "holds now", ... */
const char *change_words(const struct change *);

/* "holds" or one of OUTCOME_WORDS. */
const char *outcome_word(enum outcome);

/* Write the lines that such a file has for the results, in the order of their bytes. */
void outcomes_print(FILE *, const struct results *);

#endif
