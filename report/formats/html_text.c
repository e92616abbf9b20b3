/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "items.h"
#include "markup.h"

/* How many violations are named; the others are counted. */
#define NAMED 12

static void
escape(FILE *out, const char *text)
{
	for (const char *next = text; *next != '\0'; next++)
		switch (*next) {
		case '&':
			(void)fputs("&amp;", out);
			break;
		case '<':
			(void)fputs("&lt;", out);
			break;
		case '>':
			(void)fputs("&gt;", out);
			break;
		case '"':
			(void)fputs("&quot;", out);
			break;
		default:
			(void)fputc(*next, out);
		}
}

static void
write_clean(FILE *out, const char *text)
{
	char *clean = text_clean(slice_of(text));

	escape(out, clean);
	free(clean);
}

void
html_print(FILE *out, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	markup_each(out, format, arguments, write_clean);
	va_end(arguments);
}

void
html_print_once(FILE *out, const char *format, char *text)
{
	html_print(out, format, text);
	free(text);
}

void
html_lines(FILE *out, const char *lines)
{
	char *clean = text_clean_lines(slice_of(lines));

	(void)fputs("<pre>", out);
	escape(out, clean);
	(void)fputs("</pre>\n", out);
	free(clean);
}

const char *
html_standing(const struct requirement *requirement, size_t run)
{
	enum outcome outcome;

	return requirement_outcome(requirement, run, &outcome) ? outcome_word(outcome) : "absent";
}

static size_t
interface_length(const struct requirement *requirement)
{
	return strcspn(requirement->id, ".:");
}

char *
html_interface(const struct requirement *requirement)
{
	return text_format("%.*s", (int)interface_length(requirement), requirement->id);
}

bool
html_starts_area(const struct matrix *matrix, size_t place)
{
	const struct requirement *requirement = &matrix->requirements[place];

	return place == 0 || strcmp(requirement->area, requirement[-1].area) != 0;
}

bool
html_starts_interface(const struct matrix *matrix, size_t place)
{
	const struct requirement *requirement = &matrix->requirements[place];

	if (html_starts_area(matrix, place))
		return true;
	size_t length = interface_length(requirement);
	return interface_length(requirement - 1) != length || strncmp(requirement->id, requirement[-1].id, length) != 0;
}

void
html_sources(FILE *out, const struct result *result)
{
	struct slice rest = slice_of(result->source);
	struct slice source;
	const char *separator = "";

	while (source_next(&rest, &source)) {
		(void)fputs(separator, out);
		html_print_once(out, "<cite>%s</cite>", text_copy(source));
		separator = "; ";
	}
}

void
html_proof(FILE *out, const struct report *report, const struct result *result)
{
	size_t count;

	if (report->violations == NULL)
		return;
	const struct finding *finding = violations_of(report->violations, result, &count);
	if (count == 0) {
		(void)fputs("none by name", out);
		return;
	}
	for (size_t i = 0; i < count && i < NAMED; i++)
		html_print(out, "<code>%s</code> ", finding[i].violation);
	if (count > NAMED)
		(void)fprintf(out, "and %zu more", count - NAMED);
}
