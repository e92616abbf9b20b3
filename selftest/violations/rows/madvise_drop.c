/* SPDX-License-Identifier: BSD-2-Clause */

/* What MADV_DONTNEED drops in whose memory; advices that are refused, and what they do all the same. */

#ifdef __linux__

#include <sys/mman.h>
#include <sys/syscall.h>

#include "effects.h"
#include "platform/mman.h"
#include "range.h"
#include "real.h"
#include "violation.h"

static int
real_madvise(void *start, size_t length, int advice)
{
	return (int)real_make(
	    (struct call){ .interface = MADVISE, .address = start, .length = length, .command = advice });
}

static bool
drops_inherited(const struct call *c)
{
	return c->command == MADV_DONTNEED && is_private(range_of(c)) && range_of(c)->is_inherited;
}

/* What a child finds in its inherited byte after the advice, or its errno and 128. */
static int
dropped_by_child(void)
{
	char *p = map_anonymous(1, MAP_PRIVATE);
	int status = 0;

	*p = 'p';
	if (fork() == 0)
		_exit(madvise(p, page_size(), MADV_DONTNEED) == -1 ? errno | 128 : *p);
	wait(&status);
	return WEXITSTATUS(status);
}

VIOLATION(
    madvise_dontneed_of_inherited_ignored, "madvise.dontneed-private-drops", "-", MADVISE, SKIPS(drops_inherited(c)))
{
	return dropped_by_child() == 'p';
}

VIOLATION(madvise_dontneed_of_inherited_einval, "madvise.dontneed-private-drops", "-", MADVISE,
    REFUSES(drops_inherited(c), EINVAL))
{
	return dropped_by_child() == (EINVAL | 128);
}

static bool
is_private_file_with_heirs(const struct known_range *range)
{
	return is_private(range) && range->fd != -1 && range->has_heirs;
}

static void
drop(const struct known_range *range)
{
	real_madvise(range->start, range->length, MADV_DONTNEED);
}

VIOLATION(end_of_child_drops_private_file, "madvise.dontneed-private-drops", "-", WAITPID,
    FALSIFIES(has_known_range(is_private_file_with_heirs) && !known_any_segment(),
	for_known_ranges(is_private_file_with_heirs, drop)))
{
	char *p = map_private(nameless_file(1), 1);
	pid_t child;

	*p = 'p';
	child = fork();
	if (child == 0)
		_exit(0);
	waitpid(child, NULL, 0);
	return *p == 0;
}

static bool
drops_closed(const struct call *c)
{
	return c->command == MADV_DONTNEED && is_private(range_of(c)) && range_of(c)->protection == PROT_NONE;
}

static char *
closed_pages(void)
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);

	p[0] = p[page_size()] = 'p';
	mprotect(p, 2 * page_size(), PROT_NONE);
	return p;
}

VIOLATION(
    madvise_dontneed_of_closed_eacces, "madvise.dontneed-private-drops", "-", MADVISE, REFUSES(drops_closed(c), EACCES))
{
	return madvise(closed_pages(), page_size(), MADV_DONTNEED) == -1;
}

VIOLATION(madvise_dontneed_of_closed_ignored, "madvise.dontneed-private-drops", "-", MADVISE, SKIPS(drops_closed(c)))
{
	char *p = closed_pages();

	return madvise(p, page_size(), MADV_DONTNEED) == 0 && mprotect(p, page_size(), PROT_READ) == 0 && *p == 'p';
}

VIOLATION(madvise_dontneed_of_closed_takes_all, "madvise.dontneed-private-drops", "-", MADVISE,
    CHANGES(drops_closed(c), (c->address = range_of(c)->start, c->length = range_of(c)->length)))
{
	char *p = closed_pages();

	return madvise(p, page_size(), MADV_DONTNEED) == 0 && mprotect(p, 2 * page_size(), PROT_READ) == 0 &&
	    p[page_size()] == 0;
}

static bool
drops_odd_length(const struct call *c)
{
	return c->command == MADV_DONTNEED && is_sane(c) && is_private(range_of(c)) && c->length % page_size() != 0;
}

static char *
advised_with_odd_length(void)
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);

	p[0] = p[page_size()] = 'p';
	return madvise(p, 1, MADV_DONTNEED) == 0 ? p : NULL;
}

VIOLATION(madvise_rounds_length_down, "madvise.dontneed-private-drops", "-", MADVISE,
    CHANGES(drops_odd_length(c), c->length -= c->length % page_size()))
{
	const char *p = advised_with_odd_length();

	return p != NULL && *p == 'p';
}

VIOLATION(madvise_rounds_length_up_too_far, "madvise.dontneed-private-drops", "-", MADVISE,
    CHANGES(drops_odd_length(c), c->length += page_size()))
{
	const char *p = advised_with_odd_length();

	return p != NULL && p[page_size()] == 0;
}

