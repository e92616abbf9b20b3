/* SPDX-License-Identifier: BSD-2-Clause */

/* What changed from one run to another, of one platform or of two. */

#ifndef SHMCHECK_REPORT_DIFF_H
#define SHMCHECK_REPORT_DIFF_H

#include <stdio.h>

#include "matrix.h"

/* The worst first. */
enum change_kind {
	NEWLY_FAILS,
	DEFECT_NOW,
	DEVIATES_NOW,
	SKIPPED_NOW,
	GONE,
	NEW_AND_FAILS,
	OTHER_REASON,
	OTHER_CHOICE,
	NOT_FOR_PLATFORM, /* skipped now, as the case is for other platforms or later versions */
	HOLDS_NOW,
	NEW,
	CHANGE_KINDS
};

struct case_change {
	enum change_kind kind;
	bool regression;             /* a reason to fail: see diff_regressions() */
	const struct result *any;    /* either of those below */
	const struct result *before; /* null if the case is new */
	const struct result *after;  /* null if the case is gone */
};

struct diff {
	const struct run *before;
	const struct run *after;
	struct case_change *changes; /* by kind; those that are regressions first; then by program and name */
	size_t count;
	size_t cases; /* how many cases either run has */
	size_t counts[CHANGE_KINDS];
};

/* Compare the two runs of the matrix, which must outlive the diff. The caller frees it with diff_free(). */
struct diff diff_make(const struct matrix *);
void diff_free(struct diff *);

/*
 * Return how many changes are regressions: the case held and does not hold now, or fails now and did not before. To be skipped or
 * gone is not to hold, as nobody knows, unless the case is for other platforms or later versions. A new case is none.
 */
size_t diff_regressions(const struct diff *);

/* Return the name of a kind for machines, "newly-fails" and so on. */
const char *change_kind_name(enum change_kind);

/* Return the heading of a kind, "newly fails" and so on. */
const char *change_kind_title(enum change_kind);

/*
 * Return how the case ended: "holds", "fails: REASON" and so on; "not there" for a null pointer. The text may have control
 * characters. The caller frees it.
 */
char *diff_ending(const struct result *);

/* Return the choices that the case observed, "KEY = VALUE; KEY = VALUE"; empty if there are none, as of a null pointer. The caller frees it. */
char *diff_choices(const struct result *);

/* Whether both runs have the case and it observed other choices. */
bool diff_chose_otherwise(const struct case_change *);

/* Return how many cases changed in which way: one sentence. The caller frees it. */
char *diff_summary(const struct diff *);

/* What writes it in a format, as format.h has it of a report. */
void diff_text_write(FILE *, const struct diff *);
void diff_markdown_write(FILE *, const struct diff *);
void diff_json_write(FILE *, const struct diff *);

#endif
