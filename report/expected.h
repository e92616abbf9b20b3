/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The expectations of a platform. A file has a line "PROGRAM:CASE OUTCOME" for each case that does not simply hold there, unless
 * it is skipped as it is for other platforms or later versions of this one. The outcome is one of OUTCOME_WORDS; "at times" behind
 * it says that the case may hold as well, as with a race. Empty lines are ignored, and so are comments: from a "#" at the start of
 * a line or after a blank to the end of the line.
 */

#ifndef SHMCHECK_REPORT_EXPECTED_H
#define SHMCHECK_REPORT_EXPECTED_H

#include <stdio.h>

#include "results.h"

#define OUTCOME_WORDS "fails, defect, deviates, skipped"

/* A case whose outcome is not the expected one. */
struct change {
	char *name; /* "PROGRAM:CASE", as the file has it */
	enum outcome expected;
	enum outcome seen;
	bool gone; /* the program was expected not to be listed, and it is: "seen" has no meaning */
};

struct comparison {
	const char *path;       /* the file's */
	enum outcome *expected; /* for each result, in the same order */
	struct change *changes; /* failures first, then by name */
	size_t count;
	size_t not_run; /* how many cases the file names that the results lack */
};

/*
 * Compare the results with the file at the path. BROKEN counts as FAILED. The path must outlive the comparison. Returns null,
 * or a sentence about the error, which the caller frees. The caller frees the comparison in both cases.
 */
char *comparison_make(struct comparison *, const struct results *, const char *path);

void comparison_free(struct comparison *);

/* Whether the case fails and is expected to fail. False if the comparison is null. */
bool fails_as_expected(const struct comparison *, const struct results *, const struct result *);

/* Return "newly fails", "holds now" and so on. */
const char *change_words(const struct change *);

/* Return "holds" or one of OUTCOME_WORDS. */
const char *outcome_word(enum outcome);

/* Write the file that expects just these results: its lines, sorted by their bytes. */
void outcomes_print(FILE *, const struct results *);

#endif
