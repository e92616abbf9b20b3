/* SPDX-License-Identifier: BSD-2-Clause */

/* Removing System V segments by IPC_RMID: at once, and while they are attached. */

#include <string.h>
#include <unistd.h>

#include "case.h"
#include "ipc_deviations.h"
#include "process.h"
#include "segment.h"

INTERFACE(shmctl, NEEDS_SEGMENTS)

static void
check_all_gone(int id, key_t key)
{
	CHECK_DESTROYED(id);
	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
}

CASE(rmid_unattached_destroys, SHALL, "IPC_RMID of a segment without attachments destroys it at once",
    "POSIX.1-2017 shmctl() DESCRIPTION", "Linux shmctl(2)", "illumos shmctl(2)", "FreeBSD shmctl(2)",
    "NetBSD shmctl(2)", "OpenBSD shmctl(2)", "DragonFly shmctl(2)", "macOS shmctl(2)", COVERS("shmctl.rmid"))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, page_size(), 0600);

	CHECK_SUCCEEDS(shmctl(id, IPC_RMID, NULL));

	check_all_gone(id, key);
}

CASE(rmid_unattached_destroys__after_use, SHALL,
    "IPC_RMID destroys at once a segment that was attached twice and detached again",
    "POSIX.1-2017 shmctl() DESCRIPTION", "Linux shmctl(2)", "illumos shmctl(2)", "FreeBSD shmctl(2)",
    "NetBSD shmctl(2)", "OpenBSD shmctl(2)", "DragonFly shmctl(2)", "macOS shmctl(2)", NEEDS_SEGMENTS_THAT_STAY)
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 2 * page_size(), 0600);
	char *p = segment_attach(id, NULL, 0);
	char *second = segment_attach(id, NULL, 0);
	p[page_size()] = 'a';
	segment_detach(p);
	segment_detach(second);

	CHECK_SUCCEEDS(shmctl(id, IPC_RMID, NULL));

	check_all_gone(id, key);
}

static void
use_removed(void *arg)
{
	char *p = arg;

	pause_for_parent(); /* who removes the segment */
	CHECK_PATTERN(1, p, 3 * page_size());
	pattern_store(2, p, 3 * page_size());
	pause_for_parent(); /* who detaches it */
	CHECK_PATTERN(2, p, 3 * page_size());
	pattern_store(3, p, 3 * page_size());
	CHECK_PATTERN(3, p, 3 * page_size());
	segment_detach(p);
}

CASE(rmid_attached_keeps_data, SHALL,
    "A segment that is removed while attached stays shared memory until the last detach",
    "POSIX.1-2017 shmctl() DESCRIPTION", "Linux shmctl(2)", "FreeBSD shmctl(2)", "illumos shmctl(2)",
    "DragonFly shmctl(2)", COVERS("shmctl.rmid_attached_usable"))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 3 * page_size(), 0600);
	char *p = segment_attach(id, NULL, 0);
	pattern_store(0, p, 2 * page_size());
	struct child c = child_start(use_removed, p);
	child_reaches_pause(&c);

	CHECK_SUCCEEDS(shmctl(id, IPC_RMID, NULL));
	CHECK_PATTERN(0, p, 2 * page_size());
	pattern_store(1, p, 3 * page_size()); /* the last page is one that nobody had touched */
	child_goes_on(&c);
	child_reaches_pause(&c);
	CHECK_PATTERN(2, p, 3 * page_size());

	CHECK_SUCCEEDS(shmdt(p));
	child_goes_on(&c);
	child_reaches_end(&c);
	check_all_gone(id, key);
	child_exits(&c);
}

static void
rmid_is_refused(void *arg)
{
	CHECK_FAILS(EPERM, -1, shmctl(*(int *)arg, IPC_RMID, NULL));
}

CASE(rmid_eperm, SHALL,
    "IPC_RMID by a process that is neither owner, creator nor privileged fails with EPERM and removes nothing",
    "POSIX.1-2017 shmctl() ERRORS", "Linux shmctl(2)", "FreeBSD shmctl(2)", "NetBSD shmctl(2)", "OpenBSD shmctl(2)",
    "macOS shmctl(2)", "illumos shmctl(2)", "DragonFly shmctl(2)", NEEDS_USERS, NEEDS_IPC_PRIVILEGES,
    COVERS("shmctl.rmid_eperm"))
{
	key_t key = segment_key();
	int id = segment_of_user(OWNER, key, 0600);
	char *p = segment_attach(id, NULL, 0);
	pattern_store(1, p, page_size());

	refusal_to_change_defect();
	as_user(GROUP_MEMBER, rmid_is_refused, &id);
	as_user(OTHER, rmid_is_refused, &id);

	CHECK_EQ(id, shmget(key, 0, 0));
	CHECK_EQ(1, segment_stat(id).shm_nattch);
	CHECK_PATTERN(1, p, page_size());
	CHECK_NE((void *)-1, shmat(id, NULL, 0)); /* not even marked */
}

CASE(rmid_null_buffer, SHALL, "IPC_RMID does not use buf, which may be null", "POSIX.1-2017 shmctl() DESCRIPTION",
    "Linux shmctl(2)", COVERS("shmctl.rmid_unattached_immediate"))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, page_size(), 0600);
	struct shmid_ds untouched;

	CHECK_SUCCEEDS(shmctl(id, IPC_RMID, NULL));
	check_all_gone(id, key);

	id = segment_create_with_key(key, page_size(), 0600);
	memset(&untouched, 0xa5, sizeof(untouched));
	CHECK_SUCCEEDS(shmctl(id, IPC_RMID, &untouched));
	CHECK_BYTES(0xa5, &untouched, sizeof(untouched));
	check_all_gone(id, key);
}

