/* SPDX-License-Identifier: BSD-2-Clause */

/* What becomes of mappings at fork: the child lacks them, or shares or copies what it should not. */

#include "mmap.h"

/* As large as what the cases about fork alone map. */
static bool
is_meant(const struct known_range *range)
{
	return range != NULL && range->length == 3 * page_size();
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

/* Memory that nobody has stored to, as far as its first byte tells; the same of which somebody has. */
static bool
is_untouched_memory_range(const struct known_range *range)
{
	return is_memory_range(range) && *range->start == 0;
}

static bool
is_untouched_private_range(const struct known_range *range)
{
	return is_private_anonymous_range(range) && range->protection == READ_WRITE && *range->start == 0;
}

static bool
is_touched_private_range(const struct known_range *range)
{
	return is_private_anonymous_range(range) && range->protection == READ_WRITE && *range->start != 0;
}

static bool
is_private_memory_range(const struct known_range *range)
{
	return is_private_anonymous_range(range) && range->protection == READ_WRITE;
}

static bool
is_inherited_anonymous_range(const struct known_range *range)
{
	return is_memory_range(range) && range->is_inherited;
}

static bool
is_inherited_private_range(const struct known_range *range)
{
	return is_private_memory_range(range) && range->is_inherited;
}

/* Of a file that another range maps too, the later one. */
static bool
is_second_of_file(const struct known_range *range)
{
	const struct known_range *first = range->fd == -1 ? NULL : range_of_descriptor(range->fd, is_shared_file_range);

	return first != NULL && is_shared_file_range(range) && is_file(range->fd) && first != range;
}

static void
for_all(bool (*is_of_kind)(const struct known_range *), void (*effect)(const struct known_range *))
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (is_of_kind(&ranges[i]))
			effect(&ranges[i]);
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
own(const struct known_range *range)
{
	make_private(range->start, range->length);
}

static void
own_last_page(const struct known_range *range)
{
	make_private(range->start + range->length - page_size(), page_size());
}

static void
clear(const struct known_range *range)
{
	put_zeros(range->start, range->length, READ_WRITE);
}

/* Put memory that is shared with children in the place of private pages. */
static void
share_pages(char *start, size_t length)
{
	char *copy = real_mmap(NULL, length, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0);

	memcpy(copy, start, length);
	real_mmap(start, length, READ_WRITE, MAP_SHARED | MAP_ANON | MAP_FIXED, -1, 0);
	memcpy(start, copy, length);
	real_munmap(copy, length);
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
	share_pages(range->start + range->length - page_size(), page_size());
}

static bool
has(bool (*is_of_kind)(const struct known_range *))
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (is_of_kind(&ranges[i]))
			return true;
	return false;
}

#define IN_CHILD(is_of_kind, effect) FALSIFIES(c->result == 0 && has(is_of_kind), for_all(is_of_kind, effect))
#define BEFORE(is_of_kind, effect)   CHANGES(has(is_of_kind), for_all(is_of_kind, effect))

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

/* What is in the byte after a new child has stored "c" there; the child, and what it finds there. */
static char
byte_after_child(char *p)
{
	pid_t child = fork();

	if (child == 0) {
		*p = 'c';
		_exit(0);
	}
	waitpid(child, NULL, 0);
	return *p;
}

static char
byte_in_child(const char *p)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0)
		_exit(*p);
	waitpid(child, &status, 0);
	return (char)WEXITSTATUS(status);
}

static char *
new_memory(enum memory_kind kind)
{
	char *p = memory_create(kind, 3 * page_size()).start;

	*p = 'o';
	return p;
}

VIOLATION(fork_child_lacks_shared_memory, "mmap_process.fork-same-address", "-", FORK, IN_CHILD(is_memory_range, lose))
{
	return child_lacks(new_memory(ANONYMOUS));
}

VIOLATION(fork_child_lacks_files, "mmap_process.fork-same-address", "-", FORK, IN_CHILD(is_file_range, lose))
{
	return child_lacks(new_memory(REGULAR_FILE_MEMORY));
}

VIOLATION(fork_child_lacks_objects, "mmap_process.fork-same-address", "-", FORK, IN_CHILD(is_object_range, lose))
{
	return child_lacks(new_memory(OBJECT_MEMORY));
}

VIOLATION(fork_child_lacks_last_page_of_attachments, "mmap_process.fork-same-address", "-", FORK,
    IN_CHILD(is_attachment_range, lose_last_page))
{
	return child_lacks(new_memory(SEGMENT_MEMORY) + 2 * page_size());
}

VIOLATION(fork_child_lacks_last_page_of_files, "mmap_process.fork-same-address", "-", FORK,
    IN_CHILD(is_file_range, lose_last_page))
{
	const char *p = new_memory(REGULAR_FILE_MEMORY);

	return !child_lacks(p) && child_lacks(p + 2 * page_size());
}

