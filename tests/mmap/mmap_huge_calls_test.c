/* SPDX-License-Identifier: BSD-2-Clause */

/* mprotect(), madvise() and mremap() of huge pages of Linux, whole ones and parts, and sizes of huge pages. */

#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "huge_memory.h"

INTERFACE(mmap_huge_calls)

#define HUGE_PAGES_DOCUMENT "Linux Documentation/admin-guide/mm/hugetlbpage.rst"

enum { READ_WRITE = PROT_READ | PROT_WRITE };

/* The first and the last byte of a huge page are refused. */
static void
check_refused(char *page, bool loads_too)
{
	char *last = page + huge_page_size() - 1;

	CHECK_STORE_FAULTS(SIGSEGV, SEGV_ACCERR, page);
	CHECK_STORE_FAULTS(SIGSEGV, SEGV_ACCERR, last);
	if (loads_too) {
		CHECK_LOAD_FAULTS(SIGSEGV, SEGV_ACCERR, page);
		CHECK_LOAD_FAULTS(SIGSEGV, SEGV_ACCERR, last);
	}
}

CASE_FOR_EACH_HUGE_MEMORY(protect_pages, DOCUMENTED,
    "mprotect() of the second of three huge pages changes what the whole of it allows, and nothing of the others",
    "Linux mprotect(2)", NEEDS_HUGE_PAGES(3), COVERS("mprotect.huge"))
{
	const size_t huge = huge_page_size();
	struct memory m = memory_create(kind, 3 * huge);
	char *second = m.start + huge;
	pattern_store(1, m.start, m.size);

	CHECK_SUCCEEDS(mprotect(second, huge, PROT_READ));
	check_refused(second, false);
	CHECK_PATTERN(1, m.start, m.size);
	CHECK_STORE_OK(second - 1);
	CHECK_STORE_OK(second + huge);

	CHECK_SUCCEEDS(mprotect(second, huge, PROT_NONE));
	check_refused(second, true);
	CHECK_STORE_OK(second - 1);
	CHECK_STORE_OK(second + huge);

	CHECK_SUCCEEDS(mprotect(second, huge, READ_WRITE));
	CHECK_STORE_OK(second);
	CHECK_STORE_OK(second + huge - 1);
	CHECK_PATTERN(1, m.start, m.size);
}

CASE_FOR_EACH_HUGE_MEMORY(protect_part, DOCUMENTED,
    "mprotect() of a part of a huge page fails with EINVAL or leaves the page out: it changes nothing",
    HUGE_PAGES_DOCUMENT, NEEDS_HUGE_PAGES(2))
{
	const size_t page = page_size();
	const size_t huge = huge_page_size();
	struct memory m = memory_create(kind, 2 * huge);
	const struct {
		size_t at;
		size_t length;
	} parts[] = { { 0, page }, { page, huge - page }, { huge / 2, huge }, { 2 * huge - page, page } };
	pattern_store(1, m.start, m.size);

	for (size_t i = 0; i < nitems(parts); i++) {
		errno = 0;
		int error = mprotect(m.start + parts[i].at, parts[i].length, PROT_NONE) == -1 ? errno : 0;
		CHECK(error == EINVAL || error == 0);
		CHECK_STORE_OK(m.start + parts[i].at);
		CHECK_STORE_OK(m.start + parts[i].at + parts[i].length - 1);
	}
	CHECK_PATTERN(1, m.start, m.size);
}

static void
drop_first_of_two(struct memory m)
{
	const size_t huge = huge_page_size();

	pattern_store(1, m.start, m.size);
	CHECK_SUCCEEDS(madvise(m.start, huge, MADV_DONTNEED));
	CHECK_PATTERN_FROM(1, huge, m.start + huge, huge);
}

CASE(dontneed_private__anonymous, DOCUMENTED,
    "MADV_DONTNEED of a private huge page makes it zero, and the page behind it stays", "Linux 5.18 madvise(2)",
    NEEDS_HUGE_PAGES(2))
{
	struct memory m = private_huge_anonymous_memory(2 * huge_page_size());

	drop_first_of_two(m);
	CHECK_BYTES(0, m.start, huge_page_size());
}

CASE(dontneed_private__memfd, DOCUMENTED,
    "MADV_DONTNEED of a private huge page of an object shows what the object has, and the page behind it stays",
    "Linux 5.18 madvise(2)", NEEDS_MEMFD, NEEDS_HUGE_PAGES(4))
{
	struct memory m = private_huge_memfd_memory(2 * huge_page_size());
	pattern_store(2, map_huge(NULL, huge_page_size(), MAP_SHARED, m.fd, 0), huge_page_size());

	drop_first_of_two(m);
	CHECK_PATTERN(2, m.start, huge_page_size());
}

CASE(dontneed_shared__anonymous, DOCUMENTED, "After MADV_DONTNEED shared huge pages hold what they held",
    "Linux 5.18 madvise(2)", NEEDS_HUGE_PAGES(2))
{
	struct memory m = huge_anonymous_memory(2 * huge_page_size());

	drop_first_of_two(m);
	CHECK_PATTERN(1, m.start, m.size);
}

