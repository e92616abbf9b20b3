/* SPDX-License-Identifier: BSD-2-Clause */

/* What becomes of private mappings in the children of children, and with many children. */

#include "mmap_fork.h"

static bool
is_private_memory(const struct known_range *range)
{
	return is_private_anonymous_range(range) && range->protection == READ_WRITE;
}

static bool
is_inherited_private_file(const struct known_range *range)
{
	return is_private_file_range(range) && range->is_inherited;
}

/* What the parent of this process stored is not there: the file is. */
VIOLATION(fork_gives_grandchild_file_for_private_bytes, "mmap_process.fork-private-snapshot", "-", FORK,
    IN_CHILD(is_inherited_private_file, clear))
{
	char *p = map_private(nameless_file(1), 1);
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		*p = 'c';
		_exit(byte_in_child(p) == 0);
	}
	waitpid(child, &status, 0);
	return WEXITSTATUS(status) == 1;
}

static bool
is_own_private_memory(const struct known_range *range)
{
	return is_private_memory(range) && !range->is_inherited && !range->has_heirs && !has_guard(range);
}

static bool
is_own_private_file(const struct known_range *range)
{
	return is_full_private_file_range(range) && !range->is_inherited && !range->has_heirs;
}

/* With the first child, and with all that come of it. */
VIOLATION(fork_shares_memory_with_first_child, "mmap_process.fork-private-snapshot", "-", FORK,
    BEFORE(is_own_private_memory, share_with_children))
{
	char *p = map_anonymous(1, MAP_PRIVATE);

	return byte_after_child(p) == 'c';
}

VIOLATION(fork_shares_private_files_with_first_child, "mmap_process.fork-private-snapshot", "-", FORK,
    BEFORE(is_own_private_file, share_with_children))
{
	return byte_after_child(map_private(nameless_file(page_size()), 1)) == 'c';
}

/* A counter of the children that share a page wraps. */
static void
share_when_counter_wraps(void)
{
	static unsigned char forks;

	if (++forks == 0)
		for_known_ranges(is_private_memory, share_with_children);
}

VIOLATION(fork_counts_sharers_by_bytes, "mmap_process.fork-private-snapshot", "B221", FORK,
    CHANGES(has_known_range(is_private_memory), share_when_counter_wraps()))
{
	char *p = map_anonymous(1, MAP_PRIVATE);
	int shared = 0;

	for (int i = 0; i <= UINT8_MAX; i++)
		shared += byte_after_child(p) == 'c';
	return shared > 0;
}

static bool
is_part_of_inherited(const struct call *c)
{
	const struct known_range *range = known_range_at(c->address);

	return range != NULL && range->is_inherited && whole_pages(c->length) < range->length;
}

VIOLATION(
    munmap_of_inherited_part_ignored, "mmap_process.fork-child-maps-alone", "-", MUNMAP, SKIPS(is_part_of_inherited(c)))
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		munmap(p, page_size());
		_exit(!load_is_refused(p));
	}
	waitpid(child, &status, 0);
	return WEXITSTATUS(status) == 1;
}

static bool
is_part_of_inherited_shared(const struct call *c)
{
	return is_part_of_inherited(c) && (known_range_at(c->address)->flags & SHARING_TYPES) == MAP_SHARED &&
	    is_resident(c->address);
}

VIOLATION(munmap_of_inherited_part_clears, "mmap_process.fork-child-maps-alone", "-", MUNMAP,
    CHANGES(is_part_of_inherited_shared(c), memset(c->address, 0, c->length)))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);

	*p = 'o';
	return byte_after_unmapping_child(p) == 0;
}
