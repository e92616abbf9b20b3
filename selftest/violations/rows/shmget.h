/* SPDX-License-Identifier: BSD-2-Clause */

/* What calls of shmget() are about, for the conditions of its rows. */

#ifndef SHMCHECK_ROWS_SHMGET_H
#define SHMCHECK_ROWS_SHMGET_H

#include <string.h>

#include <sys/ipc.h>
#include <sys/shm.h>

#include "known.h"
#include "platform.h"
#include "real.h"

/* The segment that the key has, when it is known. */
static inline const struct known_segment *
existing(const struct call *c)
{
	return c->key == IPC_PRIVATE ? NULL : known_segment_with_key(c->key);
}

static inline bool
is_private(const struct call *c)
{
	return c->key == IPC_PRIVATE;
}

static inline bool
is_lookup(const struct call *c)
{
	return !is_private(c) && (c->flags & IPC_CREAT) == 0;
}

static inline bool
is_exclusive(const struct call *c)
{
	return !is_private(c) && (c->flags & IPC_CREAT) != 0 && (c->flags & IPC_EXCL) != 0;
}

/* With IPC_CREAT alone. */
static inline bool
is_creation(const struct call *c)
{
	return !is_private(c) && (c->flags & IPC_CREAT) != 0 && (c->flags & IPC_EXCL) == 0;
}

/* The same where the key has no segment: the harness makes its own with IPC_EXCL. */
static inline bool
is_plain_creation(const struct call *c)
{
	return is_creation(c) && existing(c) == NULL;
}

/* A segment with this key that was removed; and how many such. */
static inline const struct known_segment *
removed_with_key(key_t key, unsigned *how_many)
{
	const struct known_segment *found = NULL;
	size_t count;
	const struct known_segment *segments = known_segments(&count);

	*how_many = 0;
	for (size_t i = 0; i < count; i++)
		if (segments[i].key == key && key != IPC_PRIVATE && segments[i].was_removed) {
			found = &segments[i];
			++*how_many;
		}
	return found;
}

static inline const struct known_segment *
removed(const struct call *c)
{
	unsigned how_many;

	return existing(c) != NULL ? NULL : removed_with_key(c->key, &how_many);
}

/* A removed segment of the key that this process has attached. */
static inline const struct known_segment *
removed_but_attached(const struct call *c)
{
	const struct known_segment *old = removed(c);

	return old != NULL && known_attachments(old->id) > 0 ? old : NULL;
}

/* A segment with another key. */
static inline const struct known_segment *
other_keyed(key_t key)
{
	size_t count;
	const struct known_segment *segments = known_segments(&count);

	for (size_t i = 0; i < count; i++)
		if (segments[i].key != IPC_PRIVATE && segments[i].key != key && !segments[i].was_removed)
			return &segments[i];
	return NULL;
}

/* Store zeros where the segment is attached for writing. */
static inline void
clear(int id)
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].id == id && (ranges[i].flags & SHM_RDONLY) == 0)
			memset(ranges[i].start, 0, ranges[i].length);
}

/* The number of whole pages for this number of bytes. */
static inline size_t
pages_of(size_t size)
{
	return size / page_size() + (size % page_size() != 0);
}

#endif
