/* SPDX-License-Identifier: BSD-2-Clause */

/* What IPC_SET stores. Who may: shmctl_owner.c. */

#include "clock.h"
#include "segments.h"

static bool
can_be_read(const void *buffer)
{
	struct call sync = { .interface = MSYNC,
		.address = (void *)((uintptr_t)buffer / page_size() * page_size()),
		.length = page_size(),
		.flags = MS_ASYNC };
	const struct known_range *range = known_range_at(buffer);

	return real_call(&sync) == 0 && (range == NULL || range->protection & PROT_READ);
}

static bool
is_set(const struct call *c)
{
	return c->command == IPC_SET && can_be_read(c->buffer);
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

static struct ipc_perm
permissions_now(const struct call *c)
{
	return real_status(c->id).shm_perm;
}

/* The permissions after IPC_SET of these. */
static struct ipc_perm
permissions_set(uid_t user, gid_t group, int mode)
{
	int id = segment_create(1);
	struct shmid_ds change = segment_stat(id);

	change.shm_perm.uid = user;
	change.shm_perm.gid = group;
	change.shm_perm.mode = (mode_t)mode;
	shmctl(id, IPC_SET, &change);
	return segment_stat(id).shm_perm;
}

/* Else the kernel refuses to set what these ids are. */
static bool
other_is_known(void)
{
	return ids_are_known(user_id(OTHER), user_id(OTHER)) && ids_are_known(group_id(OTHER), group_id(OTHER));
}

VIOLATION(shmctl_set_ignores_uid, "shmctl.set-uid-gid-mode", "-", SHMCTL,
    CHANGES(is_set(c), changed(c)->uid = permissions_now(c).uid))
{
	return other_is_known() && permissions_set(user_id(OTHER), getegid(), 0600).uid == geteuid();
}

VIOLATION(shmctl_set_ignores_gid, "shmctl.set-uid-gid-mode", "-", SHMCTL,
    CHANGES(is_set(c), changed(c)->gid = permissions_now(c).gid))
{
	return other_is_known() && permissions_set(geteuid(), group_id(OTHER), 0600).gid == getegid();
}

static void
swap_uid_and_gid(struct ipc_perm *permissions)
{
	uid_t user = permissions->uid;

	permissions->uid = permissions->gid;
	permissions->gid = user;
}

VIOLATION(shmctl_set_swaps_uid_and_gid, "shmctl.set-uid-gid-mode", "-", SHMCTL,
    CHANGES(is_set(c), swap_uid_and_gid(changed(c))))
{
	return permissions_set(user_id(OTHER), group_id(OWNER), 0600).gid == user_id(OTHER);
}

VIOLATION(shmctl_set_ignores_mode, "shmctl.set-uid-gid-mode", "-", SHMCTL,
    CHANGES(is_set(c), changed(c)->mode = permissions_now(c).mode))
{
	return (permissions_set(geteuid(), getegid(), 0640).mode & 0777) == 0600;
}

VIOLATION(shmctl_set_drops_execute_bits, "shmctl.set-uid-gid-mode", "-", SHMCTL,
    CHANGES(is_set(c) && told_by(c)->shm_perm.mode & 0111, changed(c)->mode &= ~0111U))
{
	return (permissions_set(geteuid(), getegid(), 0711).mode & 0777) == 0600;
}

VIOLATION(shmctl_set_only_adds_bits, "shmctl.set-uid-gid-mode", "-", SHMCTL,
    CHANGES(is_set(c) && told_by(c)->shm_perm.mode != 0, changed(c)->mode |= permissions_now(c).mode))
{
	return (permissions_set(geteuid(), getegid(), 0440).mode & 0777) == 0640;
}

VIOLATION(shmctl_set_applies_umask, "shmctl.set-uid-gid-mode", "-", SHMCTL,
    CHANGES(is_set(c) && told_by(c)->shm_perm.mode & 022, changed(c)->mode &= ~022U))
{
	return (permissions_set(geteuid(), getegid(), 0622).mode & 0777) == 0600;
}

/* The last IPC_SET: for members that it stores, and IPC_STAT shows. */
static struct {
	int id;
	struct shmid_ds status;
} last_set = { -1, { .shm_segsz = 0 } };

static bool
is_set_or_shown(const struct call *c)
{
	return c->command == IPC_SET || (is_stat(c) && c->id == last_set.id);
}

/* True for the IPC_STAT of a segment that the last IPC_SET was for, whose buffer is remembered. */
static bool
is_shown(const struct call *c)
{
	if (c->command != IPC_SET)
		return true;
	last_set.id = c->id;
	last_set.status = *told_by(c);
	return false;
}

/* A member of the buffer that POSIX says is ignored. */
#define STORES(member) FALSIFIES(is_set_or_shown(c), (is_shown(c) ? told_by(c)->member = last_set.status.member : 0))

/* The status after an IPC_SET whose buffer holds nonsense in all that is to be ignored. */
static struct shmid_ds
status_set_with_nonsense(void)
{
	int id = segment_create(1);
	struct shmid_ds before = segment_stat(id);
	struct shmid_ds nonsense;

	memset(&nonsense, 0x5a, sizeof(nonsense));
	nonsense.shm_perm.uid = before.shm_perm.uid;
	nonsense.shm_perm.gid = before.shm_perm.gid;
	nonsense.shm_perm.mode = before.shm_perm.mode;
	shmctl(id, IPC_SET, &nonsense);
	return segment_stat(id);
}

VIOLATION(shmctl_set_stores_size, "shmctl.set-ignores-other-members", "-", SHMCTL, STORES(shm_segsz))
{
	return status_set_with_nonsense().shm_segsz != 1;
}

VIOLATION(shmctl_set_stores_count, "shmctl.set-ignores-other-members", "-", SHMCTL, STORES(shm_nattch))
{
	return status_set_with_nonsense().shm_nattch != 0;
}

VIOLATION(shmctl_set_stores_creator_process, "shmctl.set-ignores-other-members", "-", SHMCTL, STORES(shm_cpid))
{
	return status_set_with_nonsense().shm_cpid != getpid();
}

VIOLATION(shmctl_set_stores_atime, "shmctl.set-ignores-other-members", "-", SHMCTL, STORES(shm_atime))
{
	return status_set_with_nonsense().shm_atime != 0;
}

VIOLATION(shmctl_set_stores_ctime, "shmctl.set-ignores-other-members", "-", SHMCTL, STORES(shm_ctime))
{
	struct shmid_ds nonsense;

	memset(&nonsense, 0x5a, sizeof(nonsense));
	return status_set_with_nonsense().shm_ctime == nonsense.shm_ctime;
}

VIOLATION(shmctl_set_stores_creator, "shmid_ds.cuid-cgid-constant", "-", SHMCTL, STORES(shm_perm.cuid))
{
	return status_set_with_nonsense().shm_perm.cuid != geteuid();
}

VIOLATION(shmctl_set_stores_creators_group, "shmid_ds.cuid-cgid-constant", "-", SHMCTL, STORES(shm_perm.cgid))
{
	return status_set_with_nonsense().shm_perm.cgid != getegid();
}

VIOLATION(shmctl_set_changes_creator_with_owner, "shmid_ds.cuid-cgid-constant", "-", SHMCTL,
    FALSIFIES(is_stat(c), told_by(c)->shm_perm.cuid = told_by(c)->shm_perm.uid))
{
	return permissions_set(user_id(OTHER), getegid(), 0600).cuid == user_id(OTHER);
}

VIOLATION(shmctl_set_stores_twelve_bits, "shmctl.set-only-nine-bits", "-", SHMCTL,
    FALSIFIES(
	is_set_or_shown(c), (is_shown(c) ? told_by(c)->shm_perm.mode |= last_set.status.shm_perm.mode & 07000 : 0)))
{
	return permissions_set(geteuid(), getegid(), 07604).mode & 04000;
}

VIOLATION(shmctl_set_with_more_bits_refused, "shmctl.set-only-nine-bits", "-", SHMCTL,
    REFUSES(is_set(c) && (told_by(c)->shm_perm.mode & 07000) == 07000, EINVAL))
{
	return (permissions_set(geteuid(), getegid(), 07640).mode & 0777) == 0600;
}

/* After IPC_SET of a segment that nobody had attached, with its own values. */
static struct shmid_ds
status_set_alike(void)
{
	int id = segment_create(1);
	struct shmid_ds status = segment_stat(id);

	shmctl(id, IPC_SET, &status);
	return segment_stat(id);
}

VIOLATION(shmctl_set_sets_atime, "shmctl.set-does-not-touch-atime", "-", SHMCTL,
    FALSIFIES(is_set_or_shown(c),
	(is_shown(c) && told_by(c)->shm_atime == 0 ? told_by(c)->shm_atime = told_by(c)->shm_ctime : 0)))
{
	return status_set_alike().shm_atime != 0;
}

VIOLATION(shmctl_set_sets_dtime, "shmctl.set-does-not-touch-atime", "-", SHMCTL,
    FALSIFIES(is_set_or_shown(c),
	(is_shown(c) && told_by(c)->shm_atime == 0 ? told_by(c)->shm_dtime = told_by(c)->shm_ctime : 0)))
{
	return status_set_alike().shm_dtime != 0;
}

VIOLATION(shmctl_set_sets_lpid, "shmctl.set-does-not-touch-atime", "-", SHMCTL,
    FALSIFIES(is_set_or_shown(c), (is_shown(c) && told_by(c)->shm_lpid == 0 ? told_by(c)->shm_lpid = getpid() : 0)))
{
	return status_set_alike().shm_lpid == getpid();
}

VIOLATION(shmctl_set_leaves_ctime, "shmctl.set-ctime", "-", SHMCTL,
    FALSIFIES(is_stat(c) && told_by(c)->shm_ctime > told_by(c)->shm_atime && told_by(c)->shm_atime != 0,
	told_by(c)->shm_ctime = told_by(c)->shm_atime))
{
	int id = segment_create(1);
	segment_attach(id, NULL, 0);
	struct shmid_ds before = segment_stat(id);

	time_t second = next_second();
	shmctl(id, IPC_SET, &before);
	return segment_stat(id).shm_ctime < second;
}

VIOLATION(shmctl_set_alike_leaves_ctime, "shmctl.set-ctime", "-", SHMCTL,
    SKIPS(is_set(c) && told_by(c)->shm_perm.mode == permissions_now(c).mode &&
	told_by(c)->shm_perm.uid == permissions_now(c).uid && told_by(c)->shm_atime != 0))
{
	int id = segment_create(1);
	segment_attach(id, NULL, 0);
	struct shmid_ds before = segment_stat(id);

	time_t second = next_second();
	shmctl(id, IPC_SET, &before);
	return segment_stat(id).shm_ctime < second;
}

/* Nobody is the user -1. */
static bool
sets_impossible_owner(const struct call *c)
{
	return is_set(c) && told_by(c)->shm_perm.uid == (uid_t)-1 && !is_removed(c->id);
}

VIOLATION(
    shmctl_set_impossible_owner_erange, "shmctl.set-invalid-id", "-", SHMCTL, REFUSES(sets_impossible_owner(c), ERANGE))
{
	int id = segment_create(1);
	struct shmid_ds change = segment_stat(id);

	change.shm_perm.uid = (uid_t)-1;
	return shmctl(id, IPC_SET, &change) == -1 && errno == ERANGE;
}

static void
set_mode_alone(struct call *c)
{
	changed(c)->uid = permissions_now(c).uid;
	real_call(c);
	c->result = -1;
	c->error = EINVAL;
}

VIOLATION(shmctl_set_impossible_owner_sets_mode, "shmctl.set-invalid-id", "-", SHMCTL,
    REPLACES(sets_impossible_owner(c), set_mode_alone(c)))
{
	int id = segment_create(1);
	struct shmid_ds change = segment_stat(id);

	change.shm_perm.uid = (uid_t)-1;
	change.shm_perm.mode = 0644;
	return shmctl(id, IPC_SET, &change) == -1 && (segment_stat(id).shm_perm.mode & 0777) == 0644;
}
