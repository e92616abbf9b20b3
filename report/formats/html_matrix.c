/* SPDX-License-Identifier: BSD-2-Clause */

/* Requirements by platform: a table for each interface, so that a browser lays out only what is in sight. */

#include <stdlib.h>
#include <string.h>

#include "area.h"
#include "evidence.h"
#include "html.h"

static void
begin_table(FILE *out, const struct report *report, char *caption)
{
	html_print(out, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">", caption);
	html_print_once(
	    out, "<table class=\"m\"><caption>%s</caption><thead><tr><th scope=\"col\">Requirement</th>", caption);
	for (size_t i = 0; i < report->runs->count; i++)
		html_print(out, "<th scope=\"col\"><span>%s%s</span></th>", report->runs->all[i].name,
		    report->runs->all[i].never_ran ? ", never run here" : "");
	(void)fputs("</tr></thead><tbody>\n", out);
}

static void
end_table(FILE *out)
{
	(void)fputs("</tbody></table></div>\n", out);
}

/* Elements that HTML lets a page leave out are left out: the page has 40,000 cells. */
static void
write_cells(FILE *out, const struct report *report, const struct requirement *requirement)
{
	for (size_t i = 0; i < report->runs->count; i++) {
		const char *word = html_standing(requirement, i);
		(void)fprintf(out, "<td class=%s>%s", word, report->runs->all[i].never_ran ? "&ndash;" : word);
	}
	(void)fputc('\n', out);
}

/* What the platforms do that do not hold, in the order of the columns. */
static void
write_reasons(FILE *out, const struct report *report, const struct requirement *requirement)
{
	(void)fputs("<ul class=\"list\">", out);
	for (size_t i = 0; i < report->runs->count; i++)
		for (size_t j = 0; j < requirement->count; j++) {
			const struct result *result = requirement->cases[j]->results[i];
			if (result == NULL || result->outcome == HOLDS || result->outcome == SKIPPED)
				continue;
			html_print(out, "<li><span class=\"o %s\">%s</span> <strong>%s</strong> <code>%s</code>: ",
			    outcome_word(result->outcome), outcome_word(result->outcome), report->runs->all[i].name,
			    result->name);
			if (result->outcome == FAILED || result->outcome == BROKEN)
				html_print_once(out, "%s</li>\n", evidence_seen(result));
			else
				html_print(out, "%s</li>\n", result_reason(result));
		}
	(void)fputs("</ul>", out);
}

/* How many platforms do not hold: rows with the most come first. */
static size_t
trouble_of(const struct requirement *requirement, size_t runs)
{
	size_t trouble = 0;

	for (size_t i = 0; i < runs; i++) {
		enum outcome outcome;
		if (requirement_outcome(requirement, i, &outcome) && outcome != HOLDS && outcome != SKIPPED)
			trouble += outcome == FAILED || outcome == BROKEN ? 100 : 1;
	}
	return trouble;
}

struct ranked {
	const struct requirement *requirement;
	size_t trouble;
};

static int
by_trouble(const void *a, const void *b)
{
	const struct ranked *x = a;
	const struct ranked *y = b;

	if (x->trouble != y->trouble)
		return x->trouble < y->trouble ? 1 : -1;
	return (x->requirement > y->requirement) - (x->requirement < y->requirement);
}

/* The caller frees the list. */
static struct ranked *
troubled(const struct report *report, size_t *count)
{
	const struct matrix *matrix = report->matrix;
	struct ranked *all = allocated(malloc((matrix->requirement_count + 1) * sizeof(*all)));

	*count = 0;
	for (size_t i = 0; i < matrix->requirement_count; i++) {
		size_t trouble = trouble_of(&matrix->requirements[i], report->runs->count);
		if (trouble > 0)
			all[(*count)++] = (struct ranked){ &matrix->requirements[i], trouble };
	}
	qsort(all, *count, sizeof(*all), by_trouble);
	return all;
}

void
html_differences(FILE *out, const struct report *report)
{
	size_t count;
	struct ranked *all = troubled(report, &count);

	(void)fputs("<section id=\"differences\" aria-labelledby=\"differences-title\">\n"
		    "<h2 id=\"differences-title\">Differences</h2>\n"
		    "<p>The requirements that do not hold on every platform that was looked at, most failures first. "
		    "Each unfolds to what was seen, or to the document that says otherwise.</p>\n",
	    out);
	begin_table(out, report, text_format("%zu of %zu requirements", count, report->matrix->requirement_count));
	for (size_t i = 0; i < count; i++) {
		const struct requirement *requirement = all[i].requirement;
		const struct result *any = requirement->cases[0]->any;
		html_print(out, "<tr><th scope=\"row\"><details><summary>%s</summary>", requirement->id);
		html_print(out, "<p>%s <span class=\"level\">%s</span></p><p>", any->promise, any->level);
		html_sources(out, any);
		(void)fputs("</p>", out);
		write_reasons(out, report, requirement);
		(void)fputs("</details>", out);
		write_cells(out, report, requirement);
	}
	end_table(out);
	(void)fputs("</section>\n", out);
	free(all);
}

/* The worst outcome of all runs, by which the page filters. */
static const char *
worst_standing(const struct report *report, const struct requirement *requirement)
{
	static const enum outcome worst_first[] = { BROKEN, FAILED, KNOWN_DEFECT, DEVIATES, HOLDS };
	enum outcome outcome;

	for (size_t i = 0; i < sizeof(worst_first) / sizeof(worst_first[0]); i++)
		for (size_t j = 0; j < report->runs->count; j++)
			if (requirement_outcome(requirement, j, &outcome) && outcome == worst_first[i])
				return outcome_word(outcome);
	return outcome_word(SKIPPED);
}

void
html_matrix(FILE *out, const struct report *report)
{
	const struct matrix *matrix = report->matrix;

	for (size_t i = 0; i < matrix->requirement_count; i++) {
		const struct requirement *requirement = &matrix->requirements[i];
		const struct result *any = requirement->cases[0]->any;
		if (html_starts_interface(matrix, i)) {
			if (i > 0) {
				end_table(out);
				(void)fputs("</section>\n", out);
			}
			if (html_starts_area(matrix, i))
				html_print(out, "<h3 class=\"area\">%s</h3>\n", area_title(requirement->area));
			html_print_once(out, "<section class=\"interface\"><h4>%s</h4>\n", html_interface(requirement));
			begin_table(out, report, html_interface(requirement));
		}
		html_print(out,
		    "<tr class=\"r\" id=\"r-%s\" data-o=\"%s\"><th scope=\"row\"><span class=\"id\">%s</span><br>%s",
		    requirement->id, worst_standing(report, requirement), requirement->id, any->promise);
		write_cells(out, report, requirement);
	}
	if (matrix->requirement_count > 0) {
		end_table(out);
		(void)fputs("</section>\n", out);
	}
}
