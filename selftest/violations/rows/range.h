/* SPDX-License-Identifier: BSD-2-Clause */

/* Conditions on the range of memory that a call is for. */

#ifndef SHMCHECK_RANGE_H
#define SHMCHECK_RANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/mman.h>

#include "known.h"
#include "mapping.h"
#include "platform.h"

/* What is known at the first byte of the range. */
static inline struct known_range *
range_of(const struct call *c)
{
	return known_range_at(c->address);
}

static inline size_t
pages_of(const struct call *c)
{
	return whole_pages(c->length) / page_size();
}

static inline char *
page_of(const struct call *c, size_t page)
{
	return (char *)c->address + page * page_size();
}

static inline char *
last_page_of(const struct call *c)
{
	return page_of(c, pages_of(c) - 1);
}

/* Neither empty nor round the end of the address space. */
static inline bool
is_sane(const struct call *c)
{
	return c->length > 0 && (uintptr_t)c->address + whole_pages(c->length) > (uintptr_t)c->address;
}

static inline bool
is_mapped(const struct call *c, size_t page)
{
	return known_range_at(page_of(c, page)) != NULL;
}

/* The first page of the range that is not mapped, or the number of pages. */
static inline size_t
hole_of(const struct call *c)
{
	size_t page = 0;

	while (is_sane(c) && page < pages_of(c) && is_mapped(c, page))
		page++;
	return page;
}

static inline bool
has_hole_inside(const struct call *c)
{
	return hole_of(c) > 0 && hole_of(c) < pages_of(c) - 1;
}

static inline bool
has_hole_at_end(const struct call *c)
{
	return hole_of(c) > 0 && hole_of(c) == pages_of(c) - 1;
}

static inline bool
is_unaligned(const struct call *c)
{
	return (uintptr_t)c->address % page_size() != 0;
}

/* From the page of the address on. */
static inline void
round_down(struct call *c)
{
	size_t over = (uintptr_t)c->address % page_size();

	c->address = (char *)c->address - over;
	c->length += over;
}

/* The call is for a mapping from its first page to its last, or for a part of one. */
static inline bool
is_whole(const struct call *c)
{
	const struct known_range *range = range_of(c);

	return range != NULL && range->start == (char *)c->address && range->length == whole_pages(c->length);
}

static inline bool
is_part(const struct call *c)
{
	const struct known_range *range = range_of(c);

	return range != NULL && is_sane(c) && !is_whole(c) && range == known_range_at(last_page_of(c));
}

static inline bool
has_first_page(const struct call *c)
{
	return is_part(c) && range_of(c)->start == (char *)c->address;
}

static inline char *
end_of(const struct known_range *range)
{
	return range->start + range->length;
}

static inline bool
has_last_page(const struct call *c)
{
	return is_part(c) && end_of(range_of(c)) == page_of(c, pages_of(c));
}

static inline bool
is_middle(const struct call *c)
{
	return is_part(c) && !has_first_page(c) && !has_last_page(c);
}

/* From the first mapping of the range into another. */
static inline bool
is_over_several(const struct call *c)
{
	return is_sane(c) && range_of(c) != NULL && hole_of(c) == pages_of(c) &&
	    range_of(c) != known_range_at(last_page_of(c));
}

static inline bool
is_shared(const struct known_range *range)
{
	return range != NULL && (range->id != -1 || (range->flags & MAP_SHARED) != 0);
}

/* By mmap(): not an attachment. */
static inline bool
is_shared_mapping(const struct known_range *range)
{
	return is_shared(range) && range->id == -1;
}

static inline bool
is_shared_file(const struct known_range *range)
{
	return is_shared(range) && range->fd != -1;
}

static inline bool
is_shared_anonymous(const struct known_range *range)
{
	return is_shared(range) && range->fd == -1 && range->id == -1;
}

static inline bool
is_private(const struct known_range *range)
{
	return range != NULL && !is_shared(range);
}

static inline bool
is_private_file(const struct known_range *range)
{
	return is_private(range) && range->fd != -1;
}

/* Where a byte of the range is in its file. */
static inline off_t
offset_of(const struct known_range *range, const char *at)
{
	return range->offset + (at - range->start);
}

/* Another mapping of the file. */
static inline struct known_range *
alias_of(const struct call *c)
{
	return is_shared_file(range_of(c)) ? known_alias(range_of(c)) : NULL;
}

/* For direct checks: three new pages without one of them. */
static inline char *
three_pages_without(size_t page)
{
	char *p = map_anonymous(3 * page_size(), MAP_SHARED);

	unmap(&p[page * page_size()], page_size());
	return p;
}

/* Three pages of a file, each with its number in the first byte. */
static inline char *
three_numbered_pages(int fd)
{
	char *p = map_shared(fd, 3 * page_size());

	for (size_t i = 0; i < 3; i++)
		p[i * page_size()] = (char)('0' + i);
	return p;
}

/* A mapping of one page, and another of two pages behind it. */
static inline char *
two_mappings(void)
{
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);

	(void)mmap(&p[page_size()], 2 * page_size(), PROT_READ | PROT_WRITE, MAP_FIXED | MAP_SHARED | MAP_ANON, -1, 0);
	return p;
}

#endif
