/* SPDX-License-Identifier: BSD-2-Clause */

/* What a child made by fork gets of a range: nothing, a copy, the same memory, or zeros. */

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "object.h"
#include "process.h"

INTERFACE(minherit)

static void
lacks_middle_page(void *start)
{
	char *p = start;

	CHECK_PATTERN('p', p, page_size());
	CHECK_UNMAPPED(&p[page_size()], page_size());
	CHECK_PATTERN_FROM('p', 2 * page_size(), &p[2 * page_size()], page_size());
}

CASE(none, DOCUMENTED, "INHERIT_NONE keeps a page out of children made by fork", "FreeBSD minherit(2)",
    "NetBSD minherit(2)", "OpenBSD minherit(2)", "DragonFly minherit(2)", "macOS minherit(2)", COVERS("minherit.none"))
{
	char *p = map_anonymous(3 * page_size(), MAP_SHARED);
	pattern_store('p', p, 3 * page_size());

	CHECK_SUCCEEDS(minherit(&p[page_size()], page_size(), INHERIT_NONE));

	in_child(lacks_middle_page, p);
	CHECK_PATTERN('p', p, 3 * page_size());
}

static void
store_pattern_of_child(void *start)
{
	CHECK_PATTERN('p', start, 2 * page_size());
	pattern_store('c', start, 2 * page_size());
}

CASE(copy, DOCUMENTED, "INHERIT_COPY gives a child its own copy of shared memory", "FreeBSD minherit(2)",
    "NetBSD minherit(2)", "OpenBSD minherit(2)", "DragonFly minherit(2)", "macOS minherit(2)", COVERS("minherit.copy"))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);
	pattern_store('p', p, 2 * page_size());

	CHECK_SUCCEEDS(minherit(p, 2 * page_size(), INHERIT_COPY));
	in_child(store_pattern_of_child, p);

	CHECK_PATTERN('p', p, 2 * page_size());
}

CASE(share, DOCUMENTED, "INHERIT_SHARE gives a child the same private anonymous memory", "FreeBSD minherit(2)",
    "NetBSD minherit(2)", "OpenBSD minherit(2)", "DragonFly minherit(2)", "macOS minherit(2)", COVERS("minherit.share"))
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);
	pattern_store('p', p, 2 * page_size());

	CHECK_SUCCEEDS(minherit(p, 2 * page_size(), INHERIT_SHARE));
	in_child(store_pattern_of_child, p);

	CHECK_PATTERN('c', p, 2 * page_size());
}

CASE(share__file, DOCUMENTED,
    "INHERIT_SHARE shares a private mapping of a file with a child and leaves the file as it was",
    "FreeBSD minherit(2)", "DragonFly minherit(2)")
{
	int fd = nameless_file(2 * page_size());
	char *shared = map_shared(fd, 2 * page_size());
	char *p = map_private(fd, 2 * page_size());
	pattern_store('p', p, 2 * page_size());

	CHECK_SUCCEEDS(minherit(p, 2 * page_size(), INHERIT_SHARE));
	in_child(store_pattern_of_child, p);

	CHECK_PATTERN('c', p, 2 * page_size());
	CHECK_BYTES(0, shared, 2 * page_size());
}

static void
is_zero(void *start)
{
	CHECK_BYTES(0, start, 2 * page_size());
	CHECK_STORE_OK(start);
}

CASE(zero, DOCUMENTED, "INHERIT_ZERO gives a child zeros, and the parent keeps what was there",
    "FreeBSD 12.0 minherit(2)", "NetBSD 7.0 minherit(2)", "OpenBSD 5.6 minherit(2)", COVERS("minherit.zero"))
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);
	pattern_store('p', p, 2 * page_size());

	CHECK_SUCCEEDS(minherit(p, 2 * page_size(), INHERIT_ZERO));
	in_child(is_zero, p);

	CHECK_PATTERN('p', p, 2 * page_size());
}

CASE(outside_space_einval, DOCUMENTED, "minherit() of a range that is not valid fails with EINVAL",
    "FreeBSD minherit(2)", "NetBSD minherit(2)", "OpenBSD minherit(2)", "DragonFly minherit(2)")
{
	CHECK_FAILS(EINVAL, -1, minherit(address_of_kernel(), page_size(), INHERIT_SHARE));
}

CASE(unknown_value_einval, DOCUMENTED,
    "minherit() with a value that does not exist fails with EINVAL and changes nothing", "NetBSD minherit(2)",
    "OpenBSD minherit(2)", COVERS("minherit.bad"))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);
	pattern_store('p', p, 2 * page_size());

	CHECK_FAILS(EINVAL, -1, minherit(p, 2 * page_size(), 1234));
	in_child(store_pattern_of_child, p);

	CHECK_PATTERN('c', p, 2 * page_size());
}
