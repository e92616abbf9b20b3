/* SPDX-License-Identifier: BSD-2-Clause */

/* Where mmap() places a mapping and what part of the file it shows: addresses, lengths, offsets. */

#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "mapping_deviations.h"
#include "object.h"

INTERFACE(mmap)

/* The sentences that the manuals of all platforms have. */
#define EVERY_MANUAL \
	"Linux mmap(2)", "FreeBSD mmap(2)", "NetBSD mmap(2)", "OpenBSD mmap(2)", "DragonFly mmap(2)", "macOS mmap(2)", \
	    "illumos mmap(2)"

CASE(returns_address, SHALL, "mmap() returns the start of the mapping, a multiple of the page size",
    "POSIX.1-2017 mmap() RETURN VALUE", "POSIX.1-2024 mmap() RETURN VALUE", EVERY_MANUAL,
    COVERS("mmap.returns_addr mmap.rw"))
{
	const size_t lengths[] = { 1, page_size() - 1, page_size(), page_size() + 1, 3 * page_size() };
	int fd = nameless_file(3 * page_size());

	for (unsigned i = 0; i < 5; i++) {
		char *file = mmap(NULL, lengths[i], PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		char *memory = mmap(NULL, lengths[i], PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		REQUIRE(file != MAP_FAILED);
		REQUIRE(memory != MAP_FAILED);
		CHECK_EQ(0, (uintptr_t)file % page_size());
		CHECK_EQ(0, (uintptr_t)memory % page_size());
		CHECK_STORE_OK(&file[0]);
		CHECK_STORE_OK(&file[lengths[i] - 1]);
		CHECK_STORE_OK(&memory[0]);
		CHECK_STORE_OK(&memory[lengths[i] - 1]);
	}
}

CASE(never_address_zero, SHALL,
    "mmap() with a null address chooses an address that is not zero and where nothing else is mapped",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "illumos mmap(2)",
    NEEDS_WRITABLE_PAGES(64), COVERS("mmap.never_zero"))
{
	enum { COUNT = 32 };
	char *page[COUNT];

	for (int i = 0; i < COUNT; i++) {
		page[i] = mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		REQUIRE(page[i] != MAP_FAILED);
		REQUIRE(page[i] != NULL);
		CHECK_BYTES(0, page[i], page_size());
		memset(page[i], i + 1, page_size());
	}

	for (int i = 0; i < COUNT; i++)
		CHECK_BYTES(i + 1, page[i], page_size());
}

CASE(partial_page_rounded, SHALL, "mmap() with a length that ends inside a page maps the whole page",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", EVERY_MANUAL,
    COVERS("mmap.small_len mmap.read_rw_shared"))
{
	int fd = nameless_file_with_pattern(2);

	char *one = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	char *two = mmap(NULL, page_size() + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	REQUIRE(one != MAP_FAILED);
	REQUIRE(two != MAP_FAILED);

	CHECK_PATTERN('f', one, page_size());
	CHECK_STORE_OK(&one[page_size() - 1]);
	if (CHECK_STORE_OK(&two[2 * page_size() - 1]))
		CHECK_PATTERN('f', two, 2 * page_size());
}

CASE(length_beyond_eof_ok__file, SHALL, "mmap() maps a range that reaches behind the end of the file",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "FreeBSD mmap(2)", "illumos mmap(2)",
    COVERS("mmap.overlong_ok_before_eof"))
{
	int fd = nameless_file_with_pattern(1);

	char *p = mmap(NULL, 4 * page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	REQUIRE(p != MAP_FAILED);

	if (CHECK_STORE_OK(&p[page_size() - 1]))
		CHECK_PATTERN('f', p, page_size());
	CHECK_EQ(page_size(), size_of(fd));
}

CASE(length_beyond_eof_ok__empty_file, SHALL, "mmap() maps a range that reaches behind the end of the file",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "FreeBSD mmap(2)", "illumos mmap(2)")
{
	int fd = nameless_file(0);

	CHECK_NE(MAP_FAILED, mmap(NULL, 2 * page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	CHECK_NE(MAP_FAILED, mmap(NULL, 2 * page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0));
	CHECK_EQ(0, size_of(fd));
}

CASE(length_beyond_eof_ok__object, SHALL, "mmap() maps a range that reaches behind the end of the object",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "FreeBSD mmap(2)", "illumos mmap(2)",
    NEEDS_OBJECTS)
{
	int fd = object_create(page_size()).fd;

	known_defect(MACOS, "", "a range that is larger than the object fails with EINVAL",
	    "macOS bsd/kern/posix_shm.c pshm_mmap()");
	char *p = mmap(NULL, 4 * page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK_NE(MAP_FAILED, p);

	if (p != MAP_FAILED)
		CHECK_STORE_OK(&p[page_size() - 1]);
}

CASE(different_offsets, SHALL, "The mapping starts at the byte of the file that the offset names",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", EVERY_MANUAL, COVERS("mmap.offset"))
{
	int fd = nameless_file_with_pattern(4);

	for (unsigned page = 0; page < 4; page++) {
		size_t at = page * page_size();
		char *p = mmap(NULL, 4 * page_size() - at, PROT_READ, MAP_SHARED, fd, (off_t)at);
		char *q = mmap(NULL, 1, PROT_READ, MAP_PRIVATE, fd, (off_t)at);

		REQUIRE(p != MAP_FAILED);
		REQUIRE(q != MAP_FAILED);
		CHECK_PATTERN_FROM('f', at, p, 4 * page_size() - at);
		CHECK_PATTERN_FROM('f', at, q, page_size());
	}
}

CASE(different_offsets__side_by_side, SHALL, "The mapping starts at the byte of the file that the offset names",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", EVERY_MANUAL,
    COVERS("mmap.reversed_neighbours"))
{
	const size_t unit = attach_multiple();
	int fd = nameless_file_with_pattern(4 * unit / page_size());
	char *range = map_aligned(4 * unit);

	for (unsigned i = 0; i < 4; i++) /* the end of the file first */
		REQUIRE(mmap(&range[i * unit], unit, PROT_READ, MAP_FIXED | MAP_SHARED, fd, (off_t)((3 - i) * unit)) !=
		    MAP_FAILED);

	for (unsigned i = 0; i < 4; i++)
		CHECK_PATTERN_FROM('f', (3 - i) * unit, &range[i * unit], unit);
}

CASE(different_offsets__above_4_gib, SHALL, "The mapping starts at the byte of the file that the offset names",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", EVERY_MANUAL, NEEDS_64_BIT_OFFSETS)
{
	int fd = nameless_file_with_pattern(1);
	off_t far = (off_t)UINT32_MAX + 1;
	ssize_t put = pwrite(fd, "far", 4, far); /* what is between the two has no blocks */
	need(put != -1, "no file of 4 GiB here: pwrite() gives %s", errno_name(errno));
	REQUIRE(put == 4);

	char *p = mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, far);
	REQUIRE(p != MAP_FAILED);

	CHECK_EQ(0, strcmp("far", p));
	p[3] = '!';
	char byte = 0;
	CHECK_SUCCEEDS(msync(p, page_size(), MS_SYNC));
	CHECK_EQ(1, pread(fd, &byte, 1, far + 3));
	CHECK_EQ('!', byte);
}

CASE(offset_unaligned, MAY,
    "mmap() at an offset that is no multiple of the page size fails with EINVAL or maps the file from that byte on",
    "POSIX.1-2017 mmap() ERRORS", "POSIX.1-2024 mmap() ERRORS", CHOICE("Linux mmap(2)", "unaligned-offset", "EINVAL"),
    CHOICE("FreeBSD mmap(2)", "unaligned-offset", "maps"), CHOICE("OpenBSD mmap(2)", "unaligned-offset", "maps"),
    CHOICE("DragonFly mmap(2)", "unaligned-offset", "EINVAL"), CHOICE("macOS mmap(2)", "unaligned-offset", "EINVAL"),
    CHOICE("illumos mmap(2)", "unaligned-offset", "EINVAL"), COVERS("mmap.offset_unaligned"))
{
	int fd = nameless_file_with_pattern(2);

	errno = 0;
	char *p = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 1);
	int error = errno;

	if (p == MAP_FAILED)
		CHECK_RETURNS_ERROR(EINVAL, error);
	else
		CHECK_PATTERN_FROM('f', 1, p, page_size());
	known_defect(DRAGONFLY, "", "the offset need not be a multiple of the page size",
	    "DragonFly sys/vm/vm_mmap.c kern_mmap()");
	observed("unaligned-offset", "%s", p == MAP_FAILED ? errno_name(error) : "maps");
}

CASE(offset_negative, MAY,
    "mmap() at a negative offset fails with EINVAL, EOVERFLOW or ENXIO, or gives a mapping without a byte of the file",
    "POSIX.1-2017 mmap() ERRORS", "POSIX.1-2024 mmap() ERRORS", CHOICE("FreeBSD mmap(2)", "negative-offset", "EINVAL"),
    COVERS("mmap.negative_offset"))
{
	int fd = nameless_file_with_pattern(2);

	errno = 0;
	char *p = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, -(off_t)page_size());
	int error = errno;

	if (p == MAP_FAILED)
		CHECK(error == EINVAL || error == EOVERFLOW || error == ENXIO);
	else {
		int signal = fault_of_load(p).signal;

		behind_end_deviates(fd, &signal, 1);
		CHECK_EQ(SIGBUS, signal);
	}
	observed("negative-offset", "%s", p == MAP_FAILED ? errno_name(error) : "maps");
}
