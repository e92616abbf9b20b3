/* SPDX-License-Identifier: BSD-2-Clause */

/* What mmap() refuses because of a limit: on lengths, offsets and resources, or of the file system. */

#include <stdio.h>
#include <unistd.h>

#include <sys/resource.h>

#include "case.h"
#include "instrument.h"
#include "mapping.h"
#include "mapping_limit.h"
#include "object.h"
#include "process.h"
#include "regions.h"

INTERFACE(mmap)

#define FREEBSD_SOURCE   "FreeBSD sys/kern/vfs_vnops.c vn_mmap()"
#define OPENBSD_SOURCE   "OpenBSD sys/uvm/uvm_mmap.c sys_mmap()"
#define DRAGONFLY_SOURCE "DragonFly sys/vm/vm_mmap.c kern_mmap()"
#define MACOS_SOURCE     "macOS bsd/kern/kern_mman.c mmap()"

CASE(eoverflow, SHALL, "mmap() of a range of a regular file that ends behind the offset maximum fails with EOVERFLOW",
    "POSIX.1-2017 mmap() ERRORS", "POSIX.1-2024 mmap() ERRORS", "Linux mmap(2)", "NetBSD mmap(2)", "macOS mmap(2)",
    "illumos mmap(2)", COVERS("mmap.eoverflow mmap.offset_too_large"))
{
	static const char no_maximum[] = "the end of the range is not compared with the offset maximum";
	int fd = nameless_file(page_size());
	const off_t maximum = (((off_t)1 << (8 * sizeof(off_t) - 2)) - 1) * 2 + 1;
	off_t last_page = maximum - maximum % (off_t)page_size();
	/* The C library of a 32-bit system cannot pass such an offset on: it may call it invalid. */
	int invalid = sizeof(long) < sizeof(off_t) ? EINVAL : 0;

	if (sizeof(off_t) == 4)
		deviates(
		    LINUX, "only page numbers above 32 bits are too large, not offsets above 31", "mmap(2) ERRORS");
	void *p = mmap(NULL, 2 * page_size(), PROT_READ, MAP_PRIVATE, fd, last_page);
	CHECK_INSTEAD(FREEBSD, p == MAP_FAILED && errno == EINVAL);
	CHECK_INSTEAD(OPENBSD | DRAGONFLY, p != MAP_FAILED);
	known_defect(FREEBSD, "", "the call fails with EINVAL, not EOVERFLOW", FREEBSD_SOURCE);
	known_defect(OPENBSD, "", no_maximum, OPENBSD_SOURCE);
	known_defect(DRAGONFLY, "", no_maximum, DRAGONFLY_SOURCE);
	known_defect(MACOS, "", no_maximum, MACOS_SOURCE);
	CHECK_FAILS_IN(EOVERFLOW, invalid, 0, MAP_FAILED,
	    mmap(NULL, 2 * page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, last_page));
	CHECK_FAILS_IN(
	    EOVERFLOW, invalid, 0, MAP_FAILED, mmap(NULL, 2 * page_size(), PROT_READ, MAP_PRIVATE, fd, last_page));
	CHECK_EQ(page_size(), size_of(fd));
}

/* More than any address space: a length that wraps around when it is rounded up, the largest that does not, and less. */
static size_t
too_long(unsigned which)
{
	const size_t lengths[] = { SIZE_MAX, SIZE_MAX - page_size() + 1, SIZE_MAX - 16 * page_size() + 1 };

	return lengths[which];
}

