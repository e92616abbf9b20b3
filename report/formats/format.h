/* SPDX-License-Identifier: BSD-2-Clause */

/* The formats of shmcheck-report: each is a function that writes one. */

#ifndef SHMCHECK_REPORT_FORMAT_H
#define SHMCHECK_REPORT_FORMAT_H

#include <stdio.h>

#include "diff.h"
#include "expected.h"
#include "matrix.h"
#include "violations.h"

/* What a format writes of. */
struct report {
	const struct runs *runs; /* at least one */
	const struct matrix *matrix;
	const struct comparison *comparison; /* of the only run; null if no outcomes are expected */
	const struct violations *violations; /* null if --violations names no file */
	bool verbose;
	const char *kcidb_origin; /* null if it is not given, as the next one */
	const char *kcidb_build;
};

struct format {
	const char *name;  /* --format=NAME */
	const char *about; /* for --help, in a few words */
	bool several;      /* whether it can be of several runs */
	/* Write to the stream, which is in memory. If memory runs out, the program ends. */
	void (*write)(FILE *, const struct report *);
};

/* Return the format of this name; null if there is none. */
const struct format *format_named(const char *name);

/* Whether its exit status tells the verdict. */
bool format_is_verdict(const struct format *);

/* Write what changed, in the same way. Returns false if the format is none of that. */
bool format_write_diff(const struct format *, FILE *, const struct diff *);

/* Write a line for each format, for --help. */
void formats_print(FILE *);

/* The formats, each in a file of its own. */
void text_write(FILE *, const struct report *);
void markdown_write(FILE *, const struct report *);
void html_write(FILE *, const struct report *);
void index_write(FILE *, const struct report *);
void json_write(FILE *, const struct report *);
void junit_write(FILE *, const struct report *);
void kcidb_write(FILE *, const struct report *);
void ktap_write(FILE *, const struct report *);
void tap_write(FILE *, const struct report *);

#endif
