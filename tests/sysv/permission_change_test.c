/* SPDX-License-Identifier: BSD-2-Clause */

/* Who may change and remove a System V segment: each class of callers, with each value of its three bits. */

#include "case.h"
#include "ipc_deviations.h"
#include "permission_role.h"
#include "process.h"
#include "segment.h"

INTERFACE(permissions, NEEDS_SEGMENTS, NEEDS_USERS, NEEDS_IPC_PRIVILEGES, NEEDS_SEGMENTS_THAT_STAY)

struct changes {
	struct role_segments all;
	int error; /* of IPC_SET and IPC_RMID */
};

static void
change_all(void *arg)
{
	const struct changes *changes = arg;
	const struct role_segments *all = &changes->all;

	for (int bits = 0; bits < BIT_VALUES; bits++) {
		const struct role_segment *s = &all->with_bits[bits];
		struct shmid_ds change = s->before;

		change.shm_perm.mode = (mode_t)(0777 & ~s->mode);
		errno = 0;
		int result = shmctl(s->id, IPC_SET, &change);
		CHECK_ROLE_ERROR(s, all->role, "IPC_SET", changes->error, result == -1 ? errno : 0);
	}
	pause_for_parent();
	for (int bits = 0; bits < BIT_VALUES; bits++) {
		const struct role_segment *s = &all->with_bits[bits];

		errno = 0;
		int result = shmctl(s->id, IPC_RMID, NULL);
		CHECK_ROLE_ERROR(s, all->role, "IPC_RMID", changes->error, result == -1 ? errno : 0);
	}
}

/* IPC_SET and IPC_RMID fail with this error, or succeed and have their effect, whatever the bits. */
static void
check_changes(const struct role *role, int error)
{
	struct changes changes = { role_segments_create(role), error };
	const struct role_segments *all = &changes.all;
	struct child c = child_start_as(role->caller, change_all, &changes);

	child_reaches_pause(&c);
	for (int bits = 0; bits < BIT_VALUES; bits++) {
		const struct role_segment *s = &all->with_bits[bits];

		if (error != 0)
			CHECK_STATUS_UNCHANGED(s->before, s->id);
		CHECK_EQ(error == 0 ? 0777 & ~s->mode : s->mode, segment_stat(s->id).shm_perm.mode & 0777);
	}
	child_goes_on(&c);
	child_exits(&c);
	for (int bits = 0; bits < BIT_VALUES; bits++)
		CHECK_EQ(error == 0 ? -1 : all->with_bits[bits].id, shmget(all->with_bits[bits].key, 0, 0));
}

CASE(change_whatever_the_mode__owner, SHALL, "The owner changes and removes a segment, whatever its mode",
    "POSIX.1-2017 shmctl() DESCRIPTION", "Linux shmctl(2)", "FreeBSD shmctl(2)", "NetBSD shmctl(2)",
    "OpenBSD shmctl(2)", "DragonFly shmctl(2)", "macOS shmctl(2)", "illumos shmctl(2)")
{
	check_changes(&role_owner, 0);
}

CASE(change_whatever_the_mode__creator, SHALL,
    "The creator of a segment that was given away changes and removes it, whatever its mode",
    "POSIX.1-2017 shmctl() DESCRIPTION", "Linux shmctl(2)", "FreeBSD shmctl(2)", "NetBSD shmctl(2)",
    "OpenBSD shmctl(2)", "DragonFly shmctl(2)", "macOS shmctl(2)", "illumos shmctl(2)")
{
	check_changes(&role_creator, 0);
}

CASE(change_whatever_the_mode__root, SHALL,
    "A process with appropriate privileges changes and removes a segment, whatever its mode",
    "POSIX.1-2017 shmctl() DESCRIPTION", "Linux shmctl(2)", "FreeBSD shmctl(2)", "NetBSD shmctl(2)",
    "OpenBSD shmctl(2)", "DragonFly shmctl(2)", "macOS shmctl(2)", "illumos shmctl(2)")
{
	check_changes(&role_root, 0);
}

CASE(change_whatever_the_mode__group_member, SHALL,
    "IPC_SET and IPC_RMID by a member of the owner's group fail with EPERM, whatever the mode",
    "POSIX.1-2017 shmctl() ERRORS", "Linux shmctl(2)", "FreeBSD shmctl(2)", "NetBSD shmctl(2)", "OpenBSD shmctl(2)",
    "DragonFly shmctl(2)", "macOS shmctl(2)", "illumos shmctl(2)")
{
	refusal_to_change_defect();
	check_changes(&role_member, EPERM);
}

CASE(change_whatever_the_mode__creators_group, SHALL,
    "IPC_SET and IPC_RMID by a member of the creator's group fail with EPERM, whatever the mode",
    "POSIX.1-2017 shmctl() ERRORS", "Linux shmctl(2)", "FreeBSD shmctl(2)", "NetBSD shmctl(2)", "OpenBSD shmctl(2)",
    "DragonFly shmctl(2)", "macOS shmctl(2)", "illumos shmctl(2)")
{
	refusal_to_change_defect();
	check_changes(&role_creators_group, EPERM);
}

CASE(change_whatever_the_mode__third_party, SHALL,
    "IPC_SET and IPC_RMID by a third party fail with EPERM, whatever the mode", "POSIX.1-2017 shmctl() ERRORS",
    "Linux shmctl(2)", "FreeBSD shmctl(2)", "NetBSD shmctl(2)", "OpenBSD shmctl(2)", "DragonFly shmctl(2)",
    "macOS shmctl(2)", "illumos shmctl(2)")
{
	refusal_to_change_defect();
	check_changes(&role_third_party, EPERM);
}
