/* SPDX-License-Identifier: BSD-2-Clause */

/* What mlock2() locks and brings in, at once or at the first access, and what it must refuse. */

#include <stdint.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "effects.h"
#include "range.h"
#include "real.h"
#include "violation.h"

#ifdef MLOCK_ONFAULT

/* Not that by which a program finds out whether there is the call. */
static bool
is_whole_lock(const struct call *c)
{
	return c->length > 0 && c->flags == 0;
}

static bool
is_lock_on_fault(const struct call *c)
{
	return c->length > 0 && c->flags == MLOCK_ONFAULT;
}

static bool
has_unknown_flags(const struct call *c)
{
	return (c->flags & ~MLOCK_ONFAULT) != 0;
}

static bool
is_locked_already(const struct call *c)
{
	return range_of(c) != NULL && range_of(c)->locks > 0;
}

static char *
new_pages(size_t count)
{
	return map_anonymous(count * page_size(), MAP_SHARED);
}

/* How many pages more are locked after the call for the second of three pages. */
static long
pages_locked(int flags)
{
	char *p = new_pages(3);
	long before = locked_bytes();

	mlock2(&p[page_size()], page_size(), flags);
	return (locked_bytes() - before) / (long)page_size();
}

/* The error of the call for two pages; 0: there is none. */
static int
error_of_two(int flags)
{
	return mlock2(new_pages(2), 2 * page_size(), flags) == -1 ? errno : 0;
}

VIOLATION(mlock2_locks_nothing, "mlock2.flags-zero-locks", "-", MLOCK2, SKIPS(is_whole_lock(c)))
{
	return pages_locked(0) == 0;
}

VIOLATION(mlock2_brings_in_nothing, "mlock2.flags-zero-locks", "-", MLOCK2,
    CHANGES(is_whole_lock(c) && !is_locked_already(c), c->flags = MLOCK_ONFAULT))
{
	char *p = new_pages(1);

	mlock2(p, page_size(), 0);
	return !is_resident(p);
}

VIOLATION(mlock2_takes_one_page_less, "mlock2.flags-zero-locks", "-", MLOCK2,
    CHANGES(is_whole_lock(c) && c->length > 1, c->length -= 1))
{
	char *p = new_pages(2);
	long before = locked_bytes();

	mlock2(p, page_size() + 1, 0);
	return locked_bytes() == before + (long)page_size();
}

VIOLATION(mlock2_takes_page_before, "mlock2.flags-zero-locks", "-", MLOCK2,
    CHANGES(is_whole_lock(c) && is_mapped(c, 0) && known_range_at((char *)c->address - page_size()) == range_of(c),
	(c->address = (char *)c->address - page_size(), c->length += page_size())))
{
	return pages_locked(0) == 2;
}

VIOLATION(mlock2_takes_one_page_more, "mlock2.flags-zero-locks", "-", MLOCK2,
    CHANGES(is_whole_lock(c) && is_part(c), c->length += page_size()))
{
	return pages_locked(0) == 2;
}

VIOLATION(mlock2_without_flag_eperm, "mlock2.flags-zero-locks", "-", MLOCK2, REFUSES(is_whole_lock(c), EPERM))
{
	return error_of_two(0) == EPERM;
}

VIOLATION(mlock2_on_fault_brings_in_all, "mlock2.onfault-waits-for-access", "-", MLOCK2,
    CHANGES(is_lock_on_fault(c), c->flags = 0))
{
	char *p = new_pages(1);

	mlock2(p, page_size(), MLOCK_ONFAULT);
	return is_resident(p);
}

VIOLATION(mlock2_on_fault_locks_nothing, "mlock2.onfault-waits-for-access", "-", MLOCK2, SKIPS(is_lock_on_fault(c)))
{
	return pages_locked(MLOCK_ONFAULT) == 0;
}

