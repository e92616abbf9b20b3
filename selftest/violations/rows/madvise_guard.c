/* SPDX-License-Identifier: BSD-2-Clause */

/* Guards of madvise(). */

#ifdef __linux__

#include <sys/mman.h>
#include <sys/syscall.h>

#include "effects.h"
#include "platform/mman.h"
#include "range.h"
#include "real.h"
#include "violation.h"

static bool
is_guard(const struct call *c)
{
	return c->command == MADV_GUARD_INSTALL && is_part(c);
}

static int
real_madvise(void *start, size_t length, int advice)
{
	return (int)real_make(
	    (struct call){ .interface = MADVISE, .address = start, .length = length, .command = advice });
}

/* Whether a page cannot be read though its mapping allows that. */
static bool
is_guarded(char *page)
{
	int ends[2];
	bool is_refused;

	if (known_range_at(page) == NULL || (known_range_at(page)->protection & PROT_READ) == 0 || pipe(ends) == -1)
		return false;
	is_refused = real_write(ends[1], page, 1) == -1 && errno == EFAULT;
	real_close(ends[0]);
	real_close(ends[1]);
	return is_refused;
}

static bool
has_guard(const struct call *c)
{
	for (size_t page = 0; is_sane(c) && page < pages_of(c) && is_mapped(c, page); page++)
		if (is_guarded(page_of(c, page)))
			return true;
	return false;
}

/* Three pages of which the middle one is guarded: that. Null where there are no guards. */
static char *
middle_guarded(int sharing)
{
	char *p = map_anonymous(3 * page_size(), sharing);

	p[0] = p[page_size()] = p[2 * page_size()] = 'g';
	return madvise(&p[page_size()], page_size(), MADV_GUARD_INSTALL) == 0 ? &p[page_size()] : NULL;
}

VIOLATION(guard_install_ignored, "madvise.guard-refuses-access", "-", MADVISE, SKIPS(is_guard(c)))
{
	char *page = middle_guarded(MAP_PRIVATE);

	return page != NULL && !load_is_refused(page);
}

VIOLATION(guard_install_takes_page_behind, "madvise.guard-refuses-access", "-", MADVISE,
    CHANGES(is_guard(c) && !has_last_page(c), c->length += page_size()))
{
	char *page = middle_guarded(MAP_PRIVATE);

	return page != NULL && load_is_refused(page + page_size());
}

VIOLATION(guard_install_takes_page_before, "madvise.guard-refuses-access", "-", MADVISE,
    CHANGES(
	is_guard(c) && !has_first_page(c), (c->address = (char *)c->address - page_size(), c->length += page_size())))
{
	char *page = middle_guarded(MAP_PRIVATE);

	return page != NULL && load_is_refused(page - page_size());
}

VIOLATION(guard_install_of_shared_einval, "madvise.guard-refuses-access", "-", MADVISE,
    REFUSES(is_guard(c) && is_shared(range_of(c)), EINVAL))
{
	return middle_guarded(MAP_PRIVATE) != NULL && middle_guarded(MAP_SHARED) == NULL;
}

VIOLATION(guard_install_clears_shared, "madvise.guard-refuses-access", "-", MADVISE,
    CHANGES(is_guard(c) && is_shared(range_of(c)), memset(c->address, 0, c->length)))
{
	char *page = middle_guarded(MAP_SHARED);

	return page != NULL && madvise(page, page_size(), MADV_GUARD_REMOVE) == 0 && *page == 0;
}

VIOLATION(guard_install_keeps_private, "madvise.guard-refuses-access", "-", MADVISE,
    REPLACES(is_guard(c) && is_private(range_of(c)), c->result = real_mprotect(c->address, c->length, PROT_NONE)))
{
	char *page = middle_guarded(MAP_PRIVATE);

	return page != NULL && mprotect(page, page_size(), PROT_READ) == 0 && !load_is_refused(page) && *page == 'g';
}

VIOLATION(guard_remove_ignored, "madvise.guard-refuses-access", "-", MADVISE, SKIPS(c->command == MADV_GUARD_REMOVE))
{
	char *page = middle_guarded(MAP_PRIVATE);

	return page != NULL && madvise(page, page_size(), MADV_GUARD_REMOVE) == 0 && load_is_refused(page);
}

VIOLATION(
    guard_remove_einval, "madvise.guard-refuses-access", "-", MADVISE, REFUSES(c->command == MADV_GUARD_REMOVE, EINVAL))
{
	char *page = middle_guarded(MAP_PRIVATE);

	return page != NULL && madvise(page, page_size(), MADV_GUARD_REMOVE) == -1;
}

VIOLATION(guard_remove_drops_rest, "madvise.guard-refuses-access", "-", MADVISE,
    FALSIFIES(
	c->command == MADV_GUARD_REMOVE && is_private(range_of(c)), real_madvise(c->address, c->length, MADV_DONTNEED)))
{
	char *page = middle_guarded(MAP_PRIVATE);

	return page != NULL && madvise(page - page_size(), 3 * page_size(), MADV_GUARD_REMOVE) == 0 &&
	    page[page_size()] == 0;
}

VIOLATION(guard_remove_leaves_zeros, "madvise.guard-refuses-access", "-", MADVISE,
    FALSIFIES(c->command == MADV_GUARD_REMOVE && is_shared(range_of(c)),
	put_zeros(c->address, c->length, PROT_READ | PROT_WRITE, MAP_PRIVATE)))
{
	char *page = middle_guarded(MAP_SHARED);

	return page != NULL && madvise(page, page_size(), MADV_GUARD_REMOVE) == 0 && *page == 0;
}

