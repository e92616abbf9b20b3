/* SPDX-License-Identifier: BSD-2-Clause */

/* What the page shows of a case that failed or broke. */

#ifndef SHMCHECK_REPORT_FAILURE_H
#define SHMCHECK_REPORT_FAILURE_H

#include "expected.h"
#include "results.h"

/* How many lines of a case's standard error the page shows. */
#define MESSAGES 10

/*
 * Lines of the case's standard error, without those that the reason repeats. Of a failed case they are the first ones, and only
 * the messages of checks if there are too many lines. Of a broken case they are the last ones, as these tell how it ended.
 */
struct messages {
	struct slice lines[MESSAGES]; /* parts of the result */
	size_t count;
	size_t earlier; /* how many are left out before these */
	size_t later;   /* how many are left out after these */
};

struct messages failure_messages(const struct result *);

/* Return the reason; for a broken case, with how it ended. The caller frees it. */
char *failure_seen(const struct result *);

/* Whether this stands for a program whose cases could not be listed. Then its sentence is not one of the suite's. */
bool failure_is_unlisted(const struct result *);

/* Whether the case broke as it took too long. */
bool failure_is_timeout(const struct result *);

/*
 * Whether the page has a block about this case: it fails, not as expected, and not as a claimed area that is missing. The
 * comparison may be null.
 */
bool failure_has_block(const struct results *, const struct comparison *, const struct result *);

#endif
