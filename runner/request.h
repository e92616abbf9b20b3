/* SPDX-License-Identifier: BSD-2-Clause */

/* What the command line of the runner asks for. */

#ifndef SHMCHECK_REQUEST_H
#define SHMCHECK_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

struct request {
	/* As given, or null. */
	const char *top;
	const char *work;
	const char *results;
	const char *under;
	const char *require;        /* areas with commas between them */
	const char *file_directory; /* an absolute path, when it is not null */
	const char **variables;     /* "seed=7", for the cases; for the caller to free */
	size_t variable_count;
	unsigned timeout; /* seconds, or 0: as each case asks */
	unsigned jobs;
	bool resume;
	bool verbose;
	bool list;
	const char **words; /* what names the cases; none: all cases; for the caller to free */
	size_t word_count;
};

/* Takes main()'s arguments. On a mistake the process prints one line and exits with 2; after --help or --version, with 0. */
struct request request_parse(int count, char *const *arguments);

#endif
