/* SPDX-License-Identifier: BSD-2-Clause */

/* What any form of the page says, as text for the caller to free. None of it is cleaned of control characters. */

#ifndef SHMCHECK_REPORT_SUMMARY_H
#define SHMCHECK_REPORT_SUMMARY_H

#include "expected.h"
#include "results.h"

/* So many cases are named for one reason to skip. */
#define NAMES 8

/* What the platform is, in one line. */
char *summary_platform(const struct results *);

/* How many cases and programs there are, and how long they took. */
char *summary_size(const struct results *);

/* How the cases came out: a sentence. */
char *summary_words(const struct results *);

/* Whether that is as expected: a sentence. */
char *summary_comparison(const struct comparison *);

/* How many of the cases that are expected to come out somehow were not run. */
char *summary_not_run(const struct comparison *);

/* The skipped cases that give one reason: a run of the pointers sorted by reason. */
struct group {
	const struct result *const *cases;
	size_t count;
};

struct groups {
	struct group *all; /* the most frequent first */
	size_t count;
	const struct result **cases; /* what all of them point into */
};

/* There must be a result. Free the groups with groups_free(). */
struct groups groups_make(const struct results *);
void groups_free(struct groups *);

const char *group_reason(const struct group *);

/* Names of cases, and how many more there are; the caller frees it. */
char *group_names(const struct group *);

/* "s" unless the count is 1. */
const char *plural(size_t count);

#endif
