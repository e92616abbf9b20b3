/* SPDX-License-Identifier: BSD-2-Clause */

/* What the exit status says of a run. */

#ifndef SHMCHECK_REPORT_VERDICT_H
#define SHMCHECK_REPORT_VERDICT_H

#include "expected.h"
#include "results.h"

/* The exit statuses of a report. */
enum verdict {
	VERDICT_HOLDS = 0, /* no case fails; or all came out as expected */
	VERDICT_FAILS = 1, /* some case failed or broke; or came out otherwise than expected */
	VERDICT_NONE = 2   /* neither: no case ran, or the run was cut short before it showed a failure */
};

/* Compares with what the comparison expects, unless it is null. */
enum verdict verdict_of(const struct results *, const struct comparison *);

#endif
