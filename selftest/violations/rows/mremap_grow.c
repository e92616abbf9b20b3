/* SPDX-License-Identifier: BSD-2-Clause */

/* Mappings of each kind that grow, and parts of mappings. */

#ifdef __linux__

#include "mremap.h"

/* The pages that are added. */

VIOLATION(mremap_adds_zeros_to_shared, "mremap.maymove-keeps-data", "-", MREMAP,
    FALSIFIES(grows(c) && is_shared(range_of(c)), put_zeros(tail_of(c), tail_length(c), READ_WRITE, MAP_SHARED)))
{
	return moved_object(1, 1, 2).now[page_size()] == 0;
}

VIOLATION(mremap_adds_what_private_pages_had, "mremap.maymove-keeps-data", "-", MREMAP,
    FALSIFIES(grows(c) && is_private(range_of(c)) && range_of(c)->protection == READ_WRITE,
	memset(tail_of(c), '1', page_size())))
{
	return moved(five_pages(-1, MAP_PRIVATE), 0, 1, 2).now[page_size()] == '1';
}

VIOLATION(mremap_adds_with_access, "mremap.maymove-keeps-data", "-", MREMAP,
    FALSIFIES(grows(c) && range_of(c)->protection == PROT_NONE, real_mprotect(tail_of(c), tail_length(c), PROT_READ)))
{
	struct pages p = five_pages(-1, MAP_PRIVATE);

	mprotect(p.at, 5 * page_size(), PROT_NONE);
	return !load_is_refused(moved(p, 0, 1, 2).now + page_size());
}

VIOLATION(mremap_growing_clears_what_it_shows, "mremap.maymove-keeps-data", "-", MREMAP,
    FALSIFIES(grows(c) && is_shared(range_of(c)), clear_what_it_shows(range_of(c))))
{
	return *moved_object(0, 1, 2).now == 0;
}

/* A page of an object that grows where it is. */
static char *
grown_in_place(char **at, size_t from)
{
	*at = five_pages(object_create(5 * page_size()).fd, MAP_SHARED).at;
	munmap(*at + (from + 1) * page_size(), page_size());
	return mremap(*at + from * page_size(), page_size(), 2 * page_size(), 0);
}

VIOLATION(mremap_in_place_enomem, "mremap.grows-in-place", "-", MREMAP, REFUSES(grows_in_place(c), ENOMEM))
{
	char *at;

	return grown_in_place(&at, 0) == MAP_FAILED;
}

VIOLATION(mremap_to_same_size_einval, "mremap.grows-in-place", "-", MREMAP,
    REFUSES(c->flags == 0 && c->length == c->new_length && range_of(c) != NULL, EINVAL))
{
	return mremap(map_anonymous(page_size(), MAP_SHARED), page_size(), page_size(), 0) == MAP_FAILED;
}

VIOLATION(mremap_of_end_in_place_efault, "mremap.grows-in-place", "-", MREMAP,
    REFUSES(grows_in_place(c) && range_of(c)->start != c->address, EFAULT))
{
	char *at;

	return grown_in_place(&at, 1) == MAP_FAILED;
}

VIOLATION(mremap_in_place_loses_pages, "mremap.grows-in-place", "-", MREMAP,
    FALSIFIES(grows_in_place(c), put_zeros(c->address, c->length, READ_WRITE, MAP_PRIVATE)))
{
	char *at;

	return *grown_in_place(&at, 0) == 0;
}

VIOLATION(mremap_in_place_adds_too_much, "mremap.grows-in-place", "-", MREMAP,
    FALSIFIES(grows_in_place(c), put_zeros(tail_of(c) + tail_length(c), page_size(), READ_WRITE, MAP_PRIVATE)))
{
	char *at;

	return grown_in_place(&at, 0)[2 * page_size()] == 0;
}

VIOLATION(mremap_of_end_in_place_adds_too_much, "mremap.grows-in-place", "-", MREMAP,
    FALSIFIES(grows_in_place(c) && range_of(c)->start != c->address,
	put_zeros(tail_of(c) + tail_length(c), page_size(), READ_WRITE, MAP_PRIVATE)))
{
	char *at;

	return grown_in_place(&at, 1)[2 * page_size()] == 0;
}

VIOLATION(mremap_in_place_maps_page_before, "mremap.grows-in-place", "-", MREMAP,
    FALSIFIES(grows_in_place(c) && known_range_at((char *)c->address - 1) == NULL,
	put_zeros((char *)c->address - page_size(), page_size(), READ_WRITE, MAP_PRIVATE)))
{
	struct pages p = five_pages(-1, MAP_SHARED);
	char *now = moved(p, 0, 1, 1).now;

	mremap(now, page_size(), 2 * page_size(), 0);
	return !load_is_refused(now - page_size());
}

/* Parts. */

VIOLATION(mremap_of_remains_einval, "mremap.parts-keep-pages", "-", MREMAP,
    REFUSES(moves(c) && range_of(c)->length != range_of(c)->length_then, EINVAL))
{
	struct pages p = five_pages(-1, MAP_SHARED);

	munmap(p.at + page_size(), page_size());
	return moved(p, 2, 3, 3).now == MAP_FAILED;
}

VIOLATION(mremap_of_remains_forgets_offset, "mremap.parts-keep-pages", "-", MREMAP,
    FALSIFIES(moves(c) && range_of(c)->start != range_of(c)->start_then && is_shared_file(range_of(c)),
	put_file(result_of(c), c->new_length, READ_WRITE, MAP_SHARED, range_of(c)->fd, 0)))
{
	struct pages p = five_pages(object_create(5 * page_size()).fd, MAP_SHARED);

	munmap(p.at + page_size(), page_size());
	return *moved(p, 2, 1, 1).now == '0';
}

#endif
