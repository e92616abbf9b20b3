/* SPDX-License-Identifier: BSD-2-Clause */

/* shmcheck-verdict, run by its tests. */

#ifndef SHMCHECK_VERDICT_RUN_H
#define SHMCHECK_VERDICT_RUN_H

#include "tool_run.h"

/* Like tool_start(). */
pid_t verdict_start(const atf_tc_t *, const char *const *arguments, const char *destination);

/* Run it: the page goes to the file "out", and nothing may go to standard error. */
void verdict_page(const atf_tc_t *, const char *const *arguments, int status);

/* Run it: it must print exactly the output. */
void verdict_output(const atf_tc_t *, const char *const *arguments, int status, const char *output);

/* Run it: it must fail with that message alone, one line. */
void verdict_error(const atf_tc_t *, const char *const *arguments, const char *message);

#endif
