/* SPDX-License-Identifier: BSD-2-Clause */

/* The commands of shmctl() that Linux adds: IPC_INFO, SHM_INFO, SHM_STAT, SHM_STAT_ANY. */

#ifdef __linux__

#include "ipc_namespace.h"
#include "segments.h"

static struct shminfo *
limits_of(const struct call *c)
{
	return c->buffer;
}

static struct shm_info *
usage_of(const struct call *c)
{
	return c->buffer;
}

static bool
is_limits(const struct call *c)
{
	return c->command == IPC_INFO;
}

static bool
is_usage(const struct call *c)
{
	return c->command == SHM_INFO;
}

static bool
is_stat_at(const struct call *c)
{
	return c->command == SHM_STAT;
}

static struct shminfo
limits(void)
{
	struct shminfo info;

	memset(&info, 0, sizeof(info));
	shmctl(0, IPC_INFO, (void *)&info);
	return info;
}

static struct shm_info
usage(void)
{
	struct shm_info info;

	memset(&info, 0, sizeof(info));
	shmctl(0, SHM_INFO, (void *)&info);
	return info;
}

/* From now on there are no segments but those of this process. */
static bool
is_alone(void)
{
	if (geteuid() != 0)
		return false;
	enter_new_ipc_namespace();
	return true;
}

VIOLATION(
    ipc_info_shmmax_below_limit, "shmctl.ipc-info", "B053", SHMCTL, FALSIFIES(is_limits(c), limits_of(c)->shmmax--))
{
	return limits().shmmax != ipc_limit("shmmax");
}

VIOLATION(ipc_info_shmmni_is_default, "shmctl.ipc-info", "-", SHMCTL,
    FALSIFIES(is_limits(c) && limits_of(c)->shmmni < 4096, limits_of(c)->shmmni = 4096))
{
	if (!is_alone())
		return false;
	ipc_limit_set("shmmni", 17);
	return limits().shmmni == 4096;
}

VIOLATION(ipc_info_shmall_in_bytes, "shmctl.ipc-info", "-", SHMCTL,
    FALSIFIES(is_limits(c), limits_of(c)->shmall *= page_size()))
{
	return limits().shmall != ipc_limit("shmall");
}

VIOLATION(ipc_info_shmmin_zero, "shmctl.ipc-info", "-", SHMCTL, FALSIFIES(is_limits(c), limits_of(c)->shmmin = 0))
{
	return limits().shmmin == 0;
}

VIOLATION(ipc_info_returns_zero, "shmctl.ipc-info", "B266", SHMCTL, FALSIFIES(is_limits(c), c->result = 0))
{
	struct shminfo info;

	if (!is_alone())
		return false;
	segment_create(1);
	segment_create(1);
	return shmctl(0, IPC_INFO, (void *)&info) == 0;
}

VIOLATION(shm_info_misses_one, "shmctl.shm-info", "-", SHMCTL,
    FALSIFIES(is_usage(c) && usage_of(c)->used_ids > 1, usage_of(c)->used_ids--))
{
	if (!is_alone())
		return false;
	segment_create(1);
	segment_create(1);
	return usage().used_ids == 1;
}

VIOLATION(shm_info_counts_pages_cut, "shmctl.shm-info", "-", SHMCTL,
    FALSIFIES(is_usage(c) && usage_of(c)->shm_tot > 3, usage_of(c)->shm_tot--))
{
	if (!is_alone())
		return false;
	segment_create(3 * page_size() + 1);
	return usage().shm_tot == 3;
}

VIOLATION(shm_info_resident_zero, "shmctl.shm-info", "-", SHMCTL,
    FALSIFIES(is_usage(c), usage_of(c)->shm_rss = usage_of(c)->shm_swp = 0))
{
	if (!is_alone())
		return false;
	*(char *)segment_attach(segment_create(1), NULL, 0) = 'x';
	return usage().shm_rss + usage().shm_swp == 0;
}

VIOLATION(
    shm_info_returns_count, "shmctl.shm-info", "-", SHMCTL, FALSIFIES(is_usage(c), c->result = usage_of(c)->used_ids))
{
	struct shm_info info;

	if (!is_alone())
		return false;
	segment_create(1);
	segment_create(1);
	return shmctl(0, SHM_INFO, (void *)&info) == 2;
}

/* Where the system keeps the segment. */
static int
index_of(int id)
{
	struct shmid_ds status;

	for (int at = 0; at <= 4096; at++)
		if (shmctl(at, SHM_STAT, &status) == id)
			return at;
	return -1;
}

static struct shmid_ds
status_at_index(int attachments)
{
	int id = segment_create(page_size() + 1);
	struct shmid_ds status;

	for (int i = 0; i < attachments; i++)
		segment_attach(id, NULL, 0);
	memset(&status, 0xa5, sizeof(status));
	shmctl(index_of(id), SHM_STAT, &status);
	return status;
}

