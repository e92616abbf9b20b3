/* SPDX-License-Identifier: BSD-2-Clause */

/* MADV_GUARD_INSTALL and MADV_GUARD_REMOVE of Linux: pages that nobody may touch, without a mapping of their own. */

#include <fcntl.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "memory_cases.h"
#include "object.h"
#include "process.h"

INTERFACE(madvise)

static void
check_guarded(char *page)
{
	CHECK_EQ(SIGSEGV, fault_of_load(page).signal);
	CHECK_EQ(SIGSEGV, fault_of_store(page, 'g').signal);
	CHECK_EQ(SIGSEGV, fault_of_load(&page[page_size() - 1]).signal);
}

/* Three pages with a pattern, of which the middle one is guarded. */
static struct memory
guarded_in_middle(memory_kind *kind)
{
	struct memory m = memory_create(kind, 3 * page_size());

	pattern_store('m', m.start, m.size);
	CHECK_SUCCEEDS(madvise(&m.start[page_size()], page_size(), MADV_GUARD_INSTALL));
	return m;
}

static void
check_neighbours(const struct memory *m)
{
	CHECK_PATTERN('m', m->start, page_size());
	CHECK_PATTERN_FROM('m', 2 * page_size(), &m->start[2 * page_size()], page_size());
}

CASE(guard_refuses_access, DOCUMENTED,
    "After MADV_GUARD_INSTALL an access to the page raises SIGSEGV, the pages "
    "beside it stay, and MADV_GUARD_REMOVE gives private memory back as zero",
    "Linux 6.13 madvise(2)", COVERS("madvise.guard"))
{
	struct memory m = guarded_in_middle(private_anonymous_memory);

	check_guarded(&m.start[page_size()]);
	check_neighbours(&m);

	CHECK_SUCCEEDS(madvise(m.start, m.size, MADV_GUARD_REMOVE));
	check_neighbours(&m); /* what is not guarded is not removed */
	CHECK_BYTES(0, &m.start[page_size()], page_size());
	CHECK_STORE_OK(&m.start[page_size()]);
}

#define GUARD_OF_FILES "Linux 6.15 mm/madvise.c is_valid_guard_vma()"

static void
sees_all(void *memory)
{
	const struct memory *m = memory;

	pause_for_parent();
	CHECK_PATTERN('m', m->start, m->size);
	pattern_store('o', &m->start[page_size()], page_size());
}

CASE_FOR_EACH_MAPPING(guard_refuses_access__shared, DOCUMENTED,
    "MADV_GUARD_INSTALL of shared memory is for its process alone: "
    "others have the page, and MADV_GUARD_REMOVE shows it again",
    GUARD_OF_FILES, COVERS("madvise.guard"))
{
	struct memory m = memory_create(kind, 3 * page_size());
	struct child other = child_start(sees_all, &m);
	child_reaches_pause(&other);
	pattern_store('m', m.start, m.size);

	CHECK_SUCCEEDS(madvise(&m.start[page_size()], page_size(), MADV_GUARD_INSTALL));
	check_guarded(&m.start[page_size()]);
	check_neighbours(&m);
	child_goes_on(&other);
	child_exits(&other);
	CHECK_SUCCEEDS(madvise(&m.start[page_size()], page_size(), MADV_GUARD_REMOVE));

	CHECK_PATTERN('o', &m.start[page_size()], page_size());
	check_neighbours(&m);
}

CASE(guard_stays, DOCUMENTED,
    "A guard stays when MADV_DONTNEED drops the pages and when mprotect() opens them, and goes with the mapping",
    "Linux 6.13 madvise(2)", COVERS("madvise.guard"))
{
	struct memory m = guarded_in_middle(private_anonymous_memory);
	char *guarded = &m.start[page_size()];

	CHECK_SUCCEEDS(madvise(m.start, m.size, MADV_DONTNEED));
	check_guarded(guarded);
	CHECK_BYTES(0, m.start, page_size());
	CHECK_SUCCEEDS(mprotect(m.start, m.size, PROT_READ | PROT_WRITE));
	check_guarded(guarded);
	CHECK_SUCCEEDS(madvise(guarded, page_size(), MADV_GUARD_INSTALL)); /* once more */
	check_guarded(guarded);

	REQUIRE(mmap(guarded, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
	    guarded);
	CHECK_BYTES(0, guarded, page_size());
	CHECK_STORE_OK(guarded);
}

static void
is_guarded_here(void *memory)
{
	struct memory *m = memory;

	check_guarded(&m->start[page_size()]);
	check_neighbours(m);
	CHECK_SUCCEEDS(madvise(&m->start[page_size()], page_size(), MADV_GUARD_REMOVE));
	CHECK_STORE_OK(&m->start[page_size()]);
}

CASE(guard_inherited, DOCUMENTED,
    "A child made by fork has the guards of its parent, and what it removes is there in the parent",
    "Linux 6.13 madvise(2)", COVERS("madvise.guard"))
{
	struct memory m = guarded_in_middle(private_anonymous_memory);

	in_child(is_guarded_here, &m);

	check_guarded(&m.start[page_size()]);
}

CASE(guard_efault, DOCUMENTED, "A system call whose buffer is guarded fails with EFAULT", "Linux 6.13 madvise(2)")
{
	struct memory m = guarded_in_middle(private_anonymous_memory);
	int fd = nameless_file_with_pattern(1);

	CHECK_FAILS(EFAULT, -1, pread(fd, &m.start[page_size()], page_size(), 0));
	CHECK_FAILS(EFAULT, -1, pwrite(fd, &m.start[page_size()], page_size(), 0));
	CHECK_PATTERN('f', content_of(fd, page_size()), page_size());
	check_neighbours(&m);
}

CASE(guard_locked_einval, DOCUMENTED, "MADV_GUARD_INSTALL of locked memory fails with EINVAL and drops nothing",
    "Linux 6.13 madvise(2)", NEEDS_LOCKABLE_PAGES(1), COVERS("madvise.guard"))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);
	pattern_store('p', p, page_size());
	REQUIRE(mlock(p, page_size()) == 0);

	CHECK_FAILS(EINVAL, -1, madvise(p, page_size(), MADV_GUARD_INSTALL));

	CHECK_PATTERN('p', p, page_size());
}
