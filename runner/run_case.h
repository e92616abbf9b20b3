/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Runs ATF cases, and other programs, several at a time, without Kyua and without a shell. Each has an empty directory of
 * its own that is removed afterwards, a minimal environment, a process group of its own of which nobody is left, and a
 * time limit. One process may do this once at a time; it must have no other children.
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
	/* What is wanted. Strings stay until the run is collected, "environment" until it is started. */
	size_t number;        /* the caller's own */
	const char *program;  /* an absolute path, since it runs elsewhere */
	const char *argument; /* a case's name, or what a plain program gets */
	const char *const
	    *under;       /* words that come before the program: a wrapper; ends with a null pointer, or is one */
	bool is_plain;    /* no ATF program: status 0 is passed, 1 is failed, all else is broken */
	bool has_cleanup; /* its cleanup is run in the same directory, whatever has become of the body */
	unsigned limit;   /* seconds, for body and cleanup each; 0: as runs_begin() was told */
	const char *const *options;     /* before the argument of an ATF program; ends with a null pointer, or is one */
	const char *const *environment; /* "NAME=value", besides the minimal one; ends with a null pointer, or is one */
	const char *output;             /* where standard output goes; null: it is not kept */
	const char *errors;             /* where standard error goes; null: with the output */

	/* How it ended. */
	enum result result;
	char reason[512]; /* what the case said, or what is broken with the last line of output; "" when passed */
	double seconds;
	long long start; /* microseconds since the epoch, and when it had ended */
	long long end;
};

/*
 * Make the scratch directory and watch for SIGINT, SIGTERM and SIGHUP. At most "jobs" runs are busy at a time; more than
 * one job lets some more begin while others wait for something (a clock, in practice). The limit is in seconds for each.
 * False, with errno, when that does not work.
 */
bool runs_begin(unsigned jobs, unsigned limit);

/* End what is running, remove the scratch directory. Also called by exit(). */
void runs_end(void);

/*
 * So long takes a run that does little: where that is slow, as under emulation, a run is not taken for one that waits only
 * because it works slowly.
 */
void runs_expect(double seconds);

/* The scratch directory, for what a caller wants to go with it. */
const char *runs_directory(void);

/* Whether another may be started now. How many are running. */
bool runs_have_room(void);
unsigned runs_running(void);

void run_start(const struct run *);

/*
 * Wait until one has ended: true. False when none is running, when there is room that there was not at the call, or when a
 * signal came.
 */
bool run_collect(struct run *);

/* The signal that asks to end, or 0. */
int runs_signal(void);

#endif
