/* SPDX-License-Identifier: BSD-2-Clause */

/* The skipped cases, by their reasons. */

#ifndef SHMCHECK_REPORT_SKIPS_H
#define SHMCHECK_REPORT_SKIPS_H

#include "results.h"

/* How many cases are named for one reason to skip. */
#define NAMES 8

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

#endif
