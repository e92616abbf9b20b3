/* SPDX-License-Identifier: BSD-2-Clause */

/* The size of a POSIX shared memory object, and what its bytes are when it grows and shrinks. */

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <sys/resource.h>
#include <sys/stat.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "mapping_deviations.h"
#include "object.h"
#include "process.h"
#include "program.h"

INTERFACE(shm_object, NEEDS_OBJECTS)

#define MACOS_ONCE "an object can be given a size once only"
#define MACOS_SIZE "macOS bsd/kern/posix_shm.c pshm_truncate()"
#define MACOS_MORE "a mapping may not be larger than the object"
#define MACOS_MMAP "macOS bsd/kern/posix_shm.c pshm_mmap()"

/* A page is thrown away with what was stored in it but had not come to the file. */
#define OPENBSD_LOST   "the page with the new, smaller end loses what was stored by a mapping"
#define OPENBSD_SOURCE "OpenBSD sys/uvm/uvm_vnode.c uvm_vnp_setsize()"

CASE(ftruncate_sets_size, SHALL,
    "ftruncate() sets the size of an object to exactly this length, larger or smaller, any number of times",
    "POSIX.1-2017 ftruncate() DESCRIPTION", "Linux shm_overview(7)", "FreeBSD shm_open(2)", "Linux truncate(2)",
    "NetBSD shm_open(3)", "FreeBSD truncate(2)", "NetBSD truncate(2)", "OpenBSD truncate(2)", "DragonFly truncate(2)",
    "macOS truncate(2)", "illumos truncate(3C)", COVERS("ftruncate.shm_size ftruncate.shm_once ftruncate.size"))
{
	const off_t page = (off_t)page_size();
	struct object o = object_create(0);
	/* NetBSD reserves memory for a size. */
	const off_t large = (has_room(o.fd, 1000 * page_size()) ? 1000 : PAGES_OF_CASE) * page;
	const off_t sizes[] = { 1, page - 1, page, page + 1, 3 * page, 3 * page, 2 * page, 7, 0, 1, large };
	int other = object_open(&o, O_RDONLY);

	known_defect(MACOS, "", MACOS_ONCE ", and is rounded up to whole pages", MACOS_SIZE);
	for (size_t i = 0; i < nitems(sizes); i++) {
		CHECK_SUCCEEDS(ftruncate(o.fd, sizes[i]));
		CHECK_EQ(sizes[i], size_of(o.fd));
		CHECK_EQ(sizes[i], size_of(other));
	}
}

CASE(growth_zero_filled, SHALL, "When an object grows, the new bytes read as zero and the old ones stay",
    "POSIX.1-2017 ftruncate() DESCRIPTION", "Linux shm_open(3)", "Linux truncate(2)", "FreeBSD truncate(2)",
    "NetBSD truncate(2)", "OpenBSD truncate(2)", "DragonFly truncate(2)", "macOS truncate(2)", "illumos truncate(3C)")
{
	const size_t page = page_size();
	struct object o = object_create(page);
	char *p = map_shared(o.fd, page);
	pattern_store(1, p, page);

	known_defect(MACOS, "", MACOS_ONCE, MACOS_SIZE);
	REQUIRE(ftruncate(o.fd, (off_t)(3 * page)) == 0);

	char *whole = map_shared(o.fd, 3 * page);
	CHECK_PATTERN(1, whole, page);
	CHECK_BYTES(0, &whole[page], 2 * page);
	CHECK_PATTERN(1, p, page);
}

CASE(growth_zero_filled__inside_page, SHALL,
    "When an object grows inside its last page, the new bytes read as zero and the old ones stay",
    "POSIX.1-2017 ftruncate() DESCRIPTION", "Linux shm_open(3)", "Linux truncate(2)", "FreeBSD truncate(2)",
    "NetBSD truncate(2)", "OpenBSD truncate(2)", "DragonFly truncate(2)", "macOS truncate(2)", "illumos truncate(3C)")
{
	struct object o = object_create(10);
	char *p = map_shared(o.fd, page_size());
	pattern_store(1, p, 10);

	known_defect(MACOS, "", MACOS_ONCE, MACOS_SIZE);
	REQUIRE(ftruncate(o.fd, 100) == 0);

	CHECK_PATTERN(1, p, 10);
	CHECK_BYTES(0, &p[10], 90);
}

