/* SPDX-License-Identifier: BSD-2-Clause */

/* A counter of the cases that have ended, on one line of the terminal, made from the results file while it comes. */

#ifndef SHMCHECK_GUEST_PROGRESS_H
#define SHMCHECK_GUEST_PROGRESS_H

#include <stddef.h>

/* Show it on standard error from now on, if that is a terminal. */
void progress_start(void);

/* Take more of the results file. */
void progress_take(const char *bytes, size_t size);

/* Remove the line. */
void progress_end(void);

#endif
