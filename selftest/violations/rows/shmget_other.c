/* SPDX-License-Identifier: BSD-2-Clause */

/* Calls of shmget() that give another segment than they should, or none. */

#include "segments.h"

static bool
creates(const struct call *c)
{
	return c->key == IPC_PRIVATE || (c->flags & IPC_CREAT);
}

static int
another_segment(void)
{
	size_t count;
	const struct known_segment *segments = known_segments(&count);

	return count > 0 ? segments[0].id : -1;
}

VIOLATION(shmget_refuses_second_segment, "shmget.private-always-new", "-", SHMGET,
    REFUSES(creates(c) && another_segment() != -1, EACCES))
{
	segment_create(1);
	return shmget(IPC_PRIVATE, 1, 0600) == -1;
}

VIOLATION(shmget_refuses_first_segment, "shmget.create-when-absent", "-", SHMGET,
    REFUSES(creates(c) && another_segment() == -1, EACCES))
{
	return shmget(IPC_PRIVATE, 1, 0600) == -1;
}

VIOLATION(shmget_gives_first_segment_again, "shmget.private-always-new", "-", SHMGET,
    REPLACES(creates(c) && another_segment() != -1, c->result = another_segment()))
{
	int id = segment_create(1);

	return shmget(IPC_PRIVATE, 1, 0600) == id;
}

VIOLATION(
    shmget_finds_next_id, "shmget.open-existing-returns-same-id", "-", SHMGET, FALSIFIES(!creates(c), c->result++))
{
	key_t key = segment_key();

	return shmget(key, 0, 0) == segment_create_with_key(key, 1, 0600) + 1 ||
	    shmget(key, 0, 0) != real_shmget(key, 0, 0);
}

VIOLATION(
    shmget_fails_without_errno, "shmget.enoent-no-creat", "-", SHMGET, REPLACES(true, (real_call(c), c->error = 0)))
{
	key_t key = segment_key();

	errno = 0;
	return shmget(key, 0, 0) == -1 && errno == 0;
}
