/* SPDX-License-Identifier: BSD-2-Clause */

/* What an administrator sees and sets: /proc and sysctl, the list of all segments, and shm_rmid_forced. */

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

static void
create_with_key(void *arg)
{
	CHECK_NE(-1, shmget(*(key_t *)arg, page_size(), IPC_CREAT | IPC_EXCL | 0600));
}

static void
force_removal_of_orphans(__attribute__((unused)) void *arg)
{
	enter_new_ipc_namespace();
	key_t unattached = segment_key();
	key_t attached = segment_key();
	in_child(create_with_key, &unattached);
	in_child(create_with_key, &attached);
	char *p = segment_attach(shmget(attached, 0, 0), NULL, 0);
	p[0] = 'a';
	REQUIRE(shmget(unattached, 0, 0) != -1);

	ipc_limit_set("shm_rmid_forced", 1);

	CHECK_FAILS(ENOENT, -1, shmget(unattached, 0, 0));
	CHECK_NE(-1, shmget(attached, 0, 0));
	CHECK_EQ('a', p[0]);
}

CASE(rmid_forced_destroys_orphans, DOCUMENTED,
    "Setting shm_rmid_forced to 1 destroys each segment whose creator has ended and that no process has attached",
    "Linux 3.1 proc(5)", NEEDS_IPC_LIMITS)
{
	in_child(force_removal_of_orphans, NULL);
}

static void
detach_last(__attribute__((unused)) void *arg)
{
	enter_new_ipc_namespace();
	ipc_limit_set("shm_rmid_forced", 1);
	key_t key = segment_key();
	int id = segment_create_with_key(key, page_size(), 0600);
	char *first = segment_attach(id, NULL, 0);
	char *second = segment_attach(id, NULL, 0);

	segment_detach(first);
	CHECK_EQ(id, shmget(key, 0, 0));
	CHECK_EQ(1, segment_stat(id).shm_nattch);
	segment_detach(second);

	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
	CHECK_DESTROYED(id);
}

CASE(rmid_forced_last_detach, DOCUMENTED,
    "With shm_rmid_forced set, the last detach destroys a segment without IPC_RMID", "Linux 3.1 proc(5)",
    NEEDS_IPC_LIMITS)
{
	in_child(detach_last, NULL);
}

static void
let_creator_end(__attribute__((unused)) void *arg)
{
	enter_new_ipc_namespace();
	ipc_limit_set("shm_rmid_forced", 1);
	key_t key = segment_key();
	struct child creator = child_start(create_with_key, &key);

	child_reaches_end(&creator);
	CHECK_NE(-1, shmget(key, 0, 0));
	child_exits(&creator);
	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
}

CASE(rmid_forced_creator_exit, DOCUMENTED,
    "With shm_rmid_forced set, a segment that was never attached is destroyed when its creator ends",
    "Linux 3.1 proc(5)", NEEDS_IPC_LIMITS)
{
	in_child(let_creator_end, NULL);
}

static void
detect_setting(__attribute__((unused)) void *arg)
{
	enter_new_ipc_namespace();
	CHECK_EQ(0, ipc_limit("shm_rmid_forced"));
	ipc_limit_set("shm_rmid_forced", 1);
	CHECK(unattached_segments_are_destroyed());
}

CASE(suite_must_detect_rmid_forced, DOCUMENTED,
    "shm_rmid_forced is 0 by default and reads as 1 after it is set, so that a program can tell that it is set",
    "Linux 3.1 proc(5)", NEEDS_IPC_LIMITS)
{
	in_child(detect_setting, NULL);
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
	if (limits[0] < SIZE_MAX)
		CHECK_FAILS(EINVAL, -1, segment_own(shmget(segment_key(), (size_t)limits[0] + 1, IPC_CREAT | 0600)));
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
    "kern.ipc shows shmmax, shmmni, shmseg, and the limit on the pages of all segments as shmmaxpgs",
    "NetBSD sys/kern/sysv_shm.c", "NetBSD sysctl(7)")
{
	static const char *const names[] = { "kern.ipc.shmmax", "kern.ipc.shmmni", "kern.ipc.shmseg",
		"kern.ipc.shmmaxpgs" };

	for (size_t i = 0; i < nitems(names); i++) {
		unsigned long long value;

		REQUIRE(sysctl_number(names[i], &value));
		CHECK(value >= 1);
		observed(names[i], "%llu", value);
	}
}

static void
need_ipcs(void)
{
	bool works = system("ipcs -s >/dev/null 2>&1") == 0; /* NOLINT(cert-env33-c) */

	need(works, "needs ipcs(1), and processes to run it");
}

#define NEEDS_IPCS NEED("ipcs(1)", .ask = need_ipcs)

/* The line of ipcs that has the identifier as its second word, behind the key or a letter for segments. */
static bool
ipcs_line(int id, char *line, size_t size)
{
	FILE *output = popen("exec ipcs -m", "r"); /* the shell needs no second process */
	bool found = false;
	int seen;

	need(output != NULL, "needs more processes: popen() fails");
	while (!found && fgets(line, (int)size, output) != NULL)
		found = sscanf(line, "%*s %d", &seen) == 1 && seen == id;
	while (fgetc(output) != EOF)
		continue; /* or ipcs would be stopped */
	REQUIRE(pclose(output) == 0);
	return found;
}

CASE(ipcs_shows_segment, DOCUMENTED, "ipcs -m lists a segment with its identifier, and does not mark it as removed",
    "Linux ipcs(1)", "FreeBSD ipcs(1)", "NetBSD ipcs(1)", "macOS ipcs(1)", "OpenBSD ipcs(1)", "DragonFly ipcs(1)",
    NEEDS_IPCS)
{
	int id = segment_create(page_size());
	char line[512];
	segment_attach(id, NULL, 0);

	CHECK(ipcs_line(id, line, sizeof(line)));
	CHECK(strstr(line, "dest") == NULL);
}

CASE(ipcs_shows_segment__removed, OBSERVED, "ipcs -m marks a removed segment that is still attached as \"dest\"",
    "Linux util-linux sys-utils/ipcs.c do_shm()", NEEDS_PLATFORM(LINUX), NEEDS_IPCS)
{
	int id = segment_create(page_size());
	char line[512];
	segment_attach(id, NULL, 0);

	segment_remove(id);

	CHECK(ipcs_line(id, line, sizeof(line)));
	CHECK(strstr(line, "dest") != NULL);
	observed("ipcs-of-removed", "dest");
}
