/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "check.h"
#include "platform.h"
#include "segment_limits.h"
#include "platform/sysctl.h"

/* Only cases that have a namespace of their own need more than this. */
enum { SEGMENTS_NEEDED = 16, PAGES_NEEDED = 128 };

enum limit { SHMMAX, SHMMNI, SHMALL, SHMSEG, SHM_RMID_FORCED, SHM_ALLOW_REMOVED };

/* As sysctl spells it on this platform. A null pointer where it has none of that kind. */
static const char *
name_of(enum limit limit)
{
	static const char *const linux_names[] = { "kernel.shmmax", "kernel.shmmni", "kernel.shmall", NULL,
		"kernel.shm_rmid_forced", NULL };
	static const char *const freebsd_names[] = { "kern.ipc.shmmax", "kern.ipc.shmmni", "kern.ipc.shmall",
		"kern.ipc.shmseg", NULL, "kern.ipc.shm_allow_removed" }; /* the last is not on an older DragonFly */
	static const char *const netbsd_names[] = { "kern.ipc.shmmax", "kern.ipc.shmmni", "kern.ipc.shmmaxpgs",
		"kern.ipc.shmseg", NULL, NULL };
	static const char *const openbsd_names[] = { "kern.shminfo.shmmax", "kern.shminfo.shmmni",
		"kern.shminfo.shmall", "kern.shminfo.shmseg", NULL, NULL };
	static const char *const macos_names[] = { "kern.sysv.shmmax", "kern.sysv.shmmni", "kern.sysv.shmall",
		"kern.sysv.shmseg", NULL, NULL };

	switch (platform()) {
	case LINUX:
		return linux_names[limit];
	case FREEBSD:
	case DRAGONFLY:
		return freebsd_names[limit];
	case NETBSD:
		return netbsd_names[limit];
	case OPENBSD:
		return openbsd_names[limit];
	case MACOS:
		return macos_names[limit];
	default:
		return NULL;
	}
}

/* On Linux "kernel.shmmax" is a file. */
static bool
number_in_proc(const char *name, unsigned long long *value)
{
	char path[64];
	FILE *file;
	bool is_known;

	snprintf(path, sizeof(path), "/proc/sys/kernel/%s", name + sizeof("kernel.") - 1);
	file = fopen(path, "re");
	if (file == NULL)
		return false;
	is_known = fscanf(file, "%llu", value) == 1;
	fclose(file);
	return is_known;
}

static bool
limit_of(enum limit limit, unsigned long long *value)
{
	const char *name = name_of(limit);

	if (name == NULL)
		return false;
	return platform() == LINUX ? number_in_proc(name, value) : sysctl_number(name, value);
}

bool
is_over_shmmax(size_t size)
{
	unsigned long long largest;

	return !limit_of(SHMMAX, &largest) || size > largest;
}

bool
unattached_segments_are_destroyed(void)
{
	unsigned long long forced;

	return limit_of(SHM_RMID_FORCED, &forced) && forced != 0;
}

bool
removed_segments_can_be_attached(void)
{
	unsigned long long allowed;

	if (platform_is(LINUX | OPENBSD))
		return true;
	return limit_of(SHM_ALLOW_REMOVED, &allowed) && allowed != 0;
}

size_t
largest_segment_if_alone(void)
{
	unsigned long long largest;
	unsigned long long pages;

	if (!limit_of(SHMMAX, &largest) || !limit_of(SHMALL, &pages))
		return 0;
	return largest <= SIZE_MAX && largest / page_size() >= pages ? (size_t)largest : 0;
}

unsigned long long
attachments_of_process(void)
{
	unsigned long long count;

	return limit_of(SHMSEG, &count) ? count : 0;
}

bool
address_limit_is_for_attachments(void)
{
	return RLIMIT_AS != -1 && !platform_is(FREEBSD | NETBSD | DRAGONFLY | MACOS);
}

static const char list[] = "/proc/sysvipc/shm";

void
need_list_of_segments(void)
{
	if (access(list, R_OK) == -1)
		end_skipped("needs %s: %s", list, errno_name(errno));
}

struct usage {
	unsigned long long segments;
	unsigned long long pages;
};

/* A line of /proc/sysvipc/shm of Linux has key, identifier, mode, size, and more. */
static struct usage
usage_now(void)
{
	struct usage usage = { 0, 0 };
	unsigned long long size;
	char line[512];
	FILE *file = fopen(list, "re");

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

	if (limit_of(SHMMNI, &limit) && limit < usage.segments + SEGMENTS_NEEDED)
		snprintf(
		    text, sizeof(text), "%s is %llu, of which %llu are there", name_of(SHMMNI), limit, usage.segments);
	else if (limit_of(SHMALL, &limit) && limit < usage.pages + PAGES_NEEDED)
		snprintf(text, sizeof(text), "%s is %llu, of which %llu are used", name_of(SHMALL), limit, usage.pages);
	else if (limit_of(SHMMAX, &limit) && limit / page_size() < PAGES_NEEDED)
		snprintf(text, sizeof(text), "%s is %llu", name_of(SHMMAX), limit);
	else
		return NULL;
	return text;
}
