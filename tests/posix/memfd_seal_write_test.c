/* SPDX-License-Identifier: BSD-2-Clause */

/* F_SEAL_WRITE and F_SEAL_FUTURE_WRITE: objects that nobody can change any more. */

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "file.h"
#include "mapping.h"
#include "memfd.h"
#include "object.h"
#include "process.h"

INTERFACE(memfd_create, NEEDS_SEALS, NEEDS_FILES_OF_PAGES(3))

CASE(seal_write_ebusy, DOCUMENTED,
    "F_SEAL_WRITE fails with EBUSY while a shared mapping for writing exists, and works when it is unmapped",
    "Linux 3.17 fcntl(2)", "FreeBSD 13.0 fcntl(2)", COVERS("memfd.seal_write_busy memfd.seal_atomic"))
{
	int fd = memfd_sealable(2 * page_size());
	char *p = map_shared(fd, 2 * page_size());

	CHECK_FAILS(EBUSY, -1, fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
	CHECK_FAILS(EBUSY, -1, fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK));
	CHECK_EQ(0, fcntl(fd, F_GET_SEALS)); /* none of both */
	p[0] = 'x';
	unmap(p, page_size());
	CHECK_FAILS(EBUSY, -1, fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE)); /* half of it is still there */
	unmap(&p[page_size()], page_size());

	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
	CHECK_EQ('x', *(char *)map_private(fd, page_size()));
}

static void
map_and_wait(void *descriptor)
{
	map_shared(*(int *)descriptor, page_size());
	pause_for_parent();
}

CASE(seal_write_ebusy__other_process, DOCUMENTED,
    "F_SEAL_WRITE fails with EBUSY while another process has mapped the object for writing, until it ends",
    "Linux 3.17 fcntl(2)", "FreeBSD 13.0 fcntl(2)")
{
	int fd = memfd_sealable(page_size());
	struct child c = child_start(map_and_wait, &fd);
	child_reaches_pause(&c);

	CHECK_FAILS(EBUSY, -1, fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
	child_goes_on(&c);
	child_exits(&c);

	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
}

CASE(seal_write_ebusy__private, DOCUMENTED,
    "F_SEAL_WRITE works while a private mapping for writing exists, and that mapping stays writable",
    "Linux 3.17 fcntl(2)")
{
	int fd = memfd_sealable(page_size());
	char *p = map_private(fd, page_size());
	p[0] = 'x';

	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));

	CHECK_STORE_OK(p);
	CHECK_EQ('x', p[0]);
}

CASE(seal_write_blocks, DOCUMENTED, "With F_SEAL_WRITE write() fails with EPERM and changes nothing, and read() works",
    "Linux 3.17 fcntl(2)", "FreeBSD 13.0 fcntl(2)")
{
	int fd = memfd_sealable(page_size());
	char *p = map_shared(fd, page_size());
	pattern_store(1, p, page_size());
	unmap(p, page_size());
	REQUIRE_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));

	CHECK_FAILS(EPERM, -1, pwrite(fd, "x", 1, 0));
	CHECK_FAILS(EPERM, -1, pwrite(fd, "x", 1, (off_t)(page_size() - 1)));

	CHECK_EQ(page_size(), size_of(fd));
	CHECK_PATTERN(1, content_of(fd, page_size()), page_size());
	CHECK_PATTERN(1, map_private(fd, page_size()), page_size());
}

CASE(seal_write_blocks__punch_hole, DOCUMENTED,
    "With F_SEAL_WRITE fallocate() with FALLOC_FL_PUNCH_HOLE fails with EPERM, and the data stays",
    "Linux 3.17 fcntl(2)", "Linux 3.17 fallocate(2)", COVERS("memfd.seal_write"))
{
	int fd = memfd_sealable(2 * page_size());
	char *p = map_shared(fd, 2 * page_size());
	pattern_store(1, p, 2 * page_size());
	unmap(p, 2 * page_size());
	REQUIRE_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));

	CHECK_FAILS(EPERM, -1, fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, (off_t)page_size()));

	CHECK_PATTERN(1, map_private(fd, 2 * page_size()), 2 * page_size());
}

CASE(seal_write_blocks__mapping, DOCUMENTED,
    "With F_SEAL_WRITE a shared mapping for writing fails with EPERM; a private one works and leaves the object alone",
    "Linux 3.17 fcntl(2)", COVERS("memfd.seal_write_mmap"))
{
	int fd = memfd_sealable(page_size());
	REQUIRE(pwrite(fd, "x", 1, 0) == 1);
	REQUIRE_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));

	CHECK_FAILS(EPERM, MAP_FAILED, mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	CHECK_FAILS(EPERM, MAP_FAILED, mmap(NULL, page_size(), PROT_WRITE, MAP_SHARED, fd, 0));

	char *p = map_private(fd, page_size());
	p[0] = 'y';
	CHECK_EQ('x', *(char *)map_private(fd, page_size()));
}

