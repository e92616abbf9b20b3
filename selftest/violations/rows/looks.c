/* SPDX-License-Identifier: BSD-2-Clause */

/* A status of a segment that changes because somebody looks at it. */

#include "segments.h"

static unsigned looks;

VIOLATION(looks_change_ctime, "shmctl.stat-does-not-change", "-", SHMCTL,
    FALSIFIES(is_stat(c), told_by(c)->shm_ctime += (time_t)looks++))
{
	int id = segment_create(1);
	struct shmid_ds first = segment_stat(id);

	return segment_stat(id).shm_ctime != first.shm_ctime;
}

VIOLATION(looks_change_atime, "shmctl.stat-does-not-change", "-", SHMCTL,
    FALSIFIES(is_stat(c), told_by(c)->shm_atime += (time_t)looks++))
{
	int id = segment_create(1);
	struct shmid_ds first = segment_stat(id);

	return segment_stat(id).shm_atime != first.shm_atime;
}

VIOLATION(looks_change_segsz, "shmctl.stat-does-not-change", "-", SHMCTL,
    FALSIFIES(is_stat(c), told_by(c)->shm_segsz += (size_t)looks++))
{
	int id = segment_create(1);
	struct shmid_ds first = segment_stat(id);

	return segment_stat(id).shm_segsz != first.shm_segsz;
}

VIOLATION(looks_change_cpid, "shmctl.stat-does-not-change", "-", SHMCTL,
    FALSIFIES(is_stat(c), told_by(c)->shm_cpid += (pid_t)looks++))
{
	int id = segment_create(1);
	struct shmid_ds first = segment_stat(id);

	return segment_stat(id).shm_cpid != first.shm_cpid;
}

VIOLATION(looks_change_nattch, "shmctl.stat-does-not-change", "-", SHMCTL,
    FALSIFIES(is_stat(c), told_by(c)->shm_nattch += (shmatt_t)looks++))
{
	int id = segment_create(1);
	struct shmid_ds first = segment_stat(id);

	return segment_stat(id).shm_nattch != first.shm_nattch;
}

VIOLATION(looks_change_mode, "shmctl.stat-does-not-change", "-", SHMCTL,
    FALSIFIES(is_stat(c), told_by(c)->shm_perm.mode ^= looks++ % 2 == 0 ? 0 : 0077))
{
	int id = segment_create(1);
	struct shmid_ds first = segment_stat(id);

	return segment_stat(id).shm_perm.mode != first.shm_perm.mode;
}
