/* SPDX-License-Identifier: BSD-2-Clause */

/* The commands of shmctl() that Linux adds: limits, usage, walking through all segments. */

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "ipc_namespace.h"
#include "linux_shmctl.h"
#include "process.h"
#include "segment.h"

INTERFACE(shmctl, NEEDS_SEGMENTS)

/* A program with words of 32 bits may run on a kernel whose limits it cannot be shown. */
static void
check_limit(unsigned long of_kernel, unsigned long shown)
{
	if (of_kernel != ULONG_MAX)
		CHECK_EQ(of_kernel, shown);
	else
		CHECK(shown >= INT_MAX);
}

CASE(ipc_info, DOCUMENTED, "IPC_INFO gives the limits that /proc/sys/kernel shows, and 1 as the lowest size",
    "Linux shmctl(2)", COVERS("shmctl.ipc_info"))
{
	struct shminfo info;
	segment_create(page_size());

	memset(&info, 0xa5, sizeof(info));
	CHECK(shmctl(0, IPC_INFO, (void *)&info) >= 0);

	check_limit(ipc_limit("shmmax"), info.shmmax);
	check_limit(ipc_limit("shmmni"), info.shmmni);
	check_limit(ipc_limit("shmall"), info.shmall);
	CHECK_EQ(1, info.shmmin);
}

static void
change_limits(__attribute__((unused)) void *arg)
{
	struct shminfo info;

	enter_new_ipc_namespace();
	ipc_limit_set("shmmax", 2 * page_size() + 1);
	ipc_limit_set("shmmni", 17);
	ipc_limit_set("shmall", 23);

	segment_create(1);
	segment_create(1);
	int last = segment_create(1);
	CHECK_EQ(segment_index(last), shmctl(0, IPC_INFO, (void *)&info));

	CHECK_EQ(2 * page_size() + 1, info.shmmax);
	CHECK_EQ(17, info.shmmni);
	CHECK_EQ(23, info.shmall);
}

CASE(ipc_info__changed_limits, DOCUMENTED,
    "IPC_INFO shows a changed limit at once and returns the highest index that is in use", "Linux shmctl(2)",
    NEEDS_IPC_LIMITS)
{
	in_child(change_limits, NULL);
}

static void
count_segments(__attribute__((unused)) void *arg)
{
	struct shm_info info;

	enter_new_ipc_namespace();
	memset(&info, 0xa5, sizeof(info));
	CHECK_EQ(0, shmctl(0, SHM_INFO, (void *)&info));
	CHECK_EQ(0, info.used_ids);
	CHECK_EQ(0, info.shm_tot);

	int two_pages = segment_create(page_size() + 1);
	int three_pages = segment_create(3 * page_size());
	char *p = segment_attach(three_pages, NULL, 0);
	p[0] = p[page_size()] = 'a';
	CHECK_EQ(segment_index(three_pages), shmctl(0, SHM_INFO, (void *)&info));
	CHECK_EQ(2, info.used_ids);
	CHECK_EQ(2 + 3, info.shm_tot);
	CHECK(info.shm_rss + info.shm_swp >= 2); /* more where pages are huge */

	segment_remove(two_pages);
	segment_remove(three_pages); /* is there until it is detached */
	CHECK_NE(-1, shmctl(0, SHM_INFO, (void *)&info));
	CHECK_EQ(1, info.used_ids);
	CHECK_EQ(3, info.shm_tot);
	segment_detach(p);
	CHECK_NE(-1, shmctl(0, SHM_INFO, (void *)&info));
	CHECK_EQ(0, info.used_ids);
	CHECK_EQ(0, info.shm_tot);
}

CASE(shm_info, DOCUMENTED, "SHM_INFO counts the segments that exist and their pages", "Linux shmctl(2)",
    NEEDS_IPC_NAMESPACE, COVERS("shmctl.rmid_frees"))
{
	in_child(count_segments, NULL);
}

