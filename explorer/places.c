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
places_are_free(char *places, size_t size)
{
	char *p = mmap(places, size, PROT_NONE, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);

	if (p != MAP_FAILED)
		munmap(p, size);
	return p == places;
}
