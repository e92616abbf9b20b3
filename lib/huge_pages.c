/* SPDX-License-Identifier: BSD-2-Clause */

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "check.h"
#include "huge_pages.h"
#include "mapping.h"
#include "platform.h"
#include "platform/file.h"
#include "platform/mman.h"

enum { NOT_FREE_YET = 8 };

static const char setting[] = "/proc/sys/vm/nr_overcommit_hugepages";

/* What the lines of a file have for "format", in which is one %lu. 0 where there is none. */
static unsigned long
number_in(const char *path, const char *format)
{
	FILE *file = fopen(path, "r");
	unsigned long value = 0;
	char line[256];

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, format, &value) == 1)
			break;
	if (file != NULL)
		fclose(file);
	return value;
}

static unsigned long
memory_information(const char *format)
{
	return number_in("/proc/meminfo", format);
}

size_t
huge_page_size(void)
{
	return (size_t)memory_information("Hugepagesize: %lu kB") * 1024;
}

/* Set aside and not promised to anybody, or still to be taken. */
static unsigned long
pages_that_can_be_had(void)
{
	unsigned long aside = memory_information("HugePages_Free: %lu") - memory_information("HugePages_Rsvd: %lu");
	unsigned long most = number_in(setting, "%lu");
	unsigned long taken = memory_information("HugePages_Surp: %lu");

	return aside + (most > taken ? most - taken : 0);
}

bool
has_huge_pages(unsigned count)
{
	int fd = open(setting, O_RDONLY | O_CLOEXEC);

	/* Until this process and its children have ended. */
	return fd != -1 && flock(fd, LOCK_EX) == 0 && pages_that_can_be_had() >= count + NOT_FREE_YET;
}

void
need_kernel_with_huge_pages(void)
{
	need(huge_page_size() != 0, "needs a kernel with huge pages");
}

void
need_free_huge_pages(uintmax_t count)
{
	need_kernel_with_huge_pages();
	if (!has_huge_pages((unsigned)count))
		end_skipped("needs %ju free huge pages: sysctl vm.nr_hugepages or vm.nr_overcommit_hugepages",
		    count + NOT_FREE_YET);
}

void
need_huge_pages(uintmax_t count)
{
	const size_t huge = huge_page_size();
	char *p;

	need_free_huge_pages(count);
	p = mmap(NULL, huge, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	/* Without a privilege, or when another has taken them: the case says so. */
	if (p == MAP_FAILED && errno != EPERM && errno != ENOMEM)
		end_skipped(
		    "huge pages cannot be mapped: mmap() with MAP_HUGETLB fails with %s, see mmap_flags_test:hugetlb",
		    errno_name(errno));
	if (p != MAP_FAILED)
		munmap(p, huge); /* whether that works is not asked here */
}

char *
free_huge_range(size_t size)
{
	const size_t huge = huge_page_size();
	char *start = free_range(size + huge);
	const size_t over = (uintptr_t)start % huge;

	return over == 0 ? start : start + (huge - over);
}

size_t
huge_pages_above_memory(void)
{
	const size_t huge = huge_page_size();
	const size_t pages = (size_t)sysconf(_SC_PHYS_PAGES);

	return huge == 0 ? 0 : (pages * page_size() / huge + 2) * huge;
}

void
need_less_memory_than_addresses(void)
{
	const long pages = sysconf(_SC_PHYS_PAGES);

	need(pages > 0, "needs to know how much memory there is");
	need((size_t)pages < SIZE_MAX / 2 / page_size(), "needs a machine with less memory than addresses");
}
