/* SPDX-License-Identifier: BSD-2-Clause */

/* Pages of a file in another order in its mapping. Linux keeps the call for old programs. */

#include <stdint.h>

#include "case.h"
#include "mapping.h"
#include "object.h"

INTERFACE(remap_file_pages, NEEDS_OBJECTS)

/*
 * A shared mapping of an object of three units with a pattern. A page of a file may only be where the cache of the machine can
 * have it: at the multiples of a unit, attach_multiple(). An emulator of Linux may do without the call.
 */
static char *
map_three_units(void)
{
	const size_t length = 3 * attach_multiple();

	need(remap_file_pages(NULL, 0, 0, 0, 0) != -1 || errno != ENOSYS, "no remap_file_pages() here: ENOSYS");

	char *p = map_shared(object_create(length).fd, length);

	pattern_store('o', p, length);
	return p;
}

CASE(rearranges, DOCUMENTED,
    "remap_file_pages() puts a page of the file in the place of another, and leaves the other pages as they were",
    "Linux 2.5.46 remap_file_pages(2)", COVERS("remap_file_pages.reorder"))
{
	const size_t unit = attach_multiple();
	char *p = map_three_units();

	CHECK_SUCCEEDS(remap_file_pages(p, page_size(), 0, 2 * unit / page_size(), 0));

	CHECK_PATTERN_FROM('o', 2 * unit, p, page_size());
	CHECK_PATTERN_FROM('o', page_size(), &p[page_size()], 3 * unit - page_size());
	*p = 's'; /* the same page of the file is there twice */
	CHECK_EQ('s', p[2 * unit]);
}

CASE(rounds_down, DOCUMENTED, "remap_file_pages() rounds the address and the size down to pages",
    "Linux 2.5.46 remap_file_pages(2)")
{
	const size_t unit = attach_multiple();
	char *p = map_three_units();

	CHECK_SUCCEEDS(remap_file_pages(&p[unit + 1], 2 * page_size() - 1, 0, 0, 0));

	CHECK_PATTERN('o', p, unit);
	CHECK_PATTERN('o', &p[unit], page_size());
	CHECK_PATTERN_FROM('o', unit + page_size(), &p[unit + page_size()], 2 * unit - page_size());
}

CASE(einval, DOCUMENTED,
    "remap_file_pages() of a private mapping, of no mapping, or "
    "with a protection fails with EINVAL and changes nothing",
    "Linux 2.5.46 remap_file_pages(2)", COVERS("remap_file_pages.private remap_file_pages.start remap_file_pages.prot"))
{
	const size_t second = attach_multiple() / page_size();
	char *shared = map_three_units();
	char *private = map_anonymous(page_size(), MAP_PRIVATE);
	pattern_store('p', private, page_size());

	CHECK_FAILS(EINVAL, -1, remap_file_pages(private, page_size(), 0, second, 0));
	CHECK_FAILS(EINVAL, -1, remap_file_pages(free_range(page_size()), page_size(), 0, second, 0));
	CHECK_FAILS(EINVAL, -1, remap_file_pages(shared, page_size(), PROT_READ, second, 0));

	CHECK_PATTERN('o', shared, 3 * attach_multiple());
	CHECK_PATTERN('p', private, page_size());
}

CASE(einval__size, DOCUMENTED,
    "remap_file_pages() of less than a page, or with a size or an offset that wraps around, fails with EINVAL and "
    "changes nothing",
    "Linux 2.5.46 remap_file_pages(2)", COVERS("remap_file_pages.size"))
{
	const size_t second = attach_multiple() / page_size();
	char *p = map_three_units();

	CHECK_FAILS(EINVAL, -1, remap_file_pages(p, 0, 0, second, 0));
	CHECK_FAILS(EINVAL, -1, remap_file_pages(p, page_size() - 1, 0, second, 0));
	CHECK_FAILS(EINVAL, -1, remap_file_pages(p, SIZE_MAX - page_size() + 1, 0, second, 0));
	/* Not so in a kernel of wider words, for which it is an offset far behind the end. */
	if (sizeof(size_t) == 8)
		CHECK_FAILS(EINVAL, -1, remap_file_pages(p, page_size(), 0, SIZE_MAX, 0));

	CHECK_PATTERN('o', p, 3 * attach_multiple());
}
