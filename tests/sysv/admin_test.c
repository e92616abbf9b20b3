/* SPDX-License-Identifier: BSD-2-Clause */

/* What an administrator sees and sets: /proc and sysctl, and the list of all segments. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "ipc_namespace.h"
#include "process.h"
#include "segment.h"
#include "segment_limits.h"
#include "platform/sysctl.h"

INTERFACE(admin, NEEDS_SEGMENTS)

/* A plain shmget() in a namespace of the case's own, with which the segment goes. */
static int
create(size_t size)
{
	return shmget(IPC_PRIVATE, size, IPC_CREAT | 0600);
}

static void
set_shmmax(__attribute__((unused)) void *arg)
{
	enter_new_ipc_namespace();
	for (size_t value = 1; value <= 2048; value = value * 3 + 1) {
		ipc_limit_set("shmmax", value);
		CHECK_EQ(value, ipc_limit("shmmax"));
		CHECK_NE(-1, create(value));
		CHECK_FAILS(EINVAL, -1, create(value + 1));
	}
}

CASE(proc_shmmax_rw, DOCUMENTED, "/proc/sys/kernel/shmmax shows and sets the limit on the size of a segment",
    "Linux proc(5)", ALSO("limits.shmmax-boundary"), NEEDS_IPC_NAMESPACE)
{
	in_child(set_shmmax, NULL);
}

static void
set_shmall(__attribute__((unused)) void *arg)
{
	enter_new_ipc_namespace();
	for (size_t value = 1; value <= 40; value = value * 3 + 1) {
		ipc_limit_set("shmall", value);
		CHECK_EQ(value, ipc_limit("shmall"));
		int id = create(value * page_size());
		CHECK_NE(-1, id);
		CHECK_FAILS(ENOSPC, -1, create(1));
		segment_remove(id);
	}
}

CASE(proc_shmall_rw, DOCUMENTED, "/proc/sys/kernel/shmall shows and sets the limit on the pages of all segments",
    "Linux proc(5)", ALSO("limits.shmall-boundary"), NEEDS_IPC_NAMESPACE)
{
	in_child(set_shmall, NULL);
}

static void
set_shmmni(__attribute__((unused)) void *arg)
{
	unsigned long count = 0;

	enter_new_ipc_namespace();
	for (unsigned long value = 1; value <= 40; value = value * 3 + 1) {
		ipc_limit_set("shmmni", value);
		CHECK_EQ(value, ipc_limit("shmmni"));
		for (; count < value; count++)
			CHECK_NE(-1, create(1));
		CHECK_FAILS(ENOSPC, -1, create(1));
	}
}

CASE(proc_shmmni_rw, DOCUMENTED, "/proc/sys/kernel/shmmni shows and sets the limit on the number of segments",
    "Linux proc(5)", ALSO("limits.shmmni-boundary"), NEEDS_IPC_NAMESPACE)
{
	in_child(set_shmmni, NULL);
}

/* The header of /proc/sysvipc/shm and the line of one segment. */
struct listing {
	char header[512];
	char line[512];
};

static bool
list_segment(int id, struct listing *l)
{
	FILE *file = fopen("/proc/sysvipc/shm", "r");
	bool found = false;
	int seen;

	REQUIRE(file != NULL);
	REQUIRE(fgets(l->header, sizeof(l->header), file) != NULL);
	while (!found && fgets(l->line, sizeof(l->line), file) != NULL)
		found = sscanf(l->line, "%*s %d", &seen) == 1 && seen == id;
	fclose(file);
	return found;
}

/* The number below this heading. */
static long long
column(const struct listing *l, const char *heading, int base)
{
	char header[512];
	char line[512];
	char *next_heading;
	char *next_value;

	memcpy(header, l->header, sizeof(header));
	memcpy(line, l->line, sizeof(line));
	char *h = strtok_r(header, " \n", &next_heading);
	char *v = strtok_r(line, " \n", &next_value);
	while (h != NULL && v != NULL && strcmp(h, heading) != 0) {
		h = strtok_r(NULL, " \n", &next_heading);
		v = strtok_r(NULL, " \n", &next_value);
	}
	if (h != NULL && v != NULL)
		return strtoll(v, NULL, base);
	end_failed("/proc/sysvipc/shm has no column %s", heading);
}

static void
check_listed(int id)
{
	const struct shmid_ds status = segment_stat(id);
	struct listing l;

	REQUIRE(list_segment(id, &l));
	CHECK_EQ(status.shm_perm.mode, column(&l, "perms", 8));
	CHECK_EQ(status.shm_segsz, column(&l, "size", 10));
	CHECK_EQ(status.shm_cpid, column(&l, "cpid", 10));
	CHECK_EQ(status.shm_lpid, column(&l, "lpid", 10));
	CHECK_EQ(status.shm_nattch, column(&l, "nattch", 10));
	CHECK_EQ(status.shm_perm.uid, column(&l, "uid", 10));
	CHECK_EQ(status.shm_perm.gid, column(&l, "gid", 10));
	CHECK_EQ(status.shm_perm.cuid, column(&l, "cuid", 10));
	CHECK_EQ(status.shm_perm.cgid, column(&l, "cgid", 10));
	CHECK_EQ(status.shm_atime, column(&l, "atime", 10));
	CHECK_EQ(status.shm_dtime, column(&l, "dtime", 10));
	CHECK_EQ(status.shm_ctime, column(&l, "ctime", 10));
}

