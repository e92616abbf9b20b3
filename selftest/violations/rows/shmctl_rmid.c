/* SPDX-License-Identifier: BSD-2-Clause */

/* What IPC_RMID removes. Who may: shmctl_owner.c. */

#include "effects.h"
#include "segments.h"

static bool
is_removal(const struct call *c)
{
	return c->command == IPC_RMID && known_segment(c->id) != NULL && !is_removed(c->id);
}

/* Nobody has the segment attached. */
static bool
is_idle(int id)
{
	return real_status(id).shm_nattch == 0;
}

static bool
is_there(int id)
{
	struct shmid_ds status;

	return shmctl(id, IPC_STAT, &status) == 0;
}

VIOLATION(shmctl_rmid_of_unused_removes_nothing, "shmctl.rmid-unattached-destroys", "B203", SHMCTL,
    SKIPS(is_removal(c) && !known_segment(c->id)->was_attached && is_idle(c->id)))
{
	int id = segment_create(1);

	return shmctl(id, IPC_RMID, NULL) == 0 && is_there(id);
}

VIOLATION(shmctl_rmid_of_detached_removes_nothing, "shmctl.rmid-unattached-destroys", "B203", SHMCTL,
    SKIPS(is_removal(c) && known_segment(c->id)->was_attached && is_idle(c->id)))
{
	int id = segment_create(1);

	segment_detach(segment_attach(id, NULL, 0));
	return shmctl(id, IPC_RMID, NULL) == 0 && is_there(id);
}

VIOLATION(shmctl_rmid_of_unattached_only_marks, "shmctl.rmid-unattached-destroys", "B203", SHMCTL,
    CHANGES(is_removal(c) && is_idle(c->id), real_shmat(c->id, NULL, 0)))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 1, 0600);

	return shmctl(id, IPC_RMID, NULL) == 0 && shmget(key, 0, 0) == -1 && is_there(id);
}

/* The removed segment that had the key, attached still or not. */
static struct known_segment *
removed_with_key(const struct call *c, bool is_attached)
{
	size_t count;
	struct known_segment *segments = known_segments(&count);

	for (size_t i = 0; i < count; i++)
		if (segments[i].key == c->key && segments[i].was_removed &&
		    (known_attachments(segments[i].id) > 0) == is_attached)
			return &segments[i];
	return NULL;
}

VIOLATION(shmget_finds_destroyed, "shmctl.rmid-unattached-destroys", "B203", SHMGET,
    ACCEPTS(removed_with_key(c, false) != NULL, ENOENT, removed_with_key(c, false)->id))
{
	key_t key = segment_key();

	segment_remove(segment_create_with_key(key, 1, 0600));
	return shmget(key, 0, 0) != -1;
}

VIOLATION(shmget_finds_removed_while_attached, "shmctl.rmid-hides-key", "-", SHMGET,
    ACCEPTS(removed_with_key(c, true) != NULL, ENOENT, removed_with_key(c, true)->id))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 1, 0600);

	segment_attach(id, NULL, 0);
	segment_remove(id);
	return shmget(key, 0, 0) == id;
}

VIOLATION(shmget_refuses_key_of_removed, "shmctl.rmid-hides-key", "-", SHMGET,
    REFUSES(c->flags &IPC_EXCL &&removed_with_key(c, true) != NULL, EEXIST))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 1, 0600);

	segment_attach(id, NULL, 0);
	segment_remove(id);
	return shmget(key, 1, IPC_CREAT | IPC_EXCL | 0600) == -1;
}

static void
copy_from_removed(const struct call *c)
{
	const struct known_segment *old = removed_with_key(c, true);
	char *from = real_shmat(old->id, NULL, SHM_RDONLY);
	char *to = real_shmat((int)c->result, NULL, 0);

	if (from != (void *)-1 && to != (void *)-1)
		memcpy(to, from, old->size < c->length ? old->size : c->length);
	real_shmdt(from);
	real_shmdt(to);
}

/* A second segment with the key of one that is removed and attached and full of 'a'. */
static int
successor_of_removed(char **old)
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 1, 0600);

	*old = segment_attach(id, NULL, 0);
	**old = 'a';
	segment_remove(id);
	return segment_create_with_key(key, 1, 0600);
}

VIOLATION(shmget_gives_data_of_removed, "shmctl.rmid-hides-key", "-", SHMGET,
    FALSIFIES(c->flags &IPC_EXCL &&removed_with_key(c, true) != NULL, copy_from_removed(c)))
{
	char *old;

	return *(char *)segment_attach(successor_of_removed(&old), NULL, 0) == 'a';
}

/* The segment that has the key of the removed one whose attachment is at the address. */
static struct known_segment *
successor_of_attached(const struct call *c)
{
	const struct known_range *range = attachment_at(c->address);

	if (range == NULL || !is_removed(range->id))
		return NULL;
	return known_segment_with_key(known_segment(range->id)->key);
}

VIOLATION(shmdt_of_removed_destroys_successor, "shmctl.rmid-hides-key", "-", SHMDT,
    FALSIFIES(successor_of_attached(c) != NULL, real_shmctl(successor_of_attached(c)->id, IPC_RMID, NULL)))
{
	char *old;
	int id = successor_of_removed(&old);

	segment_detach(old);
	return !is_there(id);
}

static bool
is_attached_here(const struct call *c)
{
	return is_removal(c) && attachment_of(c->id, 0) != NULL;
}

static void
for_attachments(const struct call *c, void (*act)(void *start, size_t length))
{
	size_t count;
	struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].id == c->id && (ranges[i].flags & SHM_RDONLY) == 0)
			act(ranges[i].start, ranges[i].length);
}

