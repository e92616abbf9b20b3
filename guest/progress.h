/* SPDX-License-Identifier: BSD-2-Clause */

/* How many of the cases have ended, as the results file tells while it comes: a line on a terminal that is written over. */

#ifndef SHMCHECK_GUEST_PROGRESS_H
#define SHMCHECK_GUEST_PROGRESS_H

#include <stddef.h>

/* Show it on standard error if that is a terminal; before this nothing is shown. */
void progress_start(void);

/* More of the results file. */
void progress_take(const char *bytes, size_t size);

/* Remove the line. */
void progress_end(void);

#endif
