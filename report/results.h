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
	HOLDS,        /* passed */
	DEVIATES,     /* an expected failure: a manual documents that the platform does something else */
	KNOWN_DEFECT, /* an expected failure: the platform is known to have a defect there */
	FAILED,       /* a check failed */
	BROKEN,       /* the case crashed, hung, or ended without a result */
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
	char *platform; /* what the run was on, in one line; null if that is not recorded */
	size_t asked;   /* how many cases the run was to run, as far as that is recorded */
	size_t ended;   /* how many of them have a result; fewer than asked if the run was cut short */
};

/*
 * The outcome for the word that Kyua and the runner have for it; the reason tells a known defect from a documented deviation.
 * Returns false for any other word.
 */
bool outcome_of_word(const char *word, const char *reason, enum outcome *);

/* Free what the result holds. */
void result_free(struct result *);

/* Free all that the results hold; they are empty then. */
void results_free(struct results *);

/*
 * The reason without the words that say what kind of a reason it is: the heading above it does. It is a part of the result's
 * own.
 */
const char *result_reason(const struct result *);

/* Whether some of the cases that the run was to run have no result. */
bool results_cut_short(const struct results *);

/* How many cases have which outcome. */
struct counts {
	size_t holds;
	size_t deviates;
	size_t defects;
	size_t fails; /* failed and broken */
	size_t skipped;
};

void counts_add(struct counts *, enum outcome);

/* How many cases ran: all but the skipped ones. */
size_t counts_ran(struct counts);

/* All cases together. */
struct counts results_count(const struct results *);

#endif
