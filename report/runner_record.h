/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The records of a file of results that the runner wrote: lines "Field: value", with an empty line between records. A line
 * "+ text" continues a value.
 */

#ifndef SHMCHECK_REPORT_RUNNER_RECORD_H
#define SHMCHECK_REPORT_RUNNER_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "text.h"

/* The start of the file's first line. The version of the format follows. */
#define RUNNER_MAGIC "Format: shmcheck-results"

/* How many bytes of a value an error message quotes. */
#define VALUE_QUOTED 60

enum field {
	FORMAT,
	PLATFORM,
	CASES,
	BEGIN,
	INTERRUPTED,
	PROGRAM,
	CASE,
	REQUIREMENT,
	LEVEL,
	SOURCE,
	PROMISE,
	RESULT,
	REASON,
	START,
	END,
	OUTPUT,
	ERRORS,
	FIELDS
};

extern const char *const field_names[FIELDS];

/* The rest of the file. */
struct reader {
	const char *path;
	char *next;
	char *end;
	size_t line; /* number of the last line that was taken */
};

/* The values are parts of the file's bytes. A value that is absent is null. */
struct record {
	char *values[FIELDS];
	size_t lengths[FIELDS];
	size_t lines[FIELDS]; /* numbers of their first lines */
	size_t line;          /* number of its first line */
	bool last;            /* the file ends before an empty line ends the record */
	bool cut;             /* the file even ends within a line of it */
};

/*
 * Remove the next record from the front. Its line is 0 if there is none. Unknown fields are ignored. Returns null, or a sentence
 * about the error, which the caller frees.
 */
char *record_next(struct reader *, struct record *);

/* Return the value of the field; empty if it is absent. */
struct slice record_value(const struct record *, enum field);

#endif
