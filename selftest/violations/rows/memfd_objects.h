/* SPDX-License-Identifier: BSD-2-Clause */

/* Objects of memfd_create(), their names and their seals, for the conditions and direct checks of rows. */

#ifndef SHMCHECK_ROWS_MEMFD_OBJECTS_H
#define SHMCHECK_ROWS_MEMFD_OBJECTS_H

#include <string.h>

#include <sys/mman.h>

#include "known.h"
#include "objects.h"
#include "real.h"
#include "violation.h"

/* The name may be at an address where nothing is. */
static inline size_t
length_of_name(const struct call *c)
{
	struct stat status;
	struct call stat = { .interface = STAT, .name = c->name, .buffer = &status };

	return real_call(&stat) == -1 && stat.error == EFAULT ? 0 : strlen(c->name);
}

/* How many bytes of the object this process has mapped, as far as is known. */
static inline size_t
mapped_bytes(int fd, int sharing)
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);
	size_t bytes = 0;

	for (size_t i = 0; i < count; i++)
		if (ranges[i].fd == fd && ranges[i].flags & sharing)
			bytes += ranges[i].length;
	return bytes;
}

static inline void
map_privately(struct call *c, int flags)
{
	c->result =
	    (intptr_t)real_mmap(c->address, c->length, PROT_READ | PROT_WRITE, MAP_PRIVATE | flags, c->fd, c->offset);
}

/* For direct checks. */
static inline int
seal(int fd, int seals)
{
	return fcntl(fd, F_ADD_SEALS, seals);
}

/* An object of one page that begins with "abc" and has these seals. */
static inline int
sealed(int seals)
{
	int fd = memfd_sealable(page_size());

	pwrite(fd, "abc", 3, 0);
	seal(fd, seals);
	return fd;
}

#endif
