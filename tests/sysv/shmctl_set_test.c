/* SPDX-License-Identifier: BSD-2-Clause */

/* Changing owner, group and mode of System V segments by IPC_SET. */

#include <string.h>
#include <unistd.h>

#include "case.h"
#include "clock.h"
#include "fault.h"
#include "ipc_deviations.h"
#include "process.h"
#include "segment.h"

INTERFACE(shmctl, NEEDS_SEGMENTS)

CASE(set_uid_gid_mode, SHALL, "IPC_SET sets owner user ID, owner group ID and the nine permission bits from the buffer",
    "POSIX.1-2017 shmctl() DESCRIPTION", "Linux shmctl(2)", "FreeBSD shmctl(2)", "NetBSD shmctl(2)",
    "OpenBSD shmctl(2)", "macOS shmctl(2)", "illumos shmctl(2)", "DragonFly shmctl(2)", NEEDS_USERS,
    NEEDS_IPC_PRIVILEGES, COVERS("shmctl.set_mode"))
{
	int id = segment_create(page_size());
	struct shmid_ds status = segment_stat(id);

	status.shm_perm.uid = user_id(OTHER);
	status.shm_perm.gid = group_id(GROUP_MEMBER);
	status.shm_perm.mode = 0246;
	CHECK_SUCCEEDS(shmctl(id, IPC_SET, &status));

	status = segment_stat(id);
	CHECK_EQ(user_id(OTHER), status.shm_perm.uid);
	CHECK_EQ(group_id(GROUP_MEMBER), status.shm_perm.gid);
	CHECK_EQ(0246, status.shm_perm.mode & 0777);
	CHECK_EQ(geteuid(), status.shm_perm.cuid);
	CHECK_EQ(getegid(), status.shm_perm.cgid);
}

CASE(set_uid_gid_mode__each_bit, SHALL, "IPC_SET sets each permission bit from the buffer, and no other",
    "POSIX.1-2017 shmctl() DESCRIPTION", "Linux shmctl(2)", "FreeBSD shmctl(2)", "NetBSD shmctl(2)",
    "OpenBSD shmctl(2)", "DragonFly shmctl(2)", "macOS shmctl(2)", "illumos shmctl(2)",
    COVERS("shmctl.set_mode_restore"))
{
	int id = segment_create(page_size());
	struct shmid_ds change = segment_stat(id);

	for (int bit = 0001; bit <= 0400; bit <<= 1) {
		int mode = 0400 | bit; /* which the caller needs to look */

		change.shm_perm.mode = (mode_t)mode;
		CHECK_SUCCEEDS(shmctl(id, IPC_SET, &change));
		CHECK_EQ(mode, segment_stat(id).shm_perm.mode & 0777);
	}
}

CASE(set_only_nine_bits, SHALL, "IPC_SET takes only the low-order nine bits of the mode",
    "POSIX.1-2017 shmctl() DESCRIPTION", "Linux shmctl(2)", "illumos shmctl(2)", COVERS("BS28"))
{
	int id = segment_create(page_size());
	struct shmid_ds before = segment_stat(id);
	struct shmid_ds change = before;

	change.shm_perm.mode = 07604;
	CHECK_SUCCEEDS(shmctl(id, IPC_SET, &change));

	CHECK_EQ(0604, segment_stat(id).shm_perm.mode & 0777);
	CHECK_EQ(before.shm_perm.mode & 07000, segment_stat(id).shm_perm.mode & 07000); /* the system's own */
}

