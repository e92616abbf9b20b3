/* SPDX-License-Identifier: BSD-2-Clause */

/* Ranges that are locked: of every length, of every kind of memory, without access, cut off, locked already. */

#include <stdint.h>

#include "case.h"
#include "existing_memory.h"
#include "fault.h"
#include "interruption.h"
#include "large_memory.h"
#include "mapping.h"
#include "memory_cases.h"
#include "process.h"

INTERFACE(mlock)

CASE_FOR_EACH_EXISTING_MEMORY(locks_large, SHALL,
    "3 MiB of each kind of memory can be locked as a whole and in parts of any length, and keep what they have",
    "POSIX.1-2017 mlock() DESCRIPTION", "POSIX.1-2024 mlock() DESCRIPTION", "Linux mlock(2)", "FreeBSD mlock(2)",
    "NetBSD mlock(2)", "OpenBSD mlock(2)", "DragonFly mlock(2)", "macOS mlock(2)", "illumos mlock(3C)", NEEDS_LOCKS,
    COVERS("mlock.ok_lengths mlock.clip"))
{
	need_lockable(large_size());
	long before = locked_bytes();
	struct existing_memory m = large_memory(kind, true);
	if (kind == NO_ACCESS) { /* it gets access first: the case no_access does without */
		REQUIRE(mprotect(m.at, large_size(), PROT_READ | PROT_WRITE) == 0);
		m.kind = ANONYMOUS_PRIVATE;
	}

	for (size_t size = 1; size < large_size(); size *= 2)
		CHECK_SUCCEEDS(mlock(m.at + page_size(), size));
	CHECK_SUCCEEDS(mlock(m.at, large_size()));
	if (before != -1)
		CHECK_EQ(before + (long)large_size(), locked_bytes());
	CHECK_STAYS(&m);

	CHECK_SUCCEEDS(munlock(m.at + large_place(1), 2 * page_size()));
	CHECK_SUCCEEDS(munlock(m.at, page_size()));
	if (before != -1)
		CHECK_EQ(before + (long)(large_size() - 3 * page_size()), locked_bytes());
	CHECK_SUCCEEDS(munlock(m.at, large_size()));
	if (before != -1)
		CHECK_EQ(before, locked_bytes());
	CHECK_SHARED_AS_BEFORE(&m);
}

CASE(write_only, SHALL, "Memory that can be stored to and not, as far as is asked for, loaded from can be locked",
    "POSIX.1-2017 mlock() DESCRIPTION", "POSIX.1-2024 mlock() DESCRIPTION", "Linux mlock(2)", NEEDS_LOCKABLE_PAGES(2),
    COVERS("mlock.write_only_map"))
{
	char *p = mmap(NULL, 2 * page_size(), PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	REQUIRE(p != MAP_FAILED);

	CHECK_SUCCEEDS(mlock(p, 2 * page_size()));
	CHECK_EQ(0, fault_of_store(&p[page_size()], 's').signal);
	CHECK_SUCCEEDS(munlock(p, 2 * page_size()));
}

CASE(no_access, OBSERVED, "mlock() of memory with PROT_NONE works or fails with ENOMEM, EAGAIN or EINVAL",
    "POSIX.1-2017 mlock() ERRORS", "POSIX.1-2024 mlock() ERRORS", NEEDS_LOCKABLE_PAGES(2), COVERS("mlock.prot_none"))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);
	long before = locked_bytes();
	pattern_store('p', p, 2 * page_size());
	REQUIRE(mprotect(p, 2 * page_size(), PROT_NONE) == 0);

	errno = 0;
	int result = mlock(p, 2 * page_size());
	int error = errno;

	observed("mlock-without-access", "%s", result == 0 ? "works" : errno_name(error));
	CHECK(result == 0 || error == ENOMEM || error == EAGAIN || error == EINVAL);
	CHECK(load_is_refused(p));
	CHECK_SUCCEEDS(munlock(p, 2 * page_size()));
	CHECK_EQ(before, locked_bytes());
	REQUIRE(mprotect(p, 2 * page_size(), PROT_READ) == 0);
	CHECK_PATTERN('p', p, 2 * page_size());
}

