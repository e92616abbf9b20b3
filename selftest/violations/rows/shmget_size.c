/* SPDX-License-Identifier: BSD-2-Clause */

/* Sizes: what is refused, what is found, and what is made. */

#include <limits.h>

#include <sys/ipc.h>
#include <sys/shm.h>

#include "effects.h"
#include "shmget.h"
#include "violation.h"

VIOLATION(shmget_private_size_zero_accepted, "shmget.einval-size-zero-create", "-", SHMGET,
    CHANGES(is_private(c) && (c->flags & IPC_CREAT) == 0 && c->length == 0, c->length = 1))
{
	return segment_own(shmget(IPC_PRIVATE, 0, 0600)) != -1;
}

VIOLATION(shmget_keyed_size_zero_accepted, "shmget.einval-size-zero-create", "-", SHMGET,
    CHANGES(is_plain_creation(c) && c->length == 0, c->length = 1))
{
	return shmget(segment_key(), 0, IPC_CREAT | 0600) != -1;
}

VIOLATION(shmget_size_zero_enomem, "shmget.einval-size-zero-create", "-", SHMGET,
    MISTAKES(is_exclusive(c) && c->length == 0, EINVAL, ENOMEM))
{
	return shmget(segment_key(), 0, IPC_CREAT | IPC_EXCL | 0600) == -1 && errno == ENOMEM;
}

VIOLATION(shmget_huge_size_wraps_to_zero, "shmget.einval-size-over-max", "-", SHMGET,
    CHANGES(is_private(c) && (c->flags & IPC_CREAT) == 0 && c->length + page_size() - 1 < c->length, c->length = 1))
{
	return segment_own(shmget(IPC_PRIVATE, SIZE_MAX, 0600)) != -1;
}

VIOLATION(shmget_huge_size_cut, "shmget.einval-size-over-max", "-", SHMGET,
    CHANGES(is_exclusive(c) && existing(c) == NULL && c->length > SIZE_MAX - page_size(), c->length &= 0xffff))
{
	return shmget(segment_key(), SIZE_MAX - 1, IPC_CREAT | IPC_EXCL | 0600) != -1;
}

VIOLATION(shmget_huge_size_enomem, "shmget.einval-size-over-max", "-", SHMGET,
    MISTAKES((is_exclusive(c) || is_private(c)) && c->length > SIZE_MAX / 2, EINVAL, ENOMEM))
{
	return segment_own(shmget(IPC_PRIVATE, SIZE_MAX, 0600)) == -1 && errno == ENOMEM;
}

/* The segment is made all the same, and the call fails. */
static void
leave_key(struct call *c)
{
	real_shmget(c->key, 1, IPC_CREAT | 0600);
	c->result = -1;
	c->error = EINVAL;
}

VIOLATION(shmget_size_zero_leaves_key, "shmget.failed-create-leaves-no-key", "-", SHMGET,
    REPLACES(is_plain_creation(c) && c->length == 0, leave_key(c)))
{
	key_t key = segment_key();

	return shmget(key, 0, IPC_CREAT | 0600) == -1 && shmget(key, 0, 0) != -1;
}

VIOLATION(shmget_huge_size_leaves_key, "shmget.failed-create-leaves-no-key", "-", SHMGET,
    REPLACES(is_exclusive(c) && existing(c) == NULL && c->length == SIZE_MAX, leave_key(c)))
{
	key_t key = segment_key();

	return shmget(key, SIZE_MAX, IPC_CREAT | IPC_EXCL | 0600) == -1 && shmget(key, 0, 0) != -1;
}

/* Whether a creation with that key has failed before. */
static bool
has_failed_before(const struct call *c)
{
	static key_t failed;

	if (is_exclusive(c) && c->length == 0)
		failed = c->key;
	return is_exclusive(c) && c->key == failed && c->length > 0 && c->length < SIZE_MAX;
}

VIOLATION(shmget_failed_creation_holds_key, "shmget.failed-create-leaves-no-key", "-", SHMGET,
    REFUSES(has_failed_before(c), EEXIST))
{
	key_t key = segment_key();

	(void)shmget(key, 0, IPC_CREAT | IPC_EXCL | 0600);
	return shmget(key, 1, IPC_CREAT | IPC_EXCL | 0600) == -1;
}

