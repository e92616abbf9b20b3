/* SPDX-License-Identifier: BSD-2-Clause */

/* The progress of a run as TAP, the Test Anything Protocol, version 13. Each line is written when the function returns. */

#ifndef SHMCHECK_TAP_H
#define SHMCHECK_TAP_H

#include <stdio.h>

#include "suite.h"

/* Begin a run of "count" cases. With a null stream nothing is written from now on. */
void tap_begin(FILE *, size_t count);

/* A comment that names the case: the last one tells in which case a platform went down. */
void tap_begins(const struct suite_case *);

/* "errors" is the file with the standard error of the case, or null. */
void tap_ends(const struct suite_case *, const char *errors);

/* The signal ends the run after "ended" of "count" cases. */
void tap_interrupted(int signal, size_t ended, size_t count);

/* The comment "# 5 passed, 1 failed, 2 skipped". */
void tap_totals(size_t passed, size_t failed, size_t skipped);

#endif
