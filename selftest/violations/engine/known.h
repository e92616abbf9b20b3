/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What this process has done so far, for conditions on state: its attachments and mappings, and the segments that it made.
 * A child made by fork knows what its parent knew. Of a call under way nothing is known yet when its condition is asked, be it
 * before or after the call.
 */

#ifndef SHMCHECK_KNOWN_H
#define SHMCHECK_KNOWN_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>

#include "call.h"

struct known_range {
	char *start;
	size_t length; /* rounded up to pages */
	int protection;
	int flags;         /* of mmap() or shmat() */
	int id;            /* of the segment that is attached; else -1 */
	int fd;            /* that was mapped; else -1 */
	off_t offset;      /* of the mapping in the file */
	bool is_inherited; /* over fork, by this process */
};

/* The range that has this address, or a null pointer. */
struct known_range *known_range_at(const volatile void *);

/* All of them, for loops: known_ranges()[0] to [count - 1]. */
struct known_range *known_ranges(size_t *count);

struct known_segment {
	int id;
	key_t key;
	size_t size;
	pid_t creator;
	bool was_attached; /* by this process or its parents */
	bool was_removed;
};

/* The segment, when this process or its parents made it by shmget(), or a null pointer. */
struct known_segment *known_segment(int id);
struct known_segment *known_segment_with_key(key_t);
struct known_segment *known_segments(size_t *count);

/* How many attachments of this segment the process knows to have. */
unsigned known_attachments(int id);

/* Whether this is the process that was started first: no child of it by fork, nor what such a child became by exec. */
bool is_first_process(void);

/* For engine.c: learn from a call that was made, as its caller sees it. */
void known_update(const struct call *);

/* For hooks: whether a violation of faults is chosen, or may be traced. */
bool faults_are_violated(void);

/* For engine.c and hooks: from now on this process is the harness, and nothing is violated. */
void engine_turn_off(void);

#endif
