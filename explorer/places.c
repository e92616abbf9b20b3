/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <stdint.h>

#include "names.h"
#include "outcome.h"
#include "places.h"
#include "platform/mman.h"

static char *start;
static size_t whole;

char *
places_take(size_t size, size_t multiple)
{
	whole = 5 * size + multiple;
	start = mmap(NULL, whole, PROT_NONE, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);
	if (start == MAP_FAILED)
		end_skipped("needs %zu bytes of addresses: %s", whole, errno_name(errno));
	return start + 2 * size + multiple - (uintptr_t)(start + 2 * size) % multiple;
}

void
places_free(void)
{
	munmap(start, whole);
}

bool
places_are_beside_own(const char *places, size_t size)
{
	enum { NEAR = 64 << 20 };
	const int local = 0;
	const uintptr_t own[] = { (uintptr_t)&start, (uintptr_t)places_take, (uintptr_t)&local, (uintptr_t)&errno,
		(uintptr_t)munmap };

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (own[i] + NEAR > (uintptr_t)places && own[i] < (uintptr_t)places + size + NEAR)
			return true;
	return false;
}

bool
places_are_free(char *places, size_t size)
{
	char *p = mmap(places, size, PROT_NONE, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);

	if (p != MAP_FAILED)
		munmap(p, size);
	return p == places;
}
