/* SPDX-License-Identifier: BSD-2-Clause */

/* Who may set and remove a segment. */

#include "segments.h"

static bool
is_set(const struct call *c)
{
	return c->command == IPC_SET;
}

static bool
is_removal(const struct call *c)
{
	return c->command == IPC_RMID;
}

static bool
is_in_group(const struct call *c)
{
	return class_for(c->id) == GROUP_CLASS;
}

static bool
may_use(const struct call *c)
{
	return class_for(c->id) != NO_CLASS && rights_of(c->id, class_for(c->id)) == MAY_BOTH;
}

VIOLATION(shmctl_set_by_others_accepted, "shmctl.set-eperm", "-", SHMCTL,
    ACCEPTS(is_set(c) && class_for(c->id) == OTHER_CLASS && !may_use(c), EPERM, 0))
{
	return control_error(OTHER, 0644, IPC_SET) == 0;
}

VIOLATION(shmctl_set_by_group_accepted, "shmctl.set-eperm", "-", SHMCTL,
    ACCEPTS(is_set(c) && is_in_group(c) && !may_use(c), EPERM, 0))
{
	return control_error(GROUP_MEMBER, 0644, IPC_SET) == 0;
}

VIOLATION(shmctl_set_eacces, "shmctl.set-eperm", "B218", SHMCTL, MISTAKES(is_set(c) && !may_use(c), EPERM, EACCES))
{
	return control_error(OTHER, 0644, IPC_SET) == EACCES;
}

/* The caller sets what is set already. */
static bool
sets_nothing_new(const struct call *c)
{
	const struct ipc_perm *p = known_permissions(c->id);
	const struct ipc_perm *wanted = &told_by(c)->shm_perm;

	return is_set(c) && p != NULL && p->uid == wanted->uid && p->gid == wanted->gid &&
	    (p->mode & 0777) == (wanted->mode & 0777);
}

static int
error_of_same_set(int id, __attribute__((unused)) int argument)
{
	struct shmid_ds status = segment_stat(id);

	return shmctl(id, IPC_SET, &status) == -1 ? errno : 0;
}

VIOLATION(shmctl_set_of_same_by_others_accepted, "shmctl.set-eperm", "-", SHMCTL,
    ACCEPTS(sets_nothing_new(c) && !may_use(c), EPERM, 0))
{
	return error_for(OTHER, error_of_same_set, segment_of_owner(0644), 0) == 0;
}

VIOLATION(shmctl_set_by_later_owner_refused, "shmctl.set-owner-allowed", "-", SHMCTL,
    REFUSES(is_set(c) && class_for(c->id) == USER_CLASS && geteuid() != known_permissions(c->id)->cuid, EPERM))
{
	return control_error(OWNER, 0600, IPC_SET) == EPERM;
}

VIOLATION(shmctl_set_by_later_owner_ignored, "shmctl.set-owner-allowed", "-", SHMCTL,
    SKIPS(is_set(c) && class_for(c->id) == USER_CLASS && geteuid() != known_permissions(c->id)->cuid))
{
	int id = segment_of_owner(0644);

	return error_for(OWNER, error_of_control, id, IPC_SET) == 0 && (segment_stat(id).shm_perm.mode & 0777) == 0644;
}

/* The caller made the segment and gave it away. */
static bool
is_creator_alone(const struct call *c)
{
	const struct ipc_perm *p = known_permissions(c->id);

	return p != NULL && geteuid() != 0 && geteuid() == p->cuid && geteuid() != p->uid;
}

/* The error of a creator without privileges that has given its segment to another. */
static bool
creator_is_refused(int command)
{
	int status;
	pid_t child = fork_creator();

	if (child == 0) {
		user_become(plain_user());
		int id = segment_create(1);
		struct shmid_ds change = segment_stat(id);
		change.shm_perm.uid = user_id(OTHER);
		_exit(
		    shmctl(id, IPC_SET, &change) == 0 && shmctl(id, command, &change) == -1 && errno == EPERM ? 0 : 1);
	}
	return waitpid(child, &status, 0) == child && status == 0;
}

VIOLATION(shmctl_set_by_creator_refused, "shmctl.set-creator-allowed-after-chown", "-", SHMCTL,
    REFUSES(is_set(c) && is_creator_alone(c), EPERM))
{
	return creator_is_refused(IPC_SET);
}

VIOLATION(shmctl_rmid_by_creator_refused, "shmctl.set-creator-allowed-after-chown", "-", SHMCTL,
    REFUSES(is_removal(c) && is_creator_alone(c), EPERM))
{
	return creator_is_refused(IPC_RMID);
}

VIOLATION(shmctl_set_by_writing_group_accepted, "shmctl.set-mode-not-enough-for-eperm", "-", SHMCTL,
    ACCEPTS(is_set(c) && is_in_group(c) && may_use(c), EPERM, 0))
{
	return control_error(GROUP_MEMBER, 0666, IPC_SET) == 0;
}

VIOLATION(shmctl_set_by_writing_others_accepted, "shmctl.set-mode-not-enough-for-eperm", "-", SHMCTL,
    ACCEPTS(is_set(c) && class_for(c->id) == OTHER_CLASS && may_use(c), EPERM, 0))
{
	return control_error(OTHER, 0666, IPC_SET) == 0;
}

VIOLATION(shmctl_rmid_by_writer_accepted, "shmctl.set-mode-not-enough-for-eperm", "-", SHMCTL,
    ACCEPTS(is_removal(c) && may_use(c), EPERM, 0))
{
	return control_error(OTHER, 0666, IPC_RMID) == 0;
}

VIOLATION(shmctl_rmid_by_others_accepted, "shmctl.rmid-eperm", "B023", SHMCTL,
    ACCEPTS(is_removal(c) && class_for(c->id) == OTHER_CLASS && !may_use(c), EPERM, 0))
{
	return control_error(OTHER, 0600, IPC_RMID) == 0;
}

VIOLATION(shmctl_rmid_by_group_accepted, "shmctl.rmid-eperm", "-", SHMCTL,
    ACCEPTS(is_removal(c) && is_in_group(c) && !may_use(c), EPERM, 0))
{
	return control_error(GROUP_MEMBER, 0600, IPC_RMID) == 0;
}

VIOLATION(
    shmctl_rmid_eacces, "shmctl.rmid-eperm", "B218", SHMCTL, MISTAKES(is_removal(c) && !may_use(c), EPERM, EACCES))
{
	return control_error(OTHER, 0600, IPC_RMID) == EACCES;
}
