/* SPDX-License-Identifier: BSD-2-Clause */

/* The results of a run of the suite, whether Kyua or shmcheck-run wrote them. */

#ifndef SHMCHECK_REPORT_RESULTS_H
#define SHMCHECK_REPORT_RESULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

/* The name that stands for all cases of a program that could not be listed. */
#define UNLISTED "__test_cases_list__"

enum outcome {
	HOLDS,        /* passed */
	DEVIATES,     /* an expected failure that a manual of the platform documents */
	KNOWN_DEFECT, /* an expected failure that no manual documents */
	FAILED,       /* a check failed */
	BROKEN,       /* the case crashed, hung, or ended without a result */
	SKIPPED
};

/* One case. No string is null; a string that is not recorded is empty. */
struct result {
	char *program; /* its path from the top of the suite */
	char *name;
	char *area; /* see area_of() */
	char *requirement;
	char *level;
	char *source;
	char *promise; /* the sentence that the case checks */
	enum outcome outcome;
	char *reason;
	int64_t start; /* microseconds since the epoch; start and end are 0 if not recorded */
	int64_t end;
	struct slice output; /* all of standard output and standard error; parts of the result */
	struct slice errors;
};

struct results {
	struct result *all; /* by program, then by name */
	size_t count;
	char *platform; /* the platform of the run, in one line; null if it is not recorded */
	size_t asked;   /* how many cases the run was started for, as far as the file tells */
	size_t ended;   /* how many of them have a result; fewer than asked if the run was cut short */
};

/*
 * Return the outcome for the word that Kyua and the runner use for it. The reason tells a known defect from a documented
 * deviation. Returns false for an unknown word.
 */
bool outcome_of_word(const char *word, const char *reason, enum outcome *);

/* Free all members of the result. */
void result_free(struct result *);

/* Free all members of the results, which are empty afterwards. */
void results_free(struct results *);

/* Return the reason, of a known defect without the words "known defect of". It is a part of the result. */
const char *result_reason(const struct result *);

/* Whether the run was started for more cases than have a result. */
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

/* Return how many cases were not skipped. */
size_t counts_ran(struct counts);

/* Count all cases. */
struct counts results_count(const struct results *);

#endif
