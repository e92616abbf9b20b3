/* SPDX-License-Identifier: BSD-2-Clause */

/* What each class may do with the key and the identifier of a segment. The direct checks need root, to be other users. */

#include "segment_limits.h"
#include "segments.h"

/* The segment whose key is looked up, or -1. */
static int
id_of(const struct call *c)
{
	return c->key == IPC_PRIVATE || c->flags & IPC_CREAT ? -1 : real_shmget(c->key, 0, 0);
}

/* What the nine bits ask for, whosever they are. */
static int
wanted_by(const struct call *c)
{
	return (c->flags >> USER_CLASS | c->flags >> GROUP_CLASS | c->flags) & MAY_BOTH;
}

static int
mode_of(int id)
{
	return known_permissions(id) == NULL ? 0 : (int)known_permissions(id)->mode & 0777;
}

static bool
is_of_class(int id, enum class class)
{
	return geteuid() != 0 && id != -1 && class_for(id) == class;
}

/* The caller's class lacks what another has. */
static bool
would_find_by(const struct call *c, enum class class, enum class other)
{
	int id = id_of(c);

	return is_of_class(id, class) && (rights_of(id, class) & wanted_by(c)) != wanted_by(c) &&
	    (rights_of(id, other) & wanted_by(c)) == wanted_by(c);
}

static bool
lacks(int id, enum class class, int wanted)
{
	return (rights_of(id, class) & wanted) != wanted;
}

/* The caller made the segment, or is in the group of who did, and neither owns it nor is in the owner's group. */
static bool
is_creator_alone(int id)
{
	return is_of_class(id, USER_CLASS) && geteuid() != known_permissions(id)->uid;
}

static bool
is_in_creators_group_alone(int id)
{
	return is_of_class(id, GROUP_CLASS) && getegid() != known_permissions(id)->gid;
}

static bool
is_foreign_to_root(int id)
{
	return geteuid() == 0 && id != -1 && known_permissions(id) != NULL && class_for(id) != USER_CLASS;
}

static key_t key_of_lookup;

static int
error_of_lookup(__attribute__((unused)) int id, int flags)
{
	return shmget(key_of_lookup, 1, flags) == -1 ? errno : 0;
}

static int
lookup_error(enum user user, int mode, int flags)
{
	key_of_lookup = segment_key();
	int id = segment_create_with_key(key_of_lookup, 1, 0600);

	if (geteuid() == 0)
		segment_give(id, OWNER, OWNER, mode);
	return error_for(user, error_of_lookup, id, flags);
}

/* A segment that OWNER made, with the key of the lookup. It is OTHER's now. */
static int
segment_given_away(int mode)
{
	if (geteuid() != 0 || unattached_segments_are_destroyed())
		return -1;
	key_of_lookup = segment_key();
	int id = segment_of_user(OWNER, key_of_lookup, 0600);
	segment_give(id, OTHER, OTHER, mode);
	return id;
}

VIOLATION(shmget_owner_has_rights_of_group, "permissions.owner-class-first", "-", SHMGET,
    ACCEPTS(would_find_by(c, USER_CLASS, GROUP_CLASS), EACCES, id_of(c)))
{
	return lookup_error(OWNER, 0060, 0600) == 0;
}

VIOLATION(shmget_owner_has_rights_of_others, "permissions.owner-class-first", "-", SHMGET,
    ACCEPTS(would_find_by(c, USER_CLASS, OTHER_CLASS), EACCES, id_of(c)))
{
	return lookup_error(OWNER, 0006, 0400) == 0;
}

VIOLATION(shmget_owner_must_read_to_write, "permissions.owner-class-first", "-", SHMGET,
    REFUSES(
	is_of_class(id_of(c), USER_CLASS) && rights_of(id_of(c), USER_CLASS) == MAY_WRITE && wanted_by(c) == MAY_WRITE,
	EACCES))
{
	return lookup_error(OWNER, 0200, 0200) == EACCES;
}

VIOLATION(shmget_creator_counts_as_others, "permissions.creator-counts-as-owner", "-", SHMGET,
    REFUSES(is_creator_alone(id_of(c)) && lacks(id_of(c), OTHER_CLASS, wanted_by(c)), EACCES))
{
	return error_for(OWNER, error_of_lookup, segment_given_away(0600), 0600) == EACCES;
}

VIOLATION(shmctl_stat_refused_to_creator_who_may_execute, "permissions.creator-counts-as-owner", "-", SHMCTL,
    REFUSES(is_stat(c) && is_creator_alone(c->id) && mode_of(c->id) & 0100, EACCES))
{
	return error_for(OWNER, error_of_control, segment_given_away(0700), IPC_STAT) == EACCES;
}

VIOLATION(shmget_group_has_rights_of_others, "permissions.group-class-second", "-", SHMGET,
    ACCEPTS(would_find_by(c, GROUP_CLASS, OTHER_CLASS), EACCES, id_of(c)))
{
	return lookup_error(GROUP_MEMBER, 0606, 0060) == 0;
}

VIOLATION(shmat_execute_admits_group, "permissions.group-class-second", "-", SHMAT,
    ACCEPTS(is_of_class(c->id, GROUP_CLASS) && mode_of(c->id) & 0010, EACCES, memory_of_its_own()))
{
	return attach_error(GROUP_MEMBER, 0010, SHM_RDONLY) == 0;
}

