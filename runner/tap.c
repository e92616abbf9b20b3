/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>

#include "file_text.h"
#include "tap.h"
#include "tap_point.h"

static FILE *to;
static size_t number;

void
tap_begin(FILE *stream, size_t count)
{
	to = stream;
	if (to == NULL)
		return;
	fprintf(to, "TAP version 13\n1..%zu\n", count);
	fflush(to);
}

void
tap_begins(const struct suite_case *c)
{
	if (to == NULL)
		return;
	fprintf(to, "# begins: %s\n", c->id);
	fflush(to);
}

static void
comment(const char *label, struct slice text)
{
	char *clean = text_clean(text);

	if (clean[0] != '\0')
		fprintf(to, "#   %-9s %s\n", label, clean);
	free(clean);
}

/* The first lines of standard error. */
static void
comment_errors(const char *errors)
{
	enum { LINES_MAX = 20 };
	char *text = errors == NULL ? NULL : file_text(errors);
	struct slice rest = slice_of(text == NULL ? "" : text);
	struct slice line;

	for (size_t i = 0; i < LINES_MAX && slice_line(&rest, &line); i++)
		/* The comments above these say the same. */
		if (!slice_skip(&line, "Promised: ") && !slice_skip(&line, "By: "))
			comment("", line);
	free(text);
}

void
tap_ends(const struct suite_case *c, const char *errors)
{
	const bool fails = c->result == RESULT_FAILED || c->result == RESULT_BROKEN;
	/* In TAP an expected failure is "not ok" with the directive TODO. */
	const bool is_ok = c->result == RESULT_PASSED || c->result == RESULT_SKIPPED;
	const char *directive = c->result == RESULT_SKIPPED ? "SKIP"
	    : c->result == RESULT_EXPECTED_FAILURE          ? "TODO"
							    : NULL;

	if (to == NULL)
		return;
	tap_point(to, 0, is_ok, ++number, c->id, directive, c->reason);
	if (fails) {
		comment("promised", case_property(&c->listed, "descr"));
		comment("by", case_property(&c->listed, "X-source"));
		comment(c->result == RESULT_BROKEN ? "broken" : "seen", slice_of(c->reason == NULL ? "" : c->reason));
		comment_errors(errors);
	}
	fflush(to);
}

void
tap_interrupted(int signal, size_t ended, size_t count)
{
	if (to == NULL)
		return;
	fprintf(to, "Bail out! Interrupted by signal %d: %zu of %zu cases ran\n", signal, ended, count);
	fflush(to);
}

void
tap_totals(size_t passed, size_t failed, size_t skipped)
{
	if (to == NULL)
		return;
	fprintf(to, "# %zu passed, %zu failed, %zu skipped\n", passed, failed, skipped);
	fflush(to);
}
