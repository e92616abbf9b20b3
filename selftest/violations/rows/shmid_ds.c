/* SPDX-License-Identifier: BSD-2-Clause */

/* The status that a new segment has. */

#include "clock.h"
#include "segments.h"

/* Nobody has attached it so far. */
static bool
is_new(const struct call *c)
{
	return is_stat(c) && told_by(c)->shm_atime == 0 && told_by(c)->shm_lpid == 0;
}

static struct shmid_ds
status_of_new(void)
{
	return segment_stat(segment_create(1));
}

VIOLATION(shm_segsz_rounded_to_pages, "shmid_ds.segsz-initial", "-", SHMCTL,
    FALSIFIES(is_new(c), told_by(c)->shm_segsz = (told_by(c)->shm_segsz + page_size() - 1) / page_size() * page_size()))
{
	return (size_t)status_of_new().shm_segsz == page_size();
}

VIOLATION(shm_segsz_rounded_to_words, "shmid_ds.segsz-initial", "-", SHMCTL,
    FALSIFIES(is_new(c), told_by(c)->shm_segsz = (told_by(c)->shm_segsz + 7) / 8 * 8))
{
	return (size_t)status_of_new().shm_segsz == 8;
}

VIOLATION(shm_segsz_rounded_at_attach, "shmid_ds.segsz-initial", "-", SHMCTL,
    FALSIFIES(is_stat(c) && told_by(c)->shm_nattch == 1 && told_by(c)->shm_dtime == 0,
	told_by(c)->shm_segsz = (told_by(c)->shm_segsz + page_size() - 1) / page_size() * page_size()))
{
	int id = segment_create(1);

	segment_attach(id, NULL, 0);
	return (size_t)segment_stat(id).shm_segsz == page_size();
}

VIOLATION(shm_segsz_has_sixteen_bits, "shmid_ds.segsz-initial", "-", SHMCTL,
    FALSIFIES(is_new(c) && told_by(c)->shm_segsz % 0x10000 != 0, told_by(c)->shm_segsz %= 0x10000))
{
	return segment_stat(segment_create(65537)).shm_segsz == 1;
}

VIOLATION(shm_cpid_zero_when_creator_ended, "shmid_ds.cpid-initial", "-", SHMCTL,
    FALSIFIES(is_stat(c) && kill(told_by(c)->shm_cpid, 0) == -1, told_by(c)->shm_cpid = 0))
{
	key_t key = segment_key();
	pid_t child = fork_creator();

	if (child == 0)
		_exit(shmget(key, 1, IPC_CREAT | IPC_EXCL | 0600) == -1);
	waitpid(child, NULL, 0);
	return segment_stat(shmget(key, 1, 0)).shm_cpid == 0;
}

VIOLATION(shm_cpid_is_parents, "shmid_ds.cpid-initial", "-", SHMCTL,
    FALSIFIES(is_stat(c) && told_by(c)->shm_cpid != getpid() && kill(told_by(c)->shm_cpid, 0) == 0 &&
	    told_by(c)->shm_nattch == 0,
	told_by(c)->shm_cpid = getpid()))
{
	key_t key = segment_key();
	int ends[2];
	char byte;
	pid_t child = pipe(ends) == 0 ? fork_creator() : -1;

	if (child == 0) {
		segment_create_with_key(key, 1, 0600);
		_exit(write(ends[1], "c", 1) == 1 && pause() == 0);
	}
	bool is_seen = read(ends[0], &byte, 1) == 1 && segment_stat(shmget(key, 1, 0)).shm_cpid == getpid();
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return is_seen;
}

/* It has the key of one that this process removed. */
static bool
is_second_life(const struct call *c)
{
	const struct known_segment *segment = known_segment(c->id);
	size_t count;
	struct known_segment *segments = known_segments(&count);

	for (size_t i = 0; i < count; i++)
		if (segment != NULL && segments[i].key == segment->key && segments[i].was_removed &&
		    segments[i].was_attached)
			return is_new(c);
	return false;
}

static struct shmid_ds
status_in_second_life(void)
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 1, 0666);

	segment_attach(id, NULL, 0);
	segment_remove(id);
	return segment_stat(segment_create_with_key(key, 1, 0600));
}

VIOLATION(shm_lpid_is_creators_at_first, "shmid_ds.lpid-initial-zero", "B008", SHMCTL,
    FALSIFIES(is_new(c), told_by(c)->shm_lpid = told_by(c)->shm_cpid))
{
	return status_of_new().shm_lpid == getpid();
}

VIOLATION(shm_lpid_kept_for_key, "shmid_ds.lpid-initial-zero", "-", SHMCTL,
    FALSIFIES(is_second_life(c), told_by(c)->shm_lpid = getpid()))
{
	return status_in_second_life().shm_lpid == getpid();
}