CASE(shm_stat_index, DOCUMENTED,
    "SHM_STAT takes an index, fills in a shmid_ds as IPC_STAT does and returns the segment's identifier",
    "Linux shmctl(2)", COVERS("shmctl.stat_segsz shmctl.stat_cpid shmctl.shm_stat_same shmctl.shm_stat"))
{
	int id = segment_create_with_key(segment_key(), 2 * page_size() + 1, 0640);
	segment_attach(id, NULL, 0);
	struct shmid_ds expected = segment_stat(id);
	struct shmid_ds status;
	int at = segment_index(id);

	memset(&status, 0xa5, sizeof(status));
	CHECK_EQ(id, shmctl(at, SHM_STAT, &status));

	CHECK_EQ(geteuid(), status.shm_perm.uid);
	CHECK_EQ(getegid(), status.shm_perm.gid);
	CHECK_EQ(geteuid(), status.shm_perm.cuid);
	CHECK_EQ(getegid(), status.shm_perm.cgid);
	CHECK_EQ(0640, status.shm_perm.mode);
	CHECK_EQ(2 * page_size() + 1, status.shm_segsz);
	CHECK_EQ(getpid(), status.shm_cpid);
	CHECK_EQ(getpid(), status.shm_lpid);
	CHECK_EQ(1, status.shm_nattch);
	CHECK_EQ(expected.shm_atime, status.shm_atime);
	CHECK_EQ(expected.shm_dtime, status.shm_dtime);
	CHECK_EQ(expected.shm_ctime, status.shm_ctime);
}

static void
stat_unused(void *arg)
{
	int command = *(int *)arg;
	struct shmid_ds status;

	enter_new_ipc_namespace();
	int first = segment_create(page_size());
	int middle = segment_create(page_size());
	int last = segment_create(page_size());
	int unused = segment_index(middle);
	int beyond = segment_index(last) + 1;
	segment_remove(middle);

	CHECK_FAILS(EINVAL, -1, shmctl(unused, command, &status));
	CHECK_FAILS(EINVAL, -1, shmctl(beyond, command, &status));
	CHECK_FAILS(EINVAL, -1, shmctl(-1, command, &status));

	CHECK_EQ(first, shmctl(segment_index(first), command, &status));
	CHECK_EQ(last, shmctl(segment_index(last), command, &status));
}

CASE(shm_stat_unused_slot, DOCUMENTED, "SHM_STAT of an index that is not in use fails with EINVAL", "Linux shmctl(2)",
    NEEDS_IPC_NAMESPACE)
{
	int command = SHM_STAT;

	in_child(stat_unused, &command);
}

CASE(shm_stat_unused_slot__any, DOCUMENTED, "SHM_STAT_ANY of an index that is not in use fails with EINVAL",
    "Linux 4.17 shmctl(2)", NEEDS_IPC_NAMESPACE)
{
	int command = SHM_STAT_ANY;

	in_child(stat_unused, &command);
}

static void
stat_is_refused(void *arg)
{
	struct shmid_ds status;

	CHECK_FAILS(EACCES, -1, shmctl(*(int *)arg, SHM_STAT, &status));
}

CASE(shm_stat_permission, DOCUMENTED, "SHM_STAT of a segment that the caller may not read fails with EACCES",
    "Linux shmctl(2)", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	int at = segment_index(segment_of_user(OWNER, segment_key(), 0600));

	as_user(OTHER, stat_is_refused, &at);
	as_user(GROUP_MEMBER, stat_is_refused, &at);
}

static void
stat_any(void *arg)
{
	const int *of = arg; /* index and identifier */
	struct shmid_ds status;

	memset(&status, 0xa5, sizeof(status));
	CHECK_EQ(of[1], shmctl(of[0], SHM_STAT_ANY, &status));
	CHECK_EQ(0600, status.shm_perm.mode);
	CHECK_EQ(user_id(OWNER), status.shm_perm.uid);
	CHECK_EQ(page_size(), status.shm_segsz);
	CHECK_EQ(0, status.shm_nattch);
}

CASE(shm_stat_permission__any, DOCUMENTED, "SHM_STAT_ANY gives the status to any user, whatever the segment's mode",
    "Linux 4.17 shmctl(2)", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	int id = segment_of_user(OWNER, segment_key(), 0600);
	int of[2] = { segment_index(id), id };

	as_user(OTHER, stat_any, of);
}

CASE(shm_dest_bit, DOCUMENTED, "IPC_STAT of a removed, still attached segment shows SHM_DEST in the mode",
    "Linux shmctl(2)", COVERS("shmctl.shm_dest"))
{
	int id = segment_create(page_size());
	segment_attach(id, NULL, 0);

	CHECK_EQ(0600, segment_stat(id).shm_perm.mode);
	segment_remove(id);
	CHECK_EQ(0600 | SHM_DEST, segment_stat(id).shm_perm.mode);
}
