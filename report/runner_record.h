/* SPDX-License-Identifier: BSD-2-Clause */

/* The records of a text results file: lines "Field: value", separated by empty lines. A line "+ text" goes on with a value. */

#ifndef SHMCHECK_REPORT_RUNNER_RECORD_H
#define SHMCHECK_REPORT_RUNNER_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "text.h"

/* What the first line of the file starts with; the version of the format follows. */
#define RUNNER_MAGIC "Format: shmcheck-results"

/* How many bytes of a value a complaint quotes. */
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

/* What is left of the file. */
struct reader {
	const char *path;
	char *next;
	char *end;
	size_t line; /* number of the last line that was taken */
};

/* The values are where the file was read to; those of several lines are put together there. Absent ones are null. */
struct record {
	char *values[FIELDS];
	size_t lengths[FIELDS];
	size_t line; /* number of its first line */
	bool last;   /* no empty line ends it: the file does */
	bool cut;    /* nor does the end of a line */
};

/*
 * Take the next record off the front of the reader; its line is 0 when none was left. Fields that this version does not know
 * are passed over. Returns null, or what is wrong: a sentence for the caller to free.
 */
char *record_next(struct reader *, struct record *);

/* The value of a field; an empty one if the record does not have it. */
struct slice record_value(const struct record *, enum field);

#endif
