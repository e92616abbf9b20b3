/* SPDX-License-Identifier: BSD-2-Clause */

/* mquery() of OpenBSD: where a mapping could be placed. */

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "object.h"

INTERFACE(mquery)

CASE(fixed_free, DOCUMENTED, "mquery() with MAP_FIXED returns the address when the range is free, and maps nothing",
    "OpenBSD mquery(2)")
{
	int fd = nameless_file(2 * page_size());
	char *p = free_range(2 * page_size());

	CHECK_EQ(p, mquery(p, 2 * page_size(), PROT_READ, MAP_FIXED, fd, 0));

	CHECK_UNMAPPED(p, 2 * page_size());
}

/* The description has ENOMEM, and the list of errors EINVAL. */
CASE(fixed_in_use, DOCUMENTED,
    "mquery() with MAP_FIXED fails with ENOMEM or EINVAL when a part of the range is in use, and leaves it as it was",
    "OpenBSD mquery(2)")
{
	int fd = nameless_file(3 * page_size());
	char *p = map_aligned(3 * page_size());
	pattern_store('o', p, 3 * page_size());
	unmap(p, 2 * page_size());

	CHECK_FAILS_IN(ENOMEM, EINVAL, 0, MAP_FAILED, mquery(p, 3 * page_size(), PROT_READ, MAP_FIXED, fd, 0));

	CHECK_PATTERN_FROM('o', 2 * page_size(), &p[2 * page_size()], page_size());
	CHECK_UNMAPPED(p, 2 * page_size());
}

CASE(next_free, DOCUMENTED,
    "mquery() of an address in use finds a later one where MAP_FIXED maps the file and replaces nothing",
    "OpenBSD mquery(2)")
{
	int fd = nameless_file_with_pattern(2);
	char *used = map_aligned(2 * page_size());
	pattern_store('o', used, 2 * page_size());

	char *p = mquery(used, 2 * page_size(), PROT_READ, 0, fd, 0);
	REQUIRE(p != MAP_FAILED);
	CHECK(p >= used + 2 * page_size());
	CHECK_UNMAPPED(p, 2 * page_size());

	CHECK_EQ(p, mmap(p, 2 * page_size(), PROT_READ, MAP_FIXED | MAP_SHARED, fd, 0));
	CHECK_PATTERN('f', p, 2 * page_size());
	CHECK_PATTERN('o', used, 2 * page_size());
}

CASE(ebadf, DOCUMENTED, "mquery() for a descriptor that is not open fails with EBADF", "OpenBSD mquery(2)")
{
	int closed = nameless_file(page_size());
	close(closed);

	CHECK_FAILS(EBADF, MAP_FAILED, mquery(NULL, page_size(), PROT_READ, 0, closed, 0));
}

/* Something that the process has, in the part of its memory that is neither code nor heap. */
static char data[64] = "data";

static void
check_around(const char *part)
{
	int fd = nameless_file(page_size());
	/* NOLINTNEXTLINE(performance-no-int-to-ptr) */
	char *page = (char *)((uintptr_t)part - (uintptr_t)part % page_size());

	CHECK_FAILS_IN(ENOMEM, EINVAL, 0, MAP_FAILED, mquery(page, page_size(), PROT_READ, MAP_FIXED, fd, 0));
	for (int i = -1; i <= 1; i++) { /* from the page before it, its own and the next */
		char *from = page + i * (ptrdiff_t)page_size();
		char *p = mquery(from, page_size(), PROT_READ, 0, fd, 0);

		REQUIRE(p != MAP_FAILED);
		CHECK(p >= from);
		CHECK_EQ(0, (uintptr_t)p % page_size());
		CHECK_UNMAPPED(p, page_size());
	}
}

CASE(places, DOCUMENTED,
    "mquery() of a page of data, code or heap fails with MAP_FIXED, and finds a free page behind it without",
    "OpenBSD mquery(2)", COVERS("mquery.places"))
{
	char *heap = malloc(64);
	REQUIRE(heap != NULL);

	check_around(data);
	check_around((const char *)(uintptr_t)&check_around); /* NOLINT(performance-no-int-to-ptr) */
	check_around(heap);
	free(heap);
}