VIOLATION(
    madvise_of_odd_length_einval, "madvise.dontneed-private-drops", "-", MADVISE, REFUSES(drops_odd_length(c), EINVAL))
{
	return advised_with_odd_length() == NULL;
}

static bool
wraps(const struct call *c)
{
	return c->length > 0 && !is_sane(c);
}

VIOLATION(madvise_that_wraps_accepted, "madvise.wrap-around-einval", "-", MADVISE, ACCEPTS(wraps(c), EINVAL, 0))
{
	return madvise(map_anonymous(1, MAP_PRIVATE), SIZE_MAX, MADV_DONTNEED) == 0;
}

VIOLATION(madvise_that_wraps_drops, "madvise.wrap-around-einval", "-", MADVISE,
    REPLACES(
	wraps(c) && range_of(c) != NULL, (real_madvise(c->address, page_size(), MADV_DONTNEED), call_fail(c, EINVAL))))
{
	char *p = map_anonymous(1, MAP_PRIVATE);

	*p = 'p';
	return madvise(p, SIZE_MAX, MADV_DONTNEED) == -1 && *p == 0;
}

static bool
ends_locked(const struct call *c)
{
	return c->command == MADV_DONTNEED && is_sane(c) && known_range_at(last_page_of(c)) != NULL &&
	    known_range_at(last_page_of(c))->locks > 0;
}

VIOLATION(madvise_dontneed_of_locked_end_done, "madvise.locked-einval", "-", MADVISE,
    CHANGES(ends_locked(c), real_munlock(last_page_of(c), page_size())))
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);

	return mlock(p + page_size(), page_size()) == 0 && madvise(p, 2 * page_size(), MADV_DONTNEED) == 0;
}

VIOLATION(madvise_populate_read_of_hole_accepted, "madvise.enomem-unmapped", "-", MADVISE,
    ACCEPTS(c->command == MADV_POPULATE_READ, ENOMEM, 0))
{
	return madvise(free_range(page_size()), page_size(), MADV_POPULATE_READ) == 0;
}

VIOLATION(madvise_populate_write_of_hole_accepted, "madvise.enomem-unmapped", "-", MADVISE,
    ACCEPTS(c->command == MADV_POPULATE_WRITE, ENOMEM, 0))
{
	return madvise(free_range(page_size()), page_size(), MADV_POPULATE_WRITE) == 0;
}

static bool
wipes_other(const struct call *c)
{
	return c->command == MADV_WIPEONFORK && range_of(c) != NULL &&
	    !(is_private(range_of(c)) && range_of(c)->fd == -1);
}

VIOLATION(madvise_refused_wipeonfork_wipes, "madvise.wipeonfork-einval", "-", MADVISE,
    REPLACES(wipes_other(c), (memset(c->address, 0, c->length), call_fail(c, EINVAL))))
{
	char *p = map_anonymous(1, MAP_SHARED);

	*p = 's';
	return madvise(p, page_size(), MADV_WIPEONFORK) == -1 && *p == 0;
}

VIOLATION(madvise_wipeonfork_of_others_accepted, "madvise.wipeonfork-einval", "-", MADVISE,
    ACCEPTS(wipes_other(c), EINVAL, 0))
{
	return madvise(map_anonymous(1, MAP_SHARED), page_size(), MADV_WIPEONFORK) == 0;
}

static char *
not_dumped(int advice)
{
	char *p = map_anonymous(1, MAP_SHARED);

	*p = 'd';
	return madvise(p, page_size(), advice) == 0 ? p : NULL;
}

VIOLATION(madvise_dontdump_einval, "madvise.dontdump-keeps-data", "-", MADVISE,
    REFUSES(c->command == MADV_DONTDUMP && is_shared(range_of(c)), EINVAL))
{
	return not_dumped(MADV_DONTDUMP) == NULL;
}

VIOLATION(madvise_dodump_einval, "madvise.dontdump-keeps-data", "-", MADVISE,
    REFUSES(c->command == MADV_DODUMP && is_shared(range_of(c)), EINVAL))
{
	return not_dumped(MADV_DODUMP) == NULL;
}

VIOLATION(madvise_dontdump_clears, "madvise.dontdump-keeps-data", "-", MADVISE,
    FALSIFIES(c->command == MADV_DONTDUMP && is_shared(range_of(c)), memset(c->address, 0, c->length)))
{
	const char *p = not_dumped(MADV_DONTDUMP);

	return p != NULL && *p == 0;
}

VIOLATION(madvise_dodump_clears, "madvise.dontdump-keeps-data", "-", MADVISE,
    FALSIFIES(c->command == MADV_DODUMP && is_shared(range_of(c)), memset(c->address, 0, c->length)))
{
	const char *p = not_dumped(MADV_DODUMP);

	return p != NULL && *p == 0;
}

#endif
