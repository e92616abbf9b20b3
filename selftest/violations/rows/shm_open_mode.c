/* SPDX-License-Identifier: BSD-2-Clause */

/* The mode and the owner of what shm_open() makes. */

#include "objects.h"
#include "real.h"
#include "users.h"
#include "violation.h"

static mode_t
mode_of_new(mode_t mask, mode_t mode)
{
	struct object o = object_name();
	int fd;

	umask(mask);
	fd = shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, mode);
	return status_of(fd).st_mode & 0777;
}

VIOLATION(shm_open_ignores_umask, "shm_open.mode-and-umask", "-", SHM_OPEN,
    FALSIFIES((c->flags & O_EXCL) != 0, real_fchmod((int)c->result, c->mode & 0777)))
{
	return mode_of_new(0027, 0666) == 0666;
}

VIOLATION(shm_open_mode_0600_for_all, "shm_open.mode-and-umask", "-", SHM_OPEN,
    FALSIFIES((c->flags & O_EXCL) != 0 && object_mode((int)c->result) & 0066, real_fchmod((int)c->result, 0600)))
{
	return mode_of_new(0, 0666) == 0600;
}

VIOLATION(shm_open_drops_execute_bits, "shm_open.mode-and-umask", "-", SHM_OPEN,
    CHANGES((c->flags & O_CREAT) != 0, c->mode &= ~0111U))
{
	return mode_of_new(0, 0777) == 0666;
}

VIOLATION(shm_open_owner_keeps_write_bit, "shm_open.mode-and-umask", "-", SHM_OPEN,
    FALSIFIES(
	(c->flags & O_EXCL) != 0 && c->mode & 0200, real_fchmod((int)c->result, object_mode((int)c->result) | 0200)))
{
	return mode_of_new(0200, 0600) == 0600;
}

VIOLATION(shm_open_umask_for_owner_counts_for_all, "shm_open.mode-and-umask", "-", SHM_OPEN,
    FALSIFIES((c->flags & O_EXCL) != 0 && object_mode((int)c->result) & 0040,
	real_fchmod((int)c->result, object_mode((int)c->result) & ~0040U)))
{
	return mode_of_new(0027, 0666) == 0600;
}

static void
create_for_reading(struct call *c)
{
	c->result = real_shm_open(c->name, c->flags, 0600);
	real_fchmod((int)c->result, c->mode);
	take_place(real_shm_open(c->name, O_RDONLY, 0), (int)c->result);
}

VIOLATION(shm_open_mode_zero_limits_creator, "shm_open.mode-zero-creator-can-use", "-", SHM_OPEN,
    REPLACES((c->flags & O_EXCL) != 0 && c->mode == 0 && geteuid() == 0, create_for_reading(c)))
{
	struct object o = object_name();

	return ftruncate(shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0), 1) == -1 && geteuid() == 0;
}

static bool
cannot_create(const struct object *o)
{
	return shm_open(o->name, O_CREAT | O_EXCL | O_RDWR, 0) == -1;
}

VIOLATION(shm_open_mode_zero_refused_to_users, "shm_open.mode-zero-creator-can-use", "-", SHM_OPEN,
    REFUSES((c->flags & O_EXCL) != 0 && c->mode == 0 && geteuid() != 0, EACCES))
{
	return is_seen_by(OTHER, cannot_create, object_name());
}

VIOLATION(shm_open_creat_empties_existing, "shm_open.mode-ignored-when-existing", "-", SHM_OPEN,
    CHANGES(c->flags == (O_CREAT | O_RDWR) && call_opens(c), c->flags |= O_TRUNC))
{
	struct object o = object_create(1);

	(void)shm_open(o.name, O_CREAT | O_RDWR, 0600);
	return size_of(o.fd) == 0;
}

static void
open_and_set_mode(struct call *c)
{
	c->result = real_shm_open(c->name, c->flags, c->mode);
	real_fchmod((int)c->result, c->mode);
}

