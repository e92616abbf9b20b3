/* SPDX-License-Identifier: BSD-2-Clause */

/* MADV_POPULATE_READ and MADV_POPULATE_WRITE behind the end of a file and over holes. */

#ifdef __linux__

#include <sys/mman.h>

#include "effects.h"
#include "range.h"
#include "real.h"
#include "violation.h"

#ifdef MADV_POPULATE_READ

static bool
populates(const struct call *c)
{
	return c->command == MADV_POPULATE_READ || c->command == MADV_POPULATE_WRITE;
}

/* The end of the range in its file. */
static off_t
end_in_file(const struct call *c)
{
	const struct known_range *range = range_of(c);

	return range->offset + ((char *)c->address - range->start) + (off_t)c->length;
}

static bool
populates_file(const struct call *c)
{
	return populates(c) && range_of(c) != NULL && range_of(c)->fd != -1;
}

static bool
populates_behind_end(const struct call *c)
{
	return populates_file(c) && end_in_file(c) > file_size(range_of(c)->fd);
}

static bool
populates_inside(const struct call *c)
{
	return populates_file(c) && end_in_file(c) <= file_size(range_of(c)->fd);
}

/* A mapping of three pages of a file of one. */
static char *
three_of_one(int fd)
{
	set_size(fd, (off_t)page_size());
	return map_shared(fd, 3 * page_size());
}

VIOLATION(madvise_populate_behind_end_accepted, "madvise.populate-efault", "-", MADVISE,
    ACCEPTS(populates_behind_end(c), EFAULT, 0))
{
	return madvise(three_of_one(nameless_file(0)), 3 * page_size(), MADV_POPULATE_READ) == 0;
}

VIOLATION(madvise_populate_inside_efault, "madvise.populate-efault", "-", MADVISE, REFUSES(populates_inside(c), EFAULT))
{
	return madvise(three_of_one(nameless_file(0)), page_size(), MADV_POPULATE_WRITE) == -1;
}

static void
grow_and_refuse(struct call *c)
{
	real_ftruncate(range_of(c)->fd, end_in_file(c));
	call_fail(c, EFAULT);
}

VIOLATION(madvise_populate_behind_end_grows, "madvise.populate-efault", "-", MADVISE,
    REPLACES(populates_behind_end(c), grow_and_refuse(c)))
{
	int fd = nameless_file(0);

	return madvise(three_of_one(fd), 3 * page_size(), MADV_POPULATE_WRITE) == -1 &&
	    size_of(fd) == (off_t)(3 * page_size());
}

static void
clear_and_refuse(struct call *c)
{
	if (((char *)c->address)[page_size() - 1] != 0)
		((char *)c->address)[page_size() - 1] = 0;
	call_fail(c, EFAULT);
}

VIOLATION(madvise_populate_behind_end_clears, "madvise.populate-efault", "-", MADVISE,
    REPLACES(populates_behind_end(c) && c->length > page_size(), clear_and_refuse(c)))
{
	char *p = three_of_one(nameless_file(0));

	p[page_size() - 1] = 'e';
	madvise(p, 3 * page_size(), MADV_POPULATE_WRITE);
	return p[page_size() - 1] == 0;
}

static bool
populates_over_hole(const struct call *c)
{
	return populates(c) && hole_of(c) < pages_of(c);
}

static char *
two_without_second(void)
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);

	unmap(&p[page_size()], page_size());
	return p;
}

VIOLATION(madvise_populate_over_hole_accepted, "madvise.populate-enomem", "-", MADVISE,
    ACCEPTS(populates_over_hole(c), ENOMEM, 0))
{
	return madvise(two_without_second(), 2 * page_size(), MADV_POPULATE_READ) == 0;
}

static void
fill_hole_and_refuse(struct call *c)
{
	real_mmap((char *)c->address + hole_of(c) * page_size(), page_size(), PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	call_fail(c, ENOMEM);
}

VIOLATION(madvise_populate_fills_hole, "madvise.populate-enomem", "-", MADVISE,
    REPLACES(populates_over_hole(c), fill_hole_and_refuse(c)))
{
	char *p = two_without_second();

	madvise(p, 2 * page_size(), MADV_POPULATE_READ);
	return fault_of_load(&p[page_size()]).signal == 0;
}

#endif

static bool
reclaims_locked(const struct call *c)
{
	return (c->command == MADV_COLD || c->command == MADV_PAGEOUT) && range_of(c) != NULL && range_of(c)->locks > 0;
}

static char *
locked_page(void)
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	*p = 'l';
	mlock(p, page_size());
	return p;
}

VIOLATION(
    madvise_reclaim_of_locked_accepted, "madvise.locked-einval", "-", MADVISE, ACCEPTS(reclaims_locked(c), EINVAL, 0))
{
	return madvise(locked_page(), page_size(), MADV_COLD) == 0;
}

#endif
