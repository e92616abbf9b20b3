/* SPDX-License-Identifier: BSD-2-Clause */

/* The result of an ATF case. The runner makes it from the case's result file and from how the process ended. */

#ifndef SHMCHECK_CASE_RESULT_H
#define SHMCHECK_CASE_RESULT_H

#include <stdbool.h>
#include <stddef.h>

enum result { RESULT_PASSED, RESULT_FAILED, RESULT_SKIPPED, RESULT_EXPECTED_FAILURE, RESULT_BROKEN };

/* "passed", "expected_failure", ... as Kyua calls them. */
const char *result_name(enum result);

/*
 * Takes the text of the result file ("" if there is none), the status of the process from waitpid(), and whether it was
 * killed at its time limit. If these do not agree, the case is broken. Stores the reason in the file, or what is wrong.
 */
enum result case_result(const char *text, int status, bool timed_out, char *reason, size_t size);

/* The same for a program that has only an exit status: 0 is passed, 1 is failed, anything else is broken. */
enum result plain_result(int status, bool timed_out, char *reason, size_t size);

#endif
