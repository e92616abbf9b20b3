/* SPDX-License-Identifier: BSD-2-Clause */

/* For run_case.c: what a new process does before it executes the case. */

#ifndef SHMCHECK_CASE_PROCESS_H
#define SHMCHECK_CASE_PROCESS_H

#include "platform.h"
#include "run.h"

struct run_places {
	char work[PATH_MAX];   /* its directory; it exists already only for a cleanup */
	char result[PATH_MAX]; /* its result file, which does not exist yet */
	char output[PATH_MAX];
	char errors[PATH_MAX]; /* "": the same file as the output */
};

/* Execute the program, or its cleanup. On an error the process prints one line and exits with status 126. */
_Noreturn void case_process(const struct run *, const struct run_places *, bool is_cleanup);

#endif
