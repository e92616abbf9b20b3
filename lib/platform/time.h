/* SPDX-License-Identifier: BSD-2-Clause */

/* <time.h>, and how the time fields of a status follow the clock. */

#ifndef SHMCHECK_PLATFORM_TIME_H
#define SHMCHECK_PLATFORM_TIME_H

#include <time.h>

/*
 * Nanoseconds by which a time field may lag behind CLOCK_REALTIME_COARSE. Linux has that clock, which ticks with the time
 * fields, and macOS sets these from the precise one. On others a field may still show the second before when the precise clock
 * is past its turn: a tick of the system, which is 10 ms at most, with a margin for a virtual machine that gets it late. So it is
 * where there is a clock of such a name but that of FreeBSD's C library is the precise one, and that of DragonFly ticks on each
 * processor by itself, the fields with the first.
 */
#if (defined(CLOCK_REALTIME_COARSE) || defined(__APPLE__)) && !defined(__FreeBSD__) && !defined(__DragonFly__)
enum { TIME_FIELDS_LAG = 0 };
#else
enum { TIME_FIELDS_LAG = 40000000 };
#endif

#ifndef CLOCK_REALTIME_COARSE
#define CLOCK_REALTIME_COARSE CLOCK_REALTIME
#endif

#endif
