/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Which areas a run looked at at all: System V segments, POSIX objects, mmap() and its family, synchronization. An area that a
 * platform lacks is skipped by every case on its own, and skipped cases alone would make a verdict that reads as if all were
 * well.
 */

#ifndef SHMCHECK_REPORT_LOOKED_AT_H
#define SHMCHECK_REPORT_LOOKED_AT_H

#include "area.h"
#include "results.h"

enum look {
	LOOKED_AT,
	NOT_LOOKED_AT,       /* no case ran, or the platform refuses the basic calls of the area */
	CLAIMED_AND_MISSING, /* --require names the area, and the platform refuses its basic calls */
	NOT_CHOSEN,          /* the run was of other cases */
	NOT_REACHED,         /* the run was cut short before any case of the area */
	LOOKS
};

/* What became of one area. */
struct area_look {
	enum look look;
	const char *reason; /* why it was not looked at, or is missing; belongs to the results */
	size_t skipped;     /* how many of its cases were skipped */
};

/* By area, as in areas[]. */
struct looked_at {
	struct area_look areas[AREAS_CLAIMED];
};

struct looked_at looked_at_make(const struct results *);

/* "Looked at", "Not looked at", ... */
const char *look_label(enum look);

/* The titles of the areas of which this is so, with commas between; empty if it is so of none. The caller frees it. */
char *looked_at_titles(const struct looked_at *, enum look);

/* An area that was not looked at or is missing, and why; the caller frees it. */
char *looked_at_reason(const struct looked_at *, size_t area);

/* Whether the failure of this case is told as a claimed area that is missing. */
bool tells_missing_area(const struct result *);

#endif
