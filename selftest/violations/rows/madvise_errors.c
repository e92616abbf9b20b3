/* SPDX-License-Identifier: BSD-2-Clause */

/* What madvise() must refuse, and what must stay then. */

#ifdef __linux__

#include <sys/mman.h>

#include "effects.h"
#include "range.h"
#include "real.h"
#include "violation.h"

static char *
touched_page(int sharing)
{
	char *p = map_anonymous(page_size(), sharing);

	*p = 't';
	return p;
}

VIOLATION(
    madvise_unaligned_rounds_down, "madvise.unaligned-einval", "-", MADVISE, CHANGES(is_unaligned(c), round_down(c)))
{
	return madvise(touched_page(MAP_PRIVATE) + 1, page_size() - 1, MADV_NORMAL) == 0;
}

VIOLATION(madvise_unaligned_enomem, "madvise.unaligned-einval", "-", MADVISE, MISTAKES(is_unaligned(c), EINVAL, ENOMEM))
{
	return madvise(touched_page(MAP_PRIVATE) + 1, page_size() - 1, MADV_NORMAL) == -1 && errno == ENOMEM;
}

VIOLATION(madvise_length_zero_einval, "madvise.len-zero", "-", MADVISE, REFUSES(c->length == 0, EINVAL))
{
	return madvise(touched_page(MAP_PRIVATE), 0, MADV_NORMAL) == -1;
}

VIOLATION(madvise_length_zero_drops_page, "madvise.len-zero", "-", MADVISE,
    CHANGES(c->length == 0 && c->command == MADV_DONTNEED, c->length = page_size()))
{
	char *p = touched_page(MAP_PRIVATE);

	madvise(p, 0, MADV_DONTNEED);
	return *p == 0;
}

enum { NO_ADVICE = 1234 };

static bool
is_no_advice(const struct call *c)
{
	return c->command < 0 || c->command >= NO_ADVICE;
}

VIOLATION(madvise_unknown_accepted, "madvise.unknown-advice-einval", "-", MADVISE, ACCEPTS(is_no_advice(c), EINVAL, 0))
{
	return madvise(touched_page(MAP_SHARED), page_size(), NO_ADVICE) == 0;
}

VIOLATION(madvise_unknown_clears_page, "madvise.unknown-advice-einval", "-", MADVISE,
    REPLACES(is_no_advice(c), (memset(c->address, 0, page_size()), call_fail(c, EINVAL))))
{
	char *p = touched_page(MAP_SHARED);

	madvise(p, page_size(), NO_ADVICE);
	return *p == 0;
}

VIOLATION(
    madvise_over_hole_accepted, "madvise.enomem-unmapped", "-", MADVISE, ACCEPTS(hole_of(c) < pages_of(c), ENOMEM, 0))
{
	return madvise(three_pages_without(1), 3 * page_size(), MADV_WILLNEED) == 0;
}

VIOLATION(
    madvise_over_hole_ebadf, "madvise.enomem-unmapped", "-", MADVISE, MISTAKES(hole_of(c) < pages_of(c), ENOMEM, EBADF))
{
	return madvise(three_pages_without(1), 3 * page_size(), MADV_WILLNEED) == -1 && errno == EBADF;
}

static char *
private_without_second(void)
{
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);

	p[0] = p[2 * page_size()] = 'p';
	unmap(&p[page_size()], page_size());
	return p;
}

VIOLATION(madvise_stops_at_hole, "madvise.enomem-unmapped", "-", MADVISE,
    REPLACES(has_hole_inside(c), (c->length = hole_of(c) * page_size(), real_call(c), call_fail(c, ENOMEM))))
{
	char *p = private_without_second();

	madvise(p, 3 * page_size(), MADV_DONTNEED);
	return p[2 * page_size()] == 'p';
}

VIOLATION(madvise_over_hole_does_nothing, "madvise.enomem-unmapped", "-", MADVISE, REFUSES(has_hole_inside(c), ENOMEM))
{
	char *p = private_without_second();

	madvise(p, 3 * page_size(), MADV_DONTNEED);
	return p[0] == 'p';
}

VIOLATION(madvise_over_hole_drops_page_more, "madvise.enomem-unmapped", "-", MADVISE,
    CHANGES(has_hole_inside(c) && is_mapped(c, pages_of(c)), c->length += page_size()))
{
	char *p = map_anonymous(4 * page_size(), MAP_PRIVATE);

	p[3 * page_size()] = 'p';
	unmap(&p[page_size()], page_size());
	madvise(p, 3 * page_size(), MADV_DONTNEED);
	return p[3 * page_size()] == 0;
}

static bool
is_locked(const struct call *c)
{
	return range_of(c) != NULL && range_of(c)->locks > 0;
}

static char *
locked_page(int sharing)
{
	char *p = touched_page(sharing);

	mlock(p, page_size());
	return p;
}

VIOLATION(madvise_dontneed_of_locked_accepted, "madvise.locked-einval", "-", MADVISE,
    ACCEPTS(is_locked(c) && c->command == MADV_DONTNEED, EINVAL, 0))
{
	return madvise(locked_page(MAP_PRIVATE), page_size(), MADV_DONTNEED) == 0;
}

VIOLATION(madvise_remove_of_locked_accepted, "madvise.locked-einval", "-", MADVISE,
    ACCEPTS(is_locked(c) && c->command == MADV_REMOVE, EINVAL, 0))
{
	return madvise(locked_page(MAP_SHARED), page_size(), MADV_REMOVE) == 0;
}

