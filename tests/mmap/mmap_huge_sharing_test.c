/* SPDX-License-Identifier: BSD-2-Clause */

/* Who sees what is stored in huge pages of Linux: mappings of one object, parents and children, and files. */

#include <stdint.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "file.h"
#include "huge_memory.h"
#include "platform/fcntl.h"
#include "process.h"

INTERFACE(mmap_huge_sharing)

/* Have this process get its own copies. The system need not have a huge page for a process that did not map them: SIGBUS. */
static void
take_copies(char *start, size_t size)
{
	const size_t huge = huge_page_size();

	for (char *page = start; page < start + size; page += huge)
		need(fault_of_store(&page[huge / 2], 's').signal != SIGBUS, "no huge page for a copy");
}

CASE(shared_by_mappings, DOCUMENTED, "What is stored through one shared mapping of huge pages shows in all others",
    "Linux 2.6.32 mmap(2)", NEEDS_MEMFD, NEEDS_HUGE_PAGES(2), COVERS("mmap.huge_basic"))
{
	struct memory m = huge_memfd_memory(2 * huge_page_size());
	char *other = map_huge(NULL, m.size, MAP_SHARED, m.fd, 0);

	CHECK_BYTES(0, other, m.size);
	pattern_store(1, m.start, m.size);
	CHECK_PATTERN(1, other, m.size);
	pattern_store(2, other, m.size);
	CHECK_PATTERN(2, m.start, m.size);
}

CASE(private_unseen, DOCUMENTED,
    "What is stored through a private mapping of huge pages shows neither in the object nor in another private mapping",
    "Linux 2.6.32 mmap(2)", NEEDS_MEMFD, NEEDS_HUGE_PAGES(6), COVERS("mmap.huge_private"))
{
	struct memory m = huge_memfd_memory(2 * huge_page_size());
	char *private = map_huge(NULL, m.size, MAP_PRIVATE, m.fd, 0);
	char *other = map_huge(NULL, m.size, MAP_PRIVATE, m.fd, 0);
	pattern_store(1, m.start, m.size);
	CHECK_PATTERN(1, other, m.size);

	pattern_store(2, private, m.size);

	CHECK_PATTERN(1, other, m.size);
	CHECK_PATTERN(1, m.start, m.size);
}

static void
store_in_shared(void *arg)
{
	const struct memory *m = arg;
	const size_t huge = huge_page_size();

	CHECK_PATTERN(1, m->start, huge);
	CHECK_BYTES(0, m->start + huge, huge);
	pattern_store(2, m->start, m->size);
	pause_for_parent();
	CHECK_PATTERN(3, m->start, m->size);
}

static void
share_with_child(memory_kind *kind)
{
	const size_t huge = huge_page_size();
	struct memory m = memory_create(kind, 2 * huge);
	pattern_store(1, m.start, huge); /* the other page is first touched by the child */

	struct child c = child_start(store_in_shared, &m);
	child_reaches_pause(&c);
	CHECK_PATTERN(2, m.start, m.size);
	pattern_store(3, m.start, m.size);
	child_goes_on(&c);
	child_exits(&c);
}

CASE(fork_shared__anonymous, DOCUMENTED,
    "Parent and child see each other's stores in shared huge pages, in those too that nobody had touched",
    "Linux 2.6.32 mmap(2)", NEEDS_HUGE_PAGES(2))
{
	share_with_child(huge_anonymous_memory);
}

CASE(fork_shared__memfd, DOCUMENTED,
    "Parent and child see each other's stores in huge pages of an object, in those too that nobody had touched",
    "Linux 2.6.32 mmap(2)", NEEDS_MEMFD, NEEDS_HUGE_PAGES(2))
{
	share_with_child(huge_memfd_memory);
}

static void
store_in_copy(void *arg)
{
	const struct memory *m = arg;
	const size_t huge = huge_page_size();

	CHECK_PATTERN(1, m->start, huge);
	CHECK_BYTES(0, m->start + huge, huge);
	take_copies(m->start, m->size);
	pattern_store(2, m->start, m->size);
	pause_for_parent();
	CHECK_PATTERN(2, m->start, m->size);
}

