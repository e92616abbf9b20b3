/* SPDX-License-Identifier: BSD-2-Clause */

/* What a call of mremap() asks for, for the conditions and statements of rows, and memory for their direct checks. */

#ifndef SHMCHECK_ROWS_MREMAP_H
#define SHMCHECK_ROWS_MREMAP_H

#include <stdint.h>
#include <string.h>

#include <sys/mman.h>

#include "child.h"
#include "effects.h"
#include "range.h"
#include "real.h"
#include "violation.h"

enum { READ_WRITE = PROT_READ | PROT_WRITE, TO_ADDRESS = MREMAP_MAYMOVE | MREMAP_FIXED };
/* More than any mapping has. */
static const size_t huge = SIZE_MAX / 4;

static inline char *
result_of(const struct call *c)
{
	return (char *)c->result;
}

static inline bool
moves(const struct call *c)
{
	return c->flags == TO_ADDRESS && is_sane(c) && range_of(c) != NULL && c->length < huge && c->new_length > 0 &&
	    c->new_length < huge && (uintptr_t)c->new_address % page_size() == 0 &&
	    (uintptr_t)c->new_address - (uintptr_t)c->address >= c->length;
}

static inline bool
is_moved_part(const struct call *c)
{
	return moves(c) && is_middle(c);
}

static inline bool
moves_less(const struct call *c)
{
	return moves(c) && c->new_length < c->length;
}

static inline bool
moves_more(const struct call *c)
{
	return moves(c) && c->new_length > c->length;
}

static inline bool
grows_in_place(const struct call *c)
{
	return c->flags == 0 && is_sane(c) && range_of(c) != NULL && c->new_length > c->length &&
	    c->new_length < huge && !is_mapped(c, pages_of(c));
}

static inline bool
grows(const struct call *c)
{
	return grows_in_place(c) || moves_more(c) ||
	    (c->flags == MREMAP_MAYMOVE && is_sane(c) && range_of(c) != NULL && c->new_length > c->length &&
		c->new_length < huge);
}

static inline char *
tail_of(const struct call *c)
{
	return result_of(c) + whole_pages(c->length);
}

static inline size_t
tail_length(const struct call *c)
{
	return whole_pages(c->new_length) - whole_pages(c->length);
}

/* For direct checks: five pages of this memory, each with its number, whose pages from one to another have moved. */
struct pages {
	char *at;
	char *free; /* where they have moved to, behind a page that is free */
	char *now;
};

static inline struct pages
five_pages(int fd, int sharing)
{
	struct pages p = { .at = fd == -1 ? map_anonymous(5 * page_size(), sharing) : map_shared(fd, 5 * page_size()) };

	p.free = free_range(5 * page_size());
	for (size_t i = 0; i < 5; i++)
		p.at[i * page_size()] = (char)('0' + i);
	return p;
}

static inline struct pages
moved(struct pages p, size_t from, size_t old_pages, size_t new_pages)
{
	p.now = mremap(p.at + from * page_size(), old_pages * page_size(), new_pages * page_size(), TO_ADDRESS,
	    p.free + page_size());
	return p;
}

static inline struct pages
moved_object(size_t from, size_t old_pages, size_t new_pages)
{
	return moved(five_pages(object_create(5 * page_size()).fd, MAP_SHARED), from, old_pages, new_pages);
}

#endif
