/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * fallocate() of Linux and fspacectl() of FreeBSD: memory of a POSIX shared memory object that is reserved and given back
 * without a new size.
 */

#include <fcntl.h>
#include <unistd.h>

#include "case.h"
#include "huge_pages.h"
#include "mapping.h"
#include "object.h"
#include "platform/fcntl.h"
#include "platform/memfd.h"

INTERFACE(shm_object, NEEDS_OBJECTS)

CASE(fallocate_punches_hole, DOCUMENTED,
    "FALLOC_FL_PUNCH_HOLE makes the bytes of its range zero, in parts of pages too, and leaves the others and the size",
    "Linux 3.5 fallocate(2)", COVERS("fallocate.mapped_punch"))
{
	const size_t page = page_size();
	const size_t start = page - 10;
	const size_t length = page + 20;
	struct object o = object_create(4 * page);
	char *p = map_shared(o.fd, 4 * page);
	pattern_store(1, p, 4 * page);

	CHECK_SUCCEEDS(fallocate(o.fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)start, (off_t)length));

	CHECK_EQ(4 * page, size_of(o.fd));
	CHECK_PATTERN(1, p, start);
	CHECK_BYTES(0, &p[start], length);
	CHECK_PATTERN_FROM(1, start + length, &p[start + length], 4 * page - start - length);
	CHECK_BYTES(0, content_of(o.fd, start + length) + start, length);
}

CASE(fallocate_punches_hole__stored_again, DOCUMENTED,
    "A page where FALLOC_FL_PUNCH_HOLE has made a hole can be stored to, by a mapping that was there before",
    "Linux 3.5 fallocate(2)")
{
	const size_t page = page_size();
	struct object o = object_create(2 * page);
	char *p = map_shared(o.fd, 2 * page);
	pattern_store(1, p, 2 * page);
	REQUIRE_SUCCEEDS(fallocate(o.fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)page, (off_t)page));

	p[page] = 'n';

	char *other = map_shared(o.fd, 2 * page);
	CHECK_EQ('n', other[page]);
	CHECK_BYTES(0, &other[page + 1], page - 1);
}

CASE(fallocate_keeps_size, DOCUMENTED,
    "FALLOC_FL_KEEP_SIZE leaves the size of an object, whose new bytes are zero when it grows",
    "Linux 2.6.38 fallocate(2)")
{
	const size_t page = page_size();
	struct object o = object_create(page);
	char *p = map_shared(o.fd, page);
	pattern_store(1, p, page);

	CHECK_SUCCEEDS(fallocate(o.fd, FALLOC_FL_KEEP_SIZE, 0, (off_t)(3 * page)));

	CHECK_EQ(page, size_of(o.fd));
	CHECK_PATTERN(1, p, page);
	CHECK_SUCCEEDS(ftruncate(o.fd, (off_t)(3 * page)));
	CHECK_BYTES(0, (char *)map_shared(o.fd, 3 * page) + page, 2 * page);
}

CASE(fallocate_errors, DOCUMENTED,
    "fallocate() fails with EBADF by a descriptor opened with "
    "O_RDONLY, and with EINVAL for no bytes or a negative offset",
    "Linux fallocate(2)")
{
	struct object o = object_create(page_size());
	int reading = object_open(&o, O_RDONLY);

	CHECK_FAILS(EBADF, -1, fallocate(reading, 0, 0, (off_t)(2 * page_size())));
	CHECK_FAILS(EINVAL, -1, fallocate(o.fd, 0, 0, 0));
	CHECK_FAILS(EINVAL, -1, fallocate(o.fd, 0, -1, (off_t)(2 * page_size())));

	CHECK_EQ(page_size(), size_of(o.fd));
}

