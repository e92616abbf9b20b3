/* SPDX-License-Identifier: BSD-2-Clause */

/* The advices that change nothing, those that change what memory holds, and those about what children inherit. */

#include <string.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "memory_cases.h"
#include "process.h"
#include "segment.h"

INTERFACE(madvise)

CASE_FOR_EACH_MEMORY(conventional_keep_data, DOCUMENTED,
    "MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL and MADV_WILLNEED succeed and leave what memory holds as it is",
    "Linux madvise(2)", "FreeBSD madvise(2)", "NetBSD madvise(2)", "OpenBSD madvise(2)", "DragonFly madvise(2)",
    "macOS madvise(2)", "illumos madvise(3C)", COVERS("madvise.basic_ok"))
{
	static const int advices[] = { MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED, MADV_NORMAL };
	struct memory m = memory_create(kind, 3 * page_size());
	pattern_store('m', m.start, m.size);

	for (unsigned i = 0; i < nitems(advices); i++) {
		CHECK_SUCCEEDS(madvise(m.start, m.size, advices[i]));
		CHECK_PATTERN('m', m.start, m.size);
	}
}

CASE_FOR_EACH_MEMORY(reclaim_keeps_data, DOCUMENTED, "MADV_COLD and MADV_PAGEOUT leave what memory holds as it is",
    "Linux 5.4 madvise(2)", COVERS("stress.mmap_swap madvise.linux_ok"))
{
	struct memory m = memory_create(kind, 3 * page_size());
	pattern_store('m', m.start, m.size);

	CHECK_SUCCEEDS(madvise(m.start, m.size, MADV_COLD));
	CHECK_PATTERN('m', m.start, m.size);
	CHECK_SUCCEEDS(madvise(m.start, m.size, MADV_PAGEOUT));
	CHECK_PATTERN('m', m.start, m.size);
}

CASE(free_zero_or_same, DOCUMENTED,
    "After MADV_FREE of a private page its bytes are as they were or zero, and what is stored there then stays",
    "Linux 4.5 madvise(2)", "FreeBSD madvise(2)", "DragonFly madvise(2)", "illumos madvise(3C)")
{
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);
	char *freed = &p[page_size()];
	memset(p, 'f', 3 * page_size());

	CHECK_SUCCEEDS(madvise(freed, page_size(), MADV_FREE));
	if (CHECK_STORE_OK(freed)) { /* from here on the page is not freed */
		CHECK(freed[1] == 'f' || freed[1] == 0);
		CHECK_BYTES(freed[1], &freed[1], page_size() - 1);
	}
	CHECK_BYTES('f', p, page_size());
	CHECK_BYTES('f', &p[2 * page_size()], page_size());
}

CASE(populate_makes_resident, DOCUMENTED,
    "MADV_POPULATE_WRITE brings in all pages of shared memory that nobody has touched, and they are zero",
    "Linux 5.14 madvise(2)", COVERS("madvise.populate"))
{
	char *p = map_anonymous(4 * page_size(), MAP_SHARED);
	unsigned char resident[4] = { 0 };

	CHECK_SUCCEEDS(madvise(p, 4 * page_size(), MADV_POPULATE_WRITE));

	REQUIRE(mincore(p, 4 * page_size(), (void *)resident) == 0);
	for (int i = 0; i < 4; i++)
		CHECK_EQ(1, resident[i] & 1);
	CHECK_BYTES(0, p, 4 * page_size());
}

CASE(dontneed_private_drops, DOCUMENTED,
    "MADV_DONTNEED makes the pages of private anonymous memory read as zero and leaves their neighbours alone",
    "Linux madvise(2)", COVERS("madvise.dontneed_private_zero"), COVERS("madvise.dontneed_subrange"))
{
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);
	pattern_store('p', p, 3 * page_size());

	CHECK_SUCCEEDS(madvise(&p[page_size()], page_size(), MADV_DONTNEED));

	CHECK_PATTERN('p', p, page_size());
	CHECK_BYTES(0, &p[page_size()], page_size());
	CHECK_PATTERN_FROM('p', 2 * page_size(), &p[2 * page_size()], page_size());
}

