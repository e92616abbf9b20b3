/* SPDX-License-Identifier: BSD-2-Clause */

/* Pages of a file in another order in its mapping. Linux keeps the call for old programs. */

#include "case.h"
#include "mapping.h"
#include "object.h"

INTERFACE(remap_file_pages, NEEDS_OBJECTS)

/* A shared mapping of an object of three pages with a pattern. An emulator of Linux may do without the call. */
static char *
map_three_pages(void)
{
	need(remap_file_pages(NULL, 0, 0, 0, 0) != -1 || errno != ENOSYS, "no remap_file_pages() here: ENOSYS");

	char *p = map_shared(object_create(3 * page_size()).fd, 3 * page_size());

	pattern_store('o', p, 3 * page_size());
	return p;
}

CASE(rearranges, DOCUMENTED,
    "remap_file_pages() puts a page of the file in the place of another, and leaves the other pages as they were",
    "Linux 2.5.46 remap_file_pages(2)")
{
	char *p = map_three_pages();

	CHECK_SUCCEEDS(remap_file_pages(p, page_size(), 0, 2, 0));

	CHECK_PATTERN_FROM('o', 2 * page_size(), p, page_size());
	CHECK_PATTERN_FROM('o', page_size(), &p[page_size()], 2 * page_size());
	*p = 's'; /* the same page of the file is there twice */
	CHECK_EQ('s', p[2 * page_size()]);
}

CASE(rounds_down, DOCUMENTED, "remap_file_pages() rounds the address and the size down to pages",
    "Linux 2.5.46 remap_file_pages(2)")
{
	char *p = map_three_pages();

	CHECK_SUCCEEDS(remap_file_pages(&p[page_size() + 1], 2 * page_size() - 1, 0, 0, 0));

	CHECK_PATTERN('o', p, page_size());
	CHECK_PATTERN('o', &p[page_size()], page_size());
	CHECK_PATTERN_FROM('o', 2 * page_size(), &p[2 * page_size()], page_size());
}

CASE(einval, DOCUMENTED,
    "remap_file_pages() of a private mapping, of no mapping, or with a protection fails with EINVAL and changes "
    "nothing",
    "Linux 2.5.46 remap_file_pages(2)")
{
	char *shared = map_three_pages();
	char *private = map_anonymous(3 * page_size(), MAP_PRIVATE);
	pattern_store('p', private, 3 * page_size());

	CHECK_FAILS(EINVAL, -1, remap_file_pages(private, page_size(), 0, 1, 0));
	CHECK_FAILS(EINVAL, -1, remap_file_pages(free_range(page_size()), page_size(), 0, 1, 0));
	CHECK_FAILS(EINVAL, -1, remap_file_pages(shared, page_size(), PROT_READ, 1, 0));

	CHECK_PATTERN('o', shared, 3 * page_size());
	CHECK_PATTERN('p', private, 3 * page_size());
}
