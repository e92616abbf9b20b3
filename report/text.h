/* SPDX-License-Identifier: BSD-2-Clause */

/* Strings and text for a terminal: ASCII without control characters, wrapped. If memory runs out, the program ends. */

#ifndef SHMCHECK_REPORT_TEXT_H
#define SHMCHECK_REPORT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define TEXT_WIDTH 100

/* The program's name, which starts each line of die(). The program defines it. */
extern const char program_name[];

/* A part of a text that another variable owns. No null byte ends it. */
struct slice {
	const char *bytes;
	size_t length;
};

/* Write one line to standard error, "program_name: ...", without control characters, and exit with status 2. */
_Noreturn void die(const char *format, ...) __attribute__((__format__(__printf__, 1, 2)));

/* Return the argument, the result of malloc() or a similar function. If it is null, the program ends. */
void *allocated(void *memory);

/* Like printf(), into new memory. The caller frees it. */
char *text_format(const char *format, ...) __attribute__((__format__(__printf__, 1, 2)));

/* Return a copy of the slice as a string. The caller frees it. */
char *text_copy(struct slice);

/* Return "s" unless the count is 1. */
const char *plural(size_t count);

/* Return a slice of the whole string, which must outlive the slice. */
struct slice slice_of(const char *string);

/* Remove the next line from the front of the rest. The line has no newline. Returns false if the rest is empty. */
bool slice_line(struct slice *rest, struct slice *line);

bool slice_equals(struct slice, const char *string);

/* If the text starts with the prefix, remove the prefix and return true. */
bool slice_skip(struct slice *text, const char *prefix);

/*
 * Return a copy that is safe on a terminal: with blanks for tabs and ends of lines, and \xNN for other bytes that are not
 * printable ASCII. The caller frees it.
 */
char *text_clean(struct slice);

/* The same, but ends of lines and tabs stay. What it returns is valid UTF-8, and may stand in XML, JSON and YAML. */
char *text_clean_lines(struct slice);

/*
 * Write the label, and the formatted text from column "indent" on, cleaned and wrapped to TEXT_WIDTH. The label is written as it
 * is; it must be shorter than the indent. A text of more than "lines" lines is cut, and " ..." follows. Of an empty text nothing
 * is written, not even the label.
 */
void text_paragraph(FILE *, const char *label, size_t indent, size_t lines, const char *format, ...)
    __attribute__((__format__(__printf__, 5, 6)));

#endif
