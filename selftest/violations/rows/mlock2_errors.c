/* SPDX-License-Identifier: BSD-2-Clause */

/* What mlock2() must refuse: unknown flags, memory that is not mapped, and more than the limit. */

#include <stdint.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "effects.h"
#include "mlock2.h"
#include "range.h"
#include "real.h"
#include "violation.h"

#ifdef MLOCK_ONFAULT

static bool
has_unknown_flags(const struct call *c)
{
	return (c->flags & ~MLOCK_ONFAULT) != 0;
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
