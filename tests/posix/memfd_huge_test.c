/* SPDX-License-Identifier: BSD-2-Clause */

/* Objects of huge pages, which Linux makes by memfd_create() with MFD_HUGETLB: their sizes, content and seals. */

#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "file.h"
#include "huge_memory.h"
#include "memfd.h"
#include "process.h"

INTERFACE(memfd_huge, NEEDS_MEMFD)

#define HUGE_PAGES_DOCUMENT "Linux Documentation/admin-guide/mm/hugetlbpage.rst"

CASE(write_einval, DOCUMENTED,
    "write() to an object of huge pages fails with EINVAL and changes neither its content nor its size",
    "Linux write(2)", HUGE_PAGES_DOCUMENT, NEEDS_HUGE_PAGES(2), COVERS("memfd.huge_write"))
{
	struct memory m = huge_memfd_memory(2 * huge_page_size());
	const char *bytes = map_anonymous(page_size(), MAP_PRIVATE);
	pattern_store(1, m.start, m.size);

	CHECK_FAILS(EINVAL, -1, write(m.fd, bytes, 1));
	CHECK_FAILS(EINVAL, -1, write(m.fd, bytes, page_size()));
	CHECK_FAILS(EINVAL, -1, pwrite(m.fd, bytes, 1, (off_t)huge_page_size()));
	CHECK_FAILS(EINVAL, -1, pwrite(m.fd, bytes, 1, (off_t)m.size));

	CHECK_PATTERN(1, m.start, m.size);
	CHECK_EQ(m.size, size_of(m.fd));
}

CASE(read_ok, DOCUMENTED, "read() gives the content of an object of huge pages up to its end", HUGE_PAGES_DOCUMENT,
    NEEDS_HUGE_PAGES(2))
{
	const size_t huge = huge_page_size();
	const size_t half = 2 * page_size();
	struct memory m = huge_memfd_memory(2 * huge);
	char *buffer = map_anonymous(2 * half, MAP_PRIVATE);
	pattern_store(1, m.start, huge); /* nobody has touched the other page */

	CHECK_EQ(2 * half, pread(m.fd, buffer, 2 * half, (off_t)(huge - half)));
	CHECK_PATTERN_FROM(1, huge - half, buffer, half);
	CHECK_BYTES(0, buffer + half, half);
	CHECK_EQ(half, pread(m.fd, buffer, 2 * half, (off_t)(m.size - half)));
	CHECK_EQ(0, pread(m.fd, buffer, 1, (off_t)m.size));
}

CASE(shrink, DOCUMENTED,
    "After ftruncate() the huge pages below the new end keep their content, and an access behind it gets SIGBUS",
    "Linux mmap(2)", HUGE_PAGES_DOCUMENT, NEEDS_HUGE_PAGES(3), COVERS("mmap.huge_truncate"))
{
	const size_t huge = huge_page_size();
	struct memory m = huge_memfd_memory(3 * huge);
	pattern_store(1, m.start, m.size);

	for (size_t size = 2 * huge; size > 0; size -= huge) {
		CHECK_SUCCEEDS(ftruncate(m.fd, (off_t)size));

		CHECK_EQ(size, size_of(m.fd));
		CHECK_PATTERN(1, m.start, size);
		CHECK_STORE_OK(m.start + size - 1);
		CHECK_LOAD_FAULTS(SIGBUS, BUS_ADRERR, m.start + size);
		CHECK_STORE_FAULTS(SIGBUS, BUS_ADRERR, m.start + m.size - 1);
	}
}

CASE(grow_zero, DOCUMENTED, "Huge pages that ftruncate() has cut off are zero when it makes the object longer again",
    "Linux truncate(2)", NEEDS_HUGE_PAGES(2))
{
	const size_t huge = huge_page_size();
	struct memory m = huge_memfd_memory(2 * huge);
	pattern_store(1, m.start, m.size);

	CHECK_SUCCEEDS(ftruncate(m.fd, (off_t)huge));
	CHECK_SUCCEEDS(ftruncate(m.fd, (off_t)m.size));

	CHECK_PATTERN(1, m.start, huge);
	CHECK_BYTES(0, m.start + huge, huge);
}

