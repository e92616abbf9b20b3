/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The clock that time fields are set from. The only module that may wait by time: shm_ctime and its like count whole
 * seconds, so that a case which must see one change has to wait for the next second. Few cases do; they share the wait by
 * checking all that needs it at once.
 */

#ifndef SHMCHECK_CLOCK_H
#define SHMCHECK_CLOCK_H

#include <stdbool.h>
#include <time.h>

/* Wait until coarse_time() returns another second than now: up to a second. Returns the new second. */
time_t next_second(void);

/*
 * The second now, by the clock from which the system sets time fields, which may lag behind the precise one by a tick. Where
 * that clock cannot be read, this waits for it at the turn of a second, for less than a tenth of one.
 */
time_t coarse_time(void);

/*
 * From now on this process has so many seconds, half of a case's timeout: what waits for ever is killed by SIGALRM, so that
 * the case fails by a check that says so. Nothing else depends on it, neither an order nor a verdict.
 */
enum { STUCK_SECONDS = 60 };
void end_when_stuck(void);

/* The time field was set between the two moments, which coarse_time() gave before and after the call that sets it. */
#define CHECK_TIME_BETWEEN(before, after, field) check_time_between(__FILE__, __LINE__, #field, before, after, field)

bool check_time_between(const char *file, int line, const char *text, time_t before, time_t after, time_t field);

#endif
