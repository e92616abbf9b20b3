/* SPDX-License-Identifier: BSD-2-Clause */

/* From a clause of a standard or a page of a manual to the requirements that come from it. */

#include "html.h"
#include "index.h"

void
html_index(FILE *out, const struct report *report)
{
	struct index index = index_make(report->matrix);

	(void)fputs(
	    "<section id=\"index\" aria-labelledby=\"index-title\">\n<h2 id=\"index-title\">Index of sources</h2>\n",
	    out);
	(void)fputs("<details><summary>Each clause and manual page, with its requirements</summary>\n<dl>\n", out);
	for (size_t i = 0; i < index.count; i++) {
		const struct index_source *source = &index.sources[i];
		html_print(out, "<dt>%s</dt><dd>", source->name);
		for (size_t j = 0; j < source->count; j++) {
			const struct index_entry *entry = &source->entries[j];
			html_print(out, "<a href=\"#r-%s\">%s</a> ", entry->requirement->id, entry->requirement->id);
			if (entry->count > 1)
				(void)fprintf(out, "(%zu cases) ", entry->count);
		}
		(void)fputs("</dd>\n", out);
	}
	(void)fputs("</dl></details>\n</section>\n", out);
	index_free(&index);
}
