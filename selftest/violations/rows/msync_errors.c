/* SPDX-License-Identifier: BSD-2-Clause */

/* Flags that msync() must refuse, holes, and locked pages. */

#include <sys/mman.h>

#include "range.h"
#include "violation.h"

enum { ALL_FLAGS = MS_SYNC | MS_ASYNC | MS_INVALIDATE, SPARE_FLAG = 1 << 24 };

static char *
page_of_file(void)
{
	return map_shared(nameless_file(page_size()), page_size());
}

static bool
has_both(const struct call *c)
{
	return (c->flags & (MS_SYNC | MS_ASYNC)) == (MS_SYNC | MS_ASYNC);
}

VIOLATION(msync_sync_and_async_accepted, "msync.both-einval", "B148", MSYNC,
    CHANGES(has_both(c) && (c->flags & MS_INVALIDATE) == 0, c->flags &= ~MS_ASYNC))
{
	return msync(page_of_file(), page_size(), MS_SYNC | MS_ASYNC) == 0;
}

VIOLATION(msync_all_flags_accepted, "msync.both-einval", "-", MSYNC,
    CHANGES(has_both(c) && c->flags & MS_INVALIDATE, c->flags &= ~MS_ASYNC))
{
	return msync(page_of_file(), page_size(), MS_SYNC | MS_ASYNC | MS_INVALIDATE) == 0;
}

VIOLATION(msync_sync_and_async_enotsup, "msync.both-einval", "-", MSYNC, MISTAKES(has_both(c), EINVAL, ENOTSUP))
{
	return msync(page_of_file(), page_size(), MS_SYNC | MS_ASYNC) == -1 && errno == ENOTSUP;
}

VIOLATION(msync_unknown_flag_ignored, "msync.unknown-flag-einval", "-", MSYNC,
    CHANGES(c->flags & ~ALL_FLAGS && c->flags & MS_SYNC, c->flags &= ALL_FLAGS))
{
	return msync(page_of_file(), page_size(), MS_SYNC | SPARE_FLAG) == 0;
}

VIOLATION(msync_unknown_flag_with_async_ignored, "msync.unknown-flag-einval", "-", MSYNC,
    CHANGES(c->flags & ~ALL_FLAGS && c->flags & MS_ASYNC, c->flags &= ALL_FLAGS))
{
	return msync(page_of_file(), page_size(), MS_ASYNC | SPARE_FLAG) == 0;
}

VIOLATION(
    msync_unknown_flag_enosys, "msync.unknown-flag-einval", "-", MSYNC, MISTAKES(c->flags & ~ALL_FLAGS, EINVAL, ENOSYS))
{
	return msync(page_of_file(), page_size(), MS_SYNC | SPARE_FLAG) == -1 && errno == ENOSYS;
}

VIOLATION(msync_from_hole_accepted, "msync.enomem-unmapped", "-", MSYNC, ACCEPTS(hole_of(c) == 0, ENOMEM, 0))
{
	return msync(three_pages_without(0), 3 * page_size(), MS_SYNC) == 0;
}

VIOLATION(msync_over_hole_accepted, "msync.enomem-unmapped", "-", MSYNC, ACCEPTS(has_hole_inside(c), ENOMEM, 0))
{
	return msync(three_pages_without(1), 3 * page_size(), MS_SYNC) == 0;
}

VIOLATION(msync_into_hole_accepted, "msync.enomem-unmapped", "-", MSYNC, ACCEPTS(has_hole_at_end(c), ENOMEM, 0))
{
	return msync(three_pages_without(2), 3 * page_size(), MS_SYNC) == 0;
}

/* As nothing is done then. */
VIOLATION(
    msync_async_does_not_look_at_range, "msync.enomem-unmapped", "-", MSYNC, ACCEPTS(c->flags == MS_ASYNC, ENOMEM, 0))
{
	return msync(three_pages_without(0), 3 * page_size(), MS_ASYNC) == 0;
}

VIOLATION(msync_over_hole_eio, "msync.enomem-unmapped", "-", MSYNC, MISTAKES(c->flags == MS_SYNC, ENOMEM, EIO))
{
	return msync(three_pages_without(1), 3 * page_size(), MS_SYNC) == -1 && errno == EIO;
}

VIOLATION(msync_over_hole_clears_page, "msync.enomem-unmapped", "-", MSYNC,
    REPLACES(has_hole_inside(c), (memset(c->address, 0, page_size()), call_fail(c, ENOMEM))))
{
	char *p = three_pages_without(1);

	*p = 's';
	msync(p, 3 * page_size(), MS_SYNC);
	return *p == 0;
}

/* Two pages, the second of them locked. */
static char *
partly_locked(void)
{
	char *p = map_shared(nameless_file(2 * page_size()), 2 * page_size());

	mlock(&p[page_size()], page_size());
	return p;
}

static bool
has_locked_page(const struct call *c)
{
	for (size_t i = 0; is_sane(c) && i < pages_of(c); i++)
		if (is_mapped(c, i) && known_range_at(page_of(c, i))->locks > 0)
			return true;
	return false;
}

VIOLATION(msync_invalidate_looks_at_first_page, "msync.ebusy-locked", "B146", MSYNC,
    ACCEPTS(range_of(c) != NULL && range_of(c)->locks == 0, EBUSY, 0))
{
	return msync(partly_locked(), 2 * page_size(), MS_SYNC | MS_INVALIDATE) == 0;
}

VIOLATION(msync_invalidate_locked_eagain, "msync.ebusy-locked", "-", MSYNC, MISTAKES(true, EBUSY, EAGAIN))
{
	return msync(partly_locked(), 2 * page_size(), MS_SYNC | MS_INVALIDATE) == -1 && errno == EAGAIN;
}

VIOLATION(
    msync_locked_ebusy, "msync.ebusy-locked", "-", MSYNC, REFUSES(c->flags == MS_SYNC && has_locked_page(c), EBUSY))
{
	return msync(partly_locked(), 2 * page_size(), MS_SYNC) == -1;
}

/* A page that was locked once counts as locked. */
VIOLATION(msync_invalidate_unlocked_ebusy, "msync.ebusy-locked", "-", MSYNC,
    REFUSES(c->flags &MS_INVALIDATE &&is_over_several(c) && !has_locked_page(c), EBUSY))
{
	char *p = partly_locked();

	munlock(&p[page_size()], page_size());
	return msync(p, 2 * page_size(), MS_SYNC | MS_INVALIDATE) == -1;
}

static bool
has_locked_page_behind(const struct call *c)
{
	const struct known_range *next = known_range_at((char *)c->address + whole_pages(c->length));

	return next != NULL && next->locks > 0;
}

VIOLATION(msync_invalidate_looks_behind_range, "msync.ebusy-locked", "-", MSYNC,
    REFUSES((c->flags & MS_INVALIDATE) != 0 && is_sane(c) && has_locked_page_behind(c), EBUSY))
{
	return msync(partly_locked(), page_size(), MS_SYNC | MS_INVALIDATE) == -1;
}

VIOLATION(msync_unaligned_rounds_down, "msync.unaligned", "-", MSYNC, CHANGES(is_unaligned(c), round_down(c)))
{
	return msync(page_of_file() + 1, page_size() - 1, MS_SYNC) == 0;
}

VIOLATION(msync_async_with_invalidate_einval, "msync.async-with-invalidate", "-", MSYNC,
    REFUSES(c->flags == (MS_ASYNC | MS_INVALIDATE), EINVAL))
{
	return msync(page_of_file(), page_size(), MS_ASYNC | MS_INVALIDATE) == -1;
}
