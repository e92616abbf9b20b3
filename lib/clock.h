/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The clock from which the system sets time fields. No other module waits by time. shm_ctime and its like count whole
 * seconds, so that a case which must see one change waits for the next second. Few cases do, and each of them checks all
 * that needs the wait at once.
 */

#ifndef SHMCHECK_CLOCK_H
#define SHMCHECK_CLOCK_H

#include <stdbool.h>
#include <time.h>

/* Wait, for up to a second, until coarse_time() returns another second. Returns the new second. */
time_t next_second(void);

/*
 * The present second, by the clock from which the system sets time fields. That clock may lag behind the precise one by a
 * tick. Where it cannot be read, this function waits for it at the turn of a second, for less than a tenth of a second.
 */
time_t coarse_time(void);

/*
 * SIGALRM kills this process in STUCK_SECONDS, which is half of a case's timeout. A process that waits for ever then fails
 * a check that says so. No order and no other verdict depends on it.
 */
enum { STUCK_SECONDS = 60 };
void end_when_stuck(void);

/* The time field is from "before" to "after": what coarse_time() returned before and after the call that sets the field. */
#define CHECK_TIME_BETWEEN(before, after, field) check_time_between(__FILE__, __LINE__, #field, before, after, field)

bool check_time_between(const char *file, int line, const char *text, time_t before, time_t after, time_t field);

#endif
