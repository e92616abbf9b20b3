/* SPDX-License-Identifier: BSD-2-Clause */

/* What a call of mlock2() asks for, for conditions, and what it does, for direct checks. */

#ifndef SHMCHECK_ROWS_MLOCK2_H
#define SHMCHECK_ROWS_MLOCK2_H

#include <sys/mman.h>

#include "effects.h"
#include "platform.h"
#include "violation.h"

#ifdef MLOCK_ONFAULT

/* Not that by which a program finds out whether there is the call. */
static inline bool
is_whole_lock(const struct call *c)
{
	return c->length > 0 && c->flags == 0;
}

static inline bool
is_lock_on_fault(const struct call *c)
{
	return c->length > 0 && c->flags == MLOCK_ONFAULT;
}

static inline char *
new_pages(size_t count)
{
	return map_anonymous(count * page_size(), MAP_SHARED);
}

/* How many pages more are locked after the call for the second of three pages. */
static inline long
pages_locked(int flags)
{
	char *p = new_pages(3);
	long before = locked_bytes();

	mlock2(&p[page_size()], page_size(), flags);
	return (locked_bytes() - before) / (long)page_size();
}

/* The error of the call for two pages; 0: there is none. */
static inline int
error_of_two(int flags)
{
	return mlock2(new_pages(2), 2 * page_size(), flags) == -1 ? errno : 0;
}

#endif

#endif
