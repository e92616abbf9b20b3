/* SPDX-License-Identifier: BSD-2-Clause */

/* For run_case.c: the signals that tell of an ended child or ask to end. They are delivered only in signals_wait(). */

#ifndef SHMCHECK_RUN_SIGNALS_H
#define SHMCHECK_RUN_SIGNALS_H

#include <stdbool.h>
#include <time.h>

/*
 * Block SIGCHLD, SIGINT, SIGTERM, SIGHUP, SIGQUIT and SIGPIPE, and catch them in signals_wait(). A signal that is ignored stays
 * ignored, except SIGCHLD.
 */
void signals_watch(void);

/* Set them back as they were. */
void signals_restore(void);

/* Wait until one of them comes, or the time is over. */
void signals_wait(const struct timespec *);

/* The signal that asks to end, or 0. */
int signal_to_end(void);

/* Whether the signal was ignored at signals_watch(). */
bool signal_is_ignored(int);

#endif
