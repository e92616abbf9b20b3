/* SPDX-License-Identifier: BSD-2-Clause */

/* What an attach changes in the status of a System V segment; attaching a removed segment. */

#include <unistd.h>

#include "case.h"
#include "clock.h"
#include "fault.h"
#include "mapping.h"
#include "process.h"
#include "segment.h"
#include "segment_limits.h"

INTERFACE(shmat, NEEDS_SEGMENTS)

CASE(nattch_incremented, SHALL,
    "Each attach raises shm_nattch of its segment by one, also the second and third of a process",
    "POSIX.1-2017 shmat() RETURN VALUE", "POSIX.1-2024 shmat() RETURN VALUE", "Linux shmop(2)", COVERS("shmat.nattch"))
{
	int id = segment_create(page_size());
	int other = segment_create(page_size());

	CHECK_EQ(0, segment_stat(id).shm_nattch);
	CHECK_NE((void *)-1, shmat(id, NULL, 0));
	CHECK_EQ(1, segment_stat(id).shm_nattch);
	CHECK_NE((void *)-1, shmat(id, NULL, SHM_RDONLY));
	CHECK_EQ(2, segment_stat(id).shm_nattch);
	CHECK_NE((void *)-1, shmat(id, free_range(page_size()), 0));
	CHECK_EQ(3, segment_stat(id).shm_nattch);
	CHECK_EQ(0, segment_stat(other).shm_nattch);
}

static void
attach_and_store(void *arg)
{
	char *p = segment_attach(*(int *)arg, NULL, 0);
	p[page_size()] = 'c'; /* the second page: nobody has touched it */
}

CASE(nattch_incremented__in_another_process, SHALL,
    "Each attach raises shm_nattch by one, whichever process makes it, and exit lowers it again",
    "POSIX.1-2017 shmat() DESCRIPTION", "POSIX.1-2017 _Exit() DESCRIPTION")
{
	int id = segment_create(2 * page_size());
	char *p = segment_attach(id, NULL, 0);
	struct child c = child_start(attach_and_store, &id);

	child_reaches_end(&c);
	CHECK_EQ(2 + 1, segment_stat(id).shm_nattch); /* ours, the one it inherited, the one it made */
	CHECK_EQ('c', p[page_size()]);

	child_exits(&c);
	CHECK_EQ(1, segment_stat(id).shm_nattch);
}

CASE(atime_set, SHALL, "An attach sets shm_atime to the current time, and neither shm_dtime nor shm_ctime",
    "POSIX.1-2017 shmat() RETURN VALUE", "POSIX.1-2024 shmat() RETURN VALUE", "Linux shmop(2)")
{
	int id = segment_create(page_size());
	const struct shmid_ds created = segment_stat(id);
	CHECK_EQ(0, created.shm_atime);

	time_t before = coarse_time();
	void *p = shmat(id, NULL, 0);
	time_t after = coarse_time();

	CHECK_NE((void *)-1, p);
	CHECK_TIME_BETWEEN(before, after, segment_stat(id).shm_atime);
	CHECK_EQ(0, segment_stat(id).shm_dtime);
	CHECK_EQ(created.shm_ctime, segment_stat(id).shm_ctime);
}

CASE(lpid_set, SHALL, "An attach sets shm_lpid to the process ID of the caller and leaves shm_cpid",
    "POSIX.1-2017 <sys/shm.h>", "POSIX.1-2024 <sys/shm.h>", "Linux shmop(2)")
{
	int id = segment_create(2 * page_size());
	CHECK_EQ(0, segment_stat(id).shm_lpid);
	struct child c = child_start(attach_and_store, &id);

	child_reaches_end(&c);
	CHECK_EQ(c.pid, segment_stat(id).shm_lpid);
	CHECK_EQ(getpid(), segment_stat(id).shm_cpid);

	CHECK_NE((void *)-1, shmat(id, NULL, SHM_RDONLY));
	CHECK_EQ(getpid(), segment_stat(id).shm_lpid);
	CHECK_EQ(getpid(), segment_stat(id).shm_cpid);
	child_exits(&c);
}

static void
attach_and_detach(void *arg)
{
	segment_detach(segment_attach(*(int *)arg, NULL, 0));
}

CASE(failure_changes_nothing, SHALL,
    "An attach that fails at a range in use leaves the status as it is, before the first attach and after one",
    "POSIX.1-2017 shmat() RETURN VALUE", "POSIX.1-2024 shmat() RETURN VALUE", "illumos shmop(2)",
    NEEDS_SEGMENTS_THAT_STAY)
{
	int id = segment_create(page_size());
	char *taken = map_anonymous(2 * attach_multiple(), MAP_PRIVATE);

	known_defect(NETBSD, "", "an attach that fails at a range in use sets shm_lpid and shm_dtime",
	    "NetBSD sys/kern/sysv_shm.c sys_shmat()");
	for (int i = 0; i < 2; i++) {
		const struct shmid_ds before = segment_stat(id);

		CHECK_FAILS(EINVAL, (void *)-1, shmat(id, taken + 1, 0));
		CHECK_EQ((void *)-1, shmat(id, taken, 0));
		CHECK_EQ((void *)-1, shmat(id, taken + attach_multiple() - 1, 0));
		CHECK_STATUS_UNCHANGED(before, id);
		in_child(attach_and_detach, &id); /* which sets the times, and shm_lpid to another process */
	}
}

