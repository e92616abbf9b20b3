/* SPDX-License-Identifier: BSD-2-Clause */

/* What IPC_STAT tells, to whom, and that it changes nothing. */

#include "clock.h"
#include "segments.h"

/* The status of a segment that is attached more than once, and not new: shmid_ds.c has the status of new ones. */
static bool
is_stat_in_use(const struct call *c)
{
	return is_stat(c) && told_by(c)->shm_nattch > 1 && told_by(c)->shm_dtime == 0;
}

/* The status of a segment that is attached twice, in a buffer that was full of something else. */
static struct shmid_ds
status_in_use(void)
{
	int id = segment_create(1);
	struct shmid_ds status;

	segment_attach(id, NULL, 0);
	segment_attach(id, NULL, 0);
	memset(&status, 0xa5, sizeof(status));
	shmctl(id, IPC_STAT, &status);
	return status;
}

VIOLATION(shmctl_stat_uid_untouched, "shmctl.stat-copies-all", "B236", SHMCTL,
    FALSIFIES(is_stat_in_use(c), told_by(c)->shm_perm.uid = (uid_t)0xa5a5a5a5))
{
	return status_in_use().shm_perm.uid != geteuid();
}

VIOLATION(shmctl_stat_gid_untouched, "shmctl.stat-copies-all", "B236", SHMCTL,
    FALSIFIES(is_stat_in_use(c), told_by(c)->shm_perm.gid = (gid_t)0xa5a5a5a5))
{
	return status_in_use().shm_perm.gid != getegid();
}

VIOLATION(shmctl_stat_creator_untouched, "shmctl.stat-copies-all", "B236", SHMCTL,
    FALSIFIES(is_stat_in_use(c), told_by(c)->shm_perm.cuid = (uid_t)0xa5a5a5a5))
{
	return status_in_use().shm_perm.cuid != geteuid();
}

VIOLATION(shmctl_stat_creators_group_untouched, "shmctl.stat-copies-all", "B236", SHMCTL,
    FALSIFIES(is_stat_in_use(c), told_by(c)->shm_perm.cgid = (gid_t)0xa5a5a5a5))
{
	return status_in_use().shm_perm.cgid != getegid();
}

VIOLATION(shmctl_stat_mode_untouched, "shmctl.stat-copies-all", "B236", SHMCTL,
    FALSIFIES(is_stat_in_use(c), told_by(c)->shm_perm.mode = 0xa5a5))
{
	return (status_in_use().shm_perm.mode & 0777) != 0600;
}

VIOLATION(shmctl_stat_size_cut_to_pages, "shmctl.stat-copies-all", "-", SHMCTL,
    FALSIFIES(is_stat_in_use(c), told_by(c)->shm_segsz -= told_by(c)->shm_segsz % page_size()))
{
	return status_in_use().shm_segsz == 0;
}

VIOLATION(shmctl_stat_last_process_is_parent, "shmctl.stat-copies-all", "-", SHMCTL,
    FALSIFIES(is_stat_in_use(c), told_by(c)->shm_lpid = getppid()))
{
	return status_in_use().shm_lpid == getppid();
}

VIOLATION(shmctl_stat_creator_process_is_parent, "shmctl.stat-copies-all", "-", SHMCTL,
    FALSIFIES(is_stat_in_use(c), told_by(c)->shm_cpid = getppid()))
{
	return status_in_use().shm_cpid == getppid();
}

VIOLATION(shmctl_stat_count_has_two_bytes, "shmctl.stat-copies-all", "B011", SHMCTL,
    FALSIFIES(is_stat_in_use(c), told_by(c)->shm_nattch |= (shmatt_t)(0xa5a5UL << 16)))
{
	return status_in_use().shm_nattch != 2;
}

VIOLATION(shmctl_stat_times_in_wrong_members, "shmctl.stat-copies-all", "B211", SHMCTL,
    FALSIFIES(is_stat_in_use(c), (told_by(c)->shm_dtime = told_by(c)->shm_atime, told_by(c)->shm_atime = 0)))
{
	return status_in_use().shm_atime == 0;
}

VIOLATION(shmctl_stat_ctime_untouched, "shmctl.stat-copies-all", "-", SHMCTL,
    FALSIFIES(is_stat_in_use(c), told_by(c)->shm_ctime = 0xa5a5a5a5))
{
	return status_in_use().shm_ctime == 0xa5a5a5a5;
}

VIOLATION(shmctl_stat_by_others_accepted, "shmctl.stat-needs-read", "B220", SHMCTL,
    ACCEPTS(is_stat(c) && has_rights(c, OTHER_CLASS, 0), EACCES, 0))
{
	return control_error(OTHER, 0640, IPC_STAT) == 0;
}