/* A larger size than the existing segment's is asked for. */
static bool
asks_for_more(const struct call *c)
{
	return existing(c) != NULL && (c->flags & IPC_EXCL) == 0 && c->length > existing(c)->size;
}

static int
ask_for(size_t size, size_t of, int flags)
{
	key_t key = segment_key();

	segment_create_with_key(key, of, 0600);
	errno = 0;
	return shmget(key, size, flags);
}

VIOLATION(shmget_larger_size_accepted, "shmget.einval-existing-smaller", "-", SHMGET,
    CHANGES(asks_for_more(c), c->length = 0))
{
	return ask_for(2, 1, 0) != -1;
}

VIOLATION(shmget_larger_size_in_last_page_accepted, "shmget.einval-existing-smaller", "-", SHMGET,
    CHANGES(asks_for_more(c) && pages_of(c->length) == pages_of(existing(c)->size), c->length = 0))
{
	return ask_for(101, 100, 0) != -1 && ask_for(page_size() + 1, 100, 0) == -1;
}

VIOLATION(shmget_larger_size_compared_as_signed, "shmget.einval-existing-smaller", "-", SHMGET,
    CHANGES(asks_for_more(c) && c->length > SIZE_MAX / 2, c->length = 0))
{
	return ask_for(SIZE_MAX, 1, 0) != -1;
}

VIOLATION(shmget_larger_size_enomem, "shmget.einval-existing-smaller", "-", SHMGET,
    MISTAKES(asks_for_more(c), EINVAL, ENOMEM))
{
	return ask_for(2, 1, 0) == -1 && errno == ENOMEM;
}

static void
remake(struct call *c)
{
	real_shmctl(existing(c)->id, IPC_RMID, NULL);
	c->flags |= IPC_CREAT;
}

VIOLATION(shmget_creat_makes_larger, "shmget.einval-existing-smaller", "-", SHMGET,
    CHANGES(asks_for_more(c) && is_creation(c) && c->length < SIZE_MAX, remake(c)))
{
	int id = ask_for(2, 1, IPC_CREAT | 0600);

	return id != -1 && segment_stat(id).shm_segsz == 2;
}

/* A smaller size than the existing segment's, not 0, is asked for. */
static bool
asks_for_less(const struct call *c)
{
	return is_lookup(c) && existing(c) != NULL && c->length > 0 && c->length < existing(c)->size;
}

VIOLATION(
    shmget_smaller_size_einval, "shmget.existing-smaller-request-ok", "-", SHMGET, REFUSES(asks_for_less(c), EINVAL))
{
	return ask_for(1, 2, 0600) == -1;
}

VIOLATION(shmget_smaller_size_remakes, "shmget.existing-smaller-request-ok", "-", SHMGET,
    CHANGES(asks_for_less(c), remake(c)))
{
	return segment_stat(ask_for(1, 2, 0600)).shm_segsz == 1;
}

VIOLATION(shmget_whole_size_einval, "shmget.existing-smaller-request-ok", "-", SHMGET,
    REFUSES(
	is_lookup(c) && existing(c) != NULL && c->length == existing(c)->size && c->length % page_size() > 1, EINVAL))
{
	return ask_for(100, 100, 0600) == -1;
}

VIOLATION(shmget_size_zero_of_existing_einval, "shmget.existing-size-zero-ok", "-", SHMGET,
    REFUSES(is_lookup(c) && existing(c) != NULL && c->length == 0, EINVAL))
{
	return ask_for(0, 1, 0600) == -1;
}

VIOLATION(shmget_size_zero_of_large_enoent, "shmget.existing-size-zero-ok", "-", SHMGET,
    REFUSES(is_lookup(c) && existing(c) != NULL && c->length == 0 && existing(c)->size > page_size() &&
	    !existing(c)->was_attached && c->flags == 0,
	ENOENT))
{
	return ask_for(0, 2 * page_size(), 0) == -1;
}

VIOLATION(shmget_rounds_size_to_page, "shmget.rounding-to-page", "-", SHMGET,
    CHANGES(is_plain_creation(c) && c->length > 0 && c->length < SIZE_MAX / 2,
	c->length = pages_of(c->length) * page_size()))
{
	return (size_t)segment_stat(shmget(segment_key(), 1, IPC_CREAT | 0600)).shm_segsz == page_size();
}

