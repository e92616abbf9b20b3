/* SPDX-License-Identifier: BSD-2-Clause */

/* Capabilities instead of permission bits, and permissions that change when the segment is attached already. */

#include <unistd.h>

#include "segments.h"

/* What has the capability CAP_IPC_OWNER sees what the mode denies it. */
static bool
has_capability_alone(const struct call *c)
{
	struct shmid_ds status;

	return geteuid() != 0 && class_for(c->id) != NO_CLASS && rights_of(c->id, class_for(c->id)) == 0 &&
	    real_shmctl(c->id, IPC_STAT, &status) == 0;
}

/* The error of a call by a process with this capability alone. */
static int
error_with(enum capability which, int id, int (*error_of)(int id, int argument), int argument)
{
	int status;
	pid_t child = geteuid() == 0 ? fork() : -1;

	if (child == 0)
		_exit(become_with_capability(which, user_id(OTHER), group_id(OTHER)) ? error_of(id, argument) : -1);
	return child == -1 || waitpid(child, &status, 0) != child ? -1 : WEXITSTATUS(status);
}

/* The same with CAP_IPC_OWNER, on a segment of OWNER with mode 0. */
static int
error_with_capability(int (*error_of)(int id, int argument), int argument)
{
	return error_with(CAPABILITY_IPC_OWNER, segment_of_owner(0), error_of, argument);
}

VIOLATION(
    shmat_cap_ipc_owner_ignored, "permissions.cap-ipc-owner", "-", SHMAT, REFUSES(has_capability_alone(c), EACCES))
{
	return error_with_capability(error_of_attach, 0) == EACCES;
}

/* The same, for a lookup that asks for access. */
static bool
finds_by_capability_alone(const struct call *c)
{
	const struct known_segment *s = known_segment_with_key(c->key);
	struct shmid_ds status;

	return geteuid() != 0 && (c->flags & 0666) != 0 && s != NULL && class_for(s->id) != NO_CLASS &&
	    rights_of(s->id, class_for(s->id)) == 0 && real_shmctl(s->id, IPC_STAT, &status) == 0;
}

static int
error_of_lookup(int id, int flags)
{
	struct shmid_ds status = segment_stat(id);
	key_t key;

	if (!key_in_status(&status, &key))
		return 0;
	errno = 0;
	return shmget(key, 0, flags) == -1 ? errno : 0;
}

VIOLATION(shmget_cap_ipc_owner_ignored, "permissions.cap-ipc-owner", "-", SHMGET,
    REFUSES(finds_by_capability_alone(c), EACCES))
{
	return error_with_capability(error_of_lookup, 0600) == EACCES;
}

VIOLATION(shmctl_stat_cap_ipc_owner_ignored, "permissions.cap-ipc-owner", "-", SHMCTL,
    REFUSES(is_stat(c) && has_capability_alone(c), EACCES))
{
	return error_with_capability(error_of_control, IPC_STAT) == EACCES;
}

VIOLATION(shmctl_set_by_cap_ipc_owner_accepted, "permissions.cap-ipc-owner", "-", SHMCTL,
    ACCEPTS(c->command == IPC_SET && has_capability_alone(c), EPERM, 0))
{
	return error_with_capability(error_of_control, IPC_SET) == 0;
}

VIOLATION(shmctl_rmid_by_cap_ipc_owner_eacces, "permissions.cap-ipc-owner", "-", SHMCTL,
    MISTAKES(c->command == IPC_RMID && has_capability_alone(c), EPERM, EACCES))
{
	return error_with_capability(error_of_control, IPC_RMID) == EACCES;
}

/* One who is neither root nor of the segment's users: without a capability any such call would be refused. */
static bool
is_third_party(const struct call *c)
{
	return geteuid() != 0 && class_for(c->id) == OTHER_CLASS;
}

static int
error_as_admin(int command)
{
	return error_with(CAPABILITY_SYS_ADMIN, segment_of_owner(0), error_of_control, command);
}

VIOLATION(shmctl_set_cap_sys_admin_ignored, "permissions.cap-sys-admin", "-", SHMCTL,
    REFUSES(c->command == IPC_SET && is_third_party(c), EPERM))
{
	return error_as_admin(IPC_SET) == EPERM;
}

/* The segment is given back to whose it was, with the mode that it had. */
static void
set_as_before(const struct call *c)
{
	struct shmid_ds change;

	memset(&change, 0, sizeof(change));
	change.shm_perm = *known_permissions(c->id);
	real_shmctl(c->id, IPC_SET, &change);
}

static int
error_of_clearing_mode(int id, int command)
{
	struct shmid_ds change;

	memset(&change, 0, sizeof(change));
	return shmctl(id, command, &change) == -1 ? errno : 0;
}

VIOLATION(shmctl_set_by_cap_sys_admin_sets_nothing, "permissions.cap-sys-admin", "-", SHMCTL,
    FALSIFIES(c->command == IPC_SET && is_third_party(c), set_as_before(c)))
{
	int id = segment_of_owner(0600);

	return error_with(CAPABILITY_SYS_ADMIN, id, error_of_clearing_mode, IPC_SET) == 0 &&
	    (segment_stat(id).shm_perm.mode & 0777) == 0600;
}

VIOLATION(shmctl_rmid_cap_sys_admin_ignored, "permissions.cap-sys-admin", "-", SHMCTL,
    REFUSES(c->command == IPC_RMID && is_third_party(c), EPERM))
{
	return error_as_admin(IPC_RMID) == EPERM;
}

