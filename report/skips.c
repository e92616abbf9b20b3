/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>
#include <string.h>

#include "skips.h"

/* The reasons of lib/ for cases that are for other platforms: each has these two parts, and a name between them. */
static const struct {
	const char *before;
	const char *after;
} for_others[] = {
	{ "no manual of ", " promises this" },
	{ "", " promises this since version " },
	{ "this is for ", "" },
};

static bool
is_for_others(const char *reason)
{
	for (size_t i = 0; i < sizeof(for_others) / sizeof(for_others[0]); i++) {
		size_t length = strlen(for_others[i].before);
		if (strncmp(reason, for_others[i].before, length) == 0 &&
		    strstr(reason + length, for_others[i].after) != NULL)
			return true;
	}
	return false;
}

bool
is_for_other_platforms(const struct result *result)
{
	return result->outcome == SKIPPED && is_for_others(result->reason);
}

/* Cases for other platforms last; by reason; then in the order of the results. */
static int
compare_reasons(const void *left, const void *right)
{
	const struct result *one = *(const struct result *const *)left;
	const struct result *other = *(const struct result *const *)right;
	int order = is_for_others(one->reason) - is_for_others(other->reason);

	if (order == 0)
		order = strcmp(one->reason, other->reason);
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
groups_make(const struct results *results, bool each_reason)
{
	const struct result **skipped = allocated(calloc(results->count, sizeof(*skipped)));
	struct groups groups = { allocated(calloc(results->count, sizeof(*groups.all))), 0, skipped };
	size_t cases = 0;

	for (size_t i = 0; i < results->count; i++)
		if (results->all[i].outcome == SKIPPED)
			skipped[cases++] = &results->all[i];
	qsort(skipped, cases, sizeof(*skipped), compare_reasons);
	for (size_t i = 0; i < cases; i++) {
		bool others = !each_reason && is_for_others(skipped[i]->reason);
		bool same = i > 0 &&
		    (strcmp(skipped[i - 1]->reason, skipped[i]->reason) == 0 ||
			(others && is_for_others(skipped[i - 1]->reason)));
		if (!same)
			groups.all[groups.count++] = (struct group){ &skipped[i], 0, others };
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

	if (group->others)
		return "for other platforms or later versions of this one (shmcheck-verdict --verbose names them)";
	return reason[0] != '\0' ? reason : "no reason given";
}

char *
group_names(const struct group *group, bool all)
{
	char *names = text_copy(slice_of(""));
	/* The name of one more case is as short as "and 1 more". */
	size_t named = all || group->count <= NAMES + 1 ? group->count : NAMES;

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
	char *more = text_format("%s and %zu more", names, group->count - named);
	free(names);
	return more;
}

const char *
most_frequent_reason(const struct results *results, const char *area)
{
	struct groups groups = groups_make(results, true);
	const char *reason = "";
	size_t most = 0;

	for (size_t i = 0; i < groups.count; i++) {
		const struct group *group = &groups.all[i];
		size_t weight = 0;
		for (size_t j = 0; j < group->count; j++)
			weight += strcmp(group->cases[j]->area, area) == 0 ? 2 : 0;
		/* If any other reason occurs, it is that one which tells why the area was skipped. */
		if (weight > 0 && is_for_others(group->cases[0]->reason))
			weight = 1;
		if (weight > most) {
			reason = group->cases[0]->reason;
			most = weight;
		}
	}
	groups_free(&groups);
	return reason;
}
