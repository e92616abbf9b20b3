/* SPDX-License-Identifier: BSD-2-Clause */

/* Growing, shrinking, dividing and duplicating memory of each kind, and calls that are refused. */

#include <stdint.h>

#include "case.h"
#include "existing_memory.h"
#include "fault.h"
#include "mapping.h"

INTERFACE(mremap)

CASE_FOR_EACH_EXISTING_MEMORY(maymove_keeps_data, DOCUMENTED,
    "mremap() to a larger size with MREMAP_MAYMOVE keeps the contents, also where private pages were stored to",
    "Linux mremap(2)", COVERS("mremap.cow_preserved"))
{
	const size_t unit = attach_multiple();
	char *free;
	struct existing_memory m = existing_memory_with_room(kind, 4, &free);

	char *now = mremap(m.at, 2 * unit, 4 * unit, MREMAP_MAYMOVE); /* its other half makes it move */
	struct existing_memory there = existing_memory_moved(&m, 0, now);

	CHECK_STAYS_FROM_TO(&there, 0, 2 * unit);
	CHECK_GROWN_FROM_TO(&there, 2 * unit, 4 * unit);
	CHECK_UNMAPPED(m.at, 2 * unit);
	CHECK_STAYS_FROM_TO(&m, 2 * unit, 4 * unit);
	CHECK_SHOWN_ELSEWHERE(&m);
}

CASE_FOR_EACH_EXISTING_MEMORY(grows_in_place, DOCUMENTED,
    "mremap() to a larger size without MREMAP_MAYMOVE adds pages behind the mapping, where nothing is mapped",
    "Linux mremap(2)", COVERS("mremap.expand_merge mremap.noop"))
{
	const size_t unit = attach_multiple();
	char *free;
	struct existing_memory m = existing_memory_with_room(kind, 4, &free);
	unmap(m.at + 2 * unit, 2 * unit);

	CHECK_EQ(m.at, mremap(m.at, 2 * unit, 2 * unit, 0)); /* which changes nothing */
	CHECK_EQ(m.at, mremap(m.at, 2 * unit, 3 * unit, 0));
	CHECK_EQ(m.at + 2 * unit, mremap(m.at + 2 * unit, unit, 2 * unit, 0)); /* what was added grows */

	CHECK_STAYS_FROM_TO(&m, 0, 2 * unit);
	CHECK_GROWN_FROM_TO(&m, 2 * unit, 4 * unit);
	CHECK_UNMAPPED(m.at + 4 * unit, unit);
	CHECK_UNMAPPED(free, unit);
}

CASE_FOR_EACH_EXISTING_MEMORY(shrink_in_place, DOCUMENTED,
    "mremap() to a smaller size keeps the address and the contents and unmaps only the tail", "Linux mremap(2)")
{
	const size_t unit = attach_multiple();
	char *free;
	struct existing_memory m = existing_memory_with_room(kind, 4, &free);

	CHECK_EQ(m.at, mremap(m.at, 3 * unit, unit, MREMAP_MAYMOVE));

	CHECK_STAYS_FROM_TO(&m, 0, unit);
	CHECK_UNMAPPED(m.at + unit, 2 * unit);
	CHECK_STAYS_FROM_TO(&m, 3 * unit, 4 * unit);
	CHECK_SHOWN_ELSEWHERE(&m);
}

CASE_FOR_EACH_EXISTING_MEMORY(parts_keep_pages, DOCUMENTED,
    "A mapping in parts, by munmap() and mprotect(), keeps its pages in each part that is moved, grows or joins again",
    "Linux mremap(2)")
{
	const size_t unit = attach_multiple();
	const int fixed = MREMAP_MAYMOVE | MREMAP_FIXED;
	char *free;
	struct existing_memory m = existing_memory_with_room(kind, 7, &free);
	struct existing_memory there = m;
	there.at = free + 10 * unit;
	unmap(m.at + 3 * unit, unit);
	unmap(m.at + 6 * unit, unit);
	REQUIRE(mprotect(m.at + unit, unit, PROT_READ) == 0);

	CHECK_EQ(there.at + 4 * unit, mremap(m.at + 4 * unit, 2 * unit, 2 * unit, fixed, there.at + 4 * unit));
	CHECK_EQ(there.at + 4 * unit, mremap(there.at + 4 * unit, 2 * unit, 3 * unit, 0));
	CHECK_EQ(there.at + unit, mremap(m.at + unit, unit, unit, fixed, there.at + unit));
	CHECK_EQ(there.at + 2 * unit, mremap(m.at + 2 * unit, unit, 2 * unit, fixed, there.at + 2 * unit));
	REQUIRE(mprotect(there.at + unit, unit, kind == NO_ACCESS ? PROT_NONE : PROT_READ | PROT_WRITE) == 0);

	CHECK_STAYS_FROM_TO(&m, 0, unit);
	CHECK_UNMAPPED(m.at + unit, 6 * unit);
	CHECK_STAYS_FROM_TO(&there, unit, 3 * unit);
	CHECK_GROWN_FROM_TO(&there, 3 * unit, 4 * unit);
	CHECK_STAYS_FROM_TO(&there, 4 * unit, 6 * unit);
	CHECK_GROWN_FROM_TO(&there, 6 * unit, 7 * unit);
	CHECK_SHOWN_ELSEWHERE(&m);
}

