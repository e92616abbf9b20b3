/* SPDX-License-Identifier: BSD-2-Clause */

/* Mappings of each kind, and parts of them, that move, and get smaller or larger thereby. */

#ifdef __linux__

#include "mremap.h"

/* What moves. */

VIOLATION(mremap_moved_is_no_longer_shared, "mremap.fixed", "-", MREMAP,
    FALSIFIES(moves(c) && is_shared(range_of(c)), make_private(result_of(c), c->new_length)))
{
	return byte_after_child(moved(five_pages(-1, MAP_SHARED), 0, 5, 5).now) != 'c';
}

/* The pages of a private mapping become those of the file. */
static void
share_pages(const struct call *c)
{
	const struct known_range *range = range_of(c);
	off_t at = offset_of(range, c->address);

	real_pwrite(range->fd, result_of(c), c->new_length, at);
	put_file(result_of(c), c->new_length, READ_WRITE, MAP_SHARED, range->fd, at);
}

VIOLATION(mremap_moved_private_is_shared, "mremap.fixed", "-", MREMAP,
    FALSIFIES(moves(c) && is_private_file(range_of(c)), share_pages(c)))
{
	int fd = nameless_file(page_size());
	char *p = map_private(fd, page_size());

	*p = 'p';
	mremap(p, page_size(), page_size(), TO_ADDRESS, free_range(page_size()));
	return *content_of(fd, 1) == 'p';
}

VIOLATION(mremap_moved_can_be_accessed, "mremap.fixed", "-", MREMAP,
    FALSIFIES(moves(c) && range_of(c)->protection == PROT_NONE, real_mprotect(result_of(c), c->new_length, PROT_READ)))
{
	struct pages p = five_pages(-1, MAP_PRIVATE);

	mprotect(p.at, page_size(), PROT_NONE);
	return !load_is_refused(moved(p, 0, 1, 1).now);
}

VIOLATION(mremap_moved_with_page_behind, "mremap.fixed", "-", MREMAP,
    FALSIFIES(moves(c) && c->length == c->new_length,
	put_zeros(result_of(c) + whole_pages(c->length), page_size(), READ_WRITE, MAP_PRIVATE)))
{
	return !load_is_refused(moved_object(0, 2, 2).now + 2 * page_size());
}

VIOLATION(mremap_moved_stays_too, "mremap.fixed", "-", MREMAP,
    FALSIFIES(moves(c), put_zeros(c->address, c->length, PROT_READ, MAP_PRIVATE)))
{
	return !load_is_refused(moved_object(0, 2, 2).at);
}

VIOLATION(mremap_moved_is_new, "mremap.fixed", "-", MREMAP,
    FALSIFIES(moves(c), put_zeros(result_of(c), c->new_length, range_of(c)->protection, MAP_SHARED)))
{
	return *moved_object(0, 2, 2).now == 0;
}

VIOLATION(mremap_moved_clears_what_it_shows, "mremap.fixed", "-", MREMAP,
    FALSIFIES(moves(c) && is_shared(range_of(c)), clear_what_it_shows(range_of(c))))
{
	return *moved_object(0, 2, 2).now == 0;
}

/* A part that moves. */

VIOLATION(mremap_of_part_einval, "mremap.fixed-of-part", "-", MREMAP, REFUSES(is_moved_part(c), EINVAL))
{
	return moved_object(1, 2, 2).now == MAP_FAILED;
}

VIOLATION(mremap_of_part_takes_page_behind, "mremap.fixed-of-part", "-", MREMAP,
    FALSIFIES(is_moved_part(c), real_munmap(page_of(c, pages_of(c)), page_size())))
{
	return load_is_refused(moved_object(1, 2, 2).at + 3 * page_size());
}

VIOLATION(mremap_of_part_takes_page_before, "mremap.fixed-of-part", "-", MREMAP,
    FALSIFIES(is_moved_part(c), real_munmap(page_of(c, 0) - page_size(), page_size())))
{
	return load_is_refused(moved_object(1, 2, 2).at);
}

VIOLATION(mremap_of_part_forgets_offset, "mremap.fixed-of-part", "-", MREMAP,
    FALSIFIES(is_moved_part(c) && is_shared_file(range_of(c)),
	put_file(result_of(c), c->new_length, READ_WRITE, MAP_SHARED, range_of(c)->fd, range_of(c)->offset)))
{
	return *moved_object(1, 2, 2).now == '0';
}

