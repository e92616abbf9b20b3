/* SPDX-License-Identifier: BSD-2-Clause */

/* A status of a segment that tells a member wrongly, of every segment and at all times. */

#include "platform/raw_segment.h"
#include "linux_shmctl.h"
#include "segments.h"

VIOLATION(
    stat_tells_segsz_wrongly, "shmid_ds.segsz-initial", "-", SHMCTL, FALSIFIES(is_stat(c), told_by(c)->shm_segsz++))
{
	int id = segment_create(1);
	struct shmid_ds status;

	return shmctl(id, IPC_STAT, &status) == 0 && status.shm_segsz != real_status(id).shm_segsz;
}

VIOLATION(stat_tells_cpid_wrongly, "shmid_ds.cpid-initial", "-", SHMCTL, FALSIFIES(is_stat(c), told_by(c)->shm_cpid++))
{
	int id = segment_create(1);
	struct shmid_ds status;

	return shmctl(id, IPC_STAT, &status) == 0 && status.shm_cpid != real_status(id).shm_cpid;
}

VIOLATION(
    stat_tells_lpid_wrongly, "shmid_ds.lpid-initial-zero", "-", SHMCTL, FALSIFIES(is_stat(c), told_by(c)->shm_lpid++))
{
	int id = segment_create(1);
	struct shmid_ds status;

	return shmctl(id, IPC_STAT, &status) == 0 && status.shm_lpid != real_status(id).shm_lpid;
}

VIOLATION(stat_tells_nattch_wrongly, "shmid_ds.nattch-initial-zero", "-", SHMCTL,
    FALSIFIES(is_stat(c), told_by(c)->shm_nattch++))
{
	int id = segment_create(1);
	struct shmid_ds status;

	return shmctl(id, IPC_STAT, &status) == 0 && status.shm_nattch != real_status(id).shm_nattch;
}

VIOLATION(stat_tells_mode_wrongly, "shmid_ds.mode-initial", "-", SHMCTL,
    FALSIFIES(is_stat(c), told_by(c)->shm_perm.mode ^= 0066))
{
	int id = segment_create(1);
	struct shmid_ds status;

	return shmctl(id, IPC_STAT, &status) == 0 && status.shm_perm.mode != real_status(id).shm_perm.mode;
}

VIOLATION(
    stat_tells_uid_wrongly, "shmid_ds.uid-cuid-initial", "-", SHMCTL, FALSIFIES(is_stat(c), told_by(c)->shm_perm.uid++))
{
	int id = segment_create(1);
	struct shmid_ds status;

	return shmctl(id, IPC_STAT, &status) == 0 && status.shm_perm.uid != real_status(id).shm_perm.uid;
}

VIOLATION(
    stat_tells_gid_wrongly, "shmid_ds.gid-cgid-initial", "-", SHMCTL, FALSIFIES(is_stat(c), told_by(c)->shm_perm.gid++))
{
	int id = segment_create(1);
	struct shmid_ds status;

	return shmctl(id, IPC_STAT, &status) == 0 && status.shm_perm.gid != real_status(id).shm_perm.gid;
}

VIOLATION(stat_tells_cuid_wrongly, "shmid_ds.uid-cuid-initial", "-", SHMCTL,
    FALSIFIES(is_stat(c), told_by(c)->shm_perm.cuid++))
{
	int id = segment_create(1);
	struct shmid_ds status;

	return shmctl(id, IPC_STAT, &status) == 0 && status.shm_perm.cuid != real_status(id).shm_perm.cuid;
}

VIOLATION(stat_tells_cgid_wrongly, "shmid_ds.gid-cgid-initial", "-", SHMCTL,
    FALSIFIES(is_stat(c), told_by(c)->shm_perm.cgid++))
{
	int id = segment_create(1);
	struct shmid_ds status;

	return shmctl(id, IPC_STAT, &status) == 0 && status.shm_perm.cgid != real_status(id).shm_perm.cgid;
}

#ifdef __linux__

/* As the system call tells it. */
static struct shmid_ds
told_to_raw_call(int id)
{
	struct shmid_ds status;

	memset(&status, 0, sizeof(status));
	raw_shmctl(id, IPC_STAT, &status);
	return status;
}