CASE(cut_off, SHALL,
    "Locked pages of a file or object that is cut off can be unlocked, and read as zeros when it grows again",
    "POSIX.1-2017 mlock() DESCRIPTION", "POSIX.1-2017 ftruncate() DESCRIPTION", NEEDS_LOCKABLE_PAGES(4),
    COVERS("mlock.truncate_regrow munlock.after_truncate"))
{
	int fd = nameless_file(3 * page_size());
	char *p = map_shared(fd, 3 * page_size());
	long before = locked_bytes();
	pattern_store('f', p, 3 * page_size());
	REQUIRE(mlock(p, 3 * page_size()) == 0);

	set_size(fd, 0);
	set_size(fd, (off_t)(3 * page_size()));
	CHECK_BYTES(0, p, 3 * page_size());
	CHECK_STORE_OK(p);

	set_size(fd, 0);
	CHECK_SUCCEEDS(munlock(p, 3 * page_size()));
	CHECK_EQ(before, locked_bytes());
}

CASE(behind_end, OBSERVED, "mlock() of a page behind the end of a file locks it or fails with ENOMEM, EAGAIN or EINVAL",
    "POSIX.1-2017 mlock() ERRORS", "POSIX.1-2024 mlock() ERRORS", NEEDS_LOCKABLE_PAGES(2))
{
	int fd = nameless_file_with_pattern(1);
	char *p = map_shared(fd, 2 * page_size());

	errno = 0;
	int error = mlock(p, 2 * page_size()) == 0 ? 0 : errno;

	observed("mlock-behind-end", "%s", error == 0 ? "works" : errno_name(error));
	CHECK(error == 0 || error == ENOMEM || error == EAGAIN || error == EINVAL);
	CHECK_SUCCEEDS(munlock(p, page_size()));
	CHECK_PATTERN('f', p, page_size());
}

