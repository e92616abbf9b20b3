/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_REPORT_MARKUP_H
#define SHMCHECK_REPORT_MARKUP_H

#include <stdarg.h>
#include <stdio.h>

/* How many bytes of each text a page in Markdown shows, as GitHub refuses one of more than a mebibyte. */
#define MARKUP_TEXT 500

/*
 * Return the text as text_clean() does, with a reference for each character that has a meaning in Markdown or HTML. It may stand
 * anywhere in them except at the start of a paragraph or list item in Markdown. A text of more than "limit" bytes is cut, and
 * " ..." follows. The caller frees it.
 */
char *markup(const char *text, size_t limit);

/* Like vfprintf(), but the only conversion is "%s", and "write" writes each string. For pages in any form. */
void markup_each(FILE *, const char *format, va_list, void (*write)(FILE *, const char *text));

/* Like fprintf(), but the only conversion is "%s", and of each string markup() with MARKUP_TEXT is written. */
void markup_print(FILE *, const char *format, ...);

/* The same for one string, which is freed. */
void markup_print_once(FILE *, const char *format, char *text);

#endif
