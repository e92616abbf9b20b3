/* SPDX-License-Identifier: BSD-2-Clause */

/* The rights that capabilities of Linux give to what the mode and the owner of a segment refuse. */

#include <sys/resource.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "process.h"
#include "segment.h"

INTERFACE(permissions, NEEDS_SEGMENTS, NEEDS_USERS, NEEDS_IPC_PRIVILEGES)

/* Of a third party, who has nothing but this capability. */
static void
become_third_party(enum capability which)
{
	bool is_kept = become_with_capability(which, user_id(OTHER), group_id(OTHER));

	need(is_kept, "needs to keep %s as an ordinary user: %s", capability_name(which), errno_name(errno));
}

/* A segment of another user that a third party may not use, and that no setting of the system destroys. */
static int
forbidden_segment(key_t key)
{
	int id = segment_create_with_key(key, page_size(), 0600);

	segment_attach(id, NULL, 0);
	segment_give(id, OWNER, OWNER, 0);
	return id;
}

static void
use_cap_ipc_owner(void *arg)
{
	key_t key = *(key_t *)arg;
	int id = shmget(key, 0, 0);
	struct shmid_ds status;

	become_third_party(CAPABILITY_IPC_OWNER);
	CHECK_EQ(id, shmget(key, 0, 0600));
	CHECK_SUCCEEDS(shmctl(id, IPC_STAT, &status));
	CHECK_STORE_OK((char *)segment_attach(id, NULL, 0));
	CHECK_FAILS(EPERM, -1, shmctl(id, IPC_SET, &status)); /* that takes CAP_SYS_ADMIN */
	CHECK_FAILS(EPERM, -1, shmctl(id, IPC_RMID, NULL));
}

CASE(cap_ipc_owner, DOCUMENTED,
    "CAP_IPC_OWNER overrides the mode for shmget(), attach and IPC_STAT, and gives no right to IPC_SET and IPC_RMID",
    "Linux shmctl(2)", "Linux shmget(2)", "Linux shmop(2)")
{
	key_t key = segment_key();
	int id = forbidden_segment(key);

	in_child(use_cap_ipc_owner, &key);
	CHECK_EQ(user_id(OWNER), segment_stat(id).shm_perm.uid);
}

static void
use_cap_sys_admin(void *arg)
{
	int id = *(int *)arg;
	struct shmid_ds change = segment_stat(id);

	change.shm_perm.mode = 0640;
	become_third_party(CAPABILITY_SYS_ADMIN);
	CHECK_FAILS(EACCES, -1, shmctl(id, IPC_STAT, &change)); /* that takes CAP_IPC_OWNER */
	CHECK_FAILS(EACCES, (void *)-1, shmat(id, NULL, SHM_RDONLY));
	CHECK_SUCCEEDS(shmctl(id, IPC_SET, &change));
	pause_for_parent();
	CHECK_SUCCEEDS(shmctl(id, IPC_RMID, NULL));
}

CASE(cap_sys_admin, DOCUMENTED,
    "CAP_SYS_ADMIN gives the right to IPC_SET and IPC_RMID, and does not override the mode for attach and IPC_STAT",
    "Linux shmctl(2)", "Linux shmop(2)")
{
	key_t key = segment_key();
	int id = forbidden_segment(key);
	struct child c = child_start(use_cap_sys_admin, &id);
	child_reaches_pause(&c);

	CHECK_EQ(0640, segment_stat(id).shm_perm.mode);
	child_goes_on(&c);
	child_exits(&c);
	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
}

static void
use_cap_ipc_lock(void *arg)
{
	int id = *(int *)arg;

	limit_to(RLIMIT_MEMLOCK, 0);
	become_third_party(CAPABILITY_IPC_LOCK);
	CHECK_SUCCEEDS(shmctl(id, SHM_LOCK, NULL));
	pause_for_parent();
	CHECK_SUCCEEDS(shmctl(id, SHM_UNLOCK, NULL));
}

CASE(cap_ipc_lock, DOCUMENTED,
    "CAP_IPC_LOCK gives the right to lock and unlock the segment of another user, whatever RLIMIT_MEMLOCK is",
    "Linux shmctl(2)", NEEDS_CAPABILITY_OF_SYSTEM(IPC_LOCK), NEEDS_LOCKABLE_PAGES(1))
{
	int id = forbidden_segment(segment_key());
	struct child c = child_start(use_cap_ipc_lock, &id);
	child_reaches_pause(&c);

	CHECK_EQ(SHM_LOCKED, segment_stat(id).shm_perm.mode);
	child_goes_on(&c);
	child_exits(&c);
	CHECK_EQ(0, segment_stat(id).shm_perm.mode);
}