/* Of a segment that the case made by IPC_CREAT alone: the harness makes its own with IPC_EXCL. */
static bool
has_part_of_page(int id)
{
	const struct known_segment *segment = known_segment(id);

	return segment != NULL && (segment->flags & (IPC_CREAT | IPC_EXCL)) == IPC_CREAT &&
	    segment->size % page_size() != 0;
}

static void
soil_tail(const struct call *c)
{
	((char *)c->result)[pages_of(known_segment(c->id)->size) * page_size() - 1] = 's';
}

VIOLATION(shmat_tail_of_last_page_not_zero, "shmget.rounding-to-page", "-", SHMAT,
    FALSIFIES(has_part_of_page(c->id) && (c->flags & SHM_RDONLY) == 0, soil_tail(c)))
{
	char *p = segment_attach(shmget(segment_key(), 1, IPC_CREAT | 0600), NULL, 0);

	return p[page_size() - 1] == 's';
}

static void
last_page_made_private(const struct call *c)
{
	size_t before = (pages_of(known_segment(c->id)->size) - 1) * page_size();

	make_private((char *)c->result + before, page_size());
}

static bool
attaches_part_of_page(const struct call *c)
{
	return has_part_of_page(c->id) && known_segment(c->id)->size > page_size() && (c->flags & SHM_RDONLY) == 0;
}

VIOLATION(shmat_last_page_private, "shmget.min-size-usable", "-", SHMAT,
    FALSIFIES(attaches_part_of_page(c), last_page_made_private(c)))
{
	int id = shmget(segment_key(), page_size() + 1, IPC_CREAT | 0600);
	char *p = segment_attach(id, NULL, 0);
	char *q = segment_attach(id, NULL, SHM_RDONLY);

	p[page_size()] = 'p';
	return q[page_size()] == 0;
}

VIOLATION(shmat_size_rounded_down, "shmget.min-size-usable", "-", SHMAT,
    FALSIFIES(attaches_part_of_page(c) && known_segment(c->id)->size > 2 * page_size(),
	real_mprotect((char *)c->result + known_segment(c->id)->size / page_size() * page_size(), page_size(), 0)))
{
	char *p = segment_attach(shmget(segment_key(), 3 * page_size() - 1, IPC_CREAT | 0600), NULL, 0);

	return fault_of_store(&p[2 * page_size()], 'p').signal == SIGSEGV;
}

VIOLATION(shmat_part_of_page_read_only_copy, "shmget.min-size-usable", "-", SHMAT,
    FALSIFIES(has_part_of_page(c->id) && known_segment(c->id)->size < page_size() && (c->flags & SHM_RDONLY) != 0,
	make_private((void *)c->result, page_size())))
{
	int id = shmget(segment_key(), 1, IPC_CREAT | 0600);
	char *p = segment_attach(id, NULL, 0);
	char *q = segment_attach(id, NULL, SHM_RDONLY);

	*p = 'p';
	return *q == 0;
}

static bool
is_noreserve(int id)
{
	return SHM_NORESERVE != 0 && known_segment(id) != NULL && (known_segment(id)->flags & SHM_NORESERVE) != 0;
}

static int
create_noreserve(void)
{
	return shmget(segment_key(), 1, IPC_CREAT | IPC_EXCL | SHM_NORESERVE | 0600);
}

VIOLATION(
    shmget_noreserve_einval, "shmget.flag-noreserve", "-", SHMGET, REFUSES((c->flags & SHM_NORESERVE) != 0, EINVAL))
{
	return create_noreserve() == -1;
}

VIOLATION(shmget_noreserve_read_only, "shmget.flag-noreserve", "-", SHMGET,
    CHANGES((c->flags & SHM_NORESERVE) != 0, c->flags &= ~0222))
{
	return (segment_stat(create_noreserve()).shm_perm.mode & 0777) == 0400;
}

VIOLATION(shmdt_noreserve_loses_contents, "shmget.flag-noreserve", "-", SHMAT,
    FALSIFIES(is_noreserve(c->id) && known_segment(c->id)->was_attached, memset((void *)c->result, 0, page_size())))
{
	int id = create_noreserve();
	char *p = segment_attach(id, NULL, 0);

	*p = 'p';
	segment_detach(p);
	return *(char *)segment_attach(id, NULL, 0) == 0;
}
