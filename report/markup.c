/* SPDX-License-Identifier: BSD-2-Clause */

#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "markup.h"
#include "text.h"

/* Characters that have no meaning in Markdown within a line. Names and sentences stay readable in the source. */
static const char harmless[] = " .,:;/=?%'\"()+-";

/* The size of the longest reference for one byte. */
#define REFERENCE sizeof("&#127;")

/* An underscore within a word is just an underscore. Elsewhere it may start or end emphasis. */
static bool
is_within_word(const char *text, size_t i)
{
	size_t start = i;

	while (start > 0 && text[start] == '_')
		start--;
	while (text[i] == '_')
		i++;
	return isalnum((unsigned char)text[start]) && isalnum((unsigned char)text[i]);
}

static bool
is_literal(const char *text, size_t i)
{
	unsigned char byte = (unsigned char)text[i];

	if (byte == '_')
		return is_within_word(text, i);
	return isalnum(byte) || strchr(harmless, byte) != NULL;
}

char *
markup(const char *text, size_t limit)
{
	size_t length = strlen(text);
	bool cut = length > limit;
	char *clean = text_clean((struct slice){ text, cut ? limit : length });
	char *marked = allocated(calloc(strlen(clean) + 1, REFERENCE));
	char *end = marked;

	for (size_t i = 0; clean[i] != '\0'; i++) {
		if (is_literal(clean, i))
			*end++ = clean[i];
		else
			end += snprintf(end, REFERENCE, "&#%d;", clean[i]);
	}
	char *whole = text_format("%s%s", marked, cut ? " ..." : "");
	free(marked);
	free(clean);
	return whole;
}

void
markup_each(FILE *out, const char *format, va_list arguments, void (*write)(FILE *, const char *))
{
	for (const char *next = format; *next != '\0'; next++) {
		if (strncmp(next, "%s", 2) != 0) {
			(void)fputc(*next, out);
			continue;
		}
		write(out, va_arg(arguments, const char *));
		next++;
	}
}

static void
write_marked(FILE *out, const char *text)
{
	char *marked = markup(text, MARKUP_TEXT);

	(void)fputs(marked, out);
	free(marked);
}

void
markup_print(FILE *out, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	markup_each(out, format, arguments, write_marked);
	va_end(arguments);
}

void
markup_print_once(FILE *out, const char *format, char *text)
{
	markup_print(out, format, text);
	free(text);
}