CASE(fallocate_of_huge_pages, OBSERVED,
    "fallocate() of an object of huge pages gives it whole huge "
    "pages and makes holes of them, or fails and changes nothing",
    "Linux fallocate(2)", NEEDS_FILES_OF_BYTES(UINT64_C(1) << 30), NEEDS_HUGE_PAGES(2), COVERS("fallocate.huge"))
{
	const size_t huge = huge_page_size();
	int fd = memfd_create("shmcheck", MFD_HUGETLB);
	need(fd != -1, "no object of huge pages: memfd_create() fails with %s", errno_name(errno));

	int result = fallocate(fd, 0, 0, (off_t)(2 * huge));
	observed("fallocate-of-huge-pages", "%s", result == 0 ? "works" : errno_name(errno));
	CHECK_EQ(result == 0 ? 2 * huge : 0, size_of(fd));
	need(result == 0, "no huge pages for the object");
	char *p = map_shared(fd, 2 * huge);
	CHECK_BYTES(0, p, 2 * huge);
	pattern_store(1, p, 2 * huge);

	result = fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)huge, (off_t)huge);
	observed("hole-of-a-huge-page", "%s", result == 0 ? "works" : errno_name(errno));
	CHECK_EQ(2 * huge, size_of(fd));
	CHECK_PATTERN(1, p, huge);
	if (result == 0)
		CHECK_BYTES(0, &p[huge], huge);
	else
		CHECK_PATTERN_FROM(1, huge, &p[huge], huge);
}

CASE(fspacectl_zeroes, DOCUMENTED,
    "SPACECTL_DEALLOC makes the bytes of its range zero, whole pages and parts, and leaves the others and the size",
    "FreeBSD 14.0 fspacectl(2)", COVERS("fspacectl.shm"))
{
	const size_t page = page_size();
	const size_t size = 4 * page;
	const struct spacectl_range holes[] = {
		{ (off_t)page, (off_t)page }, { 10, 20 }, { 100, (off_t)(2 * page + 5) },
		{ (off_t)(3 * page + 7), (off_t)(2 * page) }, /* over the end */
	};

	for (size_t i = 0; i < nitems(holes); i++) {
		const size_t start = (size_t)holes[i].r_offset;
		const size_t behind = start + (size_t)holes[i].r_len;
		const size_t end = behind < size ? behind : size;
		struct spacectl_range rest = { -1, -1 };
		struct object o = object_create(size);
		char *p = map_shared(o.fd, size);
		pattern_store(1, p, size);

		CHECK_SUCCEEDS(fspacectl(o.fd, SPACECTL_DEALLOC, &holes[i], 0, &rest));

		CHECK_EQ(0, rest.r_len);
		CHECK_EQ(end, rest.r_offset);
		CHECK_EQ(size, size_of(o.fd));
		CHECK_PATTERN(1, p, start);
		CHECK_BYTES(0, &p[start], end - start);
		CHECK_PATTERN_FROM(1, end, &p[end], size - end);
	}
}

CASE(fspacectl_errors, DOCUMENTED,
    "fspacectl() fails with EBADF by a descriptor opened with O_RDONLY, and "
    "with EINVAL for no bytes, a negative offset, an unknown command or flag",
    "FreeBSD 14.0 fspacectl(2)")
{
	const struct spacectl_range page = { 0, (off_t)page_size() };
	struct object o = object_create(page_size());
	char *p = map_shared(o.fd, page_size());
	pattern_store(1, p, page_size());

	CHECK_FAILS(EBADF, -1, fspacectl(object_open(&o, O_RDONLY), SPACECTL_DEALLOC, &page, 0, NULL));
	CHECK_FAILS(EINVAL, -1, fspacectl(o.fd, SPACECTL_DEALLOC, &(struct spacectl_range){ 0, 0 }, 0, NULL));
	CHECK_FAILS(EINVAL, -1, fspacectl(o.fd, SPACECTL_DEALLOC, &(struct spacectl_range){ -1, 2 }, 0, NULL));
	CHECK_FAILS(EINVAL, -1, fspacectl(o.fd, -1, &page, 0, NULL));
	CHECK_FAILS(EINVAL, -1, fspacectl(o.fd, SPACECTL_DEALLOC, &page, 1, NULL));

	CHECK_PATTERN(1, p, page_size());
}
