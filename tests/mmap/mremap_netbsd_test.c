/* SPDX-License-Identifier: BSD-2-Clause */

/* The mremap() of NetBSD, which takes other arguments and flags than that of Linux. */

#include <stdint.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"

INTERFACE(mremap)

CASE(netbsd_shrinks, DOCUMENTED, "mremap() to a smaller size keeps what stays and unmaps the tail", "NetBSD mremap(2)")
{
	char *p = map_anonymous(3 * page_size(), MAP_SHARED);
	pattern_store('p', p, 3 * page_size());

	char *now = netbsd_mremap(p, 3 * page_size(), p, page_size(), 0);
	REQUIRE(now != MAP_FAILED);

	CHECK_PATTERN('p', now, page_size());
	CHECK_UNMAPPED(&p[page_size()], 2 * page_size());
}

CASE(netbsd_grows, DOCUMENTED, "mremap() to a larger size keeps the contents, though the mapping must move",
    "NetBSD mremap(2)")
{
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);
	pattern_store('p', p, 3 * page_size());
	char *neighbour = &p[page_size()];

	char *now = netbsd_mremap(p, page_size(), p, 3 * page_size(), 0);
	REQUIRE(now != MAP_FAILED);

	CHECK_PATTERN('p', now, page_size());
	CHECK_STORE_OK(&now[3 * page_size() - 1]);
	CHECK_PATTERN_FROM('p', page_size(), neighbour, 2 * page_size());
	CHECK_UNMAPPED(p, page_size());
}

CASE(netbsd_fixed, DOCUMENTED, "MAP_FIXED moves the mapping exactly to the new address", "NetBSD mremap(2)")
{
	char *to = free_range(2 * page_size());
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);
	pattern_store('p', p, 2 * page_size());
	REQUIRE(to != p);

	CHECK_EQ(to, netbsd_mremap(p, 2 * page_size(), to, 2 * page_size(), MAP_FIXED));

	CHECK_PATTERN('p', to, 2 * page_size());
	CHECK_UNMAPPED(p, 2 * page_size());
}

CASE(netbsd_fixed__in_use, DOCUMENTED,
    "MAP_FIXED fails with ENOMEM when the new address is in use, and changes neither mapping", "NetBSD mremap(2)")
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);
	char *used = map_anonymous(2 * page_size(), MAP_SHARED);
	pattern_store('p', p, 2 * page_size());
	pattern_store('u', used, 2 * page_size());

	CHECK_FAILS(ENOMEM, MAP_FAILED, netbsd_mremap(p, 2 * page_size(), used, 2 * page_size(), MAP_FIXED));

	CHECK_PATTERN('p', p, 2 * page_size());
	CHECK_PATTERN('u', used, 2 * page_size());
}

CASE(netbsd_aligned, DOCUMENTED, "MAP_ALIGNED(n) moves the mapping to a multiple of 2 to the power n",
    "NetBSD mremap(2)")
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);
	pattern_store('p', p, 2 * page_size());

	char *now = netbsd_mremap(p, 2 * page_size(), NULL, 2 * page_size(), MAP_ALIGNED(24));
	REQUIRE(now != MAP_FAILED);

	CHECK_EQ(0, (uintptr_t)now % (1 << 24));
	CHECK_PATTERN('p', now, 2 * page_size());
}

CASE(netbsd_einval, DOCUMENTED,
    "mremap() of an address within a page, or with MAP_FIXED to one, fails with EINVAL, and nothing moves",
    "NetBSD mremap(2)")
{
	char *to = free_range(3 * page_size());
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);
	pattern_store('p', p, 2 * page_size());

	CHECK_FAILS(EINVAL, MAP_FAILED, netbsd_mremap(p + 1, page_size(), p, page_size(), 0));
	CHECK_FAILS(EINVAL, MAP_FAILED, netbsd_mremap(p, page_size(), to + 1, page_size(), MAP_FIXED));

	CHECK_PATTERN('p', p, 2 * page_size());
	CHECK_UNMAPPED(to, 3 * page_size());
}

CASE(netbsd_remapdup, DOCUMENTED, "MAP_REMAPDUP makes a second mapping of the same pages with a protection of its own",
    "NetBSD 8 mremap(2)")
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);
	pattern_store('p', p, 2 * page_size());

	char *copy = netbsd_mremap(p, 2 * page_size(), NULL, 2 * page_size(), MAP_REMAPDUP);
	REQUIRE(copy != MAP_FAILED);
	REQUIRE(mprotect(p, 2 * page_size(), PROT_READ) == 0);

	CHECK_PATTERN('p', copy, 2 * page_size());
	copy[2 * page_size() - 1] = 'c';
	CHECK_EQ('c', p[2 * page_size() - 1]);
	CHECK_STORE_FAULTS(SIGSEGV, SEGV_ACCERR, p);
}