CASE(set_ignores_other_members, SHALL,
    "IPC_SET ignores all members of the buffer but the owner, its group and the mode",
    "POSIX.1-2017 shmctl() DESCRIPTION", "Linux shmctl(2)", ALSO("shmid_ds.cuid-cgid-constant"), COVERS("BS29"))
{
	size_t size = 2 * page_size() + 1;
	int id = segment_create(size);
	char *p = segment_attach(id, NULL, 0);
	pattern_store(1, p, size);
	struct shmid_ds before = segment_stat(id);
	struct shmid_ds nonsense;

	memset(&nonsense, 0x5a, sizeof(nonsense));
	nonsense.shm_perm.uid = before.shm_perm.uid;
	nonsense.shm_perm.gid = before.shm_perm.gid;
	nonsense.shm_perm.mode = before.shm_perm.mode;
	time_t start = coarse_time();
	CHECK_SUCCEEDS(shmctl(id, IPC_SET, &nonsense));
	time_t end = coarse_time();

	struct shmid_ds after = segment_stat(id);
	CHECK_TIME_BETWEEN(start, end, after.shm_ctime);
	before.shm_ctime = after.shm_ctime;
	CHECK_STATUS_UNCHANGED(before, id);
	CHECK_PATTERN(1, p, size);
}

static void
check_set_leaves_rest(int id)
{
	struct shmid_ds before = segment_stat(id);

	CHECK_SUCCEEDS(shmctl(id, IPC_SET, &before));

	before.shm_ctime = segment_stat(id).shm_ctime;
	CHECK_STATUS_UNCHANGED(before, id);
}

static void
attach_and_detach(void *arg)
{
	segment_detach(segment_attach(*(int *)arg, NULL, 0));
}

CASE(set_does_not_touch_atime, SHALL,
    "IPC_SET leaves the times of attach and detach and the last process as they are, zero or set",
    "POSIX.1-2017 shmctl() DESCRIPTION", NEEDS_SEGMENTS_THAT_STAY)
{
	int id = segment_create(page_size());

	check_set_leaves_rest(id);
	in_child(attach_and_detach, &id);
	check_set_leaves_rest(id);
}

static void
set_is_refused(void *arg)
{
	int id = *(int *)arg;
	struct shmid_ds change = segment_stat(id);

	CHECK_FAILS(EPERM, -1, shmctl(id, IPC_SET, &change)); /* even though nothing would change */
	change.shm_perm.uid = geteuid();
	change.shm_perm.mode = 0666;
	CHECK_FAILS(EPERM, -1, shmctl(id, IPC_SET, &change));
}

CASE(set_eperm, SHALL,
    "IPC_SET by a process that is neither owner, creator nor privileged fails with EPERM and changes nothing",
    "POSIX.1-2017 shmctl() ERRORS", "Linux shmctl(2)", "FreeBSD shmctl(2)", "NetBSD shmctl(2)", "OpenBSD shmctl(2)",
    "macOS shmctl(2)", "illumos shmctl(2)", "DragonFly shmctl(2)", NEEDS_USERS, NEEDS_IPC_PRIVILEGES,
    COVERS("shmctl.set_eperm"))
{
	int id = segment_of_user(OWNER, segment_key(), 0644);
	struct shmid_ds before = segment_stat(id);

	refusal_to_change_defect();
	as_user(GROUP_MEMBER, set_is_refused, &id);
	as_user(OTHER, set_is_refused, &id);

	CHECK_STATUS_UNCHANGED(before, id);
}

static void
set_mode_0640(void *arg)
{
	int id = *(int *)arg;
	struct shmid_ds change = segment_stat(id);

	change.shm_perm.mode = 0640;
	CHECK_SUCCEEDS(shmctl(id, IPC_SET, &change));
}

CASE(set_owner_allowed, SHALL, "The owner may use IPC_SET when the creator is another user",
    "POSIX.1-2017 shmctl() DESCRIPTION", "Linux shmctl(2)", "FreeBSD shmctl(2)", "NetBSD shmctl(2)",
    "OpenBSD shmctl(2)", "DragonFly shmctl(2)", "macOS shmctl(2)", "illumos shmctl(2)", NEEDS_USERS,
    NEEDS_IPC_PRIVILEGES)
{
	int id = segment_create(page_size());
	struct shmid_ds status = segment_stat(id);

	status.shm_perm.uid = user_id(OWNER);
	CHECK_SUCCEEDS(shmctl(id, IPC_SET, &status));
	as_user(OWNER, set_mode_0640, &id);

	status = segment_stat(id);
	CHECK_EQ(0640, status.shm_perm.mode & 0777);
	CHECK_EQ(user_id(OWNER), status.shm_perm.uid);
	CHECK_EQ(user_id(SUPERUSER), status.shm_perm.cuid);
}

