/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdint.h>

#include "check.h"
#include "large_memory.h"
#include "platform.h"
#include "platform/mman.h"

enum { MIB = 1024 * 1024, LARGE_PAGE = 2 * MIB };

size_t
large_size(void)
{
	return 3 * MIB + 3 * page_size();
}

char *
large_range(bool aligned)
{
	char *p = free_range(2 * large_size() + 3 * LARGE_PAGE);

	p += LARGE_PAGE - (uintptr_t)p % LARGE_PAGE;
	return aligned ? p : p + LARGE_PAGE - 2 * attach_multiple();
}

struct existing_memory
large_memory(enum existing_kind kind, bool aligned)
{
	struct existing_memory m = existing_memory_create(kind, large_size());
	char *at = large_range(aligned);

	existing_memory_place(&m, at);
	madvise(at, large_size(), MADV_COLLAPSE); /* without effect where there is no such advice */
	return m;
}

size_t
large_place(size_t number)
{
	const size_t places[LARGE_PLACES] = { 0, LARGE_PAGE - page_size(), LARGE_PAGE + page_size(),
		LARGE_PAGE + MIB / 2, large_size() - page_size() };

	return places[number];
}

bool
check_stays_but_places(const char *file, int line, const struct existing_memory *m)
{
	for (size_t i = 0; i + 1 < LARGE_PLACES; i++)
		if (!check_stays(file, line, m, large_place(i) + page_size(), large_place(i + 1)))
			return false;
	return true;
}
