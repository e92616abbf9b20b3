/* SPDX-License-Identifier: BSD-2-Clause */

/* Which pages mlock() and munlock() lock and unlock, and what they do to memory beside that. */

#include <sys/mman.h>

#include "effects.h"
#include "range.h"
#include "real.h"
#include "violation.h"

/* Not the private memory by which the harness finds out what may be locked. */
static bool
locks_shared(const struct call *c)
{
	return is_shared(range_of(c));
}

/* Memory that can be stored to, whatever was cut off a file. */
static bool
is_writable_without_file(const struct known_range *range)
{
	return range != NULL && range->fd == -1 && (range->protection & PROT_WRITE) != 0;
}

/* How many pages more are locked after mlock() of shared memory of this length. */
static long
pages_locked(size_t length)
{
	char *p = map_anonymous(3 * page_size(), MAP_SHARED);
	long before = locked_bytes();

	mlock(p, length);
	return (locked_bytes() - before) / (long)page_size();
}

VIOLATION(mlock_of_segment_einval, "mlock.applies-to-shm", "-", MLOCK,
    REFUSES(range_of(c) != NULL && range_of(c)->id != -1, EINVAL))
{
	return mlock(segment_attach(segment_create(page_size()), NULL, 0), page_size()) == -1 && errno == EINVAL;
}

VIOLATION(mlock_of_object_enosys, "mlock.applies-to-shm", "B143", MLOCK,
    REFUSES(is_part(c) && is_shared_file(range_of(c)), ENOSYS))
{
	char *p = map_shared(object_create(2 * page_size()).fd, 2 * page_size());

	return mlock(p, page_size()) == -1 && errno == ENOSYS;
}

VIOLATION(mlock_locks_nothing, "mlock.locks-and-resident", "-", MLOCK,
    SKIPS(is_shared_anonymous(range_of(c)) && (is_part(c) || is_whole(c))))
{
	return pages_locked(page_size()) == 0;
}

VIOLATION(mlock_locks_first_page, "mlock.locks-and-resident", "-", MLOCK,
    CHANGES(locks_shared(c) && c->length > page_size(), c->length = page_size()))
{
	return pages_locked(2 * page_size()) == 1;
}

VIOLATION(mlock_clears_first_page, "mlock.applies-to-shm", "-", MLOCK,
    FALSIFIES(is_part(c) && locks_shared(c), memset(c->address, 0, page_size())))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);

	*p = 'm';
	mlock(p, page_size());
	return *p == 0;
}

VIOLATION(mlock_makes_read_only, "mlock.applies-to-shm", "-", MLOCK,
    FALSIFIES(is_part(c) && locks_shared(c), real_mprotect(c->address, c->length, PROT_READ)))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);

	mlock(p, page_size());
	return store_is_refused(p);
}

static void
make_private_and_lock(const struct call *c)
{
	make_private(c->address, c->length);
	real_mlock(c->address, c->length);
}

VIOLATION(mlock_makes_private, "mlock.applies-to-shm", "-", MLOCK,
    FALSIFIES(is_part(c) && locks_shared(c), make_private_and_lock(c)))
{
	int fd = nameless_file(2 * page_size());
	char *p = map_shared(fd, 2 * page_size());

	mlock(p, page_size());
	*p = 's';
	return content_of(fd, 1)[0] == 0;
}

VIOLATION(munlock_of_segment_ignored, "mlock.applies-to-shm", "-", MUNLOCK,
    SKIPS(range_of(c) != NULL && range_of(c)->id != -1))
{
	char *p = segment_attach(segment_create(page_size()), NULL, 0);
	long before = locked_bytes();

	mlock(p, page_size());
	munlock(p, page_size());
	return locked_bytes() != before;
}

VIOLATION(munlock_unlocks_first_page, "mlock.applies-to-shm", "-", MUNLOCK,
    CHANGES(c->length > page_size() && locks_shared(c), c->length = page_size()))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);
	long before = locked_bytes();

	mlock(p, 2 * page_size());
	munlock(p, 2 * page_size());
	return locked_bytes() == before + (long)page_size();
}

