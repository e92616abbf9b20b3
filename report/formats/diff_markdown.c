/* SPDX-License-Identifier: BSD-2-Clause */

/* What changed, as GitHub's Markdown: for a CI's job summary. */

#include <stdlib.h>

#include "diff.h"
#include "failure.h"
#include "markup.h"
#include "summary.h"

/* GitHub refuses a page of more than a mebibyte. */
#define CHANGES 300 /* how many changes are told in full; of the others only the names */

static void
write_run(FILE *out, const char *label, const struct run *run)
{
	markup_print(out, "- %s: ", label);
	if (run->is_named)
		markup_print(out, "%s: ", run->name);
	markup_print_once(out, "%s\n", summary_platform(&run->results));
	if (results_cut_short(&run->results))
		markup_print_once(out, "  - %s\n", summary_cut_short(&run->results));
}

static void
write_ending(FILE *out, const char *label, const struct result *result, bool with_choices)
{
	markup_print(out, "  - %s: ", label);
	markup_print_once(out, "%s", diff_ending(result));
	if (with_choices)
		markup_print_once(out, " (%s)", diff_choices(result));
	(void)fputc('\n', out);
	if (result == NULL || (result->outcome != FAILED && result->outcome != BROKEN))
		return;
	struct messages messages = failure_messages(result);
	for (size_t i = 0; i < messages.count; i++)
		markup_print_once(out, "    - <code>%s</code>\n", text_copy(messages.lines[i]));
}

static void
write_change(FILE *out, const struct case_change *change, bool in_full)
{
	const struct result *any = change->any;
	bool with_choices = diff_chose_otherwise(change);

	markup_print(out, "- <code>%s:%s</code>", any->program, any->name);
	if (in_full && !failure_is_unlisted(any) && any->promise[0] != '\0')
		markup_print(out, ": %s", any->promise);
	(void)fputc('\n', out);
	if (!in_full)
		return;
	write_ending(out, "before", change->before, with_choices);
	write_ending(out, "after", change->after, with_choices);
}

void
diff_markdown_write(FILE *out, const struct diff *diff)
{
	(void)fputs("## shmcheck: what changed\n\n", out);
	markup_print_once(out, "**%s**\n\n", diff_summary(diff));
	write_run(out, "before", diff->before);
	write_run(out, "after", diff->after);
	for (size_t i = 0; i < diff->count; i++) {
		enum change_kind kind = diff->changes[i].kind;
		if (i == 0 || kind != diff->changes[i - 1].kind)
			(void)fprintf(out, "\n### %s: %zu\n\n", change_kind_title(kind), diff->counts[kind]);
		write_change(out, &diff->changes[i], i < CHANGES);
	}
}
