/* SPDX-License-Identifier: BSD-2-Clause */

/* Places, lengths and offsets of huge pages. The direct checks see nothing where there are none. */

#ifdef __linux__

#include "huge.h"

/* Ordinary pages with room behind them, in the place of huge pages. */
static char *
small_pages(const struct call *c)
{
	return real_mmap(NULL, whole_huge_pages(c->length) + huge_size(), c->protection, PRIVATE_ANONYMOUS, -1, 0);
}

static void
map_beside_multiple(struct call *c)
{
	char *p = small_pages(c);

	c->result = (intptr_t)(over_huge(p) == 0 ? p + page_size() : p);
}

VIOLATION(mmap_huge_not_aligned, "mmap_huge.zero-and-kept", "-", MMAP,
    REPLACES(asks_huge(c) && !is_fixed(c) && !is_of_file(c), map_beside_multiple(c)))
{
	char *p = huge_pages(1);

	return p != NULL && over_huge(p) != 0;
}

VIOLATION(mmap_huge_not_zero, "mmap_huge.zero-and-kept", "-", MMAP,
    FALSIFIES(
	asks_huge(c) && !asks_shared_file(c) && !is_fixed(c) && (c->protection & PROT_WRITE) != 0, *start_of(c) = 'x'))
{
	char *p = huge_pages(1);

	return p != NULL && *p == 'x';
}

VIOLATION(mmap_huge_second_page_is_first, "mmap_huge.zero-and-kept", "-", MMAP,
    FALSIFIES(asks_huge(c) && asks_shared_file(c) && c->length > huge_size(),
	put_file(start_of(c) + huge_size(), huge_size(), c->protection, MAP_SHARED, c->fd, c->offset)))
{
	char *p = huge_memory(huge_memfd_memory, 2).start;

	if (p == NULL)
		return false;
	*p = 'x';
	return p[huge_size()] == 'x';
}

static char *
map_inside_page(void)
{
	return has_huge_pages(1) ? map_huge(free_huge_range(2 * huge_size()), 1, MAP_SHARED, -1, 0) : NULL;
}

VIOLATION(mmap_huge_fixed_is_read_only, "mmap_huge.length-rounded-up", "-", MMAP,
    CHANGES(asks_huge(c) && is_fixed(c), c->protection = PROT_READ))
{
	char *p = map_inside_page();

	return p != NULL && fault_of_store(p, 's').signal != 0;
}

VIOLATION(mmap_huge_ignores_fixed, "mmap_huge.length-rounded-up", "-", MMAP,
    CHANGES(asks_huge(c) && is_fixed(c), (c->flags &= ~MAP_FIXED, c->address = NULL)))
{
	char *wanted = free_huge_range(4 * huge_size()) + huge_size();

	return has_huge_pages(1) && map_huge(wanted, 1, MAP_SHARED, -1, 0) != wanted;
}

VIOLATION(mmap_huge_maps_page_behind, "mmap_huge.length-rounded-up", "-", MMAP,
    FALSIFIES(asks_huge(c) && c->length % huge_size() != 0,
	put_zeros(start_of(c) + whole_huge_pages(c->length), page_size(), READ_WRITE, MAP_PRIVATE)))
{
	char *p = map_inside_page();

	return p != NULL && !load_is_refused(p + huge_size());
}

static void
cut_off_rest(const struct call *c)
{
	const size_t whole = whole_pages(c->length);

	real_mmap(start_of(c), huge_size(), PROT_NONE, PRIVATE_ANONYMOUS | MAP_FIXED, -1, 0);
	real_mmap(start_of(c), whole, READ_WRITE, PRIVATE_ANONYMOUS | MAP_FIXED, -1, 0);
}

VIOLATION(mmap_huge_maps_length_alone, "mmap_huge.length-rounded-up", "-", MMAP,
    FALSIFIES(asks_huge(c) && c->length < huge_size(), cut_off_rest(c)))
{
	char *p = map_inside_page();

	return p != NULL && load_is_refused(p + huge_size() - page_size());
}

