/* SPDX-License-Identifier: BSD-2-Clause */

/* Flags of mmap() that some platforms have: ranges that replace nothing, and checked, locked, huge and guarded ranges. */

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <sys/resource.h>

#include "case.h"
#include "fault.h"
#include "huge_pages.h"
#include "instrument.h"
#include "mapping.h"
#include "object.h"
#include "platform/overcommit.h"
#include "process.h"

INTERFACE(mmap_flags)

enum { READ_WRITE = PROT_READ | PROT_WRITE };

CASE(fixed_noreplace, DOCUMENTED,
    "MAP_FIXED_NOREPLACE fails with EEXIST, and maps nothing, when any page of the range is mapped",
    "Linux 4.17 mmap(2)", NEEDS_OBJECTS, COVERS("mmap.noreplace_eexist mmap.noreplace_partial"))
{
	struct object o = object_create(3 * page_size());

	for (size_t used = 0; used < 3; used++) {
		char *p = free_range(3 * page_size());
		occupy_page(&p[used * page_size()]);

		CHECK_FAILS(EEXIST, MAP_FAILED,
		    mmap(p, 3 * page_size(), READ_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE, o.fd, 0));

		for (size_t i = 0; i < 3; i++)
			if (i == used)
				CHECK_PATTERN('o', &p[i * page_size()], page_size());
			else
				CHECK_UNMAPPED(&p[i * page_size()], page_size());
		unmap(&p[used * page_size()], page_size());
	}
}

CASE(fixed_noreplace__free, DOCUMENTED, "MAP_FIXED_NOREPLACE maps exactly at the address when the range is free",
    "Linux 4.17 mmap(2)", NEEDS_OBJECTS, COVERS("mmap.noreplace_free"))
{
	struct object o = object_create(page_size());
	char *p = (char *)free_range(3 * attach_multiple()) + attach_multiple();
	occupy_page(p - page_size());
	occupy_page(p + page_size());

	CHECK_EQ(p, mmap(p, page_size(), READ_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE, o.fd, 0));

	CHECK_STORE_OK(p);
	CHECK_PATTERN('o', p - page_size(), page_size());
	CHECK_PATTERN('o', p + page_size(), page_size());
}

CASE(fixed_noreplace__with_fixed, DOCUMENTED,
    "MAP_FIXED_NOREPLACE together with MAP_FIXED replaces nothing and fails with EEXIST", "Linux 4.17 mmap(2)",
    COVERS("mmap.noreplace_with_fixed"))
{
	char *p = free_range(page_size());
	occupy_page(p);

	CHECK_FAILS(EEXIST, MAP_FAILED,
	    mmap(p, page_size(), READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_FIXED_NOREPLACE, -1, 0));
	CHECK_PATTERN('o', p, page_size());
}

CASE(fixed_noreplace__unaligned, DOCUMENTED, "MAP_FIXED_NOREPLACE at an unaligned address fails with EINVAL",
    "Linux 4.17 mmap(2)", COVERS("mmap.noreplace_unaligned"))
{
	char *p = free_range(2 * page_size());

	CHECK_FAILS(EINVAL, MAP_FAILED,
	    mmap(p + 1, page_size(), READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0));
	CHECK_UNMAPPED(p, 2 * page_size());
}

