/* SPDX-License-Identifier: BSD-2-Clause */

/* What to look at first in one run: failures, then known defects, documented deviations, and what was skipped. */

#include <stdlib.h>
#include <string.h>

#include "evidence.h"
#include "html.h"
#include "skips.h"

static bool
is_failure(const struct result *result)
{
	return result->outcome == FAILED || result->outcome == BROKEN;
}

static void
write_field(FILE *out, const char *name, const char *text)
{
	if (text[0] != '\0')
		html_print(out, "<dt>%s</dt><dd>%s</dd>\n", name, text);
}

/* Links to the failures around it; the keys n and p do the same. */
static void
write_neighbours(FILE *out, size_t number, size_t count)
{
	(void)fputs("<p class=\"neighbours\">", out);
	if (number > 1)
		(void)fprintf(out, "<a href=\"#failure-%zu\">Previous</a> ", number - 1);
	(void)fprintf(out, "%zu of %zu", number, count);
	if (number < count)
		(void)fprintf(out, " <a href=\"#failure-%zu\">Next</a>", number + 1);
	(void)fputs("</p>\n", out);
}

static void
write_failure(FILE *out, const struct report *report, const struct result *result, size_t number, size_t count)
{
	char *seen = evidence_seen(result);
	char *messages = evidence_messages(result);

	(void)fprintf(out, "<article class=\"failure\" id=\"failure-%zu\" tabindex=\"-1\">\n", number);
	html_print(
	    out, "<h3><span class=\"o fails\">fails</span> <code>%s:%s</code></h3>\n", result->program, result->name);
	write_neighbours(out, number, count);
	(void)fputs("<dl>\n", out);
	write_field(out, "Promised", result->promise);
	if (result->source[0] != '\0') {
		html_print(out, "<dt>By</dt><dd>%s: ", result->level);
		html_sources(out, result);
		(void)fputs("</dd>\n", out);
	}
	write_field(out, "Seen", seen);
	write_field(out, "Requirement", result->requirement);
	(void)fputs("</dl>\n", out);
	if (messages[0] != '\0')
		html_lines(out, messages);
	if (report->violations != NULL) {
		(void)fputs("<details><summary>What proves this case</summary><p>It fails when a platform breaks its "
			    "promise in "
			    "these ways, which the suite's own tests try: ",
		    out);
		html_proof(out, report, result);
		(void)fputs("</p></details>\n", out);
	}
	(void)fputs("</article>\n", out);
	free(messages);
	free(seen);
}

static void
write_failures(FILE *out, const struct report *report)
{
	const struct results *results = &report->runs->all[0].results;
	size_t count = results_count(results).fails;
	size_t number = 0;

	(void)fprintf(out,
	    "<section id=\"failures\" aria-labelledby=\"failures-title\">\n<h2 id=\"failures-title\">Failures "
	    "(%zu)</h2>\n",
	    count);
	if (count == 0)
		(void)fputs("<p>No case fails.</p>\n", out);
	for (size_t i = 0; i < results->count; i++)
		if (is_failure(&results->all[i]))
			write_failure(out, report, &results->all[i], ++number, count);
	(void)fputs("</section>\n", out);
}

/* The cases of this outcome, with their reasons, which name the document or the platform. */
static void
write_list(
    FILE *out, const struct results *results, enum outcome outcome, const char *id, const char *title, size_t count)
{
	if (count == 0)
		return;
	html_print(out, "<section id=\"%s\"><details open><summary><h2>%s ", id, title);
	(void)fprintf(out, "(%zu)</h2></summary>\n<ul class=\"list\">\n", count);
	for (size_t i = 0; i < results->count; i++) {
		const struct result *result = &results->all[i];
		if (result->outcome == outcome)
			html_print(out, "<li><span class=\"o %s\">%s</span> <code>%s:%s</code><br>%s</li>\n",
			    outcome_word(outcome), outcome_word(outcome), result->program, result->name,
			    result_reason(result));
	}
	(void)fputs("</ul></details></section>\n", out);
}

static void
write_skips(FILE *out, const struct results *results, size_t count)
{
	struct groups groups = groups_make(results, true);

	if (count > 0)
		(void)fprintf(
		    out, "<section id=\"skipped\"><details><summary><h2>Skipped (%zu)</h2></summary>\n<dl>\n", count);
	for (size_t i = 0; i < groups.count; i++) {
		html_print(out, "<dt>%s</dt>", group_reason(&groups.all[i]));
		html_print_once(out, "<dd>%s</dd>\n", group_names(&groups.all[i], true));
	}
	if (count > 0)
		(void)fputs("</dl></details></section>\n", out);
	groups_free(&groups);
}

void
html_findings(FILE *out, const struct report *report)
{
	const struct results *results = &report->runs->all[0].results;
	struct counts counts = results_count(results);

	write_failures(out, report);
	write_list(out, results, KNOWN_DEFECT, "defects", "Known defects", counts.defects);
	write_list(out, results, DEVIATES, "deviations", "Documented deviations", counts.deviates);
	write_skips(out, results, counts.skipped);
}
