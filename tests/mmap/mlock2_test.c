/* SPDX-License-Identifier: BSD-2-Clause */

/* Linux's mlock2(): locks like those of mlock(), and locks that wait for the first access to each page. */

#include <stdint.h>

#include <sys/resource.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "object.h"
#include "process.h"

INTERFACE(mlock2)

static void
need_mlock2(void)
{
	/* Without a flag a C library may call mlock(). */
	need(mlock2(NULL, 0, MLOCK_ONFAULT) == 0 || errno != ENOSYS, "needs mlock2(): it gives ENOSYS");
	need_lockable_pages(4);
}

#define NEEDS_MLOCK2 NEED("an mlock2() that locks", .ask = need_mlock2)

/* How many of the pages are in memory. */
static size_t
resident_pages(char *p, size_t pages)
{
	unsigned char resident[4] = { 0 };
	size_t count = 0;

	REQUIRE(pages <= sizeof(resident));
	REQUIRE(mincore(p, pages * page_size(), (void *)resident) == 0);
	for (size_t i = 0; i < pages; i++)
		count += resident[i] & 1;
	return count;
}

CASE(flags_zero_locks, DOCUMENTED,
    "mlock2() without a flag locks each page that has a byte of the range, and no other, and brings it in",
    "Linux 4.4 mlock(2)", NEEDS_MLOCK2, NEEDS_STATE_OF_LOCKS, COVERS("mlock2.noflag"))
{
	char *p = map_anonymous(4 * page_size(), MAP_SHARED);

	CHECK_SUCCEEDS(mlock2(&p[2 * page_size() - 1], 2, 0)); /* a byte of each page in the middle */

	CHECK(!range_is_locked(p, page_size()));
	CHECK(range_is_locked(&p[page_size()], page_size()));
	CHECK(range_is_locked(&p[2 * page_size()], page_size()));
	CHECK(!range_is_locked(&p[3 * page_size()], page_size()));
	CHECK_EQ(2, resident_pages(&p[page_size()], 2));
}

CASE(onfault_waits_for_access, DOCUMENTED,
    "mlock2() with MLOCK_ONFAULT locks the whole range, but brings in only those of its pages that are accessed",
    "Linux 4.4 mlock(2)", NEEDS_MLOCK2, NEEDS_STATE_OF_LOCKS, NEEDS_COUNT_OF_LOCKS, COVERS("mlock2.onfault"))
{
	char *p = map_anonymous(4 * page_size(), MAP_SHARED);
	long before = locked_bytes();

	CHECK_SUCCEEDS(mlock2(p, 4 * page_size(), MLOCK_ONFAULT));

	CHECK_EQ(before + (long)(4 * page_size()), locked_bytes());
	CHECK_EQ(0, resident_pages(p, 4));
	p[page_size()] = 't';
	CHECK_EQ(1, resident_pages(&p[page_size()], 1));
	for (size_t page = 0; page < 4; page++)
		CHECK(range_is_locked(&p[page * page_size()], page_size()));
}

CASE(onfault_locks_resident, DOCUMENTED,
    "mlock2() with MLOCK_ONFAULT locks pages that are resident, which stay so and keep what they have",
    "Linux 4.4 mlock(2)", NEEDS_MLOCK2, NEEDS_STATE_OF_LOCKS, COVERS("mlock2.onfault_present"))
{
	char *p = map_anonymous(4 * page_size(), MAP_SHARED);
	pattern_store('m', p, 2 * page_size());

	CHECK_SUCCEEDS(mlock2(p, 4 * page_size(), MLOCK_ONFAULT));

	CHECK_EQ(2, resident_pages(p, 2));
	CHECK(range_is_locked(p, page_size()));
	CHECK_PATTERN('m', p, 2 * page_size());
}

