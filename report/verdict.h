/* SPDX-License-Identifier: BSD-2-Clause */

/* The page that says how a run of the suite came out. */

#ifndef SHMCHECK_REPORT_VERDICT_H
#define SHMCHECK_REPORT_VERDICT_H

#include <stdio.h>

#include "results.h"

/* The exit statuses of a report. */
enum verdict {
	VERDICT_HOLDS = 0,  /* every case that ran holds or deviates as documented */
	VERDICT_FAILS = 1,  /* some case failed or broke */
	VERDICT_NOTHING = 2 /* no case ran: skipping everything proves nothing */
};

enum verdict verdict_of(const struct results *);

/* Write the page. Errors are left in the stream. */
void verdict_print(FILE *, const struct results *);

/* The table of the page: how many cases of each level and area came out how. */
void table_print(FILE *, const struct results *);

#endif
