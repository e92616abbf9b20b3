/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The system's limits on System V segments, and its settings about them: from /proc/sys/kernel on Linux, proc(5), and by
 * sysctl(3) on BSDs and macOS. On other systems, and without /proc, they are unknown.
 */

#ifndef SHMCHECK_SEGMENT_LIMITS_H
#define SHMCHECK_SEGMENT_LIMITS_H

#include <stdbool.h>
#include <stddef.h>

#include "need.h"

/* The list of all segments that Linux shows, proc(5), can be read. */
#define NEEDS_LIST_OF_SEGMENTS NEED("/proc/sysvipc/shm", .ask = need_list_of_segments)

void need_list_of_segments(void);

/*
 * Whether this size is above shmmax, so that no segment can have it. On a 64-bit Linux, shmmax may be above all numbers of a
 * 32-bit process. True where the limit is unknown.
 */
bool is_over_shmmax(size_t size);

/* Whether the system destroys a segment that no process has attached: kernel.shm_rmid_forced of Linux is set. */
bool unattached_segments_are_destroyed(void);

/*
 * Whether a removed segment that is still attached can be attached again: always on Linux and OpenBSD; on FreeBSD and
 * DragonFly if kern.ipc.shm_allow_removed exists and is not 0; nowhere else.
 */
bool removed_segments_can_be_attached(void);

/*
 * The size of the largest segment if it is also the limit on all segments together, so that it cannot be made beside
 * another. 0 elsewhere.
 */
size_t largest_segment_if_alone(void);

/* The number of segments that a process may have attached: shmseg. 0 where there is no such limit, or it is unknown. */
unsigned long long attachments_of_process(void);

/*
 * Whether RLIMIT_AS can be set and limits attachments. POSIX asks that of mmap() only, and some BSDs apply it to nothing
 * else. dosetrlimit() of macOS accepts no limit below the gigabytes that each process has from its start.
 */
bool address_limit_is_for_attachments(void);

/*
 * The limit that leaves no room for the segments of the most demanding case, beside the segments that exist as far as they
 * are known: words for people, in static memory. Null where there is room, or the limits are unknown.
 */
const char *segment_limit_in_the_way(void);

#endif