static int
two_huge_pages(void)
{
	return has_huge_pages(2) ? huge_memfd(2 * huge_size()) : -1;
}

VIOLATION(mmap_huge_ignores_offset, "mmap_huge.offset-multiple", "-", MMAP,
    CHANGES(asks_huge(c) && is_of_file(c) && c->offset % (off_t)huge_size() == 0, c->offset = 0))
{
	int fd = two_huge_pages();

	if (fd == -1)
		return false;
	*map_huge(NULL, huge_size(), MAP_SHARED, fd, 0) = 'x';
	return *map_huge(NULL, huge_size(), MAP_SHARED, fd, (off_t)huge_size()) == 'x';
}

VIOLATION(mmap_huge_rounds_offset, "mmap_huge.offset-multiple", "-", MMAP,
    CHANGES(asks_huge(c) && is_of_file(c), c->offset -= c->offset % (off_t)huge_size()))
{
	int fd = two_huge_pages();

	return fd != -1 && mmap(NULL, huge_size(), PROT_READ, MAP_SHARED, fd, (off_t)page_size()) != MAP_FAILED;
}

VIOLATION(mmap_huge_rounds_fixed_address, "mmap_huge.fixed-multiple", "-", MMAP,
    CHANGES(asks_huge(c) && is_fixed(c), c->address = (char *)c->address - over_huge(c->address)))
{
	const int flags = MAP_FIXED | MAP_PRIVATE | MAP_ANON | MAP_HUGETLB;

	return has_huge_pages(1) &&
	    mmap(free_huge_range(huge_size()) + page_size(), huge_size(), PROT_READ, flags, -1, 0) != MAP_FAILED;
}

static char *
map_by_hint(void)
{
	char *hint = free_huge_range(2 * huge_size()) + page_size();

	if (!has_huge_pages(1))
		return NULL;
	return mmap(hint, huge_size(), READ_WRITE, PRIVATE_ANONYMOUS | MAP_HUGETLB, -1, 0);
}

VIOLATION(mmap_huge_takes_hint, "mmap_huge.hint", "-", MMAP,
    REPLACES(asks_huge(c) && !is_fixed(c) && over_huge(c->address) != 0,
	c->result = (intptr_t)real_mmap(c->address, c->length, c->protection, PRIVATE_ANONYMOUS | MAP_FIXED, -1, 0)))
{
	return over_huge(map_by_hint()) != 0;
}

VIOLATION(mmap_huge_by_hint_is_read_only, "mmap_huge.hint", "-", MMAP,
    CHANGES(asks_huge(c) && !is_fixed(c) && c->address != NULL, c->protection = PROT_READ))
{
	char *p = map_by_hint();

	return p != NULL && fault_of_store(p, 's').signal != 0;
}

static void *
map_above_all(char *start)
{
	const int flags = MAP_FIXED | MAP_PRIVATE | MAP_ANON | MAP_HUGETLB;

	return mmap(start, UINTPTR_MAX - huge_size() + 1 - (uintptr_t)start, PROT_READ, flags, -1, 0);
}

VIOLATION(mmap_huge_outside_space_einval, "mmap_huge.fixed-outside-space", "-", MMAP,
    MISTAKES(asks_huge(c) && is_fixed(c), ENOMEM, EINVAL))
{
	return huge_page_size() != 0 && map_above_all(free_huge_range(huge_size())) == MAP_FAILED && errno == EINVAL;
}

/* It reaches round the end of the addresses, or to the last of them. */
static bool
is_across_end(const struct call *c)
{
	return asks_huge(c) && is_fixed(c) && c->length > SIZE_MAX / 4;
}

static void
map_start_and_fail(struct call *c)
{
	put_zeros(c->address, page_size(), READ_WRITE, MAP_PRIVATE);
	call_fail(c, ENOMEM);
}

