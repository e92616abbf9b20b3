/* SPDX-License-Identifier: BSD-2-Clause */

/* Locks of ranges without access, cut off, locked by a flag, of no length or outside of the address space. */

#include <sys/mman.h>

#include "effects.h"
#include "platform/mman.h"
#include "range.h"
#include "real.h"
#include "violation.h"

static bool
has_protection(const struct call *c, int protection)
{
	return range_of(c) != NULL && range_of(c)->protection == protection;
}

static char *
mapped_for(int protection)
{
	return mmap(NULL, page_size(), protection, MAP_SHARED | MAP_ANON, -1, 0);
}

VIOLATION(munlock_of_part_einval, "mlock.locks-large", "-", MUNLOCK, REFUSES(is_part(c), EINVAL))
{
	return munlock(map_anonymous(2 * page_size(), MAP_SHARED), page_size()) == -1;
}

VIOLATION(munlock_eagain, "mlock.other-process-keeps-locks", "-", MUNLOCK,
    REFUSES(is_whole(c) && is_shared(range_of(c)), EAGAIN))
{
	return munlock(map_anonymous(page_size(), MAP_SHARED), page_size()) == -1;
}

VIOLATION(mlock_of_write_only_enomem, "mlock.write-only", "-", MLOCK, REFUSES(has_protection(c, PROT_WRITE), ENOMEM))
{
	return mlock(mapped_for(PROT_WRITE), page_size()) == -1;
}

VIOLATION(
    munlock_of_write_only_enomem, "mlock.write-only", "-", MUNLOCK, REFUSES(has_protection(c, PROT_WRITE), ENOMEM))
{
	return munlock(mapped_for(PROT_WRITE), page_size()) == -1;
}

VIOLATION(mlock_of_write_only_takes_access, "mlock.write-only", "-", MLOCK,
    FALSIFIES(has_protection(c, PROT_WRITE), real_mprotect(c->address, c->length, PROT_READ)))
{
	char *p = mapped_for(PROT_WRITE);

	mlock(p, page_size());
	return fault_of_store(p, 's').signal != 0;
}

VIOLATION(mlock_without_access_efault, "mlock.no-access", "-", MLOCK, REFUSES(has_protection(c, PROT_NONE), EFAULT))
{
	return mlock(mapped_for(PROT_NONE), page_size()) == -1 && errno == EFAULT;
}

VIOLATION(mlock_without_access_gives_it, "mlock.no-access", "-", MLOCK,
    REPLACES(has_protection(c, PROT_NONE), c->result = real_mprotect(c->address, c->length, PROT_READ)))
{
	char *p = mapped_for(PROT_NONE);

	mlock(p, page_size());
	return !load_is_refused(p);
}

VIOLATION(mlock_without_access_clears, "mlock.no-access", "-", MLOCK,
    REPLACES(
	has_protection(c, PROT_NONE), (put_zeros(c->address, c->length, PROT_NONE, MAP_SHARED), call_fail(c, ENOMEM))))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	*p = 'p';
	mprotect(p, page_size(), PROT_NONE);
	mlock(p, page_size());
	mprotect(p, page_size(), PROT_READ);
	return *p == 0;
}

/* A range that shows the file and is locked, or a null pointer. */
static const struct known_range *
locked_range_of(int fd)
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].fd == fd && ranges[i].locks > 0)
			return &ranges[i];
	return NULL;
}

static bool
grows_locked(const struct call *c)
{
	return c->offset > 0 && locked_range_of(c->fd) != NULL;
}

/* Locked memory of a file that was cut off and has grown again. */
static char *
cut_off(int *fd)
{
	char *p;

	*fd = nameless_file(page_size());
	p = map_shared(*fd, page_size());
	mlock(p, page_size());
	ftruncate(*fd, 0);
	return p;
}

static char *
grown_again(void)
{
	int fd;
	char *p = cut_off(&fd);

	ftruncate(fd, (off_t)page_size());
	return p;
}

VIOLATION(ftruncate_of_locked_is_not_zero, "mlock.cut-off", "-", FTRUNCATE,
    FALSIFIES(grows_locked(c), *locked_range_of(c->fd)->start = 'x'))
{
	return *grown_again() == 'x';
}

VIOLATION(ftruncate_of_locked_takes_access, "mlock.cut-off", "-", FTRUNCATE,
    FALSIFIES(grows_locked(c), real_mprotect(locked_range_of(c->fd)->start, locked_range_of(c->fd)->length, PROT_READ)))
{
	return store_is_refused(grown_again());
}