static void
check_key_listed(key_t key, int id)
{
	struct listing l;

	REQUIRE(list_segment(id, &l));
	CHECK_EQ(key, (key_t)column(&l, "key", 10));
}

CASE(proc_sysvipc_lists, DOCUMENTED,
    "/proc/sysvipc/shm lists attached, removed and private segments, with the key and all that IPC_STAT gives",
    "Linux proc(5)", NEEDS_LIST_OF_SEGMENTS, NEEDS_SEGMENTS_THAT_STAY)
{
	key_t key = segment_key();
	int attached = segment_create_with_key(key, 2 * page_size() + 1, 0640);
	segment_attach(attached, NULL, 0);
	segment_detach(segment_attach(attached, NULL, 0));
	int removed = segment_create(1);
	segment_attach(removed, NULL, 0);
	segment_remove(removed);
	int private = segment_own(shmget(IPC_PRIVATE, page_size(), IPC_CREAT | 0400));
	REQUIRE(private != -1);

	check_listed(attached);
	check_key_listed(key, attached);
	check_listed(removed);
	check_listed(private);
	check_key_listed(IPC_PRIVATE, private);
}

static void
find_in_list(void *arg)
{
	struct shmid_ds status;
	struct listing l;

	CHECK_FAILS(EACCES, -1, shmctl(*(int *)arg, IPC_STAT, &status));
	REQUIRE(list_segment(*(int *)arg, &l));
	CHECK_EQ(0600, column(&l, "perms", 8));
	CHECK_EQ(page_size(), column(&l, "size", 10));
}

CASE(proc_sysvipc_world_readable, DOCUMENTED, "Any user can read /proc/sysvipc/shm, whatever the mode of the segments",
    "Linux shmctl(2)", NEEDS_USERS, NEEDS_IPC_PRIVILEGES, NEEDS_LIST_OF_SEGMENTS)
{
	int id = segment_create(page_size());

	as_user(OTHER, find_in_list, &id);
}

/* shmget() refuses one byte more than shmmax. */
static void
check_refused_above(unsigned long long largest)
{
	if (largest < SIZE_MAX)
		CHECK_FAILS(EINVAL, -1, segment_own(shmget(segment_key(), (size_t)largest + 1, IPC_CREAT | 0600)));
}

/* The limits below this name are told and fit together, and shmget() refuses one byte more than shmmax. */
static void
check_sysctl(const char *parent)
{
	static const char *const names[] = { "shmmax", "shmmin", "shmmni", "shmseg", "shmall" };
	unsigned long long limits[5];
	char name[64];

	for (int i = 0; i < 5; i++) {
		snprintf(name, sizeof(name), "%s.%s", parent, names[i]);
		REQUIRE(sysctl_number(name, &limits[i]));
		CHECK(limits[i] >= 1);
		observed(name, "%llu", limits[i]);
	}
	CHECK(limits[1] <= limits[0]);
	check_refused_above(limits[0]);
}

CASE(freebsd_sysctl, DOCUMENTED,
    "kern.ipc shows shmmax, shmmin, shmmni, shmseg and shmall, and a size above shmmax fails with EINVAL",
    "FreeBSD sys/kern/sysv_shm.c", "DragonFly sys/kern/sysv_shm.c")
{
	check_sysctl("kern.ipc");
}

CASE(openbsd_shminfo_sysctl, DOCUMENTED,
    "kern.shminfo shows shmmax, shmmin, shmmni, shmseg and shmall, and a size above shmmax fails with EINVAL",
    "OpenBSD sys/kern/sysv_shm.c sysctl_sysvshm()", "OpenBSD sysctl(2)")
{
	check_sysctl("kern.shminfo");
}

CASE(macos_sysctl, DOCUMENTED,
    "kern.sysv shows shmmax, shmmin, shmmni, shmseg and shmall, and a size above shmmax fails with EINVAL",
    "macOS bsd/kern/sysv_shm.c")
{
	check_sysctl("kern.sysv");
}

CASE(netbsd_sysctl, DOCUMENTED,
    "kern.ipc shows shmmax, shmmni, shmseg, and the limit on the pages of "
    "all segments as shmmaxpgs, and a size above shmmax fails with EINVAL",
    "NetBSD sys/kern/sysv_shm.c", "NetBSD sysctl(7)")
{
	static const char *const names[] = { "kern.ipc.shmmax", "kern.ipc.shmmni", "kern.ipc.shmseg",
		"kern.ipc.shmmaxpgs" };
	unsigned long long values[nitems(names)];

	for (size_t i = 0; i < nitems(names); i++) {
		REQUIRE(sysctl_number(names[i], &values[i]));
		CHECK(values[i] >= 1);
		observed(names[i], "%llu", values[i]);
	}
	check_refused_above(values[0]);
}

static void
check_supported(const char *name)
{
	unsigned long long value;

	REQUIRE(sysctl_number(name, &value));
	CHECK_EQ(1, value);
}

CASE(netbsd_sysvshm_sysctl, DOCUMENTED, "kern.ipc.sysvshm is 1 where there are segments", "NetBSD sysctl(7)")
{
	check_supported("kern.ipc.sysvshm");
}

CASE(openbsd_sysvshm_sysctl, DOCUMENTED, "kern.sysvshm is 1 where there are segments", "OpenBSD sysctl(2)")
{
	check_supported("kern.sysvshm");
}