CASE(rmid_twice, MAY,
    "A second IPC_RMID of a segment fails with EINVAL or EIDRM, or succeeds while it is still attached",
    "POSIX.1-2017 shmctl() ERRORS", CHOICE("illumos shmctl(2)", "second-removal-while-attached", "EINVAL"),
    CHOICE("NetBSD sys/kern/sysv_shm.c shm_find_segment_by_shmid()", "second-removal-while-attached", "EINVAL"),
    COVERS("shmctl.removed_eidrm"))
{
	int id = segment_create(page_size());
	segment_remove(id);
	CHECK_FAILS_AS_REMOVED(-1, shmctl(id, IPC_RMID, NULL));

	int attached = segment_create(page_size());
	char *p = segment_attach(attached, NULL, 0);
	*p = 'a';
	segment_remove(attached);
	errno = 0;
	int again = shmctl(attached, IPC_RMID, NULL);
	int error = errno;

	CHECK(again == 0 || says_removed(error));
	CHECK_EQ('a', *p);
	observed("second-removal-while-attached", "%s", again == 0 ? "succeeds" : errno_name(error));
}

CASE(rmid_hides_key, SHALL,
    "After IPC_RMID of an attached segment its key finds no segment, or the new one that is created with it",
    "POSIX.1-2017 shmctl() DESCRIPTION", COVERS("shmget.removed_key"))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, page_size(), 0600);
	char *p = segment_attach(id, NULL, 0);
	memset(p, 'a', page_size());

	CHECK_SUCCEEDS(shmctl(id, IPC_RMID, NULL));

	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
	int other = segment_create_with_key(key, page_size(), 0600);
	char *q = segment_attach(other, NULL, 0);
	CHECK_NE(id, other);
	CHECK_BYTES(0, q, page_size());
	memset(q, 'b', page_size());
	CHECK_BYTES('a', p, page_size());

	segment_detach(p); /* which destroys the old one and not the one that has the key now */
	CHECK_EQ(other, shmget(key, 0, 0));
	CHECK_BYTES('b', q, page_size());
}

CASE(rmid_then_stat, MAY,
    "IPC_STAT of a removed segment that is still attached gives count, size and creator, or fails with EINVAL or EIDRM",
    "POSIX.1-2017 shmctl() DESCRIPTION", "FreeBSD sys/kern/sysv_shm.c shm_find_segment()",
    "OpenBSD sys/kern/sysv_shm.c shm_find_segment_by_shmid()",
    "DragonFly sys/kern/sysv_shm.c shm_find_segment_by_shmid()",
    "macOS bsd/kern/sysv_shm.c shm_find_segment_by_shmid()", "illumos usr/src/uts/common/os/ipc.c ipc_lookup()",
    CHOICE("Linux shmctl(2)", "stat-after-removal", "works"),
    CHOICE("DragonFly shmctl(2)", "stat-after-removal", "works"),
    CHOICE("illumos shmctl(2)", "stat-after-removal", "EINVAL"),
    CHOICE("NetBSD sys/kern/sysv_shm.c shm_find_segment_by_shmid()", "stat-after-removal", "EINVAL"))
{
	int id = segment_create(2 * page_size());
	segment_attach(id, NULL, 0);
	segment_remove(id);
	struct shmid_ds status;

	memset(&status, 0xa5, sizeof(status));
	errno = 0;
	int result = shmctl(id, IPC_STAT, &status);
	int error = errno;

	if (result == 0) {
		CHECK_EQ(1, status.shm_nattch);
		CHECK_EQ(2 * page_size(), status.shm_segsz);
		CHECK_EQ(getpid(), status.shm_cpid);
	} else {
		CHECK(says_removed(error));
	}
	observed("stat-after-removal", "%s", result == 0 ? "works" : errno_name(error));
}

static void
need_key_in_status(void)
{
	struct shmid_ds status;
	key_t key;

	memset(&status, 0, sizeof(status));
	need(key_in_status(&status, &key), "needs a key in struct ipc_perm");
}

#define NEEDS_KEY_IN_STATUS NEED("a key in struct ipc_perm", .ask = need_key_in_status)

CASE(rmid_sets_key_private, OBSERVED,
    "After a removal IPC_STAT shows IPC_PRIVATE as the key of a segment that is still attached, or the key as before",
    "FreeBSD sys/kern/sysv_shm.c shm_remove()", "OpenBSD sys/kern/sysv_shm.c sys_shmctl()", "Linux ipc/shm.c",
    NEEDS_KEY_IN_STATUS)
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, page_size(), 0600);
	segment_attach(id, NULL, 0);
	segment_remove(id);
	struct shmid_ds status;
	key_t shown;
	int result = shmctl(id, IPC_STAT, &status);

	need(result == 0, "needs IPC_STAT of a removed segment: %s", errno_name(errno));
	REQUIRE(key_in_status(&status, &shown));

	CHECK(shown == IPC_PRIVATE || shown == key);
	observed("key-after-removal", "%s", shown == IPC_PRIVATE ? "IPC_PRIVATE" : "as before");
}
