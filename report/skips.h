/* SPDX-License-Identifier: BSD-2-Clause */

/* The skipped cases, by their reasons. */

#ifndef SHMCHECK_REPORT_SKIPS_H
#define SHMCHECK_REPORT_SKIPS_H

#include "results.h"

/* How many cases of a group are named. */
#define NAMES 8

/* Skipped cases that give one reason, or that are for other platforms: a part of the groups' pointers. */
struct group {
	const struct result *const *cases;
	size_t count;
	bool others; /* they are for other platforms, or for other versions of this one */
};

struct groups {
	struct group *all; /* the most frequent first */
	size_t count;
	const struct result **cases; /* what all of them point into */
};

/*
 * Group the skipped cases; there must be a result. Cases for other platforms are one group, unless each reason is to be a group
 * of its own. Free the groups with groups_free().
 */
struct groups groups_make(const struct results *, bool each_reason);
void groups_free(struct groups *);

const char *group_reason(const struct group *);

/* The names of the cases, or of the first if not all are asked for, and how many more there are; the caller frees it. */
char *group_names(const struct group *, bool all);

/*
 * The reason that most skipped cases of the area give, except that they are for other platforms if there is any other; "" if
 * none was skipped. It belongs to the results.
 */
const char *most_frequent_reason(const struct results *, const char *area);

#endif
