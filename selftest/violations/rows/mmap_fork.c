/* SPDX-License-Identifier: BSD-2-Clause */

/* What becomes of shared mappings at fork: the child lacks them, or has its own. */

#include "mmap_fork.h"

/* Larger than what a lock alone is in. */
static bool
is_meant(const struct known_range *range)
{
	return range != NULL && range->length > page_size();
}

static bool
is_file_range(const struct known_range *range)
{
	return is_meant(range) && is_shared_file_range(range) && is_file(range->fd);
}

static bool
is_object_range(const struct known_range *range)
{
	return is_meant(range) && is_shared_file_range(range) && is_object(range->fd);
}

static bool
is_device_range(const struct known_range *range)
{
	return is_meant(range) && is_shared_file_range(range) && S_ISCHR(real_status_of(range->fd).st_mode);
}

static bool
is_attachment_range(const struct known_range *range)
{
	return is_meant(range) && range->id != -1;
}

static bool
is_memory_range(const struct known_range *range)
{
	return is_meant(range) && is_shared_anonymous_range(range);
}

static bool
is_untouched_memory_range(const struct known_range *range)
{
	return is_memory_range(range) && !is_resident(range->start);
}

static bool
is_inherited_anonymous_range(const struct known_range *range)
{
	return is_memory_range(range) && range->is_inherited;
}

/* Of a file that another range maps too, the later one. */
static bool
is_second_of_file(const struct known_range *range)
{
	const struct known_range *first = range->fd == -1 ? NULL : range_of_descriptor(range->fd, is_shared_file_range);

	return first != NULL && is_shared_file_range(range) && is_file(range->fd) && first != range;
}

static void
lose(const struct known_range *range)
{
	real_munmap(range->start, range->length);
}

static void
lose_last_page(const struct known_range *range)
{
	real_munmap(range->start + range->length - page_size(), page_size());
}

static void
own_last_page(const struct known_range *range)
{
	make_private(range->start + range->length - page_size(), page_size());
}

/* Whether a new child is refused a load of this byte. */
static bool
child_lacks(const char *p)
{
	int status = -1;
	pid_t child = fork();

	if (child == 0)
		_exit(fault_of_load(p).signal != 0 ? 0 : 1);
	waitpid(child, &status, 0);
	return status == 0;
}

static char *
new_memory(memory_kind *kind)
{
	char *p = memory_create(kind, 3 * page_size()).start;

	*p = 'o';
	return p;
}

VIOLATION(fork_child_lacks_shared_memory, "mmap_process.fork-same-address", "-", FORK, IN_CHILD(is_memory_range, lose))
{
	return child_lacks(new_memory(anonymous_memory));
}

VIOLATION(fork_child_lacks_files, "mmap_process.fork-same-address", "-", FORK, IN_CHILD(is_file_range, lose))
{
	return child_lacks(new_memory(file_memory));
}

VIOLATION(fork_child_lacks_objects, "mmap_process.fork-same-address", "-", FORK, IN_CHILD(is_object_range, lose))
{
	return child_lacks(new_memory(object_memory));
}

VIOLATION(fork_child_lacks_last_page_of_attachments, "mmap_process.fork-same-address", "-", FORK,
    IN_CHILD(is_attachment_range, lose_last_page))
{
	return child_lacks(new_memory(segment_memory) + 2 * page_size());
}

VIOLATION(fork_child_lacks_last_page_of_files, "mmap_process.fork-same-address", "-", FORK,
    IN_CHILD(is_file_range, lose_last_page))
{
	const char *p = new_memory(file_memory);

	return !child_lacks(p) && child_lacks(p + 2 * page_size());
}

VIOLATION(fork_child_has_zeros_of_device, "mmap_process.fork-same-address", "-", FORK, IN_CHILD(is_device_range, clear))
{
	return byte_in_child(new_memory(dev_zero_memory)) == 0;
}

