/* SPDX-License-Identifier: BSD-2-Clause */

/* Locking memory: which pages are locked, for how long, in which process, and how much may be. */

#include <stdint.h>
#include <unistd.h>

#include <sys/resource.h>

#include "case.h"
#include "fault.h"
#include "instrument.h"
#include "mapping.h"
#include "mapping_limit.h"
#include "memory_cases.h"
#include "object.h"
#include "program.h"

INTERFACE(mlock)

static void
hole_is_invalid(void)
{
	known_defect(NETBSD, "", "a hole behind the first page gives EINVAL, not ENOMEM",
	    "NetBSD sys/uvm/uvm_map.c uvm_map_pageable()");
}

static void
store_last_byte(void *memory)
{
	const struct memory *m = memory;

	m->start[m->size - 1] = 'c';
}

CASE_FOR_EACH_MEMORY(applies_to_shm, SHALL,
    "A part of shared memory of every kind can be locked and unlocked, and all of it stays usable by all processes",
    ALSO("mlock.locks-and-resident"), "POSIX.1-2017 mlock() DESCRIPTION", "POSIX.1-2024 mlock() DESCRIPTION",
    "Linux mlock(2)", "FreeBSD mlock(2)", "NetBSD mlock(2)", "OpenBSD mlock(2)", "DragonFly mlock(2)", "macOS mlock(2)",
    "illumos mlock(3C)", NEEDS_LOCKABLE_PAGES(2), COVERS("munlock.ok"))
{
	struct memory m = memory_create(kind, 3 * page_size());
	long before = locked_bytes();
	pattern_store('m', m.start, 2 * page_size()); /* all but the last page */

	CHECK_SUCCEEDS(mlock(&m.start[page_size()], 2 * page_size()));
	if (before != -1)
		CHECK_EQ(before + (long)(2 * page_size()), locked_bytes());
	CHECK_PATTERN('m', m.start, 2 * page_size());
	CHECK_BYTES(0, &m.start[2 * page_size()], page_size());
	CHECK_STORE_OK(&m.start[2 * page_size()]);
	in_child(store_last_byte, &m);
	CHECK_EQ('c', m.start[m.size - 1]);

	CHECK_SUCCEEDS(munlock(&m.start[page_size()], 2 * page_size()));
	if (before != -1)
		CHECK_EQ(before, locked_bytes());
	CHECK_PATTERN('m', m.start, 2 * page_size());
	CHECK_EQ('c', m.start[m.size - 1]);
}

CASE(whole_pages, SHALL, "Every page that holds a byte of the range is locked, and no other",
    "POSIX.1-2017 mlock() DESCRIPTION", "POSIX.1-2024 mlock() DESCRIPTION", "Linux mlock(2)", "FreeBSD mlock(2)",
    "NetBSD mlock(2)", "OpenBSD mlock(2)", "DragonFly mlock(2)", "macOS mlock(2)", NEEDS_LOCKABLE_PAGES(2),
    NEEDS_STATE_OF_LOCKS, COVERS("mlock.ret0 mlock.locked_probe"))
{
	struct file f = file_create(3 * page_size());
	char *p = map_shared(f.fd, 3 * page_size());

	CHECK_SUCCEEDS(mlock(p, 1));
	CHECK(range_is_locked(p, page_size()));
	CHECK(!range_is_locked(&p[page_size()], 2 * page_size()));

	CHECK_SUCCEEDS(mlock(p, page_size() + 1));
	CHECK(range_is_locked(&p[page_size()], page_size()));
	CHECK(!range_is_locked(&p[2 * page_size()], page_size()));
}

CASE(no_stacking, SHALL, "One munlock() unlocks a page, however often it was locked",
    "POSIX.1-2017 mlock() DESCRIPTION", "POSIX.1-2024 mlock() DESCRIPTION", "Linux mlock(2)", "illumos mlock(3C)",
    NEEDS_LOCKABLE_PAGES(1), NEEDS_STATE_OF_LOCKS, COVERS("munlock.no_nesting munlock.unlocked"))
{
	struct file f = file_create(page_size());
	char *p = map_shared(f.fd, page_size());
	long before = locked_bytes();

	CHECK_SUCCEEDS(mlock(p, page_size()));
	CHECK_SUCCEEDS(mlock(p, page_size()));
	CHECK(range_is_locked(p, page_size()));
	if (before != -1)
		CHECK_EQ(before + (long)page_size(), locked_bytes());

	CHECK_SUCCEEDS(munlock(p, page_size()));
	CHECK(!range_is_locked(p, page_size()));
	if (before != -1)
		CHECK_EQ(before, locked_bytes());
}

