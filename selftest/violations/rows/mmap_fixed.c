/* SPDX-License-Identifier: BSD-2-Clause */

/* MAP_FIXED and hints: what takes the address that was asked for, and what is there then. */

#include <stdint.h>

#include "mmap.h"

static bool
is_fixed_in_free_place(const struct call *c)
{
	return is_fixed(c) && known_range_at(c->address) == NULL &&
	    known_range_at((char *)c->address + c->length - 1) == NULL;
}

static void *
map_fixed(void *at, size_t length, int protection, int flags, int fd)
{
	return mmap(at, length, protection, flags | MAP_FIXED, fd, 0);
}

static void *
zeros_fixed(char *at, size_t length)
{
	return map_fixed(at, length, READ_WRITE, PRIVATE_ANONYMOUS, -1);
}

VIOLATION(mmap_fixed_in_free_place_ignored, "mmap.fixed-exact-address", "B215", MMAP,
    CHANGES(asks_shared_file(c) && is_fixed_in_free_place(c), (c->flags &= ~MAP_FIXED, c->address = NULL)))
{
	char *at = free_range(page_size());

	return map_fixed(at, page_size(), PROT_READ, MAP_SHARED, nameless_file(1)) != at;
}

VIOLATION(mmap_fixed_in_free_place_refused, "mmap.fixed-exact-address", "B214", MMAP,
    REFUSES(asks_shared_file(c) && is_fixed_in_free_place(c), ENOMEM))
{
	return map_fixed(free_range(1), page_size(), PROT_READ, MAP_SHARED, nameless_file(1)) == MAP_FAILED;
}

/* One page that takes the place of another, which is the file's. */
static bool
is_fixed_over_file(const struct call *c)
{
	const struct known_range *range = known_range_at(c->address);

	return is_fixed(c) && asks_private_anonymous(c) && is_shared_file_range(range);
}

VIOLATION(mmap_fixed_over_file_moved, "mmap.fixed-exact-address", "-", MMAP,
    CHANGES(is_fixed_over_file(c) && known_range_at(c->address)->protection == PROT_READ,
	(c->flags &= ~MAP_FIXED, c->address = NULL)))
{
	char *p = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, nameless_file(1), 0);

	return zeros_fixed(p, page_size()) != p;
}

VIOLATION(mmap_fixed_returns_next_page, "mmap.fixed-exact-address", "-", MMAP,
    FALSIFIES(is_fixed_over_file(c) && known_range_at(c->address)->protection == PROT_READ,
	c->result += (intptr_t)page_size()))
{
	char *p = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, nameless_file(1), 0);

	return zeros_fixed(p, page_size()) == p + page_size();
}

/* A page of a file that is not its first: its address less the offset need be no multiple of SHMLBA. */
static bool
is_fixed_later_page(const struct call *c)
{
	return is_fixed(c) && asks_shared_file(c) && c->offset > 0;
}

static void *
second_page_fixed(char *at)
{
	return mmap(
	    at, page_size(), PROT_READ, MAP_FIXED | MAP_SHARED, nameless_file(2 * page_size()), (off_t)page_size());
}

VIOLATION(
    mmap_fixed_later_page_einval, "mmap.fixed-multiple-of-shmlba", "-", MMAP, REFUSES(is_fixed_later_page(c), EINVAL))
{
	return second_page_fixed(map_aligned(page_size())) == MAP_FAILED && errno == EINVAL;
}

VIOLATION(mmap_fixed_later_page_refusal_clears, "mmap.fixed-multiple-of-shmlba", "-", MMAP,
    REPLACES(is_fixed_later_page(c), (put_zeros(c->address, c->length, READ_WRITE, MAP_PRIVATE), call_fail(c, EINVAL))))
{
	char *at = map_aligned(page_size());

	*at = 'o';
	return second_page_fixed(at) == MAP_FAILED && *at == 0;
}

