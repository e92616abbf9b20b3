/* SPDX-License-Identifier: BSD-2-Clause */

/* What MADV_DONTNEED drops, and where; what children get of memory by MADV_DONTFORK and MADV_WIPEONFORK; other advices. */

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "memory_cases.h"
#include "object.h"
#include "process.h"

INTERFACE(madvise)

static void
drop_and_look(void *memory)
{
	struct memory *m = memory;

	CHECK_PATTERN('m', m->start, m->size);
	CHECK_SUCCEEDS(madvise(m->start, m->size, MADV_DONTNEED));
	CHECK_BYTES(0, m->start, m->size);
}

CASE_FOR_EACH_PRIVATE_MEMORY(dontneed_private_drops__in_child, DOCUMENTED,
    "MADV_DONTNEED by a child drops what the child has inherited of private memory, and the parent keeps it",
    "Linux madvise(2)", NEEDS_FILES_OF_PAGES(3), COVERS("madvise.dontneed_caller_only"))
{
	struct memory m = memory_create(kind, 3 * page_size());
	pattern_store('m', m.start, m.size);

	in_child(drop_and_look, &m);

	CHECK_PATTERN('m', m.start, m.size);
}

CASE_FOR_EACH_PRIVATE_MEMORY(dontneed_private_drops__no_access, DOCUMENTED,
    "MADV_DONTNEED drops private pages to which no access is allowed, and a later mprotect() shows them dropped",
    "Linux madvise(2)", NEEDS_FILES_OF_PAGES(3), COVERS("madvise.dontneed_prot_none"))
{
	struct memory m = memory_create(kind, 3 * page_size());
	pattern_store('m', m.start, m.size);
	REQUIRE(mprotect(m.start, m.size, PROT_NONE) == 0);

	CHECK_SUCCEEDS(madvise(m.start, 2 * page_size(), MADV_DONTNEED));

	REQUIRE(mprotect(m.start, m.size, PROT_READ | PROT_WRITE) == 0);
	CHECK_BYTES(0, m.start, 2 * page_size());
	CHECK_PATTERN_FROM('m', 2 * page_size(), &m.start[2 * page_size()], page_size());
}

CASE(dontneed_private_drops__rounded_up, DOCUMENTED,
    "The length is rounded up to pages: MADV_DONTNEED of one byte more than a page drops two pages", "Linux madvise(2)",
    COVERS("madvise.addr_len"))
{
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);
	pattern_store('p', p, 3 * page_size());

	CHECK_SUCCEEDS(madvise(p, page_size() + 1, MADV_DONTNEED));

	CHECK_BYTES(0, p, 2 * page_size());
	CHECK_PATTERN_FROM('p', 2 * page_size(), &p[2 * page_size()], page_size());
}

CASE(wrap_around_einval, DOCUMENTED, "madvise() of a range that wraps around fails with EINVAL and drops nothing",
    "Linux madvise(2)", COVERS("madvise.addr_len"), NEEDS_64_BIT_ADDRESSES)
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);
	pattern_store('p', p, 2 * page_size());

	CHECK_FAILS(EINVAL, -1, madvise(p, SIZE_MAX, MADV_DONTNEED));
	CHECK_FAILS(EINVAL, -1, madvise(p, SIZE_MAX - page_size() + 1, MADV_DONTNEED));

	CHECK_PATTERN('p', p, 2 * page_size());
}

CASE(locked_einval__part, DOCUMENTED,
    "MADV_DONTNEED of a range whose second page is locked fails with EINVAL, and that page keeps what it holds",
    "Linux madvise(2)", NEEDS_LOCKABLE_PAGES(1), COVERS("madvise.dontneed_partial"))
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);
	pattern_store('p', p, 2 * page_size());
	REQUIRE(mlock(&p[page_size()], page_size()) == 0);

	CHECK_FAILS(EINVAL, -1, madvise(p, 2 * page_size(), MADV_DONTNEED));

	CHECK_PATTERN_FROM('p', page_size(), &p[page_size()], page_size());
}

