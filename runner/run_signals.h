/* SPDX-License-Identifier: BSD-2-Clause */

/* For run_case.c: the signals that tell of ended children or ask to end. They are taken only while it waits; runs_signal() tells. */

#ifndef SHMCHECK_RUN_SIGNALS_H
#define SHMCHECK_RUN_SIGNALS_H

#include <stdbool.h>
#include <time.h>

/*
 * From here on SIGCHLD, SIGINT, SIGTERM, SIGHUP, SIGQUIT and SIGPIPE are held back; those that were ignored, except SIGCHLD,
 * stay ignored.
 */
void signals_watch(void);

/* As they were before. */
void signals_restore(void);

/* Until one of them comes, or the time is over. */
void signals_wait(const struct timespec *);

/* Whether the signal was ignored when they began to be watched: asked once, and not for each run. */
bool signal_is_ignored(int);

#endif
