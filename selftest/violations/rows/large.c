/* SPDX-License-Identifier: BSD-2-Clause */

/* Calls for a part of memory that is larger than a large page of the hardware. */

#include <sys/mman.h>

#include "effects.h"
#include "range.h"
#include "real.h"
#include "violation.h"

enum { READ_WRITE = PROT_READ | PROT_WRITE, LARGE_PAGE = 2 * 1024 * 1024 };

/* A page, or a few, of what was mapped or attached as one. */
static bool
is_of_large(const struct call *c)
{
	const struct known_range *range = range_of(c);

	return range != NULL && is_sane(c) && range->length_then >= LARGE_PAGE && whole_pages(c->length) < LARGE_PAGE;
}

static bool
is_open_page(const char *page)
{
	const struct known_range *range = known_range_at(page);

	return range != NULL && range->protection == READ_WRITE;
}

/* It has pages before and behind it that can be accessed. */
static bool
is_inside_large(const struct call *c)
{
	return is_of_large(c) && is_open_page(page_of(c, pages_of(c))) &&
	    is_open_page((char *)c->address - page_size());
}

/* For direct checks: large memory, each page with a byte, and the page in it for which calls are made. */
static char *
large_anonymous(void)
{
	char *p = map_anonymous(2 * LARGE_PAGE, MAP_SHARED);

	for (size_t at = 0; at < 2 * LARGE_PAGE; at += page_size())
		p[at] = 'l';
	return p + LARGE_PAGE;
}

static int
unmap_one(char *p)
{
	return munmap(p, page_size());
}

VIOLATION(munmap_of_large_einval, "munmap.partial-keeps-rest", "-", MUNMAP, REFUSES(is_of_large(c), EINVAL))
{
	return unmap_one(large_anonymous()) == -1;
}

VIOLATION(munmap_of_large_keeps_page, "munmap.partial-keeps-rest", "-", MUNMAP, SKIPS(is_of_large(c)))
{
	char *p = large_anonymous();

	unmap_one(p);
	return !load_is_refused(p);
}

VIOLATION(munmap_of_large_takes_pages_behind, "munmap.partial-keeps-rest", "-", MUNMAP,
    FALSIFIES(is_inside_large(c), real_munmap(page_of(c, pages_of(c)), 16 * page_size())))
{
	char *p = large_anonymous();

	unmap_one(p);
	return load_is_refused(p + page_size());
}

/* As when the tables of a large page are made anew, and a page is counted wrongly. */
VIOLATION(munmap_of_large_clears_page_before, "munmap.partial-keeps-rest", "-", MUNMAP,
    FALSIFIES(is_inside_large(c), memset((char *)c->address - page_size(), 0, page_size())))
{
	char *p = large_anonymous();

	unmap_one(p);
	return p[-(ptrdiff_t)page_size()] == 0;
}

VIOLATION(munmap_of_large_clears_object, "munmap.partial-keeps-rest", "-", MUNMAP,
    FALSIFIES(is_of_large(c), clear_what_it_shows(range_of(c))))
{
	int fd = nameless_file(2 * LARGE_PAGE);
	char *p = map_shared(fd, 2 * LARGE_PAGE);

	*p = 'l';
	munmap(p + LARGE_PAGE, page_size());
	return *content_of(fd, 1) == 0;
}

static int
close_one(char *p)
{
	return mprotect(p, page_size(), PROT_NONE);
}

VIOLATION(mprotect_of_large_enomem, "mprotect.whole-pages", "-", MPROTECT, REFUSES(is_of_large(c), ENOMEM))
{
	return close_one(large_anonymous()) == -1;
}

VIOLATION(mprotect_of_large_does_nothing, "mprotect.whole-pages", "-", MPROTECT, SKIPS(is_of_large(c)))
{
	char *p = large_anonymous();

	close_one(p);
	return !load_is_refused(p);
}

VIOLATION(mprotect_of_large_allows_stores, "mprotect.whole-pages", "-", MPROTECT,
    CHANGES(is_of_large(c) && (c->protection & PROT_WRITE) == 0, c->protection |= PROT_WRITE))
{
	char *p = large_anonymous();

	mprotect(p, page_size(), PROT_READ);
	return !store_is_refused(p);
}

