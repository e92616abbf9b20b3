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
	bool is_sound;   /* it does not leave the places */
	bool has_attachment;
	bool has_private;
	bool has_unwritable; /* mprotect() does not allow stores in all of it */
};

struct range range_of(const struct question *);

/* The bytes of a view that are mapped: of the last unit of an attachment maybe not all. */
uint32_t view_bytes(const struct setting *, const struct world *, const struct view *);

/* In the world after the operation nothing is mapped in the range. */
void range_clear(struct question *, struct world *after, struct range);

/* Attachments of which the range has a part become divided. */
void range_divide(struct question *, struct world *after, struct range);

#endif