VIOLATION(munlock_discards_page, "mlock.applies-to-shm", "-", MUNLOCK,
    FALSIFIES(locks_shared(c) && is_writable_without_file(range_of(c)) && c->length > page_size(),
	memset(c->address, 0, page_size())))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);

	mlock(p, 2 * page_size());
	*p = 'm';
	munlock(p, 2 * page_size());
	return *p == 0;
}

VIOLATION(
    mlock_ignores_less_than_page, "mlock.whole-pages", "-", MLOCK, SKIPS(c->length < page_size() && locks_shared(c)))
{
	return pages_locked(1) == 0;
}

VIOLATION(mlock_rounds_down, "mlock.whole-pages", "-", MLOCK,
    CHANGES(is_sane(c) && c->length > page_size() && c->length % page_size() != 0 && locks_shared(c),
	c->length -= c->length % page_size()))
{
	return pages_locked(page_size() + 1) == 1;
}

VIOLATION(mlock_locks_one_page_more, "mlock.whole-pages", "-", MLOCK,
    CHANGES(c->length % page_size() != 0 && is_part(c) && !has_last_page(c), c->length += page_size()))
{
	return pages_locked(1) == 2;
}

/* A whole mapping at a time. */
VIOLATION(mlock_of_part_locks_all, "mlock.whole-pages", "-", MLOCK,
    CHANGES(c->length == 1 && locks_shared(c), (c->address = range_of(c)->start, c->length = range_of(c)->length)))
{
	return pages_locked(1) == 3;
}

VIOLATION(munlock_undoes_one_mlock, "mlock.no-stacking", "-", MUNLOCK, SKIPS(locks_shared(c) && range_of(c)->locks > 1))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);
	long before = locked_bytes();

	mlock(p, page_size());
	mlock(p, page_size());
	munlock(p, page_size());
	return locked_bytes() != before;
}

static bool
locks_again(const struct call *c)
{
	return is_whole(c) && locks_shared(c) && range_of(c)->locks > 0;
}

/* How many pages are locked after two calls for the same. */
static long
pages_locked_twice(void)
{
	char *p = map_anonymous(page_size(), MAP_SHARED);
	long before = locked_bytes();

	mlock(p, page_size());
	mlock(p, page_size());
	return (locked_bytes() - before) / (long)page_size();
}

VIOLATION(mlock_counts_page_twice, "mlock.no-stacking", "-", MLOCK,
    FALSIFIES(
	locks_again(c), real_mlock(real_mmap(NULL, c->length, PROT_READ, MAP_PRIVATE | MAP_ANON, -1, 0), c->length)))
{
	return pages_locked_twice() == 2;
}

VIOLATION(mlock_again_unlocks, "mlock.no-stacking", "-", MLOCK,
    REPLACES(locks_again(c), c->result = real_munlock(c->address, c->length)))
{
	return pages_locked_twice() == 0;
}

VIOLATION(mlock_again_einval, "mlock.no-stacking", "-", MLOCK, REFUSES(locks_again(c), EINVAL))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	mlock(p, page_size());
	return mlock(p, page_size()) == -1 && errno == EINVAL;
}

/* How many pages are locked when one of two mappings of a page has been unlocked again. */
static long
pages_locked_by_alias(void)
{
	int fd = nameless_file(page_size());
	char *p = map_shared(fd, page_size());
	char *alias = map_shared(fd, page_size());
	long before = locked_bytes();

	mlock(p, page_size());
	mlock(alias, page_size());
	munlock(p, page_size());
	return (locked_bytes() - before) / (long)page_size();
}

VIOLATION(munlock_unlocks_alias, "mlock.other-mappings-keep-locks", "-", MUNLOCK,
    FALSIFIES(alias_of(c) != NULL, real_munlock(alias_of(c)->start, c->length)))
{
	return pages_locked_by_alias() == 0;
}

VIOLATION(munlock_keeps_lock_of_aliased_page, "mlock.other-mappings-keep-locks", "-", MUNLOCK,
    SKIPS(alias_of(c) != NULL && alias_of(c)->locks > 0))
{
	return pages_locked_by_alias() == 2;
}
