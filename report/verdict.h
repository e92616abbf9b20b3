/* SPDX-License-Identifier: BSD-2-Clause */

/* The page that says how a run of the suite came out. */

#ifndef SHMCHECK_REPORT_VERDICT_H
#define SHMCHECK_REPORT_VERDICT_H

#include <stdio.h>

#include "expected.h"
#include "results.h"

/* The exit statuses of a report. */
enum verdict {
	VERDICT_HOLDS = 0,  /* every case that ran holds or deviates as documented; or all came out as expected */
	VERDICT_FAILS = 1,  /* some case failed or broke; or came out otherwise than expected */
	VERDICT_NOTHING = 2 /* no case ran: skipping everything proves nothing */
};

/* What the comparison says goes, if there is one: it may be null, here and below. */
enum verdict verdict_of(const struct results *, const struct comparison *);

/* Write the page as text or as GitHub's Markdown. Errors are left in the stream. */
void verdict_print(FILE *, const struct results *, const struct comparison *);
void markdown_print(FILE *, const struct results *, const struct comparison *);

/* The table of the page: how many cases of each level and area came out how. */
void table_print(FILE *, const struct results *);
void table_print_markdown(FILE *, const struct results *);

#endif
