/* SPDX-License-Identifier: BSD-2-Clause */

/* mmap() and munmap() of huge pages of Linux, whose arguments are multiples of a larger page. */

#include <stdint.h>
#include <unistd.h>

#include "accessor.h"
#include "case.h"
#include "fault.h"
#include "file.h"
#include "huge_memory.h"
#include "instrument.h"
#include "platform/machine.h"

INTERFACE(mmap_huge)

#define HUGE_PAGES_DOCUMENT "Linux Documentation/admin-guide/mm/hugetlbpage.rst"

/* The first, the middle and the last byte of each huge page can be stored to. */
static void
check_stores(char *start, size_t size)
{
	const size_t huge = huge_page_size();

	for (char *page = start; page < start + size; page += huge) {
		CHECK_STORE_OK(&page[0]);
		CHECK_STORE_OK(&page[huge / 2]);
		CHECK_STORE_OK(&page[huge - 1]);
	}
}

CASE_FOR_EACH_HUGE_MEMORY(zero_and_kept, DOCUMENTED,
    "Huge pages begin at a multiple of their size, read as zero, and keep what is stored in each byte",
    "Linux 2.6.32 mmap(2)", HUGE_PAGES_DOCUMENT, NEEDS_HUGE_PAGES(2))
{
	const size_t huge = huge_page_size();
	struct memory m = memory_create(kind, 2 * huge);

	CHECK_EQ(0, (uintptr_t)m.start % huge);
	CHECK_BYTES(0, m.start, m.size);
	pattern_store(1, m.start, m.size);
	CHECK_PATTERN(1, m.start, m.size);
}

static void
map_lengths_inside_a_page(int fd)
{
	const size_t huge = huge_page_size();
	const size_t lengths[] = { 1, page_size(), huge / 2 + 1, huge - 1 };

	for (size_t i = 0; i < nitems(lengths); i++) {
		char *p = free_huge_range(2 * huge);

		CHECK_EQ(p, map_huge(p, lengths[i], MAP_SHARED, fd, 0));

		check_stores(p, huge);
		CHECK_UNMAPPED(&p[huge], 1);
		unmap(p, huge);
	}
}

CASE(length_rounded_up, DOCUMENTED, "A length inside a huge page maps the whole page, and nothing behind it",
    "Linux 2.6.32 mmap(2)", NEEDS_HUGE_PAGES(1))
{
	map_lengths_inside_a_page(-1);
}

CASE(length_rounded_up__memfd, DOCUMENTED,
    "A length inside a huge page of an object maps the whole page, and nothing behind it", "Linux 2.6.32 mmap(2)",
    NEEDS_MEMFD, NEEDS_HUGE_PAGES(1))
{
	map_lengths_inside_a_page(huge_memfd(huge_page_size()));
}

CASE(offset_multiple, DOCUMENTED,
    "An offset that is a multiple of the huge page shows that page, and any other fails with EINVAL",
    "Linux 2.6.32 mmap(2)", NEEDS_MEMFD, NEEDS_HUGE_PAGES(3), COVERS("mmap.huge_align"))
{
	const size_t huge = huge_page_size();
	struct memory m = huge_memfd_memory(3 * huge);
	const size_t others[] = { page_size(), huge / 2, huge - page_size(), huge + page_size() };
	pattern_store(1, m.start, m.size);

	for (size_t at = 0; at < m.size; at += huge) {
		char *p = map_huge(NULL, huge, MAP_SHARED, m.fd, (off_t)at);
		CHECK_PATTERN_FROM(1, at, p, huge);
		unmap(p, huge);
	}
	for (size_t i = 0; i < nitems(others); i++) {
		CHECK_FAILS(EINVAL, MAP_FAILED, mmap(NULL, huge, PROT_READ, MAP_SHARED, m.fd, (off_t)others[i]));
		CHECK_FAILS(EINVAL, MAP_FAILED, mmap(NULL, huge, PROT_READ, MAP_PRIVATE, m.fd, (off_t)others[i]));
	}
}

