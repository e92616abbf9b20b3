/* SPDX-License-Identifier: BSD-2-Clause */

/* The functions and constants of <sys/mman.h>. */

#include "mmap.h"

static void
fail_with_null(struct call *c)
{
	real_call(c);
	if (c->result == -1)
		c->result = 0;
}

VIOLATION(mmap_fails_with_null, "mmap_header.map-failed", "-", MMAP,
    REPLACES(is_of_file(c) && access_mode(c->fd) == -1, fail_with_null(c)))
{
	return mmap(NULL, page_size(), PROT_READ, MAP_SHARED, -1, 0) == NULL;
}

VIOLATION(mmap_refuses_read_only_memory, "mmap_header.map-failed", "-", MMAP,
    REFUSES(asks_private_anonymous(c) && c->protection == PROT_READ && (c->flags & MAP_FIXED) == 0, EINVAL))
{
	return mmap(NULL, page_size(), PROT_READ, PRIVATE_ANONYMOUS, -1, 0) == MAP_FAILED;
}
