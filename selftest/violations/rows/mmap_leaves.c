/* SPDX-License-Identifier: BSD-2-Clause */

/* Calls of mmap() with MAP_FIXED that fail, and what they leave in their range. */

#include "mmap.h"

static bool
fails_by_descriptor(const struct call *c)
{
	return is_fixed(c) && is_of_file(c) && access_mode(c->fd) == -1;
}

/* The bytes of two pages, which are "o", after a call for them has failed. */
static char *
pages_after_failure(size_t length, int flags, int fd)
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);

	memset(p, 'o', 2 * page_size());
	(void)mmap(p, length, PROT_READ, MAP_FIXED | flags, fd, 0);
	return p;
}

VIOLATION(mmap_ebadf_clears_range, "mmap.einval-leaves-mappings", "B100", MMAP,
    CHANGES(fails_by_descriptor(c) && asks_private(c) && known_range_at(c->address) != NULL,
	put_zeros(c->address, c->length, READ_WRITE, MAP_PRIVATE)))
{
	return *pages_after_failure(page_size(), MAP_PRIVATE, -1) == 0;
}

VIOLATION(mmap_ebadf_takes_free_range, "mmap.einval-leaves-mappings", "B131", MMAP,
    CHANGES(fails_by_descriptor(c) && known_range_at(c->address) == NULL,
	put_zeros(c->address, c->length, PROT_READ, MAP_PRIVATE)))
{
	char *p = free_range(page_size());

	(void)mmap(p, page_size(), PROT_READ, MAP_FIXED | MAP_SHARED, -1, 0);
	return fault_of_load(p).signal == 0;
}

VIOLATION(mmap_ebadf_leaves_range_read_only, "mmap.einval-leaves-mappings", "-", MMAP,
    CHANGES(fails_by_descriptor(c) && asks_shared(c), real_mprotect(c->address, c->length, PROT_READ)))
{
	return fault_of_store(pages_after_failure(page_size(), MAP_SHARED, 9999), 's').signal != 0;
}

VIOLATION(mmap_missing_type_clears_last_page, "mmap.einval-leaves-mappings", "-", MMAP,
    CHANGES(is_fixed(c) && (c->flags & SHARING_TYPES) == 0 && c->length > page_size(),
	put_zeros((char *)c->address + (pages_for(c->length) - 1) * page_size(), page_size(), READ_WRITE, MAP_PRIVATE)))
{
	return pages_after_failure(2 * page_size(), 0, nameless_file(1))[page_size()] == 0;
}

VIOLATION(mmap_length_zero_clears_page, "mmap.einval-leaves-mappings", "-", MMAP,
    CHANGES(is_fixed(c) && c->length == 0, put_zeros(c->address, page_size(), READ_WRITE, MAP_PRIVATE)))
{
	return *pages_after_failure(0, MAP_SHARED, nameless_file(1)) == 0;
}

VIOLATION(mmap_length_zero_leaves_next_page_read_only, "mmap.einval-leaves-mappings", "-", MMAP,
    CHANGES(is_fixed(c) && c->length == 0, real_mprotect((char *)c->address + page_size(), page_size(), PROT_READ)))
{
	return fault_of_store(&pages_after_failure(0, MAP_SHARED, nameless_file(1))[page_size()], 's').signal != 0;
}
