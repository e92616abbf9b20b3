/* SPDX-License-Identifier: BSD-2-Clause */

/* Locking System V segments into memory by SHM_LOCK. */

#include <unistd.h>

#include <sys/resource.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "process.h"
#include "segment.h"

INTERFACE(shmctl, NEEDS_SEGMENTS)

CASE(lock_unlock_bit, DOCUMENTED,
    "SHM_LOCK sets SHM_LOCKED in the mode and SHM_UNLOCK clears it, and both leave the memory as it is",
    "Linux shmctl(2)", NEEDS_ROOT, NEEDS_LOCKABLE_PAGES(3), COVERS("shmctl.shm_lock shmctl.shm_unlock"))
{
	int id = segment_create(3 * page_size());
	char *p = segment_attach(id, NULL, 0);
	pattern_store(1, p, 2 * page_size()); /* the last page is first touched when it is locked */

	CHECK_SUCCEEDS(shmctl(id, SHM_LOCK, NULL));
	CHECK_EQ(0600 | SHM_LOCKED, segment_stat(id).shm_perm.mode);
	CHECK_PATTERN(1, p, 2 * page_size());
	CHECK_STORE_OK(&p[2 * page_size()]);
	CHECK_SUCCEEDS(shmctl(id, SHM_LOCK, NULL)); /* is no counter */

	CHECK_SUCCEEDS(shmctl(id, SHM_UNLOCK, NULL));
	CHECK_EQ(0600, segment_stat(id).shm_perm.mode);
	CHECK_PATTERN(1, p, 2 * page_size());
}

static void
lock_within_limit(void *arg)
{
	int id = segment_create_with_key(*(key_t *)arg, page_size(), 0600);

	CHECK_SUCCEEDS(shmctl(id, SHM_LOCK, NULL));
	CHECK_EQ(0600 | SHM_LOCKED, segment_stat(id).shm_perm.mode);
	CHECK_SUCCEEDS(shmctl(id, SHM_UNLOCK, NULL));
	CHECK_EQ(0600, segment_stat(id).shm_perm.mode);
	segment_remove(id);
}

/* Of a user without CAP_IPC_LOCK, whom root may become: the limit stays. */
static void
need_lock_limit(void)
{
	struct rlimit locked;

	REQUIRE(getrlimit(RLIMIT_MEMLOCK, &locked) == 0);
	need(locked.rlim_cur >= (rlim_t)(4 * page_size()), "needs RLIMIT_MEMLOCK of four pages");
}

#define NEEDS_LOCK_LIMIT NEED("RLIMIT_MEMLOCK of four pages", .ask = need_lock_limit)

CASE(lock_unlock_bit__unprivileged, DOCUMENTED,
    "The owner locks and unlocks a segment without privileges, within RLIMIT_MEMLOCK", "Linux 2.6.10 shmctl(2)",
    NEEDS_PLAIN_USER, NEEDS_LOCK_LIMIT)
{
	key_t key = segment_key();

	as_user(plain_user(), lock_within_limit, &key);
}

struct lock_attempt {
	key_t key;
	rlim_t limit;
	int error;
};

static void
lock_beyond_limit(void *arg)
{
	const struct lock_attempt *attempt = arg;
	int id = segment_create_with_key(attempt->key, 4 * page_size(), 0600);
	char *p = segment_attach(id, NULL, 0);

	limit_to(RLIMIT_MEMLOCK, attempt->limit);
	CHECK_FAILS(attempt->error, -1, shmctl(id, SHM_LOCK, NULL));

	CHECK_EQ(0600, segment_stat(id).shm_perm.mode);
	CHECK_STORE_OK(&p[3 * page_size()]);
	segment_remove(id);
}

CASE(lock_rlimit_zero_eperm, DOCUMENTED, "SHM_LOCK by an unprivileged owner fails with EPERM while RLIMIT_MEMLOCK is 0",
    "Linux 2.6.9 shmctl(2)", NEEDS_PLAIN_USER)
{
	struct lock_attempt attempt = { segment_key(), 0, EPERM };

	as_user(plain_user(), lock_beyond_limit, &attempt);
}

