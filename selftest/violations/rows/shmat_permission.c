/* SPDX-License-Identifier: BSD-2-Clause */

/* Which attaches the permissions of a segment admit. What an attach gives that is admitted by mistake is other memory. */

#include "segments.h"

static bool
is_to_read(const struct call *c)
{
	return c->flags == SHM_RDONLY;
}

static bool
is_to_write(const struct call *c)
{
	return c->flags == 0;
}

/* A class that may not read gets an attachment for reading. */
#define RDONLY_ACCEPTED(class) ACCEPTS(is_to_read(c) && has_rights(c, class, 0), EACCES, memory_of_its_own())

VIOLATION(shmat_owner_without_read_accepted, "shmat.eacces-read", "-", SHMAT, RDONLY_ACCEPTED(USER_CLASS))
{
	return attach_error(OWNER, 0000, SHM_RDONLY) == 0;
}

VIOLATION(shmat_group_without_read_accepted, "shmat.eacces-read", "-", SHMAT,
    ACCEPTS(is_to_read(c) && has_rights(c, GROUP_CLASS, MAY_WRITE), EACCES, memory_of_its_own()))
{
	return attach_error(GROUP_MEMBER, 0626, SHM_RDONLY) == 0;
}

VIOLATION(shmat_others_without_read_accepted, "shmat.eacces-read", "B220", SHMAT, RDONLY_ACCEPTED(OTHER_CLASS))
{
	return attach_error(OTHER, 0600, SHM_RDONLY) == 0;
}

VIOLATION(shmat_without_read_eperm, "shmat.eacces-read", "B218", SHMAT, MISTAKES(is_to_read(c), EACCES, EPERM))
{
	return attach_error(OTHER, 0600, SHM_RDONLY) == EPERM;
}

VIOLATION(shmat_owner_reader_may_write, "shmat.eacces-write", "-", SHMAT,
    ACCEPTS(is_to_write(c) && has_rights(c, USER_CLASS, MAY_READ), EACCES, memory_of_its_own()))
{
	return attach_error(OWNER, 0400, 0) == 0;
}

VIOLATION(shmat_group_reader_may_write, "shmat.eacces-write", "-", SHMAT,
    ACCEPTS(is_to_write(c) && has_rights(c, GROUP_CLASS, MAY_READ), EACCES, memory_of_its_own()))
{
	return attach_error(GROUP_MEMBER, 0646, 0) == 0;
}

VIOLATION(shmat_other_reader_gets_rdonly, "shmat.eacces-write", "-", SHMAT,
    CHANGES(is_to_write(c) && has_rights(c, OTHER_CLASS, MAY_READ), c->flags = SHM_RDONLY))
{
	return attach_error(OTHER, 0644, 0) == 0;
}

VIOLATION(shmat_reader_to_write_erofs, "shmat.eacces-write", "-", SHMAT,
    MISTAKES(
	is_to_write(c) && (has_rights(c, USER_CLASS, MAY_READ) || has_rights(c, OTHER_CLASS, MAY_READ)), EACCES, EROFS))
{
	return attach_error(OTHER, 0644, 0) == EROFS;
}

VIOLATION(shmat_group_with_both_refused, "shmat.eacces-write", "-", SHMAT,
    REFUSES(is_to_write(c) && has_rights(c, GROUP_CLASS, MAY_BOTH), EACCES))
{
	return attach_error(GROUP_MEMBER, 0060, 0) == EACCES;
}

VIOLATION(shmat_others_with_both_refused, "shmat.eacces-write", "-", SHMAT,
    REFUSES(is_to_write(c) && has_rights(c, OTHER_CLASS, MAY_BOTH), EACCES))
{
	return attach_error(OTHER, 0006, 0) == EACCES;
}

VIOLATION(shmat_owner_writes_unread, "shmat.write-only-permission-refused", "-", SHMAT,
    ACCEPTS(is_to_write(c) && has_rights(c, USER_CLASS, MAY_WRITE), EACCES, memory_of_its_own()))
{
	return attach_error(OWNER, 0200, 0) == 0;
}

