/* SPDX-License-Identifier: BSD-2-Clause */

/* Calls that are refused and do something, and duplicates. */

#ifdef __linux__

#include "mremap.h"

/* Calls that are refused and do something. */

static bool
is_too_large(const struct call *c)
{
	return c->flags == TO_ADDRESS && range_of(c) != NULL && is_sane(c) && c->new_length > huge;
}

/* What it leaves behind. */
static struct pages
refused(void)
{
	struct pages p = five_pages(object_create(5 * page_size()).fd, MAP_SHARED);
	char *to = map_anonymous(2 * page_size(), MAP_PRIVATE);

	munmap(p.at + 4 * page_size(), page_size());
	memset(to, 't', page_size());
	p.now = mremap(p.at, page_size(), SIZE_MAX / 2 - page_size() + 1, TO_ADDRESS, to);
	p.free = to;
	return p;
}

VIOLATION(mremap_to_too_large_accepted, "mremap.refused-changes-nothing", "-", MREMAP,
    ACCEPTS(is_too_large(c), EINVAL, c->new_address))
{
	return refused().now != MAP_FAILED;
}

VIOLATION(mremap_refused_unmaps_target, "mremap.refused-changes-nothing", "-", MREMAP,
    REPLACES(is_too_large(c), (real_munmap(c->new_address, page_size()), call_fail(c, EINVAL))))
{
	return load_is_refused(refused().free);
}

VIOLATION(mremap_refused_unmaps, "mremap.refused-changes-nothing", "-", MREMAP,
    REPLACES(is_too_large(c), (real_munmap(c->address, c->length), call_fail(c, EINVAL))))
{
	return load_is_refused(refused().at);
}

static void
map_behind(const struct call *c)
{
	put_zeros(end_of(range_of(c)), page_size(), READ_WRITE, MAP_PRIVATE);
}

VIOLATION(mremap_refused_maps_behind, "mremap.refused-changes-nothing", "-", MREMAP,
    REPLACES(is_too_large(c), (map_behind(c), call_fail(c, EINVAL))))
{
	return !load_is_refused(refused().at + 4 * page_size());
}

VIOLATION(mremap_refused_clears_what_it_shows, "mremap.refused-changes-nothing", "-", MREMAP,
    REPLACES(is_too_large(c), (clear_what_it_shows(range_of(c)), call_fail(c, EINVAL))))
{
	return *refused().at == 0;
}

static void
make_all_private(const struct call *c)
{
	if (is_shared(range_of(c)))
		make_private(range_of(c)->start, range_of(c)->length);
}

VIOLATION(mremap_refused_makes_private, "mremap.refused-changes-nothing", "-", MREMAP,
    REPLACES(is_too_large(c), (make_all_private(c), call_fail(c, EINVAL))))
{
	return byte_after_child(refused().at) != 'c';
}

VIOLATION(mremap_of_too_much_accepted, "mremap.refused-changes-nothing", "-", MREMAP,
    ACCEPTS(c->length > huge, 0, c->address))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	return mremap(p, SIZE_MAX / 2 - page_size() + 1, page_size(), MREMAP_MAYMOVE) != MAP_FAILED;
}

VIOLATION(mremap_by_too_much_accepted, "mremap.refused-changes-nothing", "-", MREMAP,
    ACCEPTS(c->flags == MREMAP_MAYMOVE && c->new_length > huge, 0, c->address))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	return mremap(p, page_size(), SIZE_MAX / 2 - page_size() + 1, MREMAP_MAYMOVE) != MAP_FAILED;
}

/* Duplicates. */

static bool
duplicates(const struct call *c)
{
	return c->length == 0 && range_of(c) != NULL && c->new_length > 0 && c->new_length < huge &&
	    range_of(c)->protection == READ_WRITE;
}

/* Three pages, and what mremap() makes of the second of them. */
static char *
duplicate(char **at, int sharing)
{
	*at = map_anonymous(3 * page_size(), sharing);
	(*at)[page_size()] = 'd';
	return mremap(*at + page_size(), 0, page_size(), TO_ADDRESS, free_range(2 * page_size()));
}

VIOLATION(mremap_refused_duplicate_clears, "mremap.old-size-zero-duplicates", "-", MREMAP,
    REPLACES(duplicates(c) && is_private(range_of(c)), (memset(c->address, 0, page_size()), call_fail(c, EINVAL))))
{
	char *at;

	duplicate(&at, MAP_PRIVATE);
	return at[page_size()] == 0;
}

VIOLATION(mremap_duplicate_unmaps, "mremap.old-size-zero-duplicates", "-", MREMAP,
    FALSIFIES(duplicates(c) && is_shared(range_of(c)), real_munmap(c->address, page_size())))
{
	char *at;

	duplicate(&at, MAP_SHARED);
	return load_is_refused(at + page_size());
}

VIOLATION(mremap_duplicate_is_too_long, "mremap.old-size-zero-duplicates", "-", MREMAP,
    FALSIFIES(duplicates(c) && c->flags & MREMAP_FIXED,
	put_zeros(result_of(c) + whole_pages(c->new_length), page_size(), READ_WRITE, MAP_PRIVATE)))
{
	char *at;

	return !load_is_refused(duplicate(&at, MAP_SHARED) + page_size());
}

VIOLATION(mremap_duplicate_forgets_offset, "mremap.old-size-zero-duplicates", "-", MREMAP,
    FALSIFIES(duplicates(c) && is_shared_file(range_of(c)),
	put_file(result_of(c), c->new_length, READ_WRITE, MAP_SHARED, range_of(c)->fd, 0)))
{
	struct pages p = five_pages(object_create(5 * page_size()).fd, MAP_SHARED);

	return *moved(p, 1, 0, 1).now == '0';
}

#endif
