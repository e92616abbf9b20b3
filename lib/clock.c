/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdint.h>
#include <unistd.h>

#include "check.h"
#include "clock.h"
#include "platform/time.h"

time_t
coarse_time(void)
{
	struct timespec now;

	for (;;) {
		struct timespec rest = { 0, 0 };

		if (clock_gettime(CLOCK_REALTIME_COARSE, &now) == -1)
			end_failed("cannot read the clock: %s", errno_name(errno));
		if (now.tv_nsec >= TIME_FIELDS_LAG)
			return now.tv_sec;
		rest.tv_nsec = TIME_FIELDS_LAG - now.tv_nsec;
		nanosleep(&rest, NULL);
	}
}

time_t
next_second(void)
{
	time_t start = coarse_time();
	time_t now;

	while ((now = coarse_time()) == start) {
		struct timespec at;
		struct timespec rest = { 0, 0 };

		clock_gettime(CLOCK_REALTIME, &at);
		/* Most of the second in one wait, then the lag of the coarse clock in steps of a millisecond. */
		rest.tv_nsec = at.tv_sec == start ? 1000000000L - at.tv_nsec : 1000000L;
		if (rest.tv_nsec >= 1000000000L)
			rest.tv_nsec = 999999999L;
		nanosleep(&rest, NULL);
	}
	return now;
}

void
end_when_stuck(void)
{
	alarm(STUCK_SECONDS);
}

bool
check_time_between(const char *file, int line, const char *text, time_t before, time_t after, time_t field)
{
	if (before <= field && field <= after)
		return true;
	check_failed(file, line, "%s is %jd, expected a time from %jd to %jd", text, (intmax_t)field, (intmax_t)before,
	    (intmax_t)after);
	return false;
}
