/* SPDX-License-Identifier: BSD-2-Clause */

/* What a run of the suite left in Kyua's results database or in a results file of the runner, as plain structures. */

#ifndef SHMCHECK_REPORT_RESULTS_H
#define SHMCHECK_REPORT_RESULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

/* The name of the only case of a program whose cases could not be listed. */
#define UNLISTED "__test_cases_list__"

enum outcome {
	HOLDS,    /* passed */
	DEVIATES, /* an expected failure: the platform is documented not to do it */
	FAILED,   /* a check failed */
	BROKEN,   /* the case crashed, hung, or ended without a result */
	SKIPPED
};

/* One case that was run. Strings are never null; what is not recorded is empty. */
struct result {
	char *program; /* path, relative to the top of the suite */
	char *name;
	char *area; /* directory of the program, or "platform" for a program at the top */
	char *requirement;
	char *level;
	char *source;
	char *promise; /* the sentence that the case checks */
	enum outcome outcome;
	char *reason;
	int64_t start; /* microseconds since the epoch; start and end are 0 if not recorded */
	int64_t end;
	struct slice output; /* all of standard output and of standard error; owned by the result */
	struct slice errors;
};

struct results {
	struct result *all; /* by program, then by name */
	size_t count;
};

/* The outcome for the word that Kyua and the runner have for it. Returns false for any other word. */
bool outcome_of_word(const char *word, enum outcome *);

/* Free what the result holds. */
void result_free(struct result *);

/* Free all that the results hold; they are empty then. */
void results_free(struct results *);

/* The line "observed: key = value" of a case's standard output. The slices belong to the result. */
struct observation {
	struct slice key;
	struct slice value;
};

/* Take the next observation off the front of the output. Returns false when there is none left. */
bool observation_next(struct slice *output, struct observation *);

/* The value of the first observation of that key in any case, for the caller to free, or null. */
char *results_observed(const struct results *, const char *key);

/* How many cases came out how. */
struct counts {
	size_t holds;
	size_t deviates;
	size_t fails; /* failed and broken */
	size_t skipped;
};

void counts_add(struct counts *, enum outcome);

/* All cases together. */
struct counts results_count(const struct results *);

#endif
