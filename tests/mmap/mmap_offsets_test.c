/* SPDX-License-Identifier: BSD-2-Clause */

/* Offsets and lengths across 2 and 4 GiB, where numbers of 31 and of 32 bits end. What is not touched has no blocks. */

#include <signal.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "instrument.h"
#include "mapping.h"
#include "mapping_deviations.h"
#include "object.h"

INTERFACE(mmap_offsets)

#define POSIX_DESCRIPTION "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION"
#define EVERY_MANUAL \
	"Linux mmap(2)", "FreeBSD mmap(2)", "NetBSD mmap(2)", "OpenBSD mmap(2)", "DragonFly mmap(2)", "macOS mmap(2)", \
	    "illumos mmap(2)"

#define GIB ((uintmax_t)1 << 30)

/* The borders, and one between them, which is negative as a number of 32 bits. */
static const uintmax_t borders[] = { 2 * GIB, 3 * GIB, 4 * GIB };

/* The seed of the pattern of a page, which no other page here has. */
static unsigned char
seed_of(uintmax_t offset)
{
	return (unsigned char)('A' + offset / GIB * 2 + (offset % GIB == 0 ? 1 : 0));
}

static void
stretch(int fd, uintmax_t size)
{
	int result = ftruncate(fd, (off_t)size);

	need(result == 0, "no file of 4 GiB here: ftruncate() gives %s", errno_name(errno));
}

/* Write the page before each border, the page behind it, and the first page of all. */
static void
write_pages(int fd)
{
	char *page = map_anonymous(page_size(), MAP_PRIVATE);

	for (unsigned i = 0; i <= 2 * nitems(borders); i++) {
		uintmax_t offset = i == 0 ? 0 : borders[(i - 1) / 2] - (i % 2 == 0 ? page_size() : 0);

		pattern_store(seed_of(offset), page, page_size());
		ssize_t put = pwrite(fd, page, page_size(), (off_t)offset);
		need(put != -1, "no file of 4 GiB here: pwrite() gives %s", errno_name(errno));
		REQUIRE(put == (ssize_t)page_size());
	}
}

static void
check_written(int fd, uintmax_t offset, unsigned char seed)
{
	char *page = map_anonymous(page_size(), MAP_PRIVATE);

	CHECK_EQ(page_size(), pread(fd, page, page_size(), (off_t)offset));
	CHECK_PATTERN(seed, page, page_size());
}

/* Windows of two pages, one on each side of a border. */
static void
check_windows(int fd)
{
	write_pages(fd);
	for (unsigned i = 0; i < nitems(borders); i++) {
		uintmax_t before = borders[i] - page_size();
		char *p = mmap(NULL, 2 * page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)before);
		char *private = mmap(NULL, 2 * page_size(), PROT_READ, MAP_PRIVATE, fd, (off_t)before);
		REQUIRE(p != MAP_FAILED);
		REQUIRE(private != MAP_FAILED);

		CHECK_PATTERN(seed_of(before), p, page_size());
		CHECK_PATTERN(seed_of(borders[i]), &p[page_size()], page_size());
		CHECK_PATTERN(seed_of(before), private, page_size());
		CHECK_PATTERN(seed_of(borders[i]), &private[page_size()], page_size());

		pattern_store('s', p, page_size());
		pattern_store('t', &p[page_size()], page_size());
		CHECK_SUCCEEDS(msync(p, 2 * page_size(), MS_SYNC));
		check_written(fd, before, 's');
		check_written(fd, borders[i], 't');
		check_written(fd, 0, seed_of(0)); /* where a number that is cut to 32 bits would lead */
	}
}

#define NEEDS_FILES_ABOVE_4_GIB NEEDS_64_BIT_OFFSETS, NEEDS_FILES_OF_BYTES(4 * GIB + 65536)

