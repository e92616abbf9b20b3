/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>
#include <string.h>

#include "skips.h"

/* By reason, then as the results are. */
static int
compare_reasons(const void *left, const void *right)
{
	const struct result *one = *(const struct result *const *)left;
	const struct result *other = *(const struct result *const *)right;
	int order = strcmp(one->reason, other->reason);

	if (order != 0)
		return order;
	return (one > other) - (one < other);
}

/* The most frequent first. */
static int
compare_groups(const void *left, const void *right)
{
	const struct group *one = left;
	const struct group *other = right;

	if (one->count != other->count)
		return one->count > other->count ? -1 : 1;
	return strcmp(one->cases[0]->reason, other->cases[0]->reason);
}

struct groups
groups_make(const struct results *results)
{
	const struct result **skipped = allocated(calloc(results->count, sizeof(*skipped)));
	struct groups groups = { allocated(calloc(results->count, sizeof(*groups.all))), 0, skipped };
	size_t cases = 0;

	for (size_t i = 0; i < results->count; i++)
		if (results->all[i].outcome == SKIPPED)
			skipped[cases++] = &results->all[i];
	qsort(skipped, cases, sizeof(*skipped), compare_reasons);
	for (size_t i = 0; i < cases; i++) {
		if (i == 0 || strcmp(skipped[i - 1]->reason, skipped[i]->reason) != 0)
			groups.all[groups.count++].cases = &skipped[i];
		groups.all[groups.count - 1].count++;
	}
	qsort(groups.all, groups.count, sizeof(*groups.all), compare_groups);
	return groups;
}

void
groups_free(struct groups *groups)
{
	free(groups->all);
	free(groups->cases);
	*groups = (struct groups){ NULL, 0, NULL };
}

const char *
group_reason(const struct group *group)
{
	const char *reason = group->cases[0]->reason;

	return reason[0] != '\0' ? reason : "no reason given";
}

char *
group_names(const struct group *group)
{
	char *names = text_copy(slice_of(""));
	/* Naming one case costs no more than saying "1 more". */
	size_t named = group->count <= NAMES + 1 ? group->count : NAMES;

	for (size_t i = 0; i < named; i++) {
		const struct result *result = group->cases[i];
		bool same = i > 0 && strcmp(group->cases[i - 1]->program, result->program) == 0;
		char *longer = text_format(
		    "%s%s%s%s%s", names, i > 0 ? ", " : "", same ? "" : result->program, same ? "" : ":", result->name);
		free(names);
		names = longer;
	}
	if (named == group->count)
		return names;
	char *all = text_format("%s and %zu more", names, group->count - named);
	free(names);
	return all;
}