CASE(growth_zero_filled__after_reuse, SHALL,
    "A new object reads as zero, although its memory may have been that of an object before",
    "POSIX.1-2017 ftruncate() DESCRIPTION", "Linux shm_open(3)")
{
	const size_t size = 64 * page_size();

	for (int i = 0; i < 8; i++) {
		struct object o = object_create(size);
		char *p = map_shared(o.fd, size);

		CHECK_BYTES(0, p, size);
		pattern_store((unsigned char)(i + 1), p, size);
		unmap(p, size);
		close(o.fd);
		object_unlink(&o);
	}
}

CASE(shrink_discards, SHALL,
    "When an object shrinks, the pages behind its new end are discarded: they read as zero when it grows again",
    "POSIX.1-2017 ftruncate() DESCRIPTION", "Linux truncate(2)", "FreeBSD truncate(2)", "NetBSD truncate(2)",
    "OpenBSD truncate(2)", "DragonFly truncate(2)", "macOS truncate(2)", "illumos truncate(3C)",
    COVERS("ftruncate.down_up_zero ftruncate.down_up_zero_dirty ftruncate.shm_regrow_zero"))
{
	const size_t page = page_size();
	struct object o = object_create(3 * page);
	char *p = map_shared(o.fd, 3 * page);
	pattern_store(1, p, 3 * page);

	known_defect(MACOS, "", MACOS_ONCE, MACOS_SIZE);
	CHECK_SUCCEEDS(ftruncate(o.fd, (off_t)page));
	CHECK_SUCCEEDS(ftruncate(o.fd, (off_t)(3 * page)));

	CHECK_PATTERN(1, p, page);
	CHECK_BYTES(0, &p[page], 2 * page);
	char *again = map_shared(o.fd, 3 * page);
	CHECK_PATTERN(1, again, page);
	CHECK_BYTES(0, &again[page], 2 * page);
}

CASE(shrink_partial_page_zero, SHALL,
    "When an object shrinks and grows again, the bytes from its smaller end to the end of that page read as zero",
    "POSIX.1-2017 ftruncate() DESCRIPTION", "Linux truncate(2)", "FreeBSD truncate(2)", "NetBSD truncate(2)",
    "OpenBSD truncate(2)", "DragonFly truncate(2)", "macOS truncate(2)", "illumos truncate(3C)", COVERS("BS69"))
{
	struct object o = object_create(page_size());
	char *p = map_shared(o.fd, page_size());
	pattern_store(1, p, page_size());

	known_defect(MACOS, "", MACOS_ONCE, MACOS_SIZE);
	CHECK_SUCCEEDS(ftruncate(o.fd, 10));
	CHECK_SUCCEEDS(ftruncate(o.fd, (off_t)page_size()));

	known_defect(OPENBSD, "", OPENBSD_LOST, OPENBSD_SOURCE);
	CHECK_PATTERN(1, p, 10);
	CHECK_BYTES(0, &p[10], page_size() - 10);
}

CASE(write_past_end_in_page, OBSERVED,
    "A byte that is stored in the last page behind the end of an object does not change its size, and stays or is lost",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2) BUGS")
{
	struct object o = object_create(100);
	char *p = map_shared(o.fd, 100);

	p[200] = 'x';
	char *other = map_shared(o.fd, 100);
	observed("byte-behind-the-end-in-another-mapping", "%s", other[200] == 0 ? "zero" : "kept");
	CHECK(other[200] == 0 || other[200] == 'x');
	off_t size = size_of(o.fd);

	if (ftruncate(o.fd, 300) == 0)
		observed("byte-behind-the-end-when-the-object-has-grown", "%s", p[200] == 0 ? "zero" : "kept");
	CHECK(p[200] == 0 || p[200] == 'x');
	CHECK_BYTES(0, p, 200);
	CHECK_BYTES(0, &p[201], 99);
	known_defect(MACOS, "", "a size is rounded up to whole pages", MACOS_SIZE);
	CHECK_EQ(100, size);
}

