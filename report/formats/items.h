/* SPDX-License-Identifier: BSD-2-Clause */

/* Lists that a case's properties and output have: requirements, sources, observed choices. */

#ifndef SHMCHECK_REPORT_ITEMS_H
#define SHMCHECK_REPORT_ITEMS_H

#include "results.h"

/* Remove the next requirement or source of the result from the front of "rest", which is its text. False if there is none. */
bool requirement_next(struct slice *rest, struct slice *requirement);
bool source_next(struct slice *rest, struct slice *source);

/* What a case saw where a standard leaves the choice: see observed() in lib/choice.h. The slices are parts of the result. */
struct observed {
	struct slice key;
	struct slice value;
};

/* Remove lines from the front of "rest", which is the output of a case, up to the next "observed: KEY = VALUE". */
bool observed_next(struct slice *rest, struct observed *);

#endif