static void
give_away_and_remove(void *arg)
{
	key_t key = *(key_t *)arg;
	int id = segment_create_with_key(key, page_size(), 0600);
	struct shmid_ds status = segment_stat(id);

	status.shm_perm.uid = user_id(OTHER);
	CHECK_SUCCEEDS(shmctl(id, IPC_SET, &status));
	set_mode_0640(&id);

	status = segment_stat(id);
	CHECK_EQ(user_id(OTHER), status.shm_perm.uid);
	CHECK_EQ(0640, status.shm_perm.mode & 0777);
	CHECK_SUCCEEDS(shmctl(id, IPC_RMID, NULL));
	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
}

CASE(set_creator_allowed_after_chown, SHALL,
    "The creator may use IPC_SET and IPC_RMID after the segment has been given to another owner",
    "POSIX.1-2017 shmctl() DESCRIPTION", "Linux shmctl(2)", "FreeBSD shmctl(2)", "NetBSD shmctl(2)",
    "OpenBSD shmctl(2)", "DragonFly shmctl(2)", "macOS shmctl(2)", "illumos shmctl(2)", NEEDS_USERS,
    NEEDS_IPC_PRIVILEGES)
{
	key_t key = segment_key();

	as_user(OWNER, give_away_and_remove, &key);
}

static void
set_and_remove_are_refused(void *arg)
{
	int id = *(int *)arg;
	char *p = segment_attach(id, NULL, 0);

	CHECK_STORE_OK(p); /* the mode gives all that it can give */
	set_is_refused(&id);
	CHECK_FAILS(EPERM, -1, shmctl(id, IPC_RMID, NULL));
}

CASE(set_mode_not_enough_for_eperm, SHALL,
    "IPC_SET and IPC_RMID fail with EPERM for a user who may read and write by the mode",
    "POSIX.1-2017 shmctl() ERRORS", "Linux shmctl(2)", "FreeBSD shmctl(2)", "NetBSD shmctl(2)", "OpenBSD shmctl(2)",
    "DragonFly shmctl(2)", "macOS shmctl(2)", "illumos shmctl(2)", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	int id = segment_of_user(OWNER, segment_key(), 0666);

	refusal_to_change_defect();
	as_user(GROUP_MEMBER, set_and_remove_are_refused, &id);
	as_user(OTHER, set_and_remove_are_refused, &id);

	CHECK_EQ(0666, segment_stat(id).shm_perm.mode & 0777);
	CHECK_EQ(user_id(OWNER), segment_stat(id).shm_perm.uid);
}

CASE(set_invalid_id, OBSERVED, "IPC_SET with the owner (uid_t)-1 fails with EINVAL, or stores it", "illumos shmctl(2)",
    "POSIX.1-2017 shmctl() DESCRIPTION", CHOICE("illumos shmctl(2)", "impossible-owner", "EINVAL"))
{
	int id = segment_create(page_size());
	struct shmid_ds change = segment_stat(id);

	change.shm_perm.uid = (uid_t)-1; /* as much of it as fits there */
	change.shm_perm.mode = 0644;
	errno = 0;
	int result = shmctl(id, IPC_SET, &change);
	int error = errno;

	struct shmid_ds status = segment_stat(id);
	CHECK(result == 0 || error == EINVAL);
	CHECK_EQ(result == 0 ? change.shm_perm.uid : geteuid(), status.shm_perm.uid);
	CHECK_EQ(result == 0 ? 0644 : 0600, status.shm_perm.mode & 0777);
	observed("impossible-owner", "%s", result == 0 ? "stored" : errno_name(error));
}

static void
store_through_inherited(void *arg)
{
	pattern_store(2, arg, 3 * page_size());
}

