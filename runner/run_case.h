/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Runs ATF cases, and other programs, several at a time, without Kyua and without a shell. Each has a time limit, a minimal
 * environment, an empty directory that is removed afterwards, and a process group that is killed at its end. A process may
 * have only one such set of runs at a time, and no other children.
 *
 *	runs_begin(4, 10);
 *	for (size_t next = 0; next < count || runs_running() > 0;) {
 *		while (next < count && runs_have_room())
 *			run_start(&wanted[next++]);
 *		if (run_collect(&ended))
 *			...
 *		else if (runs_signal() != 0)
 *			break;
 *	}
 *	runs_end();
 */

#ifndef SHMCHECK_RUN_CASE_H
#define SHMCHECK_RUN_CASE_H

#include <stdbool.h>

#include "run.h"

/*
 * Make the scratch directory and watch for signals that ask to end. At most "jobs" runs are busy at a time. With more than one
 * job, others may begin while some wait for something, in practice a clock. The limit is in seconds for each run. Returns
 * false, with errno, on an error.
 */
bool runs_begin(unsigned jobs, unsigned limit);

/* Kill what is running, remove the scratch directory. exit() calls it as well. */
void runs_end(void);

/*
 * Tell how long a run that does little takes. Where that is long, as under emulation, a slow run is not taken for one that
 * waits.
 */
void runs_expect(double seconds);

/* The scratch directory. What the caller puts there is removed with it. */
const char *runs_directory(void);

/* Whether another run may be started now; how many are running. */
bool runs_have_room(void);
unsigned runs_running(void);

void run_start(const struct run *);

/*
 * Wait until a run has ended and return true. Returns false if none is running, if there is room now and was none at the call,
 * or if a signal came.
 */
bool run_collect(struct run *);

/* The signal that asked to end, or 0. */
int runs_signal(void);

#endif
