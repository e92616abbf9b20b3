/* SPDX-License-Identifier: BSD-2-Clause */

/* mprotect(), madvise() and mremap() of huge pages. The direct checks see nothing where there are none. */

#ifdef __linux__

#include "huge.h"

/* Whether it succeeds. */
static bool
protect_huge_page(char *p, int protection)
{
	return p != NULL && mprotect(p, huge_size(), protection) == 0;
}

VIOLATION(
    mprotect_of_huge_page_einval, "mmap_huge_calls.protect-pages", "-", MPROTECT, REFUSES(is_for_whole_huge(c), EINVAL))
{
	char *p = huge_pages(1);

	return p != NULL && !protect_huge_page(p, PROT_READ);
}

VIOLATION(mprotect_of_huge_page_ignored, "mmap_huge_calls.protect-pages", "-", MPROTECT, SKIPS(is_for_whole_huge(c)))
{
	char *p = huge_pages(1);

	return protect_huge_page(p, PROT_READ) && fault_of_store(p, 's').signal == 0;
}

VIOLATION(mprotect_of_huge_page_spoils_it, "mmap_huge_calls.protect-pages", "-", MPROTECT,
    CHANGES(is_for_whole_huge(c), spoil_byte(c->address)))
{
	char *p = huge_pages(1);

	return protect_huge_page(p, PROT_READ) && *p == SPOILED;
}

static bool
takes_access(const struct call *c)
{
	return is_for_whole_huge(c) && (c->protection & PROT_WRITE) == 0;
}

static void
protect_all_of_it(struct call *c)
{
	const struct known_range *range = known_range_at(c->address);

	c->address = range->start;
	c->length = range->length;
}

/* What the process knows by now is a range of its own. */
static void
protect_neighbours_too(struct call *c)
{
	const struct known_range *before = known_range_at((char *)c->address - 1);
	const struct known_range *behind = known_range_at((char *)c->address + c->length);

	if (is_huge_range(behind))
		c->length += huge_size();
	if (is_huge_range(before)) {
		c->address = (char *)c->address - huge_size();
		c->length += huge_size();
	}
}

VIOLATION(mprotect_of_huge_page_takes_neighbours, "mmap_huge_calls.protect-pages", "-", MPROTECT,
    CHANGES(takes_access(c), protect_neighbours_too(c)))
{
	char *p = huge_pages(2);

	return protect_huge_page(p, PROT_READ) && fault_of_store(p + huge_size(), 's').signal != 0;
}

VIOLATION(mprotect_of_huge_page_gives_nothing_back, "mmap_huge_calls.protect-pages", "-", MPROTECT,
    SKIPS(is_for_whole_huge(c) && (c->protection & PROT_WRITE) != 0))
{
	char *p = huge_pages(1);

	return protect_huge_page(p, PROT_READ) && protect_huge_page(p, PROT_READ | PROT_WRITE) &&
	    fault_of_store(p, 's').signal != 0;
}

VIOLATION(mprotect_of_part_of_huge_page_enomem, "mmap_huge_calls.protect-part", "-", MPROTECT,
    MISTAKES(is_for_part_of_huge(c), EINVAL, ENOMEM))
{
	char *p = huge_pages(1);

	return p != NULL && mprotect(p, page_size(), PROT_READ) == -1 && errno == ENOMEM;
}

VIOLATION(mprotect_of_part_of_huge_page_takes_all, "mmap_huge_calls.protect-part", "-", MPROTECT,
    CHANGES(is_for_part_of_huge(c), protect_all_of_it(c)))
{
	char *p = huge_pages(1);

	return p != NULL && mprotect(p, page_size(), PROT_READ) == 0 && fault_of_store(p, 's').signal != 0;
}

static bool
drops(const struct call *c)
{
	return c->command == MADV_DONTNEED && is_for_whole_huge(c);
}

static bool
drops_part(const struct call *c)
{
	return c->command == MADV_DONTNEED && is_for_part_of_huge(c);
}

static char *
full_private_page(void)
{
	char *p = huge_memory(private_huge_anonymous_memory, 2).start;

	if (p != NULL)
		memset(p, 'o', 2 * huge_size());
	return p;
}