CASE(no_stacking__not_locked, SHALL, "munlock() of pages that are not locked succeeds and locks and changes nothing",
    "POSIX.1-2017 mlock() DESCRIPTION", "POSIX.1-2024 mlock() DESCRIPTION", NEEDS_LOCKABLE_PAGES(2),
    COVERS("munlock.not_locked"))
{
	long before = locked_bytes();
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);
	pattern_store('p', p, 2 * page_size());

	deviates(NETBSD | DRAGONFLY, "pages that are not locked give ENOMEM", "mlock(2) ERRORS");
	CHECK_SUCCEEDS(munlock(p, 2 * page_size()));
	REQUIRE(mlock(p, page_size()) == 0);
	CHECK_SUCCEEDS(munlock(p, 2 * page_size()));

	CHECK_EQ(before, locked_bytes());
	CHECK_PATTERN('p', p, 2 * page_size());
}

CASE(other_mappings_keep_locks, SHALL, "munlock() of one mapping leaves another mapping of the same page locked",
    "POSIX.1-2017 mlock() DESCRIPTION", "POSIX.1-2024 mlock() DESCRIPTION", "Linux mlock(2)", "FreeBSD mlock(2)",
    "NetBSD mlock(2)", "OpenBSD mlock(2)", "DragonFly mlock(2)", "macOS mlock(2)", "illumos mlock(3C)",
    NEEDS_LOCKABLE_PAGES(2), NEEDS_STATE_OF_LOCKS, COVERS("munlock.other_mapping BS98"))
{
	struct file f = file_create(page_size());
	char *p = map_shared(f.fd, page_size());
	char *alias = map_shared(f.fd, page_size());

	REQUIRE(mlock(p, page_size()) == 0);
	REQUIRE(mlock(alias, page_size()) == 0);
	CHECK_SUCCEEDS(munlock(p, page_size()));

	CHECK(!range_is_locked(p, page_size()));
	CHECK(range_is_locked(alias, page_size()));
}

CASE(enomem_unmapped, SHALL,
    "mlock() and munlock() of a range with a page that is not mapped fail with ENOMEM and change no byte",
    "POSIX.1-2017 mlock() ERRORS", "POSIX.1-2024 mlock() ERRORS", "Linux mlock(2)", "FreeBSD mlock(2)",
    "NetBSD mlock(2)", "OpenBSD mlock(2)", "DragonFly mlock(2)", "macOS mlock(2)", "illumos mlock(3C)",
    NEEDS_LOCKABLE_PAGES(3), COVERS("mlock.unmapped mlock.fail_minus1 munlock.unmapped munlock.fail_minus1"))
{
	hole_is_invalid();
	known_defect(MACOS, "", "munlock() passes over a hole behind the first page",
	    "macOS osfmk/vm/vm_map.c vm_map_unwire_nested()");
	for (size_t hole = 0; hole < 3; hole++) {
		char *p = map_anonymous(3 * page_size(), MAP_SHARED);
		pattern_store('p', p, 3 * page_size());
		unmap(&p[hole * page_size()], page_size());

		CHECK_FAILS(ENOMEM, -1, mlock(p, 3 * page_size()));
		CHECK_FAILS(ENOMEM, -1, munlock(p, 3 * page_size()));

		for (size_t i = 0; i < 3; i++)
			if (i != hole)
				CHECK_PATTERN_FROM('p', i * page_size(), &p[i * page_size()], page_size());
	}
}

