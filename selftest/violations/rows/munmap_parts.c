/* SPDX-License-Identifier: BSD-2-Clause */

/* What is left of a mapping when a part of it is unmapped. */

#include <sys/mman.h>

#include "effects.h"
#include "range.h"
#include "real.h"
#include "violation.h"

/* Three pages of a file, each with the first byte of its number, the first, second or third unmapped again. */
static char *
three_pages_of(int fd, size_t unmapped)
{
	char *p = three_numbered_pages(fd);

	munmap(&p[unmapped * page_size()], page_size());
	return p;
}

static char *
three_pages(size_t unmapped)
{
	return three_pages_of(nameless_file(3 * page_size()), unmapped);
}

static void
unmap_all_of_it(struct call *c)
{
	const struct known_range *range = range_of(c);

	c->result = real_munmap(range->start, range->length);
}

VIOLATION(munmap_of_first_page_takes_all, "munmap.partial-keeps-rest", "B250", MUNMAP,
    REPLACES(has_first_page(c) && is_shared_mapping(range_of(c)), unmap_all_of_it(c)))
{
	return load_is_refused(&three_pages(0)[page_size()]);
}

VIOLATION(munmap_of_last_page_takes_all, "munmap.partial-keeps-rest", "B250", MUNMAP,
    REPLACES(has_last_page(c) && is_shared_mapping(range_of(c)), unmap_all_of_it(c)))
{
	return load_is_refused(three_pages(2));
}

VIOLATION(munmap_of_middle_takes_upper_part, "munmap.partial-keeps-rest", "-", MUNMAP,
    CHANGES(
	is_middle(c) && is_shared_mapping(range_of(c)), c->length = (size_t)(end_of(range_of(c)) - (char *)c->address)))
{
	char *p = three_pages(1);

	return !load_is_refused(p) && load_is_refused(&p[2 * page_size()]);
}

VIOLATION(munmap_of_middle_takes_lower_part, "munmap.partial-keeps-rest", "-", MUNMAP,
    CHANGES(is_middle(c) && is_shared_mapping(range_of(c)),
	(c->length += (size_t)((char *)c->address - range_of(c)->start), c->address = range_of(c)->start)))
{
	char *p = three_pages(1);

	return load_is_refused(p) && !load_is_refused(&p[2 * page_size()]);
}

VIOLATION(munmap_of_last_page_takes_one_before, "munmap.partial-keeps-rest", "-", MUNMAP,
    CHANGES(has_last_page(c) && c->length == page_size() && is_shared_mapping(range_of(c)),
	(c->address = (char *)c->address - page_size(), c->length += page_size())))
{
	return load_is_refused(&three_pages(2)[page_size()]);
}

/* Map the part above the range once more, as if it began where the mapping does in the file. */
static void
map_upper_part_from_start(const struct call *c)
{
	const struct known_range *range = range_of(c);
	char *upper = page_of(c, pages_of(c));

	put_file(upper, (size_t)(end_of(range) - upper), PROT_READ | PROT_WRITE, MAP_SHARED, range->fd, range->offset);
}

VIOLATION(munmap_keeps_offset_of_upper_part, "munmap.partial-keeps-rest", "B247", MUNMAP,
    FALSIFIES(is_middle(c) && is_shared_file(range_of(c)), map_upper_part_from_start(c)))
{
	return three_pages(1)[2 * page_size()] == '0';
}

VIOLATION(munmap_of_first_page_keeps_offset, "munmap.partial-keeps-rest", "-", MUNMAP,
    FALSIFIES(has_first_page(c) && is_shared_file(range_of(c)), map_upper_part_from_start(c)))
{
	return three_pages(0)[page_size()] == '0';
}

static void
make_upper_part_private(const struct call *c)
{
	char *upper = page_of(c, pages_of(c));

	make_private(upper, (size_t)(end_of(range_of(c)) - upper));
}