VIOLATION(mmap_fixed_later_page_moved, "mmap.fixed-multiple-of-shmlba", "-", MMAP,
    CHANGES(is_fixed_later_page(c), (c->flags &= ~MAP_FIXED, c->address = NULL)))
{
	char *at = map_aligned(page_size());

	return second_page_fixed(at) != at;
}

static void *
last_page_of_addresses(void)
{
	return (void *)(UINTPTR_MAX - page_size() + 1); /* NOLINT(performance-no-int-to-ptr) */
}

VIOLATION(mmap_fixed_at_last_address_moved, "mmap.fixed-outside-space", "-", MMAP,
    CHANGES(is_fixed(c) && c->address == last_page_of_addresses() && c->length == page_size(),
	(c->flags &= ~MAP_FIXED, c->address = NULL)))
{
	return map_fixed(last_page_of_addresses(), page_size(), PROT_NONE, PRIVATE_ANONYMOUS, -1) != MAP_FAILED;
}

VIOLATION(mmap_fixed_outside_space_einval, "mmap.fixed-outside-space", "-", MMAP,
    MISTAKES(is_fixed(c) && c->length > SIZE_MAX / 2, ENOMEM, EINVAL))
{
	char *p = map_anonymous(1, MAP_PRIVATE);

	return map_fixed(p, SIZE_MAX - page_size() + 1, PROT_NONE, PRIVATE_ANONYMOUS, -1) == MAP_FAILED &&
	    errno == EINVAL;
}

VIOLATION(mmap_fixed_at_kernel_eperm, "mmap.fixed-outside-space", "-", MMAP,
    MISTAKES(is_fixed(c) && c->length > page_size() && c->length < SIZE_MAX / 2, ENOMEM, EPERM))
{
	return map_fixed(address_of_kernel(), 128 * page_size(), PROT_NONE, PRIVATE_ANONYMOUS, -1) == MAP_FAILED &&
	    errno == EPERM;
}

/* Memory takes the place of the first, a middle or the last page of the mapping of a file that can be written. */
static bool
replaces_page(const struct call *c, bool is_first, bool is_last)
{
	const struct known_range *range = known_range_at(c->address);
	const char *end = (char *)c->address + pages_for(c->length) * page_size();

	return is_fixed_over_file(c) && range->protection == READ_WRITE && range->length > page_size() &&
	    (c->address == range->start) == is_first && (end == range->start + range->length) == is_last;
}

static char *
three_pages_of_file(void)
{
	char *p = map_shared(nameless_file(3 * page_size()), 3 * page_size());

	memset(p, 'f', 3 * page_size());
	return p;
}

VIOLATION(mmap_fixed_replaces_page_behind, "mmap.replaces-previous-in-fixed", "-", MMAP,
    CHANGES(replaces_page(c, true, false) && c->length == page_size(), c->length += page_size()))
{
	char *p = three_pages_of_file();

	zeros_fixed(p, page_size());
	return p[page_size()] == 0;
}

VIOLATION(mmap_fixed_replaces_page_before, "mmap.replaces-previous-in-fixed", "-", MMAP,
    FALSIFIES(
	replaces_page(c, false, true), put_zeros(start_of(c) - page_size(), page_size(), READ_WRITE, MAP_PRIVATE)))
{
	char *p = three_pages_of_file();

	zeros_fixed(&p[2 * page_size()], page_size());
	return p[page_size()] == 0;
}

VIOLATION(mmap_fixed_partial_page_not_replaced, "mmap.replaces-previous-in-fixed", "-", MMAP,
    REPLACES(replaces_page(c, false, false) && c->length < page_size(), c->result = (intptr_t)c->address))
{
	char *p = three_pages_of_file();

	zeros_fixed(&p[page_size()], 1);
	return p[page_size()] == 'f';
}

static void
overwrite(struct call *c)
{
	memset(c->address, 0, c->length);
	c->result = (intptr_t)c->address;
}

