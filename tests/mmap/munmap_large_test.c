/* SPDX-License-Identifier: BSD-2-Clause */

/* Unmapping pages of memory that is larger than a large page of the hardware. */

#include "case.h"
#include "existing_memory.h"
#include "fault.h"
#include "large_memory.h"
#include "mapping.h"

INTERFACE(munmap)

static void
unmap_pages(enum existing_kind kind, bool aligned)
{
	struct existing_memory m = large_memory(kind, aligned);

	for (size_t i = 0; i < LARGE_PLACES; i++)
		CHECK_SUCCEEDS(munmap(m.at + large_place(i), page_size()));

	for (size_t i = 0; i < LARGE_PLACES; i++)
		CHECK_UNMAPPED(m.at + large_place(i), page_size());
	CHECK_STAYS_BUT_PLACES(&m);
	CHECK_SHOWN_ELSEWHERE(&m);
}

CASE_FOR_EACH_EXISTING_MEMORY(partial_keeps_rest, SHALL,
    "munmap() of single pages of 3 MiB leaves each other page as it was, wherever the memory begins",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", "Linux munmap(2)")
{
	unmap_pages(kind, true);
	unmap_pages(kind, false);
}