static void
map_inside_a_page(int fd, int flags)
{
	const size_t huge = huge_page_size();
	const size_t places[] = { page_size(), huge / 2, huge - page_size() };
	char *p = map_huge(free_huge_range(2 * huge), 2 * huge, MAP_PRIVATE, -1, 0);
	pattern_store('o', p, 2 * huge);

	for (size_t i = 0; i < nitems(places); i++)
		CHECK_FAILS(
		    EINVAL, MAP_FAILED, mmap(p + places[i], huge, PROT_READ, flags | MAP_FIXED | MAP_SHARED, fd, 0));

	CHECK_PATTERN('o', p, 2 * huge);
}

CASE(fixed_multiple, DOCUMENTED,
    "MAP_FIXED at an address inside a huge page fails with EINVAL, and what is mapped in the range stays",
    "Linux 2.6.32 mmap(2)", NEEDS_HUGE_PAGES(4), COVERS("mmap.huge_align"))
{
	map_inside_a_page(-1, MAP_ANONYMOUS | MAP_HUGETLB);
}

CASE(fixed_multiple__memfd, DOCUMENTED,
    "MAP_FIXED of an object at an address inside a huge page fails with EINVAL, and what is mapped in the range stays",
    "Linux 2.6.32 mmap(2)", NEEDS_MEMFD, NEEDS_HUGE_PAGES(4))
{
	map_inside_a_page(huge_memfd(huge_page_size()), 0);
}

