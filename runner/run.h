/* SPDX-License-Identifier: BSD-2-Clause */

/* One run of a case or of another program: what is wanted and how it ended. run_case.h makes them. */

#ifndef SHMCHECK_RUN_H
#define SHMCHECK_RUN_H

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

#endif
