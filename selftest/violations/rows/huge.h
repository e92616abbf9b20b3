/* SPDX-License-Identifier: BSD-2-Clause */

/* Memory of huge pages, for the conditions and direct checks of rows. */

#ifndef SHMCHECK_ROWS_HUGE_H
#define SHMCHECK_ROWS_HUGE_H

#include "huge_memory.h"
#include "mmap.h"

/* The engine has no lib/: the size is that of an object. A page where there are no huge ones. */
static inline size_t
huge_size(void)
{
	static size_t size;
	struct call create = {
		.interface = MEMFD_CREATE, .name = "shmcheck", .flags = (int)(MFD_CLOEXEC | MFD_HUGETLB)
	};

	if (size == 0) {
		int fd = (int)real_call(&create);

		size = fd == -1 ? page_size() : (size_t)real_status_of(fd).st_blksize;
		if (fd != -1)
			real_close(fd);
	}
	return size;
}

/* Of memfd_create() or of a hugetlbfs. */
static inline bool
is_huge_file(int fd)
{
	const struct stat status = real_status_of(fd);

	return S_ISREG(status.st_mode) && (size_t)status.st_blksize > page_size() &&
	    (size_t)status.st_blksize == huge_size();
}

static inline bool
asks_huge(const struct call *c)
{
	return is_of_file(c) ? is_huge_file(c->fd) : (c->flags & MAP_HUGETLB) != 0;
}

static inline size_t
over_huge(const void *address)
{
	return (uintptr_t)address % huge_size();
}

static inline size_t
whole_huge_pages(size_t length)
{
	return (length + huge_size() - 1) / huge_size() * huge_size();
}

static inline bool
is_huge_range(const struct known_range *range)
{
	if (range == NULL || range->id != -1)
		return false;
	return range->fd == -1 ? (range->flags & MAP_HUGETLB) != 0 : is_huge_file(range->fd);
}

/* The call is for a mapping of huge pages, at multiples of them or not. */
static inline bool
is_for_huge(const struct call *c)
{
	return is_huge_range(known_range_at(c->address));
}

static inline bool
is_for_whole_huge(const struct call *c)
{
	return is_for_huge(c) && over_huge(c->address) == 0 && c->length % huge_size() == 0;
}

static inline bool
is_for_part_of_huge(const struct call *c)
{
	return is_for_huge(c) && !is_for_whole_huge(c);
}

/* For direct checks, each of which asks once: such memory of some huge pages, or a null pointer where it cannot be had. */
static inline struct memory
huge_memory(memory_kind *kind, unsigned pages)
{
	return has_huge_pages(pages) ? kind(pages * huge_size()) : (struct memory){ .fd = -1, .id = -1 };
}

static inline char *
huge_pages(unsigned pages)
{
	return huge_memory(huge_anonymous_memory, pages).start;
}

#endif