VIOLATION(
    fork_child_lacks_private_files, "mmap_process.fork-same-address", "-", FORK, IN_CHILD(is_private_file_range, lose))
{
	return child_lacks(map_private(nameless_file(1), 1));
}

VIOLATION(fork_child_has_file_for_private_bytes, "mmap_process.fork-same-address", "-", FORK,
    IN_CHILD(is_private_file_range, clear))
{
	char *p = map_private(nameless_file(1), 1);

	*p = 'o';
	return byte_in_child(p) == 0;
}

VIOLATION(fork_makes_files_private, "mmap_process.fork-shared-stays-shared", "-", FORK,
    IN_CHILD(is_file_range, make_range_private))
{
	return byte_after_child(new_memory(file_memory)) == 'o';
}

VIOLATION(fork_makes_objects_private, "mmap_process.fork-shared-stays-shared", "-", FORK,
    IN_CHILD(is_object_range, make_range_private))
{
	return byte_after_child(new_memory(object_memory)) == 'o';
}

VIOLATION(fork_makes_last_page_of_objects_private, "mmap_process.fork-shared-stays-shared", "-", FORK,
    IN_CHILD(is_object_range, own_last_page))
{
	char *p = new_memory(object_memory);

	return byte_after_child(p) == 'c' && byte_after_child(p + 2 * page_size()) == 0;
}

VIOLATION(fork_makes_last_page_of_attachments_private, "mmap_process.fork-shared-stays-shared", "-", FORK,
    IN_CHILD(is_attachment_range, own_last_page))
{
	char *p = new_memory(segment_memory);

	return byte_after_child(p) == 'c' && byte_after_child(p + 2 * page_size()) == 0;
}

VIOLATION(fork_makes_second_mapping_private, "mmap_process.fork-shared-stays-shared", "-", FORK,
    IN_CHILD(is_second_of_file, make_range_private))
{
	int fd = nameless_file(1);

	map_shared(fd, 1);
	return byte_after_child(map_shared(fd, 1)) == 0;
}

VIOLATION(fork_makes_shared_memory_private, "mmap_anonymous.shared-across-fork", "B032", FORK,
    IN_CHILD(is_memory_range, make_range_private))
{
	return byte_after_child(new_memory(anonymous_memory)) == 'o';
}

VIOLATION(fork_makes_untouched_memory_private, "mmap_anonymous.shared-across-fork", "-", FORK,
    IN_CHILD(is_untouched_memory_range, make_range_private))
{
	return byte_after_child(map_anonymous(3 * page_size(), MAP_SHARED)) == 0 &&
	    byte_after_child(new_memory(anonymous_memory)) == 'c';
}

VIOLATION(fork_makes_last_page_of_memory_private, "mmap_anonymous.shared-across-fork", "-", FORK,
    IN_CHILD(is_memory_range, own_last_page))
{
	char *p = new_memory(anonymous_memory);

	return byte_after_child(p) == 'c' && byte_after_child(p + 2 * page_size()) == 0;
}

/* From the second child of a process on. */
static void
from_second_on(
    bool is_child, bool (*is_of_kind)(const struct known_range *), void (*effect)(const struct known_range *))
{
	static int children;

	if (children > 0 && is_child)
		for_known_ranges(is_of_kind, effect);
	children++;
}

VIOLATION(fork_makes_memory_private_in_second_child, "mmap_anonymous.shared-across-fork", "-", FORK,
    FALSIFIES(has_known_range(is_memory_range), from_second_on(c->result == 0, is_memory_range, make_range_private)))
{
	char *p = new_memory(anonymous_memory);

	return byte_after_child(p) == 'c' && byte_after_child(p + 1) == 0;
}

VIOLATION(fork_makes_memory_private_in_grandchild, "mmap_anonymous.grandchild-shares", "-", FORK,
    IN_CHILD(is_inherited_anonymous_range, make_range_private))
{
	char *p = new_memory(anonymous_memory);

	return byte_after_child(p) == 'c' && byte_after_grandchild(p + 1) == 0;
}
