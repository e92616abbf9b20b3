/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdio.h>

#include "deviation.h"
#include "outcome.h"
#include "platform.h"
#include "record.h"

enum { REASON_SIZE = 512 };

/* The platform that runs the case, or the C library if that is what was named. */
static const char *
name_of_one(unsigned platforms)
{
	return platform_name(platforms == GLIBC || platforms == MUSL ? (enum platform)platforms : platform());
}

void
deviates(unsigned platforms, const char *instead, const char *reference)
{
	char reason[REASON_SIZE];

	if (!platform_is(platforms))
		return;
	snprintf(reason, sizeof(reason), "%s: %s (%s)", name_of_one(platforms), instead, reference);
	record_expect_failure(reason, true);
}

/* The version of a C library is not told: what it is known to do, each version does. */
static bool
has_defect(unsigned platforms, const char *since)
{
	return platform_is(platforms) &&
	    (!platform_is(platforms & ~(unsigned)(GLIBC | MUSL)) || version_is_at_least(since));
}

static void
expect_defect(unsigned platforms, const char *since, const char *instead, const char *reference, bool always)
{
	char reason[REASON_SIZE];

	if (!has_defect(platforms, since))
		return;
	snprintf(reason, sizeof(reason), "known defect of %s%s%s: %s (%s)", name_of_one(platforms),
	    since[0] == '\0' ? "" : " since ", since, instead, reference);
	record_expect_failure(reason, always);
}

void
known_defect(unsigned platforms, const char *since, const char *instead, const char *reference)
{
	expect_defect(platforms, since, instead, reference, true);
}

void
known_race(unsigned platforms, const char *since, const char *instead, const char *reference)
{
	expect_defect(platforms, since, instead, reference, false);
}

static bool
is_at_least(unsigned platform, const char *version)
{
	return platform == GLIBC ? glibc_is_at_least(version) : version_is_at_least(version);
}

unsigned
before(unsigned platform, const char *version)
{
	return platform_is(platform) && !is_at_least(platform, version) ? platform : 0;
}

unsigned
since(unsigned platform, const char *version)
{
	return platform_is(platform) && is_at_least(platform, version) ? platform : 0;
}

void
require_instead(const char *file, int line, const char *text, bool condition)
{
	if (!condition)
		check_failed(
		    file, line, "%s does not hold, as the deviation of %s says", text, platform_name(platform()));
}
