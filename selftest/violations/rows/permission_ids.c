/* SPDX-License-Identifier: BSD-2-Clause */

/* Which IDs of the caller count for a segment, and what SHM_EXEC asks for. The direct checks need root. */

#include "segments.h"

static bool
has_two_users(const struct call *c)
{
	return getuid() != geteuid() && known_permissions(c->id) != NULL;
}

static bool
is_real_owner(const struct call *c)
{
	return has_two_users(c) && getuid() == known_permissions(c->id)->uid;
}

static bool
is_effective_owner(const struct call *c)
{
	return has_two_users(c) && geteuid() == known_permissions(c->id)->uid;
}

VIOLATION(shmctl_set_real_user_admits, "permissions.effective-not-real-id", "-", SHMCTL,
    ACCEPTS(c->command == IPC_SET && is_real_owner(c), EPERM, 0))
{
	return error_with_users(OWNER, OTHER, error_of_control, IPC_SET) == 0;
}

VIOLATION(shmctl_rmid_real_root_admits, "permissions.effective-not-real-id", "-", SHMCTL,
    ACCEPTS(c->command == IPC_RMID && getuid() == 0 && geteuid() != 0, EPERM, 0))
{
	return error_with_users(SUPERUSER, OTHER, error_of_control, IPC_RMID) == 0;
}

VIOLATION(shmctl_stat_real_user_refuses, "permissions.effective-not-real-id", "-", SHMCTL,
    REFUSES(is_stat(c) && is_effective_owner(c) && getuid() != 0, EACCES))
{
	return error_with_users(OTHER, OWNER, error_of_control, IPC_STAT) == EACCES;
}

static bool
is_in_owners_group_really(const struct call *c)
{
	return getgid() != getegid() && known_permissions(c->id) != NULL && getgid() == known_permissions(c->id)->gid;
}

static bool
is_in_owners_group_effectively(const struct call *c)
{
	return getgid() != getegid() && known_permissions(c->id) != NULL && getegid() == known_permissions(c->id)->gid;
}

/* The error of an attach to a segment that OWNER's group may use, by a process with two group IDs. */
static int
attach_error_with_groups(enum user real, enum user effective)
{
	int id = segment_of_owner(0060);
	int status;
	pid_t child = geteuid() == 0 ? fork() : -1;

	if (child == 0) {
		if (setregid(group_id(real), group_id(effective)) == -1 || setuid(user_id(OTHER)) == -1)
			_exit(-1);
		_exit(error_of_attach(id, 0));
	}
	return child == -1 || waitpid(child, &status, 0) != child ? -1 : WEXITSTATUS(status);
}

VIOLATION(shmat_real_group_admits, "permissions.effective-not-real-id", "-", SHMAT,
    ACCEPTS(is_in_owners_group_really(c), EACCES, memory_of_its_own()))
{
	return attach_error_with_groups(OWNER, OTHER) == 0;
}

VIOLATION(shmat_real_group_refuses, "permissions.effective-not-real-id", "-", SHMAT,
    REFUSES(is_in_owners_group_effectively(c), EACCES))
{
	return attach_error_with_groups(OTHER, OWNER) == EACCES;
}

/* The caller has made the segment and has another effective user now. */
static bool
has_made_it_as_another(const struct call *c)
{
	return known_segment(c->id) != NULL && known_segment(c->id)->creator == getpid() &&
	    known_permissions(c->id) != NULL && geteuid() != known_permissions(c->id)->cuid;
}

/* The error of a call on what the process has made before it became OTHER. */
static int
error_of_maker(int (*error_of)(int id, int argument), int argument)
{
	int status;
	pid_t child = geteuid() == 0 ? fork_creator() : -1;

	if (child == 0) {
		int id = -1;

		if (setgid(group_id(OTHER)) == 0 && setreuid(user_id(OTHER), user_id(OWNER)) == 0)
			id = segment_create(1);
		_exit(seteuid(user_id(OTHER)) == -1 ? -1 : error_of(id, argument));
	}
	return child == -1 || waitpid(child, &status, 0) != child ? -1 : WEXITSTATUS(status);
}

VIOLATION(shmat_maker_is_admitted_as_anyone, "permissions.effective-not-real-id", "-", SHMAT,
    ACCEPTS(has_made_it_as_another(c), EACCES, memory_of_its_own()))
{
	return error_of_maker(error_of_attach, SHM_RDONLY) == 0;
}

VIOLATION(shmctl_rmid_by_maker_as_anyone_accepted, "permissions.effective-not-real-id", "-", SHMCTL,
    ACCEPTS(c->command == IPC_RMID && has_made_it_as_another(c), EPERM, 0))
{
	return error_of_maker(error_of_control, IPC_RMID) == 0;
}

static bool
is_to_execute(const struct call *c)
{
	return SHM_EXEC != 0 && c->flags & SHM_EXEC && geteuid() != 0 && class_for(c->id) != NO_CLASS;
}

static bool
may_execute(const struct call *c)
{
	return known_permissions(c->id)->mode >> class_for(c->id) & 1;
}

VIOLATION(shmat_exec_needs_no_permission, "permissions.exec-needs-execute", "-", SHMAT,
    CHANGES(is_to_execute(c) && !may_execute(c), c->flags &= ~SHM_EXEC))
{
	return SHM_EXEC != 0 && attach_error(OWNER, 0600, SHM_EXEC) == 0;
}

VIOLATION(shmat_exec_without_permission_eperm, "permissions.exec-needs-execute", "-", SHMAT,
    MISTAKES(is_to_execute(c) && !may_execute(c), EACCES, EPERM))
{
	return SHM_EXEC != 0 && attach_error(OTHER, 0606, SHM_EXEC) == EPERM;
}

VIOLATION(shmat_exec_refused_to_group, "permissions.exec-needs-execute", "-", SHMAT,
    REFUSES(is_to_execute(c) && class_for(c->id) == GROUP_CLASS && may_execute(c), EACCES))
{
	return SHM_EXEC != 0 && attach_error(GROUP_MEMBER, 0070, SHM_EXEC) == EACCES;
}