VIOLATION(shmget_creators_group_counts_as_others, "permissions.creator-group-counts", "-", SHMGET,
    REFUSES(is_in_creators_group_alone(id_of(c)) && lacks(id_of(c), OTHER_CLASS, wanted_by(c)), EACCES))
{
	return error_for(GROUP_MEMBER, error_of_lookup, segment_given_away(0060), 0060) == EACCES;
}

VIOLATION(shmget_others_have_rights_of_owner, "permissions.other-class", "-", SHMGET,
    ACCEPTS(would_find_by(c, OTHER_CLASS, USER_CLASS), EACCES, id_of(c)))
{
	return lookup_error(OTHER, 0600, 0006) == 0;
}

VIOLATION(shmget_execute_refuses_others, "permissions.other-class", "-", SHMGET,
    REFUSES(is_of_class(id_of(c), OTHER_CLASS) && mode_of(id_of(c)) & 0001 && wanted_by(c) != 0, EACCES))
{
	return lookup_error(OTHER, 0007, 0006) == EACCES;
}

VIOLATION(shmctl_stat_execute_admits_others, "permissions.other-class", "-", SHMCTL,
    ACCEPTS(is_stat(c) && is_of_class(c->id, OTHER_CLASS) && mode_of(c->id) & 0001, EACCES, 0))
{
	return control_error(OTHER, 0001, IPC_STAT) == 0;
}

VIOLATION(shmget_root_needs_permission, "permissions.privileged-bypass", "-", SHMGET,
    REFUSES(is_foreign_to_root(id_of(c)) && lacks(id_of(c), class_for(id_of(c)), wanted_by(c)), EACCES))
{
	int id = segment_given_away(0);

	return id != -1 && error_of_lookup(id, 0600) == EACCES;
}

/* As macOS and illumos have it. */
VIOLATION(shmget_compares_bits_with_mode, "permissions.lookup-by-owners-bits", "-", SHMGET,
    REFUSES(id_of(c) != -1 && !is_of_class(id_of(c), USER_CLASS) && geteuid() != 0 &&
	    known_permissions(id_of(c)) != NULL && (c->flags & 0777 & ~mode_of(id_of(c))) != 0,
	EACCES))
{
	return lookup_error(GROUP_MEMBER, 0060, 0600) == EACCES;
}

VIOLATION(shmget_owners_bits_ask_the_owner_alone, "permissions.lookup-by-owners-bits", "-", SHMGET,
    ACCEPTS((is_of_class(id_of(c), GROUP_CLASS) || is_of_class(id_of(c), OTHER_CLASS)) && (c->flags & 0077) == 0,
	EACCES, id_of(c)))
{
	return lookup_error(OTHER, 0660, 0400) == 0;
}

static bool
is_removal(const struct call *c)
{
	return c->command == IPC_RMID;
}

VIOLATION(shmctl_set_owner_needs_write, "permissions.change-whatever-the-mode", "-", SHMCTL,
    REFUSES(c->command == IPC_SET && is_of_class(c->id, USER_CLASS) && lacks(c->id, USER_CLASS, MAY_WRITE) &&
	    geteuid() != known_permissions(c->id)->cuid,
	EACCES))
{
	return control_error(OWNER, 0400, IPC_SET) == EACCES;
}

VIOLATION(shmctl_rmid_owner_needs_read, "permissions.change-whatever-the-mode", "-", SHMCTL,
    REFUSES(is_removal(c) && is_of_class(c->id, USER_CLASS) && lacks(c->id, USER_CLASS, MAY_READ) &&
	    geteuid() != known_permissions(c->id)->cuid,
	EACCES))
{
	return control_error(OWNER, 0200, IPC_RMID) == EACCES;
}

VIOLATION(shmctl_rmid_creator_needs_permission, "permissions.change-whatever-the-mode", "-", SHMCTL,
    REFUSES(is_removal(c) && is_creator_alone(c->id) && rights_of(c->id, USER_CLASS) == 0, EPERM))
{
	return error_for(OWNER, error_of_control, segment_given_away(0), IPC_RMID) == EPERM;
}

VIOLATION(shmctl_rmid_root_needs_permission, "permissions.change-whatever-the-mode", "-", SHMCTL,
    REFUSES(is_removal(c) && is_foreign_to_root(c->id) && rights_of(c->id, class_for(c->id)) == 0, EPERM))
{
	int id = segment_given_away(0);

	return id != -1 && error_of_control(id, IPC_RMID) == EPERM;
}

VIOLATION(shmctl_rmid_by_group_that_may_execute_accepted, "permissions.change-whatever-the-mode", "-", SHMCTL,
    ACCEPTS(is_removal(c) && is_of_class(c->id, GROUP_CLASS) && mode_of(c->id) & 0010, EPERM, 0))
{
	return control_error(GROUP_MEMBER, 0610, IPC_RMID) == 0;
}

VIOLATION(shmctl_set_by_creators_group_accepted, "permissions.change-whatever-the-mode", "-", SHMCTL,
    ACCEPTS(c->command == IPC_SET && is_in_creators_group_alone(c->id), EPERM, 0))
{
	return error_for(GROUP_MEMBER, error_of_control, segment_given_away(0600), IPC_SET) == 0;
}

VIOLATION(shmctl_rmid_by_others_without_bits_eacces, "permissions.change-whatever-the-mode", "B218", SHMCTL,
    MISTAKES(is_removal(c) && is_of_class(c->id, OTHER_CLASS) && (mode_of(c->id) & 0007) == 0, EPERM, EACCES))
{
	return control_error(OTHER, 0770, IPC_RMID) == EACCES;
}