CASE(dontneed_private_drops__file, DOCUMENTED,
    "MADV_DONTNEED makes the pages of a private file mapping show the file again", "Linux madvise(2)",
    COVERS("madvise.dontneed_private_file"))
{
	struct memory m = memory_create(file_memory, 2 * page_size());
	pattern_store('f', m.start, m.size);
	char *private = map_private(m.fd, m.size);
	pattern_store('p', private, m.size);

	CHECK_SUCCEEDS(madvise(private, page_size(), MADV_DONTNEED));

	CHECK_PATTERN('f', private, page_size());
	CHECK_PATTERN_FROM('p', page_size(), &private[page_size()], page_size());
	CHECK_PATTERN('f', m.start, m.size);
}

static void
sees_pattern_of_parent(void *memory)
{
	const struct memory *m = memory;
	CHECK_BYTES(0, m->start, m->size); /* the pages are mapped here too */

	pause_for_parent();

	CHECK_PATTERN('m', m->start, m->size);
	pattern_store('o', m->start, m->size);
}

CASE_FOR_EACH_MEMORY(dontneed_shared_keeps, DOCUMENTED,
    "MADV_DONTNEED keeps the contents of shared memory, here and in another process, and it stays shared",
    "Linux madvise(2)", COVERS("madvise.dontneed_shared_anon"), COVERS("madvise.dontneed_shared_file"))
{
	struct memory m = memory_create(kind, 3 * page_size());
	struct child other = child_start(sees_pattern_of_parent, &m);
	child_reaches_pause(&other);
	pattern_store('m', m.start, m.size);

	CHECK_SUCCEEDS(madvise(m.start, m.size, MADV_DONTNEED));

	CHECK_PATTERN('m', m.start, m.size);
	child_goes_on(&other);
	child_exits(&other);
	CHECK_PATTERN('o', m.start, m.size);
}

static void
sees_hole(void *memory)
{
	const struct memory *m = memory;
	CHECK_PATTERN('m', m->start, m->size); /* the old pages are mapped here */

	pause_for_parent();

	CHECK_PATTERN('m', m->start, page_size());
	CHECK_BYTES(0, &m->start[page_size()], page_size());
	CHECK_PATTERN_FROM('m', 2 * page_size(), &m->start[2 * page_size()], page_size());
}

static void
remove_from(memory_kind *kind)
{
	struct memory m = memory_create(kind, 3 * page_size());
	pattern_store('m', m.start, m.size);
	struct child other = child_start(sees_hole, &m);
	child_reaches_pause(&other);

	CHECK_SUCCEEDS(madvise(&m.start[page_size()], page_size(), MADV_REMOVE));

	child_goes_on(&other);
	child_exits(&other);
	CHECK_PATTERN('m', m.start, page_size());
	CHECK_BYTES(0, &m.start[page_size()], page_size());
	CHECK_PATTERN_FROM('m', 2 * page_size(), &m.start[2 * page_size()], page_size());
	CHECK_STORE_OK(&m.start[page_size()]);
}

CASE(remove_punches__anonymous, DOCUMENTED,
    "After MADV_REMOVE of a page of shared anonymous memory all processes read zero in that page, and only there",
    "Linux 2.6.16 madvise(2)")
{
	remove_from(anonymous_memory);
}

CASE(remove_punches__object, DOCUMENTED,
    "After MADV_REMOVE of a page of an object all processes read zero in that page, and only there",
    "Linux 2.6.16 madvise(2)", NEEDS_OBJECTS)
{
	remove_from(object_memory);
}

CASE(remove_punches__segment, DOCUMENTED,
    "After MADV_REMOVE of a page of a segment all processes read zero in that page, and only there",
    "Linux 2.6.16 madvise(2)", NEEDS_SEGMENTS)
{
	remove_from(segment_memory);
}