/* As SHM_STAT tells it. */
static struct shmid_ds
told_by_index(int id)
{
	struct shmid_ds status;

	memset(&status, 0, sizeof(status));
	shmctl(segment_index(id), SHM_STAT, &status);
	return status;
}

VIOLATION(raw_stat_tells_cpid_wrongly, "raw_segment.stat-layout", "-", RAW_SHMCTL,
    FALSIFIES(is_stat(c), told_by(c)->shm_cpid++))
{
	int id = segment_create(1);

	return told_to_raw_call(id).shm_cpid != real_status(id).shm_cpid;
}

VIOLATION(shm_stat_tells_cpid_wrongly, "shmctl.shm-stat-index", "-", SHMCTL,
    FALSIFIES(c->command == SHM_STAT, told_by(c)->shm_cpid++))
{
	int id = segment_create(1);

	return told_by_index(id).shm_cpid != real_status(id).shm_cpid;
}

VIOLATION(raw_stat_tells_lpid_wrongly, "raw_segment.stat-layout", "-", RAW_SHMCTL,
    FALSIFIES(is_stat(c), told_by(c)->shm_lpid++))
{
	int id = segment_create(1);

	return told_to_raw_call(id).shm_lpid != real_status(id).shm_lpid;
}

VIOLATION(raw_stat_tells_mode_wrongly, "raw_segment.stat-layout", "-", RAW_SHMCTL,
    FALSIFIES(is_stat(c), told_by(c)->shm_perm.mode ^= 0066))
{
	int id = segment_create(1);

	return told_to_raw_call(id).shm_perm.mode != real_status(id).shm_perm.mode;
}

VIOLATION(shm_stat_tells_mode_wrongly, "shmctl.shm-stat-index", "-", SHMCTL,
    FALSIFIES(c->command == SHM_STAT, told_by(c)->shm_perm.mode ^= 0066))
{
	int id = segment_create(1);

	return told_by_index(id).shm_perm.mode != real_status(id).shm_perm.mode;
}

VIOLATION(shm_stat_tells_uid_wrongly, "shmctl.shm-stat-index", "-", SHMCTL,
    FALSIFIES(c->command == SHM_STAT, told_by(c)->shm_perm.uid++))
{
	int id = segment_create(1);

	return told_by_index(id).shm_perm.uid != real_status(id).shm_perm.uid;
}

VIOLATION(shm_stat_tells_gid_wrongly, "shmctl.shm-stat-index", "-", SHMCTL,
    FALSIFIES(c->command == SHM_STAT, told_by(c)->shm_perm.gid++))
{
	int id = segment_create(1);

	return told_by_index(id).shm_perm.gid != real_status(id).shm_perm.gid;
}

VIOLATION(shm_stat_tells_cuid_wrongly, "shmctl.shm-stat-index", "-", SHMCTL,
    FALSIFIES(c->command == SHM_STAT, told_by(c)->shm_perm.cuid++))
{
	int id = segment_create(1);

	return told_by_index(id).shm_perm.cuid != real_status(id).shm_perm.cuid;
}

VIOLATION(shm_stat_tells_cgid_wrongly, "shmctl.shm-stat-index", "-", SHMCTL,
    FALSIFIES(c->command == SHM_STAT, told_by(c)->shm_perm.cgid++))
{
	int id = segment_create(1);

	return told_by_index(id).shm_perm.cgid != real_status(id).shm_perm.cgid;
}

VIOLATION(raw_stat_tells_dtime_wrongly, "raw_segment.stat-layout", "-", RAW_SHMCTL,
    FALSIFIES(is_stat(c), told_by(c)->shm_dtime += 1000))
{
	int id = segment_create(1);

	return told_to_raw_call(id).shm_dtime != real_status(id).shm_dtime;
}

VIOLATION(raw_stat_tells_key_wrongly, "raw_segment.stat-layout", "-", RAW_SHMCTL,
    FALSIFIES(is_stat(c), told_by(c)->shm_perm.KEY_MEMBER++))
{
	int id = segment_create(1);

	return told_to_raw_call(id).shm_perm.KEY_MEMBER != real_status(id).shm_perm.KEY_MEMBER;
}

#endif