CASE(failure_changes_nothing__unaligned, SHALL,
    "An attach that fails for an address that is no multiple of SHMLBA leaves the segment's status as it is",
    "POSIX.1-2017 shmat() RETURN VALUE", "POSIX.1-2024 shmat() RETURN VALUE", "illumos shmop(2)")
{
	int id = segment_create(page_size());
	char *at = free_range(page_size());
	const struct shmid_ds before = segment_stat(id);

	CHECK_FAILS(EINVAL, (void *)-1, shmat(id, at + 1, 0));
	CHECK_FAILS(EINVAL, (void *)-1, shmat(id, at + page_size() - 1, SHM_RDONLY));

	CHECK_STATUS_UNCHANGED(before, id);
}

static void
need_attach_after_removal(void)
{
	need(removed_segments_can_be_attached(), "needs kern.ipc.shm_allow_removed other than 0");
}

static void
need_no_attach_after_removal(void)
{
	need(!removed_segments_can_be_attached(), "needs kern.ipc.shm_allow_removed of 0");
}

#define NEEDS_ATTACH_AFTER_REMOVAL NEED("removed segments that can be attached", .ask = need_attach_after_removal)
#define NEEDS_NO_ATTACH_AFTER_REMOVAL \
	NEED("removed segments that cannot be attached", .ask = need_no_attach_after_removal)

CASE(after_rmid_linux, DOCUMENTED, "A removed segment that is still attached can be attached again by its identifier",
    "Linux shmctl(2) NOTES", "Linux shmop(2)", "FreeBSD shmctl(2)",
    "OpenBSD sys/kern/sysv_shm.c shm_find_segment_by_shmid()",
    "DragonFly sys/kern/sysv_shm.c shm_find_segment_by_shmid()", NEEDS_ATTACH_AFTER_REMOVAL, COVERS("shmat.after_rmid"))
{
	int id = segment_create(3 * page_size());
	char *p = segment_attach(id, NULL, 0);
	pattern_store(1, p, 3 * page_size());
	segment_remove(id);

	char *again = shmat(id, NULL, 0);

	REQUIRE(again != (void *)-1);
	CHECK_NE(p, again);
	CHECK_PATTERN(1, again, 3 * page_size());
	pattern_store(2, again, 3 * page_size());
	CHECK_PATTERN(2, p, 3 * page_size());
	CHECK_EQ(2, segment_stat(id).shm_nattch);
}

static void
attach_is_refused(void *arg)
{
	CHECK_FAILS(EINVAL, (void *)-1, shmat(*(int *)arg, NULL, 0));
}

CASE(after_rmid_refused, DOCUMENTED,
    "An attach of a removed segment that is still attached fails with EINVAL, in another process too",
    "FreeBSD shmctl(2)", "NetBSD sys/kern/sysv_shm.c shm_find_segment_by_shmid()", "DragonFly shmctl(2)",
    "macOS bsd/kern/sysv_shm.c shm_find_segment_by_shmid()", "illumos shmctl(2)",
    ALSO("admin.freebsd-allow-removed-zero"), NEEDS_NO_ATTACH_AFTER_REMOVAL)
{
	int id = segment_create(page_size());
	char *p = segment_attach(id, NULL, 0);
	*p = 'x';
	segment_remove(id);

	CHECK_FAILS(EINVAL, (void *)-1, shmat(id, NULL, 0));
	in_child(attach_is_refused, &id);

	CHECK_EQ('x', *p);
	CHECK_STORE_OK(p);
	CHECK_SUCCEEDS(shmdt(p));
}

static void
attach_later(void *arg)
{
	pause_for_parent(); /* who attaches the segment and removes it */
	attach_is_refused(arg);
}

CASE(after_rmid_refused__by_further_process, DOCUMENTED,
    "A process that has never attached a segment cannot attach it once it is removed, though another still has it",
    "DragonFly shmctl(2)", "illumos shmctl(2)")
{
	int id = segment_create(page_size());
	struct child c = child_start(attach_later, &id);
	child_reaches_pause(&c);
	segment_attach(id, NULL, 0);
	segment_remove(id);

	if (removed_segments_can_be_attached())
		known_defect(DRAGONFLY, "", "kern.ipc.shm_allow_removed is 1 from the start, and every process can",
		    "DragonFly sys/kern/sysv_shm.c shm_find_segment_by_shmid()");
	child_goes_on(&c);
	child_exits(&c);
}

CASE(after_rmid_others, MAY, "Attaching a removed segment that is still attached works, or fails with EINVAL or EIDRM",
    "POSIX.1-2017 shmctl() IPC_RMID", "FreeBSD shmctl(2)", CHOICE("Linux shmop(2)", "attach-after-removal", "works"),
    CHOICE("illumos shmctl(2)", "attach-after-removal", "EINVAL"))
{
	int id = segment_create(page_size());
	char *p = segment_attach(id, NULL, 0);
	*p = 'x';
	segment_remove(id);

	errno = 0;
	char *again = shmat(id, NULL, 0);
	int error = errno;

	if (again != (void *)-1)
		CHECK_EQ('x', *again);
	else
		CHECK(says_removed(error));
	CHECK_EQ('x', *p);
	CHECK_STORE_OK(p);
	observed("attach-after-removal", "%s", again != (void *)-1 ? "works" : errno_name(error));
}
