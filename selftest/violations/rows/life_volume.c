/* SPDX-License-Identifier: BSD-2-Clause */

/* What one of many calls uses up, and memory that comes with what was in it. */

#ifdef __linux__

#include <sys/resource.h>

#include "mmap.h"
#include "regions.h"

/* The last of this many calls goes wrong. */
enum { SELDOM = 90 };

static bool
is_turn(unsigned *calls)
{
	return ++*calls % SELDOM == 0;
}

/* Long enough that programs make it for their data. */
static bool
is_long(size_t length)
{
	return length > 128 * page_size();
}

static void
map_and_unmap_many(void)
{
	for (int i = 0; i <= SELDOM; i++)
		unmap(map_anonymous(256 * page_size(), MAP_PRIVATE), 256 * page_size());
}

static unsigned unmapped;

VIOLATION(munmap_keeps_one_of_many, "life_many.mapped-many-times", "-", MUNMAP,
    SKIPS(is_long(c->length) && is_turn(&unmapped)))
{
	size_t before = regions_now().pages;

	map_and_unmap_many();
	return regions_now().pages > before + 128;
}

static unsigned mapped;

VIOLATION(mmap_keeps_descriptor_of_one_of_many, "life_many.mapped-many-times", "-", MMAP,
    FALSIFIES(is_long(c->length) && is_turn(&mapped), real_open(".", O_RDONLY | O_CLOEXEC)))
{
	int before = next_descriptor();

	map_and_unmap_many();
	return next_descriptor() != before;
}

/* A region that nobody has asked for. */
static void
leave_region(void)
{
	real_mmap(NULL, page_size(), PROT_EXEC, PRIVATE_ANONYMOUS, -1, 0);
}

static unsigned closed;

VIOLATION(mprotect_leaves_region, "life_many.protected-many-times", "-", MPROTECT,
    FALSIFIES(c->result == 0 && c->protection == PROT_READ && is_turn(&closed), leave_region()))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);
	size_t before;

	mprotect(p, page_size(), PROT_READ);
	before = regions_now().pages;
	for (int i = 0; i < SELDOM; i++)
		mprotect(p, page_size(), PROT_READ);
	return regions_now().pages > before;
}

static unsigned moved;

VIOLATION(mremap_leaves_region, "life_many.remapped-many-times", "-", MREMAP,
    FALSIFIES(c->error == 0 && is_turn(&moved), leave_region()))
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);
	size_t before = regions_now().pages;

	for (int i = 0; i < SELDOM; i++)
		p = mremap(p, 2 * page_size(), 2 * page_size(), MREMAP_MAYMOVE);
	return p != MAP_FAILED && regions_now().pages > before;
}

/* As if what MAP_FIXED replaces stayed and counted. */
static bool
counts_too_much(const struct call *c)
{
	static size_t counted;
	struct rlimit limit;

	if (!is_fixed(c) || !asks_private_anonymous(c) || (c->protection & PROT_WRITE) == 0 ||
	    getrlimit(RLIMIT_DATA, &limit) == -1 || limit.rlim_cur == RLIM_INFINITY)
		return false;
	counted += c->length;
	return counted > limit.rlim_cur;
}

VIOLATION(
    mmap_replaced_memory_still_counts, "life_many.replaced-many-times", "-", MMAP, REFUSES(counts_too_much(c), ENOMEM))
{
	const size_t size = 256 * page_size();
	char *p = map_anonymous(size, MAP_PRIVATE);

	limit_to(RLIMIT_DATA, 64 * size);
	for (int i = 0; i < 100; i++)
		if (mmap(p, size, READ_WRITE, PRIVATE_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
			return true;
	return false;
}

/* This kind of memory was unmapped once: the next has the end of what was in it. */
static bool was_shared_unmapped;
static bool was_private_unmapped;

static void
leave_old_byte(const struct call *c, bool *was_made)
{
	if (*was_made)
		start_of(c)[c->length - page_size() / 2 + 1] = 'x';
	*was_made = true;
}

static bool
is_of_some_pages(const struct call *c)
{
	return c->length > 4 * page_size() && c->protection == READ_WRITE && c->address == NULL;
}

VIOLATION(mmap_shared_memory_taken_again_has_byte, "mmap_first_touch.taken-again", "-", MMAP,
    FALSIFIES(asks_shared_anonymous(c) && is_of_some_pages(c), leave_old_byte(c, &was_shared_unmapped)))
{
	const char *p;

	unmap(map_anonymous(5 * page_size(), MAP_SHARED), 5 * page_size());
	p = map_anonymous(5 * page_size(), MAP_SHARED);
	return p[5 * page_size() - page_size() / 2 + 1] == 'x';
}

VIOLATION(mmap_private_memory_taken_again_has_byte, "mmap_first_touch.taken-again", "-", MMAP,
    FALSIFIES(asks_private_anonymous(c) && is_of_some_pages(c), leave_old_byte(c, &was_private_unmapped)))
{
	const char *p;

	unmap(map_anonymous(5 * page_size(), MAP_PRIVATE), 5 * page_size());
	p = map_anonymous(5 * page_size(), MAP_PRIVATE);
	return p[5 * page_size() - page_size() / 2 + 1] == 'x';
}

/* The last page of a file that has grown by more than one keeps a byte of what was cut off. */
static bool
grows_by_pages(const struct call *c)
{
	return c->result == 0 && c->offset > (off_t)(4 * page_size()) && is_file(c->fd);
}

VIOLATION(ftruncate_grown_file_has_byte, "mmap_first_touch.grown-again", "-", FTRUNCATE,
    FALSIFIES(grows_by_pages(c), real_pwrite(c->fd, "x", 1, c->offset - (off_t)page_size() / 2 + 1)))
{
	const size_t size = 5 * page_size();
	int fd = nameless_file(size);
	const char *p;

	if (ftruncate(fd, 0) == -1 || ftruncate(fd, (off_t)size) == -1)
		return false;
	p = map_shared(fd, size);
	return p[size - page_size() / 2 + 1] == 'x';
}

#endif
