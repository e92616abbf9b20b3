/* SPDX-License-Identifier: BSD-2-Clause */

/* Protecting pages of memory that is larger than a large page of the hardware. */

#include "case.h"
#include "existing_memory.h"
#include "fault.h"
#include "large_memory.h"
#include "mapping.h"

INTERFACE(mprotect)

static void
protect_pages(enum existing_kind kind, bool aligned)
{
	const bool was_open = kind != NO_ACCESS;
	struct existing_memory m = large_memory(kind, aligned);

	for (size_t i = 0; i < LARGE_PLACES; i++)
		CHECK_SUCCEEDS(mprotect(m.at + large_place(i), page_size(), was_open ? PROT_NONE : PROT_READ));

	for (size_t i = 0; i < LARGE_PLACES; i++) {
		CHECK_EQ(was_open, load_is_refused(m.at + large_place(i)));
		CHECK(store_is_refused(m.at + large_place(i)));
	}
	CHECK_STAYS_BUT_PLACES(&m);

	CHECK_SUCCEEDS(mprotect(m.at, large_size(), was_open ? PROT_READ | PROT_WRITE : PROT_NONE));
	CHECK_STAYS(&m);
	CHECK_SHARED_AS_BEFORE(&m);
}

CASE_FOR_EACH_EXISTING_MEMORY(whole_pages, SHALL,
    "mprotect() of single pages of 3 MiB leaves each other page as it was, and none loses what it has",
    "POSIX.1-2017 mprotect() DESCRIPTION", "Linux mprotect(2)", "OpenBSD mprotect(2)", "macOS mprotect(2)",
    COVERS("mprotect.split_merge mprotect.huge mprotect.shm_rw_again mprotect.shm_downgrade BS89"))
{
	protect_pages(kind, true);
	protect_pages(kind, false);
}