VIOLATION(shm_open_creat_sets_mode_of_existing, "shm_open.mode-ignored-when-existing", "-", SHM_OPEN,
    REPLACES(c->flags == (O_CREAT | O_RDWR) && call_opens(c), open_and_set_mode(c)))
{
	struct object o = object_create(0);

	(void)shm_open(o.name, O_CREAT | O_RDWR, 0400);
	return (status_of(o.fd).st_mode & 0777) == 0400;
}

static void
open_and_add_mode(struct call *c)
{
	c->result = real_shm_open(c->name, c->flags, c->mode);
	real_fchmod((int)c->result, object_mode((int)c->result) | c->mode);
}

VIOLATION(shm_open_rdonly_creat_adds_to_mode, "shm_open.mode-ignored-when-existing", "-", SHM_OPEN,
    REPLACES(c->flags == (O_CREAT | O_RDONLY) && call_opens(c), open_and_add_mode(c)))
{
	struct object o = object_create(0);

	(void)shm_open(o.name, O_CREAT | O_RDONLY, 0644);
	return (status_of(o.fd).st_mode & 0777) == 0644;
}

static void
open_and_own(struct call *c)
{
	c->result = real_shm_open(c->name, c->flags, c->mode);
	real_fchown((int)c->result, 65534, 65534);
}

VIOLATION(shm_open_creat_gives_existing_away, "shm_open.mode-ignored-when-existing", "-", SHM_OPEN,
    REPLACES(c->flags == (O_CREAT | O_RDWR) && call_opens(c), open_and_own(c)))
{
	struct object o = object_create(0);

	(void)shm_open(o.name, O_CREAT | O_RDWR, 0600);
	return status_of(o.fd).st_uid != geteuid();
}

VIOLATION(shm_open_new_object_of_nobody, "shm_open.owner-effective-uid", "-", SHM_OPEN,
    FALSIFIES((c->flags & O_EXCL) != 0 && geteuid() == getuid(), real_fchown((int)c->result, 65534, (gid_t)-1)))
{
	return status_of(object_create(0).fd).st_uid != geteuid();
}

/* By those ids that the process can take back. */
static void
give_object(int fd, uid_t user, gid_t group)
{
	uid_t effective = geteuid();

	if (seteuid(0) == 0) {
		real_fchown(fd, user, group);
		seteuid(effective);
	}
}

static struct stat
status_by_effective_user(void)
{
	struct object o = object_name();
	struct stat status;
	int fd;

	if (setegid(group_id(OTHER)) == -1 || seteuid(user_id(OWNER)) == -1)
		return (struct stat){ .st_uid = user_id(OWNER), .st_gid = group_id(OTHER) };
	fd = shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600);
	status = status_of(fd);
	if (seteuid(0) == -1 || setegid(0) == -1)
		status.st_uid = user_id(OWNER);
	return status;
}

VIOLATION(shm_open_new_object_of_real_user, "shm_open.owner-effective-uid", "-", SHM_OPEN,
    FALSIFIES((c->flags & O_EXCL) != 0 && geteuid() != getuid(), give_object((int)c->result, getuid(), (gid_t)-1)))
{
	return status_by_effective_user().st_uid == 0;
}

VIOLATION(shm_open_new_object_of_unrelated_group, "shm_open.group-effective-or-directory", "-", SHM_OPEN,
    FALSIFIES((c->flags & O_EXCL) != 0 && geteuid() != getuid(), give_object((int)c->result, (uid_t)-1, 65534)))
{
	return status_by_effective_user().st_gid == 65534;
}

VIOLATION(shm_open_new_object_of_group_numbered_as_user, "shm_open.group-effective-or-directory", "-", SHM_OPEN,
    FALSIFIES((c->flags & O_EXCL) != 0 && geteuid() != getegid(), give_object((int)c->result, (uid_t)-1, geteuid())))
{
	return status_by_effective_user().st_gid == user_id(OWNER) && geteuid() == 0;
}

VIOLATION(shm_open_new_object_of_superusers_group, "shm_open.group-effective-or-directory", "-", SHM_OPEN,
    FALSIFIES((c->flags & O_EXCL) != 0 && geteuid() != getuid(), give_object((int)c->result, (uid_t)-1, 0)))
{
	return status_by_effective_user().st_gid == 0;
}
