/* SPDX-License-Identifier: BSD-2-Clause */

/* Locking all memory of a process, what it has and what it will have. A child makes each call, not the case itself. */

#include <unistd.h>

#include <sys/resource.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "object.h"
#include "program.h"
#include "segment.h"

INTERFACE(mlockall, NEEDS_LOCKS)

/* In a child. Many systems do not let ordinary users, and root in a container, lock a whole process. */
static void
lock_all(int flags)
{
	if (mlockall(flags) == 0)
		return;

	int error = errno;
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	limit_to(RLIMIT_MEMLOCK, 0);
	bool has_limit = mlock(p, page_size()) == -1;
	need(!has_limit, "may not lock all memory: mlockall() gives %s", errno_name(error));
	end_failed("mlockall(%d) of a process without a limit of locks: %s", flags, errno_name(error));
}

static void
refused_flags(void *unused)
{
	(void)unused;
	long before = locked_bytes();
	need(mlockall(0) != -1 || errno != ENOSYS, "no mlockall() here: ENOSYS");

	CHECK_FAILS(EINVAL, -1, mlockall(0));
	CHECK_INSTEAD(DRAGONFLY, mlockall(MCL_FUTURE | 1 << 30) == 0);
	known_defect(
	    DRAGONFLY, "", "unknown flags beside a known one are ignored", "DragonFly sys/vm/vm_mmap.c sys_mlockall()");
	CHECK_FAILS(EINVAL, -1, mlockall(1 << 24));
	CHECK_FAILS(EINVAL, -1, mlockall(MCL_FUTURE | 1 << 30));
	CHECK_EQ(before, locked_bytes());
}

CASE(einval_flags, SHALL, "mlockall() with no flag or with one that does not exist fails with EINVAL and locks nothing",
    "POSIX.1-2017 mlockall() ERRORS", "POSIX.1-2024 mlockall() ERRORS", "Linux mlock(2)", "FreeBSD mlockall(2)",
    "NetBSD mlockall(2)", "OpenBSD mlockall(2)", "DragonFly mlockall(2)", "illumos mlockall(3C)",
    COVERS("mlockall.flags0 mlockall.bad_flag mlockall.fail_minus1"))
{
	in_child(refused_flags, NULL);
}

static void
lock_current(void *arg)
{
	struct memory *m = arg;
	long before = locked_bytes();

	lock_all(MCL_CURRENT);
	long locked = locked_bytes();
	CHECK(locked >= before + (long)m->size);

	unmap(m->start, m->size);
	CHECK(locked_bytes() <= locked - (long)m->size); /* it was among them */
}

CASE(current, SHALL, "mlockall() with MCL_CURRENT locks what is mapped, shared memory that nobody has touched included",
    "POSIX.1-2017 mlockall() DESCRIPTION", "POSIX.1-2024 mlockall() DESCRIPTION", "Linux mlock(2)",
    "FreeBSD mlockall(2)", "NetBSD mlockall(2)", "OpenBSD mlockall(2)", "illumos mlockall(3C)", NEEDS_OBJECTS,
    NEEDS_COUNT_OF_LOCKS, COVERS("mlockall.flags mlockall.current_shm"))
{
	struct memory m = memory_create(object_memory, 16 * page_size());

	in_child(lock_current, &m);
}

static void
lock_future(void *arg)
{
	int fd = *(int *)arg;
	char *old = map_shared(fd, 4 * page_size());

	lock_all(MCL_FUTURE);
	long before = locked_bytes();
	char *p = map_shared(fd, 4 * page_size());
	long after = locked_bytes();

	CHECK(after >= before + (long)(4 * page_size()));
	unmap(p, 4 * page_size());
	CHECK_EQ(after - (long)(4 * page_size()), locked_bytes());
	unmap(old, 4 * page_size());
	CHECK_EQ(after - (long)(4 * page_size()), locked_bytes()); /* what was there before was not locked */
}

