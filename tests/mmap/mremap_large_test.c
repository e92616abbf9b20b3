/* SPDX-License-Identifier: BSD-2-Clause */

/* Moving memory that is larger than a large page of the hardware. */

#include <stdint.h>

#include "case.h"
#include "existing_memory.h"
#include "fault.h"
#include "large_memory.h"
#include "mapping.h"

INTERFACE(mremap)

static void
move_to(struct existing_memory *m, char *to)
{
	char *from = m->at;
	char *now = mremap(from, large_size(), large_size(), MREMAP_MAYMOVE | MREMAP_FIXED, to);

	CHECK_EQ(to, now);
	*m = existing_memory_moved(m, 0, now);
	CHECK_STAYS(m);
	CHECK_UNMAPPED(from, page_size());
	CHECK_UNMAPPED(from + large_size() - page_size(), page_size());
}

/* From here on the next multiple of 2 MiB. */
static char *
next_multiple(char *at)
{
	const size_t multiple = 2 * 1024 * 1024;

	return at + multiple - (uintptr_t)at % multiple;
}

CASE_FOR_EACH_EXISTING_MEMORY(fixed, DOCUMENTED,
    "MREMAP_FIXED moves 3 MiB with all pages between addresses that are, or are no, multiples of 2 MiB",
    "Linux mremap(2)", COVERS("mremap.align_matrix"))
{
	struct existing_memory m = large_memory(kind, true);
	char *from = m.at;
	char *to = large_range(false);

	move_to(&m, to);
	move_to(&m, next_multiple(to + large_size()));
	move_to(&m, to + attach_multiple());
	move_to(&m, from);
	CHECK_SHOWN_ELSEWHERE(&m);
	CHECK_SHARED_AS_BEFORE(&m);
}

CASE_FOR_EACH_EXISTING_MEMORY(fixed_of_part, DOCUMENTED,
    "MREMAP_FIXED of single pages of 3 MiB moves these, and leaves each other page as it was", "Linux mremap(2)")
{
	struct existing_memory m = large_memory(kind, true);
	char *to = large_range(false);

	for (size_t i = 0; i < LARGE_PLACES; i++) {
		char *at = m.at + large_place(i);
		char *now = mremap(at, page_size(), page_size(), MREMAP_MAYMOVE | MREMAP_FIXED, to + large_place(i));

		CHECK_EQ(to + large_place(i), now);
		CHECK_UNMAPPED(at, page_size());
		struct existing_memory there = existing_memory_moved(&m, large_place(i), now);
		CHECK_STAYS_FROM_TO(&there, large_place(i), large_place(i) + page_size());
	}
	CHECK_STAYS_BUT_PLACES(&m);
	CHECK_SHOWN_ELSEWHERE(&m);
}
