/* SPDX-License-Identifier: BSD-2-Clause */

/* Attachments that move, grow and are duplicated. */

#ifdef __linux__

#include "mremap.h"
#include "platform/mman.h"

static bool
is_attachment(const struct known_range *range)
{
	return range != NULL && range->id != -1;
}

static bool
duplicates(const struct call *c)
{
	return c->length == 0 && is_attachment(range_of(c)) && c->new_length > 0 && c->new_length < huge;
}

static bool
has_unknown_flag(const struct call *c)
{
	return (c->flags & ~(TO_ADDRESS | MREMAP_DONTUNMAP)) != 0;
}

static bool
leaves_old(const struct call *c)
{
	return is_attachment(range_of(c)) && c->flags == (MREMAP_MAYMOVE | MREMAP_DONTUNMAP);
}

static void
raise_count(const struct call *c)
{
	real_shmat(range_of(c)->id, NULL, 0);
}

/* For direct checks: an attachment of two pages and what mremap() makes of it. */
struct moved_attachment {
	int id;
	char *at;
	char *now;
};

static struct moved_attachment
moved_attachment(size_t old_pages, int flags)
{
	struct moved_attachment m = { .id = segment_create(2 * page_size()) };
	char *to = free_range(2 * page_size());

	m.at = segment_attach(m.id, NULL, 0);
	m.at[0] = 's';
	m.now = mremap(m.at, old_pages * page_size(), 2 * page_size(), flags, to);
	return m;
}

VIOLATION(mremap_of_attachment_einval, "mremap.attachment-moves", "-", MREMAP,
    REFUSES(moves(c) && is_attachment(range_of(c)), EINVAL))
{
	return moved_attachment(2, TO_ADDRESS).now == MAP_FAILED;
}

VIOLATION(mremap_of_attachment_counts_twice, "mremap.attachment-moves", "-", MREMAP,
    FALSIFIES(moves(c) && is_attachment(range_of(c)), raise_count(c)))
{
	return segment_stat(moved_attachment(2, TO_ADDRESS).id).shm_nattch == 2;
}

VIOLATION(mremap_of_attachment_detaches, "mremap.attachment-moves", "-", MREMAP,
    FALSIFIES(moves(c) && is_attachment(range_of(c)), put_zeros(result_of(c), c->new_length, READ_WRITE, MAP_PRIVATE)))
{
	return segment_stat(moved_attachment(2, TO_ADDRESS).id).shm_nattch == 0;
}

VIOLATION(mremap_duplicate_of_attachment_is_a_copy, "mremap.attachment-duplicated", "-", MREMAP,
    FALSIFIES(duplicates(c) && c->new_length <= range_of(c)->length, make_private(result_of(c), c->new_length)))
{
	return segment_stat(moved_attachment(0, TO_ADDRESS).id).shm_nattch == 1;
}

VIOLATION(mremap_refused_counts_attachment, "mremap.attachment-refused", "-", MREMAP,
    REPLACES(is_attachment(range_of(c)) && has_unknown_flag(c), (raise_count(c), call_fail(c, EINVAL))))
{
	return segment_stat(moved_attachment(2, TO_ADDRESS | 1 << 24).id).shm_nattch == 2;
}

VIOLATION(mremap_refused_maps_target, "mremap.attachment-refused", "-", MREMAP,
    REPLACES(is_attachment(range_of(c)) && has_unknown_flag(c),
	(put_zeros(c->new_address, page_size(), READ_WRITE, MAP_PRIVATE), call_fail(c, EINVAL))))
{
	struct moved_attachment m = { .id = segment_create(page_size()) };
	char *to = free_range(page_size());

	m.at = segment_attach(m.id, NULL, 0);
	mremap(m.at, page_size(), page_size(), TO_ADDRESS | 1 << 24, to);
	return !load_is_refused(to);
}

VIOLATION(mremap_refused_clears_attachment, "mremap.attachment-refused", "-", MREMAP,
    REPLACES(is_attachment(range_of(c)) && has_unknown_flag(c), (memset(c->address, 0, 1), call_fail(c, EINVAL))))
{
	return *moved_attachment(2, TO_ADDRESS | 1 << 24).at == 0;
}

VIOLATION(mremap_to_kernel_accepted, "mremap.attachment-refused", "-", MREMAP,
    ACCEPTS(c->flags == TO_ADDRESS && (uintptr_t)c->new_address > UINTPTR_MAX / 2, EINVAL, c->address))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	return mremap(p, page_size(), page_size(), TO_ADDRESS, address_of_kernel()) != MAP_FAILED;
}

