/* SPDX-License-Identifier: BSD-2-Clause */

/* What mlock(), munlock() and mlockall() must refuse. */

#include <stdint.h>

#include <sys/mman.h>

#include "range.h"
#include "real.h"
#include "violation.h"

VIOLATION(mlock_from_hole_accepted, "mlock.enomem-unmapped", "-", MLOCK, ACCEPTS(hole_of(c) == 0, ENOMEM, 0))
{
	return mlock(three_pages_without(0), 3 * page_size()) == 0;
}

VIOLATION(mlock_over_hole_accepted, "mlock.enomem-unmapped", "B142", MLOCK, ACCEPTS(has_hole_inside(c), ENOMEM, 0))
{
	return mlock(three_pages_without(1), 3 * page_size()) == 0;
}

VIOLATION(mlock_into_hole_accepted, "mlock.enomem-unmapped", "-", MLOCK,
    ACCEPTS(has_hole_at_end(c) && is_shared_anonymous(range_of(c)), ENOMEM, 0))
{
	return mlock(three_pages_without(2), 3 * page_size()) == 0;
}

VIOLATION(mlock_over_hole_eagain, "mlock.enomem-unmapped", "-", MLOCK, MISTAKES(has_hole_inside(c), ENOMEM, EAGAIN))
{
	return mlock(three_pages_without(1), 3 * page_size()) == -1 && errno == EAGAIN;
}

VIOLATION(munlock_over_hole_accepted, "mlock.enomem-unmapped", "-", MUNLOCK, ACCEPTS(has_hole_inside(c), ENOMEM, 0))
{
	return munlock(three_pages_without(1), 3 * page_size()) == 0;
}

VIOLATION(munlock_from_hole_einval, "mlock.enomem-unmapped", "-", MUNLOCK, MISTAKES(hole_of(c) == 0, ENOMEM, EINVAL))
{
	return munlock(three_pages_without(0), 3 * page_size()) == -1 && errno == EINVAL;
}

VIOLATION(mlock_over_hole_clears_page, "mlock.enomem-unmapped", "-", MLOCK,
    REPLACES(has_hole_inside(c), (memset(c->address, 0, page_size()), call_fail(c, ENOMEM))))
{
	char *p = three_pages_without(1);

	*p = 'm';
	mlock(p, 3 * page_size());
	return *p == 0;
}

static const size_t PAGES_SHORT = 8;

static char *
page(void)
{
	return map_anonymous(page_size(), MAP_SHARED);
}

VIOLATION(
    mlock_round_the_end_accepted, "mlock.wrap-around-einval", "B028", MLOCK, ACCEPTS(c->length > SIZE_MAX / 2, 0, 0))
{
	return mlock(page(), SIZE_MAX - PAGES_SHORT * page_size()) == 0;
}

VIOLATION(mlock_round_the_end_eagain, "mlock.wrap-around-einval", "-", MLOCK, REFUSES(c->length > SIZE_MAX / 2, EAGAIN))
{
	return mlock(page(), SIZE_MAX - PAGES_SHORT * page_size()) == -1 && errno == EAGAIN;
}

VIOLATION(munlock_round_the_end_accepted, "mlock.wrap-around-einval", "-", MUNLOCK,
    ACCEPTS(c->length > SIZE_MAX / 2, EINVAL, 0))
{
	return munlock(page(), SIZE_MAX - PAGES_SHORT * page_size()) == 0;
}

VIOLATION(munlock_round_the_end_enomem, "mlock.wrap-around-einval", "-", MUNLOCK,
    MISTAKES(c->length > SIZE_MAX / 2, EINVAL, ENOMEM))
{
	return munlock(page(), SIZE_MAX - PAGES_SHORT * page_size()) == -1 && errno == ENOMEM;
}

enum { SPARE_FLAG = 1 << 24 };

VIOLATION(mlockall_without_flags_accepted, "mlockall.einval-flags", "-", MLOCKALL, ACCEPTS(c->flags == 0, EINVAL, 0))
{
	return mlockall(0) == 0;
}

VIOLATION(
    mlockall_unknown_flag_accepted, "mlockall.einval-flags", "-", MLOCKALL, ACCEPTS(c->flags == SPARE_FLAG, EINVAL, 0))
{
	return mlockall(SPARE_FLAG) == 0;
}

VIOLATION(mlockall_unknown_flag_enosys, "mlockall.einval-flags", "-", MLOCKALL, MISTAKES(c->flags != 0, EINVAL, ENOSYS))
{
	return mlockall(SPARE_FLAG) == -1 && errno == ENOSYS;
}

VIOLATION(mlock_unaligned_einval, "mlock.unaligned-address", "-", MLOCK, REFUSES(is_unaligned(c), EINVAL))
{
	return mlock(page() + 1, page_size() - 1) == -1;
}

VIOLATION(munlock_of_unlocked_enomem, "mlock.no-stacking", "-", MUNLOCK,
    REFUSES(range_of(c) != NULL && range_of(c)->locks == 0 && hole_of(c) == pages_of(c), ENOMEM))
{
	return munlock(page(), page_size()) == -1;
}

VIOLATION(munlock_of_partly_locked_enomem, "mlock.no-stacking", "-", MUNLOCK,
    REFUSES(is_over_several(c) && known_range_at(last_page_of(c))->locks == 0, ENOMEM))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);

	mlock(p, page_size());
	return munlock(p, 2 * page_size()) == -1;
}

VIOLATION(munlock_of_partly_locked_locks_rest, "mlock.no-stacking", "-", MUNLOCK,
    FALSIFIES(
	is_over_several(c) && known_range_at(last_page_of(c))->locks == 0, real_mlock(last_page_of(c), page_size())))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);
	long lock_before = locked_bytes();

	mlock(p, page_size());
	munlock(p, 2 * page_size());
	return locked_bytes() != lock_before;
}

VIOLATION(munlock_of_unlocked_clears_page, "mlock.no-stacking", "-", MUNLOCK,
    FALSIFIES(range_of(c) != NULL && range_of(c)->locks == 0 && (range_of(c)->protection & PROT_WRITE) != 0,
	memset(c->address, 0, page_size())))
{
	char *p = page();

	*p = 'p';
	munlock(p, page_size());
	return *p == 0;
}

VIOLATION(mlockall_onfault_alone_accepted, "mlockall.onfault-alone-einval", "-", MLOCKALL,
    ACCEPTS(c->flags == MCL_ONFAULT, EINVAL, 0))
{
	return mlockall(MCL_ONFAULT) == 0;
}

VIOLATION(mlockall_onfault_alone_locks, "mlockall.onfault-alone-einval", "-", MLOCKALL,
    REPLACES(c->flags == MCL_ONFAULT, (c->flags |= MCL_CURRENT, real_call(c), call_fail(c, EINVAL))))
{
	int status = 0;

	if (fork() == 0) {
		mlockall(MCL_ONFAULT);
		_exit(locked_bytes() > 0);
	}
	wait(&status);
	return WEXITSTATUS(status) == 1;
}
