/* SPDX-License-Identifier: BSD-2-Clause */

/* The protection that mmap() gives: PROT_NONE, PROT_READ or PROT_WRITE alone, for files. */

#include <signal.h>

#include "mmap.h"

static void *
map_two_pages(int fd, int protection, int sharing)
{
	return mmap(NULL, 2 * page_size(), protection, sharing, fd, 0);
}

static int
two_pages(void)
{
	return nameless_file(2 * page_size());
}

VIOLATION(mmap_shared_without_access_loads, "mmap.prot-none-no-access", "-", MMAP,
    CHANGES(asks_shared_file(c) && c->protection == PROT_NONE, c->protection = PROT_READ))
{
	return fault_of_load(map_two_pages(two_pages(), PROT_NONE, MAP_SHARED)).signal == 0;
}

VIOLATION(mmap_private_without_access_stores, "mmap.prot-none-no-access", "-", MMAP,
    CHANGES(asks_private_file(c) && c->protection == PROT_NONE, c->protection = READ_WRITE))
{
	return fault_of_store(map_two_pages(two_pages(), PROT_NONE, MAP_PRIVATE), 's').signal == 0;
}

VIOLATION(mmap_without_access_leaves_last_page, "mmap.prot-none-no-access", "-", MMAP,
    FALSIFIES(asks_shared_file(c) && c->protection == PROT_NONE && c->length > page_size(),
	real_mprotect(last_page_of(c), page_size(), PROT_READ)))
{
	const char *p = map_two_pages(two_pages(), PROT_NONE, MAP_SHARED);

	return fault_of_load(p).signal != 0 && fault_of_load(&p[page_size()]).signal == 0;
}

/* Pages to read whose file could be written as well. */
static bool
is_read_only(const struct call *c, bool (*is_of_kind)(int))
{
	return c->protection == PROT_READ && c->length > page_size() && !is_fixed(c) && is_of_file(c) &&
	    access_mode(c->fd) == O_RDWR && is_of_kind(c->fd);
}

VIOLATION(mmap_shared_read_only_file_stores, "mmap.prot-read-refuses-write", "-", MMAP,
    CHANGES(asks_shared(c) && is_read_only(c, is_file), c->protection |= PROT_WRITE))
{
	return fault_of_store(map_two_pages(two_pages(), PROT_READ, MAP_SHARED), 's').signal == 0;
}

VIOLATION(mmap_shared_read_only_object_stores, "mmap.prot-read-refuses-write", "-", MMAP,
    CHANGES(asks_shared(c) && is_read_only(c, is_object), c->protection |= PROT_WRITE))
{
	return fault_of_store(map_two_pages(object_create(2 * page_size()).fd, PROT_READ, MAP_SHARED), 's').signal == 0;
}

VIOLATION(mmap_private_read_only_stores, "mmap.prot-read-refuses-write", "-", MMAP,
    CHANGES(asks_private(c) && is_read_only(c, is_file), c->protection |= PROT_WRITE))
{
	return fault_of_store(map_two_pages(two_pages(), PROT_READ, MAP_PRIVATE), 's').signal == 0;
}

VIOLATION(mmap_read_only_leaves_last_page, "mmap.prot-read-refuses-write", "-", MMAP,
    FALSIFIES(asks_shared(c) && is_read_only(c, is_file), real_mprotect(last_page_of(c), page_size(), READ_WRITE)))
{
	char *p = map_two_pages(two_pages(), PROT_READ, MAP_SHARED);

	return fault_of_store(p, 's').signal != 0 && fault_of_store(&p[page_size()], 's').signal == 0;
}

/* The range of a file that was mapped to read, where a store was refused. */
static struct known_range *
range_of_refused_store(const struct call *c)
{
	struct known_range *range = known_range_at(c->address);

	return c->id == SIGSEGV && is_shared_file_range(range) && range->protection == PROT_READ ? range : NULL;
}

static void
store_though_refused(const struct call *c)
{
	const struct known_range *range = range_of_refused_store(c);

	real_pwrite(range->fd, "s", 1, range->offset + ((char *)c->address - range->start));
}

VIOLATION(fault_store_arrives, "mmap.prot-read-refuses-write", "-", FAULT,
    FALSIFIES(range_of_refused_store(c) != NULL, store_though_refused(c)))
{
	char *p = map_two_pages(two_pages(), PROT_READ, MAP_SHARED);

	return fault_of_store(&p[1], 's').signal != 0 && p[1] == 's';
}

static bool
is_write_only(const struct call *c)
{
	return asks_shared_file(c) && c->protection == PROT_WRITE && access_mode(c->fd) == O_RDWR;
}

VIOLATION(mmap_write_only_refused, "mmap.prot-write-only", "B191", MMAP, REFUSES(is_write_only(c), EACCES))
{
	return map_two_pages(two_pages(), PROT_WRITE, MAP_SHARED) == MAP_FAILED;
}

VIOLATION(mmap_write_only_refuses_stores, "mmap.prot-write-only", "-", MMAP,
    CHANGES(is_write_only(c), c->protection = PROT_READ))
{
	return fault_of_store(map_two_pages(two_pages(), PROT_WRITE, MAP_SHARED), 's').signal == SIGSEGV;
}

VIOLATION(
    mmap_write_only_is_private, "mmap.prot-write-only", "-", MMAP, CHANGES(is_write_only(c), c->flags ^= SHARING_TYPES))
{
	int fd = two_pages();
	char *p = map_two_pages(fd, PROT_WRITE, MAP_SHARED);

	*p = 's';
	return *content_of(fd, 1) == 0;
}
