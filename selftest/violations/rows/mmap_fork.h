/* SPDX-License-Identifier: BSD-2-Clause */

/* How rows change at fork what is mapped, and how their direct checks look at it. */

#ifndef SHMCHECK_ROWS_MMAP_FORK_H
#define SHMCHECK_ROWS_MMAP_FORK_H

#include "child.h"
#include "mmap.h"

static inline void
clear(const struct known_range *range)
{
	put_zeros(range->start, range->length, READ_WRITE, MAP_PRIVATE);
}

/* Whose pages are all there, so that they can be copied. */
static inline bool
is_full_private_file_range(const struct known_range *range)
{
	return is_private_file_range(range) && file_bytes(range->fd) >= (size_t)range->offset + range->length;
}

/*
 * Whether it has a page that cannot be copied, by MADV_GUARD_INSTALL of Linux. To look brings pages in: memory whose first page
 * nobody has touched is left untouched, for other rows.
 */
static inline bool
has_guard(const struct known_range *range)
{
	struct call look = {
		.interface = MADVISE, .address = range->start, .length = range->length, .command = MADV_POPULATE_READ
	};

	return is_resident(range->start) && real_call(&look) == -1 && look.error == EFAULT;
}

#define IN_CHILD(is_of_kind, effect) \
	FALSIFIES(c->result == 0 && has_known_range(is_of_kind), for_known_ranges(is_of_kind, effect))
#define BEFORE(is_of_kind, effect) CHANGES(has_known_range(is_of_kind), for_known_ranges(is_of_kind, effect))

/* What a new child finds in the byte. */
static inline char
byte_in_child(const char *p)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0)
		_exit(*p);
	waitpid(child, &status, 0);
	return (char)WEXITSTATUS(status);
}

/* In a child: what its own child makes of the byte is the exit status. */
static inline char
byte_after_grandchild(char *p)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0)
		_exit(byte_after_child(p));
	waitpid(child, &status, 0);
	return (char)WEXITSTATUS(status);
}

/* Put memory that is shared with children in the place of these pages, with the same bytes. */
static inline void
share_pages(char *start, size_t length)
{
	char *copy = real_mmap(NULL, length, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0);

	memcpy(copy, start, length);
	real_mmap(start, length, READ_WRITE, MAP_SHARED | MAP_ANON | MAP_FIXED, -1, 0);
	memcpy(start, copy, length);
	real_munmap(copy, length);
}

static inline void
share_with_children(const struct known_range *range)
{
	share_pages(range->start, range->length);
}

#endif
