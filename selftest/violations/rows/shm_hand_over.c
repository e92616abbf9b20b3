/* SPDX-License-Identifier: BSD-2-Clause */

/* What becomes of the control over a segment that IPC_SET gives to another. The direct checks need root. */

#include "segments.h"

static bool
is_set(const struct call *c)
{
	return c->command == IPC_SET && known_permissions(c->id) != NULL;
}

static const struct ipc_perm *
now(const struct call *c)
{
	return known_permissions(c->id);
}

/* A copy of what the caller passes, to be changed. */
static struct ipc_perm *
changed(struct call *c)
{
	static struct shmid_ds copy;

	copy = *told_by(c);
	c->buffer = &copy;
	return &copy.shm_perm;
}

/* The caller owns the segment, which another has made. */
static bool
is_owner_alone(const struct call *c)
{
	return known_permissions(c->id) != NULL && geteuid() != 0 && geteuid() == now(c)->uid &&
	    geteuid() != now(c)->cuid;
}

static bool
is_creator_alone(const struct call *c)
{
	return known_permissions(c->id) != NULL && geteuid() != 0 && geteuid() != now(c)->uid &&
	    geteuid() == now(c)->cuid;
}

static int
error_of_gift(int id, int to)
{
	struct shmid_ds change = { .shm_segsz = 0 };

	change.shm_perm.uid = user_id((enum user)to);
	change.shm_perm.gid = group_id((enum user)to);
	change.shm_perm.mode = 0600;
	return shmctl(id, IPC_SET, &change) == -1 ? errno : 0;
}

VIOLATION(shmctl_set_keeps_first_owner, "shmctl.set-hands-over", "-", SHMCTL,
    CHANGES(is_set(c) && now(c)->uid != now(c)->cuid && told_by(c)->shm_perm.uid != now(c)->uid,
	changed(c)->uid = now(c)->uid))
{
	int id = segment_of_owner(0600);

	if (geteuid() == 0)
		segment_give(id, OTHER, OTHER, 0600);
	return geteuid() == 0 && segment_stat(id).shm_perm.uid == user_id(OWNER);
}

VIOLATION(shmctl_set_to_foreign_group_refused, "shmctl.set-hands-over", "-", SHMCTL,
    REFUSES(is_set(c) && is_owner_alone(c) && told_by(c)->shm_perm.gid != getegid(), EPERM))
{
	return error_for(OWNER, error_of_gift, segment_of_owner(0600), OTHER) == EPERM;
}

VIOLATION(shmctl_set_by_owner_keeps_owner, "shmctl.set-hands-over", "-", SHMCTL,
    CHANGES(is_set(c) && is_owner_alone(c) && told_by(c)->shm_perm.uid != geteuid(), changed(c)->uid = geteuid()))
{
	int id = segment_of_owner(0600);

	return error_for(OWNER, error_of_gift, id, OTHER) == 0 && segment_stat(id).shm_perm.uid == user_id(OWNER);
}

VIOLATION(shmctl_set_changes_creators_group_with_group, "shmid_ds.cuid-cgid-constant", "-", SHMCTL,
    FALSIFIES(is_stat(c) && told_by(c)->shm_perm.uid != told_by(c)->shm_perm.cuid,
	told_by(c)->shm_perm.cgid = told_by(c)->shm_perm.gid))
{
	int id = segment_of_owner(0600);

	return geteuid() == 0 && segment_stat(id).shm_perm.cgid == group_id(OWNER);
}

/* The same by the status as it is: who gave it away may be a process that the caller knows nothing of. */
static bool
is_owner_alone_now(int id)
{
	const struct shmid_ds status = real_status(id);

	return geteuid() != 0 && geteuid() == status.shm_perm.uid && geteuid() != status.shm_perm.cuid;
}

VIOLATION(shmctl_rmid_by_later_owner_refused, "shmctl.set-hands-over", "-", SHMCTL,
    REFUSES(c->command == IPC_RMID && is_owner_alone_now(c->id), EPERM))
{
	return control_error(OWNER, 0600, IPC_RMID) == EPERM;
}

/* What a creator without privileges sees after its calls: it gives the segment to OTHER, and then it does that. */
static bool
creator_sees(bool (*it)(int id))
{
	int status;
	pid_t child = geteuid() == 0 ? fork_creator() : -1;

	if (child == 0) {
		user_become(OWNER);
		int id = segment_create(1);
		segment_attach(id, NULL, 0);
		_exit(error_of_gift(id, OTHER) == 0 && it(id) ? 0 : 1);
	}
	return child != -1 && waitpid(child, &status, 0) == child && status == 0;
}

static bool
cannot_take_it_back(int id)
{
	return error_of_gift(id, OWNER) == 0 && segment_stat(id).shm_perm.uid == user_id(OTHER);
}

VIOLATION(shmctl_set_back_to_creator_ignored, "shmctl.set-creator-allowed-after-chown", "-", SHMCTL,
    CHANGES(is_set(c) && is_creator_alone(c) && told_by(c)->shm_perm.uid == geteuid(), changed(c)->uid = now(c)->uid))
{
	return creator_sees(cannot_take_it_back);
}

static bool
cannot_remove_it(int id)
{
	return shmctl(id, IPC_RMID, NULL) == -1 && errno == EBUSY;
}

VIOLATION(shmctl_rmid_by_creator_while_held_refused, "shmctl.set-creator-allowed-after-chown", "-", SHMCTL,
    REFUSES(c->command == IPC_RMID && is_creator_alone(c) && real_status(c->id).shm_nattch > 0, EBUSY))
{
	return creator_sees(cannot_remove_it);
}