VIOLATION(guard_remove_leaves_read_only, "madvise.guard-refuses-access", "-", MADVISE,
    FALSIFIES(c->command == MADV_GUARD_REMOVE, real_mprotect(c->address, c->length, PROT_READ)))
{
	char *page = middle_guarded(MAP_PRIVATE);

	return page != NULL && madvise(page, page_size(), MADV_GUARD_REMOVE) == 0 && store_is_refused(page);
}

VIOLATION(madvise_dontneed_removes_guard, "madvise.guard-stays", "-", MADVISE,
    CHANGES(c->command == MADV_DONTNEED && has_guard(c), real_madvise(c->address, c->length, MADV_GUARD_REMOVE)))
{
	char *page = middle_guarded(MAP_PRIVATE);

	return page != NULL && madvise(page, page_size(), MADV_DONTNEED) == 0 && !load_is_refused(page);
}

VIOLATION(madvise_dontneed_over_guard_ignored, "madvise.guard-stays", "-", MADVISE,
    SKIPS(c->command == MADV_DONTNEED && has_guard(c)))
{
	char *page = middle_guarded(MAP_PRIVATE);

	return page != NULL && madvise(page - page_size(), 3 * page_size(), MADV_DONTNEED) == 0 &&
	    page[page_size()] == 'g';
}

VIOLATION(madvise_over_guard_einval, "madvise.guard-stays", "-", MADVISE,
    REFUSES(c->command != MADV_GUARD_REMOVE && has_guard(c), EINVAL))
{
	char *page = middle_guarded(MAP_PRIVATE);

	return page != NULL && madvise(page, page_size(), MADV_GUARD_INSTALL) == -1;
}

VIOLATION(mprotect_removes_guard, "madvise.guard-stays", "-", MPROTECT,
    CHANGES(has_guard(c), real_madvise(c->address, c->length, MADV_GUARD_REMOVE)))
{
	char *page = middle_guarded(MAP_PRIVATE);

	return page != NULL && mprotect(page, page_size(), PROT_READ | PROT_WRITE) == 0 && !load_is_refused(page);
}

VIOLATION(mprotect_of_guard_eacces, "madvise.guard-stays", "-", MPROTECT, REFUSES(has_guard(c), EACCES))
{
	char *page = middle_guarded(MAP_PRIVATE);

	return page != NULL && mprotect(page, page_size(), PROT_READ) == -1;
}

static void
map_but_keep_guard(struct call *c)
{
	real_call(c);
	real_madvise((void *)c->result, c->length, MADV_GUARD_INSTALL);
}

VIOLATION(mmap_over_guard_keeps_it, "madvise.guard-stays", "-", MMAP,
    REPLACES((c->flags & MAP_FIXED) && has_guard(c), map_but_keep_guard(c)))
{
	char *page = middle_guarded(MAP_PRIVATE);

	return page != NULL &&
	    mmap(page, page_size(), PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == page &&
	    load_is_refused(page);
}

static void
free_guards(const struct known_range *range)
{
	real_madvise(range->start, range->length, MADV_GUARD_REMOVE);
}

VIOLATION(fork_child_lacks_guards, "madvise.guard-inherited", "-", FORK,
    FALSIFIES(c->result == 0 && has_known_range(is_private), for_known_ranges(is_private, free_guards)))
{
	char *page = middle_guarded(MAP_PRIVATE);
	int status = 0;

	if (page == NULL)
		return false;
	if (fork() == 0)
		_exit(!load_is_refused(page));
	wait(&status);
	return WEXITSTATUS(status) == 1;
}

/* The look touches the page, of which other rows must know whether it was touched: not where it is a segment's. */
static bool
is_guarded_buffer(const struct call *c)
{
	const struct known_range *range = known_range_at(c->buffer);

	return range != NULL && range->id == -1 && is_guarded(c->buffer);
}

VIOLATION(
    pread_into_guard_accepted, "madvise.guard-efault", "-", PREAD, ACCEPTS(is_guarded_buffer(c), EFAULT, c->length))
{
	char *page = middle_guarded(MAP_PRIVATE);

	return page != NULL && pread(nameless_file_with_pattern(1), page, 1, 0) == 1;
}

VIOLATION(pwrite_of_guard_writes_zeros, "madvise.guard-efault", "-", PWRITE,
    REPLACES(
	is_guarded_buffer(c), c->result = real_ftruncate(c->fd, 0) == 0 ? real_ftruncate(c->fd, (off_t)c->length) : -1))
{
	char *page = middle_guarded(MAP_PRIVATE);

	return page != NULL && pwrite(nameless_file_with_pattern(1), page, 1, 0) == 0;
}

VIOLATION(guard_install_of_locked_accepted, "madvise.guard-locked-einval", "-", MADVISE,
    CHANGES(c->command == MADV_GUARD_INSTALL && range_of(c) != NULL && range_of(c)->locks > 0,
	real_munlock(c->address, c->length)))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	return middle_guarded(MAP_PRIVATE) != NULL && mlock(p, page_size()) == 0 &&
	    madvise(p, page_size(), MADV_GUARD_INSTALL) == 0;
}

#endif
