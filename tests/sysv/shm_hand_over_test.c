/* SPDX-License-Identifier: BSD-2-Clause */

/* Handing System V segments over to other users by IPC_SET: who controls them then, and who no longer does. */

#include <unistd.h>

#include "case.h"
#include "ipc_deviations.h"
#include "process.h"
#include "segment.h"

INTERFACE(shmctl, NEEDS_SEGMENTS)

struct deed {
	int id;
	enum user to; /* who becomes the owner, whose group becomes the segment's */
	key_t key;
	int mode;
};

static struct shmid_ds
deed_as_change(const struct deed *d)
{
	struct shmid_ds change = { .shm_perm.uid = user_id(d->to) };

	change.shm_perm.gid = group_id(d->to);
	change.shm_perm.mode = (mode_t)d->mode;
	return change;
}

static void
hand_over(void *arg)
{
	const struct deed *d = arg;
	struct shmid_ds change = deed_as_change(d);

	CHECK_SUCCEEDS(shmctl(d->id, IPC_SET, &change));
}

/* Neither control nor, with mode 0600, access. */
static void
has_nothing_left(void *arg)
{
	struct deed back = *(struct deed *)arg;
	struct shmid_ds change;

	back.to = SAME_USER;
	change = deed_as_change(&back);
	CHECK_FAILS(EPERM, -1, shmctl(back.id, IPC_SET, &change));
	CHECK_FAILS(EPERM, -1, shmctl(back.id, IPC_RMID, NULL));
	CHECK_FAILS(EACCES, -1, shmctl(back.id, IPC_STAT, &change));
	CHECK_FAILS(EACCES, (void *)-1, shmat(back.id, NULL, SHM_RDONLY));
}

/* Access, and control: the owner gives it to the next. */
static void
has_all(void *arg)
{
	const struct deed *d = arg;
	struct shmid_ds status;

	CHECK_SUCCEEDS(shmctl(d->id, IPC_STAT, &status));
	CHECK_NE((void *)-1, shmat(d->id, NULL, 0));
	hand_over(arg);
}

static void
check_owner(int id, enum user user)
{
	const struct shmid_ds now = segment_stat(id);

	CHECK_EQ(user_id(user), now.shm_perm.uid);
	CHECK_EQ(group_id(user), now.shm_perm.gid);
	CHECK_EQ(user_id(SUPERUSER), now.shm_perm.cuid);
	CHECK_EQ(getegid(), now.shm_perm.cgid);
}

CASE(set_hands_over, SHALL,
    "Once IPC_SET has made another user the owner, the former owner has no rights left and the new one has them all",
    "POSIX.1-2017 shmctl() DESCRIPTION", ALSO("shmid_ds.cuid-cgid-constant"), NEEDS_USERS, NEEDS_IPC_PRIVILEGES,
    NEEDS_SEGMENTS_THAT_STAY, COVERS("BS26"))
{
	struct deed d = { .id = segment_create(page_size()), .to = OWNER, .mode = 0600 };
	hand_over(&d);
	check_owner(d.id, OWNER);

	d.to = OTHER;
	hand_over(&d);

	check_owner(d.id, OTHER);
	refusal_to_change_defect();
	as_user(OWNER, has_nothing_left, &d);
	check_owner(d.id, OTHER);
	d.to = GROUP_MEMBER;
	as_user(OTHER, has_all, &d);
	check_owner(d.id, GROUP_MEMBER);
}

static void
hand_over_and_have_nothing(void *arg)
{
	hand_over(arg);
	has_nothing_left(arg);
}

CASE(set_hands_over__by_the_owner, SHALL,
    "An owner can give the segment to a user and a group that are not its own, and then has no rights left",
    "POSIX.1-2017 shmctl() DESCRIPTION", ALSO("shmid_ds.cuid-cgid-constant"), NEEDS_USERS, NEEDS_IPC_PRIVILEGES,
    NEEDS_SEGMENTS_THAT_STAY)
{
	struct deed d = { .id = segment_create(page_size()), .to = OWNER, .mode = 0600 };
	hand_over(&d);

	refusal_to_change_defect();
	d.to = OTHER;
	as_user(OWNER, hand_over_and_have_nothing, &d);
	check_owner(d.id, OTHER);
	d.to = GROUP_MEMBER;
	as_user(OTHER, hand_over_and_have_nothing, &d);
	check_owner(d.id, GROUP_MEMBER);
}

static void
remove_it(void *arg)
{
	const struct deed *d = arg;

	CHECK_SUCCEEDS(shmctl(d->id, IPC_RMID, NULL));
	CHECK_FAILS(ENOENT, -1, shmget(d->key, 0, 0));
}