CASE(failure_locks_nothing, SHALL, "mlock() that fails with ENOMEM for a hole in the range changes no lock",
    "POSIX.1-2017 mlock() RETURN VALUE", "POSIX.1-2024 mlock() RETURN VALUE", "Linux mlock(2)", "FreeBSD mlock(2)",
    "NetBSD mlock(2)", "OpenBSD mlock(2)", "DragonFly mlock(2)", "macOS mlock(2)", "illumos mlock(3C)",
    NEEDS_LOCKABLE_PAGES(7), NEEDS_STATE_OF_LOCKS, COVERS("mlock.fail_unchanged"))
{
	struct file f = file_create(5 * page_size());
	char *p = map_shared(f.fd, 5 * page_size());
	unmap(&p[2 * page_size()], page_size());
	REQUIRE(mlock(p, page_size()) == 0);
	REQUIRE(mlock(&p[3 * page_size()], page_size()) == 0);

	hole_is_invalid();
	CHECK_FAILS(ENOMEM, -1, mlock(p, 5 * page_size())); /* five pages beside the two are within the limit */

	CHECK(range_is_locked(p, page_size()));
	CHECK(range_is_locked(&p[3 * page_size()], page_size()));
	CHECK(!range_is_locked(&p[4 * page_size()], page_size()));
	CHECK_INSTEAD(LINUX, range_is_locked(&p[page_size()], page_size()));
	known_defect(LINUX, "", "the pages before the hole stay locked", "docs/findings.md");
	CHECK(!range_is_locked(&p[page_size()], page_size()));
}

static void
has_no_locks(void *start)
{
	CHECK(!range_is_locked(start, page_size()));
	if (locked_bytes() != -1)
		CHECK_EQ(0, locked_bytes());
}

CASE(fork_not_inherited, SHALL, "A child has none of its parent's memory locks, and the parent keeps them",
    "POSIX.1-2017 fork() DESCRIPTION", "Linux mlock(2)", "FreeBSD mlock(2)", "NetBSD mlock(2)", "OpenBSD mlock(2)",
    "DragonFly mlock(2)", "macOS mlock(2)", "illumos mlock(3C)", NEEDS_LOCKABLE_PAGES(1), NEEDS_STATE_OF_LOCKS,
    COVERS("fork.no_mlock_inherit BS42"))
{
	struct file f = file_create(page_size());
	char *p = map_shared(f.fd, page_size());
	REQUIRE(mlock(p, page_size()) == 0);

	in_child(has_no_locks, p);
	CHECK(range_is_locked(p, page_size()));
}

CASE(fork_not_inherited__object, SHALL,
    "A child has none of its parent's memory locks on an object, and the parent keeps them",
    "POSIX.1-2017 fork() DESCRIPTION", "Linux mlock(2)", "FreeBSD mlock(2)", "NetBSD mlock(2)", "OpenBSD mlock(2)",
    "DragonFly mlock(2)", "macOS mlock(2)", "illumos mlock(3C)", NEEDS_LOCKABLE_PAGES(1), NEEDS_STATE_OF_LOCKS,
    NEEDS_OBJECTS, COVERS("BS40"))
{
	char *p = map_shared(object_create(page_size()).fd, page_size());
	REQUIRE(mlock(p, page_size()) == 0);

	in_child(has_no_locks, p);
	CHECK(range_is_locked(p, page_size()));
}

static void
has_private_copy(void *start)
{
	CHECK_PATTERN('p', start, page_size());
	CHECK_BYTES(0, (char *)start + page_size(), page_size());
}

CASE(fork_not_inherited__private_copy, SHALL, "A child has what its parent has stored in private pages that are locked",
    "POSIX.1-2017 fork() DESCRIPTION", "Linux mlock(2)", NEEDS_LOCKABLE_PAGES(2))
{
	char *p = map_private(nameless_file(2 * page_size()), 2 * page_size());
	pattern_store('p', p, page_size());
	REQUIRE(mlock(p, 2 * page_size()) == 0);

	in_child(has_private_copy, p);

	CHECK_PATTERN('p', p, page_size());
}

PROGRAM(nothing_is_locked)
{
	CHECK_EQ(0, locked_bytes());
}

static void
lock_and_exec(void *start)
{
	REQUIRE(mlock(start, page_size()) == 0);
	CHECK_NE(0, locked_bytes());
	program_become("nothing_is_locked");
}

CASE(exec_unlocks, SHALL, "exec removes the memory locks of the process", "POSIX.1-2017 mlock() DESCRIPTION",
    "POSIX.1-2024 mlock() DESCRIPTION", "POSIX.1-2017 exec DESCRIPTION", "Linux mlock(2)", NEEDS_LOCKABLE_PAGES(1),
    NEEDS_COUNT_OF_LOCKS, COVERS("mlock.until_exec BS41 BS96"))
{
	in_child(lock_and_exec, map_anonymous(page_size(), MAP_SHARED));
}

