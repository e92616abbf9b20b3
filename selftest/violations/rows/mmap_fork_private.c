/* SPDX-License-Identifier: BSD-2-Clause */

/* What becomes of private mappings at fork: parent and child share them, or the child finds something else. */

#include "mmap_fork.h"

static bool
is_private_memory_range(const struct known_range *range)
{
	return is_private_anonymous_range(range) && range->protection == READ_WRITE;
}

static bool
is_private_memory_alone(const struct known_range *range)
{
	return is_private_memory_range(range) && !known_any_segment();
}

static bool
is_untouched_private_range(const struct known_range *range)
{
	return is_private_memory_range(range) && !is_resident(range->start);
}

static bool
is_touched_private_range(const struct known_range *range)
{
	return is_private_memory_range(range) && is_resident(range->start) && !has_guard(range);
}

static bool
is_inherited_private_range(const struct known_range *range)
{
	return is_private_memory_range(range) && range->is_inherited;
}

static void
share(const struct known_range *range)
{
	if (real_mprotect(range->start, range->length, READ_WRITE) == 0)
		share_pages(range->start, range->length);
}

static void
share_last_page(const struct known_range *range)
{
	char *page = range->start + range->length - page_size();

	if (real_mprotect(page, page_size(), READ_WRITE) == 0)
		share_pages(page, page_size());
}

VIOLATION(fork_shares_touched_memory, "mmap_anonymous.private-across-fork", "-", FORK,
    BEFORE(is_touched_private_range, share))
{
	char *p = map_anonymous(1, MAP_PRIVATE);

	*p = 'o';
	return byte_after_child(p) == 'c';
}

VIOLATION(fork_shares_last_page_of_memory, "mmap_anonymous.private-across-fork", "-", FORK,
    BEFORE(is_private_memory_range, share_last_page))
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);

	return byte_after_child(p) == 0 && byte_after_child(p + page_size()) == 'c';
}

VIOLATION(fork_shares_untouched_memory, "mmap_anonymous.private-across-fork", "-", FORK,
    BEFORE(is_untouched_private_range, share))
{
	return byte_after_child(map_anonymous(1, MAP_PRIVATE)) == 'c';
}

VIOLATION(fork_gives_child_zeros_for_memory, "mmap_anonymous.private-across-fork", "-", FORK,
    IN_CHILD(is_private_memory_alone, clear))
{
	char *p = map_anonymous(1, MAP_PRIVATE);

	*p = 'o';
	return byte_in_child(p) == 0;
}

VIOLATION(fork_shares_memory_with_grandchild, "mmap_anonymous.private-across-fork", "-", FORK,
    BEFORE(is_inherited_private_range, share))
{
	char *p = map_anonymous(1, MAP_PRIVATE);

	return byte_after_child(p) == 0 && byte_after_grandchild(p) == 'c';
}

VIOLATION(fork_shares_private_files, "mmap_process.fork-private-snapshot", "-", FORK,
    BEFORE(is_full_private_file_range, share))
{
	return byte_after_child(map_private(nameless_file(page_size()), 1)) == 'c';
}

VIOLATION(fork_shares_last_page_of_private_files, "mmap_process.fork-private-snapshot", "-", FORK,
    BEFORE(is_full_private_file_range, share_last_page))
{
	char *p = map_private(nameless_file(2 * page_size()), 2 * page_size());

	return byte_after_child(p) == 0 && byte_after_child(p + page_size()) == 'c';
}

/* Before the second fork of a process and later ones. */
static void
share_from_second_on(void)
{
	static int forks;

	if (forks++ > 0)
		for_known_ranges(is_private_memory_range, share);
}

VIOLATION(fork_shares_memory_with_second_child, "mmap_process.fork-private-snapshot", "-", FORK,
    CHANGES(has_known_range(is_private_memory_range), share_from_second_on()))
{
	char *p = map_anonymous(1, MAP_PRIVATE);
	bool is_first_shared = byte_after_child(p) == 'c';

	return !is_first_shared && byte_after_child(p) == 'c';
}
