/* SPDX-License-Identifier: BSD-2-Clause */

#include "check.h"
#include "linux_shmctl.h"

int
segment_index(int id)
{
	struct shm_info info;
	struct shmid_ds status;
	int highest = shmctl(0, SHM_INFO, (void *)&info);

	for (int at = 0; at <= highest; at++)
		if (shmctl(at, SHM_STAT, &status) == id)
			return at;
	end_failed("segment %d is at no index up to %d", id, highest);
}
