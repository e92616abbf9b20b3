/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>
#include <string.h>

#include "looked_at.h"
#include "skips.h"

/* The program that has one case for each area: it makes the area's basic calls once. */
static const char areas_program[] = "areas_test";

/* The names of these cases, in the order of areas[]. */
static const char *const area_cases[AREAS_CLAIMED] = { "sysv", "objects", "mmap", "sync" };

/* The start of the reason of such a case that fails because the area is claimed. */
static const char claimed[] = "the platform is claimed to have ";

static const char *const labels[LOOKS] = {
	[LOOKED_AT] = "Looked at",
	[NOT_LOOKED_AT] = "Not looked at",
	[CLAIMED_AND_MISSING] = "Claimed, missing",
	[NOT_CHOSEN] = "Not chosen",
	[NOT_REACHED] = "Not reached",
};

static bool
is_of_areas_program(const struct result *result)
{
	const char *slash = strrchr(result->program, '/');

	return strcmp(slash == NULL ? result->program : slash + 1, areas_program) == 0;
}

bool
tells_missing_area(const struct result *result)
{
	return result->outcome == FAILED && is_of_areas_program(result) &&
	    strncmp(result->reason, claimed, strlen(claimed)) == 0;
}

/* Return what follows the separator. What stands before it names the area, which the line on the page does already. */
static const char *
after(const char *text, const char *separator)
{
	const char *found = strstr(text, separator);

	return found == NULL ? text : found + strlen(separator);
}

/* Take the answer of the area's case in areas_test, if the results have it. */
static void
ask_area_case(struct area_look *look, const struct results *results, size_t area)
{
	for (size_t i = 0; i < results->count; i++) {
		const struct result *result = &results->all[i];
		if (!is_of_areas_program(result) || strcmp(result->name, area_cases[area]) != 0)
			continue;
		if (tells_missing_area(result)) {
			look->look = CLAIMED_AND_MISSING;
			look->reason = after(result->reason, ", and ");
		} else if (result->outcome == SKIPPED) {
			look->look = NOT_LOOKED_AT;
			look->reason = after(result->reason, ": ");
		}
	}
}

static struct area_look
look_at(const struct results *results, size_t area)
{
	struct area_look look = { .look = results_cut_short(results) ? NOT_REACHED : NOT_CHOSEN, .reason = "" };
	struct counts counts = { .holds = 0 };

	for (size_t i = 0; i < results->count; i++)
		if (strcmp(results->all[i].area, areas[area].name) == 0)
			counts_add(&counts, results->all[i].outcome);
	look.skipped = counts.skipped;
	if (counts_ran(counts) > 0) {
		look.look = LOOKED_AT;
	} else if (counts.skipped > 0) {
		look.look = NOT_LOOKED_AT;
		look.reason = most_frequent_reason(results, areas[area].name);
	}
	ask_area_case(&look, results, area);
	return look;
}

struct looked_at
looked_at_make(const struct results *results)
{
	struct looked_at looked_at;

	for (size_t i = 0; i < AREAS_CLAIMED; i++)
		looked_at.areas[i] = look_at(results, i);
	return looked_at;
}

const char *
look_label(enum look look)
{
	return labels[look];
}

char *
looked_at_titles(const struct looked_at *looked_at, enum look look)
{
	char *titles = text_copy(slice_of(""));

	for (size_t i = 0; i < AREAS_CLAIMED; i++) {
		if (looked_at->areas[i].look != look)
			continue;
		char *longer = text_format("%s%s%s", titles, titles[0] == '\0' ? "" : ", ", areas[i].title);
		free(titles);
		titles = longer;
	}
	return titles;
}

char *
looked_at_reason(const struct looked_at *looked_at, size_t area)
{
	const struct area_look *look = &looked_at->areas[area];

	if (look->skipped == 0)
		return text_format("%s: %s", areas[area].title, look->reason);
	return text_format(
	    "%s: %s (%zu case%s skipped)", areas[area].title, look->reason, look->skipped, plural(look->skipped));
}
