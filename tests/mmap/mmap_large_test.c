/* SPDX-License-Identifier: BSD-2-Clause */

/* MAP_FIXED in the place of pages of memory that is larger than a large page of the hardware. */

#include "case.h"
#include "existing_memory.h"
#include "fault.h"
#include "large_memory.h"
#include "mapping.h"

INTERFACE(mmap)

static void
replace_pages(enum existing_kind kind, bool aligned)
{
	const int flags = MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS;
	struct existing_memory m = large_memory(kind, aligned);

	for (size_t i = 0; i < LARGE_PLACES; i++) {
		char *at = m.at + large_place(i);

		CHECK_EQ(at, mmap(at, page_size(), PROT_READ | PROT_WRITE, flags, -1, 0));
	}

	for (size_t i = 0; i < LARGE_PLACES; i++) {
		CHECK_BYTES(0, m.at + large_place(i), page_size());
		CHECK_STORE_OK(m.at + large_place(i));
	}
	CHECK_STAYS_BUT_PLACES(&m);
	CHECK_SHOWN_ELSEWHERE(&m);
}

CASE_FOR_EACH_EXISTING_MEMORY(replaces_previous_in_fixed, SHALL,
    "MAP_FIXED in the place of single pages of 3 MiB leaves each other page as it was, wherever the memory begins",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "FreeBSD mmap(2)",
    "NetBSD mmap(2)", "OpenBSD mmap(2)", "DragonFly mmap(2)", "macOS mmap(2)", "illumos mmap(2)")
{
	replace_pages(kind, true);
	replace_pages(kind, false);
}