VIOLATION(mmap_huge_across_end_maps_start, "mmap_huge.fixed-outside-space", "-", MMAP,
    REPLACES(is_across_end(c), map_start_and_fail(c)))
{
	char *p = free_huge_range(huge_size());

	return huge_page_size() != 0 && map_above_all(p) == MAP_FAILED && !load_is_refused(p);
}

VIOLATION(munmap_of_part_of_huge_page_ignored, "mmap_huge.unmap-part-einval", "-", MUNMAP,
    ACCEPTS(is_for_part_of_huge(c), EINVAL, 0))
{
	char *p = huge_pages(1);

	return p != NULL && munmap(p, page_size()) == 0;
}

static void
unmap_all_and_fail(struct call *c)
{
	const struct known_range *range = known_range_at(c->address);

	real_munmap(range->start, range->length);
	call_fail(c, EINVAL);
}

VIOLATION(munmap_of_part_of_huge_page_takes_all, "mmap_huge.unmap-part-einval", "-", MUNMAP,
    REPLACES(is_for_part_of_huge(c), unmap_all_and_fail(c)))
{
	char *p = huge_pages(1);

	return p != NULL && munmap(p, page_size()) == -1 && load_is_refused(p);
}

VIOLATION(munmap_of_huge_pages_einval, "mmap_huge.unmap-pages", "-", MUNMAP, REFUSES(is_for_whole_huge(c), EINVAL))
{
	char *p = huge_pages(1);

	return p != NULL && munmap(p, huge_size()) == -1;
}

VIOLATION(munmap_of_huge_pages_ignored, "mmap_huge.unmap-pages", "-", MUNMAP, SKIPS(is_for_whole_huge(c)))
{
	char *p = huge_pages(1);

	return p != NULL && munmap(p, huge_size()) == 0 && !load_is_refused(p);
}

static void
unmap_all_of_it(struct call *c)
{
	const struct known_range *range = known_range_at(c->address);

	c->result = real_munmap(range->start, range->length);
}

VIOLATION(munmap_of_huge_page_takes_all, "mmap_huge.unmap-pages", "-", MUNMAP,
    REPLACES(is_for_whole_huge(c), unmap_all_of_it(c)))
{
	char *p = huge_pages(2);

	return p != NULL && munmap(p, huge_size()) == 0 && load_is_refused(p + huge_size());
}

static int
flags_with_default_size(void)
{
	int logarithm = 0;

	while ((size_t)1 << logarithm < huge_size())
		logarithm++;
	return MAP_HUGETLB | logarithm << 26;
}

VIOLATION(mmap_huge_with_size_einval, "mmap_huge.size-in-flags", "-", MMAP,
    REFUSES((c->flags & MAP_HUGETLB) != 0 && c->flags >> 26 != 0, EINVAL))
{
	return has_huge_pages(1) &&
	    mmap(NULL, huge_size(), READ_WRITE, PRIVATE_ANONYMOUS | flags_with_default_size(), -1, 0) == MAP_FAILED;
}

static void *
map_more_than_there_can_be(void)
{
	return mmap(NULL, huge_pages_above_memory(), READ_WRITE, PRIVATE_ANONYMOUS | MAP_HUGETLB, -1, 0);
}

VIOLATION(mmap_huge_too_many_enospc, "mmap_huge.more-than-there-can-be", "-", MMAP,
    MISTAKES(asks_huge(c) && !is_fixed(c), ENOMEM, ENOSPC))
{
	return has_huge_pages(1) && map_more_than_there_can_be() == MAP_FAILED && errno == ENOSPC;
}

static void
fail_and_spoil(struct call *c)
{
	real_call(c);
	if (c->error == ENOMEM)
		for_known_ranges(is_huge_range, spoil_range);
}

VIOLATION(mmap_huge_too_many_spoils_others, "mmap_huge.more-than-there-can-be", "-", MMAP,
    REPLACES(asks_huge(c), fail_and_spoil(c)))
{
	char *p = huge_pages(1);

	return p != NULL && map_more_than_there_can_be() == MAP_FAILED && *p == SPOILED;
}

#endif