CASE(wrap_around_einval, DOCUMENTED,
    "mlock() and munlock() of a range that wraps around fail with EINVAL, on Linux mlock() above the limit with ENOMEM",
    "Linux mlock(2)", "FreeBSD mlock(2)", "OpenBSD mlock(2)", "DragonFly mlock(2)", "macOS mlock(2)",
    NEEDS_LOCKABLE_PAGES(1), COVERS("mlock.overflow"))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);
	size_t size = SIZE_MAX - 8 * page_size() + 1;

	CHECK_FAILS_IN(EINVAL, platform_is(LINUX) ? ENOMEM : 0, 0, -1, mlock(p, size));
	if (sizeof(size_t) == 8)
		CHECK_FAILS(EINVAL, -1, munlock(p, size));
	else /* a kernel of wider words sees no wrap */
		CHECK_FAILS_IN(EINVAL, ENOMEM, 0, -1, munlock(p, size));
}

/* By an ordinary user: for root there is no limit. */
static void
lock_more_than_limit(void *pages_allowed)
{
	const rlim_t allowed = *(size_t *)pages_allowed * page_size();
	char *p = map_anonymous(4 * page_size(), MAP_SHARED);
	limit_to(RLIMIT_MEMLOCK, allowed);

	errno = 0;
	int result = mlock(p, 4 * page_size());
	int error = errno;

	if (result != 0) {
		CHECK(error == ENOMEM || error == EAGAIN || error == EPERM);
		if (locked_bytes() != -1)
			CHECK_EQ(0, locked_bytes());
	}
	CHECK_STORE_OK(&p[4 * page_size() - 1]);
	observed(
	    allowed == 0 ? "mlock-with-limit-0" : "mlock-above-limit", "%s", result == 0 ? "works" : errno_name(error));
}

CASE(limit_enomem, MAY,
    "mlock() by an ordinary user above RLIMIT_MEMLOCK works or fails with ENOMEM, EAGAIN or EPERM and locks nothing",
    "POSIX.1-2017 mlock() ERRORS", "POSIX.1-2024 mlock() ERRORS",
    CHOICE("Linux mlock(2)", "mlock-above-limit", "ENOMEM"),
    CHOICE("FreeBSD mlock(2)", "mlock-above-limit", "ENOMEM or EPERM"),
    CHOICE("NetBSD mlock(2)", "mlock-above-limit", "EAGAIN or EPERM"),
    CHOICE("OpenBSD mlock(2)", "mlock-above-limit", "EAGAIN"),
    CHOICE("DragonFly mlock(2)", "mlock-above-limit", "EPERM"), CHOICE("macOS mlock(2)", "mlock-above-limit", "EAGAIN"),
    CHOICE("illumos mlock(3C)", "mlock-above-limit", "EPERM"), NEEDS_LOCKABLE_PAGES(2), NEEDS_PLAIN_USER,
    COVERS("mlock.over_rlimit mlock.over_rlimit_eagain"))
{
	size_t pages = 2;

	as_user(plain_user(), lock_more_than_limit, &pages);
}

CASE(eperm, MAY,
    "mlock() by an ordinary user with RLIMIT_MEMLOCK 0 works or fails with EPERM, ENOMEM or EAGAIN and locks nothing",
    "POSIX.1-2017 mlock() ERRORS", "POSIX.1-2024 mlock() ERRORS",
    CHOICE("Linux mlock(2)", "mlock-with-limit-0", "EPERM"),
    CHOICE("FreeBSD mlock(2)", "mlock-with-limit-0", "ENOMEM or EPERM"),
    CHOICE("NetBSD mlock(2)", "mlock-with-limit-0", "EAGAIN or EPERM"),
    CHOICE("OpenBSD mlock(2)", "mlock-with-limit-0", "EAGAIN"),
    CHOICE("DragonFly mlock(2)", "mlock-with-limit-0", "EPERM"),
    CHOICE("macOS mlock(2)", "mlock-with-limit-0", "EAGAIN"),
    CHOICE("illumos mlock(3C)", "mlock-with-limit-0", "EPERM"), NEEDS_LOCKS, NEEDS_PLAIN_USER, COVERS("mlock.eperm"))
{
	size_t pages = 0;

	as_user(plain_user(), lock_more_than_limit, &pages);
}

/* A limit in the middle of the second page. */
static void
lock_up_to_odd_limit(void *unused)
{
	(void)unused;
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);
	limit_to(RLIMIT_MEMLOCK, 2 * page_size() - 1);

	CHECK_SUCCEEDS(mlock(p, page_size()));
	CHECK_FAILS(ENOMEM, -1, mlock(p, 2 * page_size()));
	CHECK_EQ(page_size(), locked_bytes());
}

