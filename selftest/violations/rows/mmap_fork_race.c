/* SPDX-License-Identifier: BSD-2-Clause */

/* What becomes of memory with heirs when its process goes on with it. */

#include "mmap_fork.h"

static bool
has_heirs(const void *address)
{
	const struct known_range *range = known_range_at(address);

	return range != NULL && range->has_heirs;
}

VIOLATION(read_after_fork_stores_nothing, "mmap_process.fork-private-snapshot", "-", READ,
    FALSIFIES(c->result > 0 && has_heirs(c->buffer) && is_private_anonymous_range(known_range_at(c->buffer)),
	memset(c->buffer, 0, (size_t)c->result)))
{
	char *p = map_anonymous(1, MAP_PRIVATE);
	int ends[2];

	if (fork() == 0)
		_exit(0);
	return pipe(ends) == 0 && write(ends[1], "r", 1) == 1 && read(ends[0], p, 1) == 1 && *p == 0;
}

VIOLATION(munmap_of_memory_with_heirs_clears, "mmap_process.fork-parent-unmaps", "-", MUNMAP,
    CHANGES(has_heirs(c->address) && is_shared_anonymous_range(known_range_at(c->address)),
	memset(c->address, 0, c->length)))
{
	char *p = map_anonymous(1, MAP_SHARED);
	int go[2];
	int status = 0;
	char byte;
	pid_t child;

	*p = 'o';
	if (pipe(go) == -1)
		return false;
	child = fork();
	if (child == 0)
		_exit(read(go[0], &byte, 1) == 1 && *p == 0);
	munmap(p, page_size());
	if (write(go[1], "g", 1) != 1)
		return false;
	waitpid(child, &status, 0);
	return WEXITSTATUS(status) == 1;
}

/* Pages that nobody has touched are not zero at their ends, when there is shared memory and no segment. */
static void
spoil_ends(const struct call *c)
{
	for (size_t page = 0; page < pages_for(c->length); page++)
		start_of(c)[(page + 1) * page_size() - 1] = SPOILED;
}

static bool
is_for_storing(const struct call *c)
{
	return c->address == NULL && c->protection == READ_WRITE && c->length > page_size() &&
	    has_known_range(is_shared_anonymous_range) && !known_any_segment();
}

VIOLATION(mmap_private_memory_pages_end_dirty, "mmap_process.threads-first-touch", "-", MMAP,
    FALSIFIES(asks_private_anonymous(c) && is_for_storing(c), spoil_ends(c)))
{
	map_anonymous(1, MAP_SHARED);
	return ((char *)map_anonymous(2 * page_size(), MAP_PRIVATE))[2 * page_size() - 1] == SPOILED;
}

VIOLATION(mmap_private_file_pages_end_dirty, "mmap_process.threads-first-touch", "-", MMAP,
    FALSIFIES(asks_private_file(c) && is_for_storing(c) && !reaches_behind_last_page(c), spoil_ends(c)))
{
	map_anonymous(1, MAP_SHARED);
	char *p = map_private(nameless_file(2 * page_size()), 2 * page_size());

	return p[2 * page_size() - 1] == SPOILED;
}
