/* SPDX-License-Identifier: BSD-2-Clause */

/* Calls of mmap() that fail, for other reasons than their descriptor, and what they change all the same. */

#include <sys/resource.h>

#include "mmap.h"

static bool
is_over_known_memory(const struct call *c)
{
	return is_fixed(c) && c->length > 0 && known_range_at(c->address) != NULL;
}

/* The call, and after it other pages in the place of what was there, if it fails by such an error. */
static void
fail_with_damage(struct call *c, int error, int other)
{
	const struct known_range *range = known_range_at(c->address);

	real_call(c);
	if (c->result == -1 && (c->error == error || c->error == other))
		put_zeros(range->start, range->length, READ_WRITE, MAP_PRIVATE);
}

/* The call, and after it zeros in the memory that was there, wherever that is mapped, if it fails. */
static void
fail_and_clear(struct call *c)
{
	const struct known_range *range = known_range_at(c->address);

	real_call(c);
	if (c->result == -1 && range->protection == READ_WRITE)
		memset(range->start, 0, page_size());
}

/* A page of bytes "o", after a call for it has failed. */
static char *
page_after_failure(size_t length, int protection, int flags, int fd)
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	memset(p, 'o', page_size());
	(void)mmap(p, length, protection, MAP_FIXED | flags, fd, 0);
	return p;
}

VIOLATION(mmap_refused_clears_memory, "mmap_refused.fixed-keeps", "-", MMAP,
    REPLACES(is_over_known_memory(c), fail_and_clear(c)))
{
	return *page_after_failure(1, READ_WRITE, MAP_SHARED, -1) == 0;
}

static int
read_only_object(void)
{
	struct object o = object_create(1);

	return object_open(&o, O_RDONLY);
}

VIOLATION(mmap_without_right_clears_range, "mmap_refused.fixed-by-other-error", "B100", MMAP,
    REPLACES(is_over_known_memory(c), fail_with_damage(c, EACCES, ENODEV)))
{
	return *page_after_failure(1, READ_WRITE, MAP_SHARED, read_only_object()) == 0;
}

/* A page where RLIMIT_AS has refused more. */
static char *
page_after_limit(void)
{
	struct rlimit limit;
	char *p =
	    mmap(free_range(8 * page_size()), page_size(), READ_WRITE, MAP_FIXED | MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	getrlimit(RLIMIT_AS, &limit);
	limit.rlim_cur = (rlim_t)1 << 29;
	setrlimit(RLIMIT_AS, &limit);
	*p = 'o';
	(void)mmap(p, (size_t)1 << 30, PROT_NONE, MAP_FIXED | PRIVATE_ANONYMOUS, -1, 0);
	return p;
}

VIOLATION(mmap_above_address_limit_clears_range, "mmap_refused.fixed-by-address-limit", "B131", MMAP,
    REPLACES(is_over_known_memory(c), fail_with_damage(c, ENOMEM, 0)))
{
	return *page_after_limit() == 0;
}

static void
fail_and_map_end(struct call *c)
{
	real_call(c);
	if (c->result == -1 && c->error == ENOMEM)
		put_zeros((char *)c->address + 3 * page_size(), page_size(), PROT_READ, MAP_PRIVATE);
}

VIOLATION(mmap_above_address_limit_maps_a_part, "mmap_refused.fixed-by-address-limit", "-", MMAP,
    REPLACES(is_over_known_memory(c) && c->length > 3 * page_size(), fail_and_map_end(c)))
{
	char *p = page_after_limit();

	return mincore(&p[3 * page_size()], page_size(), (void *)(char[1]){ 0 }) == 0;
}

VIOLATION(mmap_above_lock_limit_clears_range, "mmap_refused.fixed-and-locked", "B131", MMAP,
    REPLACES(is_over_known_memory(c) && (c->flags & MAP_LOCKED) != 0,
	(c->result = -1, c->error = EAGAIN, put_zeros(c->address, page_size(), READ_WRITE, MAP_PRIVATE))))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	*p = 'o';
	return mmap(p, 1, READ_WRITE, MAP_FIXED | PRIVATE_ANONYMOUS | MAP_LOCKED, -1, 0) == MAP_FAILED && *p == 0;
}