VIOLATION(madvise_of_locked_drops, "madvise.locked-einval", "-", MADVISE,
    REPLACES(is_locked(c), (memset(c->address, 0, c->length), call_fail(c, EINVAL))))
{
	char *p = locked_page(MAP_PRIVATE);

	madvise(p, page_size(), MADV_DONTNEED);
	return *p == 0;
}

static bool
removes_from(const struct call *c, int sharing)
{
	return c->command == MADV_REMOVE && range_of(c) != NULL && range_of(c)->fd != -1 &&
	    (range_of(c)->flags & sharing) != 0;
}

VIOLATION(madvise_remove_of_private_accepted, "madvise.remove-eacces", "-", MADVISE,
    ACCEPTS(removes_from(c, MAP_PRIVATE), EACCES, 0))
{
	return madvise(map_private(object_create(page_size()).fd, page_size()), page_size(), MADV_REMOVE) == 0;
}

static char *
read_only_page(void)
{
	struct object o = object_create(page_size());

	return mmap(NULL, page_size(), PROT_READ, MAP_SHARED, object_open(&o, O_RDONLY), 0);
}

VIOLATION(madvise_remove_of_read_only_accepted, "madvise.remove-eacces", "-", MADVISE,
    ACCEPTS(removes_from(c, MAP_SHARED), EACCES, 0))
{
	return madvise(read_only_page(), page_size(), MADV_REMOVE) == 0;
}

static void
clear_file(const struct known_range *range)
{
	static char none[16];

	real_pwrite(range->fd, none, sizeof(none), range->offset);
}

VIOLATION(madvise_remove_of_private_removes, "madvise.remove-eacces", "-", MADVISE,
    REPLACES(removes_from(c, MAP_PRIVATE), (clear_file(range_of(c)), call_fail(c, EACCES))))
{
	int fd = object_create(page_size()).fd;
	char *shared = map_shared(fd, page_size());

	*shared = 's';
	madvise(map_private(fd, page_size()), page_size(), MADV_REMOVE);
	return *shared == 0;
}

static bool
frees(const struct call *c, bool file)
{
	return c->command == MADV_FREE && range_of(c) != NULL && (range_of(c)->fd != -1) == file;
}

VIOLATION(
    madvise_free_of_shared_accepted, "madvise.free-shared-einval", "-", MADVISE, ACCEPTS(frees(c, false), EINVAL, 0))
{
	return madvise(touched_page(MAP_SHARED), page_size(), MADV_FREE) == 0;
}

VIOLATION(madvise_free_of_file_accepted, "madvise.free-shared-einval", "-", MADVISE, ACCEPTS(frees(c, true), EINVAL, 0))
{
	return madvise(map_private(nameless_file(page_size()), page_size()), page_size(), MADV_FREE) == 0;
}

VIOLATION(madvise_free_of_shared_frees, "madvise.free-shared-einval", "-", MADVISE,
    REPLACES(
	c->command == MADV_FREE && is_shared(range_of(c)), (memset(c->address, 0, c->length), call_fail(c, EINVAL))))
{
	char *p = touched_page(MAP_SHARED);

	madvise(p, page_size(), MADV_FREE);
	return *p == 0;
}

#ifdef MADV_POPULATE_READ

static int
populate(int protection, int advice)
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	mprotect(p, page_size(), protection);
	return madvise(p, page_size(), advice);
}

VIOLATION(madvise_populate_read_of_closed_accepted, "madvise.populate-einval", "-", MADVISE,
    ACCEPTS(c->command == MADV_POPULATE_READ, EINVAL, 0))
{
	return populate(PROT_NONE, MADV_POPULATE_READ) == 0;
}

VIOLATION(madvise_populate_write_of_read_only_accepted, "madvise.populate-einval", "-", MADVISE,
    ACCEPTS(c->command == MADV_POPULATE_WRITE, EINVAL, 0))
{
	return populate(PROT_READ, MADV_POPULATE_WRITE) == 0;
}

VIOLATION(madvise_populate_read_einval, "madvise.populate-einval", "-", MADVISE,
    REFUSES(c->command == MADV_POPULATE_READ && range_of(c) != NULL && range_of(c)->protection == PROT_READ, EINVAL))
{
	return populate(PROT_READ, MADV_POPULATE_READ) == -1;
}

VIOLATION(
    madvise_populate_ignored, "madvise.populate-makes-resident", "-", MADVISE, SKIPS(c->command == MADV_POPULATE_WRITE))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	return madvise(p, page_size(), MADV_POPULATE_WRITE) == 0 && !is_resident(p);
}

VIOLATION(madvise_populate_leaves_ones, "madvise.populate-makes-resident", "-", MADVISE,
    FALSIFIES(c->command == MADV_POPULATE_WRITE, memset(c->address, 1, c->length)))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	return madvise(p, page_size(), MADV_POPULATE_WRITE) == 0 && *p != 0;
}

VIOLATION(madvise_populate_enosys, "madvise.populate-makes-resident", "-", MADVISE,
    REFUSES(c->command == MADV_POPULATE_WRITE && is_whole(c), ENOSYS))
{
	return madvise(map_anonymous(page_size(), MAP_SHARED), page_size(), MADV_POPULATE_WRITE) == -1;
}

#endif

#endif