CASE(across_4_gib, DOCUMENTED,
    "Of an object of more than 4 GiB a mapping shows the huge pages on both sides, and ftruncate() to 4 GiB takes the "
    "upper one",
    "Linux mmap(2)", "Linux truncate(2)", NEEDS_64_BIT_OFFSETS, NEEDS_FILES_OF_BYTES(UINT64_C(5) << 30),
    NEEDS_HUGE_PAGES(3), COVERS("mmap.huge_truncate"))
{
	const size_t huge = huge_page_size();
	const off_t border = (off_t)(UINT64_C(4) << 30);
	int fd = huge_memfd(0);
	set_size(fd, border + (off_t)huge);
	char *p = map_huge(NULL, 2 * huge, MAP_SHARED, fd, border - (off_t)huge);
	char *first = map_huge(NULL, huge, MAP_SHARED, fd, 0);
	pattern_store(1, p, 2 * huge);
	CHECK_BYTES(0, first, huge);

	CHECK_SUCCEEDS(ftruncate(fd, border));

	CHECK_PATTERN(1, p, huge);
	CHECK_LOAD_FAULTS(SIGBUS, BUS_ADRERR, p + huge);
	CHECK_SUCCEEDS(ftruncate(fd, border + (off_t)huge));
	CHECK_BYTES(0, p + huge, huge);
	CHECK_PATTERN(1, p, huge);
}

CASE(size_inside_page, OBSERVED,
    "A size inside a huge page is set, or ftruncate() fails with EINVAL and the object stays as it was",
    "Linux truncate(2)", NEEDS_HUGE_PAGES(2))
{
	const size_t huge = huge_page_size();
	struct memory m = huge_memfd_memory(2 * huge);
	pattern_store(1, m.start, m.size);

	errno = 0;
	int error = ftruncate(m.fd, (off_t)(huge + page_size())) == -1 ? errno : 0;

	observed("size-inside-huge-page", "%s", error == 0 ? "set" : errno_name(error));
	if (error == 0) {
		CHECK_EQ(huge + page_size(), size_of(m.fd));
		CHECK_PATTERN(1, m.start, huge + page_size());
	} else {
		CHECK_RETURNS_ERROR(EINVAL, error);
		CHECK_EQ(m.size, size_of(m.fd));
		CHECK_PATTERN(1, m.start, m.size);
	}
}

CASE(more_than_there_can_be, DOCUMENTED,
    "mmap() of more huge pages of an object than there can be fails with ENOMEM, and neither its size nor content "
    "change",
    "Linux mmap(2)", HUGE_PAGES_DOCUMENT, NEEDS_HUGE_PAGES(1), NEEDS_LESS_MEMORY_THAN_ADDRESSES,
    COVERS("memfd.huge_max"))
{
	const size_t huge = huge_page_size();
	const size_t size = huge_pages_above_memory();
	struct memory m = huge_memfd_memory(huge);
	set_size(m.fd, (off_t)size);
	pattern_store(1, m.start, huge);

	CHECK_FAILS(ENOMEM, MAP_FAILED, mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, m.fd, 0));
	CHECK_FAILS(ENOMEM, MAP_FAILED, mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, m.fd, 0));

	CHECK_EQ(size, size_of(m.fd));
	CHECK_PATTERN(1, m.start, huge);
}

/* The base-2 logarithm of a page size stands in the flags from this bit on, memfd_create(2) and mmap(2). */
enum { PAGE_SIZE_SHIFT = 26, LOGARITHMS = 1 << 6 };

static unsigned
size_flags(unsigned logarithm)
{
	return logarithm << PAGE_SIZE_SHIFT;
}

/* Whether /sys/kernel/mm/hugepages says that the system has huge pages of that size. */
static bool
has_size(unsigned logarithm)
{
	char path[64];

	if (logarithm < 10)
		return false;
	snprintf(path, sizeof(path), "/sys/kernel/mm/hugepages/hugepages-%jukB", UINTMAX_C(1) << (logarithm - 10));
	return access(path, F_OK) == 0;
}

static void
need_list_of_sizes(void)
{
	need_kernel_with_huge_pages();
	need(access("/sys/kernel/mm/hugepages", X_OK) == 0, "needs /sys/kernel/mm/hugepages");
}

#define NEEDS_LIST_OF_SIZES NEED("/sys/kernel/mm/hugepages", .ask = need_list_of_sizes)

