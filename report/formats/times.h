/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_REPORT_TIMES_H
#define SHMCHECK_REPORT_TIMES_H

#include <stdint.h>

#include "results.h"

/*
 * Return the time in UTC as RFC 3339 has it, "2026-12-01T03:55:00.000001Z"; null if it is 0, which is not recorded, or beyond
 * the year 9999. The argument is in microseconds since the epoch. The caller frees it.
 */
char *time_text(int64_t microseconds);

/* Return when the first case started and the last one ended; 0 if it is not recorded. */
int64_t results_start(const struct results *);
int64_t results_end(const struct results *);

/* Return the microseconds that the case took; 0 if they are not recorded or the clock was set back in between. */
uint64_t result_duration(const struct result *);

/* Return this number of microseconds in seconds, "1.000001". The caller frees it. */
char *seconds_text(uint64_t microseconds);

#endif