VIOLATION(shm_nattch_one_at_first, "shmid_ds.nattch-initial-zero", "-", SHMCTL,
    FALSIFIES(is_new(c), told_by(c)->shm_nattch = 1))
{
	return status_of_new().shm_nattch == 1;
}

VIOLATION(shm_nattch_kept_for_key, "shmid_ds.nattch-initial-zero", "-", SHMCTL,
    FALSIFIES(is_second_life(c), told_by(c)->shm_nattch = 1))
{
	return status_in_second_life().shm_nattch == 1;
}

VIOLATION(shm_atime_kept_for_key, "shmid_ds.atime-initial-zero", "-", SHMCTL,
    FALSIFIES(is_second_life(c), told_by(c)->shm_atime = told_by(c)->shm_ctime))
{
	return status_in_second_life().shm_atime != 0;
}

VIOLATION(shm_dtime_kept_for_key, "shmid_ds.dtime-initial-zero", "-", SHMCTL,
    FALSIFIES(is_second_life(c), told_by(c)->shm_dtime = told_by(c)->shm_ctime))
{
	return status_in_second_life().shm_dtime != 0;
}

VIOLATION(shm_mode_kept_for_key, "shmid_ds.mode-initial", "-", SHMCTL,
    FALSIFIES(is_second_life(c), told_by(c)->shm_perm.mode = 0666))
{
	return (status_in_second_life().shm_perm.mode & 0777) == 0666;
}

VIOLATION(shm_atime_is_of_creation_at_first, "shmid_ds.atime-initial-zero", "-", SHMCTL,
    FALSIFIES(is_new(c), told_by(c)->shm_atime = told_by(c)->shm_ctime))
{
	return status_of_new().shm_atime != 0;
}

VIOLATION(shm_dtime_is_of_creation_at_first, "shmid_ds.dtime-initial-zero", "-", SHMCTL,
    FALSIFIES(is_new(c), told_by(c)->shm_dtime = told_by(c)->shm_ctime))
{
	return status_of_new().shm_dtime != 0;
}

VIOLATION(shm_dtime_set_by_second_attach, "shmid_ds.dtime-initial-zero", "-", SHMCTL,
    FALSIFIES(is_stat(c) && known_attachments(c->id) > 1 && told_by(c)->shm_dtime == 0 &&
	    attachment_of(c->id, SHM_RDONLY) != NULL,
	told_by(c)->shm_dtime = told_by(c)->shm_atime))
{
	int id = segment_create(1);

	segment_attach(id, NULL, 0);
	segment_attach(id, NULL, SHM_RDONLY);
	return segment_stat(id).shm_dtime != 0;
}

VIOLATION(
    shm_ctime_zero_at_first, "shmid_ds.ctime-initial-now", "-", SHMCTL, FALSIFIES(is_new(c), told_by(c)->shm_ctime = 0))
{
	return status_of_new().shm_ctime == 0;
}

VIOLATION(shm_ctime_in_milliseconds, "shmid_ds.ctime-initial-now", "B008", SHMCTL,
    FALSIFIES(is_new(c), told_by(c)->shm_ctime *= 1000))
{
	time_t now = coarse_time();

	return status_of_new().shm_ctime >= now * 1000;
}

/* A segment that was attached and detached and is attached still. */
static bool
has_all_times(const struct call *c)
{
	return is_stat(c) && told_by(c)->shm_dtime != 0 && told_by(c)->shm_nattch == 1;
}

static struct shmid_ds
status_with_all_times(void)
{
	int id;

	next_second(); /* the one that has begun is the same all the time */
	id = segment_create(1);
	segment_attach(id, NULL, 0);
	segment_detach(segment_attach(id, NULL, 0));
	return segment_stat(id);
}

VIOLATION(shm_ctime_rounded_up, "shmid_ds.timestamps-truncated", "-", SHMCTL,
    FALSIFIES(has_all_times(c), told_by(c)->shm_ctime++))
{
	return status_with_all_times().shm_ctime > time(NULL);
}

VIOLATION(shm_atime_rounded_up, "shmid_ds.timestamps-truncated", "-", SHMCTL,
    FALSIFIES(has_all_times(c), told_by(c)->shm_atime++))
{
	return status_with_all_times().shm_atime > time(NULL);
}

VIOLATION(shm_dtime_rounded_up, "shmid_ds.timestamps-truncated", "-", SHMCTL,
    FALSIFIES(has_all_times(c), told_by(c)->shm_dtime++))
{
	return status_with_all_times().shm_dtime > time(NULL);
}

/* The permissions of a new segment of a process whose effective ids differ from the real ones. */
static struct ipc_perm
permissions_by_effective_ids(void)
{
	if (geteuid() == 0 && (setegid(group_id(OTHER)) == -1 || seteuid(user_id(OWNER)) == -1))
		return (struct ipc_perm){ .mode = 0 };
	return status_of_new().shm_perm;
}

