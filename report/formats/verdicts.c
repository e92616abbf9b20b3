/* SPDX-License-Identifier: BSD-2-Clause */

/* The verdict on each run, one after another: as shmcheck-verdict prints it. */

#include <stdlib.h>
#include <string.h>

#include "area.h"
#include "evidence.h"
#include "format.h"
#include "markdown.h"
#include "page.h"

/* The column where the text behind an outcome starts. */
#define INDENT 12

/* Each requirement of the run, with the level and the sentence of its first case. */
static void
print_requirements(FILE *out, const struct matrix *matrix, size_t run)
{
	const char *area = "";
	enum outcome outcome;

	(void)fputs("\nRequirements\n", out);
	for (size_t i = 0; i < matrix->requirement_count; i++) {
		const struct requirement *requirement = &matrix->requirements[i];
		const struct result *any = requirement->cases[0]->any;
		if (!requirement_outcome(requirement, run, &outcome))
			continue;
		if (strcmp(area, requirement->area) != 0)
			(void)fprintf(out, "\n%s\n\n", area_title(requirement->area));
		area = requirement->area;
		char *label = text_format("  %s", outcome_name(outcome));
		text_paragraph(out, label, INDENT, 1, "%s  %s", requirement->id, any->level);
		text_paragraph(out, "", INDENT, SIZE_MAX, "%s", any->promise);
		free(label);
	}
}

void
text_write(FILE *out, const struct report *report)
{
	for (size_t i = 0; i < report->runs->count; i++) {
		if (report->runs->count > 1)
			(void)fprintf(out, "%s======== %s\n\n", i > 0 ? "\n" : "", report->runs->all[i].name);
		page_print(out, &report->runs->all[i].results, report->comparison, report->verbose);
		if (report->verbose)
			print_requirements(out, report->matrix, i);
	}
}

void
markdown_write(FILE *out, const struct report *report)
{
	for (size_t i = 0; i < report->runs->count; i++) {
		if (i > 0)
			(void)fputc('\n', out);
		markdown_print(out, &report->runs->all[i].results, report->comparison, report->verbose);
	}
}
