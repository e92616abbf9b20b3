/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Limits on System V segments, and what becomes of some of them: from /proc/sys/kernel of Linux, proc(5), and from sysctl(3)
 * of BSDs and macOS. Nobody can tell them elsewhere, or without /proc.
 */

#ifndef SHMCHECK_SEGMENT_LIMITS_H
#define SHMCHECK_SEGMENT_LIMITS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether no segment can be as large as this: above shmmax, which on Linux for a 32-bit process on a 64-bit kernel may be
 * above all its numbers. Where nobody can tell, everything that asks is.
 */
bool is_over_shmmax(size_t size);

/* Whether the kernel destroys segments that nobody has attached: kernel.shm_rmid_forced of Linux. */
bool unattached_segments_are_destroyed(void);

/*
 * Whether a removed segment that is still attached can be attached again: on Linux and OpenBSD it always can, on FreeBSD
 * and DragonFly while they have a kern.ipc.shm_allow_removed that is not 0, and nowhere else.
 */
bool removed_segments_can_be_attached(void);

/*
 * The size of the largest segment where one of that size is all that segments may take together, so that it cannot be made
 * beside another. 0 elsewhere.
 */
size_t largest_segment_if_alone(void);

/* How many segments a process may have attached: shmseg. 0 where there is no such limit, or nobody can tell. */
unsigned long long attachments_of_process(void);

/*
 * Whether RLIMIT_AS can be set and limits attachments: POSIX asks that of mmap() alone, and some BSDs look at it nowhere
 * else. dosetrlimit() of macOS takes none below the gigabytes that each process has from its start.
 */
bool address_limit_is_for_attachments(void);

/*
 * The limit that leaves no room for what the most demanding case makes, beside the segments that there are as far as that
 * can be told: as words for people, in static memory. A null pointer where there is room, or nobody can tell.
 */
const char *segment_limit_in_the_way(void);

#endif