CASE(enomem_unmapped__populate, DOCUMENTED,
    "MADV_POPULATE_READ and MADV_POPULATE_WRITE of a range with a page that is not mapped fail with ENOMEM",
    "Linux 5.14 madvise(2)", COVERS("madvise.populate_holes"))
{
	for (size_t hole = 0; hole < 3; hole++) {
		char *p = map_anonymous(3 * page_size(), MAP_SHARED);
		unmap(&p[hole * page_size()], page_size());

		CHECK_FAILS(ENOMEM, -1, madvise(p, 3 * page_size(), MADV_POPULATE_READ));
		CHECK_FAILS(ENOMEM, -1, madvise(p, 3 * page_size(), MADV_POPULATE_WRITE));
	}
}

static void
lacks_middle_page(void *memory)
{
	struct memory *m = memory;

	CHECK_PATTERN('m', m->start, page_size());
	CHECK_UNMAPPED(&m->start[page_size()], page_size());
	CHECK_PATTERN_FROM('m', 2 * page_size(), &m->start[2 * page_size()], page_size());
}

static void
keep_from_child(memory_kind *kind)
{
	struct memory m = memory_create(kind, 3 * page_size());
	pattern_store('m', m.start, m.size);

	CHECK_SUCCEEDS(madvise(&m.start[page_size()], page_size(), MADV_DONTFORK));
	in_child(lacks_middle_page, &m);

	CHECK_PATTERN('m', m.start, m.size);
}

CASE_FOR_EACH_MAPPING(dontfork__shared, DOCUMENTED,
    "MADV_DONTFORK keeps a page of shared memory out of children made by fork", "Linux 2.6.16 madvise(2)",
    COVERS("madvise.dontfork_shared"))
{
	keep_from_child(kind);
}

CASE_FOR_EACH_PRIVATE_MEMORY(dontfork__private, DOCUMENTED,
    "MADV_DONTFORK keeps a page of private memory out of children made by fork", "Linux 2.6.16 madvise(2)",
    NEEDS_FILES_OF_PAGES(3), COVERS("madvise.dontfork_private"))
{
	keep_from_child(kind);
}

static void
has_pattern(void *memory)
{
	const struct memory *m = memory;

	CHECK_PATTERN('m', m->start, m->size);
}

static void
refuse_to_wipe(memory_kind *kind)
{
	struct memory m = memory_create(kind, 2 * page_size());
	pattern_store('m', m.start, m.size);

	CHECK_FAILS(EINVAL, -1, madvise(m.start, m.size, MADV_WIPEONFORK));
	in_child(has_pattern, &m);
}

#define WIPE_REFUSED "MADV_WIPEONFORK of memory that is not private and anonymous fails with EINVAL and wipes nothing"

CASE_FOR_EACH_MAPPING(
    wipeonfork_einval, DOCUMENTED, WIPE_REFUSED, "Linux 4.14 madvise(2)", COVERS("madvise.wipeonfork_einval"))
{
	refuse_to_wipe(kind);
}

CASE(wipeonfork_einval__private_file, DOCUMENTED, WIPE_REFUSED, "Linux 4.14 madvise(2)", NEEDS_FILES_OF_PAGES(2),
    COVERS("madvise.wipeonfork_einval"))
{
	refuse_to_wipe(private_file_memory);
}

CASE_FOR_EACH_MEMORY(dontdump_keeps_data, DOCUMENTED,
    "MADV_DONTDUMP and MADV_DODUMP succeed and leave what memory holds as it is", "Linux 3.4 madvise(2)",
    COVERS("madvise.dontdump"))
{
	struct memory m = memory_create(kind, 3 * page_size());
	pattern_store('m', m.start, m.size);

	CHECK_SUCCEEDS(madvise(&m.start[page_size()], page_size(), MADV_DONTDUMP));
	CHECK_PATTERN('m', m.start, m.size);
	CHECK_SUCCEEDS(madvise(m.start, m.size, MADV_DODUMP));
	CHECK_PATTERN('m', m.start, m.size);
}
