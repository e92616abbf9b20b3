/* SPDX-License-Identifier: BSD-2-Clause */

/* The page for the job summary of a CI service: GitHub's Markdown, with HTML for the parts that unfold. */

#include <stdlib.h>
#include <string.h>

#include "failure.h"
#include "looked_at.h"
#include "markdown.h"
#include "markup.h"
#include "skips.h"
#include "summary.h"
#include "table.h"

/* GitHub refuses a page of more than a mebibyte. */
#define FAILURES 100 /* how many failures have a block; the others have a line */

/* The empty lines make GitHub read what stands between them as Markdown. */
static void
open_details(FILE *out, size_t count, const char *what)
{
	(void)fprintf(out, "<details><summary>%zu %s</summary>\n\n", count, what);
}

static void
close_details(FILE *out)
{
	(void)fputs("\n</details>\n\n", out);
}

static void
print_changes(FILE *out, const struct comparison *comparison)
{
	markup_print(out, "### Changes against %s\n\n", comparison->path);
	if (comparison->count == 0)
		(void)fputs("None.\n", out);
	for (size_t i = 0; i < comparison->count; i++) {
		const struct change *change = &comparison->changes[i];
		markup_print(out, "- **%s** <code>%s</code> (expected: %s)\n", change_words(change), change->name,
		    outcome_word(change->expected));
	}
	if (comparison->not_run > 0)
		markup_print_once(out, "\n(%s)\n", summary_not_run(comparison));
	(void)fputc('\n', out);
}

/* Write nothing for a text that is not recorded. */
static void
print_field(FILE *out, const char *name, const char *text)
{
	if (text[0] != '\0')
		markup_print(out, "- %s: %s\n", name, text);
}

static void
print_messages(FILE *out, const struct result *result)
{
	struct messages messages = failure_messages(result);

	if (messages.count == 0)
		return;
	(void)fputs("\n<pre>\n", out);
	if (messages.earlier > 0)
		(void)fprintf(out, "(%zu earlier line%s left out)\n", messages.earlier, plural(messages.earlier));
	for (size_t i = 0; i < messages.count; i++)
		markup_print_once(out, "%s\n", text_copy(messages.lines[i]));
	if (messages.later > 0)
		(void)fprintf(out, "(and %zu more)\n", messages.later);
	(void)fputs("</pre>\n", out);
}

static void
print_failure(FILE *out, const struct result *result)
{
	markup_print(out, "<details><summary><code>%s:%s</code></summary>\n\n", result->program, result->name);
	print_field(out, "requirement", result->requirement);
	print_field(out, "level", result->level);
	print_field(out, "source", result->source);
	if (!failure_is_unlisted(result))
		print_field(out, "promised", result->promise);
	markup_print_once(out, "- seen: %s\n", failure_seen(result));
	print_messages(out, result);
	close_details(out);
}

static void
print_short(FILE *out, const struct result *result, char *seen)
{
	markup_print(out, "- <code>%s:%s</code>: ", result->program, result->name);
	markup_print_once(out, "%s\n", seen);
}

static void
print_failures(FILE *out, const struct results *results, const struct comparison *comparison)
{
	size_t count = 0;

	for (size_t i = 0; i < results->count; i++) {
		const struct result *result = &results->all[i];
		if (!failure_has_block(results, comparison, result))
			continue;
		if (count++ == 0)
			(void)fputs("### Failures\n\n", out);
		if (count <= FAILURES)
			print_failure(out, result);
		else
			print_short(out, result, failure_seen(result));
	}
	if (count > FAILURES)
		(void)fputc('\n', out);
}

static void
print_expected_failures(FILE *out, const struct results *results, const struct comparison *comparison)
{
	size_t count = 0;

	for (size_t i = 0; i < results->count; i++)
		count += fails_as_expected(comparison, results, &results->all[i]);
	if (count == 0)
		return;
	open_details(out, count, count == 1 ? "failure as expected" : "failures as expected");
	for (size_t i = 0; i < results->count; i++)
		if (fails_as_expected(comparison, results, &results->all[i]))
			print_short(out, &results->all[i], failure_seen(&results->all[i]));
	close_details(out);
}

/* The cases of this outcome, with their reasons. */
static void
print_expected(FILE *out, const struct results *results, enum outcome outcome, size_t count, const char *title)
{
	if (count == 0)
		return;
	open_details(out, count, title);
	for (size_t i = 0; i < results->count; i++)
		if (results->all[i].outcome == outcome)
			print_short(out, &results->all[i], text_copy(slice_of(result_reason(&results->all[i]))));
	close_details(out);
}

static void
print_skips(FILE *out, const struct results *results, bool all)
{
	size_t count = results_count(results).skipped;

	if (count == 0)
		return;
	struct groups groups = groups_make(results, all);
	open_details(out, count, "skipped");
	for (size_t i = 0; i < groups.count; i++) {
		const struct group *group = &groups.all[i];
		(void)fprintf(out, "- **%zu**", group->count);
		markup_print(out, ": %s", group_reason(group));
		if (!group->others)
			markup_print_once(out, "<br><code>%s</code>", group_names(group, all));
		(void)fputc('\n', out);
	}
	close_details(out);
	groups_free(&groups);
}

static void
print_area_line(FILE *out, enum look look, char *text)
{
	if (text[0] != '\0')
		markup_print(out, "%s: %s<br>\n", look_label(look), text);
	free(text);
}

static void
print_areas(FILE *out, const struct results *results)
{
	struct looked_at looked_at = looked_at_make(results);

	for (size_t i = 0; i < AREAS_CLAIMED; i++)
		if (looked_at.areas[i].look == CLAIMED_AND_MISSING || looked_at.areas[i].look == NOT_LOOKED_AT)
			print_area_line(out, looked_at.areas[i].look, looked_at_reason(&looked_at, i));
	print_area_line(out, LOOKED_AT, looked_at_titles(&looked_at, LOOKED_AT));
	print_area_line(out, NOT_CHOSEN, looked_at_titles(&looked_at, NOT_CHOSEN));
	print_area_line(out, NOT_REACHED, looked_at_titles(&looked_at, NOT_REACHED));
}

void
markdown_print(FILE *out, const struct results *results, const struct comparison *comparison, bool all)
{
	struct counts counts = results_count(results);

	markup_print_once(out, "## shmcheck: %s\n\n", summary_platform(results));
	markup_print_once(out, "**%s**", summary_words(results));
	if (comparison != NULL)
		markup_print_once(out, " %s", summary_comparison(comparison));
	(void)fputs("\n\n", out);
	print_areas(out, results);
	markup_print_once(out, "%s\n\n", summary_size(results));
	table_print_markdown(out, results);
	(void)fputc('\n', out);
	if (comparison != NULL)
		print_changes(out, comparison);
	print_failures(out, results, comparison);
	print_expected_failures(out, results, comparison);
	print_expected(
	    out, results, KNOWN_DEFECT, counts.defects, counts.defects == 1 ? "known defect" : "known defects");
	print_expected(out, results, DEVIATES, counts.deviates,
	    counts.deviates == 1 ? "documented deviation" : "documented deviations");
	print_skips(out, results, all);
}