CASE(limit_is_of_whole_pages, DOCUMENTED,
    "RLIMIT_MEMLOCK of an ordinary user counts rounded down to pages: one more page cannot be locked",
    "Linux getrlimit(2)", NEEDS_LOCKABLE_PAGES(2), NEEDS_PLAIN_USER, NEEDS_COUNT_OF_LOCKS)
{
	as_user(plain_user(), lock_up_to_odd_limit, NULL);
}

static void
lock_without_limit(void *start)
{
	limit_to(RLIMIT_MEMLOCK, 0);

	CHECK_SUCCEEDS(mlock(start, 2 * page_size()));
	if (locked_bytes() != -1)
		CHECK_EQ(2 * page_size(), locked_bytes());
}

CASE(privileged_has_no_limit, DOCUMENTED, "RLIMIT_MEMLOCK does not limit what a process with CAP_IPC_LOCK locks",
    "Linux 2.6.9 mlock(2)", "Linux getrlimit(2)", NEEDS_LOCKS, NEEDS_CAPABILITY_OF_SYSTEM(IPC_LOCK))
{
	in_child(lock_without_limit, map_anonymous(2 * page_size(), MAP_SHARED));
}

CASE(unaligned_address, MAY,
    "mlock() at an address that is no multiple of the page size locks each page of the range, or fails with EINVAL",
    "POSIX.1-2017 mlock() ERRORS", "POSIX.1-2024 mlock() ERRORS", CHOICE("Linux mlock(2)", "unaligned-mlock", "works"),
    CHOICE("NetBSD mlock(2)", "unaligned-mlock", "works"), CHOICE("OpenBSD mlock(2)", "unaligned-mlock", "EINVAL"),
    CHOICE("DragonFly mlock(2)", "unaligned-mlock", "EINVAL"), CHOICE("macOS mlock(2)", "unaligned-mlock", "EINVAL"),
    CHOICE("illumos mlock(3C)", "unaligned-mlock", "EINVAL"), NEEDS_LOCKABLE_PAGES(2), COVERS("mlock.unaligned"))
{
	static const char rounds_down[] = "the address is rounded down";
	struct file f = file_create(2 * page_size());
	char *p = map_shared(f.fd, 2 * page_size());

	errno = 0;
	int result = mlock(&p[page_size() - 1], 2); /* a byte of each page */
	int error = errno;

	if (result != 0)
		CHECK_RETURNS_ERROR(EINVAL, error);
	if (msync_tells_locks()) {
		CHECK_EQ(result == 0, range_is_locked(p, page_size()));
		CHECK_EQ(result == 0, range_is_locked(&p[page_size()], page_size()));
	}
	CHECK_INSTEAD(OPENBSD | DRAGONFLY | MACOS, result == 0);
	known_defect(OPENBSD, "", rounds_down, "OpenBSD sys/uvm/uvm_mmap.c sys_mlock()");
	known_defect(DRAGONFLY, "", rounds_down, "DragonFly sys/vm/vm_mmap.c sys_mlock()");
	known_defect(MACOS, "", rounds_down, "macOS bsd/kern/kern_mman.c mlock()");
	observed("unaligned-mlock", "%s", result == 0 ? "works" : errno_name(error));
}

CASE(enomem_too_many_parts, DOCUMENTED,
    "mlock() or munlock() inside a mapping fails with ENOMEM when its parts would be too many mappings",
    "Linux mlock(2)", NEEDS_LOCKABLE_PAGES(4), NEEDS_NO_INSTRUMENT(THREAD_SANITIZER | VALGRIND))
{
	char *p = map_anonymous(6 * page_size(), MAP_SHARED);
	char *locked = &p[3 * page_size()];
	REQUIRE(mlock(locked, 3 * page_size()) == 0);
	struct mappings m = map_up_to_limit();

	CHECK_FAILS(ENOMEM, -1, mlock(&p[page_size()], page_size()));
	CHECK_FAILS(ENOMEM, -1, munlock(&locked[page_size()], page_size()));

	unmap(m.start, m.size);
	CHECK_SUCCEEDS(mlock(&p[page_size()], page_size()));
	CHECK_SUCCEEDS(munlock(&locked[page_size()], page_size()));
}
