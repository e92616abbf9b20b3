/* SPDX-License-Identifier: BSD-2-Clause */

/* What is changed again and again: protections, the size of objects, address space, the heap, what children find wiped. */

#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "memory_cases.h"
#include "platform/mman.h"
#include "platform/unistd.h"
#include "process.h"

INTERFACE(life_many)

enum { PAGES = 16, CHANGES = 40 };

CASE_FOR_EACH_MAPPING(protections_again_and_again, SHALL,
    "After each of 40 mprotect() calls for parts of a mapping each "
    "page allows what was set for it last, and keeps its data",
    "POSIX.1-2017 mprotect() DESCRIPTION", "POSIX.1-2024 mprotect() DESCRIPTION", COVERS("stress.mprotect"))
{
	static const int protections[] = { PROT_NONE, PROT_READ | PROT_WRITE, PROT_READ };
	struct memory m = memory_create(kind, PAGES * page_size());
	int now[PAGES];
	pattern_store(1, m.start, m.size);
	for (int page = 0; page < PAGES; page++)
		now[page] = PROT_READ | PROT_WRITE;

	for (int i = 0; i < CHANGES; i++) {
		int first = i * 7 % PAGES; /* these jump about */
		int count = 1 + i * 5 % (PAGES - first);
		int protection = protections[i * i % 5 % 3];

		REQUIRE(mprotect(m.start + (size_t)first * page_size(), (size_t)count * page_size(), protection) == 0);
		for (int page = first; page < first + count; page++)
			now[page] = protection;
		for (int page = 0; page < PAGES; page++) {
			char *p = m.start + (size_t)page * page_size();

			CHECK_EQ(now[page] == PROT_NONE, load_is_refused(p));
			CHECK_EQ((now[page] & PROT_WRITE) == 0, store_is_refused(p));
		}
	}
	REQUIRE(mprotect(m.start, m.size, PROT_READ | PROT_WRITE) == 0);
	CHECK_PATTERN(1, m.start, m.size);
}

static void
find_wiped(void *start)
{
	char *p = start;

	pause_for_parent();
	CHECK_PATTERN(1, p, page_size());
	CHECK_BYTES(0, p + page_size(), 2 * page_size());
	CHECK_PATTERN_FROM(1, 3 * page_size(), p + 3 * page_size(), page_size());
	pattern_store(2, p, 4 * page_size());
}

CASE(wiped_in_each_child, DOCUMENTED,
    "Of 24 children, eight at a time, each finds the pages with "
    "MADV_WIPEONFORK zero and the pages beside them as they are",
    "Linux 4.14 madvise(2)", COVERS("stress.mmapfork"))
{
	struct child c[8];
	char *p = map_anonymous(4 * page_size(), MAP_PRIVATE);
	pattern_store(1, p, 4 * page_size());
	REQUIRE(madvise(p + page_size(), 2 * page_size(), MADV_WIPEONFORK) == 0);

	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < nitems(c); i++) {
			c[i] = child_start(find_wiped, p);
			child_reaches_pause(&c[i]);
		}
		for (size_t i = 0; i < nitems(c); i++)
			child_goes_on(&c[i]);
		for (size_t i = 0; i < nitems(c); i++)
			child_exits(&c[i]);
	}
	CHECK_PATTERN(1, p, 4 * page_size());
}

struct beginning {
	atomic_uint *arrived;
	unsigned char seed;
};

static void
check_in_child(void *start)
{
	CHECK_EQ(start, mmap(start, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON | MAP_FIXED, -1, 0));
}

