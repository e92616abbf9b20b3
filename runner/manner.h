/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_MANNER_H
#define SHMCHECK_MANNER_H

#include "request.h"

/* How programs are run. What is not asked for is null. */
struct manner {
	const char *under;              /* the wrapper as the user gave it */
	const char *const *wrapper;     /* its words */
	const char *const *environment; /* more of it */
	const char *const *options;     /* before "-l" or the name of a case */
	unsigned limit;                 /* seconds; 0: as each case asks */
};

/* What the request asks for. What the result points to stays as long as the process. */
struct manner manner_of(const struct request *);

/*
 * If there is a wrapper, ask this program of the suite, an absolute path, whether the wrapper loses what a program executes. If it does, the
 * environment tells its words to each program from now on.
 */
void manner_learn(struct manner *, const char *program);

#endif