CASE(across_borders__file, SHALL,
    "Pages at offsets on both sides of 2, 3 and 4 GiB show their own bytes of the file, and stores go there",
    POSIX_DESCRIPTION, EVERY_MANUAL, NEEDS_FILES_ABOVE_4_GIB, COVERS("mmap.offset_4g mmap.offset_sign"))
{
	check_windows(nameless_file(0));
}

CASE(across_borders__object, SHALL,
    "Pages at offsets on both sides of 2, 3 and 4 GiB show their own bytes of the object, and stores go there",
    POSIX_DESCRIPTION, EVERY_MANUAL, NEEDS_FILES_ABOVE_4_GIB, NEEDS_OBJECTS_AS_FILES)
{
	struct object o = object_create(0);

	stretch(o.fd, 4 * GIB + page_size());
	check_windows(o.fd);
}

CASE(last_page_of_31_bits, SHALL, "The last page below 2 GiB can be mapped, up to the last byte that a long can count",
    POSIX_DESCRIPTION, EVERY_MANUAL, NEEDS_FILES_OF_BYTES(2 * GIB - 1))
{
	const off_t size = (off_t)(2 * GIB - 1);
	const off_t offset = (off_t)(2 * GIB - page_size());
	int fd = nameless_file(0);
	stretch(fd, (uintmax_t)size);

	char *p = mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);
	REQUIRE(p != MAP_FAILED);
	CHECK_BYTES(0, p, page_size());
	pattern_store('l', p, page_size() - 1);
	CHECK_SUCCEEDS(msync(p, page_size(), MS_SYNC));

	char *page = map_anonymous(page_size(), MAP_PRIVATE);
	CHECK_EQ(page_size() - 1, pread(fd, page, page_size(), offset));
	CHECK_PATTERN('l', page, page_size() - 1);
	CHECK_EQ(size, size_of(fd));
}

/* Store another pattern in the first and last page, and on both sides of each border. */
static void
store_in_pages(char *p, uintmax_t size)
{
	pattern_store('f', p, page_size());
	for (unsigned i = 0; i < nitems(borders); i++) {
		pattern_store(seed_of(borders[i] - page_size()), &p[borders[i] - page_size()], page_size());
		pattern_store(seed_of(borders[i]), &p[borders[i]], page_size());
	}
	pattern_store('l', &p[size - page_size()], page_size());
}

static void
check_pages(const char *p, uintmax_t size)
{
	CHECK_PATTERN('f', p, page_size());
	for (unsigned i = 0; i < nitems(borders); i++) {
		CHECK_PATTERN(seed_of(borders[i] - page_size()), &p[borders[i] - page_size()], page_size());
		CHECK_PATTERN(seed_of(borders[i]), &p[borders[i]], page_size());
	}
	CHECK_PATTERN('l', &p[size - page_size()], page_size());
}

/* A part across 4 GiB is protected, a part across 2 GiB is unmapped. What is beside them stays as it was. */
static void
change_parts(char *p, uintmax_t size)
{
	char *two = p + (size_t)(2 * GIB);
	char *four = p + (size_t)(4 * GIB);

	CHECK_SUCCEEDS(mprotect(four - page_size(), 2 * page_size(), PROT_READ));
	CHECK(store_is_refused(four - page_size()));
	CHECK(store_is_refused(four));
	CHECK_STORE_OK(four - page_size() - 1);
	CHECK_STORE_OK(four + page_size());
	check_pages(p, size);

	CHECK_SUCCEEDS(munmap(two - page_size(), 2 * page_size()));
	CHECK_UNMAPPED(two - page_size(), 2 * page_size());
	CHECK_STORE_OK(two - page_size() - 1);
	CHECK_STORE_OK(two + page_size());
	CHECK_SUCCEEDS(munmap(two + page_size(), (size_t)(size - 2 * GIB) - page_size()));
	CHECK_UNMAPPED(four - page_size(), 2 * page_size());
	CHECK_PATTERN('f', p, page_size());
	CHECK_SUCCEEDS(munmap(p, (size_t)(2 * GIB)));
}