VIOLATION(mlock2_on_fault_einval, "mlock2.onfault-waits-for-access", "-", MLOCK2, REFUSES(is_lock_on_fault(c), EINVAL))
{
	return error_of_two(MLOCK_ONFAULT) == EINVAL;
}

VIOLATION(mlock2_on_fault_locks_first_page, "mlock2.onfault-waits-for-access", "-", MLOCK2,
    CHANGES(is_lock_on_fault(c) && c->length > page_size(), c->length = page_size()))
{
	char *p = new_pages(2);
	long before = locked_bytes();

	mlock2(p, 2 * page_size(), MLOCK_ONFAULT);
	return locked_bytes() == before + (long)page_size();
}

VIOLATION(mincore_of_locked_page_absent, "mlock2.onfault-waits-for-access", "-", MINCORE,
    FALSIFIES(is_locked_already(c) && pages_of(c) == 1, *(char *)c->buffer = 0))
{
	char *p = new_pages(1);
	unsigned char state = 1;

	*p = 'm';
	mlock2(p, page_size(), MLOCK_ONFAULT);
	return mincore(p, page_size(), (void *)&state) == 0 && state == 0;
}

VIOLATION(mlock2_on_fault_spoils_data, "mlock2.onfault-locks-resident", "-", MLOCK2,
    FALSIFIES(is_lock_on_fault(c) && c->result == 0 && is_resident(c->address), *(char *)c->address ^= 1))
{
	char *p = new_pages(1);

	*p = 'm';
	mlock2(p, page_size(), MLOCK_ONFAULT);
	return *p != 'm';
}

VIOLATION(mlock2_on_fault_leaves_out_resident, "mlock2.onfault-locks-resident", "-", MLOCK2,
    SKIPS(is_lock_on_fault(c) && is_resident(c->address)))
{
	char *p = new_pages(1);
	long before = locked_bytes();

	*p = 'm';
	mlock2(p, page_size(), MLOCK_ONFAULT);
	return locked_bytes() == before;
}

static void
drop_and_lock(struct call *c)
{
	real_make(
	    (struct call){ .interface = MADVISE, .address = c->address, .length = c->length, .command = MADV_REMOVE });
	real_call(c);
}

VIOLATION(mlock2_on_fault_drops_resident, "mlock2.onfault-locks-resident", "-", MLOCK2,
    REPLACES(is_lock_on_fault(c) && is_resident(c->address), drop_and_lock(c)))
{
	char *p = new_pages(1);

	*p = 'm';
	mlock2(p, page_size(), MLOCK_ONFAULT);
	return !is_resident(p);
}

VIOLATION(
    mlock2_leaves_pages_out, "mlock2.onfault-then-whole", "-", MLOCK2, SKIPS(is_whole_lock(c) && is_locked_already(c)))
{
	char *p = new_pages(1);

	mlock2(p, page_size(), MLOCK_ONFAULT);
	mlock2(p, page_size(), 0);
	return !is_resident(p);
}

VIOLATION(mlock2_of_locked_einval, "mlock2.onfault-then-whole", "-", MLOCK2,
    REFUSES(is_whole_lock(c) && is_locked_already(c), EINVAL))
{
	char *p = new_pages(1);

	mlock2(p, page_size(), MLOCK_ONFAULT);
	return mlock2(p, page_size(), 0) == -1;
}

VIOLATION(munlock_leaves_on_fault, "mlock2.onfault-unlocked", "-", MUNLOCK, SKIPS(is_locked_already(c)))
{
	char *p = new_pages(1);
	long before = locked_bytes();

	mlock2(p, page_size(), MLOCK_ONFAULT);
	munlock(p, page_size());
	return locked_bytes() != before;
}

VIOLATION(munlock_of_on_fault_einval, "mlock2.onfault-unlocked", "-", MUNLOCK, REFUSES(is_locked_already(c), EINVAL))
{
	char *p = new_pages(1);

	mlock2(p, page_size(), MLOCK_ONFAULT);
	return munlock(p, page_size()) == -1;
}