static void
clear(void *start, size_t length)
{
	memset(start, 0, length);
}

VIOLATION(shmctl_rmid_makes_attachments_private, "shmctl.rmid-attached-keeps-data", "-", SHMCTL,
    FALSIFIES(is_attached_here(c) && real_status(c->id).shm_nattch > 1, for_attachments(c, make_private)))
{
	int id = segment_create(1);
	char *p = segment_attach(id, NULL, 0);
	char *q = segment_attach(id, NULL, 0);

	segment_remove(id);
	*p = 'p';
	return *q != 'p';
}

VIOLATION(shmctl_rmid_clears_attached, "shmctl.rmid-attached-keeps-data", "-", SHMCTL,
    CHANGES(is_attached_here(c), for_attachments(c, clear)))
{
	int id = segment_create(1);
	char *p = segment_attach(id, NULL, 0);

	*p = 'p';
	segment_remove(id);
	return *p == 0;
}

VIOLATION(shmctl_rmid_of_attached_refused, "shmctl.rmid-attached-keeps-data", "-", SHMCTL,
    REFUSES(is_attached_here(c) && (unsigned)real_status(c->id).shm_nattch > known_attachments(c->id), EBUSY))
{
	int id = segment_create(1);
	segment_attach(id, NULL, 0);
	pid_t child = fork();

	if (child == 0)
		_exit(pause());
	bool is_refused = shmctl(id, IPC_RMID, NULL) == -1 && errno == EBUSY;
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return is_refused;
}

VIOLATION(shmctl_rmid_null_buffer_efault, "shmctl.rmid-null-buffer", "B004", SHMCTL,
    REFUSES(is_removal(c) && c->buffer == NULL && !known_segment(c->id)->was_attached &&
	    known_segment(c->id)->size == page_size(),
	EFAULT))
{
	return shmctl(segment_create(page_size()), IPC_RMID, NULL) == -1;
}

VIOLATION(shmctl_rmid_with_buffer_refused, "shmctl.rmid-null-buffer", "-", SHMCTL,
    REFUSES(is_removal(c) && c->buffer != NULL, EINVAL))
{
	struct shmid_ds status;

	return shmctl(segment_create(1), IPC_RMID, &status) == -1;
}

VIOLATION(shmctl_rmid_fills_buffer, "shmctl.rmid-null-buffer", "-", SHMCTL,
    FALSIFIES(is_removal(c) && c->buffer != NULL, told_by(c)->shm_nattch = 0))
{
	struct shmid_ds status = { .shm_nattch = 5 };

	return shmctl(segment_create(1), IPC_RMID, &status) == 0 && status.shm_nattch == 0;
}

VIOLATION(shmctl_rmid_twice_eacces, "shmctl.rmid-twice", "-", SHMCTL,
    REFUSES(c->command == IPC_RMID && is_removed(c->id) && known_attachments(c->id) > 0, EACCES))
{
	int id = segment_create(1);

	segment_attach(id, NULL, 0);
	segment_remove(id);
	return shmctl(id, IPC_RMID, NULL) == -1 && errno == EACCES;
}

static struct shmid_ds
status_of_removed(void)
{
	int id = segment_create(page_size() + 1);

	segment_attach(id, NULL, 0);
	segment_remove(id);
	return segment_stat(id);
}

VIOLATION(shmctl_stat_of_removed_counts_none, "shmctl.rmid-then-stat", "-", SHMCTL,
    FALSIFIES(is_stat(c) && is_removed(c->id) && told_by(c)->shm_nattch == 1, told_by(c)->shm_nattch = 0))
{
	return status_of_removed().shm_nattch == 0;
}

VIOLATION(shmctl_stat_of_removed_without_size, "shmctl.rmid-then-stat", "B001", SHMCTL,
    FALSIFIES(is_stat(c) && is_removed(c->id), told_by(c)->shm_segsz = 0))
{
	return status_of_removed().shm_segsz == 0;
}

VIOLATION(shm_key_of_removed_is_minus_one, "shmctl.rmid-sets-key-private", "-", SHMCTL,
    FALSIFIES(is_stat(c) && is_removed(c->id), told_by(c)->shm_perm.KEY_MEMBER = -1))
{
	return (key_t)status_of_removed().shm_perm.KEY_MEMBER == -1;
}

VIOLATION(shm_dest_not_shown, "shmctl.shm-dest-bit", "B001", SHMCTL,
    FALSIFIES(is_stat(c) && is_removed(c->id), told_by(c)->shm_perm.mode &= 0777))
{
	return SHM_DEST != 0 && (status_of_removed().shm_perm.mode & SHM_DEST) == 0;
}

VIOLATION(shm_dest_shown_while_attached, "shmctl.shm-dest-bit", "-", SHMCTL,
    FALSIFIES(is_stat(c) && !is_removed(c->id) && told_by(c)->shm_nattch > 0, told_by(c)->shm_perm.mode |= SHM_DEST))
{
	int id = segment_create(1);

	segment_attach(id, NULL, 0);
	return SHM_DEST != 0 && segment_stat(id).shm_perm.mode & SHM_DEST;
}

VIOLATION(shm_mode_keeps_flags_of_creation, "shmctl.shm-dest-bit", "B008", SHMCTL,
    FALSIFIES(is_stat(c) && told_by(c)->shm_nattch == 1, told_by(c)->shm_perm.mode |= IPC_CREAT | IPC_EXCL))
{
	int id = segment_create(1);

	segment_attach(id, NULL, 0);
	return segment_stat(id).shm_perm.mode & IPC_EXCL;
}