CASE(set_then_existing_attachments_stay, SHALL,
    "Existing attachments can be loaded from and stored to after IPC_SET has taken all permissions away",
    "POSIX.1-2017 shmctl() DESCRIPTION")
{
	int id = segment_create(3 * page_size());
	char *rw = segment_attach(id, NULL, 0);
	char *ro = segment_attach(id, NULL, SHM_RDONLY);
	struct shmid_ds change = segment_stat(id);
	rw[0] = 'a'; /* the other pages are first touched when nobody may attach any more */

	change.shm_perm.mode = 0;
	CHECK_SUCCEEDS(shmctl(id, IPC_SET, &change));

	for (size_t at = 0; at < 3 * page_size(); at += page_size()) {
		CHECK_LOAD_OK(&ro[at]);
		CHECK_STORE_OK(&rw[at]);
	}
	CHECK_EQ('a', ro[0]);
	in_child(store_through_inherited, rw);
	CHECK_PATTERN(2, ro, 3 * page_size());

	change.shm_perm.mode = 0600; /* which its removal needs */
	CHECK_SUCCEEDS(shmctl(id, IPC_SET, &change));
}

static const struct {
	int mode;
	int flags;
	int error;
} attach_after_set[] = {
	{ 0600, SHM_RDONLY, 0 },
	{ 0600, 0, 0 },
	{ 0400, SHM_RDONLY, 0 },
	{ 0400, 0, EACCES },
	{ 0200, SHM_RDONLY, EACCES },
	{ 0200, 0, EACCES },
	{ 0000, SHM_RDONLY, EACCES },
	{ 0066, 0, EACCES },
	{ 0600, 0, 0 },
};

static void
set_and_attach(void *arg)
{
	int id = segment_create_with_key(*(key_t *)arg, page_size(), 0600);
	struct shmid_ds change = segment_stat(id);

	for (size_t i = 0; i < nitems(attach_after_set); i++) {
		change.shm_perm.mode = (mode_t)attach_after_set[i].mode;
		CHECK_SUCCEEDS(shmctl(id, IPC_SET, &change));

		if (attach_after_set[i].error != 0)
			CHECK_FAILS(attach_after_set[i].error, (void *)-1, shmat(id, NULL, attach_after_set[i].flags));
		else
			CHECK_NE((void *)-1, shmat(id, NULL, attach_after_set[i].flags));
	}
	segment_remove(id);
}

CASE(set_then_new_attach_checked, SHALL, "New attaches are checked against the mode that IPC_SET stored",
    "POSIX.1-2017 shmctl() DESCRIPTION", "POSIX.1-2017 shmat() ERRORS", "POSIX.1-2024 shmat() ERRORS", NEEDS_PLAIN_USER,
    COVERS("shmat.ro_mode_split"))
{
	key_t key = segment_key();

	as_user(plain_user(), set_and_attach, &key);
}

static void
attach_is_admitted(void *arg)
{
	CHECK_NE((void *)-1, shmat(*(int *)arg, NULL, 0));
}

static void
attach_is_refused(void *arg)
{
	CHECK_FAILS(EACCES, (void *)-1, shmat(*(int *)arg, NULL, 0));
	CHECK_FAILS(EACCES, (void *)-1, shmat(*(int *)arg, NULL, SHM_RDONLY));
}

CASE(set_then_new_attach_checked__owner, SHALL,
    "New attaches are checked against the owner and group that IPC_SET stored", "POSIX.1-2017 shmctl() DESCRIPTION",
    "POSIX.1-2017 shmat() ERRORS", "POSIX.1-2024 shmat() ERRORS", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	int id = segment_create_with_key(segment_key(), page_size(), 0660);
	struct shmid_ds change = segment_stat(id);
	segment_attach(id, NULL, 0); /* stays, so that no setting of the system destroys the segment in between */

	as_user(OWNER, attach_is_refused, &id);
	change.shm_perm.uid = user_id(OWNER);
	CHECK_SUCCEEDS(shmctl(id, IPC_SET, &change));
	as_user(OWNER, attach_is_admitted, &id);
	as_user(GROUP_MEMBER, attach_is_refused, &id);

	change.shm_perm.uid = user_id(OTHER);
	change.shm_perm.gid = group_id(GROUP_MEMBER);
	CHECK_SUCCEEDS(shmctl(id, IPC_SET, &change));
	as_user(OTHER, attach_is_admitted, &id);
	as_user(GROUP_MEMBER, attach_is_admitted, &id);
}