VIOLATION(mmap_fixed_overwrites_file, "mmap.replaces-previous-in-fixed", "-", MMAP,
    REPLACES(replaces_page(c, false, true), overwrite(c)))
{
	int fd = nameless_file_with_pattern(3);
	char *p = map_shared(fd, 3 * page_size());

	zeros_fixed(&p[2 * page_size()], page_size());
	return content_of(fd, 3 * page_size())[2 * page_size()] == 0;
}

VIOLATION(mmap_fixed_makes_page_behind_read_only, "mmap.replaces-previous-in-fixed", "-", MMAP,
    FALSIFIES(replaces_page(c, false, false) && c->length == page_size(),
	real_mprotect(start_of(c) + page_size(), page_size(), PROT_READ)))
{
	char *p = three_pages_of_file();

	zeros_fixed(&p[page_size()], page_size());
	return fault_of_store(&p[2 * page_size()], 's').signal != 0;
}

/* Memory takes the place of what several mappings have. */
static bool
replaces_several(const struct call *c)
{
	const struct known_range *range = known_range_at(c->address);

	return is_fixed(c) && asks_private_anonymous(c) && range != NULL &&
	    (char *)c->address + c->length > range->start + range->length;
}

/* Two pages that are one mapping each, the second of a file, to read. */
static char *
two_mappings(void)
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);

	map_fixed(&p[page_size()], page_size(), PROT_READ, MAP_SHARED, nameless_file_with_pattern(1));
	return p;
}

static void
replace_first_mapping(struct call *c)
{
	const struct known_range *range = known_range_at(c->address);

	put_zeros(c->address, (size_t)(range->start + range->length - (char *)c->address), c->protection, MAP_PRIVATE);
	for (char *at = range->start + range->length; at < (char *)c->address + c->length; at += page_size())
		real_mprotect(at, page_size(), READ_WRITE);
	c->result = (intptr_t)c->address;
}

VIOLATION(mmap_fixed_replaces_first_mapping_only, "mmap.replaces-previous-in-fixed", "B083", MMAP,
    REPLACES(replaces_several(c), replace_first_mapping(c)))
{
	char *p = two_mappings();

	zeros_fixed(p, 2 * page_size());
	return p[page_size()] != 0;
}

static void
keep_protection_of_read_only(const struct call *c)
{
	for (char *at = c->address; at < (char *)c->address + c->length; at += page_size())
		if (known_range_at(at) != NULL && known_range_at(at)->protection == PROT_READ)
			real_mprotect(at, page_size(), PROT_READ);
}

VIOLATION(mmap_fixed_keeps_protection, "mmap.replaces-previous-in-fixed", "B083", MMAP,
    FALSIFIES(replaces_several(c), keep_protection_of_read_only(c)))
{
	char *p = two_mappings();

	zeros_fixed(p, 2 * page_size());
	return fault_of_store(&p[page_size()], 's').signal != 0;
}

/* Memory to read takes the place of the first page of other memory. */
static bool
replaces_memory_to_read(const struct call *c)
{
	const struct known_range *range = known_range_at(c->address);

	return is_fixed(c) && asks_private_anonymous(c) && c->protection == PROT_READ &&
	    is_private_anonymous_range(range) && range->length > c->length;
}

/* How much less memory is locked after one of two locked pages was replaced, in pages. */
static long
lock_dropped_with_page(void)
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);
	long before;

	if (mlock(p, 2 * page_size()) == -1)
		return -1;
	before = locked_bytes();
	map_fixed(p, page_size(), PROT_READ, PRIVATE_ANONYMOUS, -1);
	return (before - locked_bytes()) / (long)page_size();
}

VIOLATION(mmap_fixed_keeps_lock, "mmap.fixed-drops-locks", "-", MMAP,
    FALSIFIES(replaces_memory_to_read(c), real_mlock(start_of(c), c->length)))
{
	return lock_dropped_with_page() == 0;
}

VIOLATION(mmap_fixed_drops_lock_of_page_behind, "mmap.fixed-drops-locks", "-", MMAP,
    FALSIFIES(replaces_memory_to_read(c),
	real_make((struct call){ .interface = MUNLOCK, .address = start_of(c) + c->length, .length = page_size() })))
{
	return lock_dropped_with_page() == 2;
}