VIOLATION(mremap_of_part_stays_too, "mremap.fixed-of-part", "-", MREMAP,
    FALSIFIES(is_moved_part(c), put_zeros(c->address, c->length, READ_WRITE, MAP_PRIVATE)))
{
	return !load_is_refused(moved_object(1, 2, 2).at + page_size());
}

VIOLATION(mremap_of_part_clears_what_it_shows, "mremap.fixed-of-part", "-", MREMAP,
    FALSIFIES(is_moved_part(c) && is_shared(range_of(c)), clear_what_it_shows(range_of(c))))
{
	return *moved_object(1, 2, 2).at == 0;
}

/* What moves and gets smaller or larger. */

VIOLATION(mremap_to_smaller_keeps_tail, "mremap.fixed-to-smaller", "-", MREMAP,
    CHANGES(moves_less(c), c->length = c->new_length))
{
	return !load_is_refused(moved_object(1, 2, 1).at + 2 * page_size());
}

VIOLATION(mremap_to_smaller_moves_all, "mremap.fixed-to-smaller", "-", MREMAP,
    CHANGES(moves_less(c), c->new_length = c->length))
{
	return !load_is_refused(moved_object(1, 2, 1).now + page_size());
}

VIOLATION(mremap_to_smaller_moves_last, "mremap.fixed-to-smaller", "-", MREMAP,
    CHANGES(
	moves_less(c), (c->address = page_of(c, pages_of(c)) - whole_pages(c->new_length), c->length = c->new_length)))
{
	return *moved_object(1, 2, 1).now == '2';
}

VIOLATION(mremap_to_smaller_takes_page_behind, "mremap.fixed-to-smaller", "-", MREMAP,
    FALSIFIES(moves_less(c), real_munmap(page_of(c, pages_of(c)), page_size())))
{
	return load_is_refused(moved_object(1, 2, 1).at + 3 * page_size());
}

VIOLATION(mremap_to_smaller_takes_page_before, "mremap.fixed-to-smaller", "-", MREMAP,
    FALSIFIES(moves_less(c), real_munmap(page_of(c, 0) - page_size(), page_size())))
{
	return load_is_refused(moved_object(1, 2, 1).at);
}

VIOLATION(mremap_to_smaller_clears_what_it_shows, "mremap.fixed-to-smaller", "-", MREMAP,
    FALSIFIES(moves_less(c) && is_shared(range_of(c)), clear_what_it_shows(range_of(c))))
{
	return *moved_object(1, 2, 1).at == 0;
}

VIOLATION(mremap_to_larger_takes_page_behind, "mremap.fixed-to-larger", "-", MREMAP,
    FALSIFIES(moves_more(c), real_munmap(page_of(c, pages_of(c)), page_size())))
{
	return load_is_refused(moved_object(1, 1, 2).at + 2 * page_size());
}

VIOLATION(mremap_to_larger_takes_page_before, "mremap.fixed-to-larger", "-", MREMAP,
    FALSIFIES(moves_more(c), real_munmap(page_of(c, 0) - page_size(), page_size())))
{
	return load_is_refused(moved_object(1, 1, 2).at);
}

VIOLATION(mremap_to_larger_stays_too, "mremap.fixed-to-larger", "-", MREMAP,
    FALSIFIES(moves_more(c), put_zeros(c->address, c->length, READ_WRITE, MAP_PRIVATE)))
{
	return !load_is_refused(moved_object(1, 1, 2).at + page_size());
}

VIOLATION(mremap_to_larger_loses_pages, "mremap.fixed-to-larger", "-", MREMAP,
    FALSIFIES(moves_more(c), put_zeros(result_of(c), c->length, READ_WRITE, MAP_PRIVATE)))
{
	return *moved_object(1, 1, 2).now == 0;
}

VIOLATION(mremap_to_larger_adds_too_much, "mremap.fixed-to-larger", "-", MREMAP,
    FALSIFIES(moves_more(c), put_zeros(tail_of(c) + tail_length(c), page_size(), READ_WRITE, MAP_PRIVATE)))
{
	return !load_is_refused(moved_object(1, 1, 2).now + 2 * page_size());
}

#endif