CASE(sigbus_after_shrink, SHALL,
    "When an object shrinks, an access to a page behind its new end raises SIGBUS, and accesses before the end work",
    "POSIX.1-2017 ftruncate() DESCRIPTION", "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION",
    COVERS("ftruncate.shrink_sigbus_read ftruncate.shrink_sigbus_write ftruncate.shm_shrink_sigbus"),
    COVERS("ftruncate.keeps_dirty"))
{
	const size_t page = page_size();
	struct object o = object_create(4 * page);
	char *p = map_shared(o.fd, 4 * page);
	pattern_store(1, p, 3 * page); /* the last one is not touched */

	known_defect(MACOS, "", MACOS_ONCE, MACOS_SIZE);
	CHECK_SUCCEEDS(ftruncate(o.fd, (off_t)(page + 1)));

	known_defect(OPENBSD, "", OPENBSD_LOST, OPENBSD_SOURCE);
	CHECK_PATTERN(1, p, page + 1);
	CHECK_STORE_OK(&p[page]);
	int signals[4];
	for (size_t i = 0; i < 2; i++) {
		signals[2 * i] = fault_of_load(&p[(i + 2) * page]).signal;
		signals[2 * i + 1] = fault_of_store(&p[(i + 3) * page - 1], 'x').signal;
	}
	behind_end_deviates(o.fd, signals, 4);
	for (size_t i = 0; i < 4; i++)
		CHECK_EQ(SIGBUS, signals[i]);
}

PROGRAM(shrinks_to_one_page)
{
	int fd = shm_open(argv[1], O_RDWR, 0);

	REQUIRE(fd != -1);
	CHECK_SUCCEEDS(ftruncate(fd, (off_t)page_size()));
}

CASE(sigbus_after_shrink__other_process, SHALL,
    "When another process shrinks an object, an access to a page behind its new end raises SIGBUS",
    "POSIX.1-2017 ftruncate() DESCRIPTION", "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION")
{
	struct object o = object_create(2 * page_size());
	char *p = map_shared(o.fd, 2 * page_size());
	pattern_store(1, p, 2 * page_size());

	known_defect(MACOS, "", MACOS_ONCE, MACOS_SIZE);
	struct child c = program_start("shrinks_to_one_page", o.name);
	child_exits(&c);

	CHECK_PATTERN(1, p, page_size());
	int signal = fault_of_load(&p[page_size()]).signal;
	behind_end_deviates(o.fd, &signal, 1);
	CHECK_EQ(SIGBUS, signal);
}

CASE(growth_makes_mapping_valid, SHALL,
    "A mapping that is made while an object is empty works in full when the object has grown",
    "POSIX.1-2017 ftruncate() DESCRIPTION", "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION")
{
	const size_t size = 3 * page_size();
	struct object o = object_create(0);

	known_defect(MACOS, "", MACOS_MORE, MACOS_MMAP);
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, o.fd, 0);
	REQUIRE(p != MAP_FAILED);
	CHECK_SUCCEEDS(ftruncate(o.fd, (off_t)size));

	CHECK_BYTES(0, p, size);
	pattern_store(1, p, size);
	CHECK_PATTERN(1, map_shared(o.fd, size), size);
}

CASE(growth_makes_mapping_valid__after_fault, SHALL,
    "A page of a mapping that raised SIGBUS works when the object has grown over it",
    "POSIX.1-2017 ftruncate() DESCRIPTION", "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION")
{
	struct object o = object_create(page_size());

	known_defect(MACOS, "", MACOS_MORE, MACOS_MMAP);
	char *p = mmap(NULL, 2 * page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, o.fd, 0);
	REQUIRE(p != MAP_FAILED);
	int signal = fault_of_load(&p[page_size()]).signal;
	behind_end_deviates(o.fd, &signal, 1);
	CHECK_EQ(SIGBUS, signal);
	CHECK_SUCCEEDS(ftruncate(o.fd, (off_t)(page_size() + 1)));

	CHECK_STORE_OK(&p[page_size()]);
}

