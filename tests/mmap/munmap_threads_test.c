/* SPDX-License-Identifier: BSD-2-Clause */

/* Pages that one thread unmaps while another accesses them: they are gone for both when the call returns. */

#include "accessor.h"
#include "case.h"
#include "mapping.h"
#include "memory_cases.h"
#include "volume.h"

INTERFACE(munmap)

enum { ROUNDS = 20 };

/* Two pages of it, each time mapped anew. */
static char *
map_again(const struct memory *m)
{
	char *p = m->fd == -1 ? map_anonymous(m->size, MAP_SHARED) : map_shared(m->fd, m->size);

	pattern_store('m', p, m->size);
	return p;
}

CASE_FOR_EACH_MAPPING(access_after_sigsegv__by_thread, SHALL,
    "When munmap() has returned, another thread that was loading from the page is stopped by SIGSEGV",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", "Linux munmap(2)", "FreeBSD munmap(2)",
    "NetBSD munmap(2)", "OpenBSD munmap(2)", "DragonFly munmap(2)", "macOS munmap(2)")
{
	struct memory m = memory_create(kind, 2 * page_size());

	for (unsigned i = 0; i < volume(ROUNDS); i++) {
		char *p = map_again(&m);
		struct accessor other;

		accessor_start(&other, p, i % 2 == 0 ? LOADS : STORES);
		CHECK_SUCCEEDS(munmap(p, page_size()));
		CHECK_EQ(SIGSEGV, accessor_end(&other).signal);
		CHECK_PATTERN_FROM('m', page_size(), &p[page_size()], page_size());
		unmap(&p[page_size()], page_size());
	}
}

CASE_FOR_EACH_MAPPING(partial_keeps_rest__by_thread, SHALL,
    "A thread that stores to a page is not stopped while another unmaps the pages beside it again and again",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", "Linux munmap(2)")
{
	struct memory m = memory_create(kind, 3 * page_size());
	struct accessor other;
	char *at = m.start + page_size();
	at[page_size() - 1] = 'm';

	accessor_start(&other, at, STORES);
	for (unsigned i = 0; i < volume(ROUNDS); i++) {
		CHECK_SUCCEEDS(munmap(m.start, page_size()));
		CHECK_SUCCEEDS(munmap(&m.start[2 * page_size()], page_size()));
		REQUIRE(
		    mmap(m.start, page_size(), PROT_READ, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == m.start);
	}
	CHECK_EQ(0, accessor_end(&other).signal);
	CHECK_BYTES('m', &at[page_size() - 1], 1);
}
