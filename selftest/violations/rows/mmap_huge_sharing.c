/* SPDX-License-Identifier: BSD-2-Clause */

/* Who sees what is stored in huge pages. The direct checks see nothing where there are none. */

#ifdef __linux__

#include "huge.h"
#include "mmap_fork.h"

static bool
maps_object_again(const struct call *c)
{
	return asks_huge(c) && asks_shared_file(c) && is_mapped(c->fd);
}

/* Two mappings of one object: the second. */
static char *
second_mapping(int sharing)
{
	struct memory m = huge_memory(huge_memfd_memory, 2);

	if (m.start == NULL)
		return NULL;
	m.start[0] = 'o';
	return map_huge(NULL, huge_size(), sharing, m.fd, 0);
}

VIOLATION(mmap_huge_again_changes_object, "mmap_huge_sharing.shared-by-mappings", "-", MMAP,
    FALSIFIES(maps_object_again(c), *start_of(c) = 'x'))
{
	char *p = second_mapping(MAP_SHARED);

	return p != NULL && *p == 'x';
}

VIOLATION(mmap_huge_again_is_private, "mmap_huge_sharing.shared-by-mappings", "-", MMAP,
    CHANGES(maps_object_again(c), c->flags = MAP_PRIVATE))
{
	struct memory m = huge_memory(huge_memfd_memory, 3);

	if (m.start == NULL)
		return false;
	m.start[0] = 'o';
	*map_huge(NULL, huge_size(), MAP_SHARED, m.fd, 0) = 'x';
	return m.start[0] == 'o';
}

VIOLATION(mmap_huge_private_is_shared, "mmap_huge_sharing.private-unseen", "-", MMAP,
    CHANGES(asks_huge(c) && asks_private_file(c), c->flags = MAP_SHARED))
{
	struct memory m = huge_memory(huge_memfd_memory, 1);

	if (m.start == NULL)
		return false;
	*map_huge(NULL, huge_size(), MAP_PRIVATE, m.fd, 0) = 'x';
	return m.start[0] == 'x';
}

VIOLATION(mmap_huge_private_lacks_content, "mmap_huge_sharing.private-unseen", "-", MMAP,
    CHANGES(asks_huge(c) && asks_private_file(c), (c->flags = PRIVATE_ANONYMOUS | MAP_HUGETLB, c->fd = -1)))
{
	char *p = second_mapping(MAP_PRIVATE);

	return p != NULL && *p == 0;
}

static bool
is_shared_huge_range(const struct known_range *range)
{
	return is_huge_range(range) && (range->flags & SHARING_TYPES) == MAP_SHARED;
}

static bool
is_private_huge_range(const struct known_range *range)
{
	return is_huge_range(range) && (range->flags & SHARING_TYPES) == MAP_PRIVATE;
}

VIOLATION(fork_makes_huge_pages_private, "mmap_huge_sharing.fork-shared", "-", FORK,
    IN_CHILD(is_shared_huge_range, make_range_private))
{
	char *p = huge_pages(1);

	return p != NULL && byte_after_child(p) == 0;
}

VIOLATION(
    fork_loses_shared_huge_pages, "mmap_huge_sharing.fork-shared", "-", FORK, IN_CHILD(is_shared_huge_range, clear))
{
	char *p = huge_pages(1);

	if (p == NULL)
		return false;
	*p = 'o';
	return byte_in_child(p) == 0;
}

static void
spoil_end(const struct known_range *range)
{
	range->start[range->length - 1] = 'x';
}

VIOLATION(fork_gives_child_spoiled_huge_page, "mmap_huge_sharing.fork-shared", "-", FORK,
    IN_CHILD(is_shared_huge_range, spoil_end))
{
	char *p = huge_pages(1);

	return p != NULL && byte_in_child(p + huge_size() - 1) == 'x';
}

static char *
private_huge_pages(void)
{
	return huge_memory(private_huge_anonymous_memory, 2).start;
}

VIOLATION(fork_shares_private_huge_pages, "mmap_huge_sharing.fork-private", "-", FORK,
    BEFORE(is_private_huge_range, share_with_children))
{
	char *p = private_huge_pages();

	return p != NULL && byte_after_child(p) != 0;
}

VIOLATION(fork_shares_private_huge_pages_with_child, "mmap_huge_sharing.fork-private-parent", "-", FORK,
    BEFORE(is_private_huge_range, share_with_children))
{
	char *p = private_huge_pages();

	return p != NULL && byte_after_child(p) != 0;
}

VIOLATION(
    fork_loses_private_huge_pages, "mmap_huge_sharing.fork-private", "-", FORK, IN_CHILD(is_private_huge_range, clear))
{
	char *p = private_huge_pages();

	if (p == NULL)
		return false;
	*p = 'o';
	return byte_in_child(p) == 0;
}

VIOLATION(fork_gives_child_spoiled_private_huge_page, "mmap_huge_sharing.fork-private", "-", FORK,
    IN_CHILD(is_private_huge_range, spoil_end))
{
	char *p = private_huge_pages();

	return p != NULL && byte_in_child(p + 2 * huge_size() - 1) == 'x';
}

static bool
is_huge_buffer(const struct call *c)
{
	return is_huge_range(known_range_at(c->buffer));
}

static ssize_t
read_into(char *buffer)
{
	return buffer == NULL ? 0 : pread(nameless_file(page_size()), buffer, 1, 0);
}

VIOLATION(pread_into_huge_page_efault, "mmap_huge_sharing.buffer", "-", PREAD, REFUSES(is_huge_buffer(c), EFAULT))
{
	return read_into(huge_pages(1)) == -1;
}

VIOLATION(pread_into_huge_page_spoils_rest, "mmap_huge_sharing.buffer", "-", PREAD,
    FALSIFIES(is_huge_buffer(c), spoil_range(known_range_at(c->buffer))))
{
	char *p = huge_pages(1);

	return read_into(p) == 1 && p[huge_size() - 1] != 0;
}

VIOLATION(pwrite_from_huge_page_efault, "mmap_huge_sharing.buffer", "-", PWRITE, REFUSES(is_huge_buffer(c), EFAULT))
{
	char *p = huge_pages(1);

	return p != NULL && pwrite(nameless_file(page_size()), p, 1, 0) == -1;
}

VIOLATION(pwrite_from_huge_page_loses_byte, "mmap_huge_sharing.buffer", "-", PWRITE,
    REPLACES(is_huge_buffer(c), (c->length--, real_call(c), c->result += c->result != -1)))
{
	char *p = huge_pages(1);
	int fd = nameless_file(page_size());

	if (p == NULL)
		return false;
	memset(p, 'w', 2);
	return pwrite(fd, p, 2, 0) == 2 && content_of(fd, 2)[1] == 0;
}

static bool
is_direct(const struct call *c)
{
	return is_huge_buffer(c) &&
	    (real_make((struct call){ .interface = FCNTL, .fd = c->fd, .command = F_GETFL }) & O_DIRECT) != 0;
}

/* Of a file system that reads past its cache; or -1. */
static int
direct_file(void)
{
	int fd = nameless_file(page_size());

	return fcntl(fd, F_SETFL, O_DIRECT) == 0 ? fd : -1;
}

VIOLATION(pread_past_cache_into_huge_page_einval, "mmap_huge_sharing.buffer-direct", "-", PREAD,
    REFUSES(is_direct(c), EINVAL))
{
	int fd = direct_file();
	char *p = huge_pages(1);

	return p != NULL && fd != -1 && pread(fd, p, page_size(), 0) == -1;
}

#endif
