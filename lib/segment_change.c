/* SPDX-License-Identifier: BSD-2-Clause */

#include "clock.h"
#include "segment.h"
#include "segment_change.h"

struct status_before
status_before(int id)
{
	return (struct status_before){ .id = id, .second = coarse_time(), .status = segment_stat(id) };
}

void
check_changed(const char *file, int line, struct status_before before, struct change change)
{
	const struct shmid_ds now = segment_stat(before.id);
	time_t second = coarse_time();
	struct shmid_ds expected = before.status;
	unsigned sets = change.sets;
	sets |= now.shm_atime != expected.shm_atime ? change.may_set & ATIME : 0;
	sets |= now.shm_dtime != expected.shm_dtime ? change.may_set & DTIME : 0;
	sets |= now.shm_lpid != expected.shm_lpid ? change.may_set & LPID : 0;
	expected.shm_nattch = (shmatt_t)((long)expected.shm_nattch + change.attachments);
	if (sets & LPID)
		expected.shm_lpid = change.process;
	if (sets & ATIME && check_time_between(file, line, "shm_atime", before.second, second, now.shm_atime))
		expected.shm_atime = now.shm_atime;
	if (sets & DTIME && check_time_between(file, line, "shm_dtime", before.second, second, now.shm_dtime))
		expected.shm_dtime = now.shm_dtime;
	check_status_unchanged(file, line, expected, before.id);
}