VIOLATION(shmctl_stat_by_cap_sys_admin_accepted, "permissions.cap-sys-admin", "-", SHMCTL,
    ACCEPTS(is_stat(c) && is_third_party(c), EACCES, 0))
{
	return error_as_admin(IPC_STAT) == 0;
}

VIOLATION(
    shmat_by_cap_sys_admin_eperm, "permissions.cap-sys-admin", "-", SHMAT, MISTAKES(is_third_party(c), EACCES, EPERM))
{
	return error_with(CAPABILITY_SYS_ADMIN, segment_of_owner(0), error_of_attach, 0) == EPERM;
}

static int
error_with_lock(int id, int command)
{
	return error_with(CAPABILITY_IPC_LOCK, id, error_of_control, command);
}

VIOLATION(shm_lock_cap_ipc_lock_ignored, "permissions.cap-ipc-lock", "-", SHMCTL,
    REFUSES(c->command == SHM_LOCK && is_third_party(c), EPERM))
{
	return error_with_lock(segment_of_owner(0), SHM_LOCK) == EPERM;
}

VIOLATION(shm_lock_by_cap_ipc_lock_locks_nothing, "permissions.cap-ipc-lock", "-", SHMCTL,
    FALSIFIES(c->command == SHM_LOCK && is_third_party(c), real_shmctl(c->id, SHM_UNLOCK, NULL)))
{
	int id = segment_of_owner(0);

	return error_with_lock(id, SHM_LOCK) == 0 && (segment_stat(id).shm_perm.mode & SHM_LOCKED) == 0;
}

VIOLATION(shm_unlock_cap_ipc_lock_ignored, "permissions.cap-ipc-lock", "-", SHMCTL,
    REFUSES(c->command == SHM_UNLOCK && is_third_party(c), EPERM))
{
	return error_with_lock(segment_of_owner(0), SHM_UNLOCK) == EPERM;
}

/* To a third party it unlocks nothing, and says that it has. */
VIOLATION(shm_unlock_by_cap_ipc_lock_unlocks_nothing, "permissions.cap-ipc-lock", "-", SHMCTL,
    FALSIFIES(c->command == SHM_UNLOCK && is_third_party(c), real_shmctl(c->id, SHM_LOCK, NULL)))
{
	int id = segment_of_owner(0);

	return shmctl(id, SHM_LOCK, NULL) == 0 && error_with_lock(id, SHM_UNLOCK) == 0 && SHM_LOCKED != 0 &&
	    (segment_stat(id).shm_perm.mode & SHM_LOCKED) != 0;
}

/* The attachments that this process could not make now. */
static void
revoke_writes(void)
{
	size_t count;
	struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].id != -1 && geteuid() != 0 && class_for(ranges[i].id) != USER_CLASS &&
		    (rights_of(ranges[i].id, class_for(ranges[i].id)) & MAY_WRITE) == 0)
			real_mprotect(ranges[i].start, ranges[i].length, PROT_READ);
}

static bool
has_attachments(void)
{
	size_t count;
	struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].id != -1)
			return true;
	return false;
}

/* The process's next call, whichever it is, after it has become another user: one that both cases and fault.h make. */
VIOLATION(attachment_lost_with_user, "permissions.mode-not-rechecked-after-attach", "-", SIGACTION,
    CHANGES(geteuid() != 0 && has_attachments(), revoke_writes()))
{
	char *p = segment_attach(segment_create(1), NULL, 0);
	int status;
	pid_t child = geteuid() == 0 ? fork() : -1;

	if (child == 0) {
		user_become(OTHER);
		_exit(store_is_refused(p) ? 0 : 1);
	}
	return child != -1 && waitpid(child, &status, 0) == child && status == 0;
}

/* When IPC_SET takes rights away, attachments of this process lose them too. */
static void
revoke_with_mode(struct call *c, void (*revoke)(struct known_range *))
{
	size_t count;
	struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].id == c->id && (ranges[i].flags & SHM_RDONLY) == 0)
			revoke(&ranges[i]);
}

static void
protect(struct known_range *range)
{
	real_mprotect(range->start, range->length, PROT_READ);
}

static void
separate(struct known_range *range)
{
	put_zeros(range->start, range->length, PROT_READ | PROT_WRITE, MAP_PRIVATE);
}

static bool
takes_all_away(const struct call *c)
{
	return c->command == IPC_SET && (told_by(c)->shm_perm.mode & 0777) == 0 && known_attachments(c->id) > 0;
}

/* An attachment of a segment from which all permissions were taken, when it held 'x'. */
static char *
attachment_without_permission(void)
{
	int id = segment_create(1);
	char *p = segment_attach(id, NULL, 0);
	struct shmid_ds change = segment_stat(id);

	*p = 'x';
	change.shm_perm.mode = 0;
	return shmctl(id, IPC_SET, &change) == 0 ? p : NULL;
}

VIOLATION(shmctl_set_mode_revokes_writes, "shmctl.set-then-existing-attachments-stay", "-", SHMCTL,
    FALSIFIES(takes_all_away(c), revoke_with_mode(c, protect)))
{
	char *p = attachment_without_permission();

	return p != NULL && store_is_refused(p);
}

VIOLATION(shmctl_set_mode_takes_segment_away, "shmctl.set-then-existing-attachments-stay", "-", SHMCTL,
    FALSIFIES(takes_all_away(c), revoke_with_mode(c, separate)))
{
	char *p = attachment_without_permission();

	return p != NULL && *p != 'x';
}