VIOLATION(shmctl_stat_by_group_accepted, "shmctl.stat-needs-read", "-", SHMCTL,
    ACCEPTS(is_stat(c) && has_rights(c, GROUP_CLASS, 0), EACCES, 0))
{
	return control_error(GROUP_MEMBER, 0604, IPC_STAT) == 0;
}

VIOLATION(shmctl_stat_without_read_eperm, "shmctl.stat-needs-read", "B218", SHMCTL,
    MISTAKES(is_stat(c) && has_rights(c, class_for(c->id), 0), EACCES, EPERM))
{
	return control_error(OTHER, 0600, IPC_STAT) == EPERM;
}

VIOLATION(shmctl_stat_by_group_refused, "shmctl.stat-needs-read", "-", SHMCTL,
    REFUSES(is_stat(c) && has_rights(c, GROUP_CLASS, MAY_READ), EACCES))
{
	return control_error(GROUP_MEMBER, 0640, IPC_STAT) == EACCES;
}

static bool
may_only_write(const struct call *c, enum class class)
{
	return is_stat(c) && has_rights(c, class, MAY_WRITE);
}

VIOLATION(shmctl_stat_by_writing_group_accepted, "shmctl.stat-write-only-permission", "-", SHMCTL,
    ACCEPTS(may_only_write(c, GROUP_CLASS), EACCES, 0))
{
	return control_error(GROUP_MEMBER, 0020, IPC_STAT) == 0;
}

VIOLATION(shmctl_stat_by_writing_others_accepted, "shmctl.stat-write-only-permission", "-", SHMCTL,
    ACCEPTS(may_only_write(c, OTHER_CLASS), EACCES, 0))
{
	return control_error(OTHER, 0002, IPC_STAT) == 0;
}

VIOLATION(shmctl_stat_by_writing_creator_accepted, "shmctl.stat-write-only-permission", "-", SHMCTL,
    ACCEPTS(may_only_write(c, USER_CLASS) && geteuid() == known_permissions(c->id)->cuid, EACCES, 0))
{
	struct shmid_ds status;
	int told;
	pid_t child = fork_creator();

	if (child == 0) {
		user_become(plain_user());
		_exit(shmctl(segment_create_with_key(segment_key(), 1, 0200), IPC_STAT, &status) == 0 ? 0 : 1);
	}
	return waitpid(child, &told, 0) == child && told == 0;
}

VIOLATION(shmctl_stat_by_writer_eperm, "shmctl.stat-write-only-permission", "-", SHMCTL,
    MISTAKES(may_only_write(c, class_for(c->id)), EACCES, EPERM))
{
	return control_error(OTHER, 0002, IPC_STAT) == EPERM;
}

VIOLATION(shmctl_stat_sets_lpid, "shmctl.stat-does-not-change", "-", SHMCTL,
    FALSIFIES(
	is_stat(c) && told_by(c)->shm_lpid != 0 && told_by(c)->shm_lpid != getpid() && told_by(c)->shm_nattch == 1,
	told_by(c)->shm_lpid = getpid()))
{
	int id = segment_create(1);
	int ends[2];
	char byte;
	pid_t child = pipe(ends) == 0 ? fork() : -1;

	if (child == 0) {
		segment_attach(id, NULL, 0);
		_exit(write(ends[1], "a", 1) == 1 && pause() == 0);
	}
	bool is_seen = read(ends[0], &byte, 1) == 1 && segment_stat(id).shm_lpid == getpid();
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return is_seen;
}

/* The number of times that this segment was looked at, the last one that was. */
static shmatt_t
looks_at(int id)
{
	static int last_id = -1;
	static shmatt_t looks;

	looks = id == last_id ? looks + 1 : 0;
	last_id = id;
	return looks;
}

VIOLATION(shmctl_stat_counts_as_attach, "shmctl.stat-does-not-change", "-", SHMCTL,
    FALSIFIES(is_stat(c) && known_attachments(c->id) == 0 && told_by(c)->shm_nattch == 1,
	told_by(c)->shm_nattch += looks_at(c->id)))
{
	int id = segment_create(1);
	int ends[2];
	char byte;
	pid_t child = pipe(ends) == 0 ? fork() : -1;

	if (child == 0) {
		segment_attach(id, NULL, 0);
		_exit(write(ends[1], "a", 1) == 1 && pause() == 0);
	}
	bool is_seen =
	    read(ends[0], &byte, 1) == 1 && segment_stat(id).shm_nattch == 1 && segment_stat(id).shm_nattch == 2;
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return is_seen;
}

VIOLATION(shmctl_stat_sets_ctime, "shmctl.stat-does-not-change", "-", SHMCTL,
    FALSIFIES(is_stat(c) && told_by(c)->shm_nattch > 1, told_by(c)->shm_ctime = time(NULL)))
{
	int id = segment_create(1);
	time_t second;

	segment_attach(id, NULL, 0);
	segment_attach(id, NULL, 0);
	second = next_second();
	return segment_stat(id).shm_ctime >= second;
}