VIOLATION(
    madvise_dontneed_of_huge_page_einval, "mmap_huge_calls.dontneed-private", "-", MADVISE, REFUSES(drops(c), EINVAL))
{
	char *p = full_private_page();

	return p != NULL && madvise(p, huge_size(), MADV_DONTNEED) == -1;
}

VIOLATION(madvise_dontneed_of_huge_page_ignored, "mmap_huge_calls.dontneed-private", "-", MADVISE, SKIPS(drops(c)))
{
	char *p = full_private_page();

	return p != NULL && madvise(p, huge_size(), MADV_DONTNEED) == 0 && *p == 'o';
}

VIOLATION(madvise_dontneed_of_huge_page_drops_all, "mmap_huge_calls.dontneed-private", "-", MADVISE,
    CHANGES(drops(c), protect_all_of_it(c)))
{
	char *p = full_private_page();

	return p != NULL && madvise(p, huge_size(), MADV_DONTNEED) == 0 && p[huge_size()] == 0;
}

VIOLATION(madvise_dontneed_of_shared_huge_page_drops_it, "mmap_huge_calls.dontneed-shared", "-", MADVISE,
    CHANGES(drops(c) && (known_range_at(c->address)->flags & MAP_SHARED) != 0, c->command = MADV_REMOVE))
{
	char *p = huge_pages(1);

	if (p == NULL)
		return false;
	*p = 'o';
	return madvise(p, huge_size(), MADV_DONTNEED) == 0 && *p == 0;
}

VIOLATION(madvise_dontneed_inside_huge_page_ignored, "mmap_huge_calls.dontneed-inside", "-", MADVISE,
    ACCEPTS(drops_part(c), EINVAL, 0))
{
	char *p = full_private_page();

	return p != NULL && madvise(p + page_size(), page_size(), MADV_DONTNEED) == 0;
}

static void
spoil_and_fail(struct call *c)
{
	spoil_range(known_range_at(c->address));
	call_fail(c, EINVAL);
}

VIOLATION(madvise_dontneed_inside_huge_page_spoils_it, "mmap_huge_calls.dontneed-inside", "-", MADVISE,
    REPLACES(drops_part(c), spoil_and_fail(c)))
{
	char *p = full_private_page();

	return p != NULL && madvise(p + page_size(), page_size(), MADV_DONTNEED) == -1 && *p == SPOILED;
}

VIOLATION(madvise_dontneed_of_part_spoils_huge_page, "mmap_huge_calls.dontneed-part", "-", MADVISE,
    REPLACES(drops_part(c), spoil_and_fail(c)))
{
	char *p = full_private_page();

	return p != NULL && madvise(p, page_size(), MADV_DONTNEED) == -1 && *p == SPOILED;
}

VIOLATION(madvise_dontneed_of_part_divides_huge_page, "mmap_huge_calls.dontneed-part", "-", MADVISE,
    REPLACES(drops_part(c), (memset(c->address, 0, c->length), c->result = 0)))
{
	char *p = full_private_page();

	return p != NULL && madvise(p, page_size(), MADV_DONTNEED) == 0 && p[0] == 0 && p[page_size()] == 'o';
}

static bool
removes(const struct call *c)
{
	return c->command == MADV_REMOVE && is_for_whole_huge(c);
}

static char *
full_shared_page(void)
{
	char *p = huge_pages(2);

	if (p != NULL)
		memset(p, 'o', 2 * huge_size());
	return p;
}

VIOLATION(madvise_remove_of_huge_page_einval, "mmap_huge_calls.remove", "-", MADVISE, REFUSES(removes(c), EINVAL))
{
	char *p = full_shared_page();

	return p != NULL && madvise(p, huge_size(), MADV_REMOVE) == -1;
}

VIOLATION(madvise_remove_of_huge_page_ignored, "mmap_huge_calls.remove", "-", MADVISE, SKIPS(removes(c)))
{
	char *p = full_shared_page();

	return p != NULL && madvise(p, huge_size(), MADV_REMOVE) == 0 && *p == 'o';
}

VIOLATION(madvise_remove_of_huge_page_removes_all, "mmap_huge_calls.remove", "-", MADVISE,
    CHANGES(removes(c), protect_all_of_it(c)))
{
	char *p = full_shared_page();

	return p != NULL && madvise(p, huge_size(), MADV_REMOVE) == 0 && p[huge_size()] == 0;
}