CASE(future, SHALL, "mlockall() with MCL_FUTURE alone locks the mappings made later and not those that exist",
    "POSIX.1-2017 mlockall() DESCRIPTION", "POSIX.1-2024 mlockall() DESCRIPTION", "Linux mlock(2)",
    "FreeBSD mlockall(2)", "NetBSD mlockall(2)", "OpenBSD mlockall(2)", "DragonFly mlockall(2)", "illumos mlockall(3C)",
    NEEDS_OBJECTS, NEEDS_LOCKABLE_PAGES(4), NEEDS_COUNT_OF_LOCKS, COVERS("mlockall.future"))
{
	struct object o = object_create(4 * page_size());

	in_child(lock_future, &o.fd);
}

static void
attach_locked(void *id)
{
	lock_all(MCL_FUTURE);
	long before = locked_bytes();
	char *p = segment_attach(*(int *)id, NULL, 0);

	CHECK_EQ(before + (long)(2 * page_size()), locked_bytes());
	CHECK_PATTERN('s', p, 2 * page_size());
	CHECK_STORE_OK(&p[2 * page_size() - 1]);
	/* A C library or an emulator may have taken memory for itself meanwhile. */
	long attached = locked_bytes();
	CHECK_SUCCEEDS(shmdt(p));
	CHECK_EQ(attached - (long)(2 * page_size()), locked_bytes());
}

CASE(future__segment, SHALL, "MCL_FUTURE locks a segment that is attached later, until it is detached",
    "POSIX.1-2017 mlockall() DESCRIPTION", "POSIX.1-2024 mlockall() DESCRIPTION", "Linux mlock(2)",
    "FreeBSD mlockall(2)", "NetBSD mlockall(2)", "OpenBSD mlockall(2)", "DragonFly mlockall(2)", "illumos mlockall(3C)",
    NEEDS_SEGMENTS, NEEDS_LOCKABLE_PAGES(2), NEEDS_COUNT_OF_LOCKS, COVERS("BS101"))
{
	int id = segment_create(2 * page_size());
	char *p = segment_attach(id, NULL, 0);
	pattern_store('s', p, 2 * page_size());

	in_child(attach_locked, &id);

	CHECK_EQ(1, segment_stat(id).shm_nattch);
}

static void
unlock_all(void *arg)
{
	struct memory *m = arg;

	lock_all(MCL_FUTURE);
	char *p = map_shared(m->fd, m->size);
	REQUIRE(mlock(m->start, page_size()) == 0);
	REQUIRE(locked_bytes() > 0);
	CHECK_SUCCEEDS(munlockall());
	CHECK_EQ(0, locked_bytes());

	map_shared(m->fd, m->size);
	CHECK_EQ(0, locked_bytes());
	CHECK_STORE_OK(&p[m->size - 1]);
}

CASE(munlockall_clears, SHALL, "munlockall() removes all locks, also those of mlock(), and ends MCL_FUTURE",
    "POSIX.1-2017 mlockall() DESCRIPTION", "POSIX.1-2024 mlockall() DESCRIPTION", "Linux mlock(2)",
    "FreeBSD mlockall(2)", "NetBSD mlockall(2)", "OpenBSD mlockall(2)", "DragonFly mlockall(2)", "illumos mlockall(3C)",
    NEEDS_OBJECTS, NEEDS_LOCKABLE_PAGES(3), NEEDS_COUNT_OF_LOCKS,
    COVERS("munlockall.all munlockall.future_off munlockall.ret0 BS99"))
{
	struct memory m = memory_create(object_memory, 2 * page_size());

	in_child(unlock_all, &m);
}

static void
child_maps(void *unused)
{
	(void)unused;
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);

	CHECK_STORE_OK(p);
	CHECK_EQ(0, locked_bytes());
}

static void
lock_future_and_fork(void *unused)
{
	(void)unused;
	lock_all(MCL_FUTURE);

	in_child(child_maps, NULL);
}

CASE(fork_not_inherited, DOCUMENTED, "A child made by fork does not inherit MCL_FUTURE", "Linux mlock(2)",
    "illumos mlockall(3C)", NEEDS_COUNT_OF_LOCKS)
{
	in_child(lock_future_and_fork, NULL);
}

PROGRAM(maps_without_lock)
{
	CHECK_STORE_OK(map_anonymous(2 * page_size(), MAP_SHARED));
	CHECK_EQ(0, locked_bytes());
}

static void
lock_future_and_exec(void *unused)
{
	(void)unused;
	lock_all(MCL_FUTURE);

	program_become("maps_without_lock");
}

