/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

static const char continued[] = " ...";

void *
allocated(void *memory)
{
	if (memory == NULL) {
		/* die() allocates memory itself. */
		(void)fprintf(stderr, "%s: out of memory\n", program_name);
		exit(2);
	}
	return memory;
}

/* The arguments are used twice: to measure the string and to write it. */
static char *
format_list(const char *format, va_list arguments)
{
	va_list again;

	va_copy(again, arguments);
	int length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	/* vsnprintf() fails only if it has no memory. */
	char *text = allocated(length < 0 ? NULL : malloc((size_t)length + 1));
	(void)vsnprintf(text, (size_t)length + 1, format, arguments);
	return text;
}

char *
text_format(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	char *text = format_list(format, arguments);
	va_end(arguments);
	return text;
}

void
die(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	char *message = format_list(format, arguments);
	va_end(arguments);
	char *clean = text_clean(slice_of(message));
	(void)fprintf(stderr, "%s: %s\n", program_name, clean);
	free(clean);
	free(message);
	exit(2);
}

const char *
plural(size_t count)
{
	return count == 1 ? "" : "s";
}

struct slice
slice_of(const char *string)
{
	return (struct slice){ string, strlen(string) };
}

bool
slice_line(struct slice *rest, struct slice *line)
{
	if (rest->length == 0)
		return false;
	const char *end = memchr(rest->bytes, '\n', rest->length);
	line->bytes = rest->bytes;
	line->length = end == NULL ? rest->length : (size_t)(end - rest->bytes);
	size_t taken = line->length + (end != NULL);
	rest->bytes += taken;
	rest->length -= taken;
	return true;
}

bool
slice_skip(struct slice *text, const char *prefix)
{
	size_t length = strlen(prefix);

	if (text->length < length || memcmp(text->bytes, prefix, length) != 0)
		return false;
	text->bytes += length;
	text->length -= length;
	return true;
}

bool
slice_equals(struct slice text, const char *string)
{
	return slice_skip(&text, string) && text.length == 0;
}

char *
text_copy(struct slice text)
{
	char *copy = allocated(malloc(text.length + 1));

	if (text.length > 0)
		memcpy(copy, text.bytes, text.length);
	copy[text.length] = '\0';
	return copy;
}

/* Ends of lines and tabs may stay. */
static char *
without_controls(struct slice text, bool keep_lines)
{
	static const char digits[] = "0123456789abcdef";

	if (text.length > (SIZE_MAX - 1) / 4)
		allocated(NULL);
	char *clean = allocated(malloc(text.length * 4 + 1));
	char *end = clean;
	for (size_t i = 0; i < text.length; i++) {
		unsigned char byte = (unsigned char)text.bytes[i];
		if (byte == '\t' || byte == '\n' || byte == '\r') {
			*end++ = keep_lines && byte != '\r' ? (char)byte : ' ';
		} else if (byte >= ' ' && byte <= '~') {
			*end++ = (char)byte;
		} else {
			*end++ = '\\';
			*end++ = 'x';
			*end++ = digits[byte >> 4];
			*end++ = digits[byte & 0xf];
		}
	}
	*end = '\0';
	return clean;
}

char *
text_clean(struct slice text)
{
	return without_controls(text, false);
}

char *
text_clean_lines(struct slice text)
{
	return without_controls(text, true);
}

/* Return how many bytes of the text fit on a line of this width: up to the last blank, or all of it if there is none. */
static size_t
line_length(const char *text, size_t width)
{
	size_t length = strlen(text);

	if (length <= width)
		return length;
	length = width;
	while (length > 0 && text[length] != ' ')
		length--;
	return length > 0 ? length : width;
}

void
text_paragraph(FILE *out, const char *label, size_t indent, size_t lines, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	char *text = format_list(format, arguments);
	va_end(arguments);
	char *clean = text_clean(slice_of(text));
	const char *rest = clean + strspn(clean, " ");
	size_t width = TEXT_WIDTH - indent;
	for (size_t line = 1; *rest != '\0'; line++) {
		size_t length = line_length(rest, width);
		const char *next = rest + length + strspn(rest + length, " ");
		bool cut = line == lines && *next != '\0';
		if (cut)
			length = line_length(rest, width - strlen(continued));
		(void)fprintf(
		    out, "%-*s%.*s%s\n", (int)indent, line == 1 ? label : "", (int)length, rest, cut ? continued : "");
		if (cut)
			break;
		rest = next;
	}
	free(clean);
	free(text);
}
