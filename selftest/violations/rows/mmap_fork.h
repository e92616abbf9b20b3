/* SPDX-License-Identifier: BSD-2-Clause */

/* How rows change at fork what is mapped, and how their direct checks look at it. */

#ifndef SHMCHECK_ROWS_MMAP_FORK_H
#define SHMCHECK_ROWS_MMAP_FORK_H

#include "mmap.h"

/* Whether the first page is there because somebody has loaded or stored something: asked without an access. */
static inline bool
is_touched(const struct known_range *range)
{
	unsigned char resident = 0;

	real_make(
	    (struct call){ .interface = MINCORE, .address = range->start, .length = page_size(), .buffer = &resident });
	return (resident & 1) != 0;
}

static inline void
for_all(bool (*is_of_kind)(const struct known_range *), void (*effect)(const struct known_range *))
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (is_of_kind(&ranges[i]))
			effect(&ranges[i]);
}

static inline void
clear(const struct known_range *range)
{
	put_zeros(range->start, range->length, READ_WRITE);
}

static inline bool
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

/* What is in the byte after a new child has stored "c" there; the child, and what it finds there. */
static inline char
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

#endif