VIOLATION(shm_uid_is_real_one, "shmid_ds.uid-cuid-initial", "-", SHMCTL,
    FALSIFIES(is_new(c) && told_by(c)->shm_perm.uid == geteuid(), told_by(c)->shm_perm.uid = getuid()))
{
	return permissions_by_effective_ids().uid != geteuid();
}

VIOLATION(shm_cuid_is_real_one, "shmid_ds.uid-cuid-initial", "-", SHMCTL,
    FALSIFIES(is_new(c) && told_by(c)->shm_perm.cuid == geteuid(), told_by(c)->shm_perm.cuid = getuid()))
{
	return permissions_by_effective_ids().cuid != geteuid();
}

VIOLATION(shm_owners_are_always_root, "shmid_ds.uid-cuid-initial", "B220", SHMCTL,
    FALSIFIES(is_new(c) && geteuid() != 0, told_by(c)->shm_perm.uid = told_by(c)->shm_perm.cuid = 0))
{
	return permissions_by_effective_ids().cuid != geteuid();
}

VIOLATION(shm_gid_is_real_one, "shmid_ds.gid-cgid-initial", "-", SHMCTL,
    FALSIFIES(is_new(c) && told_by(c)->shm_perm.gid == getegid(), told_by(c)->shm_perm.gid = getgid()))
{
	return permissions_by_effective_ids().gid != getegid();
}

VIOLATION(
    shm_cgid_is_zero, "shmid_ds.gid-cgid-initial", "B008", SHMCTL, FALSIFIES(is_new(c), told_by(c)->shm_perm.cgid = 0))
{
	return permissions_by_effective_ids().cgid != getegid();
}

static int
mode_of_new(int mode)
{
	return (int)(segment_stat(segment_create_with_key(segment_key(), 1, mode)).shm_perm.mode & 0777);
}

VIOLATION(shmget_drops_execute_bits, "shmid_ds.mode-initial", "-", SHMGET,
    CHANGES(c->flags &IPC_CREAT && c->flags & 0111, c->flags &= ~0111))
{
	return mode_of_new(0711) == 0600;
}

VIOLATION(shmget_drops_group_write, "shmid_ds.mode-initial", "-", SHMGET,
    CHANGES(c->flags &IPC_CREAT && (c->flags & 0020), c->flags &= ~0020))
{
	return mode_of_new(0420) == 0400;
}

VIOLATION(shmget_adds_read_of_owner, "shmid_ds.mode-initial", "-", SHMGET,
    CHANGES(c->flags &IPC_CREAT && (c->flags & 0400) == 0, c->flags |= 0400))
{
	return geteuid() == 0 && mode_of_new(0200) == 0600;
}

/* The mask of the process, which is only told when it is changed. */
static int
mask_now(void)
{
	mode_t mask = (mode_t)real_make((struct call){ .interface = UMASK, .mode = 0 });

	real_make((struct call){ .interface = UMASK, .mode = mask });
	return (int)mask;
}

VIOLATION(shmget_applies_umask, "shmid_ds.mode-ignores-umask", "-", SHMGET,
    CHANGES(c->flags &IPC_CREAT &&mask_now() != 022, c->flags &= ~mask_now()))
{
	umask(0077);
	return mode_of_new(0644) == 0600;
}

VIOLATION(shmget_without_umask_gives_all, "shmid_ds.mode-ignores-umask", "-", SHMGET,
    CHANGES(c->flags &IPC_CREAT &&mask_now() == 0, c->flags |= 0666))
{
	umask(0);
	return mode_of_new(0600) == 0666;
}

VIOLATION(shm_key_shown_as_zero, "shmid_ds.linux-key-seq-members", "-", SHMCTL,
    FALSIFIES(is_new(c), told_by(c)->shm_perm.KEY_MEMBER = IPC_PRIVATE))
{
	key_t key = segment_key();
	struct shmid_ds status = segment_stat(segment_create_with_key(key, 1, 0600));

	return platform() == LINUX && (key_t)status.shm_perm.KEY_MEMBER != key;
}

VIOLATION(shm_private_key_shown_as_identifier, "shmid_ds.linux-key-seq-members", "-", SHMCTL,
    FALSIFIES(is_new(c) && known_segment(c->id) != NULL && known_segment(c->id)->key == IPC_PRIVATE,
	told_by(c)->shm_perm.KEY_MEMBER = c->id + 1))
{
	struct shmid_ds status = segment_stat(segment_own(shmget(IPC_PRIVATE, 1, IPC_CREAT | 0600)));

	return platform() == LINUX && (key_t)status.shm_perm.KEY_MEMBER != IPC_PRIVATE;
}
