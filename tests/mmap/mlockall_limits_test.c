/* SPDX-License-Identifier: BSD-2-Clause */

/* RLIMIT_MEMLOCK and mlockall(): what a process may lock, and what becomes of its locks when that is too little. */

#include <unistd.h>

#include <sys/resource.h>

#include "case.h"
#include "file.h"
#include "mapping.h"
#include "process.h"

INTERFACE(mlockall, NEEDS_LOCKS)

static void
lock_all_above_limit(void *pages_allowed)
{
	const rlim_t allowed = *(size_t *)pages_allowed * page_size();
	limit_to(RLIMIT_MEMLOCK, allowed);

	errno = 0;
	int result = mlockall(MCL_CURRENT);
	int error = errno;

	need(result == 0 || error != ENOSYS, "no mlockall() here: ENOSYS");
	if (result != 0) {
		CHECK(error == ENOMEM || error == EAGAIN || error == EPERM);
		if (locked_bytes() != -1)
			CHECK_EQ(0, locked_bytes());
	}
	observed(allowed == 0 ? "mlockall-with-limit-0" : "mlockall-above-limit", "%s",
	    result == 0 ? "works" : errno_name(error));
}

CASE(limit, MAY,
    "mlockall() by an ordinary user above RLIMIT_MEMLOCK works or fails with ENOMEM, EAGAIN or EPERM and locks nothing",
    "POSIX.1-2017 mlockall() ERRORS", "POSIX.1-2024 mlockall() ERRORS",
    CHOICE("Linux mlock(2)", "mlockall-above-limit", "ENOMEM"),
    CHOICE("FreeBSD mlockall(2)", "mlockall-above-limit", "ENOMEM or EPERM"),
    CHOICE("NetBSD mlockall(2)", "mlockall-above-limit", "ENOMEM or EPERM"),
    CHOICE("OpenBSD mlockall(2)", "mlockall-above-limit", "ENOMEM or EPERM"),
    CHOICE("DragonFly mlockall(2)", "mlockall-above-limit", "ENOMEM or EPERM"),
    CHOICE("illumos mlockall(3C)", "mlockall-above-limit", "EPERM"), NEEDS_PLAIN_USER,
    COVERS("mlockall.over_rlimit mlockall.fail_unchanged"))
{
	size_t pages = 2;

	as_user(plain_user(), lock_all_above_limit, &pages);
}

CASE(eperm, MAY,
    "mlockall() by an ordinary user with RLIMIT_MEMLOCK 0 works or fails with EPERM, ENOMEM or EAGAIN and locks "
    "nothing",
    "POSIX.1-2017 mlockall() ERRORS", "POSIX.1-2024 mlockall() ERRORS",
    CHOICE("Linux mlock(2)", "mlockall-with-limit-0", "EPERM"),
    CHOICE("FreeBSD mlockall(2)", "mlockall-with-limit-0", "ENOMEM or EPERM"),
    CHOICE("NetBSD mlockall(2)", "mlockall-with-limit-0", "ENOMEM or EPERM"),
    CHOICE("OpenBSD mlockall(2)", "mlockall-with-limit-0", "ENOMEM or EPERM"),
    CHOICE("DragonFly mlockall(2)", "mlockall-with-limit-0", "ENOMEM or EPERM"),
    CHOICE("illumos mlockall(3C)", "mlockall-with-limit-0", "EPERM"), NEEDS_PLAIN_USER, COVERS("mlockall.eperm"))
{
	size_t pages = 0;

	as_user(plain_user(), lock_all_above_limit, &pages);
}

static void
fail_with_old_lock(void *arg)
{
	struct memory *m = arg;
	char *other = m->start + page_size();
	limit_to(RLIMIT_MEMLOCK, 2 * page_size());
	REQUIRE(mlock(m->start, page_size()) == 0);

	int result = mlockall(MCL_CURRENT);
	need(result == -1, "mlockall() locks more than RLIMIT_MEMLOCK here");

	observed("lock-after-failed-mlockall", "%s", range_is_locked(m->start, page_size()) ? "stays" : "is gone");
	CHECK(!range_is_locked(other, page_size()));
	CHECK_PATTERN('m', m->start, m->size);
	CHECK_SUCCEEDS(munlockall());
	CHECK(!range_is_locked(m->start, page_size()));
}

CASE(lock_after_failure, MAY,
    "A mlockall() that fails leaves or ends the locks that there are, and makes no others; munlockall() ends them",
    "POSIX.1-2017 mlockall() RETURN VALUE", "POSIX.1-2024 mlockall() RETURN VALUE",
    CHOICE("Linux mlock(2)", "lock-after-failed-mlockall", "stays"), NEEDS_LOCKABLE_PAGES(2), NEEDS_STATE_OF_LOCKS,
    NEEDS_PLAIN_USER, COVERS("mlockall.fail_old_locks"))
{
	struct memory m = { .size = 2 * page_size(), .fd = nameless_file(2 * page_size()), .id = -1 };
	m.start = map_shared(m.fd, m.size);
	pattern_store('m', m.start, m.size);

	as_user(plain_user(), fail_with_old_lock, &m);
}

/* The error with which pages of shared memory are refused, or 0. */
static int
error_of_map(size_t pages, int flags)
{
	void *p = mmap(NULL, pages * page_size(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | flags, -1, 0);

	return p == MAP_FAILED ? errno : 0;
}

static void
map_above_limit_on_fault(void *unused)
{
	(void)unused;
	limit_to(RLIMIT_MEMLOCK, 4 * page_size());
	int all = mlockall(MCL_FUTURE | MCL_ONFAULT);
	need(all == 0, "may not lock future mappings: mlockall() gives %s", errno_name(errno));

	int above = error_of_map(8, MAP_POPULATE);
	int untouched = error_of_map(8, 0);
	int below = error_of_map(2, MAP_POPULATE);
	long locked = locked_bytes();

	REQUIRE(munlockall() == 0); /* what reports a failure may need memory */
	CHECK_RETURNS_ERROR(EAGAIN, above);
	CHECK_RETURNS_ERROR(EAGAIN, untouched);
	CHECK_RETURNS_ERROR(0, below);
	CHECK(locked >= (long)(2 * page_size())); /* what tells it may have needed memory, too */
	CHECK_RETURNS_ERROR(0, error_of_map(8, MAP_POPULATE));
}

CASE(onfault_limit, DOCUMENTED,
    "With MCL_FUTURE and MCL_ONFAULT a mapping above RLIMIT_MEMLOCK fails with EAGAIN, one below it works",
    "Linux 4.4 mlock(2)", "Linux 4.4 mmap(2)", NEEDS_LOCKABLE_PAGES(4), NEEDS_COUNT_OF_LOCKS, NEEDS_PLAIN_USER,
    COVERS("mlockall.onfault_limit"))
{
	as_user(plain_user(), map_above_limit_on_fault, NULL);
}