VIOLATION(mprotect_of_large_closes_pages_behind, "mprotect.whole-pages", "-", MPROTECT,
    FALSIFIES(is_inside_large(c), real_mprotect(page_of(c, pages_of(c)), page_size(), c->protection)))
{
	char *p = large_anonymous();

	close_one(p);
	return load_is_refused(p + page_size());
}

/* All of it, whose pages differ. */
static bool
makes_large_alike(const struct call *c)
{
	return is_over_several(c) && range_of(c)->length_then >= LARGE_PAGE && whole_pages(c->length) >= LARGE_PAGE;
}

static int
made_alike(char *p)
{
	close_one(p);
	return mprotect(p - LARGE_PAGE, 2 * LARGE_PAGE, READ_WRITE);
}

VIOLATION(mprotect_of_large_parts_enomem, "mprotect.whole-pages", "-", MPROTECT, REFUSES(makes_large_alike(c), ENOMEM))
{
	return made_alike(large_anonymous()) == -1;
}

VIOLATION(mprotect_of_large_parts_leaves_rest, "mprotect.whole-pages", "-", MPROTECT,
    CHANGES(makes_large_alike(c), c->length = page_size()))
{
	char *p = large_anonymous();

	made_alike(p);
	return load_is_refused(p);
}

static void
make_large_private(const struct call *c)
{
	if (c->protection == READ_WRITE)
		make_private(c->address, c->length);
}

VIOLATION(mprotect_of_large_parts_unshares, "mprotect.whole-pages", "-", MPROTECT,
    FALSIFIES(makes_large_alike(c) && is_shared(range_of(c)), make_large_private(c)))
{
	int fd = nameless_file(2 * LARGE_PAGE);
	char *p = map_shared(fd, 2 * LARGE_PAGE);

	made_alike(p + LARGE_PAGE);
	*p = 'l';
	return *content_of(fd, 1) == 0;
}

static bool
replaces_of_large(const struct call *c)
{
	return (c->flags & MAP_FIXED) != 0 && is_of_large(c) && c->flags & MAP_ANON;
}

static bool
replaces_inside_large(const struct call *c)
{
	return replaces_of_large(c) && is_inside_large(c);
}

static char *
replace_one(char *p)
{
	return mmap(p, page_size(), READ_WRITE, MAP_FIXED | MAP_PRIVATE | MAP_ANON, -1, 0);
}

VIOLATION(mmap_in_large_enomem, "mmap.replaces-previous-in-fixed", "-", MMAP, REFUSES(replaces_of_large(c), ENOMEM))
{
	return replace_one(large_anonymous()) == MAP_FAILED;
}

VIOLATION(mmap_in_large_shows_old_page, "mmap.replaces-previous-in-fixed", "-", MMAP,
    REPLACES(replaces_of_large(c), c->result = (intptr_t)c->address))
{
	char *p = large_anonymous();

	replace_one(p);
	return *p == 'l';
}

VIOLATION(mmap_in_large_is_read_only, "mmap.replaces-previous-in-fixed", "-", MMAP,
    CHANGES(replaces_of_large(c), c->protection = PROT_READ))
{
	char *p = large_anonymous();

	replace_one(p);
	return store_is_refused(p);
}

VIOLATION(mmap_in_large_replaces_page_behind, "mmap.replaces-previous-in-fixed", "-", MMAP,
    FALSIFIES(replaces_inside_large(c), put_zeros(page_of(c, pages_of(c)), page_size(), READ_WRITE, MAP_PRIVATE)))
{
	char *p = large_anonymous();

	replace_one(p);
	return p[page_size()] == 0;
}

VIOLATION(mmap_in_large_clears_object, "mmap.replaces-previous-in-fixed", "-", MMAP,
    FALSIFIES(replaces_of_large(c), clear_what_it_shows(range_of(c))))
{
	int fd = nameless_file(2 * LARGE_PAGE);
	char *p = map_shared(fd, 2 * LARGE_PAGE);

	*p = 'l';
	replace_one(p + LARGE_PAGE);
	return *content_of(fd, 1) == 0;
}
