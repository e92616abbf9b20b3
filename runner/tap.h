/* SPDX-License-Identifier: BSD-2-Clause */

/* The progress of a run as TAP, the Test Anything Protocol, version 13. Each line is out when the function returns. */

#ifndef SHMCHECK_TAP_H
#define SHMCHECK_TAP_H

#include <stdio.h>

#include "suite.h"

/* "count" cases are to come. To a null stream nothing is written, now and later. */
void tap_begin(FILE *, size_t count);

/* A comment: the last of them tells what a platform was doing when it went down. */
void tap_begins(const struct suite_case *);

/* Standard error of the case is in the file, or null. */
void tap_ends(const struct suite_case *, const char *errors);

/* The signal ends the run, after the cases that ended, of "count" in all. */
void tap_interrupted(int signal, size_t ended, size_t count);

/* "# 5 passed, 1 failed, 2 skipped". */
void tap_totals(size_t passed, size_t failed, size_t skipped);

#endif
