/* SPDX-License-Identifier: BSD-2-Clause */

/* What mlock2() locks and brings in, at once or at the first access. */

#include <sys/mman.h>

#include "effects.h"
#include "mlock2.h"
#include "range.h"
#include "real.h"
#include "violation.h"

#ifdef MLOCK_ONFAULT

static bool
is_locked_already(const struct call *c)
{
	return range_of(c) != NULL && range_of(c)->locks > 0;
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

#endif