VIOLATION(munlock_unlocks_all_on_fault, "mlock2.onfault-unlocked", "-", MUNLOCK,
    CHANGES(is_locked_already(c) && c->length < range_of(c)->length, c->length = range_of(c)->length))
{
	char *p = new_pages(2);
	long before = locked_bytes();

	mlock2(p, 2 * page_size(), MLOCK_ONFAULT);
	munlock(p, page_size());
	return locked_bytes() == before;
}

VIOLATION(mlock2_unknown_flags_ignored, "mlock2.unknown-flags-einval", "-", MLOCK2,
    CHANGES(has_unknown_flags(c), c->flags &= MLOCK_ONFAULT))
{
	return error_of_two(0x40000000) == 0;
}

VIOLATION(mlock2_unknown_flags_beside_known_ignored, "mlock2.unknown-flags-einval", "-", MLOCK2,
    CHANGES(has_unknown_flags(c) && c->flags & MLOCK_ONFAULT, c->flags &= MLOCK_ONFAULT))
{
	return error_of_two(0x40000000 | MLOCK_ONFAULT) == 0;
}

VIOLATION(mlock2_unknown_flags_enotsup, "mlock2.unknown-flags-einval", "-", MLOCK2,
    MISTAKES(has_unknown_flags(c), EINVAL, ENOTSUP))
{
	return error_of_two(0x40000000) == ENOTSUP;
}

static void
fail_and_lock(struct call *c)
{
	real_call(c);
	real_mlock(c->address, page_size());
}

VIOLATION(mlock2_unknown_flags_einval_but_locked, "mlock2.unknown-flags-einval", "-", MLOCK2,
    REPLACES(has_unknown_flags(c), fail_and_lock(c)))
{
	return pages_locked(0x40000000) == 1;
}

static void
fail_and_touch(struct call *c)
{
	real_call(c);
	*(volatile char *)c->address = 't';
}

VIOLATION(mlock2_unknown_flags_einval_but_brought_in, "mlock2.unknown-flags-einval", "-", MLOCK2,
    REPLACES(has_unknown_flags(c), fail_and_touch(c)))
{
	char *p = new_pages(1);

	mlock2(p, page_size(), 0x40000000);
	return is_resident(p);
}

/* The error of the call for three pages of which the middle one is not mapped. */
static int
error_over_hole(int flags)
{
	return mlock2(three_pages_without(1), 3 * page_size(), flags) == -1 ? errno : 0;
}

VIOLATION(mlock2_over_hole_accepted, "mlock2.enomem-unmapped", "-", MLOCK2,
    ACCEPTS(is_whole_lock(c) && has_hole_inside(c), ENOMEM, 0))
{
	return error_over_hole(0) == 0;
}

VIOLATION(mlock2_over_hole_eagain, "mlock2.enomem-unmapped", "-", MLOCK2,
    MISTAKES(is_whole_lock(c) && has_hole_inside(c), ENOMEM, EAGAIN))
{
	return error_over_hole(0) == EAGAIN;
}

VIOLATION(mlock2_on_fault_over_hole_accepted, "mlock2.enomem-unmapped", "-", MLOCK2,
    ACCEPTS(is_lock_on_fault(c) && has_hole_inside(c), ENOMEM, 0))
{
	return error_over_hole(MLOCK_ONFAULT) == 0;
}

VIOLATION(mlock2_on_fault_over_hole_efault, "mlock2.enomem-unmapped", "-", MLOCK2,
    MISTAKES(is_lock_on_fault(c) && has_hole_inside(c), ENOMEM, EFAULT))
{
	return error_over_hole(MLOCK_ONFAULT) == EFAULT;
}

static bool
wraps_around(const struct call *c)
{
	return c->length > SIZE_MAX / 2;
}

static int
error_round_the_end(int flags)
{
	return mlock2(new_pages(1), SIZE_MAX - 2 * page_size() + 1, flags) == -1 ? errno : 0;
}

