/* SPDX-License-Identifier: BSD-2-Clause */

/* The verdict on each run, one after another: as shmcheck-verdict prints it. */

#include "format.h"
#include "markdown.h"
#include "page.h"

void
text_write(FILE *out, const struct report *report)
{
	for (size_t i = 0; i < report->runs->count; i++) {
		if (report->runs->count > 1)
			(void)fprintf(out, "%s======== %s\n\n", i > 0 ? "\n" : "", report->runs->all[i].name);
		page_print(out, &report->runs->all[i].results, report->comparison, report->verbose);
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
