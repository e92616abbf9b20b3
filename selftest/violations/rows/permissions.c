/* SPDX-License-Identifier: BSD-2-Clause */

/* Whose permission bits count for whom. */

#include "segment_limits.h"
#include "segments.h"

/* A class is admitted by the bits of another. */
#define BITS_OF_OTHER_CLASS_COUNT(class, other) \
	ACCEPTS(has_rights_by(c, class, other, wanted_by_attach(c)), EACCES, memory_of_its_own())

VIOLATION(shmat_owner_has_rights_of_group, "permissions.owner-class-first", "-", SHMAT,
    BITS_OF_OTHER_CLASS_COUNT(USER_CLASS, GROUP_CLASS))
{
	return attach_error(OWNER, 0060, SHM_RDONLY) == 0;
}

VIOLATION(shmat_owner_has_rights_of_others, "permissions.owner-class-first", "-", SHMAT,
    BITS_OF_OTHER_CLASS_COUNT(USER_CLASS, OTHER_CLASS))
{
	return attach_error(OWNER, 0006, SHM_RDONLY) == 0;
}

VIOLATION(shmctl_stat_owner_has_rights_of_others, "permissions.owner-class-first", "-", SHMCTL,
    ACCEPTS(is_stat(c) && has_rights_by(c, USER_CLASS, OTHER_CLASS, MAY_READ), EACCES, 0))
{
	return control_error(OWNER, 0066, IPC_STAT) == 0;
}

VIOLATION(shmat_execute_admits_owner, "permissions.owner-class-first", "-", SHMAT,
    ACCEPTS(geteuid() != 0 && class_for(c->id) == USER_CLASS && known_permissions(c->id)->mode & 0100, EACCES,
	memory_of_its_own()))
{
	return attach_error(OWNER, 0177, SHM_RDONLY) == 0;
}

VIOLATION(shmat_group_has_rights_of_others, "permissions.group-class-second", "-", SHMAT,
    BITS_OF_OTHER_CLASS_COUNT(GROUP_CLASS, OTHER_CLASS))
{
	return attach_error(GROUP_MEMBER, 0604, SHM_RDONLY) == 0;
}

VIOLATION(shmat_group_has_rights_of_owner, "permissions.group-class-second", "-", SHMAT,
    BITS_OF_OTHER_CLASS_COUNT(GROUP_CLASS, USER_CLASS))
{
	return attach_error(GROUP_MEMBER, 0600, SHM_RDONLY) == 0;
}

VIOLATION(shmat_group_counts_as_others, "permissions.group-class-second", "-", SHMAT,
    REFUSES(geteuid() != 0 && class_for(c->id) == GROUP_CLASS &&
	    (rights_of(c->id, OTHER_CLASS) & wanted_by_attach(c)) != wanted_by_attach(c),
	EACCES))
{
	return attach_error(GROUP_MEMBER, 0040, SHM_RDONLY) == EACCES;
}

VIOLATION(shmat_others_have_rights_of_group, "permissions.other-class", "-", SHMAT,
    BITS_OF_OTHER_CLASS_COUNT(OTHER_CLASS, GROUP_CLASS))
{
	return attach_error(OTHER, 0660, 0) == 0;
}

VIOLATION(shmat_others_have_rights_of_owner, "permissions.other-class", "-", SHMAT,
    BITS_OF_OTHER_CLASS_COUNT(OTHER_CLASS, USER_CLASS))
{
	return attach_error(OTHER, 0604, 0) == 0;
}

VIOLATION(shmctl_stat_refused_to_others, "permissions.other-class", "-", SHMCTL,
    REFUSES(is_stat(c) && has_rights(c, OTHER_CLASS, MAY_READ), EACCES))
{
	return control_error(OTHER, 0004, IPC_STAT) == EACCES;
}

/* Root is neither owner nor creator. */
static bool
is_foreign_to_root(const struct call *c)
{
	return geteuid() == 0 && known_permissions(c->id) != NULL && class_for(c->id) != USER_CLASS;
}

/* A segment whose creator is the user OWNER. It stays until the end of the process that asks. */
static int
segment_by_owner(int mode)
{
	return geteuid() == 0 && !unattached_segments_are_destroyed() ? segment_of_user(OWNER, segment_key(), mode)
								      : -1;
}

VIOLATION(shmat_root_needs_permission, "permissions.privileged-bypass", "-", SHMAT,
    REFUSES(is_foreign_to_root(c) && (rights_of(c->id, class_for(c->id)) & wanted_by_attach(c)) != wanted_by_attach(c),
	EACCES))
{
	int id = segment_by_owner(0000);

	return id != -1 && shmat(id, NULL, 0) == (void *)-1;
}

