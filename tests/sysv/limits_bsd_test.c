/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Limits on segments that BSDs, macOS and illumos have for the whole system. No case changes them, and a case that uses one up
 * does so only for a moment. The program runs alone: see the Kyuafile.
 */

#include <stdint.h>
#include <stdio.h>

#include "case.h"
#include "ipc_deviations.h"
#include "platform/resource_control.h"
#include "segment.h"
#include "segment_limits.h"
#include "platform/sysctl.h"

INTERFACE(limits, NEEDS_SEGMENTS)

/* The limit by its name at the end, as this platform tells it. */
static bool
limit_of_system(const char *limit, unsigned long long *value)
{
	char name[64];

	snprintf(name, sizeof(name), "%s.%s",
	    platform() == OPENBSD     ? "kern.shminfo"
		: platform() == MACOS ? "kern.sysv"
				      : "kern.ipc",
	    limit);
	return sysctl_number(name, value);
}

/* A boundary can be tried out only where the limit is not beyond what a case may ask for. */
static void
need_small_shmmax(void)
{
	unsigned long long largest;
	bool is_told = limit_of_system("shmmax", &largest);

	need(is_told, "needs a shmmax that sysctl() tells");
	need(
	    largest <= (1ULL << 30) && largest < SIZE_MAX, "needs a shmmax below a gigabyte, here it is %llu", largest);
}

enum { MOST_SEGMENTS = 256 };

static void
need_small_shmmni(void)
{
	unsigned long long limit;
	bool is_told = limit_of_system("shmmni", &limit);

	need(is_told, "needs a shmmni that sysctl() tells");
	need(limit <= MOST_SEGMENTS, "needs a shmmni of at most %d, here it is %llu", MOST_SEGMENTS, limit);
}

#define NEEDS_SMALL_SHMMAX NEED("a shmmax that sysctl() tells, below a gigabyte", .ask = need_small_shmmax)
#define NEEDS_SMALL_SHMMNI NEED("a shmmni that sysctl() tells, of at most 256", .ask = need_small_shmmni)

/* No page of these segments is touched. */
CASE(shmmax_boundary__of_system, SHALL,
    "A segment of the system's maximum size, or one byte less, can be created, and one byte more fails with EINVAL",
    "POSIX.1-2017 shmget() ERRORS", "FreeBSD shmget(2)", "NetBSD shmget(2)",
    "OpenBSD sys/kern/sysv_shm.c shmget_allocate_segment()", "macOS bsd/kern/sysv_shm.c shmget_allocate_segment()",
    "DragonFly shmget(2)", NEEDS_SMALL_SHMMAX)
{
	unsigned long long largest;
	REQUIRE(limit_of_system("shmmax", &largest));
	key_t key = segment_key();

	CHECK_FAILS(EINVAL, -1, segment_own(shmget(key, (size_t)largest + 1, IPC_CREAT | 0600)));
	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
	size_deviates();
	for (size_t size = (size_t)largest - 1; size <= largest; size++) {
		errno = 0;
		int id = segment_own(shmget(key, size, IPC_CREAT | IPC_EXCL | 0600));
		need(id != -1 || (errno != ENOMEM && errno != ENOSPC),
		    "needs room beside the segments that there are: shmget() gives %s", errno_name(errno));
		CHECK_NE(-1, id);
		CHECK_EQ(size, segment_stat(id).shm_segsz);
		segment_remove(id);
	}
}

