/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Which areas a run looked at at all: System V segments, POSIX objects, mmap() and its family, synchronization. Every case of
 * an area that the platform lacks is skipped. A verdict that only counts such cases reads as if all is well.
 */

#ifndef SHMCHECK_REPORT_LOOKED_AT_H
#define SHMCHECK_REPORT_LOOKED_AT_H

#include "area.h"
#include "results.h"

enum look {
	LOOKED_AT,
	NOT_LOOKED_AT,       /* all its cases were skipped, or the platform refuses its basic calls */
	CLAIMED_AND_MISSING, /* --require names the area, and the platform refuses its basic calls */
	NOT_CHOSEN,          /* the run was of other cases */
	NOT_REACHED,         /* the run was cut short before any case of the area */
	LOOKS
};

/* What the results say of one area. */
struct area_look {
	enum look look;
	const char *reason; /* why it was not looked at or is missing; a part of the results */
	size_t skipped;     /* how many of its cases were skipped */
};

/* In the order of areas[]. */
struct looked_at {
	struct area_look areas[AREAS_CLAIMED];
};

struct looked_at looked_at_make(const struct results *);

/* Return "Looked at", "Not looked at" and so on. */
const char *look_label(enum look);

/* Return the titles of the areas with this look, with commas between; empty if there are none. The caller frees it. */
char *looked_at_titles(const struct looked_at *, enum look);

/* Return the title of an area that was not looked at or is missing, and the reason. The caller frees it. */
char *looked_at_reason(const struct looked_at *, size_t area);

/* Whether this is the failure of areas_test that a claimed area is missing. The page has a line for it, not a block. */
bool tells_missing_area(const struct result *);

#endif
