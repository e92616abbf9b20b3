/* SPDX-License-Identifier: BSD-2-Clause */

/* The range of places that an operation names by its arguments "at" and "units", and what the process has there. */

#ifndef SHMCHECK_RANGE_H
#define SHMCHECK_RANGE_H

#include "question.h"

struct range {
	unsigned at;
	unsigned units;
	unsigned mapped; /* units that are mapped as a whole */
	unsigned hole;   /* the first place of the range where a page is not mapped, or the end of the range */
	/*
	 * It does not leave the places, its addresses follow each other, and it is known what is mapped there: behind the last
	 * page of an attachment that the system has put elsewhere may be anything.
	 */
	bool is_sound;
	bool is_free; /* nothing is mapped there */
	bool has_attachment;
	bool has_private;
	bool has_unwritable; /* mprotect() does not allow stores in all of it */
};

struct range range_of(const struct question *);
struct range range_at(const struct question *, unsigned at, unsigned units);

/* The units that a backing has a byte of. */
unsigned units_of(const struct setting *, const struct backing *);

/* The bytes of a view that are mapped: of the last unit of an attachment maybe not all. */
uint32_t view_bytes(const struct setting *, const struct world *, const struct view *);

/* Whether the address that the operation asks for makes sense: a place is free for what the system chooses. */
bool can_be_asked_for(const struct question *, struct range);

/* Whether the addresses of this number of places follow each other. */
bool places_are_in_row(const struct view *first, unsigned units);

/*
 * In the world after the operation nothing is mapped in the range, and the places have their addresses again. range_clear() is of
 * calls that some systems take for a detach.
 */
void range_clear(struct question *, struct world *after, struct range);
void range_forget(struct question *, struct world *after, struct range);

/* The system has put what is mapped in the range at an address of its choice. */
void range_move(struct question *, struct world *after, struct range);

/* Whether two places of a process have pieces of the same attachment. */
bool are_of_one_attachment(const struct view *views, unsigned, unsigned);

/*
 * Whether a call may unmap the range. No attachment loses its last piece there: nobody says what then becomes of it; and only some
 * systems say that the call is for attachments.
 */
bool can_be_changed(const struct question *, struct range);

/* Attachments of which the range has a part become divided. */
void range_divide(struct question *, struct world *after, struct range);

#endif