CASE(exec_clears, DOCUMENTED, "exec ends MCL_FUTURE and removes all locks", "Linux mlock(2)", "FreeBSD mlockall(2)",
    "NetBSD mlockall(2)", "OpenBSD mlockall(2)", "DragonFly mlockall(2)", "illumos mlockall(3C)", NEEDS_COUNT_OF_LOCKS,
    COVERS("mlockall.until_exec"))
{
	in_child(lock_future_and_exec, NULL);
}

static void
lock_future_then_current(void *unused)
{
	(void)unused;
	lock_all(MCL_FUTURE);
	lock_all(MCL_CURRENT);
	long before = locked_bytes();

	map_anonymous(2 * page_size(), MAP_SHARED);
	CHECK_EQ(before, locked_bytes());
}

CASE(future_ends_without_flag, DOCUMENTED, "A further mlockall() without MCL_FUTURE ends it", "Linux mlock(2)",
    NEEDS_COUNT_OF_LOCKS, COVERS("mlockall.current_clears_future"))
{
	in_child(lock_future_then_current, NULL);
}

static void
onfault_alone(void *unused)
{
	(void)unused;
	CHECK_FAILS(EINVAL, -1, mlockall(MCL_ONFAULT));
	CHECK_EQ(0, locked_bytes());
}

CASE(onfault_alone_einval, DOCUMENTED, "mlockall() with MCL_ONFAULT alone fails with EINVAL and locks nothing",
    "Linux 4.4 mlock(2)", NEEDS_COUNT_OF_LOCKS)
{
	in_child(onfault_alone, NULL);
}

static void
lock_future_on_fault(void *unused)
{
	(void)unused;
	lock_all(MCL_FUTURE | MCL_ONFAULT);
	long before = locked_bytes();
	char *p = map_anonymous(4 * page_size(), MAP_SHARED);
	unsigned char resident[4] = { 0 };

	CHECK_EQ(before + (long)(4 * page_size()), locked_bytes());
	REQUIRE(mincore(p, 4 * page_size(), (void *)resident) == 0);
	for (int i = 0; i < 4; i++)
		CHECK_EQ(0, resident[i] & 1);
	p[page_size()] = 't';
	REQUIRE(mincore(p, 4 * page_size(), (void *)resident) == 0);
	CHECK_EQ(1, resident[1] & 1);
}

CASE(onfault_absent_until_touched, DOCUMENTED,
    "MCL_FUTURE with MCL_ONFAULT locks later mappings, but brings in only those of their pages that are accessed",
    "Linux 4.4 mlock(2)", NEEDS_LOCKABLE_PAGES(4), NEEDS_COUNT_OF_LOCKS, COVERS("mlockall.onfault"))
{
	in_child(lock_future_on_fault, NULL);
}

static void
lock_current_and_future(void *arg)
{
	struct memory *m = arg;
	unsigned char resident[2] = { 0 };

	lock_all(MCL_CURRENT | MCL_FUTURE);
	CHECK(range_is_locked(m->start, m->size));
	if (mincore(m->start, m->size, (void *)resident) == 0 || errno != ENOSYS) {
		CHECK_EQ(1, resident[0] & 1);
		CHECK_EQ(1, resident[1] & 1);
	}

	char *later = map_shared(m->fd, m->size);
	CHECK(range_is_locked(later, m->size));
	CHECK_SUCCEEDS(munlockall());
	CHECK(!range_is_locked(m->start, m->size));
	CHECK(!range_is_locked(later, m->size));
}

CASE(current_and_future, SHALL,
    "MCL_CURRENT with MCL_FUTURE locks a file that is mapped, and one that is mapped later, and brings their pages in",
    "POSIX.1-2017 mlockall() DESCRIPTION", "POSIX.1-2024 mlockall() DESCRIPTION", "Linux mlock(2)",
    "FreeBSD mlockall(2)", "NetBSD mlockall(2)", "OpenBSD mlockall(2)", "illumos mlockall(3C)", NEEDS_STATE_OF_LOCKS,
    COVERS("mlockall.ok mlockall.current_file mlockall.resident"))
{
	struct memory m = { .size = 2 * page_size(), .fd = sparse_file(2 * page_size()), .id = -1 };
	m.start = map_shared(m.fd, m.size);

	in_child(lock_current_and_future, &m);
}
