/* SPDX-License-Identifier: BSD-2-Clause */

/* Locked memory that moves or is duplicated: which pages are locked afterwards. */

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "memory_cases.h"

INTERFACE(mremap, NEEDS_PLATFORM(LINUX), NEEDS_LOCKABLE_PAGES(8), NEEDS_COUNT_OF_LOCKS)

CASE_FOR_EACH_MEMORY(keeps_lock, DOCUMENTED, "Locked shared memory of each kind is locked where it has moved to",
    "Linux mremap(2)", COVERS("mremap.locked"))
{
	const size_t unit = attach_multiple();
	struct memory m = memory_create(kind, 2 * unit);
	long before = locked_bytes();
	char *to = free_range(2 * unit);
	pattern_store('m', m.start, m.size);
	REQUIRE(mlock(m.start, m.size) == 0);

	REQUIRE(mremap(m.start, m.size, m.size, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to);

	CHECK_EQ(before + (long)m.size, locked_bytes());
	CHECK(range_is_locked(to, unit));
	CHECK(range_is_locked(to + unit, unit));
	CHECK_PATTERN('m', to, m.size);
	CHECK_SUCCEEDS(munlock(to + unit, unit));
	CHECK_EQ(before + (long)unit, locked_bytes());
	unmap(to, m.size);
	CHECK_EQ(before, locked_bytes());
}

CASE_FOR_EACH_MEMORY(duplicate_keeps_lock, OBSERVED,
    "A duplicate of locked memory is locked or not, and to unlock it leaves the lock of what was there before",
    "Linux mremap(2)", COVERS("mremap.copy_locked mremap.shm_copy_locked"))
{
	struct memory m = memory_create(kind, attach_multiple());
	long before = locked_bytes();
	REQUIRE(mlock(m.start, m.size) == 0);

	char *copy = mremap(m.start, 0, m.size, MREMAP_MAYMOVE);
	REQUIRE(copy != MAP_FAILED);
	bool is_locked = range_is_locked(copy, m.size);

	observed("duplicate-of-locked", "%s", is_locked ? "locked" : "not locked");
	CHECK_EQ(before + (long)(is_locked ? 2 * m.size : m.size), locked_bytes());
	CHECK_SUCCEEDS(munlock(copy, m.size));
	CHECK(!range_is_locked(copy, m.size));
	CHECK(range_is_locked(m.start, m.size));
	CHECK_EQ(before + (long)m.size, locked_bytes());
	CHECK_SUCCEEDS(munlock(m.start, m.size));
	CHECK_EQ(before, locked_bytes());
}

/* Move one unit of two without unmapping it. */
static void
move_locked(char *p)
{
	const size_t unit = attach_multiple();
	long before = locked_bytes();
	REQUIRE(mlock(p, 2 * unit) == 0);
	pattern_store('p', p, 2 * unit);

	errno = 0;
	char *now = mremap(p + unit, unit, unit, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, (void *)NULL);
	int error = errno;
	long locked = locked_bytes() - before;

	observed("locked-after-dontunmap", "%s %ld units", now == MAP_FAILED ? errno_name(error) : "works,",
	    locked / (long)unit);
	CHECK(locked >= (long)unit);
	CHECK(locked <= (long)(3 * unit));
	CHECK_PATTERN('p', p, unit);
	CHECK_PATTERN_FROM('p', unit, now == MAP_FAILED ? p + unit : now, unit);
	REQUIRE(munlock(p, 2 * unit) == 0);
	if (now != MAP_FAILED) {
		CHECK_SUCCEEDS(munlock(now, unit));
		known_race(LINUX, "", "what has lost its lock still counts", "docs/findings.md");
	}
	CHECK_EQ(before, locked_bytes());
}

CASE(dontunmap_of_locked, OBSERVED,
    "MREMAP_DONTUNMAP of locked memory leaves the old range locked or not, and when all is unlocked nothing counts",
    "Linux 5.7 mremap(2)", COVERS("mremap.dontunmap_lock"))
{
	move_locked(map_anonymous(2 * attach_multiple(), MAP_PRIVATE));
}

CASE(dontunmap_of_locked__attachment, OBSERVED,
    "MREMAP_DONTUNMAP of a locked attachment leaves it locked or not, and when all is unlocked nothing counts",
    "Linux 5.7 mremap(2)", NEEDS_SEGMENTS, COVERS("mremap.shm_dontunmap_locked"))
{
	move_locked(memory_create(segment_memory, 2 * attach_multiple()).start);
}
