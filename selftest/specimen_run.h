/* SPDX-License-Identifier: BSD-2-Clause */

/* Runs a case of the specimen program as a runner without Kyua does, and keeps what it said. For the tests of lib/. */

#ifndef SHMCHECK_SPECIMEN_RUN_H
#define SHMCHECK_SPECIMEN_RUN_H

#include <stdbool.h>

#include <sys/types.h>

#include <atf-c.h>

struct specimen {
	pid_t pid;
	int to;   /* its standard input */
	int from; /* its standard output */
	int status;
	char result[1024]; /* the result file's line; "" when there is none */
	char errors[8192]; /* standard error */
	char output[1024]; /* what specimen_line() did not take */
};

/* Start the case. The current directory must be writable. */
struct specimen specimen_start(const atf_tc_t *tc, const char *name);

/* A line of its standard output, without the newline, for the next call to overwrite. */
char *specimen_line(struct specimen *);

/* Let it go on: it waits for a line. */
void specimen_go_on(struct specimen *);

/* Wait for its end, and for that of every process that it left behind (Linux; elsewhere only for its own). */
void specimen_end(struct specimen *);

/* From start to end. */
struct specimen specimen_run(const atf_tc_t *tc, const char *name);

/* Whether processes that a specimen leaves can be waited for here. */
bool strays_can_be_awaited(void);

#endif
