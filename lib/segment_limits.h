/* SPDX-License-Identifier: BSD-2-Clause */

/* Limits on System V segments, from /proc/sys/kernel of Linux, proc(5). Nobody can tell them elsewhere, or without /proc. */

#ifndef SHMCHECK_SEGMENT_LIMITS_H
#define SHMCHECK_SEGMENT_LIMITS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether no segment can be as large as this: above kernel.shmmax of Linux, which for a 32-bit process on a 64-bit kernel may
 * be above all its numbers. Elsewhere everything that asks is.
 */
bool is_over_shmmax(size_t size);

/* Whether the kernel destroys segments that nobody has attached: kernel.shm_rmid_forced. */
bool unattached_segments_are_destroyed(void);

/*
 * The limit that leaves no room for what the most demanding case makes, beside the segments that there are: as words for
 * people, in static memory. A null pointer where there is room, or nobody can tell.
 */
const char *segment_limit_in_the_way(void);

#endif
