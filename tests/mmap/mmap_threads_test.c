/* SPDX-License-Identifier: BSD-2-Clause */

/* Pages that MAP_FIXED replaces while another thread loads from them. */

#include <string.h>

#include "accessor.h"
#include "case.h"
#include "mapping.h"
#include "memory_cases.h"

INTERFACE(mmap)

enum { ROUNDS = 20 };

CASE_FOR_EACH_MAPPING(replaces_previous_in_fixed__by_thread, SHALL,
    "When MAP_FIXED has returned, another thread that was loading from the page loads what is there now",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "FreeBSD mmap(2)",
    "NetBSD mmap(2)", "OpenBSD mmap(2)", "DragonFly mmap(2)", "macOS mmap(2)", "illumos mmap(2)")
{
	const int flags = MAP_FIXED | MAP_SHARED;
	struct memory old = memory_create(kind, page_size());
	int new = nameless_file(page_size());
	memset(map_shared(new, page_size()), 'n', page_size());

	for (int i = 0; i < ROUNDS; i++) {
		char *p = map_aligned(page_size());
		struct accessor other;

		REQUIRE(mmap(p, old.size, PROT_READ | PROT_WRITE, flags | (old.fd == -1 ? MAP_ANONYMOUS : 0), old.fd,
			    0) == p);
		p[0] = 'o';
		accessor_start(&other, p, LOADS);
		CHECK_EQ(p, mmap(p, page_size(), PROT_READ, flags, new, 0));
		/* No document says that there is a mapping at every moment. */
		CHECK(accessor_end(&other).signal == SIGSEGV || other.byte == 'n');
		CHECK_BYTES('n', p, page_size());
		unmap(p, page_size());
	}
}