static bool
shrinks(const struct call *c)
{
	return is_for_huge(c) && c->new_length < c->length;
}

static bool
moves(const struct call *c)
{
	return is_for_huge(c) && (c->flags & MREMAP_FIXED) != 0;
}

static void *
shrink(char *p)
{
	return p == NULL ? NULL : mremap(p, 2 * huge_size(), huge_size(), 0);
}

static void *
move(char *p, char **to)
{
	const size_t size = 2 * huge_size();

	*to = free_huge_range(size);
	return p == NULL ? NULL : mremap(p, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, *to);
}

VIOLATION(mremap_shrink_of_huge_pages_enomem, "mmap_huge_calls.remap-shrinks", "-", MREMAP, REFUSES(shrinks(c), ENOMEM))
{
	return shrink(huge_pages(2)) == MAP_FAILED;
}

VIOLATION(mremap_shrink_of_huge_pages_spoils_them, "mmap_huge_calls.remap-shrinks", "-", MREMAP,
    REPLACES(shrinks(c), spoil_and_fail(c)))
{
	char *p = huge_pages(2);

	return shrink(p) == MAP_FAILED && *p == SPOILED;
}

VIOLATION(mremap_shrink_of_huge_pages_moves_them, "mmap_huge_calls.remap-shrinks", "-", MREMAP,
    FALSIFIES(shrinks(c), c->result += (intptr_t)huge_size()))
{
	char *p = huge_pages(2);

	return p != NULL && shrink(p) == p + huge_size();
}

VIOLATION(mremap_shrink_of_huge_pages_loses_content, "mmap_huge_calls.remap-shrinks", "-", MREMAP,
    FALSIFIES(shrinks(c), spoil_byte((char *)c->result)))
{
	char *p = huge_pages(2);

	return p != NULL && shrink(p) == p && *p == SPOILED;
}

static void
stay(struct call *c)
{
	c->result = (intptr_t)c->address;
}

VIOLATION(
    mremap_shrink_of_huge_pages_ignored, "mmap_huge_calls.remap-shrinks", "-", MREMAP, REPLACES(shrinks(c), stay(c)))
{
	char *p = huge_pages(2);

	return p != NULL && shrink(p) == p && !load_is_refused(p + huge_size());
}

VIOLATION(mremap_move_of_huge_pages_enomem, "mmap_huge_calls.remap-moves", "-", MREMAP, REFUSES(moves(c), ENOMEM))
{
	char *to;

	return move(huge_pages(2), &to) == MAP_FAILED;
}

VIOLATION(mremap_move_of_huge_pages_spoils_them, "mmap_huge_calls.remap-moves", "-", MREMAP,
    REPLACES(moves(c), spoil_and_fail(c)))
{
	char *p = huge_pages(2);
	char *to;

	return move(p, &to) == MAP_FAILED && *p == SPOILED;
}

static void
map_place_and_fail(struct call *c)
{
	put_zeros(c->new_address, page_size(), READ_WRITE, MAP_PRIVATE);
	call_fail(c, EINVAL);
}

VIOLATION(mremap_move_of_huge_pages_maps_place, "mmap_huge_calls.remap-moves", "-", MREMAP,
    REPLACES(moves(c), map_place_and_fail(c)))
{
	char *p = huge_pages(2);
	char *to;

	return move(p, &to) == MAP_FAILED && !load_is_refused(to);
}

VIOLATION(mremap_move_of_huge_pages_ignored, "mmap_huge_calls.remap-moves", "-", MREMAP, REPLACES(moves(c), stay(c)))
{
	char *p = huge_pages(2);
	char *to;

	return p != NULL && move(p, &to) == p;
}

VIOLATION(mremap_move_of_huge_pages_leaves_place, "mmap_huge_calls.remap-moves", "-", MREMAP,
    FALSIFIES(moves(c), put_zeros(c->address, page_size(), READ_WRITE, MAP_PRIVATE)))
{
	char *p = huge_pages(2);
	char *to;

	return p != NULL && move(p, &to) != p && !load_is_refused(p);
}

#endif
