/* SPDX-License-Identifier: BSD-2-Clause */

/* For run_case.c: what a new process does before it executes the case. */

#ifndef SHMCHECK_CASE_PROCESS_H
#define SHMCHECK_CASE_PROCESS_H

#include "run.h"
#include "run_places.h"

/* Execute the program, or its cleanup. On an error the process prints one line and exits with status 126. */
_Noreturn void case_process(const struct run *, const struct run_places *, bool is_cleanup);

#endif
