/* SPDX-License-Identifier: BSD-2-Clause */

/* What is in a new segment, as its first attachment shows: a byte that is not zero. */

#include <sys/ipc.h>
#include <sys/shm.h>

#include "direct_check.h"
#include "shmget.h"
#include "violation.h"

static void
soil(int id, size_t at)
{
	char *p = real_shmat(id, NULL, 0);

	p[at] = 's';
	real_shmdt(p);
}

/* The new segment whose first attachment this is. */
static const struct known_segment *
new_segment(const struct call *c)
{
	const struct known_segment *segment = known_segment(c->id);

	return segment == NULL || segment->was_attached ? NULL : segment;
}

static size_t
new_size(const struct call *c)
{
	return new_segment(c) == NULL ? 0 : new_segment(c)->size;
}

/* Such a byte in a new segment of this size. */
static bool
is_soiled(size_t size, size_t at, int flags)
{
	return ((char *)segment_attach(segment_create(size), NULL, flags))[at] != 0;
}

VIOLATION(new_segment_of_one_byte_not_zero, "shmget.zero-fill", "-", SHMAT, FALSIFIES(new_size(c) == 1, soil(c->id, 0)))
{
	return is_soiled(1, 0, 0);
}

VIOLATION(new_segment_last_byte_not_zero, "shmget.zero-fill", "-", SHMAT,
    FALSIFIES(new_size(c) == page_size() - 1, soil(c->id, page_size() - 2)))
{
	return is_soiled(page_size() - 1, page_size() - 2, 0);
}

VIOLATION(new_segment_not_zero_for_reader, "shmget.zero-fill", "-", SHMAT,
    FALSIFIES(new_size(c) == page_size() && (c->flags & SHM_RDONLY) != 0, soil(c->id, page_size() / 2)))
{
	return is_soiled(page_size(), page_size() / 2, SHM_RDONLY);
}

VIOLATION(new_segment_last_page_not_zero, "shmget.zero-fill", "-", SHMAT,
    FALSIFIES(new_size(c) > page_size() && new_size(c) % page_size() == 1, soil(c->id, new_size(c) - 1)))
{
	return is_soiled(page_size() + 1, page_size(), 0);
}

VIOLATION(new_segment_page_64_not_zero, "shmget.zero-fill", "-", SHMAT,
    FALSIFIES(new_size(c) > 64 * page_size(), soil(c->id, 64 * page_size())))
{
	return is_soiled(65 * page_size(), 64 * page_size(), 0);
}

VIOLATION(new_private_segment_not_zero, "shmget.zero-fill", "-", SHMAT,
    FALSIFIES(new_size(c) > page_size() && new_segment(c)->key == IPC_PRIVATE, soil(c->id, page_size())))
{
	char *p = segment_attach(segment_own(shmget(IPC_PRIVATE, 2 * page_size(), 0600)), NULL, 0);

	return p[page_size()] != 0;
}

VIOLATION(new_segment_at_address_not_zero, "shmget.zero-fill", "B223", SHMAT,
    FALSIFIES(c->address != NULL && c->flags == 0 && new_size(c) > page_size(), soil(c->id, new_size(c) - 1)))
{
	return ((char *)segment_attach(segment_create(page_size() + 1), free_range(2 * page_size()), 0))[page_size()] !=
	    0;
}

/* A process attaches what another made, and has attached, the memory of which nobody has touched yet. */
static bool
attaches_after_creator(const struct call *c)
{
	const struct known_segment *segment = known_segment(c->id);

	return segment != NULL && segment->was_attached && segment->creator != getpid() &&
	    segment->size > 4 * page_size();
}

static bool
is_zero_after_creator(void *id)
{
	return ((char *)segment_attach(*(int *)id, NULL, 0))[page_size()] == 0;
}

VIOLATION(new_segment_not_zero_in_another_process, "shmget.zero-fill", "-", SHMAT,
    FALSIFIES(attaches_after_creator(c), soil(c->id, page_size())))
{
	int id = segment_create(8 * page_size());

	segment_attach(id, NULL, 0);
	return !is_seen_by(SAME_USER, is_zero_after_creator, &id);
}

/* Segments of many pages that this process has used and removed. */
static unsigned
used_before(void)
{
	unsigned used = 0;
	size_t count;
	const struct known_segment *segments = known_segments(&count);

	for (size_t i = 0; i < count; i++)
		used += segments[i].was_removed && segments[i].was_attached && segments[i].size > 4 * page_size();
	return used;
}

static bool
is_new_of_many_pages(const struct call *c)
{
	return new_size(c) > 4 * page_size() && new_size(c) % page_size() == 0;
}

/* Use and remove a segment; then whether a new one has such a byte. */
static bool
is_soiled_after(int rounds, size_t at)
{
	for (int i = 0; i < rounds; i++) {
		int id = segment_create(8 * page_size());

		segment_detach(segment_attach(id, NULL, 0));
		segment_remove(id);
	}
	return is_soiled(8 * page_size(), at, 0);
}

VIOLATION(new_segment_first_page_stale, "shmget.zero-fill-after-reuse", "-", SHMAT,
    FALSIFIES(is_new_of_many_pages(c) && used_before() == 1, soil(c->id, 0)))
{
	return is_soiled_after(1, 0);
}

VIOLATION(new_segment_last_page_stale, "shmget.zero-fill-after-reuse", "-", SHMAT,
    FALSIFIES(is_new_of_many_pages(c) && used_before() > 1, soil(c->id, new_size(c) - page_size())))
{
	return is_soiled_after(2, 7 * page_size());
}

VIOLATION(new_segment_stale_late, "shmget.zero-fill-after-reuse", "-", SHMAT,
    FALSIFIES(is_new_of_many_pages(c) && used_before() > 10, soil(c->id, new_size(c) - 1)))
{
	return is_soiled_after(12, 8 * page_size() - 1);
}

/* The key had a segment before. */
static bool
has_used_key(const struct call *c)
{
	unsigned how_many;

	return removed_with_key(new_segment(c)->key, &how_many) != NULL;
}

VIOLATION(new_segment_has_data_of_same_key, "shmget.zero-fill-after-reuse", "-", SHMAT,
    FALSIFIES(is_new_of_many_pages(c) && has_used_key(c), soil(c->id, 1)))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 8 * page_size(), 0600);
	char *p = segment_attach(id, NULL, 0);

	segment_remove(id);
	segment_detach(p);
	return ((char *)segment_attach(segment_create_with_key(key, 8 * page_size(), 0600), NULL, 0))[1] != 0;
}

/* A segment that another process has removed. */
static bool
another_removed_one(void)
{
	size_t count;
	const struct known_segment *segments = known_segments(&count);
	struct shmid_ds status;

	for (size_t i = 0; i < count; i++)
		if (!segments[i].was_removed && real_shmctl(segments[i].id, IPC_STAT, &status) == -1)
			return true;
	return false;
}

static bool
removes(void *id)
{
	return shmctl(*(int *)id, IPC_RMID, NULL) == 0;
}

VIOLATION(new_segment_has_data_of_ended_process, "shmget.zero-fill-after-reuse", "-", SHMAT,
    FALSIFIES(is_new_of_many_pages(c) && another_removed_one(), soil(c->id, 5 * page_size())))
{
	int id = segment_create(8 * page_size());

	return is_seen_by(SAME_USER, removes, &id) && is_soiled(8 * page_size(), 5 * page_size(), 0);
}
