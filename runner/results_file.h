/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The results of a run as text, appended to as cases end, which shmcheck-verdict reads beside Kyua's databases. Records are
 * separated by an empty line; each line is "Field: value", and a value goes on in lines that begin with "+ ", or are "+":
 * the manner of GNU recutils. The first record is
 *
 *	Format: shmcheck-results 1
 *	Platform: Linux 6.1.0, glibc 2.36, gcc 12.2.0, x86_64, page size 4096, SHMLBA 4096
 *	Cases: 1103
 *
 * where Cases is how many the run is of: a file with fewer results is that of a run that was cut short. A run that goes on
 * with the file for another number of cases adds such a record.
 *
 * Before a case begins there is a record of the one line "Begin: tests/sysv/shmget_test:excl_existing_key", with "Beside: 3"
 * when three others are running, and when it has ended a record of Program, Case, Requirement, Level, Source, Promise,
 * Result (in Kyua's words), Reason, Start, End (microseconds since the epoch), Output and Errors. Empty fields are left out.
 * A Begin with no result after it tells that the platform went down, or that the runner was killed; unless a record of the one
 * line "Interrupted: tests/sysv/shmget_test:excl_existing_key" follows: the runner was told to end, and the case has no result.
 */

#ifndef SHMCHECK_RESULTS_FILE_H
#define SHMCHECK_RESULTS_FILE_H

#include <stdbool.h>

#include "suite.h"

/*
 * Begin a file for the cases of the suite, which must not be there unless it may be replaced; "-" is standard output. Ends the
 * runner by die() where that is not possible.
 */
void results_create(const char *path, const struct suite *);

/*
 * Go on with the file of an earlier run, if there is one, and tell the cases what became of them then; "-" is standard input,
 * whose records come out again on standard output. From here on each record is on disk before the runner goes on: the next
 * case may be what takes the platform down.
 */
void results_resume(const char *path, struct suite *);

/* The case begins, while "beside" others are running. The case has ended: what it wrote is in these files, or null. */
void results_begin(const struct suite_case *, unsigned beside);
void results_end(const struct suite_case *, long long start, long long end, const char *output, const char *errors);

/* The case was running when the runner was told to end. */
void results_interrupted(const struct suite_case *);

/* False, with errno, when something could not be written. */
bool results_close(void);

#endif
