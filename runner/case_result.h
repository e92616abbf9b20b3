/* SPDX-License-Identifier: BSD-2-Clause */

/* The verdict of an ATF case, as whoever runs it has to make it up from the case's result file and its end. */

#ifndef SHMCHECK_CASE_RESULT_H
#define SHMCHECK_CASE_RESULT_H

#include <stdbool.h>
#include <stddef.h>

enum result { RESULT_PASSED, RESULT_FAILED, RESULT_SKIPPED, RESULT_EXPECTED_FAILURE, RESULT_BROKEN };

/* "passed", "expected_failure", ... as Kyua calls them. */
const char *result_name(enum result);

/*
 * From the text of the result file ("" when there is none), the status of the process by waitpid(), and whether it was
 * killed at its time limit. A case is broken when they don't fit together. "reason" gets what the file says, or what is
 * wrong.
 */
enum result case_result(const char *text, int status, bool timed_out, char *reason, size_t size);

/* The same for a program that tells by its exit status alone: 0 is passed, 1 is failed, anything else is broken. */
enum result plain_result(int status, bool timed_out, char *reason, size_t size);

#endif