CASE(sizes, DOCUMENTED,
    "MFD_HUGETLB takes each size of /sys/kernel/mm/hugepages as a logarithm in the flags, and the object has pages of "
    "it",
    "Linux 4.14 memfd_create(2)", "Linux 4.14 mmap(2)", NEEDS_LIST_OF_SIZES, COVERS("memfd.huge_sizes"))
{
	for (unsigned logarithm = 10; logarithm < LOGARITHMS; logarithm++)
		if (has_size(logarithm)) {
			int fd = memfd_create("shmcheck", MFD_CLOEXEC | MFD_HUGETLB | size_flags(logarithm));
			need(fd != -1 || errno != EPERM, "this user may not use huge pages");
			if (CHECK_NE(-1, fd))
				CHECK_EQ(UINTMAX_C(1) << logarithm, (uintmax_t)status_of(fd).st_blksize);
		}
}

CASE(sizes__other, OBSERVED,
    "A size that /sys/kernel/mm/hugepages lacks is refused by memfd_create() and mmap(), with EINVAL or ENODEV",
    "Linux 4.14 memfd_create(2)", "Linux 3.8 mmap(2)", NEEDS_LIST_OF_SIZES, COVERS("memfd.huge_sizes"))
{
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB;
	int by_memfd = 0;
	int by_mmap = 0;

	for (unsigned logarithm = 1; logarithm < LOGARITHMS; logarithm++)
		if (!has_size(logarithm)) {
			const unsigned size = size_flags(logarithm);

			if (CHECK_FAILS_IN(EINVAL, ENODEV, ENODEV, -1, memfd_create("shmcheck", MFD_HUGETLB | size)))
				by_memfd = errno;
			if (CHECK_FAILS_IN(EINVAL, ENODEV, ENODEV, MAP_FAILED,
				mmap(NULL, page_size(), PROT_READ, (int)((unsigned)flags | size), -1, 0)))
				by_mmap = errno;
		}
	observed("other-size-of-object", "%s", errno_name(by_memfd));
	observed("other-size-of-mapping", "%s", errno_name(by_mmap));
}

static void
find_and_store(void *arg)
{
	const struct memory *m = arg;
	int fd = memfd_open_again(m->fd, O_RDWR);
	REQUIRE(fd != -1);

	char *p = map_huge(NULL, m->size, MAP_SHARED, fd, 0);
	CHECK_PATTERN(1, p, m->size);
	pattern_store(2, p, m->size);
}

CASE(opened_again, DOCUMENTED,
    "Another process that opens an object of huge pages by its path in /proc maps the same pages",
    "Linux memfd_create(2)", NEEDS_DESCRIPTORS_IN_PROC, NEEDS_HUGE_PAGES(2))
{
	struct memory m = huge_memfd_memory(2 * huge_page_size());
	pattern_store(1, m.start, m.size);

	in_child(find_and_store, &m);

	CHECK_PATTERN(2, m.start, m.size);
}

CASE(seals, DOCUMENTED,
    "With MFD_ALLOW_SEALING an object of huge pages takes seals: its size stays, and it cannot be mapped for writing",
    "Linux 4.16 memfd_create(2)", NEEDS_SEALS, NEEDS_HUGE_PAGES(2))
{
	const size_t huge = huge_page_size();
	int fd = memfd_create("shmcheck", MFD_CLOEXEC | MFD_HUGETLB | MFD_ALLOW_SEALING);
	need(fd != -1 || errno != EPERM, "this user may not use huge pages");
	REQUIRE(fd != -1);
	set_size(fd, (off_t)huge);
	char *p = map_huge(NULL, huge, MAP_SHARED, fd, 0);
	pattern_store(1, p, huge);

	CHECK_EQ(0, fcntl(fd, F_GET_SEALS));
	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW));
	CHECK_FAILS(EPERM, -1, ftruncate(fd, 0));
	CHECK_FAILS(EPERM, -1, ftruncate(fd, (off_t)(2 * huge)));
	CHECK_FAILS(EBUSY, -1, fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
	CHECK_PATTERN(1, p, huge);
	unmap(p, huge);
	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
	CHECK_FAILS(EPERM, MAP_FAILED, mmap(NULL, huge, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));

	p = mmap(NULL, huge, PROT_READ, MAP_PRIVATE, fd, 0);
	REQUIRE(p != MAP_FAILED);
	CHECK_PATTERN(1, p, huge);
}
