/* SPDX-License-Identifier: BSD-2-Clause */

/* The verdict on a run, as the exit status tells it. */

#ifndef SHMCHECK_REPORT_VERDICT_H
#define SHMCHECK_REPORT_VERDICT_H

#include "expected.h"
#include "results.h"

enum verdict {
	VERDICT_HOLDS = 0, /* no case fails; with expectations: every outcome is as expected */
	VERDICT_FAILS = 1, /* some case failed or broke; with expectations: some outcome is not as expected */
	VERDICT_NONE = 2   /* no case ran, or the run was cut short before it showed a failure */
};

/* The comparison is null if there are no expectations. */
enum verdict verdict_of(const struct results *, const struct comparison *);

#endif
