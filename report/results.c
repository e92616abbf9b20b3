/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>
#include <string.h>

#include "results.h"

static const char *const types[] = {
	[HOLDS] = "passed",
	[DEVIATES] = "expected_failure",
	[FAILED] = "failed",
	[BROKEN] = "broken",
	[SKIPPED] = "skipped",
};

bool
outcome_of_word(const char *type, enum outcome *outcome)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(type, types[i]) == 0) {
			*outcome = (enum outcome)i;
			return true;
		}
	return false;
}

void
result_free(struct result *result)
{
	free(result->program);
	free(result->name);
	free(result->area);
	free(result->requirement);
	free(result->level);
	free(result->source);
	free(result->promise);
	free(result->reason);
	free((char *)result->output.bytes);
	free((char *)result->errors.bytes);
}

void
results_free(struct results *results)
{
	for (size_t i = 0; i < results->count; i++)
		result_free(&results->all[i]);
	free(results->all);
	*results = (struct results){ NULL, 0 };
}

bool
observation_next(struct slice *output, struct observation *seen)
{
	struct slice line;

	while (slice_line(output, &line)) {
		if (!slice_skip(&line, "observed: "))
			continue;
		seen->key = (struct slice){ line.bytes, 0 };
		while (line.length > 0) {
			if (slice_skip(&line, " = ")) {
				seen->value = line;
				return true;
			}
			line.bytes++;
			line.length--;
			seen->key.length++;
		}
	}
	return false;
}

char *
results_observed(const struct results *results, const char *key)
{
	for (size_t i = 0; i < results->count; i++) {
		struct slice rest = results->all[i].output;
		struct observation seen;
		while (observation_next(&rest, &seen))
			if (slice_equals(seen.key, key))
				return text_copy(seen.value);
	}
	return NULL;
}

void
counts_add(struct counts *counts, enum outcome outcome)
{
	switch (outcome) {
	case HOLDS:
		counts->holds++;
		break;
	case DEVIATES:
		counts->deviates++;
		break;
	case FAILED:
	case BROKEN:
		counts->fails++;
		break;
	case SKIPPED:
		counts->skipped++;
		break;
	}
}

struct counts
results_count(const struct results *results)
{
	struct counts counts = { 0, 0, 0, 0 };

	for (size_t i = 0; i < results->count; i++)
		counts_add(&counts, results->all[i].outcome);
	return counts;
}