/* Created, grown, mapped, handed on, mapped larger, unlinked: the whole life of an object. */
static void
live(void *arg)
{
	const struct beginning *b = arg;
	size_t size = 2 * page_size();

	start_together(b->arrived, 4);
	for (int i = 0; i < 8; i++) {
		struct object o = object_create(size);
		char *p = map_shared(o.fd, size);

		CHECK_BYTES(0, p, size);
		pattern_store(b->seed, p, size);
		in_child(check_in_child, p);
		unmap(p, size);
		REQUIRE(ftruncate(o.fd, (off_t)(2 * size)) == 0);
		CHECK_EQ(2 * size, size_of(o.fd));
		p = map_shared(o.fd, 2 * size);
		CHECK_PATTERN(b->seed, p, size);
		CHECK_BYTES(0, p + size, size);
		object_unlink(&o);
		close(o.fd);
		CHECK_STORE_OK(&p[2 * size - 1]);
		unmap(p, 2 * size);
	}
}

CASE(objects_side_by_side, SHALL,
    "Four processes make, map, grow and unlink objects at the same time: each finds in its own what it has stored",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION",
    "POSIX.1-2017 ftruncate() DESCRIPTION", "POSIX.1-2017 shm_unlink() DESCRIPTION", NEEDS_OBJECTS,
    COVERS("stress.shm_posix"))
{
	struct beginning b = { .arrived = map_anonymous(sizeof(*b.arrived), MAP_SHARED) };
	struct child c[4];

	for (size_t i = 0; i < nitems(c); i++) {
		b.seed = (unsigned char)('a' + i);
		c[i] = child_start(live, &b);
	}
	for (size_t i = 0; i < nitems(c); i++)
		child_exits(&c[i]);
}

/* The kilobytes of the page tables of this process. */
static unsigned long
page_tables(void)
{
	FILE *file = fopen("/proc/self/status", "r");
	unsigned long kilobytes = 0;
	bool is_there = false;
	char line[128];

	need(file != NULL, "needs /proc/self/status: %s", errno_name(errno));
	while (!is_there && fgets(line, sizeof(line), file) != NULL)
		is_there = sscanf(line, "VmPTE: %lu kB", &kilobytes) == 1;
	fclose(file);
	need(is_there, "needs VmPTE in /proc/self/status");
	return kilobytes;
}

/* Pages so far apart that each has a table of its own. */
static void
touch_sparse(void)
{
	const size_t step = (size_t)4 << 20;
	const size_t size = 128 * step;
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON | MAP_NORESERVE, -1, 0);

	need(p != MAP_FAILED, "needs 512 MiB of addresses: %s", errno_name(errno));
	for (size_t at = 0; at < size; at += step)
		p[at] = 't';
	unmap(p, size);
}

CASE(page_tables_come_back, DOCUMENTED,
    "munmap() gives back the page tables of a mapping with pages that lie far apart, as VmPTE tells", "Linux proc(5)",
    "Linux munmap(2)", NEEDS_64_BIT_ADDRESSES, COVERS("stress.mmap_pagetables"))
{
	touch_sparse();
	unsigned long before = page_tables();

	for (int i = 0; i < 4; i++)
		touch_sparse();

	CHECK(page_tables() <= before + 128);
}

static void
map_above_heap(__attribute__((unused)) void *arg)
{
	char *end = sbrk(0);
	need(end != (void *)-1, "needs sbrk()");
	char *at = end + (page_size() - (uintptr_t)end % page_size()) + page_size();
	char *p = mmap(at, 2 * page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
	need(p == at, "needs room for a mapping right above the heap");
	pattern_store(1, p, 2 * page_size());

	CHECK_FAILS(ENOMEM, (void *)-1, sbrk((intptr_t)(8 * page_size())));
	CHECK_EQ(end, sbrk(0));
	CHECK_FAILS(ENOMEM, (void *)-1, sbrk(INT_MAX));
	CHECK_EQ(end, sbrk(0));
	CHECK_PATTERN(1, p, 2 * page_size());
}

CASE(heap_stops_at_mapping, DOCUMENTED,
    "The heap does not grow into a mapping above it: sbrk() fails with ENOMEM, and the mapping and the heap stay",
    "Linux brk(2)", COVERS("stress.mmap_brk"))
{
	in_child(map_above_heap, NULL);
}
