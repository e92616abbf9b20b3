/* SPDX-License-Identifier: BSD-2-Clause */

/* Flags of Linux that do nothing alone or beside others, and MAP_32BIT. */

#ifdef __linux__

#include <stdint.h>

#include "mmap.h"

static bool
is_populated_memory(const struct call *c)
{
	return (c->flags & MAP_POPULATE) != 0 && asks_private_anonymous(c);
}

static char *
populated_memory(void)
{
	return mmap(NULL, page_size(), READ_WRITE, PRIVATE_ANONYMOUS | MAP_POPULATE, -1, 0);
}

VIOLATION(mmap_populate_of_memory_ignored, "mmap_flags.populate", "-", MMAP,
    CHANGES(is_populated_memory(c), c->flags &= ~MAP_POPULATE))
{
	unsigned char resident = 1;

	mincore(populated_memory(), page_size(), &resident);
	return resident == 0;
}

VIOLATION(mmap_populate_of_memory_not_zero, "mmap_flags.populate", "-", MMAP,
    FALSIFIES(is_populated_memory(c) && c->protection & PROT_WRITE, *last_page_of(c) = 'x'))
{
	return *populated_memory() == 'x';
}

static bool
is_nonblock(const struct call *c)
{
	return (c->flags & MAP_NONBLOCK) != 0;
}

static char *
map_nonblock(void)
{
	return mmap(
	    NULL, page_size(), READ_WRITE, MAP_SHARED | MAP_POPULATE | MAP_NONBLOCK, object_create(page_size()).fd, 0);
}

VIOLATION(mmap_nonblock_populates, "mmap_flags.populate", "-", MMAP, CHANGES(is_nonblock(c), c->flags &= ~MAP_NONBLOCK))
{
	unsigned char resident = 0;

	mincore(map_nonblock(), page_size(), &resident);
	return resident == 1;
}

VIOLATION(mmap_nonblock_last_page_is_read_only, "mmap_flags.populate", "-", MMAP,
    FALSIFIES(is_nonblock(c), real_mprotect(last_page_of(c), page_size(), PROT_READ)))
{
	return fault_of_store(map_nonblock(), 's').signal != 0;
}

static bool
denies_write(const struct call *c)
{
	return (c->flags & MAP_DENYWRITE) != 0;
}

static bool
is_denied_range(const struct known_range *range)
{
	return range->id == -1 && (range->flags & MAP_DENYWRITE) != 0;
}

static char *
map_denywrite(int fd)
{
	return mmap(NULL, page_size(), READ_WRITE, MAP_SHARED | MAP_DENYWRITE, fd, 0);
}

VIOLATION(mmap_denywrite_shows_zeros, "mmap_flags.ignored", "-", MMAP,
    FALSIFIES(denies_write(c), put_zeros(start_of(c), page_size(), READ_WRITE, MAP_SHARED)))
{
	int fd = nameless_file_with_pattern(1);

	return *map_denywrite(fd) != *(char *)map_shared(fd, 1);
}

VIOLATION(mmap_denywrite_is_private, "mmap_flags.ignored", "-", MMAP,
    FALSIFIES(denies_write(c), make_private(start_of(c), page_size())))
{
	int fd = nameless_file(page_size());
	char *p = map_denywrite(fd);

	*p = 'p';
	return *(char *)map_shared(fd, 1) == 0;
}

VIOLATION(
    mmap_denywrite_denies_write, "mmap_flags.ignored", "-", PWRITE, REFUSES(has_known_range(is_denied_range), ETXTBSY))
{
	int fd = nameless_file(page_size());

	map_denywrite(fd);
	return pwrite(fd, "w", 1, 0) == -1;
}

/* With a flag that tells only how to map, or with a size of huge pages and no request for them. */
static bool
asks_how(const struct call *c)
{
	const int how = MAP_LOCKED | MAP_NORESERVE | MAP_POPULATE | MAP_STACK | 0x3f << 26;

	return asks_shared_file(c) && c->protection == READ_WRITE && (c->flags & how) != 0 &&
	    (c->flags & (MAP_HUGETLB | MAP_FIXED | MAP_NONBLOCK)) == 0;
}

static char *
map_with_stack(int fd)
{
	return mmap(NULL, page_size(), READ_WRITE, MAP_SHARED | MAP_STACK, fd, 0);
}

VIOLATION(mmap_that_says_how_einval, "mmap_flags.accepted", "-", MMAP, REFUSES(asks_how(c), EINVAL))
{
	return map_with_stack(object_create(page_size()).fd) == MAP_FAILED;
}

VIOLATION(mmap_that_says_how_shows_zeros, "mmap_flags.accepted", "-", MMAP,
    FALSIFIES(asks_how(c), put_zeros(start_of(c), page_size(), READ_WRITE, MAP_SHARED)))
{
	int fd = nameless_file_with_pattern(1);

	return *map_with_stack(fd) != *(char *)map_shared(fd, 1);
}

VIOLATION(mmap_that_says_how_is_private, "mmap_flags.accepted", "-", MMAP,
    FALSIFIES(asks_how(c), make_private(start_of(c), page_size())))
{
	int fd = nameless_file(page_size());

	*map_with_stack(fd) = 'x';
	return *(char *)map_shared(fd, 1) == 0;
}

static bool
asks_sync(const struct call *c, int type)
{
	return (c->flags & MAP_SYNC) != 0 && (c->flags & SHARING_TYPES) == type;
}

static void *
map_sync(int type)
{
	return mmap(NULL, page_size(), READ_WRITE, type | MAP_SYNC, object_create(page_size()).fd, 0);
}

VIOLATION(mmap_validated_sync_ignored, "mmap_flags.sync", "-", MMAP,
    CHANGES(asks_sync(c, MAP_SHARED_VALIDATE), c->flags &= ~MAP_SYNC))
{
	return map_sync(MAP_SHARED_VALIDATE) != MAP_FAILED;
}

VIOLATION(mmap_shared_sync_refused, "mmap_flags.sync", "-", MMAP, REFUSES(asks_sync(c, MAP_SHARED), EOPNOTSUPP))
{
	return map_sync(MAP_SHARED) == MAP_FAILED;
}

#ifdef MAP_32BIT

static bool
asks_low(const struct call *c)
{
	return (c->flags & MAP_32BIT) != 0 && !is_fixed(c);
}

static char *
map_low(void)
{
	return mmap(NULL, page_size(), READ_WRITE, PRIVATE_ANONYMOUS | MAP_32BIT, -1, 0);
}

VIOLATION(mmap_low_ignored, "mmap_flags.low", "-", MMAP, CHANGES(asks_low(c), c->flags &= ~MAP_32BIT))
{
	return (uintptr_t)map_low() > UINT32_MAX;
}

VIOLATION(mmap_low_is_read_only, "mmap_flags.low", "-", MMAP, CHANGES(asks_low(c), c->protection = PROT_READ))
{
	return fault_of_store(map_low(), 's').signal != 0;
}

VIOLATION(mmap_low_moves_fixed, "mmap_flags.low", "-", MMAP,
    CHANGES((c->flags & MAP_32BIT) != 0 && is_fixed(c), (c->flags &= ~MAP_FIXED, c->address = NULL)))
{
	char *p = map_aligned(page_size());

	return mmap(p, page_size(), READ_WRITE, PRIVATE_ANONYMOUS | MAP_32BIT | MAP_FIXED, -1, 0) != p;
}

#endif

#endif