VIOLATION(munlock_of_cut_off_enomem, "mlock.cut-off", "-", MUNLOCK,
    REFUSES(is_shared_file(range_of(c)) && file_size(range_of(c)->fd) == 0, ENOMEM))
{
	int fd;

	return munlock(cut_off(&fd), page_size()) == -1;
}

static bool
is_locked_by_flag(const struct call *c)
{
	return range_of(c) != NULL && range_of(c)->id == -1 && (range_of(c)->flags & MAP_LOCKED) != 0;
}

static char *
locked_by_flag(void)
{
	return mmap(NULL, page_size(), PROT_READ, MAP_SHARED | MAP_LOCKED, nameless_file(page_size()), 0);
}

VIOLATION(mlock_of_locked_by_flag_einval, "mlock.locked-by-flag", "-", MLOCK, REFUSES(is_locked_by_flag(c), EINVAL))
{
	return mlock(locked_by_flag(), page_size()) == -1;
}

VIOLATION(munlock_of_locked_by_flag_einval, "mlock.locked-by-flag", "-", MUNLOCK, REFUSES(is_locked_by_flag(c), EINVAL))
{
	return munlock(locked_by_flag(), page_size()) == -1;
}

static char *
file_page(void)
{
	return map_shared(nameless_file(page_size()), page_size());
}

VIOLATION(mlock_of_nothing_eperm, "mlock.length-zero", "-", MLOCK, REFUSES(c->length == 0, EPERM))
{
	return mlock(file_page(), 0) == -1 && errno == EPERM;
}

VIOLATION(munlock_of_nothing_eperm, "mlock.length-zero", "-", MUNLOCK, REFUSES(c->length == 0, EPERM))
{
	return munlock(file_page(), 0) == -1 && errno == EPERM;
}

VIOLATION(mlock_of_nothing_locks_page, "mlock.length-zero", "-", MLOCK, CHANGES(c->length == 0, c->length = 1))
{
	char *p = file_page();

	mlock(p, 0);
	return range_is_locked(p, page_size());
}

VIOLATION(munlock_of_nothing_unlocks_page, "mlock.length-zero", "-", MUNLOCK, CHANGES(c->length == 0, c->length = 1))
{
	char *p = file_page();

	mlock(p, page_size());
	munlock(p, 0);
	return !range_is_locked(p, page_size());
}

static bool
is_outside(const struct call *c)
{
	return (uintptr_t)c->address > UINTPTR_MAX / 2;
}

VIOLATION(mlock_outside_accepted, "mlock.outside-space", "-", MLOCK, ACCEPTS(is_outside(c), 0, 0))
{
	return mlock(address_of_kernel(), page_size()) == 0;
}

VIOLATION(munlock_outside_accepted, "mlock.outside-space", "-", MUNLOCK, ACCEPTS(is_outside(c), 0, 0))
{
	return munlock(address_of_kernel(), page_size()) == 0;
}

VIOLATION(munlock_at_zero_accepted, "mlock.outside-space", "-", MUNLOCK, ACCEPTS(c->address == NULL, ENOMEM, 0))
{
	return munlock(NULL, page_size()) == 0;
}

static void
lock_something(void)
{
	static char bytes[64 * 1024];

	real_mlock(bytes, sizeof(bytes));
}

VIOLATION(mlock_at_zero_locks_something, "mlock.outside-space", "-", MLOCK,
    REPLACES(c->address == NULL, (lock_something(), call_fail(c, ENOMEM))))
{
	long before = locked_bytes();

	mlock(NULL, page_size());
	return locked_bytes() > before;
}

static bool
reaches_behind_end(const struct call *c)
{
	const struct known_range *range = range_of(c);

	return is_shared_file(range) && range->offset == 0 && file_size(range->fd) > 0 &&
	    whole_pages((size_t)file_size(range->fd)) < c->length;
}

static char *
lock_behind_end(void)
{
	char *p = map_shared(nameless_file(1), 2 * page_size());

	*p = 'm';
	errno = 0;
	mlock(p, 2 * page_size());
	return p;
}

VIOLATION(mlock_behind_end_efault, "mlock.behind-end", "-", MLOCK, REFUSES(reaches_behind_end(c), EFAULT))
{
	lock_behind_end();
	return errno == EFAULT;
}

VIOLATION(
    mlock_behind_end_clears, "mlock.behind-end", "-", MLOCK, CHANGES(reaches_behind_end(c), *range_of(c)->start = 0))
{
	return *lock_behind_end() == 0;
}