CASE(hint, DOCUMENTED, "An address inside a huge page that is a hint gives a mapping at a multiple of the huge page",
    "Linux 2.6.32 mmap(2)", NEEDS_HUGE_PAGES(1))
{
	const size_t huge = huge_page_size();
	char *hint = free_huge_range(3 * huge) + page_size();

	char *p = mmap(hint, huge, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	need(p != MAP_FAILED || errno != ENOMEM, "no free huge page: mmap() fails with ENOMEM");
	REQUIRE(p != MAP_FAILED);

	CHECK_EQ(0, (uintptr_t)p % huge);
	check_stores(p, huge);
}

static void
map_outside(int fd, int flags)
{
	const size_t huge = huge_page_size();
	char *top = (char *)(UINTPTR_MAX - huge + 1); /* NOLINT(performance-no-int-to-ptr) */
	char *kernel = address_of_kernel();
	char *p = free_huge_range(huge);
	const size_t to_end = UINTPTR_MAX - (uintptr_t)p + 1;
	kernel -= (uintptr_t)kernel % huge;

	CHECK_FAILS(ENOMEM, MAP_FAILED, mmap(top, huge, PROT_READ, flags | MAP_FIXED, fd, 0));
	CHECK_FAILS(ENOMEM, MAP_FAILED, mmap(kernel, huge, PROT_READ, flags | MAP_FIXED, fd, 0));
	CHECK_FAILS(ENOMEM, MAP_FAILED, mmap(p, to_end, PROT_READ, flags | MAP_FIXED, fd, 0));
	CHECK_UNMAPPED(p, 1);
}

CASE(fixed_outside_space, SHALL,
    "MAP_FIXED of huge pages outside the address space, or across its end, fails with ENOMEM",
    "POSIX.1-2017 mmap() ERRORS", "POSIX.1-2024 mmap() ERRORS", "Linux mmap(2)", NEEDS_KERNEL_WITH_HUGE_PAGES,
    NEEDS_NO_INSTRUMENT(THREAD_SANITIZER), COVERS("mmap.huge_task_size"))
{
	map_outside(-1, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB);
}

CASE(fixed_outside_space__memfd, SHALL,
    "MAP_FIXED of an object of huge pages outside the address space, or across its end, fails with ENOMEM",
    "POSIX.1-2017 mmap() ERRORS", "POSIX.1-2024 mmap() ERRORS", "Linux mmap(2)", NEEDS_KERNEL_WITH_HUGE_PAGES,
    NEEDS_NO_INSTRUMENT(THREAD_SANITIZER), NEEDS_MEMFD)
{
	map_outside(huge_memfd(huge_page_size()), MAP_SHARED);
}

CASE_FOR_EACH_HUGE_MEMORY(unmap_part_einval, DOCUMENTED,
    "munmap() of an address or a length that is no multiple of the huge page fails with EINVAL and unmaps nothing",
    "Linux 2.6.32 mmap(2)", HUGE_PAGES_DOCUMENT, NEEDS_HUGE_PAGES(3), COVERS("memfd.huge_partial_unmap"))
{
	const size_t page = page_size();
	const size_t huge = huge_page_size();
	struct memory m = memory_create(kind, 3 * huge);
	const struct {
		size_t at;
		size_t length;
	} parts[] = {
		{ 0, page },
		{ 0, huge - page },
		{ 0, huge + page },
		{ page, page },
		{ page, huge - page },
		{ huge / 2, huge },
		{ 2 * huge, page },
		{ 2 * huge - page, huge + page },
	};
	pattern_store(1, m.start, m.size);

	for (size_t i = 0; i < nitems(parts); i++)
		CHECK_FAILS(EINVAL, -1, munmap(m.start + parts[i].at, parts[i].length));

	CHECK_PATTERN(1, m.start, m.size);
	check_stores(m.start, m.size);
}

CASE_FOR_EACH_HUGE_MEMORY(unmap_pages, DOCUMENTED,
    "munmap() of the first, second or third of three huge pages unmaps the whole of it, and the others stay",
    "Linux 2.6.32 mmap(2)", NEEDS_HUGE_PAGES(3))
{
	const size_t huge = huge_page_size();

	for (size_t unmapped = 0; unmapped < 3; unmapped++) {
		struct memory m = memory_create(kind, 3 * huge);
		pattern_store(1, m.start, m.size);

		CHECK_SUCCEEDS(munmap(m.start + unmapped * huge, huge));

		CHECK_UNMAPPED(m.start + unmapped * huge, huge);
		for (size_t i = 0; i < 3; i++)
			if (i != unmapped)
				CHECK_PATTERN_FROM(1, i * huge, m.start + i * huge, huge);

		unmap(m.start, m.size);
		if (m.fd != -1)
			close(m.fd);
	}
}

CASE_FOR_EACH_HUGE_MEMORY(unmap_while_loaded, DOCUMENTED,
    "A thread that loads from a huge page gets SIGSEGV once another thread has unmapped it", "Linux 2.6.32 mmap(2)",
    NEEDS_HUGE_PAGES(1))
{
	struct memory m = memory_create(kind, huge_page_size());
	struct accessor a;

	accessor_start(&a, m.start + m.size / 2, LOADS);
	CHECK_SUCCEEDS(munmap(m.start, m.size));
	CHECK_EQ(SIGSEGV, accessor_end(&a).signal);
}

/* The base-2 logarithm of a page size stands in the flags from this bit on. */
enum { PAGE_SIZE_SHIFT = 26 };

CASE(size_in_flags, DOCUMENTED,
    "MAP_HUGETLB takes the size of its pages as a logarithm in the flags, the default size too", "Linux 3.8 mmap(2)",
    NEEDS_HUGE_PAGES(1))
{
	const size_t huge = huge_page_size();
	int logarithm = 0;
	while ((size_t)1 << logarithm < huge)
		logarithm++;
	const int flags = MAP_SHARED | MAP_ANONYMOUS | MAP_HUGETLB | logarithm << PAGE_SIZE_SHIFT;

	char *p = mmap(NULL, huge, PROT_READ | PROT_WRITE, flags, -1, 0);
	need(p != MAP_FAILED || errno != ENOMEM, "no free huge page: mmap() fails with ENOMEM");
	if (CHECK_NE(MAP_FAILED, p)) {
		CHECK_EQ(0, (uintptr_t)p % huge);
		check_stores(p, huge);
	}
}

CASE(more_than_there_can_be, DOCUMENTED,
    "mmap() of more huge pages than there can be fails with ENOMEM, and what is mapped keeps its data",
    "Linux 2.6.32 mmap(2)", HUGE_PAGES_DOCUMENT, NEEDS_HUGE_PAGES(1), NEEDS_LESS_MEMORY_THAN_ADDRESSES)
{
	const size_t huge = huge_page_size();
	const size_t size = huge_pages_above_memory();
	const int flags = MAP_ANONYMOUS | MAP_HUGETLB;
	char *p = map_huge(NULL, huge, MAP_PRIVATE, -1, 0);
	pattern_store(1, p, huge);

	CHECK_FAILS(ENOMEM, MAP_FAILED, mmap(NULL, size, PROT_READ | PROT_WRITE, flags | MAP_PRIVATE, -1, 0));
	CHECK_FAILS(ENOMEM, MAP_FAILED, mmap(NULL, size, PROT_READ | PROT_WRITE, flags | MAP_SHARED, -1, 0));

	CHECK_PATTERN(1, p, huge);
}