static void
lacks_middle_page(void *start)
{
	char *p = start;

	CHECK_PATTERN('p', p, page_size());
	CHECK_UNMAPPED(&p[page_size()], page_size());
	CHECK_PATTERN_FROM('p', 2 * page_size(), &p[2 * page_size()], page_size());
}

static void
has_all_pages(void *start)
{
	CHECK_PATTERN('p', start, 3 * page_size());
}

CASE(dontfork, DOCUMENTED, "MADV_DONTFORK keeps a page out of children made by fork until MADV_DOFORK undoes it",
    "Linux 2.6.16 madvise(2)")
{
	char *p = map_anonymous(3 * page_size(), MAP_SHARED);
	pattern_store('p', p, 3 * page_size());

	CHECK_SUCCEEDS(madvise(&p[page_size()], page_size(), MADV_DONTFORK));
	in_child(lacks_middle_page, p);
	CHECK_PATTERN('p', p, 3 * page_size());

	CHECK_SUCCEEDS(madvise(&p[page_size()], page_size(), MADV_DOFORK));
	in_child(has_all_pages, p);
}

static void
lacks_segment(void *start)
{
	CHECK_UNMAPPED(start, 2 * page_size());
}

CASE(dontfork__segment, DOCUMENTED, "A segment that MADV_DONTFORK keeps out of a child is not counted for the child",
    "Linux 2.6.16 madvise(2)", "Linux shmop(2)", NEEDS_SEGMENTS)
{
	struct memory m = memory_create(segment_memory, 2 * page_size());
	CHECK_SUCCEEDS(madvise(m.start, m.size, MADV_DONTFORK));

	struct child c = child_start(lacks_segment, m.start);
	child_reaches_end(&c);
	CHECK_EQ(1, segment_stat(m.id).shm_nattch);

	child_exits(&c);
	CHECK_EQ(1, segment_stat(m.id).shm_nattch);
}

static void
is_wiped(void *start)
{
	CHECK_BYTES(0, start, 2 * page_size());
	CHECK_STORE_OK(start);
}

CASE(wipeonfork, DOCUMENTED,
    "MADV_WIPEONFORK gives a child zero in private anonymous memory and fails with EINVAL for shared memory",
    "Linux 4.14 madvise(2)")
{
	char *private = map_anonymous(2 * page_size(), MAP_PRIVATE);
	char *shared = map_anonymous(2 * page_size(), MAP_SHARED);
	pattern_store('p', private, 2 * page_size());

	CHECK_SUCCEEDS(madvise(private, 2 * page_size(), MADV_WIPEONFORK));
	in_child(is_wiped, private);
	CHECK_PATTERN('p', private, 2 * page_size());

	CHECK_FAILS(EINVAL, -1, madvise(shared, 2 * page_size(), MADV_WIPEONFORK));
}

static void
store_and_fork(void *start)
{
	is_wiped(start);
	pattern_store('c', start, 2 * page_size());
	in_child(is_wiped, start);
	CHECK_PATTERN('c', start, 2 * page_size());
}

CASE(wipeonfork__childs_child, DOCUMENTED,
    "MADV_WIPEONFORK stays in force in a child: its own child finds zero as well", "Linux 4.14 madvise(2)",
    COVERS("madvise.wipeonfork"))
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);
	pattern_store('p', p, 2 * page_size());

	CHECK_SUCCEEDS(madvise(p, 2 * page_size(), MADV_WIPEONFORK));
	in_child(store_and_fork, p);
}

CASE(keeponfork, DOCUMENTED, "MADV_KEEPONFORK undoes MADV_WIPEONFORK", "Linux 4.14 madvise(2)",
    COVERS("madvise.wipeonfork"))
{
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);
	pattern_store('p', p, 3 * page_size());
	REQUIRE(madvise(p, 3 * page_size(), MADV_WIPEONFORK) == 0);

	CHECK_SUCCEEDS(madvise(p, 3 * page_size(), MADV_KEEPONFORK));
	in_child(has_all_pages, p);
}