VIOLATION(mmap_locked_ignores_limit, "mmap_refused.fixed-and-locked", "-", MMAP,
    CHANGES(is_over_known_memory(c), c->flags &= ~MAP_LOCKED))
{
	page_after_failure(1, READ_WRITE, PRIVATE_ANONYMOUS | MAP_LOCKED, -1);
	return locked_bytes() == 0;
}

static bool
has_right(const struct call *c)
{
	return !asks_shared_file(c) || (c->protection & PROT_WRITE) == 0 || access_mode(c->fd) != O_RDONLY;
}

static void
clear_range(const struct call *c)
{
	const struct known_range *range = known_range_at(c->address);

	put_zeros(range->start, range->length, READ_WRITE, MAP_PRIVATE);
}

VIOLATION(mmap_refused_without_fixed_clears_hint, "mmap_refused.without-fixed-keeps", "-", MMAP,
    CHANGES(!is_fixed(c) && !has_right(c) && known_range_at(c->address) != NULL, clear_range(c)))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	*p = 'o';
	(void)mmap(p, 1, READ_WRITE, MAP_SHARED, read_only_object(), 0);
	return *p == 0;
}

VIOLATION(mmap_refused_without_fixed_accepted, "mmap_refused.without-fixed-keeps", "-", MMAP,
    ACCEPTS(!is_fixed(c) && !has_right(c), EACCES, some_memory(c)))
{
	return mmap(NULL, 1, READ_WRITE, MAP_SHARED, read_only_object(), 0) != MAP_FAILED;
}

VIOLATION(mmap_too_long_accepted, "mmap_refused.without-fixed-keeps", "-", MMAP,
    CHANGES(is_of_file(c) && c->length > SIZE_MAX / 2, c->length = page_size()))
{
	return mmap(NULL, SIZE_MAX - page_size(), PROT_READ, MAP_SHARED, nameless_file(1), 0) != MAP_FAILED;
}

/* What is replaced is memory of the process's, all that its limit allows. */
static bool
is_of_same_size(const struct call *c)
{
	const struct known_range *range = known_range_at(c->address);
	struct rlimit limit;

	return is_fixed(c) && !is_of_file(c) && range != NULL && range->start == (char *)c->address &&
	    range->length == c->length && getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

static bool
replaces_at_limit(void)
{
	struct rlimit limit = { .rlim_cur = (rlim_t)1 << 40, .rlim_max = (rlim_t)1 << 40 };
	char *p = map_anonymous(page_size(), MAP_SHARED);

	setrlimit(RLIMIT_AS, &limit);
	*p = 'o';
	return mmap(p, page_size(), READ_WRITE, MAP_FIXED | PRIVATE_ANONYMOUS, -1, 0) == p && *p == 0;
}

VIOLATION(mmap_of_same_size_gives_other_error, "mmap_refused.fixed-of-same-size-at-address-limit", "-", MMAP,
    REFUSES(is_of_same_size(c), EAGAIN))
{
	return !replaces_at_limit();
}

VIOLATION(mmap_of_same_size_keeps_old_memory, "mmap_refused.fixed-of-same-size-at-address-limit", "-", MMAP,
    REPLACES(is_of_same_size(c), c->result = (intptr_t)c->address))
{
	return !replaces_at_limit();
}

VIOLATION(mmap_of_same_size_maps_elsewhere, "mmap_refused.fixed-of-same-size-at-address-limit", "-", MMAP,
    FALSIFIES(is_of_same_size(c), c->result += (intptr_t)page_size()))
{
	return !replaces_at_limit();
}

VIOLATION(mmap_of_same_size_clears_memory, "mmap_refused.fixed-of-same-size-at-address-limit", "-", MMAP,
    CHANGES(
	is_of_same_size(c) && known_range_at(c->address)->protection == READ_WRITE, memset(c->address, 0, page_size())))
{
	struct object o = object_create(page_size());
	struct rlimit limit = { .rlim_cur = (rlim_t)1 << 40, .rlim_max = (rlim_t)1 << 40 };
	char *p = map_shared(o.fd, page_size());

	*p = 'o';
	setrlimit(RLIMIT_AS, &limit);
	(void)mmap(p, page_size(), READ_WRITE, MAP_FIXED | PRIVATE_ANONYMOUS, -1, 0);
	return *content_of(o.fd, 1) == 0;
}
