/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>
#include <string.h>

#include "failure.h"
#include "looked_at.h"
#include "page.h"
#include "skips.h"
#include "summary.h"
#include "table.h"

#define TEXT_LINES   6 /* how many lines a text may have */
#define REASON_LINES 3 /* how many lines a reason in a list may have */

/* The column where the texts behind labels start. */
#define INDENT 19

/* Write the text and free it. */
static void
print_sentence(FILE *out, char *text)
{
	text_paragraph(out, "", 0, TEXT_LINES, "%s", text);
	free(text);
}

static void
print_changes(FILE *out, const struct comparison *comparison)
{
	text_paragraph(
	    out, "", 0, TEXT_LINES, "Changes against %s%s", comparison->path, comparison->count == 0 ? ": none" : "");
	if (comparison->count > 0)
		(void)fputc('\n', out);
	for (size_t i = 0; i < comparison->count; i++) {
		const struct change *change = &comparison->changes[i];
		char *label = text_format("  %s", change_words(change));
		text_paragraph(
		    out, label, INDENT, TEXT_LINES, "%s (expected: %s)", change->name, outcome_word(change->expected));
		free(label);
	}
	if (comparison->not_run > 0) {
		char *text = summary_not_run(comparison);
		text_paragraph(out, "", 2, TEXT_LINES, "(%s)", text);
		free(text);
	}
	(void)fputc('\n', out);
}

static void
print_messages(FILE *out, const struct result *result)
{
	struct messages messages = failure_messages(result);
	const char *label = result->outcome == BROKEN ? "      stderr" : "";

	if (messages.earlier > 0) {
		text_paragraph(
		    out, label, INDENT, 1, "(%zu earlier line%s left out)", messages.earlier, plural(messages.earlier));
		label = "";
	}
	for (size_t i = 0; i < messages.count; i++) {
		char *text = text_copy(messages.lines[i]);
		text_paragraph(out, label, INDENT, TEXT_LINES, "%s", text);
		free(text);
		label = "";
	}
	if (messages.later > 0)
		text_paragraph(out, "", INDENT, 1, "(and %zu more)", messages.later);
}

static void
print_failure(FILE *out, const struct result *result)
{
	char *seen = failure_seen(result);

	text_paragraph(out, "", 2, TEXT_LINES, "%s:%s", result->program, result->name);
	text_paragraph(out, "      requirement", INDENT, TEXT_LINES, "%s", result->requirement);
	text_paragraph(out, "      level", INDENT, TEXT_LINES, "%s", result->level);
	text_paragraph(out, "      source", INDENT, TEXT_LINES, "%s", result->source);
	if (!failure_is_unlisted(result))
		text_paragraph(out, "      promised", INDENT, TEXT_LINES, "%s", result->promise);
	text_paragraph(out, "      seen", INDENT, TEXT_LINES, "%s", seen);
	print_messages(out, result);
	(void)fputc('\n', out);
	free(seen);
}

static void
print_failures(FILE *out, const struct results *results, const struct comparison *comparison)
{
	bool heading = false;

	for (size_t i = 0; i < results->count; i++) {
		if (!failure_has_block(results, comparison, &results->all[i]))
			continue;
		if (!heading)
			(void)fputs("Failures\n\n", out);
		heading = true;
		print_failure(out, &results->all[i]);
	}
}

/* These failures are known, so two lines are enough for each. */
static void
print_expected_failures(FILE *out, const struct results *results, const struct comparison *comparison)
{
	bool heading = false;

	for (size_t i = 0; i < results->count; i++) {
		const struct result *result = &results->all[i];
		if (!fails_as_expected(comparison, results, result))
			continue;
		if (!heading)
			(void)fputs("Failures as expected\n\n", out);
		heading = true;
		char *seen = failure_seen(result);
		text_paragraph(out, "", 2, TEXT_LINES, "%s:%s", result->program, result->name);
		text_paragraph(out, "", 6, REASON_LINES, "%s", seen);
		free(seen);
	}
	if (heading)
		(void)fputc('\n', out);
}

/* The cases of this outcome, with their reasons. */
static void
print_expected(FILE *out, const struct results *results, enum outcome outcome, const char *title)
{
	bool heading = false;

	for (size_t i = 0; i < results->count; i++) {
		const struct result *result = &results->all[i];
		if (result->outcome != outcome)
			continue;
		if (!heading)
			(void)fprintf(out, "%s\n\n", title);
		heading = true;
		text_paragraph(out, "", 2, TEXT_LINES, "%s:%s", result->program, result->name);
		text_paragraph(out, "", 6, REASON_LINES, "%s", result_reason(result));
	}
	if (heading)
		(void)fputc('\n', out);
}

static void
print_skips(FILE *out, const struct results *results, bool all)
{
	struct groups groups = groups_make(results, all);

	if (groups.count > 0)
		(void)fputs("Skipped\n\n", out);
	for (size_t i = 0; i < groups.count; i++) {
		const struct group *group = &groups.all[i];
		char *label = text_format("%6zu", group->count);
		char *names = group_names(group, all);
		text_paragraph(out, label, 8, REASON_LINES, "%s", group_reason(group));
		if (!group->others)
			text_paragraph(out, "", 12, SIZE_MAX, "%s", names);
		free(names);
		free(label);
	}
	if (groups.count > 0)
		(void)fputc('\n', out);
	groups_free(&groups);
}

static void
print_area_line(FILE *out, enum look look, char *text)
{
	if (text[0] != '\0')
		text_paragraph(out, look_label(look), INDENT, TEXT_LINES, "%s", text);
	free(text);
}

static void
print_areas(FILE *out, const struct results *results)
{
	struct looked_at looked_at = looked_at_make(results);

	for (size_t i = 0; i < AREAS_CLAIMED; i++)
		if (looked_at.areas[i].look == CLAIMED_AND_MISSING)
			print_area_line(out, CLAIMED_AND_MISSING, looked_at_reason(&looked_at, i));
	for (size_t i = 0; i < AREAS_CLAIMED; i++)
		if (looked_at.areas[i].look == NOT_LOOKED_AT)
			print_area_line(out, NOT_LOOKED_AT, looked_at_reason(&looked_at, i));
	print_area_line(out, LOOKED_AT, looked_at_titles(&looked_at, LOOKED_AT));
	print_area_line(out, NOT_CHOSEN, looked_at_titles(&looked_at, NOT_CHOSEN));
	print_area_line(out, NOT_REACHED, looked_at_titles(&looked_at, NOT_REACHED));
}

void
page_print(FILE *out, const struct results *results, const struct comparison *comparison, bool all)
{
	print_sentence(out, summary_cut_short(results));
	print_sentence(out, summary_platform(results));
	print_sentence(out, summary_size(results));
	(void)fputc('\n', out);
	print_areas(out, results);
	(void)fputc('\n', out);
	table_print(out, results);
	(void)fputc('\n', out);
	if (comparison != NULL)
		print_changes(out, comparison);
	print_failures(out, results, comparison);
	print_expected_failures(out, results, comparison);
	print_expected(out, results, KNOWN_DEFECT, "Known defects");
	print_expected(out, results, DEVIATES, "Documented deviations");
	print_skips(out, results, all);
	print_sentence(out, summary_words(results));
	if (comparison != NULL)
		print_sentence(out, summary_comparison(comparison));
}
