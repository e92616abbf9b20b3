/* SPDX-License-Identifier: BSD-2-Clause */

/* Memory that one thread moves away while another accesses it. */

#include "accessor.h"
#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "memory_cases.h"
#include "volume.h"

INTERFACE(mremap)

enum { ROUNDS = 20 };

CASE_FOR_EACH_MEMORY(fixed__by_thread, DOCUMENTED,
    "When mremap() has moved a page, another thread that was storing to it is stopped by SIGSEGV, and no store is lost",
    "Linux mremap(2)")
{
	struct memory m = memory_create(kind, page_size());

	for (unsigned i = 0; i < volume(ROUNDS); i++) {
		struct accessor other;

		m.start[0] = 'm';
		accessor_start(&other, m.start, STORES);
		char *to = free_range(page_size()); /* the thread's stack is there already */
		char *now = mremap(m.start, page_size(), page_size(), MREMAP_MAYMOVE | MREMAP_FIXED, to);
		CHECK_EQ(to, now);
		CHECK_EQ(SIGSEGV, accessor_end(&other).signal);
		REQUIRE(now != MAP_FAILED);
		if (!CHECK_BYTES('s', now, 1))
			break;
		m.start = now;
	}
}
