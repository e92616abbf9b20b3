/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What this process has done so far, for conditions on state: its attachments and mappings, and the segments that it made.
 * A child made by fork knows what its parent knew. A condition on a call does not see that
 * call here, whether it is asked before the call or after it.
 */

#ifndef SHMCHECK_KNOWN_H
#define SHMCHECK_KNOWN_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>
#include <sys/ipc.h>

#include "call.h"

struct known_range {
	char *start;
	size_t length;    /* rounded up to pages */
	char *start_then; /* as it was mapped or attached, before parts of it were changed or unmapped */
	size_t length_then;
	int protection;      /* as it is now */
	int protection_then; /* as it was mapped or attached */
	int flags;           /* of mmap() or shmat() */
	int id;              /* of the segment that is attached; else -1 */
	int fd;              /* that was mapped; else -1 */
	off_t offset;        /* of the mapping in the file */
	unsigned locks;      /* calls of mlock() for it, since the last munlock() */
	bool is_inherited;   /* over fork, by this process */
	bool has_heirs;      /* children that this process has made since */
};

/* The range that has this address, or a null pointer. */
struct known_range *known_range_at(const volatile void *);

/* The next range of the same file or object, by its descriptor, that is not the one given; or a null pointer. */
struct known_range *known_alias(const struct known_range *);

/* How many bytes the pages have that hold a byte of this length. */
size_t whole_pages(size_t length);

/* All of them, for loops: known_ranges()[0] to [count - 1]. */
struct known_range *known_ranges(size_t *count);

/* Whether any of them is of this kind; do this to all that are. */
bool has_known_range(bool (*is_of_kind)(const struct known_range *));
void for_known_ranges(bool (*is_of_kind)(const struct known_range *), void (*effect)(const struct known_range *));

/* Whether mlockall() with MCL_FUTURE was called in this process, and not undone since. */
bool known_future_is_locked(void);

struct known_segment {
	int id;
	key_t key;
	size_t size;
	int flags; /* of shmget(), with the mode */
	pid_t creator;
	bool was_attached; /* by this process or its parents */
	bool was_removed;
	unsigned failed_attaches;
	unsigned failed_detaches; /* at an address inside of an attachment */
};

/* The segment, when this process or its parents made it by shmget(), or a null pointer. */
struct known_segment *known_segment(int id);
struct known_segment *known_segment_with_key(key_t);
struct known_segment *known_segments(size_t *count);

/* Whether the process has removed any segment. */
static inline bool
has_removed_any(void)
{
	size_t count;
	const struct known_segment *segments = known_segments(&count);

	for (size_t i = 0; i < count; i++)
		if (segments[i].was_removed)
			return true;
	return false;
}

/* Whether any segment is: for rows that break something else. */
bool known_any_segment(void);

/* How many attachments of this segment the process knows to have: those that have their first page. */
unsigned known_attachments(int id);

/* Whether the process has more than one thread, as /proc tells. */
bool has_threads(void);

/* Whether a mutex, condition variable, read-write lock, barrier or semaphore was initialized at this address. */
bool known_initialized(const void *address);

/* Whether pthread_mutex_init() was called for this address. */
bool known_mutex(const void *address);

/* How many condition variables were made, and how many waits for a semaphore there were. */
unsigned known_conditions(void);
unsigned known_semaphore_waits(void);

/* Whether this process or its parents have a handler for SIGUSR1 that waits end for: one without SA_RESTART. */
bool known_is_interruptible(void);

/* How many children this process and its parents have waited for, and whether the last of them died by a signal. */
unsigned known_children_ended(void);
bool known_last_child_was_killed(void);

/* Whether a call of waitpid(), which has been made, tells of a child that a signal has ended. */
bool tells_of_killed_child(const struct call *);

/* How many IPC namespaces this process and its parents made by unshare(), one in another. What is known is of the last. */
unsigned known_ipc_namespaces(void);

/* Whether segments were known, and not removed, in the namespace that was left for the last of them. */
bool known_segments_outside(void);

/* How often shmat() has failed in this process and its parents. */
unsigned known_failed_attaches(void);

/* Owner, creator and mode of a segment that this process or its parents made, found or changed, or a null pointer. */
const struct ipc_perm *known_permissions(int id);

/* The segments of which these are known: known_permissions_id(0) and on, until -1. */
int known_permissions_id(size_t);

/* Whether this was the start of an attachment, which shmdt() has ended. */
bool known_was_detached(const volatile void *);

/* The child that was last waited for, and what waitpid() told of it; 0 when there was none. */
pid_t known_ended_child(int *status);

/* Whether this is the process that was started first: no child of it by fork, nor what such a child became by exec. */
bool is_first_process(void);

/* For engine.c: learn from a call that was made, as its caller sees it. */
void known_update(const struct call *);

/*
 * For engine.c: no other thread learns between these two: not while a row looks at what is known, nor just when the child of a
 * fork gets it. The first returns whether this thread has stopped the others, which it may have done already; the second
 * takes that.
 */
bool known_stop_others(void);
void known_let_others_go_on(bool are_stopped_here);

/* For hooks: whether a violation is chosen. */
bool is_violated(void);

/* For hooks: whether a violation of faults is chosen, or may be traced. */
bool faults_are_violated(void);

/* For engine.c and hooks: from now on this process is the harness, and nothing is violated. */
void engine_turn_off(void);

#endif
