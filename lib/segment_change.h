/* SPDX-License-Identifier: BSD-2-Clause */

/* What an event changes in the status of a System V segment, which another process causes. */

#ifndef SHMCHECK_SEGMENT_CHANGE_H
#define SHMCHECK_SEGMENT_CHANGE_H

#include <time.h>

#include <sys/shm.h>
#include <sys/types.h>

/* The status of a segment before an event, and when that was: see coarse_time(). */
struct status_before {
	int id;
	time_t second;
	struct shmid_ds status;
};

/* Ends the case as failed if IPC_STAT fails. */
struct status_before status_before(int id);

enum { ATIME = 1, DTIME = 2, LPID = 4 }; /* or-ed */

/* All that an event changes: shm_nattch by a number, the times to now, shm_lpid to this process. */
struct change {
	int attachments;
	pid_t process;
	unsigned sets;
	unsigned may_set; /* no document tells whether it does */
};

/* The status has changed since then in this way, and in no other: .attachments = 1, .sets = ATIME ... */
#define CHECK_CHANGED(before, ...) check_changed(__FILE__, __LINE__, before, (struct change){ __VA_ARGS__ })

void check_changed(const char *file, int line, struct status_before before, struct change change);

#endif
