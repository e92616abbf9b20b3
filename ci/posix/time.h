/* SPDX-License-Identifier: BSD-2-Clause */

/* <time.h> of musl without what POSIX lacks. */

#ifndef POSIX_TIME_H
#define POSIX_TIME_H

#include_next <time.h>

#undef CLOCK_BOOTTIME
#undef CLOCK_MONOTONIC_COARSE
#undef CLOCK_MONOTONIC_RAW
#undef CLOCK_REALTIME_COARSE

#endif
