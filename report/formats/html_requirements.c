/* SPDX-License-Identifier: BSD-2-Clause */

/* The conformance statement: each requirement of one run, by area and interface, which unfolds to its cases. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "area.h"
#include "evidence.h"
#include "html.h"
#include "items.h"
#include "times.h"

static void
write_choices(FILE *out, const struct result *result)
{
	struct slice rest = result->output;
	struct observed observed;

	while (observed_next(&rest, &observed)) {
		html_print_once(out, "<br>chose <code>%s", text_copy(observed.key));
		html_print_once(out, " = %s</code>", text_copy(observed.value));
	}
}

static void
write_case(FILE *out, const struct report *report, const struct result *result)
{
	const char *word = outcome_word(result->outcome);

	html_print(
	    out, "<li><span class=\"o %s\">%s</span> <code>%s:%s</code> ", word, word, result->program, result->name);
	html_print_once(out, "<span class=\"time\">%s s</span>", seconds_text(result_duration(result)));
	html_print(out, "<br>%s", result->promise);
	(void)fputs("<br>", out);
	html_sources(out, result);
	if (result->outcome == FAILED || result->outcome == BROKEN)
		html_print_once(out, "<br><strong>seen:</strong> %s", evidence_seen(result));
	else if (result->reason[0] != '\0')
		html_print(out, "<br><strong>reason:</strong> %s", result_reason(result));
	write_choices(out, result);
	if (report->violations != NULL && result->outcome != SKIPPED) {
		(void)fputs("<br><span class=\"proof\">proved by: ", out);
		html_proof(out, report, result);
		(void)fputs("</span>", out);
	}
	(void)fputs("</li>\n", out);
}

static uint64_t
requirement_time(const struct requirement *requirement)
{
	uint64_t time = 0;

	for (size_t i = 0; i < requirement->count; i++)
		time += result_duration(requirement->cases[i]->results[0]);
	return time;
}

static void
write_requirement(FILE *out, const struct report *report, const struct requirement *requirement)
{
	const struct result *first = requirement->cases[0]->any;
	const char *word = html_standing(requirement, 0);

	html_print(out, "<details class=\"r\" id=\"r-%s\" data-o=\"%s\" data-t=\"", requirement->id, word);
	(void)fprintf(out, "%" PRIu64 "\">", requirement_time(requirement));
	html_print(out,
	    "<summary><span class=\"o %s\">%s</span> <span class=\"id\">%s</span> <span class=\"level\">%s</span> %s",
	    word, word, requirement->id, first->level, first->promise);
	if (requirement->count > 1)
		(void)fprintf(out, " <span class=\"more\">(%zu cases)</span>", requirement->count);
	(void)fputs("</summary>\n<ul class=\"list\">\n", out);
	for (size_t i = 0; i < requirement->count; i++)
		write_case(out, report, requirement->cases[i]->results[0]);
	(void)fputs("</ul></details>\n", out);
}

void
html_requirements(FILE *out, const struct report *report)
{
	const struct matrix *matrix = report->matrix;

	for (size_t i = 0; i < matrix->requirement_count; i++) {
		const struct requirement *requirement = &matrix->requirements[i];
		if (html_starts_interface(matrix, i)) {
			if (i > 0)
				(void)fputs("</section>\n", out);
			if (html_starts_area(matrix, i))
				html_print(out, "<h3 class=\"area\">%s</h3>\n", area_title(requirement->area));
			html_print_once(out, "<section class=\"interface\"><h4>%s</h4>\n", html_interface(requirement));
		}
		write_requirement(out, report, requirement);
	}
	if (matrix->requirement_count > 0)
		(void)fputs("</section>\n", out);
}