static void
keep_from_child(memory_kind *kind)
{
	const size_t huge = huge_page_size();
	struct memory m = memory_create(kind, 2 * huge);
	pattern_store(1, m.start, huge); /* the other page is first touched by the child */

	struct child c = child_start(store_in_copy, &m);
	child_reaches_pause(&c);
	CHECK_PATTERN(1, m.start, huge);
	CHECK_BYTES(0, m.start + huge, huge);
	pattern_store(3, m.start, m.size);
	child_goes_on(&c);
	child_exits(&c);
}

CASE(fork_private__anonymous, DOCUMENTED,
    "A child that stores in private huge pages changes its own copies, those too that nobody had touched",
    "Linux 2.6.32 mmap(2)", NEEDS_HUGE_PAGES(6), COVERS("fork.huge_cow"))
{
	keep_from_child(private_huge_anonymous_memory);
}

CASE(fork_private__memfd, DOCUMENTED,
    "A child that stores in private huge pages of an object changes its own copies, those too that nobody had touched",
    "Linux 2.6.32 mmap(2)", NEEDS_MEMFD, NEEDS_HUGE_PAGES(6), COVERS("fork.huge_cow"))
{
	keep_from_child(private_huge_memfd_memory);
}

static void
find_old_content(void *arg)
{
	const struct memory *m = arg;

	pause_for_parent();
	/* Where there is no huge page for the copy of the parent, the page is taken from the child. */
	need(fault_of_load(m->start).signal != SIGBUS, "no huge page for a copy");
	CHECK_PATTERN(1, m->start, m->size);
}

static void
keep_from_parent(memory_kind *kind)
{
	struct memory m = memory_create(kind, huge_page_size());
	pattern_store(1, m.start, m.size);

	struct child c = child_start(find_old_content, &m);
	child_reaches_pause(&c);
	pattern_store(2, m.start, m.size);
	child_goes_on(&c);
	child_exits(&c);
}

CASE(fork_private_parent__anonymous, DOCUMENTED,
    "A parent that stores in private huge pages after fork changes its own copies, and the child finds what was there",
    "Linux 2.6.32 mmap(2)", NEEDS_HUGE_PAGES(3), COVERS("fork.huge_cow"))
{
	keep_from_parent(private_huge_anonymous_memory);
}

CASE(fork_private_parent__memfd, DOCUMENTED,
    "A parent that stores in private huge pages of an object after fork changes its own copies, and the child finds "
    "what was there",
    "Linux 2.6.32 mmap(2)", NEEDS_MEMFD, NEEDS_HUGE_PAGES(3), COVERS("fork.huge_cow"))
{
	keep_from_parent(private_huge_memfd_memory);
}

/* Read into memory over the border of two huge pages, and write from there. */
static void
move_over_border(memory_kind *kind, int flags)
{
	const size_t huge = huge_page_size();
	const size_t half = page_size();
	struct memory m = memory_create(kind, 2 * huge);
	char *buffer = m.start + huge - half;
	int from = nameless_file_with_pattern(2);
	int to = nameless_file(2 * half);
	need(fcntl(from, F_SETFL, flags) == 0 && fcntl(to, F_SETFL, flags) == 0, "needs a file system with O_DIRECT");

	CHECK_EQ(2 * half, pread(from, buffer, 2 * half, 0)); /* nobody has touched it */
	CHECK_BYTES(0, m.start, huge - half);
	CHECK_PATTERN('f', buffer, 2 * half);
	CHECK_BYTES(0, buffer + 2 * half, huge - half);

	CHECK_EQ(2 * half, pwrite(to, buffer, 2 * half, 0));
	REQUIRE(fcntl(to, F_SETFL, 0) == 0);
	CHECK_PATTERN('f', content_of(to, 2 * half), 2 * half);
}

CASE_FOR_EACH_HUGE_MEMORY(buffer, DOCUMENTED,
    "read() into huge pages, over the border of two that nobody has touched, and write() from there move all bytes",
    "Linux read(2)", "Linux write(2)", NEEDS_HUGE_PAGES(4))
{
	move_over_border(kind, 0);
}

CASE_FOR_EACH_HUGE_MEMORY(buffer_direct, DOCUMENTED,
    "With O_DIRECT read() into huge pages, over the border of two that nobody has touched, and write() from there move "
    "all bytes",
    "Linux 2.4.10 open(2)", NEEDS_HUGE_PAGES(4), COVERS("mmap.huge_basic"))
{
	move_over_border(kind, O_DIRECT);
}
