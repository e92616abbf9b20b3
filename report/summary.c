/* SPDX-License-Identifier: BSD-2-Clause */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "summary.h"

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

/* What did not plainly hold of what ran, and what did not run, in brackets; the caller frees it. */
static char *
reservations(struct counts counts)
{
	const char *s = counts.deviates == 1 ? "s" : "";

	if (counts.deviates > 0 && counts.skipped > 0)
		return text_format(" (%zu deviate%s as documented, %zu skipped)", counts.deviates, s, counts.skipped);
	if (counts.deviates > 0)
		return text_format(" (%zu deviate%s as documented)", counts.deviates, s);
	if (counts.skipped > 0)
		return text_format(" (%zu skipped)", counts.skipped);
	return text_copy(slice_of(""));
}

char *
summary_words(const struct results *results)
{
	struct counts counts = results_count(results);
	size_t ran = counts.holds + counts.deviates + counts.fails;
	char *words;

	if (ran == 0)
		return text_format("Nothing was tested: every case was skipped (%zu).", counts.skipped);
	char *but = reservations(counts);
	if (counts.fails > 0)
		words = text_format("%zu of %zu case%s that ran FAIL%s%s.", counts.fails, ran, plural(ran),
		    counts.fails == 1 ? "S" : "", but);
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
