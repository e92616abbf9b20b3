/* SPDX-License-Identifier: BSD-2-Clause */

/* What the exit status says of a run. */

#ifndef SHMCHECK_REPORT_VERDICT_H
#define SHMCHECK_REPORT_VERDICT_H

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

#endif