static bool
is_hint_in_use(const struct call *c)
{
	return !is_fixed(c) && c->address != NULL && (uintptr_t)c->address % page_size() == 0 &&
	    known_range_at(c->address) != NULL && (c->flags & ~(SHARING_TYPES | MAP_ANON)) == 0;
}

VIOLATION(
    mmap_hint_in_use_replaces, "mmap.hint-never-replaces", "-", MMAP, CHANGES(is_hint_in_use(c), c->flags |= MAP_FIXED))
{
	char *p = map_anonymous(1, MAP_PRIVATE);

	*p = 'o';
	return mmap(p, page_size(), READ_WRITE, PRIVATE_ANONYMOUS, -1, 0) == p && *p == 0;
}

VIOLATION(mmap_hint_in_use_shares, "mmap.hint-never-replaces", "-", MMAP,
    REPLACES(is_hint_in_use(c) && known_range_at((char *)c->address + page_size()) == NULL,
	c->result = (intptr_t)c->address))
{
	char *p = map_anonymous(1, MAP_PRIVATE);

	*p = 'o';
	return mmap(p, page_size(), READ_WRITE, PRIVATE_ANONYMOUS, -1, 0) == p && *p == 'o';
}

VIOLATION(mmap_hint_in_use_refused, "mmap.hint-never-replaces", "-", MMAP, REFUSES(is_hint_in_use(c), EEXIST))
{
	return mmap(map_anonymous(1, MAP_PRIVATE), page_size(), READ_WRITE, PRIVATE_ANONYMOUS, -1, 0) == MAP_FAILED;
}

VIOLATION(mmap_hint_replaces_end_in_use, "mmap.hint-never-replaces", "-", MMAP,
    CHANGES(!is_fixed(c) && c->address != NULL && (uintptr_t)c->address % page_size() == 0 &&
	    known_range_at(c->address) == NULL && known_range_at((char *)c->address + c->length - 1) != NULL &&
	    asks_private_anonymous(c),
	c->flags |= MAP_FIXED))
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);

	p[page_size()] = 'o';
	unmap(p, page_size());
	(void)mmap(p, 2 * page_size(), READ_WRITE, PRIVATE_ANONYMOUS, -1, 0);
	return p[page_size()] == 0;
}

static bool
is_unaligned_hint(const struct call *c)
{
	return !is_fixed(c) && (uintptr_t)c->address % page_size() != 0;
}

VIOLATION(mmap_unaligned_hint_refused, "mmap.hint-unaligned-accepted", "-", MMAP,
    REFUSES(is_unaligned_hint(c) && known_range_at(c->address) == NULL, EINVAL))
{
	return mmap((char *)free_range(1) + 5, page_size(), READ_WRITE, PRIVATE_ANONYMOUS, -1, 0) == MAP_FAILED;
}

VIOLATION(mmap_unaligned_hint_in_use_refused, "mmap.hint-unaligned-accepted", "-", MMAP,
    REFUSES(is_unaligned_hint(c) && known_range_at(c->address) != NULL, EINVAL))
{
	char *p = map_anonymous(1, MAP_PRIVATE);

	return mmap(p + 5, page_size(), READ_WRITE, PRIVATE_ANONYMOUS, -1, 0) == MAP_FAILED;
}

VIOLATION(mmap_unaligned_hint_replaces, "mmap.hint-unaligned-accepted", "-", MMAP,
    CHANGES(is_unaligned_hint(c) && known_range_at(c->address) != NULL,
	(c->address = known_range_at(c->address)->start, c->flags |= MAP_FIXED)))
{
	char *p = map_anonymous(1, MAP_PRIVATE);

	*p = 'o';
	(void)mmap(p + 5, page_size(), READ_WRITE, PRIVATE_ANONYMOUS, -1, 0);
	return *p == 0;
}