CASE(dontneed_shared__memfd, DOCUMENTED, "After MADV_DONTNEED huge pages of an object hold what they held",
    "Linux 5.18 madvise(2)", NEEDS_MEMFD, NEEDS_HUGE_PAGES(2))
{
	struct memory m = huge_memfd_memory(2 * huge_page_size());

	drop_first_of_two(m);
	CHECK_PATTERN(1, m.start, m.size);
}

CASE_FOR_EACH_HUGE_MEMORY(dontneed_inside, DOCUMENTED,
    "MADV_DONTNEED at an address inside a huge page fails with EINVAL and drops nothing", "Linux 5.18 madvise(2)",
    NEEDS_HUGE_PAGES(2))
{
	const size_t huge = huge_page_size();
	struct memory m = memory_create(kind, 2 * huge);
	pattern_store(1, m.start, m.size);

	CHECK_FAILS(EINVAL, -1, madvise(m.start + page_size(), huge, MADV_DONTNEED));
	CHECK_FAILS(EINVAL, -1, madvise(m.start + huge - page_size(), page_size(), MADV_DONTNEED));

	CHECK_PATTERN(1, m.start, m.size);
}

/* madvise(2) says that the length is rounded up; hugetlbpage.rst, and the kernel since 6.1, leave out what is not whole. */
CASE(dontneed_part, OBSERVED, "MADV_DONTNEED with a length inside a private huge page drops the whole page or nothing",
    "Linux 5.18 madvise(2)", HUGE_PAGES_DOCUMENT, NEEDS_PLATFORM(LINUX), NEEDS_HUGE_PAGES(2))
{
	const size_t huge = huge_page_size();
	struct memory m = private_huge_anonymous_memory(2 * huge);
	pattern_store(1, m.start, m.size);

	int result = madvise(m.start, page_size(), MADV_DONTNEED);
	const char *outcome = result == -1 ? errno_name(errno) : m.start[1] == 0 ? "drops" : "keeps";

	observed("part-of-huge-page", "%s", outcome);
	if (result == 0 && m.start[1] == 0)
		CHECK_BYTES(0, m.start, huge);
	else
		CHECK_PATTERN(1, m.start, huge);
	CHECK_PATTERN_FROM(1, huge, m.start + huge, huge);
}

CASE(remove, DOCUMENTED,
    "MADV_REMOVE of a huge page of an object makes it zero for all mappings, and the page behind it stays",
    "Linux 4.3 madvise(2)", NEEDS_MEMFD, NEEDS_HUGE_PAGES(2))
{
	const size_t huge = huge_page_size();
	struct memory m = huge_memfd_memory(2 * huge);
	char *other = map_huge(NULL, m.size, MAP_SHARED, m.fd, 0);
	pattern_store(1, m.start, m.size);

	CHECK_SUCCEEDS(madvise(m.start, huge, MADV_REMOVE));

	CHECK_BYTES(0, m.start, huge);
	CHECK_BYTES(0, other, huge);
	CHECK_PATTERN_FROM(1, huge, other + huge, huge);
}

CASE_FOR_EACH_HUGE_MEMORY(remap_shrinks, OBSERVED,
    "mremap() of two huge pages to one leaves the first and unmaps the second, or fails with EINVAL and leaves both",
    "Linux mremap(2)", NEEDS_PLATFORM(LINUX), NEEDS_HUGE_PAGES(2))
{
	const size_t huge = huge_page_size();
	struct memory m = memory_create(kind, 2 * huge);
	pattern_store(1, m.start, m.size);

	errno = 0;
	char *p = mremap(m.start, 2 * huge, huge, 0);
	int error = errno;

	observed("shrink-huge-pages", "%s", p == MAP_FAILED ? errno_name(error) : "works");
	if (p == MAP_FAILED) {
		CHECK_RETURNS_ERROR(EINVAL, error);
		CHECK_PATTERN(1, m.start, 2 * huge);
	} else {
		CHECK_EQ(m.start, p);
		CHECK_PATTERN(1, m.start, huge);
		CHECK_UNMAPPED(m.start + huge, huge);
	}
}

CASE_FOR_EACH_HUGE_MEMORY(remap_moves, OBSERVED,
    "mremap() moves two huge pages with their content to where they are asked for, or fails with EINVAL and leaves "
    "them",
    "Linux mremap(2)", NEEDS_PLATFORM(LINUX), NEEDS_HUGE_PAGES(2))
{
	const size_t size = 2 * huge_page_size();
	struct memory m = memory_create(kind, size);
	char *wanted = free_huge_range(size);
	pattern_store(1, m.start, size);

	errno = 0;
	char *p = mremap(m.start, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, wanted);
	int error = errno;

	observed("move-huge-pages", "%s", p == MAP_FAILED ? errno_name(error) : "works");
	if (p == MAP_FAILED) {
		CHECK_RETURNS_ERROR(EINVAL, error);
		CHECK_PATTERN(1, m.start, size);
		CHECK_UNMAPPED(wanted, 1);
	} else {
		CHECK_EQ(wanted, p);
		CHECK_PATTERN(1, wanted, size);
		CHECK_UNMAPPED(m.start, size);
	}
}