VIOLATION(fork_child_has_zeros_of_device, "mmap_process.fork-same-address", "-", FORK, IN_CHILD(is_device_range, clear))
{
	return byte_in_child(new_memory(DEV_ZERO)) == 0;
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

VIOLATION(fork_makes_files_private, "mmap_process.fork-shared-stays-shared", "-", FORK, IN_CHILD(is_file_range, own))
{
	return byte_after_child(new_memory(REGULAR_FILE_MEMORY)) == 'o';
}

VIOLATION(
    fork_makes_objects_private, "mmap_process.fork-shared-stays-shared", "-", FORK, IN_CHILD(is_object_range, own))
{
	return byte_after_child(new_memory(OBJECT_MEMORY)) == 'o';
}

VIOLATION(fork_makes_last_page_of_objects_private, "mmap_process.fork-shared-stays-shared", "-", FORK,
    IN_CHILD(is_object_range, own_last_page))
{
	char *p = new_memory(OBJECT_MEMORY);

	return byte_after_child(p) == 'c' && byte_after_child(p + 2 * page_size()) == 0;
}

VIOLATION(fork_makes_last_page_of_attachments_private, "mmap_process.fork-shared-stays-shared", "-", FORK,
    IN_CHILD(is_attachment_range, own_last_page))
{
	char *p = new_memory(SEGMENT_MEMORY);

	return byte_after_child(p) == 'c' && byte_after_child(p + 2 * page_size()) == 0;
}

VIOLATION(fork_makes_second_mapping_private, "mmap_process.fork-shared-stays-shared", "-", FORK,
    IN_CHILD(is_second_of_file, own))
{
	int fd = nameless_file(1);

	map_shared(fd, 1);
	return byte_after_child(map_shared(fd, 1)) == 0;
}

VIOLATION(
    fork_makes_shared_memory_private, "mmap_anonymous.shared-across-fork", "B032", FORK, IN_CHILD(is_memory_range, own))
{
	return byte_after_child(new_memory(ANONYMOUS)) == 'o';
}

VIOLATION(fork_makes_untouched_memory_private, "mmap_anonymous.shared-across-fork", "-", FORK,
    IN_CHILD(is_untouched_memory_range, own))
{
	return byte_after_child(map_anonymous(3 * page_size(), MAP_SHARED)) == 0 &&
	    byte_after_child(new_memory(ANONYMOUS)) == 'c';
}

VIOLATION(fork_makes_last_page_of_memory_private, "mmap_anonymous.shared-across-fork", "-", FORK,
    IN_CHILD(is_memory_range, own_last_page))
{
	char *p = new_memory(ANONYMOUS);

	return byte_after_child(p) == 'c' && byte_after_child(p + 2 * page_size()) == 0;
}

/* From the second child of a process on. */
static void
from_second_on(
    bool is_child, bool (*is_of_kind)(const struct known_range *), void (*effect)(const struct known_range *))
{
	static int children;

	if (children > 0 && is_child)
		for_all(is_of_kind, effect);
	children++;
}

VIOLATION(fork_makes_memory_private_in_second_child, "mmap_anonymous.shared-across-fork", "-", FORK,
    FALSIFIES(has(is_memory_range), from_second_on(c->result == 0, is_memory_range, own)))
{
	char *p = new_memory(ANONYMOUS);

	return byte_after_child(p) == 'c' && byte_after_child(p + 1) == 0;
}

/* In a child: what its own child makes of the byte is the exit status. */
static char
byte_after_grandchild(char *p)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0)
		_exit(byte_after_child(p));
	waitpid(child, &status, 0);
	return (char)WEXITSTATUS(status);
}

VIOLATION(fork_makes_memory_private_in_grandchild, "mmap_anonymous.grandchild-shares", "-", FORK,
    IN_CHILD(is_inherited_anonymous_range, own))
{
	char *p = new_memory(ANONYMOUS);

	return byte_after_child(p) == 'c' && byte_after_grandchild(p + 1) == 0;
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
    IN_CHILD(is_private_memory_range, clear))
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

VIOLATION(
    fork_shares_private_files, "mmap_process.fork-private-snapshot", "-", FORK, BEFORE(is_private_file_range, share))
{
	return byte_after_child(map_private(nameless_file(1), 1)) == 'c';
}

VIOLATION(fork_shares_last_page_of_private_files, "mmap_process.fork-private-snapshot", "-", FORK,
    BEFORE(is_private_file_range, share_last_page))
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
		for_all(is_private_memory_range, share);
}

VIOLATION(fork_shares_memory_with_second_child, "mmap_process.fork-private-snapshot", "-", FORK,
    CHANGES(has(is_private_memory_range), share_from_second_on()))
{
	char *p = map_anonymous(1, MAP_PRIVATE);
	bool is_first_shared = byte_after_child(p) == 'c';

	return !is_first_shared && byte_after_child(p) == 'c';
}