CASE(locked_by_flag, DOCUMENTED,
    "munlock() ends the lock of MAP_LOCKED or MAP_WIRED, also when mlock() has locked again", "Linux mmap(2)",
    "Linux mlock(2)", "NetBSD mmap(2)", NEEDS_LOCKABLE_PAGES(2), NEEDS_STATE_OF_LOCKS, COVERS("mlock.already_locked"))
{
	int fd = nameless_file(2 * page_size());
	char *p = mmap(NULL, 2 * page_size(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_LOCKED, fd, 0);
	REQUIRE(p != MAP_FAILED);

	CHECK(range_is_locked(&p[page_size()], page_size()));
	CHECK_SUCCEEDS(mlock(p, 2 * page_size()));
	CHECK_SUCCEEDS(munlock(p, 2 * page_size()));
	CHECK(!range_is_locked(p, 2 * page_size()));
}

CASE(length_zero, OBSERVED,
    "mlock() and munlock() with a length of zero succeed or fail with EINVAL or ENOMEM, and change no lock",
    "POSIX.1-2017 mlock() DESCRIPTION", "POSIX.1-2024 mlock() DESCRIPTION", NEEDS_LOCKABLE_PAGES(2),
    NEEDS_STATE_OF_LOCKS, COVERS("mlock.len0"))
{
	int fd = nameless_file(2 * page_size());
	char *p = map_shared(fd, 2 * page_size());
	REQUIRE(mlock(p, page_size()) == 0);

	errno = 0;
	int lock = mlock(&p[page_size()], 0) == 0 ? 0 : errno;
	int unlock = munlock(p, 0) == 0 ? 0 : errno;

	observed("mlock-of-nothing", "%s", lock == 0 ? "works" : errno_name(lock));
	observed("munlock-of-nothing", "%s", unlock == 0 ? "works" : errno_name(unlock));
	CHECK(lock == 0 || lock == EINVAL || lock == ENOMEM);
	CHECK(unlock == 0 || unlock == EINVAL || unlock == ENOMEM);
	CHECK(range_is_locked(p, page_size()));
	CHECK(!range_is_locked(&p[page_size()], page_size()));
}

CASE(outside_space, SHALL,
    "mlock() and munlock() at the address zero and at the last "
    "page, where nothing is mapped, fail with ENOMEM or EINVAL",
    "POSIX.1-2017 mlock() ERRORS", "POSIX.1-2024 mlock() ERRORS", NEEDS_LOCKABLE_PAGES(1),
    COVERS("mlock.null mlock.range"))
{
	long before = locked_bytes();

	CHECK_FAILS_IN(ENOMEM, EINVAL, 0, -1, mlock(NULL, page_size()));
	CHECK_FAILS_IN(ENOMEM, EINVAL, 0, -1, munlock(NULL, page_size()));
	CHECK_FAILS_IN(ENOMEM, EINVAL, 0, -1, mlock(address_of_kernel(), page_size()));
	CHECK_FAILS_IN(ENOMEM, EINVAL, 0, -1, munlock(address_of_kernel(), page_size()));
	CHECK_EQ(before, locked_bytes());
}

static void
lock_and_hold(void *memory)
{
	const struct memory *m = memory;

	REQUIRE(mlock(m->start, m->size) == 0);
	pause_for_parent();
	CHECK(range_is_locked(m->start, m->size));
}

/* A child locks what this process locks; what ends the locks here leaves those of the child. */
static void
unlock_beside_child(memory_kind *kind, int (*unlock)(const struct memory *))
{
	struct memory m = memory_create(kind, page_size());
	struct child c = child_start(lock_and_hold, &m);

	child_reaches_pause(&c);
	REQUIRE(mlock(m.start, m.size) == 0);
	CHECK_SUCCEEDS(unlock(&m));
	CHECK(!range_is_locked(m.start, m.size));
	child_goes_on(&c);
	child_exits(&c);
}

static int
unlock_range(const struct memory *m)
{
	return munlock(m->start, m->size);
}

static int
unlock_all(const struct memory *m)
{
	(void)m;
	return munlockall();
}

CASE_FOR_EACH_MEMORY(other_process_keeps_locks, SHALL,
    "munlock() in one process leaves the locks that another has on the same pages", "POSIX.1-2017 mlock() DESCRIPTION",
    "POSIX.1-2024 mlock() DESCRIPTION", "Linux mlock(2)", "FreeBSD mlock(2)", "NetBSD mlock(2)", "OpenBSD mlock(2)",
    "DragonFly mlock(2)", "macOS mlock(2)", "illumos mlock(3C)", NEEDS_LOCKABLE_PAGES(2), NEEDS_STATE_OF_LOCKS,
    COVERS("munlock.other_process BS97"))
{
	unlock_beside_child(kind, unlock_range);
}

CASE(other_process_keeps_locks__munlockall, SHALL,
    "munlockall() in one process leaves the locks that another has on the same pages",
    "POSIX.1-2017 mlockall() DESCRIPTION", "POSIX.1-2024 mlockall() DESCRIPTION", "Linux mlock(2)",
    NEEDS_LOCKABLE_PAGES(2), NEEDS_STATE_OF_LOCKS, COVERS("munlockall.other_process"))
{
	unlock_beside_child(file_memory, unlock_all);
}

CASE(failure_unlocks_nothing, SHALL, "munlock() that fails with ENOMEM for a hole in the range changes no lock",
    "POSIX.1-2017 mlock() RETURN VALUE", "POSIX.1-2024 mlock() RETURN VALUE", "Linux mlock(2)", NEEDS_LOCKABLE_PAGES(4),
    NEEDS_STATE_OF_LOCKS, COVERS("munlock.fail_unchanged BS95"))
{
	int fd = nameless_file(4 * page_size());
	char *p = map_shared(fd, 4 * page_size());
	REQUIRE(mlock(p, 4 * page_size()) == 0);
	unmap(&p[2 * page_size()], page_size());

	known_defect(NETBSD, "", "a hole behind the first page gives EINVAL, not ENOMEM",
	    "NetBSD sys/uvm/uvm_map.c uvm_map_pageable()");
	CHECK_FAILS(ENOMEM, -1, munlock(p, 4 * page_size()));

	CHECK(range_is_locked(&p[3 * page_size()], page_size()));
	CHECK_INSTEAD(LINUX, !range_is_locked(p, 2 * page_size()));
	known_defect(LINUX, "", "the pages before the hole are unlocked", "docs/findings.md");
	CHECK(range_is_locked(p, page_size()));
	CHECK(range_is_locked(&p[page_size()], page_size()));
}

CASE(unaligned_address__munlock, MAY,
    "munlock() at an address that is no multiple of the page size unlocks each page of the range, or fails with EINVAL",
    "POSIX.1-2017 mlock() ERRORS", "POSIX.1-2024 mlock() ERRORS",
    CHOICE("Linux mlock(2)", "unaligned-munlock", "works"), CHOICE("OpenBSD mlock(2)", "unaligned-munlock", "EINVAL"),
    CHOICE("DragonFly mlock(2)", "unaligned-munlock", "EINVAL"),
    CHOICE("macOS mlock(2)", "unaligned-munlock", "EINVAL"), CHOICE("illumos mlock(3C)", "unaligned-munlock", "EINVAL"),
    NEEDS_LOCKABLE_PAGES(3), COVERS("munlock.unaligned"))
{
	static const char rounds_down[] = "the address is rounded down";
	int fd = nameless_file(3 * page_size());
	char *p = map_shared(fd, 3 * page_size());
	pattern_store('m', p, 3 * page_size());
	REQUIRE(mlock(p, 3 * page_size()) == 0);

	errno = 0;
	int result = munlock(&p[page_size() - 1], 2); /* a byte of each of the first two pages */
	int error = errno;

	if (result != 0)
		CHECK_RETURNS_ERROR(EINVAL, error);
	if (msync_tells_locks()) {
		CHECK_EQ(result != 0, range_is_locked(p, page_size()));
		CHECK_EQ(result != 0, range_is_locked(&p[page_size()], page_size()));
		CHECK(range_is_locked(&p[2 * page_size()], page_size()));
	}
	CHECK_PATTERN('m', p, 3 * page_size());
	CHECK_INSTEAD(OPENBSD | DRAGONFLY | MACOS, result == 0);
	known_defect(OPENBSD, "", rounds_down, "OpenBSD sys/uvm/uvm_mmap.c sys_munlock()");
	known_defect(DRAGONFLY, "", rounds_down, "DragonFly sys/vm/vm_mmap.c sys_munlock()");
	known_defect(MACOS, "", rounds_down, "macOS bsd/kern/kern_mman.c munlock()");
	observed("unaligned-munlock", "%s", result == 0 ? "works" : errno_name(error));
}

enum { PAGES_AMONG_SIGNALS = 256, ROUNDS_AMONG_SIGNALS = 20, TRIES_AMONG_SIGNALS = 1000 };

/* Repeats the call while a signal interrupts it. */
static int
repeat_when_interrupted(int (*call)(const void *, size_t), const struct memory *m, bool *was_interrupted)
{
	for (int i = 0; i < TRIES_AMONG_SIGNALS; i++) {
		if (call(m->start, m->size) == 0)
			return 0;
		if (errno != EINTR && errno != EAGAIN)
			return errno;
		*was_interrupted = true;
	}
	return EINTR;
}

static void
lock_among_signals(void *memory)
{
	const struct memory *m = memory;
	long before = locked_bytes();
	bool was_interrupted = false;

	interruptions_begin();
	for (int i = 0; i < ROUNDS_AMONG_SIGNALS; i++) {
		CHECK_RETURNS_ERROR(0, repeat_when_interrupted(mlock, m, &was_interrupted));
		if (before != -1)
			CHECK_EQ(before + (long)m->size, locked_bytes());
		CHECK_RETURNS_ERROR(0, repeat_when_interrupted(munlock, m, &was_interrupted));
		if (before != -1)
			CHECK_EQ(before, locked_bytes());
	}
	interruptions_end();
	observed("mlock-among-signals", "%s", was_interrupted ? "is interrupted" : "works");
	CHECK_PATTERN('m', m->start, m->size / 2);
	CHECK_BYTES(0, m->start + m->size / 2, m->size / 2);
}

CASE_FOR_EACH_MEMORY(among_signals, OBSERVED,
    "mlock() and munlock() of 256 pages among signals work, or fail with EINTR or EAGAIN and work when repeated",
    "POSIX.1-2017 mlock() ERRORS", "POSIX.1-2024 mlock() ERRORS", NEEDS_LOCKABLE_PAGES(256))
{
	struct memory m = memory_create(kind, PAGES_AMONG_SIGNALS * page_size());
	pattern_store('m', m.start, m.size / 2); /* nobody has touched the rest */

	in_child(lock_among_signals, &m);
}
