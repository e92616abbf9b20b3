/* SPDX-License-Identifier: BSD-2-Clause */

/* The commands of shmctl() that Linux adds, which tell about all segments: shmctl(2). */

#ifndef SHMCHECK_LINUX_SHMCTL_H
#define SHMCHECK_LINUX_SHMCTL_H

#include "platform/shm_info.h"

/* The index of the segment in the kernel's array, for SHM_STAT and SHM_STAT_ANY. Ends the case as failed if it has none. */
int segment_index(int id);

#endif
