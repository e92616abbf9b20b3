/* SPDX-License-Identifier: BSD-2-Clause */

#include <inttypes.h>
#include <time.h>

#include "times.h"

#define MICROSECONDS 1000000

char *
time_text(int64_t microseconds)
{
	/* The first second of the year 10000. */
	static const int64_t limit = INT64_C(253402300800);
	const time_t seconds = (time_t)(microseconds / MICROSECONDS);
	struct tm tm;

	if (microseconds <= 0 || microseconds / MICROSECONDS >= limit || gmtime_r(&seconds, &tm) == NULL)
		return NULL;
	return text_format("%04d-%02d-%02dT%02d:%02d:%02d.%06" PRId64 "Z", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
	    tm.tm_hour, tm.tm_min, tm.tm_sec, microseconds % MICROSECONDS);
}

int64_t
results_start(const struct results *results)
{
	int64_t start = 0;

	for (size_t i = 0; i < results->count; i++)
		if (results->all[i].start != 0 && (start == 0 || results->all[i].start < start))
			start = results->all[i].start;
	return start;
}

int64_t
results_end(const struct results *results)
{
	int64_t end = 0;

	for (size_t i = 0; i < results->count; i++)
		if (results->all[i].end > end)
			end = results->all[i].end;
	return end;
}

uint64_t
result_duration(const struct result *result)
{
	if (result->end == 0 || result->start > result->end)
		return 0;
	/* Unsigned, as the difference of any two numbers in a file may be too large for a signed one. */
	return (uint64_t)result->end - (uint64_t)result->start;
}

char *
seconds_text(uint64_t microseconds)
{
	return text_format("%" PRIu64 ".%06" PRIu64, microseconds / MICROSECONDS, microseconds % MICROSECONDS);
}
