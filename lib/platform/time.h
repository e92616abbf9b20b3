/* SPDX-License-Identifier: BSD-2-Clause */

/* <time.h>, and how the time fields of a status follow the clock. */

#ifndef SHMCHECK_PLATFORM_TIME_H
#define SHMCHECK_PLATFORM_TIME_H

#include <time.h>

/*
 * Nanoseconds by which a time field may lag behind CLOCK_REALTIME_COARSE. On Linux that clock and the time fields tick together.
 * macOS sets the fields from the precise clock. On other systems a field may lag behind the precise clock by a tick, which is 10
 * ms at most; the number has a margin for a virtual machine that gets its ticks late. That holds for FreeBSD and DragonFly, too,
 * which have a clock of this name: FreeBSD's C library makes it the precise clock, and on DragonFly it ticks on each processor by
 * itself, while the fields tick with the first processor.
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