CASE(sigbus_empty_object, SHALL, "An object of size zero can be mapped, and an access to that mapping raises SIGBUS",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION")
{
	struct object o = object_create(0);

	known_defect(MACOS, "", MACOS_MORE, MACOS_MMAP);
	char *p = mmap(NULL, 2 * page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, o.fd, 0);

	REQUIRE(p != MAP_FAILED);
	int signals[] = { fault_of_load(&p[0]).signal, fault_of_store(&p[page_size()], 'x').signal };
	behind_end_deviates(o.fd, signals, 2);
	CHECK_EQ(SIGBUS, signals[0]);
	CHECK_EQ(SIGBUS, signals[1]);
	CHECK_EQ(0, size_of(o.fd));
}

CASE(ftruncate_keeps_offset, DOCUMENTED, "ftruncate() leaves the file offset of an object's descriptors where it is",
    "Linux truncate(2)", "FreeBSD truncate(2)", "macOS truncate(2)", "illumos truncate(3C)",
    COVERS("ftruncate.grow_zero"))
{
	struct object o = object_create(2 * page_size());
	off_t offset = (off_t)page_size() + 5;
	off_t at = lseek(o.fd, offset, SEEK_SET);
	need(at == offset, "objects have no offset here: lseek() fails with %s", errno_name(errno));

	CHECK_SUCCEEDS(ftruncate(o.fd, (off_t)(3 * page_size())));
	CHECK_EQ(offset, lseek(o.fd, 0, SEEK_CUR));

	CHECK_SUCCEEDS(ftruncate(o.fd, 1));
	CHECK_EQ(offset, lseek(o.fd, 0, SEEK_CUR));
}

CASE(ftruncate_marks_modification, DOCUMENTED,
    "ftruncate() that changes the size of an object marks its modification time", "Linux truncate(2)",
    "illumos truncate(3C)")
{
	static const off_t sizes[] = { 10, 5 };
	const struct timespec long_ago[2] = { { .tv_sec = 1000000 }, { .tv_sec = 1000000 } };
	struct object o = object_create(0);

	for (size_t i = 0; i < nitems(sizes); i++) {
		REQUIRE_SUCCEEDS(futimens(o.fd, long_ago));
		CHECK_SUCCEEDS(ftruncate(o.fd, sizes[i]));
		CHECK_NE(long_ago[1].tv_sec, status_of(o.fd).st_mtime);
	}
}

CASE(einval_negative, SHALL, "A negative size fails with EINVAL, and the size and the data stay",
    "POSIX.1-2017 ftruncate() ERRORS", "Linux truncate(2)", "OpenBSD truncate(2)", "macOS truncate(2)",
    "illumos truncate(3C)", COVERS("BS62"))
{
	struct object o = object_create(2 * page_size());
	char *p = map_shared(o.fd, 2 * page_size());
	pattern_store(1, p, 2 * page_size());

	CHECK_FAILS(EINVAL, -1, ftruncate(o.fd, -1));
	CHECK_FAILS(EINVAL, -1, ftruncate(o.fd, -(off_t)page_size()));

	CHECK_EQ(2 * page_size(), size_of(o.fd));
	CHECK_PATTERN(1, p, 2 * page_size());
}

CASE(readonly_descriptor, SHALL,
    "ftruncate() by a descriptor opened with O_RDONLY fails with EBADF or EINVAL, and the size and the data stay",
    "POSIX.1-2017 ftruncate() ERRORS", CHOICE("Linux truncate(2)", "ftruncate-by-reading-descriptor", "EINVAL"),
    CHOICE("FreeBSD truncate(2)", "ftruncate-by-reading-descriptor", "EINVAL"),
    CHOICE("NetBSD truncate(2)", "ftruncate-by-reading-descriptor", "EINVAL"),
    CHOICE("OpenBSD truncate(2)", "ftruncate-by-reading-descriptor", "EINVAL"),
    CHOICE("DragonFly truncate(2)", "ftruncate-by-reading-descriptor", "EINVAL"),
    CHOICE("macOS truncate(2)", "ftruncate-by-reading-descriptor", "EBADF or EINVAL"),
    CHOICE("illumos truncate(3C)", "ftruncate-by-reading-descriptor", "EBADF or EINVAL"),
    COVERS("shm_open.rdonly_no_truncate ftruncate.rdonly BS64"))
{
	struct object o = object_create(2 * page_size());
	char *p = map_shared(o.fd, 2 * page_size());
	pattern_store(1, p, 2 * page_size());
	int fd = object_open(&o, O_RDONLY);

	CHECK_FAILS_IN(EBADF, EINVAL, 0, -1, ftruncate(fd, 0));
	observed("ftruncate-by-reading-descriptor", "%s", errno_name(errno));
	CHECK_FAILS_IN(EBADF, EINVAL, 0, -1, ftruncate(fd, (off_t)(3 * page_size())));
	observed("ftruncate-by-reading-descriptor", "%s", errno_name(errno));

	CHECK_EQ(2 * page_size(), size_of(o.fd));
	CHECK_PATTERN(1, p, 2 * page_size());
}

CASE(readonly_descriptor__new_object, SHALL,
    "ftruncate() by a descriptor opened with O_RDONLY fails for a new object too, whose size stays zero",
    "POSIX.1-2017 ftruncate() ERRORS")
{
	struct object o = object_create(0);
	int fd = object_open(&o, O_RDONLY);

	known_defect(MACOS, "", "a descriptor opened with O_RDONLY can size an object", MACOS_SIZE);
	CHECK_FAILS_IN(EBADF, EINVAL, 0, -1, ftruncate(fd, (off_t)page_size()));

	CHECK_EQ(0, size_of(o.fd));
}
