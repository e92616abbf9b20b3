/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>
#include <string.h>

#include "tap_point.h"
#include "text.h"

char *
tap_text(const char *text)
{
	char *clean = text_clean(slice_of(text));
	char *escaped = allocated(malloc(2 * strlen(clean) + 1));
	char *end = escaped;

	for (const char *next = clean; *next != '\0'; next++) {
		if (*next == '#' || *next == '\\')
			*end++ = '\\';
		*end++ = *next;
	}
	*end = '\0';
	free(clean);
	return escaped;
}

void
tap_point(FILE *out, int indent, bool is_ok, size_t number, const char *description, const char *directive,
    const char *reason)
{
	char *what = tap_text(description);
	char *why = tap_text(reason != NULL ? reason : "");

	(void)fprintf(out, "%*s%s %zu - %s", indent, "", is_ok ? "ok" : "not ok", number, what);
	if (directive != NULL)
		(void)fprintf(out, " # %s%s%s", directive, why[0] != '\0' ? " " : "", why);
	(void)fputc('\n', out);
	free(why);
	free(what);
}
