/* SPDX-License-Identifier: BSD-2-Clause */

/* The flags of mmap() that Linux has on its own. */

#ifdef __linux__

#include <stdint.h>

#include <sys/resource.h>

#include "mmap.h"

#ifndef MAP_FIXED_NOREPLACE /* since Linux 4.17, and in C libraries later than that */
#define MAP_FIXED_NOREPLACE 0x100000
#endif
#ifndef MAP_SHARED_VALIDATE
#define MAP_SHARED_VALIDATE 3
#endif

static bool
is_noreplace(const struct call *c)
{
	return (c->flags & MAP_FIXED_NOREPLACE) != 0;
}

static bool
is_in_use(const struct call *c, size_t page)
{
	return known_range_at((char *)c->address + page * page_size()) != NULL;
}

static void *
map_noreplace(void *at, size_t length)
{
	return mmap(at, length, READ_WRITE, PRIVATE_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
}

/* Two pages of addresses, one of them in use for the byte "o". */
static char *
half_used_range(size_t used)
{
	char *p = free_range(2 * page_size());
	char *page = mmap(&p[used * page_size()], page_size(), READ_WRITE, PRIVATE_ANONYMOUS | MAP_FIXED, -1, 0);

	*page = 'o';
	return p;
}

VIOLATION(mmap_noreplace_replaces, "mmap_flags.fixed-noreplace", "B163", MMAP,
    CHANGES(is_noreplace(c) && is_in_use(c, 0), c->flags = (c->flags & ~MAP_FIXED_NOREPLACE) | MAP_FIXED))
{
	char *p = half_used_range(0);

	return map_noreplace(p, 2 * page_size()) == p && *p == 0;
}

VIOLATION(mmap_noreplace_looks_at_first_page_only, "mmap_flags.fixed-noreplace", "-", MMAP,
    CHANGES(is_noreplace(c) && !is_in_use(c, 0) && c->length > page_size(),
	c->flags = (c->flags & ~MAP_FIXED_NOREPLACE) | MAP_FIXED))
{
	char *p = half_used_range(1);

	return map_noreplace(p, 2 * page_size()) == p && p[page_size()] == 0;
}

VIOLATION(mmap_noreplace_is_a_hint, "mmap_flags.fixed-noreplace", "B163", MMAP,
    CHANGES(is_noreplace(c) && c->length > page_size(), c->flags &= ~MAP_FIXED_NOREPLACE))
{
	return map_noreplace(half_used_range(0), 2 * page_size()) != MAP_FAILED;
}

VIOLATION(mmap_noreplace_enomem, "mmap_flags.fixed-noreplace", "-", MMAP, MISTAKES(is_noreplace(c), EEXIST, ENOMEM))
{
	return map_noreplace(half_used_range(0), 2 * page_size()) == MAP_FAILED && errno == ENOMEM;
}

VIOLATION(mmap_noreplace_maps_free_part, "mmap_flags.fixed-noreplace", "-", MMAP,
    CHANGES(is_noreplace(c) && !is_in_use(c, 0) && c->length > page_size(),
	put_zeros(c->address, page_size(), READ_WRITE, MAP_PRIVATE)))
{
	char *p = half_used_range(1);

	return map_noreplace(p, 2 * page_size()) == MAP_FAILED && fault_of_load(p).signal == 0;
}

VIOLATION(mmap_noreplace_in_free_place_refused, "mmap_flags.fixed-noreplace", "-", MMAP,
    REFUSES(is_noreplace(c) && !is_in_use(c, 0) && c->length == page_size(), EEXIST))
{
	return map_noreplace(free_range(1), page_size()) == MAP_FAILED;
}

VIOLATION(mmap_noreplace_in_free_place_moved, "mmap_flags.fixed-noreplace", "-", MMAP,
    CHANGES(is_noreplace(c) && !is_in_use(c, 0) && c->length == page_size(),
	(c->flags &= ~MAP_FIXED_NOREPLACE, c->address = NULL)))
{
	char *p = free_range(1);

	return map_noreplace(p, page_size()) != p;
}

static bool
is_validated(const struct call *c)
{
	return (c->flags & SHARING_TYPES) == MAP_SHARED_VALIDATE;
}

static void *
map_validated(int fd, int flags)
{
	return mmap(NULL, page_size(), READ_WRITE, MAP_SHARED_VALIDATE | flags, fd, 0);
}

enum { UNKNOWN_FLAG = 1 << 22 };

VIOLATION(mmap_validate_ignores_unknown_flag, "mmap_flags.shared-validate-unknown", "B163", MMAP,
    CHANGES(is_validated(c) && (c->flags & UNKNOWN_FLAG) != 0, c->flags &= ~UNKNOWN_FLAG))
{
	return map_validated(object_create(1).fd, UNKNOWN_FLAG) != MAP_FAILED;
}

VIOLATION(mmap_validate_unknown_flag_einval, "mmap_flags.shared-validate-unknown", "-", MMAP,
    MISTAKES(is_validated(c), EOPNOTSUPP, EINVAL))
{
	return map_validated(object_create(1).fd, UNKNOWN_FLAG) == MAP_FAILED && errno == EINVAL;
}

VIOLATION(mmap_validate_unknown_flag_leaves_range_read_only, "mmap_flags.shared-validate-unknown", "-", MMAP,
    CHANGES(is_validated(c) && (c->flags & UNKNOWN_FLAG) != 0 && is_fixed(c),
	real_mprotect(c->address, c->length, PROT_READ)))
{
	char *p = map_aligned(page_size());

	(void)mmap(p, page_size(), READ_WRITE, MAP_FIXED | MAP_SHARED_VALIDATE | UNKNOWN_FLAG, nameless_file(1), 0);
	return fault_of_store(p, 's').signal != 0;
}

VIOLATION(mmap_validate_is_private, "mmap_flags.shared-validate-unknown", "-", MMAP,
    CHANGES(is_validated(c) && (c->flags & UNKNOWN_FLAG) == 0, c->flags = (c->flags & ~SHARING_TYPES) | MAP_PRIVATE))
{
	int fd = object_create(1).fd;
	char *p = map_validated(fd, 0);

	*p = 'v';
	return *(char *)map_shared(fd, 1) == 0;
}

static bool
is_populated(const struct call *c)
{
	return (c->flags & MAP_POPULATE) != 0;
}

/* Which pages of a new object of two are resident in a mapping with MAP_POPULATE. */
static void
populate_two_pages(unsigned char resident[2])
{
	void *p =
	    mmap(NULL, 2 * page_size(), READ_WRITE, MAP_SHARED | MAP_POPULATE, object_create(2 * page_size()).fd, 0);

	mincore(p, 2 * page_size(), resident);
}

VIOLATION(mmap_populate_ignored, "mmap_flags.populate", "-", MMAP, CHANGES(is_populated(c), c->flags &= ~MAP_POPULATE))
{
	unsigned char resident[2];

	populate_two_pages(resident);
	return resident[0] == 0 && resident[1] == 0;
}

static void
populate_all_but_last_page(struct call *c)
{
	c->flags &= ~MAP_POPULATE;
	real_call(c);
	for (char *at = start_of(c); at < last_page_of(c); at += page_size())
		*(volatile char *)at = 0;
}

VIOLATION(mmap_populate_leaves_last_page, "mmap_flags.populate", "-", MMAP,
    REPLACES(is_populated(c) && asks_shared_file(c) && c->protection & PROT_WRITE && !reaches_behind_last_page(c),
	populate_all_but_last_page(c)))
{
	unsigned char resident[2];

	populate_two_pages(resident);
	return resident[0] == 1 && resident[1] == 0;
}

VIOLATION(mmap_populate_refused, "mmap_flags.populate", "B137", MMAP, REFUSES(is_populated(c), EINVAL))
{
	return mmap(NULL, 1, READ_WRITE, PRIVATE_ANONYMOUS | MAP_POPULATE, -1, 0) == MAP_FAILED;
}

static bool
is_large_without_reserve(const struct call *c)
{
	return (c->flags & MAP_NORESERVE) != 0 && c->length / page_size() > 1024;
}

static char *
map_without_reserve(size_t size)
{
	return mmap(NULL, size, READ_WRITE, PRIVATE_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

VIOLATION(mmap_noreserve_refused, "mmap_flags.noreserve", "-", MMAP, REFUSES(is_large_without_reserve(c), ENOMEM))
{
	return map_without_reserve(2048 * page_size()) == MAP_FAILED;
}

VIOLATION(mmap_noreserve_without_last_page, "mmap_flags.noreserve", "-", MMAP,
    FALSIFIES(is_large_without_reserve(c), real_mprotect(last_page_of(c), page_size(), PROT_NONE)))
{
	char *p = map_without_reserve(2048 * page_size());

	return fault_of_store(&p[2048 * page_size() - 1], 's').signal != 0;
}

static bool
is_locked(const struct call *c)
{
	return (c->flags & MAP_LOCKED) != 0;
}

static void *
map_locked(size_t pages)
{
	return mmap(NULL, pages * page_size(), READ_WRITE, MAP_SHARED | MAP_ANON | MAP_LOCKED, -1, 0);
}

VIOLATION(mmap_locked_ignored, "mmap_flags.locked", "-", MMAP,
    CHANGES(is_locked(c) && c->length <= 2 * page_size(), c->flags &= ~MAP_LOCKED))
{
	return map_locked(2) != MAP_FAILED && locked_bytes() == 0;
}

VIOLATION(mmap_locked_leaves_last_page, "mmap_flags.locked", "-", MMAP,
    FALSIFIES(is_locked(c) && c->length > page_size(),
	real_make((struct call){ .interface = MUNLOCK, .address = last_page_of(c), .length = page_size() })))
{
	return map_locked(2) != MAP_FAILED && locked_bytes() == (long)page_size();
}

VIOLATION(munmap_leaves_locked_memory, "mmap_flags.locked", "-", MUNMAP,
    SKIPS(known_range_at(c->address) != NULL && known_range_at(c->address)->id == -1 &&
	(known_range_at(c->address)->flags & MAP_LOCKED) != 0))
{
	unmap(map_locked(2), 2 * page_size());
	return locked_bytes() == 2 * (long)page_size();
}

static bool
is_over_lock_limit(const struct call *c)
{
	struct rlimit limit;

	return is_locked(c) && getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && c->length > limit.rlim_cur;
}

/* In a process of an ordinary user whose limit is two pages and who has locked one: the error for this number of further pages. */
static int
error_of_lock(size_t pages)
{
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		if (geteuid() == 0)
			user_become(OTHER);
		limit_to(RLIMIT_MEMLOCK, 2 * page_size());
		if (map_locked(1) == MAP_FAILED)
			_exit(255);
		_exit(map_locked(pages) == MAP_FAILED ? errno : 0);
	}
	waitpid(child, &status, 0);
	return WEXITSTATUS(status);
}

VIOLATION(mmap_locked_above_limit_accepted, "mmap_flags.locked", "-", MMAP,
    ACCEPTS(is_over_lock_limit(c), EAGAIN, some_memory(c)))
{
	return error_of_lock(3) == 0;
}

VIOLATION(
    mmap_locked_above_limit_enomem, "mmap_flags.locked", "-", MMAP, MISTAKES(is_over_lock_limit(c), EAGAIN, ENOMEM))
{
	return error_of_lock(3) == ENOMEM;
}

VIOLATION(mmap_locked_does_not_count_others, "mmap_flags.locked", "-", MMAP,
    ACCEPTS(is_locked(c) && !is_over_lock_limit(c), EAGAIN, some_memory(c)))
{
	return error_of_lock(2) == 0;
}

static bool
is_huge(const struct call *c)
{
	return (c->flags & MAP_HUGETLB) != 0 && (c->flags & MAP_SHARED) != 0; /* lib/ asks for private ones */
}

static char *
map_huge(size_t size)
{
	return mmap(NULL, size, READ_WRITE, MAP_SHARED | MAP_ANON | MAP_HUGETLB, -1, 0);
}

enum { HUGE_PAGE = 2 * 1024 * 1024 };

/* Behind the first page of such a range that a huge page could not start at. */
static void
map_unaligned(struct call *c)
{
	uintptr_t start = (uintptr_t)real_mmap(NULL, 2 * c->length + page_size(), READ_WRITE, PRIVATE_ANONYMOUS, -1, 0);

	c->result = (intptr_t)((start + c->length - 1) / c->length * c->length + page_size());
}

VIOLATION(mmap_hugetlb_gives_small_pages, "mmap_flags.hugetlb", "-", MMAP, REPLACES(is_huge(c), map_unaligned(c)))
{
	char *p = map_huge(HUGE_PAGE);

	return p != MAP_FAILED && (uintptr_t)p % HUGE_PAGE != 0;
}

VIOLATION(mmap_hugetlb_refused, "mmap_flags.hugetlb", "-", MMAP, REFUSES(is_huge(c), EINVAL))
{
	return map_huge(HUGE_PAGE) == MAP_FAILED && errno == EINVAL;
}

#endif