VIOLATION(shmctl_stat_root_needs_permission, "permissions.privileged-bypass", "-", SHMCTL,
    REFUSES(is_stat(c) && is_foreign_to_root(c) && rights_of(c->id, class_for(c->id)) == 0, EACCES))
{
	int id = segment_by_owner(0000);

	return id != -1 && error_of_control(id, IPC_STAT) == EACCES;
}

VIOLATION(shmctl_set_root_must_own, "permissions.privileged-bypass", "-", SHMCTL,
    REFUSES(c->command == IPC_SET && is_foreign_to_root(c), EPERM))
{
	int id = segment_by_owner(0600);

	return id != -1 && error_of_control(id, IPC_SET) == EPERM;
}

VIOLATION(shmctl_rmid_root_must_own, "permissions.privileged-bypass", "-", SHMCTL,
    REFUSES(c->command == IPC_RMID && is_foreign_to_root(c), EPERM))
{
	int id = segment_by_owner(0600);

	return id != -1 && error_of_control(id, IPC_RMID) == EPERM;
}

/* It is the caller who made the segment, whose owner is another now. */
static bool
is_creator_alone(const struct call *c)
{
	const struct ipc_perm *p = known_permissions(c->id);

	return p != NULL && geteuid() == p->cuid && geteuid() != p->uid;
}

/* A segment that OWNER made and that has been given to OTHER and OTHER's group. */
static int
segment_given_away(int mode)
{
	int id = segment_by_owner(0600);

	if (id != -1)
		segment_give(id, OTHER, OTHER, mode);
	return id;
}

VIOLATION(shmat_creator_counts_as_others, "permissions.creator-counts-as-owner", "-", SHMAT,
    REFUSES(geteuid() != 0 && is_creator_alone(c) &&
	    (rights_of(c->id, OTHER_CLASS) & wanted_by_attach(c)) != wanted_by_attach(c),
	EACCES))
{
	return error_for(OWNER, error_of_attach, segment_given_away(0600), 0) == EACCES;
}

VIOLATION(shmat_creator_has_rights_of_others, "permissions.creator-counts-as-owner", "-", SHMAT,
    ACCEPTS(is_creator_alone(c) && has_rights_by(c, USER_CLASS, OTHER_CLASS, wanted_by_attach(c)), EACCES,
	memory_of_its_own()))
{
	return error_for(OWNER, error_of_attach, segment_given_away(0066), 0) == 0;
}

/* The caller shares a group with the creator, and not with the owner. */
static bool
is_in_creators_group_alone(const struct call *c)
{
	const struct ipc_perm *p = known_permissions(c->id);

	return p != NULL && class_for(c->id) == GROUP_CLASS && getegid() != p->gid;
}

VIOLATION(shmat_creators_group_counts_as_others, "permissions.creator-group-counts", "-", SHMAT,
    REFUSES(
	is_in_creators_group_alone(c) && (rights_of(c->id, OTHER_CLASS) & wanted_by_attach(c)) != wanted_by_attach(c),
	EACCES))
{
	return error_for(GROUP_MEMBER, error_of_attach, segment_given_away(0060), 0) == EACCES;
}

VIOLATION(shmat_creators_group_has_rights_of_others, "permissions.creator-group-counts", "-", SHMAT,
    ACCEPTS(is_in_creators_group_alone(c) && has_rights_by(c, GROUP_CLASS, OTHER_CLASS, wanted_by_attach(c)), EACCES,
	memory_of_its_own()))
{
	return error_for(GROUP_MEMBER, error_of_attach, segment_given_away(0606), 0) == 0;
}

VIOLATION(shmat_real_user_admits, "permissions.effective-not-real-id", "-", SHMAT,
    ACCEPTS(getuid() != geteuid() && known_permissions(c->id) != NULL && getuid() == known_permissions(c->id)->uid,
	EACCES, memory_of_its_own()))
{
	return error_with_users(OWNER, OTHER, error_of_attach, 0) == 0;
}

VIOLATION(shmat_real_root_admits, "permissions.effective-not-real-id", "-", SHMAT,
    ACCEPTS(getuid() == 0 && geteuid() != 0, EACCES, memory_of_its_own()))
{
	return error_with_users(SUPERUSER, OTHER, error_of_attach, 0) == 0;
}

VIOLATION(shmat_real_user_refuses, "permissions.effective-not-real-id", "-", SHMAT,
    REFUSES(getuid() != geteuid() && getuid() != 0 && class_for(c->id) != NO_CLASS &&
	    getuid() != known_permissions(c->id)->uid,
	EACCES))
{
	return error_with_users(OTHER, OWNER, error_of_attach, 0) == EACCES;
}
