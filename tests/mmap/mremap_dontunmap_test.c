/* SPDX-License-Identifier: BSD-2-Clause */

/* MREMAP_DONTUNMAP, and moves of several mappings at once. */

#include "access.h"
#include "case.h"
#include "existing_memory.h"
#include "fault.h"
#include "instrument.h"
#include "mapping.h"
#include "process.h"

INTERFACE(mremap, NEEDS_PLATFORM(LINUX))

enum { DONTUNMAP = MREMAP_MAYMOVE | MREMAP_DONTUNMAP };

CASE(dontunmap__part, DOCUMENTED,
    "MREMAP_DONTUNMAP of a part leaves zeros there and the pages before and behind it as they are",
    "Linux 5.7 mremap(2)", COVERS("mremap.dontunmap_partial"))
{
	const size_t page = page_size();
	char *p = map_anonymous(4 * page, MAP_PRIVATE);
	pattern_store('p', p, 4 * page);

	char *now = mremap(p + page, 2 * page, 2 * page, DONTUNMAP, (void *)NULL);
	REQUIRE(now != MAP_FAILED);

	CHECK_PATTERN('p', p, page);
	CHECK_BYTES(0, p + page, 2 * page);
	CHECK_STORE_OK(p + page);
	CHECK_PATTERN_FROM('p', 3 * page, p + 3 * page, page);
	CHECK_PATTERN_FROM('p', page, now, 2 * page);
}

CASE(dontunmap__to_address, DOCUMENTED,
    "MREMAP_DONTUNMAP with MREMAP_FIXED moves onto a part of another mapping, whose other pages stay",
    "Linux 5.7 mremap(2)", COVERS("mremap.dontunmap_partial"))
{
	const size_t page = page_size();
	char *p = map_anonymous(page, MAP_PRIVATE);
	char *to = map_anonymous(3 * page, MAP_SHARED);
	pattern_store('p', p, page);
	pattern_store('t', to, 3 * page);

	CHECK_EQ(to + page, mremap(p, page, page, DONTUNMAP | MREMAP_FIXED, to + page));

	CHECK_PATTERN('t', to, page);
	CHECK_PATTERN('p', to + page, page);
	CHECK_PATTERN_FROM('t', 2 * page, to + 2 * page, page);
	CHECK_BYTES(0, p, page);
}

static void
need_dontunmap(void)
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	need(mremap(p, page_size(), page_size(), DONTUNMAP, (void *)NULL) != MAP_FAILED || errno != EINVAL,
	    "no MREMAP_DONTUNMAP here: EINVAL");
}

#define NEEDS_DONTUNMAP NEED("MREMAP_DONTUNMAP", .ask = need_dontunmap)

CASE(dontunmap__hint, OBSERVED,
    "MREMAP_DONTUNMAP without MREMAP_FIXED takes a new address that is free for a hint, or no notice of it",
    "Linux 5.7 mremap(2)", NEEDS_DONTUNMAP, COVERS("mremap.dontunmap_hint"))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);
	char *hint = free_range(page_size());
	pattern_store('p', p, page_size());

	char *now = mremap(p, page_size(), page_size(), DONTUNMAP, hint);

	observed("dontunmap-with-hint", "%s", now == hint ? "taken" : "not taken");
	CHECK_NE(MAP_FAILED, now);
	CHECK_PATTERN('p', now, page_size());
	CHECK_BYTES(0, p, page_size());
}

CASE(dontunmap__unaligned, DOCUMENTED,
    "MREMAP_DONTUNMAP with MREMAP_FIXED to an address within a page fails with EINVAL, and nothing moves",
    "Linux 5.7 mremap(2)", COVERS("mremap.dontunmap_unaligned"))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);
	char *to = free_range(2 * page_size());
	pattern_store('p', p, page_size());

	CHECK_FAILS(EINVAL, MAP_FAILED, mremap(p, page_size(), page_size(), DONTUNMAP | MREMAP_FIXED, to + 1));

	CHECK_PATTERN('p', p, page_size());
	CHECK_UNMAPPED(to, 2 * page_size());
}

CASE_FOR_EACH_EXISTING_MEMORY(dontunmap_of_kind, OBSERVED,
    "MREMAP_DONTUNMAP fails with EINVAL or moves memory of each kind, and leaves zeros, or the file or object, there",
    "Linux 5.7 mremap(2)", "Linux 5.13 mm/mremap.c", COVERS("mremap.dontunmap"))
{
	const size_t size = 2 * attach_multiple();
	struct existing_memory m = existing_memory_create(kind, size);
	existing_memory_place(&m, free_range(size));

	errno = 0;
	char *now = mremap(m.at, size, size, DONTUNMAP, (void *)NULL);
	int error = errno;

	observed("dontunmap", "%s", now == MAP_FAILED ? errno_name(error) : "moves");
	if (now == MAP_FAILED) {
		CHECK_RETURNS_ERROR(EINVAL, error);
		CHECK_STAYS(&m);
	} else {
		struct existing_memory there = existing_memory_moved(&m, 0, now);

		CHECK_STAYS(&there);
		CHECK_GROWN_FROM_TO(&m, 0, size);
	}
	CHECK_SHOWN_ELSEWHERE(&m);
}

