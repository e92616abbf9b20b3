/* SPDX-License-Identifier: BSD-2-Clause */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "summary.h"
#include "verdict.h"

enum verdict
verdict_of(const struct results *results, const struct comparison *comparison)
{
	struct tally tally = results_tally(results);

	if (tally.holds + tally.deviates + tally.fails == 0)
		return VERDICT_NOTHING;
	if (comparison != NULL)
		return comparison->count == 0 ? VERDICT_HOLDS : VERDICT_FAILS;
	return tally.fails > 0 ? VERDICT_FAILS : VERDICT_HOLDS;
}

const char *
plural(size_t count)
{
	return count == 1 ? "" : "s";
}

char *
summary_platform(const struct results *results)
{
	static const struct {
		const char *key;
		const char *before;
	} parts[] = {
		{ "platform.os", ", " },
		{ "platform.kernel", " " },
		{ "platform.libc", ", " },
		{ "platform.machine", ", " },
		{ "platform.page-size", ", page size " },
		{ "platform.shmlba", ", SHMLBA " },
	};
	char *line = text_copy(slice_of(""));

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		char *value = results_observed(results, parts[i].key);
		if (value == NULL)
			continue;
		/* The first part that is known has nothing before it but a title: "page size ". */
		const char *before = parts[i].before;
		if (line[0] == '\0')
			before += strspn(before, ", ");
		char *longer = text_format("%s%s%s", line, before, value);
		free(line);
		free(value);
		line = longer;
	}
	if (line[0] != '\0')
		return line;
	free(line);
	return text_copy(slice_of("The platform is not recorded: the case that describes it did not run."));
}

/* "2.04 s", or nothing if the clock was set back meanwhile: then nothing is known. The caller frees it. */
static char *
duration(int64_t start, int64_t end)
{
	if (start > end)
		return text_copy(slice_of(""));
	/* Unsigned, since nothing keeps strange results from a difference too large. */
	uint64_t hundredths = ((uint64_t)end - (uint64_t)start) / 10000;
	uint64_t minutes = hundredths / 6000;
	char *long_run = minutes > 0 ? text_format("%" PRIu64 " min ", minutes) : text_copy(slice_of(""));
	char *text = text_format(", %s%" PRIu64 ".%02" PRIu64 " s", long_run, hundredths / 100 % 60, hundredths % 100);
	free(long_run);
	return text;
}

char *
summary_size(const struct results *results)
{
	size_t programs = 0;
	int64_t start = INT64_MAX;
	int64_t end = INT64_MIN;

	for (size_t i = 0; i < results->count; i++) {
		const struct result *result = &results->all[i];
		if (i == 0 || strcmp(result[-1].program, result->program) != 0)
			programs++;
		if (result->end == 0)
			continue;
		start = result->start < start ? result->start : start;
		end = result->end > end ? result->end : end;
	}
	char *took = duration(start, end);
	char *size = text_format(
	    "%zu case%s in %zu program%s%s", results->count, plural(results->count), programs, plural(programs), took);
	free(took);
	return size;
}

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

/* What did not plainly hold of what ran, and what did not run, in brackets; the caller frees it. */
static char *
reservations(struct tally tally)
{
	const char *s = tally.deviates == 1 ? "s" : "";

	if (tally.deviates > 0 && tally.skipped > 0)
		return text_format(" (%zu deviate%s as documented, %zu skipped)", tally.deviates, s, tally.skipped);
	if (tally.deviates > 0)
		return text_format(" (%zu deviate%s as documented)", tally.deviates, s);
	if (tally.skipped > 0)
		return text_format(" (%zu skipped)", tally.skipped);
	return text_copy(slice_of(""));
}

char *
summary_words(const struct results *results)
{
	struct tally tally = results_tally(results);
	size_t ran = tally.holds + tally.deviates + tally.fails;
	char *words;

	if (ran == 0)
		return text_format("Nothing was tested: every case was skipped (%zu).", tally.skipped);
	char *but = reservations(tally);
	if (tally.fails > 0)
		words = text_format("%zu of %zu case%s that ran FAIL%s%s.", tally.fails, ran, plural(ran),
		    tally.fails == 1 ? "S" : "", but);
	else if (ran == 1)
		words = text_format("The only case that ran holds%s.", but);
	else
		words = text_format("All %zu cases that ran hold%s.", ran, but);
	free(but);
	return words;
}

char *
summary_comparison(const struct comparison *comparison)
{
	if (comparison->count == 0)
		return text_format("Every outcome is as expected in %s.", comparison->path);
	return text_format("%zu outcome%s not as expected in %s.", comparison->count,
	    comparison->count == 1 ? " is" : "s are", comparison->path);
}

char *
summary_not_run(const struct comparison *comparison)
{
	return text_format("%zu case%s that it names did not run", comparison->not_run, plural(comparison->not_run));
}
