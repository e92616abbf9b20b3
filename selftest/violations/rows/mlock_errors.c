/* SPDX-License-Identifier: BSD-2-Clause */

/* What mlock(), munlock() and mlockall() must refuse. */

#include <stdint.h>

#include <sys/mman.h>

#include "range.h"
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
