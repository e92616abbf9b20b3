/* SPDX-License-Identifier: BSD-2-Clause */

/* What POSIX leaves open about mmap() and Linux mmap(2) does not: each outcome is one that another platform may have. */

#ifdef __linux__

#include <stdint.h>

#include "mmap.h"

static size_t
odd_bytes(intptr_t number)
{
	return (size_t)number % page_size();
}

static bool
has_odd_offset(const struct call *c)
{
	return odd_bytes((intptr_t)c->offset) != 0;
}

/* The mapping starts inside a page, as it does on NetBSD. */
static void
map_from_byte(struct call *c)
{
	size_t odd = odd_bytes((intptr_t)c->offset);
	char *p = real_mmap(NULL, c->length + odd, c->protection, c->flags, c->fd, c->offset - (off_t)odd);

	c->result = (intptr_t)(p + odd);
}

VIOLATION(mmap_unaligned_offset_maps, "mmap.offset-unaligned", "-", MMAP,
    REPLACES(is_of_file(c) && has_odd_offset(c), map_from_byte(c)))
{
	return mmap(NULL, page_size(), PROT_READ, MAP_SHARED, nameless_file(2 * page_size()), 1) != MAP_FAILED;
}

static void
map_inside_page(struct call *c)
{
	char *address = c->address;
	size_t odd = odd_bytes((intptr_t)address);

	real_mmap(address - odd, c->length + odd, c->protection, c->flags, c->fd, c->offset);
	c->result = (intptr_t)address;
}

VIOLATION(mmap_fixed_unaligned_maps, "mmap.fixed-unaligned-einval", "-", MMAP,
    REPLACES(is_fixed(c) && odd_bytes((intptr_t)c->address) != 0, map_inside_page(c)))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	return mmap(p + 1, 1, READ_WRITE, PRIVATE_ANONYMOUS | MAP_FIXED, -1, 0) == p + 1;
}

enum { SPARE_FLAG = 0x200000 };

VIOLATION(mmap_shared_unknown_flag_einval, "mmap.flags-unknown-bits", "-", MMAP,
    REFUSES(asks_shared_file(c) && (c->flags & SPARE_FLAG) != 0, EINVAL))
{
	int fd = nameless_file(page_size());

	return mmap(NULL, page_size(), READ_WRITE, MAP_SHARED | SPARE_FLAG, fd, 0) == MAP_FAILED;
}

VIOLATION(mmap_memory_with_open_descriptor_einval, "mmap_anonymous.fd-must-be-minus-one", "-", MMAP,
    REFUSES(!is_of_file(c) && access_mode(c->fd) != -1, EINVAL))
{
	return mmap(NULL, page_size(), READ_WRITE, PRIVATE_ANONYMOUS, nameless_file(0), 0) == MAP_FAILED;
}

VIOLATION(mmap_memory_with_closed_descriptor_ebadf, "mmap_anonymous.fd-must-be-minus-one", "-", MMAP,
    REFUSES(!is_of_file(c) && c->fd != -1 && access_mode(c->fd) == -1, EBADF))
{
	int closed = nameless_file(0);

	close(closed);
	return mmap(NULL, page_size(), READ_WRITE, PRIVATE_ANONYMOUS, closed, 0) == MAP_FAILED;
}

VIOLATION(mmap_memory_with_unaligned_offset_maps, "mmap_anonymous.offset-must-be-zero", "-", MMAP,
    CHANGES(!is_of_file(c) && has_odd_offset(c), c->offset = 0))
{
	return mmap(NULL, page_size(), READ_WRITE, PRIVATE_ANONYMOUS, -1, 1) != MAP_FAILED;
}

VIOLATION(mmap_hint_ignored, "mmap.hint-free-range", "-", MMAP,
    CHANGES(c->address != NULL && !is_fixed(c) && !is_of_file(c) && c->length == page_size(), c->address = NULL))
{
	char *hint = free_range(3 * page_size());

	return mmap(&hint[page_size()], page_size(), READ_WRITE, PRIVATE_ANONYMOUS, -1, 0) != &hint[page_size()];
}

#endif
