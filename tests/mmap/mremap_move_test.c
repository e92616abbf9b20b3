/* SPDX-License-Identifier: BSD-2-Clause */

/* Moving memory of each kind, whole and in part: every page shows what it showed before. */

#include "case.h"
#include "existing_memory.h"
#include "fault.h"
#include "mapping.h"

INTERFACE(mremap)

CASE_FOR_EACH_EXISTING_MEMORY(fixed, DOCUMENTED,
    "MREMAP_FIXED moves a mapping exactly there with its contents, its protection and what it shares",
    "Linux mremap(2)")
{
	const size_t unit = attach_multiple();
	char *free;
	struct existing_memory m = existing_memory_with_room(kind, 3, &free);

	char *now = mremap(m.at, 3 * unit, 3 * unit, MREMAP_MAYMOVE | MREMAP_FIXED, free + 5 * unit);
	struct existing_memory there = existing_memory_moved(&m, 0, now);

	CHECK_EQ(free + 5 * unit, now);
	CHECK_STAYS(&there);
	CHECK_SHOWN_ELSEWHERE(&there);
	CHECK_UNMAPPED(free, 5 * unit);
	CHECK_UNMAPPED(free + 8 * unit, unit);
	CHECK_SHARED_AS_BEFORE(&there);
}

CASE_FOR_EACH_EXISTING_MEMORY(fixed_of_part, DOCUMENTED,
    "MREMAP_FIXED moves a part of a mapping, and what is before and behind it stays", "Linux mremap(2)")
{
	const size_t unit = attach_multiple();
	char *free;
	struct existing_memory m = existing_memory_with_room(kind, 5, &free);

	char *now = mremap(m.at + unit, 2 * unit, 2 * unit, MREMAP_MAYMOVE | MREMAP_FIXED, free + 9 * unit);
	struct existing_memory there = existing_memory_moved(&m, unit, now);

	CHECK_STAYS_FROM_TO(&m, 0, unit);
	CHECK_STAYS_FROM_TO(&m, 3 * unit, 5 * unit);
	CHECK_STAYS_FROM_TO(&there, unit, 3 * unit);
	CHECK_UNMAPPED(m.at + unit, 2 * unit);
	CHECK_SHOWN_ELSEWHERE(&m);
}

CASE_FOR_EACH_EXISTING_MEMORY(fixed_to_smaller, DOCUMENTED,
    "MREMAP_FIXED to a smaller size moves the first pages and unmaps the others, and no page behind them",
    "Linux mremap(2)", COVERS("mremap.fixed_shrink mremap.fixed_shrink_partial"))
{
	const size_t unit = attach_multiple();
	char *free;
	struct existing_memory m = existing_memory_with_room(kind, 5, &free);

	char *now = mremap(m.at + unit, 3 * unit, unit, MREMAP_MAYMOVE | MREMAP_FIXED, free + 9 * unit);
	struct existing_memory there = existing_memory_moved(&m, unit, now);

	CHECK_STAYS_FROM_TO(&m, 0, unit);
	CHECK_STAYS_FROM_TO(&m, 4 * unit, 5 * unit);
	CHECK_STAYS_FROM_TO(&there, unit, 2 * unit);
	CHECK_UNMAPPED(m.at + unit, 3 * unit);
	CHECK_UNMAPPED(free + 10 * unit, unit);
	CHECK_SHOWN_ELSEWHERE(&m);
}

CASE_FOR_EACH_EXISTING_MEMORY(fixed_to_larger, DOCUMENTED,
    "MREMAP_FIXED to a larger size moves the pages and adds those that follow in what is mapped, or zeros",
    "Linux mremap(2)", COVERS("mremap.fixed_expand"))
{
	const size_t unit = attach_multiple();
	char *free;
	struct existing_memory m = existing_memory_with_room(kind, 5, &free);

	char *now = mremap(m.at + unit, unit, 3 * unit, MREMAP_MAYMOVE | MREMAP_FIXED, free + 9 * unit);
	struct existing_memory there = existing_memory_moved(&m, unit, now);

	CHECK_STAYS_FROM_TO(&m, 0, unit);
	CHECK_UNMAPPED(m.at + unit, unit);
	CHECK_STAYS_FROM_TO(&m, 2 * unit, 5 * unit);
	CHECK_STAYS_FROM_TO(&there, unit, 2 * unit);
	CHECK_GROWN_FROM_TO(&there, 2 * unit, 4 * unit);
	CHECK_UNMAPPED(now + 3 * unit, unit);
}