VIOLATION(mremap_dontunmap_of_attachment_enosys, "mremap.dontunmap-of-attachment", "-", MREMAP,
    REFUSES(leaves_old(c), ENOSYS))
{
	return moved_attachment(2, MREMAP_MAYMOVE | MREMAP_DONTUNMAP).now == MAP_FAILED;
}

VIOLATION(mremap_dontunmap_of_attachment_copies, "mremap.dontunmap-of-attachment", "-", MREMAP,
    FALSIFIES(leaves_old(c), make_private(result_of(c), c->new_length)))
{
	return segment_stat(moved_attachment(2, MREMAP_MAYMOVE | MREMAP_DONTUNMAP).id).shm_nattch == 1;
}

VIOLATION(mremap_dontunmap_of_attachment_clears, "mremap.dontunmap-of-attachment", "-", MREMAP,
    FALSIFIES(leaves_old(c), memset(c->address, 0, c->length)))
{
	return *moved_attachment(2, MREMAP_MAYMOVE | MREMAP_DONTUNMAP).now == 0;
}

VIOLATION(mremap_dontunmap_of_attachment_counts_thrice, "mremap.dontunmap-of-attachment", "-", MREMAP,
    FALSIFIES(leaves_old(c), raise_count(c)))
{
	return segment_stat(moved_attachment(2, MREMAP_MAYMOVE | MREMAP_DONTUNMAP).id).shm_nattch == 3;
}

/* Locks. */

static bool
moves_locked(const struct call *c)
{
	return moves(c) && range_of(c)->locks > 0;
}

static char *
moved_locked(void)
{
	char *p = map_shared(nameless_file(page_size()), page_size());

	mlock(p, page_size());
	return mremap(p, page_size(), page_size(), TO_ADDRESS, free_range(page_size()));
}

VIOLATION(mremap_of_locked_unlocks, "mremap.keeps-lock", "-", MREMAP,
    FALSIFIES(moves_locked(c), real_munlock(result_of(c), c->new_length)))
{
	return !range_is_locked(moved_locked(), page_size());
}

VIOLATION(mremap_of_locked_clears, "mremap.keeps-lock", "-", MREMAP,
    FALSIFIES(moves_locked(c), memset(result_of(c), 0, c->new_length)))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	*p = 'm';
	mlock(p, page_size());
	return *(char *)mremap(p, page_size(), page_size(), TO_ADDRESS, free_range(page_size())) == 0;
}

static bool
is_locked_duplicate(const struct call *c)
{
	return c->length == 0 && range_of(c) != NULL && range_of(c)->locks > 0;
}

VIOLATION(mremap_duplicate_takes_lock, "mremap.duplicate-keeps-lock", "-", MREMAP,
    FALSIFIES(is_locked_duplicate(c), real_munlock(c->address, c->new_length)))
{
	char *p = map_shared(nameless_file(page_size()), page_size());

	mlock(p, page_size());
	mremap(p, 0, page_size(), MREMAP_MAYMOVE);
	return !range_is_locked(p, page_size());
}

/* The page behind the address is not locked, or not what it was, when the other has moved away. */
static bool
leaves_locked(const struct call *c)
{
	return c->flags == (MREMAP_MAYMOVE | MREMAP_DONTUNMAP) && range_of(c) != NULL && range_of(c)->locks > 0 &&
	    is_part(c);
}

/* Two locked pages, and the first after the second has moved. */
static char *
left_locked(void)
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);

	mlock(p, 2 * page_size());
	*p = p[page_size()] = 'l';
	mremap(p + page_size(), page_size(), page_size(), MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL);
	return p;
}

VIOLATION(mremap_dontunmap_of_locked_clears, "mremap.dontunmap-of-locked", "-", MREMAP,
    FALSIFIES(leaves_locked(c), memset((char *)c->address - page_size(), 0, page_size())))
{
	return *left_locked() == 0;
}

VIOLATION(mremap_dontunmap_of_locked_moves_zeros, "mremap.dontunmap-of-locked", "-", MREMAP,
    REPLACES(leaves_locked(c), (memset(c->address, 0, page_size()), call_fail(c, EINVAL))))
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);
	char *at = p + page_size();

	mlock(p, 2 * page_size());
	*at = 'l';
	return mremap(at, page_size(), page_size(), MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL) == MAP_FAILED && *at == 0;
}

VIOLATION(mremap_dontunmap_of_locked_unlocks_all, "mremap.dontunmap-of-locked", "-", MREMAP,
    REPLACES(leaves_locked(c), (real_munlock(range_of(c)->start, range_of(c)->length), call_fail(c, EINVAL))))
{
	long before = locked_bytes();

	left_locked();
	return locked_bytes() == before;
}

#endif
