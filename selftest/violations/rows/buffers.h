/* SPDX-License-Identifier: BSD-2-Clause */

/* The buffers of read() and write(), for conditions. */

#ifndef SHMCHECK_BUFFERS_H
#define SHMCHECK_BUFFERS_H

#include "mmap.h"

static inline bool
is_shared_buffer(const struct call *c)
{
	const struct known_range *range = known_range_at(c->buffer);

	return range != NULL && (range->id != -1 || (range->flags & SHARING_TYPES) == MAP_SHARED);
}

static inline char *
page_of_byte(void *at)
{
	return (char *)at - (uintptr_t)at % page_size();
}

static inline bool
transfers_shared(const struct call *c)
{
	return is_shared_buffer(c) && c->result > 0;
}

static inline off_t
position_of(int fd)
{
	return (off_t)real_make((struct call){ .interface = LSEEK, .fd = fd, .command = SEEK_CUR });
}

/* Whether the page has no memory for this transfer. What is known nowhere is, or is not, mapped by somebody else. */
static inline bool
is_closed(const struct call *c, char *at)
{
	const struct known_range *range = known_range_at(at);
	bool stores = c->interface == READ || c->interface == PREAD;
	struct call mincore = {
		.interface = MINCORE, .address = page_of_byte(at), .length = page_size(), .buffer = &(char){ 0 }
	};

	if (range == NULL)
		return real_call(&mincore) == -1;
	if ((range->protection & (stores ? PROT_WRITE : PROT_READ)) == 0)
		return true;
	return range->fd != -1 && S_ISREG(real_status_of(range->fd).st_mode) &&
	    (size_t)(range->offset + (page_of_byte(at) - range->start)) >= file_bytes(range->fd);
}

#endif