CASE(onfault_without_access, DOCUMENTED,
    "mlock2() with MLOCK_ONFAULT locks memory without access, whose pages come in when they get access and are touched",
    "Linux 4.4 mlock(2)", NEEDS_MLOCK2, NEEDS_STATE_OF_LOCKS, NEEDS_COUNT_OF_LOCKS, COVERS("mlock2.onfault_none"))
{
	char *p = mmap(NULL, 2 * page_size(), PROT_NONE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	REQUIRE(p != MAP_FAILED);
	long before = locked_bytes();

	CHECK_SUCCEEDS(mlock2(p, 2 * page_size(), MLOCK_ONFAULT));

	CHECK_EQ(before + (long)(2 * page_size()), locked_bytes());
	CHECK_EQ(0, resident_pages(p, 2));
	CHECK(load_is_refused(p));
	REQUIRE(mprotect(p, 2 * page_size(), PROT_READ | PROT_WRITE) == 0);
	CHECK_STORE_OK(p);
	CHECK(range_is_locked(p, page_size()));
	CHECK_EQ(1, resident_pages(p, 2));
	CHECK_EQ(before + (long)(2 * page_size()), locked_bytes());
}

CASE(onfault_then_whole, DOCUMENTED, "mlock2() without a flag brings in what mlock2() with MLOCK_ONFAULT left out",
    "Linux 4.4 mlock(2)", NEEDS_MLOCK2)
{
	char *p = map_anonymous(4 * page_size(), MAP_SHARED);
	REQUIRE(mlock2(p, 4 * page_size(), MLOCK_ONFAULT) == 0);

	CHECK_SUCCEEDS(mlock2(p, 4 * page_size(), 0));

	CHECK_EQ(4, resident_pages(p, 4));
}

CASE(onfault_unlocked, DOCUMENTED, "munlock() ends what mlock2() with MLOCK_ONFAULT locked, for its range alone",
    "Linux 4.4 mlock(2)", NEEDS_MLOCK2, NEEDS_STATE_OF_LOCKS, NEEDS_COUNT_OF_LOCKS)
{
	char *p = map_anonymous(4 * page_size(), MAP_SHARED);
	long before = locked_bytes();
	REQUIRE(mlock2(p, 4 * page_size(), MLOCK_ONFAULT) == 0);

	CHECK_SUCCEEDS(munlock(p, 3 * page_size()));

	CHECK(!range_is_locked(p, 3 * page_size()));
	CHECK(range_is_locked(&p[3 * page_size()], page_size()));
	CHECK_EQ(before + (long)page_size(), locked_bytes());
}

CASE(unknown_flags_einval, DOCUMENTED, "mlock2() with unknown flags fails with EINVAL and locks nothing",
    "Linux 4.4 mlock(2)", NEEDS_MLOCK2, NEEDS_STATE_OF_LOCKS, COVERS("mlock2.bad_flag"))
{
	char *p = map_anonymous(4 * page_size(), MAP_SHARED);
	size_t before = resident_pages(p, 4);

	for (int bit = 0; bit < 31; bit++)
		if (1 << bit != MLOCK_ONFAULT) {
			CHECK_FAILS(EINVAL, -1, mlock2(p, 4 * page_size(), 1 << bit));
			CHECK_FAILS(EINVAL, -1, mlock2(p, 4 * page_size(), 1 << bit | MLOCK_ONFAULT));
		}

	CHECK(!range_is_locked(p, 4 * page_size()));
	CHECK_EQ(before, resident_pages(p, 4));
}

CASE(enomem_unmapped, DOCUMENTED, "mlock2() of a range with a hole fails with ENOMEM, with MLOCK_ONFAULT and without",
    "Linux 4.4 mlock(2)", NEEDS_MLOCK2, COVERS("mlock2.unmapped"))
{
	char *p = map_anonymous(3 * page_size(), MAP_SHARED);
	unmap(&p[page_size()], page_size());

	CHECK_FAILS(ENOMEM, -1, mlock2(p, 3 * page_size(), 0));
	CHECK_FAILS(ENOMEM, -1, mlock2(p, 3 * page_size(), MLOCK_ONFAULT));
}

/* For others the limit comes first. */
CASE(wrap_around_einval, DOCUMENTED, "mlock2() of a range that ends behind the last address fails with EINVAL",
    "Linux 4.4 mlock(2)", NEEDS_MLOCK2, NEEDS_CAPABILITY_OF_SYSTEM(IPC_LOCK))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);
	size_t length = SIZE_MAX - 2 * page_size() + 1;
	size_t before = resident_pages(p, 2);

	/* A kernel of wider words sees no wrap, but addresses where nothing is mapped. */
	const int no_wrap = sizeof(size_t) == 8 ? 0 : ENOMEM;

	CHECK_FAILS_IN(EINVAL, no_wrap, 0, -1, mlock2(p, length, 0));
	CHECK_FAILS_IN(EINVAL, no_wrap, 0, -1, mlock2(p, length, MLOCK_ONFAULT));
	CHECK_EQ(before, resident_pages(p, 2));
}

