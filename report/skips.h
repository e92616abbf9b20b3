/* SPDX-License-Identifier: BSD-2-Clause */

/* The skipped cases in groups, by their reasons. */

#ifndef SHMCHECK_REPORT_SKIPS_H
#define SHMCHECK_REPORT_SKIPS_H

#include "results.h"

/* How many cases of a group the page names. */
#define NAMES 8

/* Whether the case was skipped as it is for other platforms or for later versions of this one. */
bool is_for_other_platforms(const struct result *);

/* The cases with one reason, or all cases that are for other platforms. */
struct group {
	const struct result *const *cases;
	size_t count;
	bool others; /* they are for other platforms or for later versions of this one */
};

struct groups {
	struct group *all; /* the most frequent first */
	size_t count;
	const struct result **cases; /* the groups are parts of this array */
};

/*
 * Group the skipped cases. All cases for other platforms are one group, unless each reason is asked for. There must be at least
 * one result. The caller frees the groups with groups_free().
 */
struct groups groups_make(const struct results *, bool each_reason);
void groups_free(struct groups *);

const char *group_reason(const struct group *);

/* Return the names of all cases, or of the first NAMES and how many more there are. The caller frees it. */
char *group_names(const struct group *, bool all);

/*
 * Return the most frequent reason of the skipped cases of the area; "" if there are none. That a case is for other platforms
 * counts only if there is no other reason. The text is a part of the results.
 */
const char *most_frequent_reason(const struct results *, const char *area);

#endif