CASE(stack, DOCUMENTED, "MAP_STACK is accepted, and has no effect: the memory is zero and can be stored to",
    "Linux 2.6.27 mmap(2)", COVERS("mmap.map_stack"))
{
	char *p = mmap(NULL, 2 * page_size(), READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	REQUIRE(p != MAP_FAILED);

	CHECK_BYTES(0, p, 2 * page_size());
	CHECK_STORE_OK(&p[2 * page_size() - 1]);
}

enum { UNKNOWN_FLAG = 1 << 22 };

CASE(shared_validate_unknown, DOCUMENTED,
    "MAP_SHARED_VALIDATE with a flag that does not exist fails with EOPNOTSUPP, and without one it is MAP_SHARED",
    "Linux 4.15 mmap(2)", NEEDS_OBJECTS, COVERS("mmap.shared_validate"))
{
	struct object o = object_create(page_size());
	char *shared = map_shared(o.fd, page_size());

	CHECK_FAILS(
	    EOPNOTSUPP, MAP_FAILED, mmap(NULL, page_size(), READ_WRITE, MAP_SHARED_VALIDATE | UNKNOWN_FLAG, o.fd, 0));

	char *p = mmap(NULL, page_size(), READ_WRITE, MAP_SHARED_VALIDATE, o.fd, 0);
	REQUIRE(p != MAP_FAILED);
	p[page_size() - 1] = 'v';
	CHECK_EQ('v', shared[page_size() - 1]);
}

/* POSIX says what a call leaves that fails with ENOTSUP, EOPNOTSUPP on Linux; only Linux says that this one fails. */
CASE(shared_validate_unknown__leaves_mappings, DOCUMENTED,
    "MAP_FIXED with MAP_SHARED_VALIDATE and a flag that does not exist fails and leaves what is mapped in its range",
    ALSO("mmap.einval-leaves-mappings"), "Linux 4.15 mmap(2)")
{
	char *p = map_aligned(3 * page_size());
	int fd = nameless_file(3 * page_size());
	pattern_store('o', p, 3 * page_size());

	CHECK_FAILS(EOPNOTSUPP, MAP_FAILED,
	    mmap(p, 3 * page_size(), READ_WRITE, MAP_FIXED | MAP_SHARED_VALIDATE | UNKNOWN_FLAG, fd, 0));

	CHECK_PATTERN('o', p, 3 * page_size());
	for (size_t at = 0; at < 3 * page_size(); at += page_size())
		CHECK_STORE_OK(&p[at]);
}

/* The bit of mincore() that tells whether the page is in memory, for each of four pages. */
static void
check_resident(bool expected, void *start)
{
	char resident[4];

	REQUIRE(mincore(start, 4 * page_size(), (void *)resident) == 0);
	for (unsigned page = 0; page < 4; page++)
		CHECK_EQ(expected, (resident[page] & 1) == 1);
}

CASE(populate, DOCUMENTED, "MAP_POPULATE brings all pages of an object into memory, though nobody has touched them",
    "Linux 2.5.46 mmap(2)", NEEDS_OBJECTS, COVERS("mmap.populate_present"))
{
	struct object o = object_create(4 * page_size());
	check_resident(false, map_shared(o.fd, 4 * page_size())); /* or the flag has nothing to do */

	char *p = mmap(NULL, 4 * page_size(), READ_WRITE, MAP_SHARED | MAP_POPULATE, o.fd, 0);
	REQUIRE(p != MAP_FAILED);

	check_resident(true, p);
	CHECK_BYTES(0, p, 4 * page_size());
}

CASE(populate__private, DOCUMENTED, "MAP_POPULATE brings all pages of private memory into memory",
    "Linux 2.6.23 mmap(2)")
{
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE;

	char *p = mmap(NULL, 4 * page_size(), READ_WRITE, flags, -1, 0);
	REQUIRE(p != MAP_FAILED);

	check_resident(true, p);
	CHECK_BYTES(0, p, 4 * page_size());
}

CASE(populate__nonblock, DOCUMENTED, "With MAP_NONBLOCK, MAP_POPULATE does nothing", "Linux 2.6.23 mmap(2)",
    NEEDS_OBJECTS)
{
	struct object o = object_create(4 * page_size());

	char *p = mmap(NULL, 4 * page_size(), READ_WRITE, MAP_SHARED | MAP_POPULATE | MAP_NONBLOCK, o.fd, 0);
	REQUIRE(p != MAP_FAILED);

	check_resident(false, p);
	CHECK_STORE_OK(&p[4 * page_size() - 1]);
}

CASE(ignored, DOCUMENTED,
    "MAP_DENYWRITE, MAP_EXECUTABLE and MAP_FILE are ignored: the file is mapped, and can be written", "Linux mmap(2)")
{
	int fd = nameless_file_with_pattern(1);
	const int flags = MAP_SHARED | MAP_DENYWRITE | MAP_EXECUTABLE | MAP_FILE;

	char *p = mmap(NULL, page_size(), READ_WRITE, flags, fd, 0);
	REQUIRE(p != MAP_FAILED);

	CHECK_PATTERN('f', p, page_size());
	CHECK_EQ(1, pwrite(fd, "w", 1, 0));
	CHECK_EQ('w', *p);
}

/* The base-2 logarithm of a size of huge pages stands in the flags from this bit on. */
enum { HUGE_SIZE_SHIFT = 26, HUGE_2_MIB = 21 << HUGE_SIZE_SHIFT, HUGE_1_GIB = 30 << HUGE_SIZE_SHIFT };

CASE(accepted, DOCUMENTED,
    "An object that is mapped with one of the flags that tell only how, or with a size of huge pages alone, is shared",
    "Linux 4.15 mmap(2)", NEEDS_OBJECTS, NEEDS_LOCKABLE_PAGES(1), COVERS("mmap.linux_flags_ok"))
{
	const int flags[] = { MAP_LOCKED, MAP_NORESERVE, MAP_POPULATE, MAP_STACK, MAP_FILE, HUGE_2_MIB, HUGE_1_GIB };
	struct object o = object_create(page_size());
	char *shared = map_shared(o.fd, page_size());

	for (unsigned i = 0; i < nitems(flags); i++) {
		pattern_store((unsigned char)i, shared, page_size());
		char *p = mmap(NULL, page_size(), READ_WRITE, MAP_SHARED | flags[i], o.fd, 0);
		if (!CHECK_NE(MAP_FAILED, p))
			continue;
		CHECK_PATTERN((unsigned char)i, p, page_size());
		pattern_store((unsigned char)(i + 100), p, page_size());
		CHECK_PATTERN((unsigned char)(i + 100), shared, page_size());
		unmap(p, page_size());
	}
}

CASE(sync, DOCUMENTED,
    "MAP_SYNC of a file without DAX fails with EOPNOTSUPP with MAP_SHARED_VALIDATE, and is ignored with MAP_SHARED",
    "Linux 4.15 mmap(2)", NEEDS_OBJECTS)
{
	need(MAP_SYNC != 0, "needs MAP_SYNC");
	struct object o = object_create(page_size());

	CHECK_FAILS(
	    EOPNOTSUPP, MAP_FAILED, mmap(NULL, page_size(), READ_WRITE, MAP_SHARED_VALIDATE | MAP_SYNC, o.fd, 0));

	char *p = mmap(NULL, page_size(), READ_WRITE, MAP_SHARED | MAP_SYNC, o.fd, 0);
	CHECK_NE(MAP_FAILED, p);
}

static void
need_low_addresses(void)
{
	need(MAP_32BIT != 0 && sizeof(void *) > 4, "needs MAP_32BIT and addresses of 64 bits");
}

#define NEEDS_LOW_ADDRESSES NEED("MAP_32BIT", .ask = need_low_addresses)

static char *
map_low(void)
{
	return mmap(NULL, page_size(), READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
}

CASE(low, DOCUMENTED, "MAP_32BIT maps in the first 2 GiB of the addresses", "Linux 2.4.20 mmap(2)", "FreeBSD mmap(2)",
    NEEDS_LOW_ADDRESSES, NEEDS_NO_INSTRUMENT(THREAD_SANITIZER), COVERS("mmap.map_32bit"))
{
	char *p = map_low();
	REQUIRE(p != MAP_FAILED);

	CHECK((uintptr_t)p < UINT32_C(1) << 31);
	CHECK_STORE_OK(p);
}

CASE(low__fixed, DOCUMENTED, "With MAP_FIXED, MAP_32BIT is ignored", "Linux 2.4.20 mmap(2)", NEEDS_LOW_ADDRESSES)
{
	char *p = free_range(page_size());

	CHECK_EQ(p, mmap(p, page_size(), READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT | MAP_FIXED, -1, 0));
}

static void
need_memory_without_limit(void)
{
	struct rlimit addresses;
	struct rlimit data;

	need(overcommit_mode() != 2, "needs memory without a limit: vm.overcommit_memory is 2");
	need(getrlimit(RLIMIT_AS, &addresses) == -1 || addresses.rlim_cur == RLIM_INFINITY,
	    "needs memory without a limit: RLIMIT_AS is set");
	need(getrlimit(RLIMIT_DATA, &data) == -1 || data.rlim_cur == RLIM_INFINITY,
	    "needs memory without a limit: RLIMIT_DATA is set");
}

#define NEEDS_MEMORY_WITHOUT_LIMIT NEED("memory without a limit", .ask = need_memory_without_limit)

CASE(noreserve, DOCUMENTED, "MAP_NORESERVE maps 64 GiB, and a few of the pages can be used", "Linux mmap(2)",
    "illumos mmap(2)", NEEDS_64_BIT_ADDRESSES, NEEDS_MEMORY_WITHOUT_LIMIT, COVERS("mmap.noreserve"))
{
	size_t size = (size_t)(UINT64_C(64) << 30);

	char *p = mmap(NULL, size, READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	REQUIRE(p != MAP_FAILED);

	CHECK_STORE_OK(&p[0]);
	CHECK_STORE_OK(&p[size / 2]);
	CHECK_STORE_OK(&p[size - 1]);
}

CASE(locked, DOCUMENTED, "MAP_LOCKED locks each new page, and munmap() unlocks them", "Linux 2.5.37 mmap(2)",
    "NetBSD mmap(2)", NEEDS_OBJECTS, NEEDS_LOCKABLE_PAGES(2), NEEDS_STATE_OF_LOCKS, COVERS("mmap.map_locked"))
{
	struct object o = object_create(2 * page_size());
	long before = locked_bytes();

	char *p = mmap(NULL, 2 * page_size(), READ_WRITE, MAP_SHARED | MAP_LOCKED, o.fd, 0);
	REQUIRE(p != MAP_FAILED);
	CHECK_BYTES(0, p, 2 * page_size());
	CHECK(range_is_locked(p, page_size()));
	CHECK(range_is_locked(&p[page_size()], page_size()));
	if (before != -1)
		CHECK_EQ(before + (long)(2 * page_size()), locked_bytes());

	unmap(p, 2 * page_size());
	if (before != -1)
		CHECK_EQ(before, locked_bytes());
}

CASE(locked__resident, DOCUMENTED, "MAP_LOCKED brings in all pages, though nobody has touched them",
    "Linux 2.5.37 mmap(2)", "NetBSD mmap(2)", NEEDS_LOCKABLE_PAGES(4), COVERS("mmap.map_wired_resident"))
{
	char *p = mmap(NULL, 4 * page_size(), READ_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_LOCKED, -1, 0);
	REQUIRE(p != MAP_FAILED);

	check_resident(true, p);
	CHECK_BYTES(0, p, 4 * page_size());
}

static void
map_locked_above_limit(void *unused)
{
	(void)unused;
	const int flags = MAP_SHARED | MAP_ANONYMOUS | MAP_LOCKED;
	limit_to(RLIMIT_MEMLOCK, 2 * page_size());

	CHECK_FAILS(EAGAIN, MAP_FAILED, mmap(NULL, 3 * page_size(), READ_WRITE, flags, -1, 0));
	CHECK_EQ(0, locked_bytes());

	CHECK_NE(MAP_FAILED, mmap(NULL, 2 * page_size(), READ_WRITE, flags, -1, 0));
	CHECK_FAILS(EAGAIN, MAP_FAILED, mmap(NULL, 1, READ_WRITE, flags, -1, 0));
	CHECK_EQ((long)(2 * page_size()), locked_bytes());
}

CASE(locked__above_limit, DOCUMENTED,
    "MAP_LOCKED by an ordinary user works until all locked pages reach RLIMIT_MEMLOCK, and above it fails with EAGAIN",
    "Linux 2.5.37 mmap(2)", NEEDS_LOCKABLE_PAGES(2), NEEDS_COUNT_OF_LOCKS, NEEDS_PLAIN_USER,
    COVERS("mmap.map_locked_eagain"))
{
	as_user(plain_user(), map_locked_above_limit, NULL);
}

CASE(hugetlb, DOCUMENTED,
    "MAP_HUGETLB gives zero-filled memory aligned to the size of huge pages, or fails with ENOMEM when none is free",
    "Linux 2.6.32 mmap(2)", NEEDS_KERNEL_WITH_HUGE_PAGES)
{
	size_t huge = huge_page_size();

	errno = 0;
	char *p = mmap(NULL, huge, READ_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	int error = errno;

	if (p == MAP_FAILED) {
		CHECK_EQ(ENOMEM, error);
	} else {
		CHECK_EQ(0, (uintptr_t)p % huge);
		CHECK_BYTES(0, p, huge);
		CHECK_STORE_OK(&p[huge - 1]);
		unmap(p, huge);
	}
	observed("huge-page", "%s", p == MAP_FAILED ? errno_name(error) : "mapped");
}