CASE(lock_rlimit_enomem, DOCUMENTED,
    "SHM_LOCK by an unprivileged owner of more than RLIMIT_MEMLOCK, which is not 0, fails with ENOMEM",
    "Linux 2.6.9 shmctl(2)", NEEDS_PLAIN_USER)
{
	struct lock_attempt attempt = { segment_key(), page_size(), ENOMEM };

	as_user(plain_user(), lock_beyond_limit, &attempt);
}

static void
locking_is_refused(void *arg)
{
	CHECK_FAILS(EPERM, -1, shmctl(*(int *)arg, SHM_LOCK, NULL));
	CHECK_FAILS(EPERM, -1, shmctl(*(int *)arg, SHM_UNLOCK, NULL));
}

CASE(lock_not_owner_eperm, DOCUMENTED,
    "SHM_LOCK and SHM_UNLOCK by a process that is neither owner, creator nor privileged fail with EPERM",
    "Linux 2.6.10 shmctl(2)", NEEDS_USERS, NEEDS_IPC_PRIVILEGES, NEEDS_CAPABILITY(IPC_LOCK),
    COVERS("shmctl.lock_eperm shmctl.unlock_eperm"))
{
	int id = segment_of_user(OWNER, segment_key(), 0666);

	as_user(OTHER, locking_is_refused, &id);
	CHECK_EQ(0666, segment_stat(id).shm_perm.mode);

	CHECK_SUCCEEDS(shmctl(id, SHM_LOCK, NULL));
	as_user(GROUP_MEMBER, locking_is_refused, &id);
	CHECK_EQ(0666 | SHM_LOCKED, segment_stat(id).shm_perm.mode);
}

/* What older kernels of NetBSD lock is the caller's attachment: without one they do nothing, which is no error. */
CASE(lock_by_root, DOCUMENTED,
    "Root locks a segment by SHM_LOCK and unlocks it by SHM_UNLOCK, and its memory stays as it is", "NetBSD shmctl(2)",
    "illumos shmctl(2)", NEEDS_ROOT, NEEDS_LOCKABLE_PAGES(3))
{
	int id = segment_create(3 * page_size());
	char *p = segment_attach(id, NULL, 0);
	pattern_store(1, p, 2 * page_size());

	CHECK_SUCCEEDS(shmctl(id, SHM_LOCK, NULL));
	CHECK_PATTERN(1, p, 2 * page_size());
	CHECK_STORE_OK(&p[2 * page_size()]);

	CHECK_SUCCEEDS(shmctl(id, SHM_UNLOCK, NULL));
	CHECK_PATTERN(1, p, 2 * page_size());
}

static void
lock_own_segment(void *arg)
{
	int id = segment_create_with_key(*(key_t *)arg, page_size(), 0600);
	segment_attach(id, NULL, 0);

	locking_is_refused(&id);
	segment_remove(id);
}

CASE(lock_by_owner_eperm, DOCUMENTED, "SHM_LOCK and SHM_UNLOCK by an owner without privileges fail with EPERM",
    "NetBSD shmctl(2)", "illumos shmctl(2)", NEEDS_PLAIN_USER)
{
	key_t key = segment_key();

	as_user(plain_user(), lock_own_segment, &key);
}

CASE(lock_unknown, DOCUMENTED, "SHM_LOCK and SHM_UNLOCK are no commands: they fail with EINVAL",
    "FreeBSD sys/kern/sysv_shm.c kern_shmctl_locked()", "OpenBSD sys/kern/sysv_shm.c sys_shmctl()",
    "DragonFly sys/kern/sysv_shm.c sys_shmctl()", "macOS bsd/kern/sysv_shm.c shmctl()")
{
	int id = segment_create(page_size());

	CHECK_FAILS(EINVAL, -1, shmctl(id, SHM_LOCK, NULL));
	CHECK_FAILS(EINVAL, -1, shmctl(id, SHM_UNLOCK, NULL));
}
