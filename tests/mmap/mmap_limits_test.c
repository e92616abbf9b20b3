/* SPDX-License-Identifier: BSD-2-Clause */

/* What mmap() refuses because of a limit: of lengths, offsets, resources, and of the file system. */

#include <unistd.h>

#include <sys/resource.h>

#include "case.h"
#include "instrument.h"
#include "mapping.h"
#include "object.h"
#include "process.h"

INTERFACE(mmap)

#define FREEBSD_SOURCE   "FreeBSD sys/kern/vfs_vnops.c vn_mmap()"
#define OPENBSD_SOURCE   "OpenBSD sys/uvm/uvm_mmap.c sys_mmap()"
#define DRAGONFLY_SOURCE "DragonFly sys/vm/vm_mmap.c kern_mmap()"
#define MACOS_SOURCE     "macOS bsd/kern/kern_mman.c mmap()"

#define NO_MAXIMUM "the end of the range is not compared with the offset maximum"

CASE(eoverflow, SHALL, "For a regular file a range that ends behind the offset maximum fails with EOVERFLOW",
    "POSIX.1-2017 mmap() ERRORS", "Linux mmap(2)", "NetBSD mmap(2)", "macOS mmap(2)", "illumos mmap(2)")
{
	int fd = nameless_file(page_size());
	const off_t maximum = (((off_t)1 << (8 * sizeof(off_t) - 2)) - 1) * 2 + 1;
	off_t last_page = maximum - maximum % (off_t)page_size();
	/* C libraries of 32-bit systems cannot pass such an offset on, and call it invalid, which POSIX lets them. */
	int invalid = sizeof(long) < sizeof(off_t) ? EINVAL : 0;

	if (sizeof(off_t) == 4)
		deviates(
		    LINUX, "only page numbers above 32 bits are too large, not offsets above 31", "mmap(2) ERRORS");
	deviates(FREEBSD, "EINVAL instead of EOVERFLOW", FREEBSD_SOURCE);
	deviates(OPENBSD, NO_MAXIMUM, OPENBSD_SOURCE);
	deviates(DRAGONFLY, NO_MAXIMUM, DRAGONFLY_SOURCE);
	deviates(MACOS, NO_MAXIMUM, MACOS_SOURCE);
	CHECK_FAILS_IN(EOVERFLOW, invalid, 0, MAP_FAILED,
	    mmap(NULL, 2 * page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, last_page));
	CHECK_FAILS_IN(
	    EOVERFLOW, invalid, 0, MAP_FAILED, mmap(NULL, 2 * page_size(), PROT_READ, MAP_PRIVATE, fd, last_page));
	CHECK_EQ(page_size(), size_of(fd));
}

/* No process has so much address space: rounding up wraps around, the largest multiple of a page, some pages less. */
static size_t
too_long(unsigned which)
{
	const size_t lengths[] = { SIZE_MAX, SIZE_MAX - page_size() + 1, SIZE_MAX - 16 * page_size() + 1 };

	return lengths[which];
}

static void
wrap_is_invalid(void)
{
	const char *instead = "a length that wraps around when it is rounded up is EINVAL";

	deviates(OPENBSD, instead, OPENBSD_SOURCE);
	deviates(DRAGONFLY, instead, DRAGONFLY_SOURCE);
	deviates(MACOS, instead, MACOS_SOURCE);
}