VIOLATION(shmat_group_writes_unread, "shmat.write-only-permission-refused", "-", SHMAT,
    ACCEPTS(is_to_write(c) && has_rights(c, GROUP_CLASS, MAY_WRITE), EACCES, memory_of_its_own()))
{
	return attach_error(GROUP_MEMBER, 0620, 0) == 0;
}

VIOLATION(shmat_others_write_unread, "shmat.write-only-permission-refused", "-", SHMAT,
    ACCEPTS(is_to_write(c) && has_rights(c, OTHER_CLASS, MAY_WRITE), EACCES, memory_of_its_own()))
{
	return attach_error(OTHER, 0602, 0) == 0;
}

VIOLATION(shmat_write_unread_eperm, "shmat.write-only-permission-refused", "-", SHMAT,
    MISTAKES(is_to_write(c) && has_rights(c, class_for(c->id), MAY_WRITE), EACCES, EPERM))
{
	return attach_error(OTHER, 0602, 0) == EPERM;
}

VIOLATION(shmat_rdonly_needs_write_of_owner, "shmat.rdonly-with-read-permission", "-", SHMAT,
    REFUSES(is_to_read(c) && has_rights(c, USER_CLASS, MAY_READ), EACCES))
{
	return attach_error(OWNER, 0400, SHM_RDONLY) == EACCES;
}

VIOLATION(shmat_rdonly_needs_write_of_group, "shmat.rdonly-with-read-permission", "-", SHMAT,
    REFUSES(is_to_read(c) && has_rights(c, GROUP_CLASS, MAY_READ), EACCES))
{
	return attach_error(GROUP_MEMBER, 0640, SHM_RDONLY) == EACCES;
}

VIOLATION(shmat_reader_finds_zeros, "shmat.rdonly-with-read-permission", "-", SHMAT,
    FALSIFIES(is_to_read(c) && has_rights(c, OTHER_CLASS, MAY_READ),
	put_zeros((void *)c->result, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE)))
{
	int id = segment_of_owner(0604);
	int status;

	*(char *)segment_attach(id, NULL, 0) = 'x';
	pid_t child = geteuid() == 0 ? fork() : -1;
	if (child == 0) {
		user_become(OTHER);
		_exit(*(char *)segment_attach(id, NULL, SHM_RDONLY));
	}
	return child != -1 && waitpid(child, &status, 0) == child && status == 0;
}

static bool
is_by_later_owner(const struct call *c)
{
	const struct ipc_perm *p = known_permissions(c->id);

	return p != NULL && geteuid() == p->uid && geteuid() != p->cuid;
}

VIOLATION(shmat_later_owner_refused, "shmctl.set-then-new-attach-checked", "-", SHMAT,
    REFUSES(is_by_later_owner(c) && rights_of(c->id, USER_CLASS) == MAY_BOTH, EACCES))
{
	return attach_error(OWNER, 0600, 0) == EACCES;
}

VIOLATION(shmat_checks_mode_of_creation, "shmctl.set-then-new-attach-checked", "-", SHMAT,
    ACCEPTS(geteuid() != 0 && known_segment(c->id) != NULL && known_segment(c->id)->creator == getpid() &&
	    known_segment(c->id)->was_attached,
	EACCES, memory_of_its_own()))
{
	int status;
	pid_t child = fork_creator();

	if (child == 0) {
		user_become(plain_user());
		int id = segment_create(1);
		struct shmid_ds change = segment_stat(id);
		segment_attach(id, NULL, 0);
		change.shm_perm.mode = 0000;
		_exit(shmctl(id, IPC_SET, &change) == 0 && shmat(id, NULL, 0) != (void *)-1 ? 0 : 1);
	}
	return waitpid(child, &status, 0) == child && status == 0;
}
