/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>
#include <string.h>

#include "results.h"

/* The start of the reason of an expected failure that is a known defect: see known_defect() in lib/case.h. */
static const char known_defect_of[] = "known defect of ";

static const char *const words[] = {
	[HOLDS] = "passed",
	[DEVIATES] = "expected_failure",
	[FAILED] = "failed",
	[BROKEN] = "broken",
	[SKIPPED] = "skipped",
};

static bool
starts_with(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool
outcome_of_word(const char *word, const char *reason, enum outcome *outcome)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i] != NULL && strcmp(word, words[i]) == 0) {
			*outcome = (enum outcome)i;
			if (*outcome == DEVIATES && starts_with(reason, known_defect_of))
				*outcome = KNOWN_DEFECT;
			return true;
		}
	return false;
}

const char *
result_reason(const struct result *result)
{
	return result->reason + (result->outcome == KNOWN_DEFECT ? strlen(known_defect_of) : 0);
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
	free(results->platform);
	*results = (struct results){ .count = 0 };
}

bool
results_cut_short(const struct results *results)
{
	return results->ended < results->asked;
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
	case KNOWN_DEFECT:
		counts->defects++;
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

size_t
counts_ran(struct counts counts)
{
	return counts.holds + counts.deviates + counts.defects + counts.fails;
}

struct counts
results_count(const struct results *results)
{
	struct counts counts = { .holds = 0 };

	for (size_t i = 0; i < results->count; i++)
		counts_add(&counts, results->all[i].outcome);
	return counts;
}