static void
wrap_is_invalid(void)
{
	static const char instead[] = "a length that wraps around when it is rounded up fails with EINVAL";

	CHECK_INSTEAD(OPENBSD | DRAGONFLY | MACOS,
	    mmap(NULL, SIZE_MAX, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED && errno == EINVAL);
	known_defect(OPENBSD, "", instead, OPENBSD_SOURCE);
	deviates(DRAGONFLY, instead, "DragonFly mmap(2) ERRORS");
	known_defect(MACOS, "", instead, MACOS_SOURCE);
}

CASE(enomem_too_long__anonymous, SHALL, "mmap() with a length that does not fit the address space fails with ENOMEM",
    "POSIX.1-2017 mmap() ERRORS", "POSIX.1-2024 mmap() ERRORS", "Linux mmap(2)", "FreeBSD mmap(2)", "NetBSD mmap(2)",
    "OpenBSD mmap(2)", "macOS mmap(2)", "illumos mmap(2)", COVERS("mmap.len_overflow"))
{
	wrap_is_invalid();
	for (unsigned i = 0; i < 3; i++) {
		CHECK_FAILS(ENOMEM, MAP_FAILED, mmap(NULL, too_long(i), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
		CHECK_FAILS(ENOMEM, MAP_FAILED, mmap(NULL, too_long(i), PROT_NONE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
	}
}

CASE(enomem_too_long__file, SHALL, "mmap() with a length that does not fit the address space fails with ENOMEM",
    "POSIX.1-2017 mmap() ERRORS", "POSIX.1-2024 mmap() ERRORS", "Linux mmap(2)", "illumos mmap(2)")
{
	int fd = nameless_file(page_size());

	known_defect(FREEBSD, "", "a length above the offset maximum fails with EINVAL", FREEBSD_SOURCE);
	wrap_is_invalid();
	/* The end of the range is also behind the offset maximum. */
	for (unsigned i = 0; i < 3; i++) {
		CHECK_FAILS_IN(
		    ENOMEM, EOVERFLOW, 0, MAP_FAILED, mmap(NULL, too_long(i), PROT_NONE, MAP_PRIVATE, fd, 0));
		CHECK_FAILS_IN(ENOMEM, EOVERFLOW, 0, MAP_FAILED, mmap(NULL, too_long(i), PROT_READ, MAP_SHARED, fd, 0));
	}
}

CASE(enomem_too_long__object, SHALL, "mmap() with a length that does not fit the address space fails with ENOMEM",
    "POSIX.1-2017 mmap() ERRORS", "POSIX.1-2024 mmap() ERRORS", "Linux mmap(2)", "illumos mmap(2)", NEEDS_OBJECTS)
{
	struct object o = object_create(page_size());

	known_defect(FREEBSD, "", "a length above the offset maximum fails with EINVAL", FREEBSD_SOURCE);
	known_defect(MACOS, "", "a range that is larger than the object fails with EINVAL",
	    "macOS bsd/kern/posix_shm.c pshm_mmap()");
	wrap_is_invalid();
	for (unsigned i = 0; i < 3; i++)
		CHECK_FAILS_IN(
		    ENOMEM, EOVERFLOW, 0, MAP_FAILED, mmap(NULL, too_long(i), PROT_READ, MAP_SHARED, o.fd, 0));
}

CASE(len_zero_einval__object, SHALL, "mmap() with a length of zero fails with EINVAL", "POSIX.1-2017 mmap() ERRORS",
    "POSIX.1-2024 mmap() ERRORS", "Linux mmap(2)", "FreeBSD mmap(2)", "OpenBSD mmap(2)", "macOS mmap(2)",
    "illumos mmap(2)", NEEDS_OBJECTS, COVERS("BS81"))
{
	struct object o = object_create(page_size());

	known_defect(
	    before(NETBSD, "9"), "", "a length of zero is no error", "NetBSD sys/uvm/uvm_mmap.c 1.168 sys_mmap()");
	CHECK_FAILS(EINVAL, MAP_FAILED, mmap(NULL, 0, PROT_READ, MAP_SHARED, o.fd, 0));
	CHECK_FAILS(EINVAL, MAP_FAILED, mmap(NULL, 0, PROT_READ | PROT_WRITE, MAP_PRIVATE, o.fd, 0));
}

/* POSIX has EOVERFLOW for regular files, and names no error for what is none. */
CASE(eoverflow__object, OBSERVED,
    "mmap() of a range of an object that ends behind the offset maximum fails with EOVERFLOW, EINVAL, ENXIO or ENOMEM",
    "POSIX.1-2017 mmap() ERRORS", "POSIX.1-2024 mmap() ERRORS", NEEDS_OBJECTS, NEEDS_64_BIT_OFFSETS, COVERS("BS74"))
{
	const off_t maximum = (((off_t)1 << (8 * sizeof(off_t) - 2)) - 1) * 2 + 1;
	off_t last_page = maximum - maximum % (off_t)page_size();
	struct object o = object_create(page_size());

	errno = 0;
	void *p = mmap(NULL, 2 * page_size(), PROT_READ, MAP_SHARED, o.fd, last_page);
	int error = errno;

	observed("end-behind-maximum", "%s", p == MAP_FAILED ? errno_name(error) : "maps");
	if (p == MAP_FAILED)
		CHECK(error == EOVERFLOW || error == EINVAL || error == ENXIO || error == ENOMEM);
	CHECK_EQ(page_size(), size_of(o.fd));
}

enum { MIB = 1024 * 1024 };

static void
need_limit_of_addresses(void)
{
	need(RLIMIT_AS != -1, "needs RLIMIT_AS");
}

#define NEEDS_LIMIT_OF_ADDRESSES NEED("RLIMIT_AS", .ask = need_limit_of_addresses)
#define NEEDS_MIB_OF_ADDRESSES(mib) \
	NEED(#mib " MiB of addresses", .ask_amount = need_addresses, .amount = (uintmax_t)(mib)*MIB)

static void
map_above_address_limit(void *fd)
{
	limit_to(RLIMIT_AS, 64 * MIB);
	CHECK_FAILS(ENOMEM, MAP_FAILED, mmap(NULL, 128 * MIB, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	CHECK_FAILS(ENOMEM, MAP_FAILED, mmap(NULL, 128 * MIB, PROT_READ, MAP_SHARED, *(int *)fd, 0));

	limit_to(RLIMIT_AS, RLIM_INFINITY);
	CHECK_NE(MAP_FAILED, mmap(NULL, 128 * MIB, PROT_READ, MAP_SHARED, *(int *)fd, 0));
}

CASE(enomem_rlimit_as, SHALL, "mmap() fails with ENOMEM when the mapping would exceed RLIMIT_AS",
    "POSIX.1-2017 getrlimit() RLIMIT_AS", "Linux getrlimit(2)", "illumos mmap(2)", NEEDS_LIMIT_OF_ADDRESSES,
    NEEDS_MIB_OF_ADDRESSES(256), COVERS("mmap.rlimit_as"))
{
	int fd = nameless_file(page_size());

	in_child(map_above_address_limit, &fd);
}

enum { STEP = 8 };

/* The error of a mapping of this number of pages, or 0. */
static int
error_of_pages(void *at, size_t pages, int flags, void **start)
{
	errno = 0;
	*start = mmap(at, pages * page_size(), PROT_READ, flags | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return *start == MAP_FAILED ? errno : 0;
}

/* What comes back is looked at when the limit is gone: a report of a failure may need memory. */
static void
map_up_to_address_limit(void *unused)
{
	void *all;
	void *more;
	(void)unused;

	limit_to(RLIMIT_AS, (regions_now().pages + STEP) * page_size());
	int up_to_limit = error_of_pages(NULL, STEP, 0, &all);
	int one_more = error_of_pages(NULL, 1, 0, &more);
	int replaced = up_to_limit == 0 ? error_of_pages(all, STEP, MAP_FIXED, &more) : ENOMEM;
	bool is_unmapped = munmap(all, 2 * page_size()) == 0;
	int in_its_place = error_of_pages(NULL, 2, 0, &more);
	int and_another = error_of_pages(NULL, 1, 0, &more);
	limit_to(RLIMIT_AS, RLIM_INFINITY);

	CHECK_RETURNS_ERROR(0, up_to_limit);
	CHECK_RETURNS_ERROR(ENOMEM, one_more);
	CHECK_RETURNS_ERROR(0, replaced);
	CHECK(is_unmapped);
	CHECK_RETURNS_ERROR(0, in_its_place);
	CHECK_RETURNS_ERROR(ENOMEM, and_another);
}

CASE(rlimit_as_boundary, DOCUMENTED,
    "Mappings work up to exactly RLIMIT_AS, as /proc/self/statm counts, and not a page beyond; MAP_FIXED over "
    "mappings adds nothing, and munmap() gives back",
    "Linux getrlimit(2)", NEEDS_LIMIT_OF_ADDRESSES, NEEDS_LIST_OF_REGIONS,
    NEEDS_NO_INSTRUMENT(ADDRESS_SANITIZER | THREAD_SANITIZER | VALGRIND), COVERS("mmap.rlimit_as_ok"))
{
	in_child(map_up_to_address_limit, NULL);
}

static void
map_below_address_limit(void *fd)
{
	limit_to(RLIMIT_AS, 1024UL * MIB);
	CHECK_NE(MAP_FAILED, mmap(NULL, 16 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	CHECK_NE(MAP_FAILED, mmap(NULL, 16 * MIB, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
	CHECK_NE(MAP_FAILED, mmap(NULL, 16 * MIB, PROT_READ, MAP_SHARED, *(int *)fd, 0));
}

CASE(rlimit_as_below, SHALL, "mmap() works when the mapping does not exceed RLIMIT_AS",
    "POSIX.1-2017 getrlimit() RLIMIT_AS", "Linux getrlimit(2)", "illumos mmap(2)", NEEDS_LIMIT_OF_ADDRESSES,
    NEEDS_MIB_OF_ADDRESSES(48), NEEDS_WRITABLE_PAGES(8192),
    NEEDS_NO_INSTRUMENT(ADDRESS_SANITIZER | THREAD_SANITIZER | VALGRIND), COVERS("mmap.rlimit_as_ok"))
{
	int fd = nameless_file(page_size());

	in_child(map_below_address_limit, &fd);
}

/* Whatever limit there is, and commit limits, leave room for the 16 MiB of these cases. */
static void
need_writable_memory(void)
{
	void *p = mmap(NULL, 64 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	need(p != MAP_FAILED, "needs 64 MiB of writable memory: mmap() gives %s", errno_name(errno));
	unmap(p, 64 * MIB);
}

#define NEEDS_WRITABLE_MEMORY NEED("64 MiB of writable memory", .ask = need_writable_memory)

static void
map_above_data_limit(void *unused)
{
	(void)unused;
	limit_to(RLIMIT_DATA, 8 * MIB);
	CHECK_FAILS(
	    ENOMEM, MAP_FAILED, mmap(NULL, 16 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));

	limit_to(RLIMIT_DATA, RLIM_INFINITY);
	CHECK_NE(MAP_FAILED, mmap(NULL, 16 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

CASE(enomem_rlimit_data, DOCUMENTED,
    "mmap() of private writable memory fails with ENOMEM when it would exceed RLIMIT_DATA", "Linux 4.7 mmap(2)",
    OPENBSD_SOURCE, NEEDS_WRITABLE_MEMORY)
{
	in_child(map_above_data_limit, NULL);
}

static void
map_shared_above_data_limit(void *fd)
{
	limit_to(RLIMIT_DATA, 8 * MIB);
	CHECK_NE(MAP_FAILED, mmap(NULL, 16 * MIB, PROT_READ | PROT_WRITE, MAP_SHARED, *(int *)fd, 0));
	CHECK_NE(MAP_FAILED, mmap(NULL, 16 * MIB, PROT_READ, MAP_PRIVATE, *(int *)fd, 0));
}

CASE(enomem_rlimit_data__not_shared, DOCUMENTED, "Shared memory and read-only memory do not count against RLIMIT_DATA",
    "Linux getrlimit(2)", NEEDS_NO_INSTRUMENT(THREAD_SANITIZER), NEEDS_WRITABLE_MEMORY)
{
	int fd = nameless_file(page_size());

	in_child(map_shared_above_data_limit, &fd);
}

CASE(emfile_too_many_mappings, SHALL,
    "mmap() fails with EMFILE when there are more mapped regions than an implementation-defined limit",
    "POSIX.1-2017 mmap() ERRORS", "POSIX.1-2024 mmap() ERRORS", "Linux mmap(2)", "DragonFly mmap(2)", "illumos mmap(2)",
    NEEDS_NO_INSTRUMENT(THREAD_SANITIZER | VALGRIND), COVERS("mmap.emfile mmap.enomem_loop BS72"))
{
	struct mappings m = map_many();
	unmap(m.start, m.size); /* or nothing that follows would work */

	observed("too-many-regions", "%s", m.error != 0 ? errno_name(m.error) : "no limit below 70000");
	if (m.too_many) {
		CHECK_NE(0, m.error);
		CHECK_INSTEAD(LINUX | DRAGONFLY, m.error == ENOMEM);
		deviates(LINUX | DRAGONFLY, "more regions than the limit fail with ENOMEM", "mmap(2) ERRORS");
		CHECK_RETURNS_ERROR(EMFILE, m.error);
	}
}

/* The number that /proc/sys/vm/max_map_count has. Skips the case where there is none. */
static size_t
limit_of_regions(void)
{
	unsigned long limit = 0;
	FILE *file = fopen("/proc/sys/vm/max_map_count", "re");

	need(file != NULL, "needs /proc/sys/vm/max_map_count: %s", errno_name(errno));
	int got = fscanf(file, "%lu", &limit);
	fclose(file);
	need(got == 1, "needs a number in /proc/sys/vm/max_map_count");
	return limit;
}

/* mmap() of Linux looks at the limit before it counts the region that it makes. */
CASE(max_map_count, DOCUMENTED,
    "A process may have as many regions as vm.max_map_count says, give or take the last one",
    "Linux Documentation/admin-guide/sysctl/vm.rst max_map_count", NEEDS_LIST_OF_REGIONS,
    NEEDS_NO_INSTRUMENT(THREAD_SANITIZER | VALGRIND), COVERS("mmap.max_map_count"))
{
	size_t limit = limit_of_regions();
	need(limit < MANY_MAPPINGS, "needs a limit below %d regions", MANY_MAPPINGS);

	struct mappings m = map_up_to_limit();
	size_t count = regions_now().count;
	unmap(m.start, m.size);

	CHECK(count + 1 >= limit);
	CHECK(count <= limit + 2);
}

/* The error with which anonymous memory of 16 pages is refused, or 0. */
static int
error_of_map(int type)
{
	void *p = mmap(NULL, 16 * page_size(), PROT_READ | PROT_WRITE, type | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? errno : 0;
}

static void
map_above_lock_limit(void *unused)
{
	(void)unused;
	limit_to(RLIMIT_MEMLOCK, 2 * page_size());
	int all = mlockall(MCL_FUTURE);
	need(all == 0, "may not lock future mappings: mlockall() gives %s", errno_name(errno));

	int private = error_of_map(MAP_PRIVATE);
	int shared = error_of_map(MAP_SHARED);

	REQUIRE(munlockall() == 0); /* what reports a failure may need memory */
	observed("above-lock-limit", "%s", private == 0 ? "maps" : errno_name(private));
	CHECK(private == EAGAIN || private == ENOMEM);
	CHECK(shared == EAGAIN || shared == ENOMEM);
	CHECK_RETURNS_ERROR(0, error_of_map(MAP_PRIVATE));
}

CASE(eagain_mlockall_future, SHALL,
    "After mlockall(MCL_FUTURE), mmap() of memory that cannot be locked fails with EAGAIN or ENOMEM",
    "POSIX.1-2017 mmap() ERRORS", "POSIX.1-2024 mmap() ERRORS", CHOICE("Linux mmap(2)", "above-lock-limit", "EAGAIN"),
    CHOICE("illumos mmap(2)", "above-lock-limit", "EAGAIN"), NEEDS_LOCKS, NEEDS_PLAIN_USER,
    COVERS("mmap.mlockall_eagain mlockall.future_over_limit"))
{
	as_user(plain_user(), map_above_lock_limit, NULL);
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

CASE(noexec_mount_eperm, DOCUMENTED,
    "On a mount with noexec mmap() of a file with PROT_EXEC fails with EPERM, and PROT_READ with PROT_WRITE works",
    "Linux mmap(2)", NEEDS_PRIVATE_OBJECTS)
{
	in_child(map_from_noexec_mount, NULL);
}
