/* SPDX-License-Identifier: BSD-2-Clause */

/* What the command line of the runner asks for. */

#ifndef SHMCHECK_REQUEST_H
#define SHMCHECK_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

struct request {
	/* As they are given, or null. */
	const char *top;
	const char *work;
	const char *results;
	const char *under;
	const char *require; /* areas with commas between them */
	unsigned timeout;    /* seconds, or 0: as each case asks */
	unsigned jobs;
	bool resume;
	bool verbose;
	bool list;
	const char **words; /* the cases, programs and directories that are wanted; none: all */
	size_t word_count;
};

/* Of main()'s arguments. Ends the process with one line and status 2 if they are wrong, with 0 after --help or --version. */
struct request request_parse(int count, char *const *arguments);

#endif