/* Others have segments too, whose number nobody tells. */
CASE(shmmni_boundary__of_system, SHALL,
    "When there are as many segments as the system allows, a new one fails with ENOSPC until one is removed",
    "POSIX.1-2017 shmget() ERRORS", "macOS shmget(2)", "FreeBSD sys/kern/sysv_shm.c shmget_allocate_segment()",
    "NetBSD sys/kern/sysv_shm.c sys_shmget()", "OpenBSD sys/kern/sysv_shm.c shmget_allocate_segment()",
    "NetBSD shmget(2)", "OpenBSD shmget(2)", ALSO("shmget.enospc-too-many-ids"), NEEDS_SMALL_SHMMNI)
{
	enum { MOST = MOST_SEGMENTS };
	unsigned long long limit;
	REQUIRE(limit_of_system("shmmni", &limit));
	int ids[MOST + 1] = { 0 };
	size_t count = 0;
	key_t keys[MOST + 2]; /* drawn while there is room, so that none is taken for a lack of it */
	for (size_t i = 0; i < nitems(keys); i++)
		keys[i] = segment_key();

	errno = 0;
	while (count <= limit && (ids[count] = shmget(keys[count], 1, IPC_CREAT | IPC_EXCL | 0600)) != -1)
		count++;
	int error = errno;
	need(count > 0 && error != ENOMEM, "needs memory for %llu segments: shmget() gives %s", limit,
	    errno_name(error));
	CHECK(count <= limit);
	CHECK_EQ(ENOSPC, error);

	key_t key = keys[MOST + 1];
	CHECK_FAILS(ENOSPC, -1, shmget(key, 1, IPC_CREAT | 0600));
	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
	segment_remove(ids[count - 1]);
	CHECK_NE(-1, shmget(key, 1, IPC_CREAT | 0600));
	int another;
	CHECK_FAILS(ENOSPC, -1, another = shmget(IPC_PRIVATE, 1, 0600));
	if (another != -1)
		segment_own(another);
	for (size_t i = 0; i + 1 < count; i++)
		segment_remove(ids[i]);
}

/* An administrator may change each of them: the check is that they fit together. */
static void
check_defaults(const char *const *names, const unsigned long long *defaults, size_t count)
{
	bool are_changed = false;
	unsigned long long values[5] = { 0 };

	for (size_t i = 0; i < count; i++) {
		CHECK(limit_of_system(names[i], &values[i]));
		are_changed |= values[i] != defaults[i];
		CHECK(values[i] >= 1);
	}
	CHECK(values[0] / page_size() <= values[1] || are_changed);
	observed("limits", "%s", are_changed ? "changed" : "as compiled in");
}

CASE(defaults_freebsd, OBSERVED,
    "shmmax and shmall are 131072 pages, shmmni is 192 and shmseg is 128, unless an administrator has changed them",
    "FreeBSD sys/kern/sysv_shm.c", NEEDS_PLATFORM(FREEBSD))
{
	static const char *const names[] = { "shmmax", "shmall", "shmmni", "shmseg" };
	const unsigned long long defaults[] = { 131072ULL * page_size(), 131072, 192, 128 };

	check_defaults(names, defaults, nitems(names));
}

CASE(defaults_macos, OBSERVED,
    "shmmax is 4 MiB, shmall 1024 pages, shmmni 32, shmseg 8 and shmmin 1, unless an administrator has changed them",
    "macOS bsd/kern/sysv_shm.c", NEEDS_PLATFORM(MACOS))
{
	static const char *const names[] = { "shmmax", "shmall", "shmmni", "shmseg", "shmmin" };
	const unsigned long long defaults[] = { 4 << 20, 1024, 32, 8, 1 };

	check_defaults(names, defaults, nitems(names));
}

CASE(resource_controls, DOCUMENTED,
    "Resource controls of project and zone are the limits, and a size above the project's limit fails with EINVAL",
    "illumos shmget(2) NOTES", "illumos resource_controls(7)")
{
	static const char *const controls[] = { "project.max-shm-ids", "project.max-shm-memory", "zone.max-shm-ids",
		"zone.max-shm-memory" };
	unsigned long long values[nitems(controls)] = { 0 };

	for (size_t i = 0; i < nitems(controls); i++) {
		CHECK(resource_control(controls[i], &values[i]));
		CHECK(values[i] >= 1);
		observed(controls[i], "%llu", values[i]);
	}
	if (values[1] < SIZE_MAX - 2 * page_size())
		CHECK_FAILS(
		    EINVAL, -1, segment_own(shmget(segment_key(), (size_t)values[1] + page_size(), IPC_CREAT | 0600)));
}
