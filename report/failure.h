/* SPDX-License-Identifier: BSD-2-Clause */

/* What there is to tell of a case that failed or broke. */

#ifndef SHMCHECK_REPORT_FAILURE_H
#define SHMCHECK_REPORT_FAILURE_H

#include "results.h"

/* So many lines of a case's standard error are shown. */
#define MESSAGES 10

/*
 * The first messages of a failed case, checks before chatter; the last of a broken one, since they lead to the end. What the
 * reason says already is not among them.
 */
struct messages {
	struct slice lines[MESSAGES]; /* belong to the result */
	size_t count;
	size_t earlier; /* left out before these */
	size_t later;   /* left out after them */
};

struct messages failure_messages(const struct result *);

/* The reason, with how the case broke if it did; the caller frees it. */
char *failure_seen(const struct result *);

/* Whether it is a program whose cases could not be listed: then the sentence it promises is none of the suite's. */
bool failure_is_unlisted(const struct result *);

#endif