CASE(enomem_too_long__anonymous, SHALL, "A length that does not fit the address space fails with ENOMEM",
    "POSIX.1-2017 mmap() ERRORS", "Linux mmap(2)", "FreeBSD mmap(2)", "illumos mmap(2)")
{
	wrap_is_invalid();
	for (unsigned i = 0; i < 3; i++) {
		CHECK_FAILS(ENOMEM, MAP_FAILED, mmap(NULL, too_long(i), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
		CHECK_FAILS(ENOMEM, MAP_FAILED, mmap(NULL, too_long(i), PROT_NONE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
	}
}

CASE(enomem_too_long__file, SHALL, "A length that does not fit the address space fails with ENOMEM",
    "POSIX.1-2017 mmap() ERRORS", "Linux mmap(2)", "FreeBSD mmap(2)", "illumos mmap(2)")
{
	int fd = nameless_file(page_size());

	deviates(FREEBSD, "a length above the offset maximum is EINVAL", FREEBSD_SOURCE);
	wrap_is_invalid();
	/* The end of the range is behind the offset maximum as well. */
	for (unsigned i = 0; i < 3; i++) {
		CHECK_FAILS_IN(
		    ENOMEM, EOVERFLOW, 0, MAP_FAILED, mmap(NULL, too_long(i), PROT_NONE, MAP_PRIVATE, fd, 0));
		CHECK_FAILS_IN(ENOMEM, EOVERFLOW, 0, MAP_FAILED, mmap(NULL, too_long(i), PROT_READ, MAP_SHARED, fd, 0));
	}
}

enum { MIB = 1024 * 1024 };

static void
map_above_address_limit(void *fd)
{
	limit_to(RLIMIT_AS, 64 * MIB);
	CHECK_FAILS(ENOMEM, MAP_FAILED, mmap(NULL, 128 * MIB, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	CHECK_FAILS(ENOMEM, MAP_FAILED, mmap(NULL, 128 * MIB, PROT_READ, MAP_SHARED, *(int *)fd, 0));

	limit_to(RLIMIT_AS, RLIM_INFINITY);
	CHECK_NE(MAP_FAILED, mmap(NULL, 128 * MIB, PROT_READ, MAP_SHARED, *(int *)fd, 0));
}

CASE(enomem_rlimit_as, SHALL, "A mapping that would exceed RLIMIT_AS fails with ENOMEM",
    "POSIX.1-2017 getrlimit() RLIMIT_AS", "Linux mmap(2)")
{
	int fd = nameless_file(page_size());

	need(RLIMIT_AS != -1, "there is no RLIMIT_AS here");
	in_child(map_above_address_limit, &fd);
}

static void
map_above_data_limit(void *unused)
{
	(void)unused;
	need_addresses(64 * MIB);
	limit_to(RLIMIT_DATA, 8 * MIB);
	CHECK_FAILS(
	    ENOMEM, MAP_FAILED, mmap(NULL, 16 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));

	limit_to(RLIMIT_DATA, RLIM_INFINITY);
	CHECK_NE(MAP_FAILED, mmap(NULL, 16 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

CASE(enomem_rlimit_data, DOCUMENTED, "Private writable memory that would exceed RLIMIT_DATA fails with ENOMEM",
    "Linux mmap(2)", OPENBSD_SOURCE)
{
	in_child(map_above_data_limit, NULL);
}

static void
map_shared_above_data_limit(void *fd)
{
	need_addresses(64 * MIB);
	limit_to(RLIMIT_DATA, 8 * MIB);
	CHECK_NE(MAP_FAILED, mmap(NULL, 16 * MIB, PROT_READ | PROT_WRITE, MAP_SHARED, *(int *)fd, 0));
	CHECK_NE(MAP_FAILED, mmap(NULL, 16 * MIB, PROT_READ, MAP_PRIVATE, *(int *)fd, 0));
}

CASE(enomem_rlimit_data__not_shared, DOCUMENTED, "Shared memory and read-only memory do not count against RLIMIT_DATA",
    "Linux getrlimit(2)", NEEDS_NO_INSTRUMENT(THREAD_SANITIZER))
{
	int fd = nameless_file(page_size());

	in_child(map_shared_above_data_limit, &fd);
}

CASE(emfile_too_many_mappings, SHALL,
    "More mapped regions than an implementation-defined limit allows fail with EMFILE", "POSIX.1-2017 mmap() ERRORS",
    "Linux mmap(2)", "DragonFly mmap(2)", NEEDS_NO_INSTRUMENT(THREAD_SANITIZER | VALGRIND))
{
	const size_t regions = 70000; /* Linux allows 65530 unless told otherwise */
	const size_t size = regions * page_size();
	char *p = mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	need(p != MAP_FAILED, "no room for %zu pages of addresses", regions);

	/* Every second page loses the access, which no system refuses, and is a region like the one between it and the next. */
	size_t at = page_size();
	while (at < size && mprotect(&p[at], page_size(), PROT_NONE) == 0)
		at += 2 * page_size();
	errno = 0;
	bool failed = false;
	for (int i = 0; i < 4 && !failed; i++) /* the last call that failed would have made two */
		failed = mmap(NULL, page_size(), i % 2 == 0 ? PROT_READ : PROT_NONE, MAP_SHARED | MAP_ANONYMOUS, -1,
			     0) == MAP_FAILED;
	int error = errno;
	unmap(p, size); /* or nothing that follows would work */

	observed("too-many-regions", "%s", failed ? errno_name(error) : "no limit below 70000");
	if (at < size) {
		CHECK(failed);
		deviates(LINUX | DRAGONFLY, "too many regions are ENOMEM", "mmap(2) ERRORS");
		CHECK_RETURNS_ERROR(EMFILE, error);
	}
}

static void
map_above_lock_limit(void *unused)
{
	(void)unused;
	limit_to(RLIMIT_MEMLOCK, 2 * page_size());
	int all = mlockall(MCL_FUTURE);
	need(all == 0, "mlockall(MCL_FUTURE) gives %s", errno_name(errno));

	CHECK_FAILS_IN(EAGAIN, ENOMEM, 0, MAP_FAILED,
	    mmap(NULL, 16 * page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	CHECK_FAILS_IN(EAGAIN, ENOMEM, 0, MAP_FAILED,
	    mmap(NULL, 16 * page_size(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));

	munlockall();
	CHECK_NE(MAP_FAILED, mmap(NULL, 16 * page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

CASE(eagain_mlockall_future, SHALL,
    "Once mlockall(MCL_FUTURE) was called a mapping that cannot be locked fails with EAGAIN or ENOMEM",
    "POSIX.1-2017 mmap() ERRORS", "Linux mmap(2)", "illumos mmap(2)", NEEDS_LOCKS)
{
	/* No limit holds for root. */
	as_user(geteuid() == 0 ? OTHER : SAME_USER, map_above_lock_limit, NULL);
}

static void
map_from_noexec_mount(void *unused)
{
	(void)unused;
	mount_private_objects_noexec();
	int fd = object_create(page_size()).fd;

	CHECK_FAILS(EPERM, MAP_FAILED, mmap(NULL, page_size(), PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0));
	CHECK_FAILS(EPERM, MAP_FAILED, mmap(NULL, page_size(), PROT_EXEC, MAP_SHARED, fd, 0));
	CHECK_NE(MAP_FAILED, mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
}

CASE(noexec_mount_eperm, DOCUMENTED, "PROT_EXEC for a file of a noexec mount fails with EPERM, other accesses do not",
    "Linux mmap(2)", NEEDS_PRIVATE_OBJECTS)
{
	in_child(map_from_noexec_mount, NULL);
}