CASE(shrinks_over_several, DOCUMENTED,
    "mremap() to a smaller size unmaps a tail of several mappings, and no page behind them", "Linux mremap(2)",
    COVERS("mremap.shrink_across"))
{
	const size_t page = page_size();
	char *p = map_anonymous(4 * page, MAP_PRIVATE);
	pattern_store('p', p, 4 * page);
	REQUIRE(mprotect(p + 2 * page, page, PROT_READ) == 0);

	CHECK_EQ(p, mremap(p, 3 * page, page, 0));

	CHECK_PATTERN('p', p, page);
	CHECK_UNMAPPED(p + page, 2 * page);
	CHECK_PATTERN_FROM('p', 3 * page, p + 3 * page, page);
}

/* Linux 6.17 moves them; before it gives EFAULT. */
CASE(fixed_of_several, OBSERVED,
    "MREMAP_FIXED of two unlike mappings in one call moves both, or fails with EFAULT and moves none",
    "Linux mremap(2)", COVERS("mremap.fixed_across"))
{
	const size_t page = page_size();
	char *p = map_anonymous(2 * page, MAP_PRIVATE);
	char *to = free_range(2 * page);
	pattern_store('p', p, 2 * page);
	REQUIRE(mprotect(p + page, page, PROT_READ) == 0);

	errno = 0;
	char *now = mremap(p, 2 * page, 2 * page, MREMAP_MAYMOVE | MREMAP_FIXED, to);
	int error = errno;

	observed("move-of-two-mappings", "%s", now == MAP_FAILED ? errno_name(error) : "works");
	CHECK(now == to || error == EFAULT);
	char *at = now == MAP_FAILED ? p : to;
	CHECK_PATTERN('p', at, 2 * page);
	CHECK_STORE_OK(at);
	CHECK(store_is_refused(at + page));
}

CASE(fixed_of_merged, OBSERVED,
    "A mapping that has grown up to the next one of its file moves with that in one call, or fails with EFAULT",
    "Linux mremap(2)", COVERS("mremap.merged_move mremap.expand_merge mremap.merge_pgoff"))
{
	const size_t unit = attach_multiple();
	int fd = nameless_file(4 * unit);
	pattern_store('f', map_shared(fd, 4 * unit), 4 * unit);
	char *p = free_range(10 * unit);
	char *to = p + 5 * unit;
	REQUIRE(mmap(p, unit, PROT_READ, MAP_FIXED | MAP_SHARED, fd, 0) == p);
	REQUIRE(mmap(p + 2 * unit, 2 * unit, PROT_READ, MAP_FIXED | MAP_SHARED, fd, (off_t)(2 * unit)) == p + 2 * unit);
	REQUIRE(mremap(p, unit, 2 * unit, 0) == p);
	CHECK_PATTERN('f', p, 4 * unit);

	errno = 0;
	char *now = mremap(p, 4 * unit, 4 * unit, MREMAP_MAYMOVE | MREMAP_FIXED, to);
	int error = errno;

	observed("move-of-merged", "%s", now == MAP_FAILED ? errno_name(error) : "works");
	CHECK(now == to || error == EFAULT);
	CHECK_PATTERN('f', now == MAP_FAILED ? p : to, 4 * unit);
}

/* In a child, as null pointers can be used afterwards. */
static void
move_to_zero(void *start)
{
	char *p = start;

	errno = 0;
	bool works = mremap(p, 2 * page_size(), page_size(), MREMAP_MAYMOVE | MREMAP_FIXED, (void *)NULL) == NULL;
	int error = errno;

	observed("move-to-zero", "%s", works ? "works" : errno_name(error));
	CHECK(works || error == EPERM || error == EACCES || error == EINVAL);
	if (!works)
		CHECK_PATTERN('p', p, page_size());
	else
		CHECK_EQ(0, fault_of_load(NULL).signal);
}

CASE(fixed_to_zero, OBSERVED, "A move to the address zero works, or is refused with EPERM, EACCES or EINVAL",
    "Linux mremap(2)", "Linux proc(5)", COVERS("mremap.fixed_null mremap.low_addr_order"),
    NEEDS_NO_INSTRUMENT(ADDRESS_SANITIZER))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);
	pattern_store('p', p, 2 * page_size());

	in_child(move_to_zero, p);

	CHECK_PATTERN('p', p, 2 * page_size());
}
