/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>

#include <sys/mman.h>

#include "mapping.h"
#include "mapping_limit.h"
#include "names.h"
#include "need.h"
#include "platform.h"

struct mappings
map_many(void)
{
	struct mappings m = { .size = MANY_MAPPINGS * page_size() };
	m.start = mmap(NULL, m.size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	need(m.start != MAP_FAILED, "needs %d pages of addresses: mmap() gives %s", MANY_MAPPINGS, errno_name(errno));

	/* Every second page loses the access, which no system refuses, and is a region like the one between it and the next. */
	size_t at = page_size();
	while (at < m.size && mprotect(&m.start[at], page_size(), PROT_NONE) == 0)
		at += 2 * page_size();
	m.too_many = at < m.size;
	for (int i = 0; i < 4 && m.error == 0; i++) /* the last call that failed would have made two */
		if (mmap(NULL, page_size(), i % 2 == 0 ? PROT_READ : PROT_NONE, MAP_SHARED | MAP_ANONYMOUS, -1, 0) ==
		    MAP_FAILED)
			m.error = errno;
	return m;
}

struct mappings
map_up_to_limit(void)
{
	struct mappings m = map_many();

	if (m.error == 0) {
		unmap(m.start, m.size);
		need(false, "needs a limit on mappings: %d are allowed", MANY_MAPPINGS);
	}
	return m;
}
