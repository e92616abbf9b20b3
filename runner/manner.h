/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_MANNER_H
#define SHMCHECK_MANNER_H

#include "request.h"

struct suite;

/* How programs are run. Null where there is nothing. */
struct manner {
	const char *under;              /* the wrapper as the user gave it */
	const char *const *wrapper;     /* its words */
	const char *const *environment; /* more of it */
	const char *const *options;     /* before the name of a case */
	unsigned limit;                 /* seconds; 0: as each case asks */
};

/* As the request has it. What it points to stays as long as the process. */
struct manner manner_of(const struct request *);

/*
 * Ask one of the suite's programs whether the wrapper, if there is one, loses what a program executes. If it does, programs
 * are told its words from now on.
 */
void manner_learn(struct manner *, const struct suite *);

#endif
