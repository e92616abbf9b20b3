/* SPDX-License-Identifier: BSD-2-Clause */

/* Mappings that are longer than their file or object, and those that are populated. */

#include <signal.h>

#include "mmap.h"

/* Whether the object ends inside a page of the new mapping. */
static bool
has_tail_of_object(const struct call *c)
{
	return is_of_file(c) && is_object(c->fd) && c->offset == 0 && file_bytes(c->fd) % page_size() != 0 &&
	    c->length > file_bytes(c->fd) && (c->protection & PROT_WRITE) != 0;
}

VIOLATION(mmap_tail_of_object_not_zero, "mmap_end.table", "-", MMAP,
    FALSIFIES(has_tail_of_object(c), start_of(c)[file_bytes(c->fd)] = 0x5a))
{
	const char *p = map_shared(object_create(12).fd, page_size());

	return p[12] == 0x5a;
}

VIOLATION(mmap_memory_at_end_of_longer_mapping, "mmap_end.table", "B058", MMAP,
    FALSIFIES(reaches_behind_last_page(c), put_zeros(last_page_of(c), page_size(), READ_WRITE, MAP_PRIVATE)))
{
	char *p = map_private(object_create(1).fd, 2 * page_size());

	return fault_of_load(&p[page_size()]).signal == 0;
}

VIOLATION(mmap_no_access_behind_end, "mmap_end.table", "-", MMAP,
    FALSIFIES(reaches_behind_last_page(c),
	real_mprotect(
	    first_page_behind_end(c), (size_t)(last_page_of(c) - first_page_behind_end(c)) + page_size(), PROT_NONE)))
{
	char *p = map_private(object_create(1).fd, 2 * page_size());

	return fault_of_load(&p[page_size()]).signal == SIGSEGV;
}

VIOLATION(mmap_longer_than_file_grows_it, "mmap_end.table", "-", MMAP,
    FALSIFIES(reaches_behind_last_page(c) && asks_shared(c) && access_mode(c->fd) == O_RDWR,
	real_ftruncate(c->fd, c->offset + (off_t)c->length)))
{
	int fd = nameless_file(1);

	map_shared(fd, 2 * page_size());
	return size_of(fd) == (off_t)(2 * page_size());
}

VIOLATION(mmap_longer_than_file_is_private, "mmap_end.table", "-", MMAP,
    CHANGES(reaches_behind_last_page(c) && asks_shared(c), c->flags ^= SHARING_TYPES))
{
	int fd = nameless_file(1);

	*(char *)map_shared(fd, 2 * page_size()) = 's';
	return *(char *)map_shared(fd, 1) == 0;
}

VIOLATION(mmap_longer_than_file_is_shared, "mmap_end.table", "-", MMAP,
    CHANGES(reaches_behind_last_page(c) && asks_private(c) && access_mode(c->fd) == O_RDWR, c->flags ^= SHARING_TYPES))
{
	int fd = nameless_file(1);

	*(char *)map_private(fd, 2 * page_size()) = 's';
	return *(char *)map_shared(fd, 1) == 's';
}

static bool
is_behind_end(const struct call *c)
{
	const struct known_range *range = known_range_at(c->address);

	return c->id == SIGBUS && range != NULL && range->fd != -1;
}

static struct fault
fault_behind_end(void)
{
	return fault_of_load(map_shared(nameless_file(0), 1));
}

VIOLATION(
    fault_behind_end_tells_alignment, "mmap_end.table", "-", FAULT, FALSIFIES(is_behind_end(c), c->flags = BUS_ADRALN))
{
	return fault_behind_end().code == BUS_ADRALN;
}

VIOLATION(fault_behind_end_has_no_address, "mmap_end.table", "-", FAULT, FALSIFIES(is_behind_end(c), c->address = NULL))
{
	return fault_behind_end().address == NULL;
}

#ifdef MAP_POPULATE

static bool
populates(const struct call *c)
{
	return (c->flags & MAP_POPULATE) != 0;
}

static char *
populated(size_t length, int protection, int flags, int fd)
{
	return mmap(NULL, length, protection, flags | MAP_POPULATE, fd, 0);
}

VIOLATION(mmap_populated_without_access_is_readable, "mmap_populate.each-protection", "-", MMAP,
    CHANGES(populates(c) && c->protection == PROT_NONE, c->protection = PROT_READ))
{
	return fault_of_load(populated(1, PROT_NONE, PRIVATE_ANONYMOUS, -1)).signal == 0;
}

VIOLATION(mmap_populate_brings_nothing, "mmap_populate.each-protection", "-", MMAP,
    CHANGES(populates(c), c->flags &= ~MAP_POPULATE))
{
	char resident = 0;

	mincore(populated(1, READ_WRITE, PRIVATE_ANONYMOUS, -1), 1, (void *)&resident);
	return resident == 0;
}

VIOLATION(mmap_populated_is_not_zero, "mmap_populate.each-protection", "-", MMAP,
    FALSIFIES(populates(c) && (c->protection & PROT_WRITE) != 0, spoil_byte(start_of(c))))
{
	return *populated(1, READ_WRITE, PRIVATE_ANONYMOUS, -1) == SPOILED;
}

VIOLATION(mmap_populate_grows_file, "mmap_populate.behind-end", "-", MMAP,
    FALSIFIES(populates(c) && reaches_behind_last_page(c), real_ftruncate(c->fd, (off_t)c->length)))
{
	int fd = nameless_file(1);

	populated(2 * page_size(), READ_WRITE, MAP_SHARED, fd);
	return size_of(fd) == (off_t)(2 * page_size());
}

VIOLATION(mmap_populated_is_read_only, "mmap_populate.behind-end", "-", MMAP,
    CHANGES(populates(c) && reaches_behind_last_page(c), c->protection &= ~PROT_WRITE))
{
	return fault_of_store(populated(2 * page_size(), READ_WRITE, MAP_SHARED, nameless_file(1)), 's').signal != 0;
}

VIOLATION(mmap_populated_private_is_shared, "mmap_populate.private-copy", "-", MMAP,
    CHANGES(populates(c) && asks_private_file(c), c->flags ^= SHARING_TYPES))
{
	int fd = nameless_file(1);

	*populated(1, READ_WRITE, MAP_PRIVATE, fd) = 'p';
	return *(char *)map_shared(fd, 1) == 'p';
}

#endif
