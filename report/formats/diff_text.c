/* SPDX-License-Identifier: BSD-2-Clause */

/* What changed, for a terminal. */

#include <stdlib.h>

#include "diff.h"
#include "failure.h"
#include "summary.h"

#define INDENT 17 /* where the texts of a change begin */
#define LINES  6  /* how many lines each of them may take */

static void
write_run(FILE *out, const char *label, const struct run *run)
{
	char *platform = summary_platform(&run->results);
	char *cut_short = summary_cut_short(&run->results);

	/* A name that only repeats the platform's line says nothing. */
	if (run->is_named)
		text_paragraph(out, label, 8, 2, "%s: %s", run->name, platform);
	else
		text_paragraph(out, label, 8, 2, "%s", platform);
	text_paragraph(out, "", 8, 2, "%s", cut_short);
	free(cut_short);
	free(platform);
}

static void
write_message(FILE *out, struct slice message)
{
	char *text = text_copy(message);

	text_paragraph(out, "", INDENT, LINES, "%s", text);
	free(text);
}

static void
write_ending(FILE *out, const char *label, const struct result *result, bool with_choices)
{
	char *ending = diff_ending(result);
	char *choices = with_choices ? diff_choices(result) : text_copy(slice_of(""));

	text_paragraph(out, label, INDENT, LINES, "%s", ending);
	text_paragraph(out, "", INDENT, LINES, "%s", choices);
	free(choices);
	free(ending);
	if (result == NULL || (result->outcome != FAILED && result->outcome != BROKEN))
		return;
	struct messages messages = failure_messages(result);
	for (size_t i = 0; i < messages.count; i++)
		write_message(out, messages.lines[i]);
}

static void
write_change(FILE *out, const struct case_change *change)
{
	const struct result *any = change->any;
	bool with_choices = diff_chose_otherwise(change);

	text_paragraph(out, "", 2, 2, "%s:%s", any->program, any->name);
	if (!failure_is_unlisted(any))
		text_paragraph(out, "      promised", INDENT, LINES, "%s", any->promise);
	text_paragraph(out, "      level", INDENT, 1, "%s", any->level);
	write_ending(out, "      before", change->before, with_choices);
	write_ending(out, "      after", change->after, with_choices);
}

void
diff_text_write(FILE *out, const struct diff *diff)
{
	char *summary = diff_summary(diff);

	write_run(out, "before", diff->before);
	write_run(out, "after", diff->after);
	for (size_t i = 0; i < diff->count; i++) {
		enum change_kind kind = diff->changes[i].kind;
		if (i == 0 || kind != diff->changes[i - 1].kind)
			(void)fprintf(out, "\n======== %s: %zu\n", change_kind_title(kind), diff->counts[kind]);
		(void)fputc('\n', out);
		write_change(out, &diff->changes[i]);
	}
	(void)fputc('\n', out);
	text_paragraph(out, "", 0, 10, "%s", summary);
	free(summary);
}
