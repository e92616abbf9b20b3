/* SPDX-License-Identifier: BSD-2-Clause */

/* What is unmapped, of a whole mapping or of a part: too little, too much, or nothing. */

#include <sys/mman.h>

#include "effects.h"
#include "range.h"
#include "real.h"
#include "violation.h"

/* Not the harness's ranges, which it maps to have free addresses. */
static bool
unmaps_whole(const struct call *c)
{
	return is_whole(c) && is_shared_mapping(range_of(c));
}

static bool
unmaps_anonymous(const struct call *c)
{
	return is_whole(c) && is_shared_anonymous(range_of(c));
}

VIOLATION(munmap_keeps_anonymous_mapping, "munmap.access-after-sigsegv", "-", MUNMAP, SKIPS(unmaps_anonymous(c)))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	munmap(p, page_size());
	return !load_is_refused(p);
}

VIOLATION(munmap_leaves_first_page, "munmap.access-after-sigsegv", "-", MUNMAP,
    CHANGES(unmaps_whole(c) && c->length > page_size(), (c->address = page_of(c, 1), c->length -= page_size())))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);

	munmap(p, 2 * page_size());
	return !load_is_refused(p);
}

VIOLATION(munmap_leaves_last_page, "munmap.access-after-sigsegv", "-", MUNMAP,
    CHANGES(unmaps_anonymous(c) && c->length > page_size(), c->length = whole_pages(c->length) - page_size()))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);

	munmap(p, 2 * page_size());
	return !load_is_refused(&p[page_size()]);
}

static void
unmap_but_middle(struct call *c)
{
	c->result = real_munmap(c->address, page_size());
	real_munmap(last_page_of(c), page_size());
}

VIOLATION(munmap_leaves_middle_pages, "munmap.access-after-sigsegv", "-", MUNMAP,
    REPLACES(unmaps_anonymous(c) && pages_of(c) > 2, unmap_but_middle(c)))
{
	char *p = map_anonymous(3 * page_size(), MAP_SHARED);

	munmap(p, 3 * page_size());
	return !load_is_refused(&p[page_size()]);
}

/* Those that are in memory, as a walk through the page tables would find them. */
static void
unmap_what_is_there(struct call *c)
{
	for (size_t i = 0; i < pages_of(c); i++)
		if (is_resident(page_of(c, i)))
			real_munmap(page_of(c, i), page_size());
}

VIOLATION(munmap_leaves_untouched_pages, "munmap.access-after-sigsegv", "-", MUNMAP,
    REPLACES(unmaps_anonymous(c), unmap_what_is_there(c)))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);

	*p = 't';
	munmap(p, 2 * page_size());
	return load_is_refused(p) && !load_is_refused(&p[page_size()]);
}

VIOLATION(munmap_leaves_file_readable, "munmap.access-after-sigsegv", "-", MUNMAP,
    REPLACES(is_whole(c) && is_shared_file(range_of(c)), c->result = real_mprotect(c->address, c->length, PROT_READ)))
{
	char *p = map_shared(nameless_file(page_size()), page_size());

	munmap(p, page_size());
	return !load_is_refused(p);
}

VIOLATION(munmap_leaves_zeros, "munmap.access-after-sigsegv", "-", MUNMAP,
    REPLACES(unmaps_whole(c), put_zeros(c->address, c->length, PROT_READ | PROT_WRITE, MAP_PRIVATE)))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	*p = 'z';
	munmap(p, page_size());
	return !load_is_refused(p) && *p == 0;
}

VIOLATION(munmap_leaves_closed_pages, "munmap.access-after-sigsegv", "-", MUNMAP,
    REPLACES(unmaps_whole(c), c->result = real_mprotect(c->address, c->length, PROT_NONE)))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	munmap(p, page_size());
	return fault_of_load(p).code == SEGV_ACCERR; /* there, though closed */
}

static void
unmap_the_last_one(struct call *c)
{
	static _Thread_local void *address;
	static _Thread_local size_t length;

	if (address != NULL)
		real_munmap(address, length);
	address = c->address;
	length = c->length;
}

VIOLATION(
    munmap_is_one_late, "munmap.access-after-sigsegv", "-", MUNMAP, REPLACES(unmaps_whole(c), unmap_the_last_one(c)))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);
	char *q = map_anonymous(page_size(), MAP_SHARED);

	munmap(p, page_size());
	munmap(q, page_size());
	return load_is_refused(p) && !load_is_refused(q);
}

VIOLATION(munmap_ignores_less_than_page, "munmap.whole-pages", "-", MUNMAP,
    SKIPS(c->length > 0 && c->length < page_size() && range_of(c) != NULL))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	munmap(p, 100);
	return !load_is_refused(p);
}

VIOLATION(munmap_rounds_down, "munmap.whole-pages", "-", MUNMAP,
    CHANGES(
	is_sane(c) && c->length > page_size() && c->length % page_size() != 0, c->length -= c->length % page_size()))
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);

	munmap(p, page_size() + 1);
	return !load_is_refused(&p[page_size()]);
}

VIOLATION(munmap_part_takes_one_page_more, "munmap.whole-pages", "-", MUNMAP,
    CHANGES(is_part(c) && c->length % page_size() != 0 && !has_last_page(c), c->length += page_size()))
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);

	munmap(p, 100);
	return load_is_refused(&p[page_size()]);
}

VIOLATION(munmap_part_takes_one_page_less, "munmap.whole-pages", "-", MUNMAP,
    CHANGES(has_first_page(c) && c->length > page_size(), c->length -= page_size()))
{
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);

	munmap(p, 2 * page_size());
	return !load_is_refused(&p[page_size()]);
}

/* The mapping that begins where the range ends. */
static struct known_range *
neighbour_of(const struct call *c)
{
	return is_sane(c) ? known_range_at(page_of(c, pages_of(c))) : NULL;
}

static void
unmap_with_neighbour(struct call *c)
{
	struct known_range *neighbour = neighbour_of(c);

	real_munmap(neighbour->start, neighbour->length);
	c->result = real_munmap(c->address, c->length);
}

VIOLATION(munmap_odd_length_takes_neighbour, "munmap.whole-pages", "B152", MUNMAP,
    REPLACES(c->length % page_size() != 0 && range_of(c) != NULL && neighbour_of(c) != NULL &&
	    neighbour_of(c) != known_range_at(last_page_of(c)) && neighbour_of(c)->id == -1,
	unmap_with_neighbour(c)))
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);

	(void)mmap(&p[page_size()], page_size(), PROT_READ, MAP_FIXED | MAP_PRIVATE | MAP_ANON, -1, 0);
	munmap(p, page_size() - 100);
	return load_is_refused(&p[page_size()]);
}