VIOLATION(munmap_makes_upper_part_private, "munmap.partial-keeps-rest", "-", MUNMAP,
    FALSIFIES(is_middle(c) && is_shared_file(range_of(c)) && range_of(c)->length < COPIED_AT_MOST,
	make_upper_part_private(c)))
{
	int fd = nameless_file(3 * page_size());

	three_pages_of(fd, 1)[2 * page_size()] = 's';
	return content_of(fd, 3 * page_size())[2 * page_size()] != 's';
}

VIOLATION(munmap_makes_lower_part_private, "munmap.partial-keeps-rest", "-", MUNMAP,
    FALSIFIES(has_last_page(c) && is_shared_file(range_of(c)),
	make_private(range_of(c)->start, (size_t)((char *)c->address - range_of(c)->start))))
{
	int fd = nameless_file(3 * page_size());

	*three_pages_of(fd, 2) = 's';
	return content_of(fd, 1)[0] != 's';
}

VIOLATION(munmap_makes_upper_part_read_only, "munmap.partial-keeps-rest", "-", MUNMAP,
    FALSIFIES(is_middle(c) && is_shared_mapping(range_of(c)),
	real_mprotect(page_of(c, pages_of(c)), (size_t)(end_of(range_of(c)) - page_of(c, pages_of(c))), PROT_READ)))
{
	return store_is_refused(&three_pages(1)[2 * page_size()]);
}

VIOLATION(munmap_of_part_clears_page_behind, "munmap.partial-keeps-rest", "-", MUNMAP,
    FALSIFIES(is_part(c) && is_shared_anonymous(range_of(c)) && !has_last_page(c),
	memset(page_of(c, pages_of(c)), 0, page_size())))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);

	p[page_size()] = 'm';
	munmap(p, page_size());
	return p[page_size()] == 0;
}

VIOLATION(munmap_of_part_clears_page_before, "munmap.partial-keeps-rest", "-", MUNMAP,
    FALSIFIES(is_part(c) && is_shared_anonymous(range_of(c)) && !has_first_page(c),
	memset((char *)c->address - page_size(), 0, page_size())))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);

	*p = 'm';
	munmap(&p[page_size()], page_size());
	return *p == 0;
}

/* The rest shows the file, as if nothing had been stored there. */
VIOLATION(munmap_of_part_loses_private_copies, "munmap.partial-keeps-rest", "-", MUNMAP,
    FALSIFIES(is_middle(c) && is_private_file(range_of(c)),
	put_file(range_of(c)->start, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE, range_of(c)->fd,
	    range_of(c)->offset)))
{
	char *p = map_private(nameless_file(3 * page_size()), 3 * page_size());

	*p = 'p';
	munmap(&p[page_size()], page_size());
	return *p == 0;
}

static bool
fills_hole(const struct call *c)
{
	return c->flags & MAP_FIXED && c->flags & MAP_ANON && range_of(c) == NULL &&
	    known_range_at((char *)c->address - 1) != NULL && is_mapped(c, pages_of(c));
}

VIOLATION(mmap_in_hole_takes_page_behind, "munmap.partial-keeps-rest", "-", MMAP,
    CHANGES(fills_hole(c), c->length += page_size()))
{
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);

	p[2 * page_size()] = 'm';
	munmap(&p[page_size()], page_size());
	(void)mmap(&p[page_size()], page_size(), PROT_READ, MAP_FIXED | MAP_PRIVATE | MAP_ANON, -1, 0);
	return p[2 * page_size()] == 0;
}

VIOLATION(mmap_in_hole_is_not_new, "munmap.partial-keeps-rest", "-", MMAP,
    FALSIFIES(fills_hole(c), memcpy(c->address, (char *)c->address - page_size(), page_size())))
{
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);

	*p = 'm';
	munmap(&p[page_size()], page_size());
	(void)mmap(&p[page_size()], page_size(), PROT_READ | PROT_WRITE, MAP_FIXED | MAP_PRIVATE | MAP_ANON, -1, 0);
	return p[page_size()] != 0;
}
