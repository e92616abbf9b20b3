/* SPDX-License-Identifier: BSD-2-Clause */

/* Addresses and flags that the caller asks for in unusual ways. */

#include "mmap.h"

static bool
is_fixed_below_4_gib(const struct call *c)
{
	return is_fixed(c) && is_of_file(c) && c->length > 0 && (uint64_t)(uintptr_t)c->address < UINT64_C(1) << 32 &&
	    (uintptr_t)c->address > UINT32_C(1) << 24;
}

VIOLATION(
    mmap_fixed_below_4_gib_refused, "mmap.fixed-exact-address", "-", MMAP, REFUSES(is_fixed_below_4_gib(c), ENOMEM))
{
	char *p =
	    mmap((void *)(uintptr_t)(1U << 28), page_size(), PROT_READ, MAP_SHARED | MAP_FIXED, nameless_file(1), 0);

	return p == MAP_FAILED;
}

/* Another file is mapped there already. */
static bool
is_over_other_file(const struct call *c)
{
	const struct known_range *range = known_range_at(c->address);

	return is_fixed(c) && asks_shared_file(c) && is_shared_file_range(range) &&
	    range->length == whole_pages(c->length) && !are_same(range->fd, c->fd);
}

VIOLATION(mmap_fixed_keeps_other_file, "mmap.fixed-exact-address", "B229", MMAP,
    REPLACES(is_over_other_file(c), c->result = (intptr_t)c->address))
{
	char *p = map_shared(nameless_file(page_size()), page_size());

	*p = 'o';
	(void)mmap(p, page_size(), PROT_READ, MAP_SHARED | MAP_FIXED, nameless_file(page_size()), 0);
	return *p == 'o';
}

VIOLATION(mmap_fixed_over_other_file_returns_next_page, "mmap.fixed-exact-address", "-", MMAP,
    FALSIFIES(is_over_other_file(c), c->result += (intptr_t)page_size()))
{
	char *p = map_shared(nameless_file(page_size()), page_size());

	return mmap(p, page_size(), PROT_READ, MAP_SHARED | MAP_FIXED, nameless_file(page_size()), 0) != p;
}

static bool
is_hint_outside(const struct call *c)
{
	return !is_fixed(c) && (intptr_t)c->address < 0;
}

static void *
map_outside(void)
{
	return mmap(address_of_kernel(), page_size(), READ_WRITE, PRIVATE_ANONYMOUS, -1, 0);
}

VIOLATION(mmap_hint_outside_denied, "mmap.hint-outside-space", "-", MMAP, REFUSES(is_hint_outside(c), EPERM))
{
	return map_outside() == MAP_FAILED && errno == EPERM;
}

VIOLATION(mmap_hint_outside_is_result, "mmap.hint-outside-space", "-", MMAP,
    REPLACES(is_hint_outside(c), c->result = (intptr_t)c->address))
{
	return map_outside() == address_of_kernel();
}

#ifdef MAP_FIXED_NOREPLACE

static bool
asks_not_to_replace(const struct call *c)
{
	return (c->flags & MAP_FIXED_NOREPLACE) != 0;
}

VIOLATION(mmap_fixed_overrides_noreplace, "mmap_flags.fixed-noreplace", "-", MMAP,
    CHANGES(asks_not_to_replace(c) && is_fixed(c), c->flags &= ~MAP_FIXED_NOREPLACE))
{
	char *p = map_anonymous(1, MAP_PRIVATE);

	*p = 'o';
	(void)mmap(p, 1, READ_WRITE, PRIVATE_ANONYMOUS | MAP_FIXED | MAP_FIXED_NOREPLACE, -1, 0);
	return *p == 0;
}

VIOLATION(mmap_noreplace_rounds_address, "mmap_flags.fixed-noreplace", "-", MMAP,
    CHANGES(asks_not_to_replace(c) && (uintptr_t)c->address % page_size() != 0,
	c->address = (char *)c->address - (uintptr_t)c->address % page_size()))
{
	char *p = free_range(page_size());

	return mmap(p + 1, 1, READ_WRITE, PRIVATE_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == p;
}

#endif

#ifdef MAP_STACK

static char *
map_stack(void)
{
	return mmap(NULL, 1, READ_WRITE, PRIVATE_ANONYMOUS | MAP_STACK, -1, 0);
}

VIOLATION(mmap_stack_is_not_zero, "mmap_flags.stack", "-", MMAP,
    FALSIFIES((c->flags & MAP_STACK) != 0, spoil_byte(start_of(c))))
{
	return *map_stack() == SPOILED;
}

VIOLATION(mmap_stack_is_read_only, "mmap_flags.stack", "-", MMAP,
    CHANGES((c->flags & MAP_STACK) != 0 && c->protection == READ_WRITE, c->protection = PROT_READ))
{
	return fault_of_store(map_stack(), 's').signal != 0;
}

#endif

static bool
has_idle_descriptor(const struct call *c)
{
	return asks_shared_anonymous(c) && c->fd >= 0;
}

static char *
map_with_idle_descriptor(int fd)
{
	return mmap(NULL, 1, READ_WRITE, MAP_SHARED | MAP_ANON, fd, 0);
}

VIOLATION(mmap_anonymous_with_descriptor_denied, "mmap_devices.descriptor-ignored", "-", MMAP,
    REFUSES(has_idle_descriptor(c), EPERM))
{
	return map_with_idle_descriptor(nameless_file(1)) == MAP_FAILED && errno == EPERM;
}

VIOLATION(mmap_anonymous_with_descriptor_maps_file, "mmap_devices.descriptor-ignored", "-", MMAP,
    CHANGES(has_idle_descriptor(c), c->flags &= ~MAP_ANON))
{
	int fd = nameless_file(1);

	*map_with_idle_descriptor(fd) = 's';
	return *content_of(fd, 1) == 's';
}