#define NEEDS_LONG_RANGES \
	NEEDS_64_BIT_ADDRESSES, NEEDS_ADDRESSES(5 * GIB), NEEDS_NO_INSTRUMENT(THREAD_SANITIZER | VALGRIND)

CASE(longer_than_4_gib__file, SHALL, "A mapping of a file that is longer than 4 GiB shows each byte in its place",
    POSIX_DESCRIPTION, EVERY_MANUAL, NEEDS_FILES_ABOVE_4_GIB, NEEDS_LONG_RANGES)
{
	const uintmax_t size = 4 * GIB + 2 * page_size();
	int fd = nameless_file(0);
	stretch(fd, size);

	char *p = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	REQUIRE(p != MAP_FAILED);
	store_in_pages(p, size);

	check_pages(p, size);
	CHECK_SUCCEEDS(msync(p, (size_t)size, MS_SYNC));
	check_written(fd, 2 * GIB, seed_of(2 * GIB));
	check_written(fd, 4 * GIB, seed_of(4 * GIB));
	check_written(fd, size - page_size(), 'l');
	change_parts(p, size);
}

CASE(longer_than_4_gib__object, SHALL, "A mapping of an object that is longer than 4 GiB shows each byte in its place",
    POSIX_DESCRIPTION, EVERY_MANUAL, NEEDS_FILES_ABOVE_4_GIB, NEEDS_LONG_RANGES, NEEDS_OBJECTS)
{
	const uintmax_t size = 4 * GIB + 2 * page_size();
	struct object o = object_create(0);
	stretch(o.fd, size);

	char *p = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, o.fd, 0);
	REQUIRE(p != MAP_FAILED);
	store_in_pages(p, size);

	check_pages(p, size);
	char *far = mmap(NULL, 2 * page_size(), PROT_READ, MAP_SHARED, o.fd, (off_t)(4 * GIB));
	REQUIRE(far != MAP_FAILED);
	CHECK_PATTERN(seed_of(4 * GIB), far, page_size());
	CHECK_PATTERN('l', &far[page_size()], page_size());
	change_parts(p, size);
}

static void
map_much_memory(int sharing)
{
	const uintmax_t size = 4 * GIB + 2 * page_size();
	const int flags = sharing | MAP_ANONYMOUS | MAP_NORESERVE;

	char *p = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, flags, -1, 0);
	need(p != MAP_FAILED, "needs 4 GiB of memory that is not used: mmap() gives %s", errno_name(errno));
	store_in_pages(p, size);

	check_pages(p, size);
	change_parts(p, size);
}

CASE(longer_than_4_gib__anonymous, SHALL, "Anonymous memory longer than 4 GiB is other memory in each page",
    POSIX_DESCRIPTION, EVERY_MANUAL, NEEDS_LONG_RANGES)
{
	map_much_memory(MAP_SHARED);
	map_much_memory(MAP_PRIVATE);
}

CASE(largest_offset, MAY,
    "A page at the largest offset can be mapped, which is far behind the "
    "end of the file, or mmap() fails with ENXIO, EINVAL or EOVERFLOW",
    "POSIX.1-2017 mmap() ERRORS", "POSIX.1-2024 mmap() ERRORS", COVERS("mmap.max_offset_ok"))
{
	const off_t maximum = (((off_t)1 << (8 * sizeof(off_t) - 2)) - 1) * 2 + 1;
	const off_t offset = maximum - maximum % (off_t)page_size() - (off_t)page_size();
	int fd = nameless_file(page_size());

	errno = 0;
	char *p = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, offset);
	int error = errno;

	observed("largest-offset", "%s", p == MAP_FAILED ? errno_name(error) : "maps");
	if (p == MAP_FAILED) {
		CHECK(error == ENXIO || error == EINVAL || error == EOVERFLOW);
		return;
	}
	int signal = fault_of_load(p).signal;
	behind_end_deviates(fd, &signal, 1);
	CHECK_EQ(SIGBUS, signal);
	CHECK_EQ(page_size(), size_of(fd));
}