CASE(set_hands_over__last_owner_removes, SHALL,
    "The last of several owners removes the segment, which stays for the creator until the creator detaches it",
    "POSIX.1-2017 shmctl() DESCRIPTION", ALSO("shmctl.rmid-attached-keeps-data"), NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	struct deed d = { .key = segment_key(), .to = OWNER, .mode = 0600 };
	d.id = segment_create_with_key(d.key, 3 * page_size(), 0600);
	char *p = segment_attach(d.id, NULL, 0);
	pattern_store(1, p, 3 * page_size());
	hand_over(&d);
	d.to = OTHER;
	as_user(OWNER, hand_over, &d);

	as_user(OTHER, remove_it, &d);

	struct shmid_ds status;
	CHECK_FAILS(ENOENT, -1, shmget(d.key, 0, 0));
	CHECK_PATTERN(1, p, 3 * page_size());
	CHECK_SUCCEEDS(shmdt(p));
	CHECK_FAILS_AS_REMOVED(-1, shmctl(d.id, IPC_STAT, &status));
}

static void
create_and_take_back(void *arg)
{
	struct deed *d = arg;

	d->id = segment_create_with_key(d->key, page_size(), 0600);
	d->to = OTHER;
	hand_over(d);
	pause_for_parent(); /* who lets OTHER use it */
	d->to = OWNER;
	hand_over(d);
	pause_for_parent(); /* who lets OTHER try again */
	remove_it(d);
}

static void
stat_and_set(void *arg)
{
	struct shmid_ds status;
	struct deed d = *(struct deed *)arg;

	d.id = shmget(d.key, 0, 0);
	CHECK_SUCCEEDS(shmctl(d.id, IPC_STAT, &status));
	CHECK_SUCCEEDS(shmctl(d.id, IPC_SET, &status));
}

static void
look_up_and_have_nothing(void *arg)
{
	struct deed d = *(struct deed *)arg;

	d.id = shmget(d.key, 0, 0);
	has_nothing_left(&d);
}

CASE(set_creator_allowed_after_chown__takes_back, SHALL,
    "The creator takes back by IPC_SET a segment that it gave away, and the user who had it has no rights left",
    "POSIX.1-2017 shmctl() DESCRIPTION", NEEDS_USERS, NEEDS_IPC_PRIVILEGES, COVERS("BS27"))
{
	struct deed d = { .key = segment_key(), .mode = 0600 };
	struct child c = child_start_as(OWNER, create_and_take_back, &d);
	child_reaches_pause(&c);

	as_user(OTHER, stat_and_set, &d);
	child_goes_on(&c);
	child_reaches_pause(&c);
	refusal_to_change_defect();
	as_user(OTHER, look_up_and_have_nothing, &d);

	child_goes_on(&c);
	child_exits(&c);
	CHECK_FAILS(ENOENT, -1, shmget(d.key, 0, 0));
}

static void
hold(void *arg)
{
	const struct deed *d = arg;
	char *p = segment_attach(shmget(d->key, 0, 0), NULL, 0);

	pattern_store(1, p, 3 * page_size());
	pause_for_parent(); /* who lets the creator remove it */
	CHECK_PATTERN(1, p, 3 * page_size());
	pattern_store(2, p, 3 * page_size());
	CHECK_PATTERN(2, p, 3 * page_size());
}

static void
create_give_and_remove(void *arg)
{
	struct deed *d = arg;

	d->id = segment_create_with_key(d->key, 3 * page_size(), 0600);
	hand_over(d);
	pause_for_parent(); /* who lets OTHER attach it */
	remove_it(d);
}

CASE(set_creator_allowed_after_chown__removes_what_is_held, SHALL,
    "The creator removes a segment that it gave away, and the new owner, who has it attached, keeps the contents",
    "POSIX.1-2017 shmctl() DESCRIPTION", ALSO("shmctl.rmid-attached-keeps-data"), NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	struct deed d = { .key = segment_key(), .to = OTHER, .mode = 0600 };
	struct child maker = child_start_as(OWNER, create_give_and_remove, &d);
	child_reaches_pause(&maker);
	struct child holder = child_start_as(OTHER, hold, &d);
	child_reaches_pause(&holder);
	int id = shmget(d.key, 0, 0);

	child_goes_on(&maker);
	child_exits(&maker);
	CHECK_FAILS(ENOENT, -1, shmget(d.key, 0, 0));
	child_goes_on(&holder);
	child_exits(&holder);

	struct shmid_ds status;
	CHECK_FAILS_AS_REMOVED(-1, shmctl(id, IPC_STAT, &status));
}