VIOLATION(shm_stat_returns_zero, "shmctl.shm-stat-index", "B266", SHMCTL,
    FALSIFIES(is_stat_at(c) && known_segment((int)c->result) != NULL, c->result = 0))
{
	int id = segment_create(1);

	return id != 0 && index_of(id) == -1;
}

VIOLATION(shm_stat_rounds_size, "shmctl.shm-stat-index", "-", SHMCTL,
    FALSIFIES(is_stat_at(c), told_by(c)->shm_segsz = (told_by(c)->shm_segsz / page_size() + 1) * page_size()))
{
	return status_at_index(0).shm_segsz == 2 * page_size();
}

VIOLATION(
    shm_stat_counts_none, "shmctl.shm-stat-index", "-", SHMCTL, FALSIFIES(is_stat_at(c), told_by(c)->shm_nattch = 0))
{
	return status_at_index(1).shm_nattch == 0;
}

VIOLATION(shm_stat_leaves_last_process, "shmctl.shm-stat-index", "-", SHMCTL,
    FALSIFIES(is_stat_at(c), told_by(c)->shm_lpid = 0))
{
	return status_at_index(1).shm_lpid == 0;
}

VIOLATION(shm_stat_leaves_times, "shmctl.shm-stat-index", "-", SHMCTL,
    FALSIFIES(is_stat_at(c), told_by(c)->shm_atime = told_by(c)->shm_ctime = 0))
{
	return status_at_index(1).shm_ctime == 0;
}

static int
error_at_removed_index(int command)
{
	int id = segment_create(1);
	int at = index_of(id);

	segment_remove(id);
	return error_of_control(at, command);
}

VIOLATION(shm_stat_of_unused_enoent, "shmctl.shm-stat-unused-slot", "-", SHMCTL,
    MISTAKES(is_stat_at(c) && c->id >= 0, EINVAL, ENOENT))
{
	return error_at_removed_index(SHM_STAT) == ENOENT;
}

VIOLATION(shm_stat_of_unused_accepted, "shmctl.shm-stat-unused-slot", "-", SHMCTL,
    ACCEPTS(is_stat_at(c) && c->id >= 0, EINVAL, 0))
{
	return error_at_removed_index(SHM_STAT) == 0;
}

VIOLATION(shm_stat_of_negative_index_accepted, "shmctl.shm-stat-unused-slot", "-", SHMCTL,
    ACCEPTS(is_stat_at(c) && c->id < 0, EINVAL, 0))
{
	return error_of_control(-1, SHM_STAT) == 0;
}

VIOLATION(shm_stat_any_of_unused_enoent, "shmctl.shm-stat-unused-slot", "-", SHMCTL,
    MISTAKES(c->command == SHM_STAT_ANY, EINVAL, ENOENT))
{
	return error_at_removed_index(SHM_STAT_ANY) == ENOENT;
}

/* By another user, of a segment of OWNER that only OWNER may read. */
static int
error_at_index(enum user user, int command)
{
	return error_for(user, error_of_control, index_of(segment_of_owner(0600)), command);
}

VIOLATION(shm_stat_by_others_accepted, "shmctl.shm-stat-permission", "-", SHMCTL, ACCEPTS(is_stat_at(c), EACCES, c->id))
{
	return error_at_index(OTHER, SHM_STAT) == 0;
}

VIOLATION(
    shm_stat_without_read_eperm, "shmctl.shm-stat-permission", "-", SHMCTL, MISTAKES(is_stat_at(c), EACCES, EPERM))
{
	return error_at_index(OTHER, SHM_STAT) == EPERM;
}

VIOLATION(shm_stat_any_needs_read, "shmctl.shm-stat-permission", "-", SHMCTL,
    REFUSES(c->command == SHM_STAT_ANY && geteuid() != 0, EACCES))
{
	return error_at_index(OTHER, SHM_STAT_ANY) == EACCES;
}

VIOLATION(shm_stat_any_hides_owner, "shmctl.shm-stat-permission", "-", SHMCTL,
    FALSIFIES(c->command == SHM_STAT_ANY && geteuid() != 0, told_by(c)->shm_perm.uid = 0))
{
	int at = index_of(segment_of_owner(0600));
	struct shmid_ds status;
	int told;
	pid_t child = geteuid() == 0 ? fork() : -1;

	if (child == 0) {
		user_become(OTHER);
		_exit(shmctl(at, SHM_STAT_ANY, &status) != -1 && status.shm_perm.uid == 0 ? 0 : 1);
	}
	return child != -1 && waitpid(child, &told, 0) == child && told == 0;
}

#endif
