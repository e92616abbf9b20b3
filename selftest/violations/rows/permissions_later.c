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

/* The error of a call by a process with that capability, on a segment of OWNER with mode 0. */
static int
error_with_capability(int (*error_of)(int id, int argument), int argument)
{
	int id = segment_of_owner(0);
	int status;
	pid_t child = geteuid() == 0 ? fork() : -1;

	if (child == 0)
		_exit(become_with_cap_ipc_owner(user_id(OTHER), group_id(OTHER)) ? error_of(id, argument) : -1);
	return child == -1 || waitpid(child, &status, 0) != child ? -1 : WEXITSTATUS(status);
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
