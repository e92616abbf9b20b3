/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdio.h>

#include "platform.h"
#include "segment_limits.h"

/* No case needs more at a time, but those that have a namespace for it. */
enum { SEGMENTS_NEEDED = 16, PAGES_NEEDED = 128 };

static bool
limit_of(const char *name, unsigned long long *value)
{
	char path[64];
	FILE *file;
	bool is_known;

	snprintf(path, sizeof(path), "/proc/sys/kernel/%s", name);
	file = fopen(path, "re");
	if (file == NULL)
		return false;
	is_known = fscanf(file, "%llu", value) == 1;
	fclose(file);
	return is_known;
}

bool
is_over_shmmax(size_t size)
{
	unsigned long long largest;

	return !limit_of("shmmax", &largest) || size > largest;
}

bool
unattached_segments_are_destroyed(void)
{
	unsigned long long forced;

	return limit_of("shm_rmid_forced", &forced) && forced != 0;
}

struct usage {
	unsigned long long segments;
	unsigned long long pages;
};

/* A line of /proc/sysvipc/shm has key, identifier, mode, size, and more. */
static struct usage
usage_now(void)
{
	struct usage usage = { 0, 0 };
	unsigned long long size;
	char line[512];
	FILE *file = fopen("/proc/sysvipc/shm", "re");

	if (file == NULL)
		return usage;
	while (fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, "%*d %*d %*o %llu", &size) == 1) {
			usage.segments++;
			usage.pages += (size + page_size() - 1) / page_size();
		}
	fclose(file);
	return usage;
}

const char *
segment_limit_in_the_way(void)
{
	static char text[96];
	struct usage usage = usage_now();
	unsigned long long limit;

	if (limit_of("shmmni", &limit) && limit < usage.segments + SEGMENTS_NEEDED)
		snprintf(text, sizeof(text), "kernel.shmmni is %llu, of which %llu are there", limit, usage.segments);
	else if (limit_of("shmall", &limit) && limit < usage.pages + PAGES_NEEDED)
		snprintf(text, sizeof(text), "kernel.shmall is %llu, of which %llu are used", limit, usage.pages);
	else if (limit_of("shmmax", &limit) && limit / page_size() < PAGES_NEEDED)
		snprintf(text, sizeof(text), "kernel.shmmax is %llu", limit);
	else
		return NULL;
	return text;
}
