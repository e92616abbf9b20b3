/* SPDX-License-Identifier: BSD-2-Clause */

/* Dividing a mapping where a process has as many as it may have; and reading into pages that are closed. */

#include <unistd.h>

#include <sys/mman.h>

#include "mapping_limit.h"
#include "range.h"
#include "real.h"
#include "violation.h"

/* The middle of three pages, where no more mappings can be made. */
static char *
page_at_limit(void)
{
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);

	map_up_to_limit();
	return &p[page_size()];
}

static char *
locked_page_at_limit(void)
{
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);

	mlock(p, 3 * page_size());
	map_up_to_limit();
	return &p[page_size()];
}

VIOLATION(munmap_at_limit_accepted, "munmap.enomem-too-many-parts", "-", MUNMAP, ACCEPTS(true, ENOMEM, 0))
{
	return munmap(page_at_limit(), page_size()) == 0;
}

VIOLATION(munmap_at_limit_einval, "munmap.enomem-too-many-parts", "-", MUNMAP, MISTAKES(true, ENOMEM, EINVAL))
{
	return munmap(page_at_limit(), page_size()) == -1 && errno == EINVAL;
}

static void
fail_and_store(struct call *c)
{
	if (real_call(c) == -1 && c->error == ENOMEM)
		*(volatile char *)c->address ^= 1;
}

VIOLATION(munmap_at_limit_loses_data, "munmap.enomem-too-many-parts", "-", MUNMAP, REPLACES(true, fail_and_store(c)))
{
	char *p = page_at_limit();

	munmap(p, page_size());
	return *p != 0;
}

VIOLATION(mprotect_at_limit_accepted, "mprotect.enomem-too-many-parts", "-", MPROTECT,
    ACCEPTS(c->protection == PROT_READ, ENOMEM, 0))
{
	return mprotect(page_at_limit(), page_size(), PROT_READ) == 0;
}

VIOLATION(mprotect_at_limit_eacces, "mprotect.enomem-too-many-parts", "-", MPROTECT, MISTAKES(true, ENOMEM, EACCES))
{
	return mprotect(page_at_limit(), page_size(), PROT_READ) == -1 && errno == EACCES;
}

VIOLATION(mprotect_at_limit_loses_data, "mprotect.enomem-too-many-parts", "-", MPROTECT,
    REPLACES(c->protection == PROT_READ && range_of(c) != NULL && c->length == page_size(), fail_and_store(c)))
{
	char *p = page_at_limit();

	mprotect(p, page_size(), PROT_READ);
	return *p != 0;
}

/* One page in the middle, as soon as there are fewer mappings. */
static bool
closed_one_page(const struct call *c)
{
	bool is_attachment = range_of(c) != NULL && range_of(c)->id != -1;

	return !is_attachment && c->result == 0 && c->protection == PROT_READ && c->length == page_size();
}

VIOLATION(mprotect_below_limit_enomem, "mprotect.enomem-too-many-parts", "-", MPROTECT,
    FALSIFIES(closed_one_page(c), call_fail(c, ENOMEM)))
{
	return mprotect(map_anonymous(page_size(), MAP_PRIVATE), page_size(), PROT_READ) == -1;
}

VIOLATION(mprotect_below_limit_ignored, "mprotect.enomem-too-many-parts", "-", MPROTECT,
    FALSIFIES(closed_one_page(c), real_mprotect(c->address, c->length, PROT_READ | PROT_WRITE)))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	mprotect(p, page_size(), PROT_READ);
	return !store_is_refused(p);
}

VIOLATION(mlock_at_limit_accepted, "mlock.enomem-too-many-parts", "-", MLOCK, ACCEPTS(true, ENOMEM, 0))
{
	return mlock(page_at_limit(), page_size()) == 0;
}

VIOLATION(mlock_at_limit_eagain, "mlock.enomem-too-many-parts", "-", MLOCK, MISTAKES(true, ENOMEM, EAGAIN))
{
	return mlock(page_at_limit(), page_size()) == -1 && errno == EAGAIN;
}

VIOLATION(munlock_at_limit_accepted, "mlock.enomem-too-many-parts", "-", MUNLOCK, ACCEPTS(true, ENOMEM, 0))
{
	return munlock(locked_page_at_limit(), page_size()) == 0;
}

VIOLATION(munlock_at_limit_einval, "mlock.enomem-too-many-parts", "-", MUNLOCK, MISTAKES(true, ENOMEM, EINVAL))
{
	return munlock(locked_page_at_limit(), page_size()) == -1 && errno == EINVAL;
}

/* Reads into a page that lets nothing be stored. */
static ssize_t
read_into(int protection)
{
	int fd = nameless_file(page_size());
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	mprotect(p, page_size(), protection);
	return pread(fd, p, page_size(), 0);
}

static bool
is_into(const struct call *c, int protection)
{
	const struct known_range *range = known_range_at(c->buffer);

	return range != NULL && range->protection == protection;
}

VIOLATION(
    pread_into_read_only_eacces, "mprotect.syscall-efault", "-", PREAD, MISTAKES(is_into(c, PROT_READ), EFAULT, EACCES))
{
	return read_into(PROT_READ) == -1 && errno == EACCES;
}

VIOLATION(
    pread_into_closed_eacces, "mprotect.syscall-efault", "-", PREAD, MISTAKES(is_into(c, PROT_NONE), EFAULT, EACCES))
{
	return read_into(PROT_NONE) == -1 && errno == EACCES;
}

VIOLATION(pread_into_closed_accepted, "mprotect.syscall-efault", "-", PREAD, ACCEPTS(is_into(c, PROT_NONE), EFAULT, 0))
{
	return read_into(PROT_NONE) == 0;
}

VIOLATION(
    pread_into_read_only_accepted, "mprotect.syscall-efault", "-", PREAD, ACCEPTS(is_into(c, PROT_READ), EFAULT, 0))
{
	return read_into(PROT_READ) == 0;
}

/* The engine opens the page for the call, as a kernel would that does not ask for its protection. */
static void
read_all_the_same(struct call *c)
{
	real_mprotect(c->buffer, page_size(), PROT_READ | PROT_WRITE);
	real_call(c);
	real_mprotect(c->buffer, page_size(), PROT_READ);
	c->result = -1;
	c->error = EFAULT;
}

VIOLATION(pread_into_read_only_stores, "mprotect.syscall-efault", "-", PREAD,
    REPLACES(is_into(c, PROT_READ), read_all_the_same(c)))
{
	int fd = nameless_file(page_size());
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	*p = 1;
	mprotect(p, page_size(), PROT_READ);
	pread(fd, p, page_size(), 0);
	return *p == 0;
}
