/* SPDX-License-Identifier: BSD-2-Clause */

/* What the commands of shmctl() that Linux adds tell of all segments, shmctl(2). */

#ifndef SHMCHECK_LINUX_SHMCTL_H
#define SHMCHECK_LINUX_SHMCTL_H

#include "platform/shm_info.h"

/* Where the kernel's array has the segment: what SHM_STAT and SHM_STAT_ANY take. Ends the case as failed if it is nowhere. */
int segment_index(int id);

#endif
