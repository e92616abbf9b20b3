/* SPDX-License-Identifier: BSD-2-Clause */

/* Moves that leave the old range mapped, and limits and locks of what moves. */

#ifdef __linux__

#include <sys/mman.h>
#include <sys/resource.h>

#include "effects.h"
#include "range.h"
#include "real.h"
#include "violation.h"

enum { READ_WRITE = PROT_READ | PROT_WRITE };

static bool
leaves_old(const struct call *c)
{
	return c->flags == (MREMAP_MAYMOVE | MREMAP_DONTUNMAP) && c->length == c->new_length;
}

static bool
leaves_old_open(const struct call *c)
{
	return leaves_old(c) && range_of(c) != NULL && (range_of(c)->protection & READ_WRITE) == READ_WRITE;
}

/* Two pages, 'p' in the first byte, and what MREMAP_DONTUNMAP makes of them. */
static char *
moved(char **old)
{
	*old = map_anonymous(2 * page_size(), MAP_PRIVATE);
	**old = 'p';
	return mremap(*old, 2 * page_size(), 2 * page_size(), MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL);
}

VIOLATION(mremap_dontunmap_moves_zeros, "mremap.dontunmap", "-", MREMAP,
    FALSIFIES(leaves_old_open(c), memset((char *)c->result, 0, page_size())))
{
	char *old;

	return *moved(&old) == 0;
}

VIOLATION(mremap_dontunmap_leaves_data, "mremap.dontunmap", "-", MREMAP,
    FALSIFIES(leaves_old_open(c), memcpy(c->address, (char *)c->result, page_size())))
{
	char *old;

	moved(&old);
	return *old == 'p';
}

VIOLATION(mremap_dontunmap_alone_moves, "mremap.dontunmap", "-", MREMAP,
    CHANGES(c->flags == MREMAP_DONTUNMAP, c->flags |= MREMAP_MAYMOVE))
{
	return mremap(map_anonymous(1, MAP_PRIVATE), page_size(), page_size(), MREMAP_DONTUNMAP, NULL) != MAP_FAILED;
}

VIOLATION(mremap_dontunmap_with_hint_einval, "mremap.dontunmap", "-", MREMAP,
    REFUSES(leaves_old(c) && c->new_address != NULL, EINVAL))
{
	char *p = map_anonymous(1, MAP_PRIVATE);

	return mremap(p, page_size(), page_size(), MREMAP_MAYMOVE | MREMAP_DONTUNMAP, free_range(1)) == MAP_FAILED;
}

static bool
grows_without_unmapping(const struct call *c)
{
	return c->flags == (MREMAP_MAYMOVE | MREMAP_DONTUNMAP) && c->length < c->new_length;
}

static void *
grown_without_unmapping(char *p)
{
	return mremap(p, page_size(), 2 * page_size(), MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL);
}

VIOLATION(mremap_dontunmap_grows, "mremap.dontunmap", "-", MREMAP,
    CHANGES(grows_without_unmapping(c), c->new_length = c->length))
{
	return grown_without_unmapping(map_anonymous(1, MAP_PRIVATE)) != MAP_FAILED;
}

VIOLATION(mremap_dontunmap_refusal_clears, "mremap.dontunmap", "-", MREMAP,
    CHANGES(grows_without_unmapping(c), memset(c->address, 0, page_size())))
{
	char *p = map_anonymous(1, MAP_PRIVATE);

	*p = 'p';
	grown_without_unmapping(p);
	return *p == 0;
}

static bool
grows_two_mappings(const struct call *c)
{
	return c->new_length > c->length && c->length > page_size() && range_of(c) != NULL &&
	    range_of(c) != known_range_at(last_page_of(c));
}

static char *
unlike_pages(void)
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);

	*p = 'p';
	mprotect(&p[page_size()], page_size(), PROT_READ);
	return p;
}

VIOLATION(mremap_of_unlike_mappings_einval, "mremap.unmapped-efault", "-", MREMAP,
    MISTAKES(grows_two_mappings(c), EFAULT, EINVAL))
{
	return mremap(unlike_pages(), 2 * page_size(), 4 * page_size(), MREMAP_MAYMOVE) == MAP_FAILED &&
	    errno == EINVAL;
}

