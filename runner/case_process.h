/* SPDX-License-Identifier: BSD-2-Clause */

/* For run_case.c: what a new process does until it is the case. */

#ifndef SHMCHECK_CASE_PROCESS_H
#define SHMCHECK_CASE_PROCESS_H

#include "platform.h"
#include "run_case.h"

struct run_places {
	char work[PATH_MAX];   /* its directory, which is there for a cleanup alone */
	char result[PATH_MAX]; /* its result file, which is not there yet */
	char output[PATH_MAX];
	char errors[PATH_MAX]; /* "": with the output */
};

/* Become the program, or its cleanup. Status 126 and a line of output tell why that did not work. */
_Noreturn void case_process(const struct run *, const struct run_places *, bool is_cleanup);

#endif