VIOLATION(mlock2_round_the_end_enomem, "mlock2.wrap-around-einval", "-", MLOCK2,
    MISTAKES(wraps_around(c) && c->flags == 0, EINVAL, ENOMEM))
{
	return error_round_the_end(0) == ENOMEM;
}

VIOLATION(mlock2_on_fault_round_the_end_accepted, "mlock2.wrap-around-einval", "-", MLOCK2,
    ACCEPTS(wraps_around(c) && c->flags == MLOCK_ONFAULT, EINVAL, 0))
{
	return error_round_the_end(MLOCK_ONFAULT) == 0;
}

VIOLATION(mlock2_round_the_end_brings_in, "mlock2.wrap-around-einval", "-", MLOCK2,
    REPLACES(wraps_around(c), fail_and_touch(c)))
{
	char *p = new_pages(1);

	mlock2(p, SIZE_MAX - 2 * page_size() + 1, 0);
	return is_resident(p);
}

/* The error for two pages in an ordinary user's process that may lock one; 0: there is none. */
static int
error_above_limit(void)
{
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		if (geteuid() == 0)
			user_become(OTHER);
		limit_to(RLIMIT_MEMLOCK, page_size());
		_exit(error_of_two(MLOCK_ONFAULT));
	}
	waitpid(child, &status, 0);
	return WEXITSTATUS(status);
}

VIOLATION(mlock2_on_fault_above_limit_accepted, "mlock2.limit-enomem", "-", MLOCK2,
    ACCEPTS(is_lock_on_fault(c) && hole_of(c) == pages_of(c), ENOMEM, 0))
{
	return error_above_limit() == 0;
}

VIOLATION(mlock2_on_fault_above_limit_eagain, "mlock2.limit-enomem", "-", MLOCK2,
    MISTAKES(is_lock_on_fault(c) && hole_of(c) == pages_of(c), ENOMEM, EAGAIN))
{
	return error_above_limit() == EAGAIN;
}

VIOLATION(mlock2_on_fault_above_limit_locks_page, "mlock2.limit-enomem", "-", MLOCK2,
    REPLACES(is_lock_on_fault(c) && hole_of(c) == pages_of(c), (real_call(c), real_mlock(c->address, page_size()))))
{
	char *p = new_pages(3);
	long before = locked_bytes();

	limit_to(RLIMIT_MEMLOCK, 2 * page_size());
	if (geteuid() == 0)
		user_become(OTHER);
	mlock2(p, 3 * page_size(), MLOCK_ONFAULT);
	return locked_bytes() == before + (long)page_size();
}

VIOLATION(mlock2_on_fault_refuses_half, "mlock2.limit-enomem", "-", MLOCK2,
    REFUSES(is_lock_on_fault(c) && pages_of(c) > 1, ENOMEM))
{
	return error_of_two(MLOCK_ONFAULT) == ENOMEM;
}

VIOLATION(mlock2_on_fault_forgets_count, "mlock2.limit-enomem", "-", MLOCK2,
    ACCEPTS(is_lock_on_fault(c) && pages_of(c) == 1 && is_part(c), ENOMEM, 0))
{
	char *p = new_pages(4);

	limit_to(RLIMIT_MEMLOCK, 2 * page_size());
	if (geteuid() == 0)
		user_become(OTHER);
	mlock2(p, 2 * page_size(), MLOCK_ONFAULT);
	return mlock2(&p[3 * page_size()], page_size(), MLOCK_ONFAULT) == 0;
}

VIOLATION(mlock2_on_fault_locks_one_page, "mlock2.limit-enomem", "-", MLOCK2,
    CHANGES(is_lock_on_fault(c) && pages_of(c) > 1, c->length = page_size()))
{
	char *p = new_pages(2);
	long before = locked_bytes();

	mlock2(p, 2 * page_size(), MLOCK_ONFAULT);
	return locked_bytes() == before + (long)page_size();
}

#endif