static void
lock_on_fault_above_limit(void *unused)
{
	(void)unused;
	char *p = map_anonymous(4 * page_size(), MAP_SHARED);
	limit_to(RLIMIT_MEMLOCK, 2 * page_size());

	CHECK_FAILS(ENOMEM, -1, mlock2(p, 3 * page_size(), MLOCK_ONFAULT));
	CHECK_EQ(0, locked_bytes());
	CHECK_SUCCEEDS(mlock2(p, 2 * page_size(), MLOCK_ONFAULT));
	CHECK_FAILS(ENOMEM, -1, mlock2(&p[3 * page_size()], page_size(), MLOCK_ONFAULT));
	CHECK_EQ(2 * page_size(), locked_bytes());
}

CASE(limit_enomem, DOCUMENTED,
    "mlock2() with MLOCK_ONFAULT above RLIMIT_MEMLOCK fails with ENOMEM: pages that are not brought in count as well",
    "Linux 4.4 mlock(2)", NEEDS_MLOCK2, NEEDS_PLAIN_USER, NEEDS_COUNT_OF_LOCKS, COVERS("mlock2.over_rlimit"))
{
	as_user(plain_user(), lock_on_fault_above_limit, NULL);
}

static void
lock_with_limit_zero(void *unused)
{
	(void)unused;
	char *p = map_anonymous(page_size(), MAP_SHARED);
	limit_to(RLIMIT_MEMLOCK, 0);

	CHECK_FAILS(EPERM, -1, mlock2(p, page_size(), 0));
	CHECK_FAILS(EPERM, -1, mlock2(p, page_size(), MLOCK_ONFAULT));
}

CASE(eperm, DOCUMENTED, "mlock2() by an ordinary user with RLIMIT_MEMLOCK 0 fails with EPERM", "Linux 4.4 mlock(2)",
    NEEDS_MLOCK2, NEEDS_PLAIN_USER, COVERS("mlock2.eperm"))
{
	as_user(plain_user(), lock_with_limit_zero, NULL);
}

CASE(no_stacking, DOCUMENTED, "Pages that mlock2() locks again, with another flag too, count once",
    "Linux 4.4 mlock(2)", NEEDS_MLOCK2, NEEDS_COUNT_OF_LOCKS, COVERS("mlock2.no_double_charge"))
{
	char *p = map_anonymous(4 * page_size(), MAP_SHARED);
	long before = locked_bytes();
	REQUIRE(mlock2(p, 3 * page_size(), MLOCK_ONFAULT) == 0);

	CHECK_SUCCEEDS(mlock2(p, 4 * page_size(), MLOCK_ONFAULT));
	CHECK_SUCCEEDS(mlock2(p, 4 * page_size(), 0));
	CHECK_EQ(before + (long)(4 * page_size()), locked_bytes());

	CHECK_SUCCEEDS(munlock(p, 4 * page_size()));
	CHECK_EQ(before, locked_bytes());
}
