/* SPDX-License-Identifier: BSD-2-Clause */

/* What a call of mmap() asks for and what its file is, for the conditions and statements of rows. */

#ifndef SHMCHECK_ROWS_MMAP_H
#define SHMCHECK_ROWS_MMAP_H

#include <stdint.h>
#include <string.h>

#include <sys/mman.h>

#include "effects.h"
#include "known.h"
#include "objects.h"
#include "real.h"
#include "violation.h"

enum { READ_WRITE = PROT_READ | PROT_WRITE, PRIVATE_ANONYMOUS = MAP_PRIVATE | MAP_ANON };
enum { SHARING_TYPES = MAP_SHARED | MAP_PRIVATE }; /* on Linux both bits are a third type */

static inline bool
is_of_file(const struct call *c)
{
	return (c->flags & MAP_ANON) == 0;
}

static inline bool
asks_shared(const struct call *c)
{
	return (c->flags & SHARING_TYPES) == MAP_SHARED;
}

static inline bool
asks_private(const struct call *c)
{
	return (c->flags & SHARING_TYPES) == MAP_PRIVATE;
}

static inline bool
asks_shared_file(const struct call *c)
{
	return is_of_file(c) && asks_shared(c);
}

static inline bool
asks_private_file(const struct call *c)
{
	return is_of_file(c) && asks_private(c);
}

static inline bool
asks_shared_anonymous(const struct call *c)
{
	return !is_of_file(c) && asks_shared(c);
}

static inline bool
asks_private_anonymous(const struct call *c)
{
	return !is_of_file(c) && asks_private(c);
}

static inline bool
is_fixed(const struct call *c)
{
	return (c->flags & MAP_FIXED) != 0;
}

static inline size_t
pages_for(size_t length)
{
	return whole_pages(length) / page_size();
}

/* Of the new mapping, after the call; the page that its last byte is in. */
static inline char *
start_of(const struct call *c)
{
	return (char *)c->result;
}

static inline char *
last_page_of(const struct call *c)
{
	return start_of(c) + (pages_for(c->length) - 1) * page_size();
}

static inline off_t
last_offset_of(const struct call *c)
{
	return c->offset + (off_t)((pages_for(c->length) - 1) * page_size());
}

/* What fstat() really tells; all zero for what is no open descriptor. */
static inline struct stat
real_status_of(int fd)
{
	struct stat status;

	memset(&status, 0, sizeof(status));
	real_fstat(fd, &status);
	return status;
}

static inline size_t
file_bytes(int fd)
{
	return (size_t)real_status_of(fd).st_size;
}

/* How many bytes of the mapping are behind the end of its file, whole pages of the file and then more of them. */
static inline bool
reaches_behind_last_page(const struct call *c)
{
	return is_of_file(c) && S_ISREG(real_status_of(c->fd).st_mode) &&
	    pages_for((size_t)c->offset + c->length) > pages_for(file_bytes(c->fd));
}

/* Of the new mapping, the first page that is behind the end. */
static inline char *
first_page_behind_end(const struct call *c)
{
	size_t whole = pages_for(file_bytes(c->fd)) * page_size();

	return start_of(c) + (whole > (size_t)c->offset ? whole - (size_t)c->offset : 0);
}

static inline bool
is_file(int fd)
{
	return S_ISREG(real_status_of(fd).st_mode) && !is_object(fd);
}

/* O_RDONLY, O_WRONLY or O_RDWR, or -1 of no open descriptor. */
static inline int
access_mode(int fd)
{
	int flags = (int)real_make((struct call){ .interface = FCNTL, .fd = fd, .command = F_GETFL });

	return flags == -1 ? -1 : flags & O_ACCMODE;
}

/* Memory without a file where there should be none, as the result of a call. */
static inline void *
some_memory(const struct call *c)
{
	return real_mmap(NULL, whole_pages(c->length), c->protection, PRIVATE_ANONYMOUS, -1, 0);
}

/* Map it as asked, by another descriptor for the same file, which can write where the caller's cannot. */
static inline void *
mapped_for_writing(const struct call *c)
{
	int fd = open_again(c->fd, O_RDWR);
	void *p = real_mmap(c->address, c->length, c->protection, c->flags, fd, c->offset);

	real_close(fd);
	return p;
}

static inline bool
is_private_anonymous_range(const struct known_range *range)
{
	return range != NULL && range->fd == -1 && range->id == -1 && (range->flags & SHARING_TYPES) == MAP_PRIVATE;
}

static inline bool
is_shared_anonymous_range(const struct known_range *range)
{
	return range != NULL && range->fd == -1 && range->id == -1 && (range->flags & SHARING_TYPES) == MAP_SHARED;
}

static inline bool
is_shared_file_range(const struct known_range *range)
{
	return range != NULL && range->fd != -1 && (range->flags & SHARING_TYPES) == MAP_SHARED;
}

static inline bool
is_private_file_range(const struct known_range *range)
{
	return range != NULL && range->fd != -1 && (range->flags & SHARING_TYPES) == MAP_PRIVATE;
}

/* Another thread may have closed or unmapped it since the condition held. */
static inline void
make_range_private(const struct known_range *range)
{
	if (range != NULL)
		make_private(range->start, range->length);
}

/* The range that maps this descriptor in this way, or a null pointer. */
static inline struct known_range *
range_of_descriptor(int fd, bool (*is_meant)(const struct known_range *))
{
	size_t count;
	struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].fd == fd && is_meant(&ranges[i]))
			return &ranges[i];
	return NULL;
}

#endif
