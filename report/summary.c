/* SPDX-License-Identifier: BSD-2-Clause */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "looked_at.h"
#include "summary.h"

char *
summary_platform(const struct results *results)
{
	if (results->platform != NULL)
		return text_copy(slice_of(results->platform));
	return text_copy(slice_of("Unknown platform: no program told which it runs on"));
}

char *
summary_cut_short(const struct results *results)
{
	if (!results_cut_short(results))
		return text_copy(slice_of(""));
	return text_format("The run was cut short: %zu of %zu case%s %s a result.", results->ended, results->asked,
	    plural(results->asked), results->ended == 1 ? "has" : "have");
}

/* Return ", 2.04 s"; empty if the clock was set back in between. The caller frees it. */
static char *
duration(int64_t start, int64_t end)
{
	if (start > end)
		return text_copy(slice_of(""));
	/* Unsigned, as the difference of any two numbers in a file may be too large for a signed one. */
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

/* Add a sentence that names the areas with this look, if there are any. Frees the old text. */
static char *
add_areas(char *sentences, const struct looked_at *looked_at, enum look look)
{
	char *titles = looked_at_titles(looked_at, look);
	char *longer = titles[0] == '\0' ? text_copy(slice_of(sentences))
					 : text_format("%s %s: %s.", sentences, look_label(look), titles);

	free(titles);
	free(sentences);
	return longer;
}

/* Return how many cases have which outcome. */
static char *
outcome_sentence(const struct results *results)
{
	const struct counts counts = results_count(results);
	const struct {
		size_t count;
		const char *plural_verb;
		const char *singular_verb;
	} parts[] = {
		{ counts.fails, "FAIL", "FAILS" },
		{ counts.holds, "hold", "holds" },
		{ counts.deviates, "deviate as documented", "deviates as documented" },
		{ counts.defects, "fail by known defects", "fails by a known defect" },
		{ counts.skipped, "are skipped", "is skipped" },
	};
	char *words = text_copy(slice_of(""));

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const char *verb = parts[i].count == 1 ? parts[i].singular_verb : parts[i].plural_verb;
		if (parts[i].count == 0)
			continue;
		char *longer = words[0] == '\0'
		    ? text_format("%zu of %zu case%s %s", parts[i].count, results->count, plural(results->count), verb)
		    : text_format("%s, %zu %s", words, parts[i].count, verb);
		free(words);
		words = longer;
	}
	char *sentence = text_format("%s.", words);
	free(words);
	return sentence;
}

/* Return the same if all cases were skipped or all hold; else null. */
static char *
uniform_sentence(const struct results *results)
{
	struct counts counts = results_count(results);
	size_t count = results->count;

	if (counts.skipped == count)
		return count == 1 ? text_copy(slice_of("Nothing was tested: the only case was skipped."))
				  : text_format("Nothing was tested: all %zu cases were skipped.", count);
	if (counts.holds == count)
		return count == 1 ? text_copy(slice_of("The only case holds."))
				  : text_format("All %zu cases hold.", count);
	return NULL;
}

char *
summary_words(const struct results *results)
{
	struct looked_at looked_at = looked_at_make(results);
	char *cut_short = summary_cut_short(results);
	char *uniform = uniform_sentence(results);
	char *outcomes = uniform != NULL ? uniform : outcome_sentence(results);
	char *words = text_format("%s%s%s", cut_short, cut_short[0] == '\0' ? "" : " ", outcomes);

	free(outcomes);
	free(cut_short);
	words = add_areas(words, &looked_at, CLAIMED_AND_MISSING);
	return add_areas(words, &looked_at, NOT_LOOKED_AT);
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
