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
#include <stddef.h>

#include "case_result.h"

struct run {
	/* What is wanted. The strings must stay until the run is collected, arrays until it is started. */
	size_t number;            /* for the caller */
	const char *program;      /* an absolute path */
	const char *argument;     /* the name of a case, or the argument of a plain program */
	const char *const *under; /* the words of a wrapper, before the program; ends with a null pointer, or is null */
	bool is_plain;            /* not an ATF program: status 0 is passed, 1 is failed, all else is broken */
	bool has_cleanup;         /* its cleanup runs in the same directory, however the body ended */
	unsigned limit;           /* seconds, for body and cleanup each; 0: the limit of runs_begin() */
	const char *const
	    *options; /* words before the argument of an ATF program; ends with a null pointer, or is null */
	const char *const *environment; /* more "NAME=value"; ends with a null pointer, or is null */
	const char *output;             /* where standard output goes; null: it is not kept */
	const char *errors;             /* where standard error goes; null: with the output */

	/* How it ended. */
	enum result result;
	char reason[512]; /* what the case says; if broken, what is wrong and its last line of output; "" if passed */
	double seconds;
	long long start; /* microseconds since the epoch, as is "end" */
	long long end;
};

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