/* With errors other than EBADF, EINVAL and ENOTSUP POSIX lets the mappings in the range be unmapped. */
CASE(seal_write_blocks__fixed_mapping, MAY,
    "Where F_SEAL_WRITE refuses a mapping with MAP_FIXED, the old mapping stays or is removed, and is not replaced",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "Linux 3.17 fcntl(2)",
    COVERS("mmap.fail_keeps_old"))
{
	int fd = memfd_sealable(page_size());
	char *old = map_anonymous(page_size(), MAP_PRIVATE);
	pattern_store(1, old, page_size());
	REQUIRE_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));

	CHECK_FAILS(EPERM, MAP_FAILED, mmap(old, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0));

	bool stays = fault_of_load(old).signal == 0;
	observed("mapping-under-a-refused-one", "%s", stays ? "stays" : "is removed");
	if (stays)
		CHECK_PATTERN(1, old, page_size());
}

CASE(seal_write_blocks__shared_reading, OBSERVED,
    "With F_SEAL_WRITE a shared mapping for reading works, or fails as before Linux 6.7, and cannot be made writable",
    "Linux 3.17 fcntl(2)")
{
	int fd = memfd_sealable(page_size());
	REQUIRE_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));

	errno = 0;
	char *p = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 0);

	observed("sealed-shared-for-reading", "%s", p != MAP_FAILED ? "works" : errno_name(errno));
	if (p != MAP_FAILED)
		CHECK_FAILS(EACCES, -1, mprotect(p, page_size(), PROT_READ | PROT_WRITE));
}

CASE(seal_write_blocks__size, DOCUMENTED,
    "F_SEAL_WRITE allows ftruncate() to change the size, even where that cuts off bytes", "Linux 3.17 fcntl(2)")
{
	int fd = memfd_sealable(2 * page_size());
	REQUIRE_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));

	CHECK_SUCCEEDS(ftruncate(fd, (off_t)page_size()));
	CHECK_SUCCEEDS(ftruncate(fd, (off_t)(3 * page_size())));

	CHECK_EQ(3 * page_size(), size_of(fd));
}

CASE(seal_future_write, DOCUMENTED,
    "With F_SEAL_FUTURE_WRITE existing mappings stay writable; write() and new shared ones for writing fail with EPERM",
    "Linux 5.1 fcntl(2)", COVERS("memfd.seal_future_write memfd.seal_future_write_mmap"))
{
	int fd = memfd_sealable(page_size());
	char *p = map_shared(fd, page_size());
	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE));

	CHECK_STORE_OK(p);
	p[0] = 'x';
	CHECK_FAILS(EPERM, -1, pwrite(fd, "y", 1, 0));
	CHECK_FAILS(EPERM, MAP_FAILED, mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	char *reading = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 0);
	REQUIRE(reading != MAP_FAILED);
	CHECK_EQ('x', reading[0]);
	p[0] = 'z';
	CHECK_EQ('z', reading[0]);
}

static void
store_privately(void *mapping)
{
	*(char *)mapping = 'c';
}

CASE(seal_future_write__private, DOCUMENTED,
    "With F_SEAL_FUTURE_WRITE a private mapping stays private, between parent and child too", "Linux 5.1 fcntl(2)")
{
	int fd = memfd_sealable(page_size());
	REQUIRE_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE));
	char *p = map_private(fd, page_size());

	in_child(store_privately, p);
	CHECK_EQ(0, p[0]);
	p[1] = 'p';

	CHECK_BYTES(0, map_private(fd, page_size()), page_size());
}

CASE(seal_future_write_mprotect, OBSERVED,
    "A shared mapping for reading that is made after F_SEAL_FUTURE_WRITE cannot be made writable", "Linux 5.1 fcntl(2)",
    NEEDS_PLATFORM(LINUX)) /* FreeBSD takes seals that it does not know */
{
	int fd = memfd_sealable(page_size());
	int result = fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE);
	need(result == 0, "no F_SEAL_FUTURE_WRITE here: fcntl() fails with %s", errno_name(errno));
	char *p = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 0);
	REQUIRE(p != MAP_FAILED);

	CHECK_EQ(-1, mprotect(p, page_size(), PROT_READ | PROT_WRITE));

	observed("mprotect-after-future-write", "%s", errno_name(errno));
	CHECK_NE(0, fault_of_store(p, 'x').signal);
	CHECK_EQ(0, p[0]);
}
