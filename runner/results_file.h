/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The results of a run as text. The runner appends to the file as cases end; shmcheck-verdict reads it, as it reads Kyua's
 * databases. An empty line separates two records. Each line is "Field: value"; a value goes on in lines that begin with "+ ",
 * or are "+", as in GNU recutils. The first record is
 *
 *	Format: shmcheck-results 1
 *	Platform: Linux 6.1.0, glibc 2.36, gcc 12.2.0, x86_64, page size 4096, SHMLBA 4096
 *	Cases: 1103
 *
 * Cases is the number of cases of the run: a file with fewer results is that of a run that was cut short. A run that is resumed
 * with another number of cases adds another such record.
 *
 * When a case begins, a record "Begin: tests/sysv/shmget_test:excl_existing_key" is written, with a line "Beside: 3" if three
 * others are running. When it has ended, a record follows with Program, Case, Requirement, Level, Source, Promise, Result (in
 * Kyua's words), Reason, Start, End (microseconds since the epoch), Output and Errors. Empty fields are left out.
 *
 * If a signal ends the runner, it writes a record "Interrupted: tests/sysv/shmget_test:excl_existing_key" for each case that is
 * running: the case has no result. If a Begin has neither a result nor an Interrupted after it, the platform went down or the
 * runner was killed.
 */

#ifndef SHMCHECK_RESULTS_FILE_H
#define SHMCHECK_RESULTS_FILE_H

#include <stdbool.h>

#include "suite.h"

/*
 * Begin a file for the cases of the suite; "-" is standard output. A file of that name is replaced. Ends the runner by die() on
 * an error.
 */
void results_create(const char *path, const struct suite *);

/*
 * Go on with the file of an earlier run, if it exists, and store in the cases how they ended in it. "-" is standard input, whose
 * records are written to standard output. From now on each record is on disk when the function that writes it returns: the next
 * case may take the platform down.
 */
void results_resume(const char *path, struct suite *);

/* The case begins while "beside" others are running. The case has ended; its output is in these files, which may be null. */
void results_begin(const struct suite_case *, unsigned beside);
void results_end(const struct suite_case *, long long start, long long end, const char *output, const char *errors);

/* The case was running when a signal ended the runner. */
void results_interrupted(const struct suite_case *);

/* Returns false, with errno, if something could not be written. */
bool results_close(void);

#endif