CASE_FOR_EACH_EXISTING_MEMORY(old_size_zero_duplicates, DOCUMENTED,
    "mremap() with an old size of zero makes another mapping of "
    "shared pages, from the address on, and of no private ones",
    "Linux 4.14 mremap(2)", COVERS("mremap.copy_fixed mremap.split_offset"))
{
	const size_t unit = attach_multiple();
	const int fixed = MREMAP_MAYMOVE | MREMAP_FIXED;
	char *free;
	struct existing_memory m = existing_memory_with_room(kind, 4, &free);
	char *to = free + 9 * unit;

	if (!existing_is_shared(kind)) {
		CHECK_FAILS(EINVAL, MAP_FAILED, mremap(m.at + unit, 0, 2 * unit, MREMAP_MAYMOVE));
		CHECK_STAYS(&m);
		return;
	}
	struct existing_memory there =
	    existing_memory_moved(&m, unit, mremap(m.at + unit, 0, 3 * unit, MREMAP_MAYMOVE));
	CHECK_STAYS_FROM_TO(&there, unit, 4 * unit);
	CHECK_EQ(to, mremap(m.at + 2 * unit, 0, unit, fixed, to));
	there.at = to - 2 * unit;
	CHECK_STAYS_FROM_TO(&there, 2 * unit, 3 * unit);
	CHECK_UNMAPPED(to + unit, unit);

	CHECK_STAYS(&m);
	pattern_store('c', to, unit);
	CHECK_PATTERN('c', m.at + 2 * unit, unit);
}

CASE_FOR_EACH_EXISTING_MEMORY(refused_changes_nothing, DOCUMENTED,
    "mremap() that fails leaves the mapping and what is at the new address as they are", "Linux mremap(2)")
{
	const size_t unit = attach_multiple();
	const size_t huge = SIZE_MAX - 16 * unit + 1; /* half of it is there in 32 bits */
	const int fixed = MREMAP_MAYMOVE | MREMAP_FIXED;
	char *free;
	struct existing_memory m = existing_memory_with_room(kind, 3, &free);
	char *to = free + 6 * unit;
	REQUIRE(mmap(to, unit, PROT_READ | PROT_WRITE, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == to);
	pattern_store('t', to, unit);

	CHECK_FAILS(EINVAL, MAP_FAILED, mremap(m.at, 3 * unit, unit, MREMAP_FIXED, to));
	CHECK_FAILS(EINVAL, MAP_FAILED, mremap(m.at, 3 * unit, unit, fixed | 1 << 24, to));
	CHECK_FAILS(EINVAL, MAP_FAILED, mremap(m.at, 3 * unit, unit, fixed, to + 1));
	CHECK_FAILS(EINVAL, MAP_FAILED, mremap(m.at, 3 * unit, 0, fixed, to));
	CHECK_FAILS(EINVAL, MAP_FAILED, mremap(m.at, 2 * unit, unit, fixed, m.at));
	CHECK_FAILS_IN(EINVAL, ENOMEM, 0, MAP_FAILED, mremap(m.at, unit, huge, fixed, to));
	CHECK_FAILS_IN(EFAULT, EINVAL, 0, MAP_FAILED, mremap(m.at, huge, unit, MREMAP_MAYMOVE));
	CHECK_FAILS_IN(ENOMEM, EFAULT, EINVAL, MAP_FAILED, mremap(m.at, unit, huge, MREMAP_MAYMOVE));
	CHECK_FAILS(ENOMEM, MAP_FAILED, mremap(m.at, unit, 2 * unit, 0)); /* its own next page is in the way */

	CHECK_STAYS(&m);
	CHECK_SHOWN_ELSEWHERE(&m);
	CHECK_UNMAPPED(m.at + 3 * unit, 2 * unit);
	CHECK_PATTERN('t', to, unit);
	CHECK_SHARED_AS_BEFORE(&m);
}
