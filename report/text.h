/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Text for a page that may end on a terminal: 7-bit, no control characters, wrapped. Running out of memory ends the
 * program: a report has nothing better to do.
 */

#ifndef SHMCHECK_REPORT_TEXT_H
#define SHMCHECK_REPORT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define TEXT_WIDTH 100

/* The name that starts each line of die(). Defined by the program. */
extern const char program_name[];

/* A part of some text that somebody else owns. No null byte ends it. */
struct slice {
	const char *bytes;
	size_t length;
};

/* Write one line to standard error, "program_name: ...", without control characters, and exit with status 2. */
_Noreturn void die(const char *format, ...) __attribute__((__format__(__printf__, 1, 2)));

/* The memory given, which is not null; ends the program if it is. Wraps malloc() and its kin. */
void *allocated(void *memory);

/* printf() into memory of the right size. The caller frees it. */
char *text_format(const char *format, ...) __attribute__((__format__(__printf__, 1, 2)));

/* The slice as a string of its own. The caller frees it. */
char *text_copy(struct slice);

/* "s" unless the count is 1. */
const char *plural(size_t count);

/* A slice of a whole string, which must outlive it. */
struct slice slice_of(const char *string);

/* Take the next line, without its newline, off the front of the rest. Returns false when nothing is left. */
bool slice_line(struct slice *rest, struct slice *line);

bool slice_equals(struct slice, const char *string);

/* If the text starts with the prefix, take that off and return true. */
bool slice_skip(struct slice *text, const char *prefix);

/*
 * A copy that is safe to show: blanks for tabs and line ends, \xNN for other bytes that are not printable ASCII. The caller
 * frees it.
 */
char *text_clean(struct slice);

/*
 * Write the label, then the formatted text from column "indent" on, cleaned and wrapped to TEXT_WIDTH. The label, which is
 * written as it is, must be shorter than the indent. What takes more than "lines" lines is cut and ends with "...". Nothing
 * is written for an empty text.
 */
void text_paragraph(FILE *, const char *label, size_t indent, size_t lines, const char *format, ...)
    __attribute__((__format__(__printf__, 5, 6)));

#endif