VIOLATION(mremap_of_unlike_mappings_clears, "mremap.unmapped-efault", "-", MREMAP,
    CHANGES(grows_two_mappings(c), memset(c->address, 0, page_size())))
{
	char *p = unlike_pages();

	mremap(p, 2 * page_size(), 4 * page_size(), MREMAP_MAYMOVE);
	return *p == 0;
}

static bool
is_locked_range(const struct call *c)
{
	return range_of(c) != NULL && range_of(c)->locks > 0;
}

/* A locked page that has grown to two, and has moved. */
static char *
grow_locked_page(void)
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);

	mlock(p, page_size());
	return mremap(p, page_size(), 2 * page_size(), MREMAP_MAYMOVE);
}

VIOLATION(mremap_unlocks, "mremap.keeps-lock", "-", MREMAP,
    FALSIFIES(is_locked_range(c) && c->new_length > c->length, real_munlock((char *)c->result, c->new_length)))
{
	return grow_locked_page() != MAP_FAILED && locked_bytes() == 0;
}

VIOLATION(mremap_shrink_unlocks, "mremap.keeps-lock", "-", MREMAP,
    FALSIFIES(c->new_length < c->length, real_munlock((char *)c->result, c->new_length)))
{
	char *p = map_anonymous(4 * page_size(), MAP_PRIVATE);

	mlock(p, 2 * page_size());
	return mremap(p, 4 * page_size(), 2 * page_size(), 0) == p && locked_bytes() == 0;
}

static bool
has_lock_limit(const struct call *c)
{
	struct rlimit limit;

	return is_locked_range(c) && getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && c->new_length > limit.rlim_cur;
}

/* In a process of an ordinary user: the error of growing a locked page to three where two are the limit, and 'c' if it is lost. */
static int
error_of_growing(void)
{
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		char *p = map_anonymous(page_size(), MAP_PRIVATE);

		if (geteuid() == 0)
			user_become(OTHER);
		limit_to(RLIMIT_MEMLOCK, 2 * page_size());
		mlock(p, page_size());
		*p = 'o';
		if (mremap(p, page_size(), 3 * page_size(), MREMAP_MAYMOVE) != MAP_FAILED)
			_exit(0);
		_exit(*p != 'o' ? 'c' : locked_bytes() == 0 ? 'u' : errno);
	}
	waitpid(child, &status, 0);
	return WEXITSTATUS(status);
}

VIOLATION(mremap_above_lock_limit_enomem, "mremap.lock-limit-eagain", "-", MREMAP,
    MISTAKES(has_lock_limit(c), EAGAIN, ENOMEM))
{
	return error_of_growing() == ENOMEM;
}

VIOLATION(mremap_above_lock_limit_clears, "mremap.lock-limit-eagain", "-", MREMAP,
    CHANGES(has_lock_limit(c), *(char *)c->address = 0))
{
	return error_of_growing() == 'c';
}

VIOLATION(mremap_above_lock_limit_unlocks, "mremap.lock-limit-eagain", "-", MREMAP,
    REPLACES(has_lock_limit(c), (real_munlock(c->address, c->length), call_fail(c, EAGAIN))))
{
	return error_of_growing() == 'u';
}

static bool
exceeds_address_limit(const struct call *c)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_AS, &limit) == 0 && c->new_length > limit.rlim_cur;
}

/* The error of growing a page above the limit on addresses, and 'c' if it is lost. */
static int
error_of_growing_too_far(void)
{
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		char *p = map_anonymous(page_size(), MAP_PRIVATE);

		*p = 'o';
		limit_to(RLIMIT_AS, 64 << 20);
		if (mremap(p, page_size(), 128 << 20, MREMAP_MAYMOVE) != MAP_FAILED)
			_exit(0);
		_exit(*p == 'o' ? errno : 'c');
	}
	waitpid(child, &status, 0);
	return WEXITSTATUS(status);
}

VIOLATION(mremap_above_address_limit_einval, "mremap.enomem-rlimit-as", "-", MREMAP,
    MISTAKES(exceeds_address_limit(c), ENOMEM, EINVAL))
{
	return error_of_growing_too_far() == EINVAL;
}

VIOLATION(mremap_above_address_limit_clears, "mremap.enomem-rlimit-as", "-", MREMAP,
    CHANGES(exceeds_address_limit(c), *(char *)c->address = 0))
{
	return error_of_growing_too_far() == 'c';
}

#endif
