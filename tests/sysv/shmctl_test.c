/* SPDX-License-Identifier: BSD-2-Clause */

/* Looking at System V segments by IPC_STAT, and invalid arguments of shmctl(). */

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "clock.h"
#include "ipc_deviations.h"
#include "mapping.h"
#include "process.h"
#include "segment.h"

INTERFACE(shmctl, NEEDS_SEGMENTS)

CASE(stat_copies_all, SHALL, "IPC_STAT stores the current value of every member of the segment's shmid_ds",
    "POSIX.1-2017 shmctl() DESCRIPTION", "Linux shmctl(2)", "FreeBSD shmctl(2)", "NetBSD shmctl(2)",
    "OpenBSD shmctl(2)", "macOS shmctl(2)", "illumos shmctl(2)", "DragonFly shmctl(2)",
    COVERS("shmctl.stat_all_on_create shmctl.stat_ids_mode"))
{
	static const unsigned char poison[] = { 0x00, 0xa5, 0xff };
	time_t before = coarse_time();
	int id = segment_create_with_key(segment_key(), 3 * page_size() + 1, 0640);
	segment_attach(id, NULL, 0);
	segment_attach(id, NULL, SHM_RDONLY);
	time_t after = coarse_time();

	size_deviates();
	for (size_t i = 0; i < sizeof(poison); i++) {
		struct shmid_ds status;

		memset(&status, poison[i], sizeof(status));
		CHECK_SUCCEEDS(shmctl(id, IPC_STAT, &status));

		CHECK_EQ(geteuid(), status.shm_perm.uid);
		CHECK_EQ(getegid(), status.shm_perm.gid);
		CHECK_EQ(geteuid(), status.shm_perm.cuid);
		CHECK_EQ(getegid(), status.shm_perm.cgid);
		CHECK_EQ(0640, status.shm_perm.mode & 0777);
		CHECK_EQ(3 * page_size() + 1, status.shm_segsz);
		CHECK_EQ(getpid(), status.shm_lpid);
		CHECK_EQ(getpid(), status.shm_cpid);
		CHECK_EQ(2, status.shm_nattch);
		CHECK_TIME_BETWEEN(before, after, status.shm_atime);
		CHECK_EQ(0, status.shm_dtime);
		CHECK_TIME_BETWEEN(before, after, status.shm_ctime);
	}
}

static void
stat_is_refused(void *arg)
{
	struct shmid_ds status;

	CHECK_FAILS(EACCES, -1, shmctl(*(int *)arg, IPC_STAT, &status));
}

static void
stat_is_admitted(void *arg)
{
	struct shmid_ds status;

	CHECK_SUCCEEDS(shmctl(*(int *)arg, IPC_STAT, &status));
}

CASE(stat_needs_read, SHALL, "IPC_STAT without read permission fails with EACCES", "POSIX.1-2017 shmctl() ERRORS",
    "Linux shmctl(2)", "NetBSD shmctl(2)", "OpenBSD shmctl(2)", "macOS shmctl(2)", "illumos shmctl(2)",
    "FreeBSD shmctl(2)", "DragonFly shmctl(2)", NEEDS_USERS, NEEDS_IPC_PRIVILEGES,
    COVERS("shmctl.stat_eacces_other BS31"))
{
	int group_reads = segment_of_user(OWNER, segment_key(), 0640);
	int others_read = segment_of_user(OWNER, segment_key(), 0604);

	as_user(OTHER, stat_is_refused, &group_reads);
	as_user(GROUP_MEMBER, stat_is_admitted, &group_reads);
	as_user(OWNER, stat_is_admitted, &group_reads);

	as_user(GROUP_MEMBER, stat_is_refused, &others_read);
	as_user(OTHER, stat_is_admitted, &others_read);
}

CASE(stat_write_only_permission, SHALL, "IPC_STAT with write permission and no read permission fails with EACCES",
    "POSIX.1-2017 shmctl() ERRORS", "Linux shmctl(2)", "FreeBSD shmctl(2)", "NetBSD shmctl(2)", "OpenBSD shmctl(2)",
    "DragonFly shmctl(2)", "macOS shmctl(2)", "illumos shmctl(2)", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	int id = segment_of_user(OWNER, segment_key(), 0222);

	as_user(OWNER, stat_is_refused, &id);
	as_user(GROUP_MEMBER, stat_is_refused, &id);
	as_user(OTHER, stat_is_refused, &id);
}

static void
create_write_only(void *arg)
{
	int id = segment_create_with_key(*(key_t *)arg, page_size(), 0200);

	stat_is_refused(&id);
	segment_remove(id);
}

CASE(stat_write_only_permission__own_segment, SHALL,
    "IPC_STAT by an owner without the user's read bit fails with EACCES", "POSIX.1-2017 shmctl() ERRORS",
    "Linux shmctl(2)", "FreeBSD shmctl(2)", "NetBSD shmctl(2)", "OpenBSD shmctl(2)", "DragonFly shmctl(2)",
    "macOS shmctl(2)", "illumos shmctl(2)", NEEDS_PLAIN_USER, COVERS("shmctl.stat_eacces_owner"))
{
	key_t key = segment_key();

	as_user(plain_user(), create_write_only, &key);
}

static void
attach_and_wait(void *arg)
{
	segment_attach(*(int *)arg, NULL, 0);
	pause_for_parent();
}

CASE(stat_does_not_change, SHALL, "IPC_STAT changes no member of the status", "POSIX.1-2017 shmctl() DESCRIPTION")
{
	int id = segment_create(page_size());
	struct child c = child_start(attach_and_wait, &id);
	struct shmid_ds first;
	child_reaches_pause(&c);

	CHECK_SUCCEEDS(shmctl(id, IPC_STAT, &first));

	CHECK_STATUS_UNCHANGED(first, id);
	CHECK_EQ(c.pid, segment_stat(id).shm_lpid); /* a caller that only looks does not become the last one */
	child_goes_on(&c);
	child_exits(&c);
}

static const int commands[] = { IPC_STAT, IPC_SET, IPC_RMID };

CASE(einval_bad_id, SHALL,
    "IPC_STAT, IPC_SET and IPC_RMID fail with EINVAL for what is no identifier, "
    "and for that of a removed segment, for which Linux names EIDRM too",
    "POSIX.1-2017 shmctl() ERRORS", "Linux shmctl(2)", "FreeBSD shmctl(2)", "NetBSD shmctl(2)", "OpenBSD shmctl(2)",
    "macOS shmctl(2)", "illumos shmctl(2)", "DragonFly shmctl(2)", COVERS("shmctl.bad_id shmctl.removed_id"))
{
	static const int never[] = { -1, INT_MIN, INT_MAX };
	int id = segment_create(page_size());
	struct shmid_ds status = segment_stat(id);
	segment_remove(id);

	for (size_t c = 0; c < nitems(commands); c++) {
		for (size_t i = 0; i < nitems(never); i++)
			CHECK_FAILS(EINVAL, -1, shmctl(never[i], commands[c], &status));
		if (!CHECK_FAILS_AS_REMOVED(-1, shmctl(id, commands[c], &status)))
			break; /* IPC_RMID would hit somebody else's */
	}
}

CASE(einval_bad_id__of_segment_before, SHALL,
    "The identifier of a destroyed segment does not name the segments that are made after it",
    "POSIX.1-2017 shmctl() ERRORS", "POSIX.1-2017 shmget() DESCRIPTION", "Linux shmctl(2)")
{
	/* Kernels keep few slots, and tell the segments of a slot apart by a counter in the identifier. */
	for (int i = 0; i < 10; i++) {
		int before = segment_create(page_size());
		struct shmid_ds status = segment_stat(before);
		segment_remove(before);
		int id = segment_create(page_size());

		for (size_t c = 0; c < nitems(commands); c++)
			CHECK_FAILS_AS_REMOVED(-1, shmctl(before, commands[c], &status));
		CHECK_SUCCEEDS(shmctl(id, IPC_STAT, &status)); /* not removed */
		segment_remove(id);
	}
}

CASE(einval_bad_cmd, SHALL, "A command that is not defined fails with EINVAL and changes nothing",
    "POSIX.1-2017 shmctl() ERRORS", "Linux shmctl(2)", "FreeBSD shmctl(2)", "NetBSD shmctl(2)", "OpenBSD shmctl(2)",
    "macOS shmctl(2)", "illumos shmctl(2)", "DragonFly shmctl(2)", COVERS("shmctl.bad_cmd"))
{
	static const int undefined[] = { 12345, -1, INT_MAX, INT_MIN };
	int id = segment_create(page_size());
	struct shmid_ds before = segment_stat(id);
	struct shmid_ds buffer = before;

	buffer.shm_perm.mode = 0666;
	for (size_t i = 0; i < nitems(undefined); i++)
		CHECK_FAILS(EINVAL, -1, shmctl(id, undefined[i], &buffer));

	CHECK_STATUS_UNCHANGED(before, id);
}

enum { NO_PAGE = -1 };

struct bad_buffer {
	int id;
	int protection; /* of the page that it is in, or NO_PAGE */
};

/* In a child, as a library that touches the buffer crashes there. */
static void
pass_bad_buffer(void *arg)
{
	const struct bad_buffer *b = arg;
	void *buffer = free_range(page_size());
	struct shmid_ds before = segment_stat(b->id);
	if (b->protection != NO_PAGE)
		REQUIRE(
		    mmap(buffer, page_size(), b->protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == buffer);

	CHECK_FAILS(EFAULT, -1, shmctl(b->id, IPC_STAT, buffer));
	if (b->protection != PROT_READ)
		CHECK_FAILS(EFAULT, -1, shmctl(b->id, IPC_SET, buffer));
	if (b->protection == NO_PAGE) {
		CHECK_FAILS(EFAULT, -1, shmctl(b->id, IPC_STAT, address_of_kernel()));
		CHECK_FAILS(EFAULT, -1, shmctl(b->id, IPC_SET, address_of_kernel()));
	}

	CHECK_STATUS_UNCHANGED(before, b->id);
}

static void
check_bad_buffer(int protection)
{
	struct bad_buffer b = { segment_create(page_size()), protection };

	if (libc_converts_status())
		known_defect(GLIBC, "",
		    "with words of 32 bits the library converts the buffer itself, and raises SIGSEGV",
		    "glibc sysdeps/unix/sysv/linux/shmctl.c __shmctl()");
	if (protection != NO_PAGE && machine_is_amd64())
		known_defect(NETBSD, "", "EACCES where there is a page whose protection refuses the access",
		    "NetBSD sys/arch/amd64/amd64/trap.c trap()");
	in_child(pass_bad_buffer, &b);
}

CASE(efault_buf, DOCUMENTED,
    "IPC_STAT or IPC_SET with a buffer at an address without memory fails with EFAULT and changes nothing",
    "Linux shmctl(2)", "NetBSD shmctl(2)", "OpenBSD shmctl(2)", "macOS shmctl(2)", "illumos shmctl(2)",
    "FreeBSD sys/kern/sysv_shm.c sys_shmctl()", "DragonFly sys/kern/sysv_shm.c sys_shmctl()")
{
	check_bad_buffer(NO_PAGE);
}

CASE(efault_buf__no_access, DOCUMENTED,
    "IPC_STAT or IPC_SET with a buffer in a page without access fails with EFAULT and changes nothing",
    "Linux shmctl(2)", "NetBSD shmctl(2)", "OpenBSD shmctl(2)", "macOS shmctl(2)", "illumos shmctl(2)",
    "FreeBSD sys/kern/sysv_shm.c sys_shmctl()", "DragonFly sys/kern/sysv_shm.c sys_shmctl()")
{
	check_bad_buffer(PROT_NONE);
}

CASE(efault_buf__read_only, DOCUMENTED, "IPC_STAT with a buffer in a page for reading only fails with EFAULT",
    "Linux shmctl(2)", "NetBSD shmctl(2)", "OpenBSD shmctl(2)", "macOS shmctl(2)", "illumos shmctl(2)",
    "FreeBSD sys/kern/sysv_shm.c sys_shmctl()", "DragonFly sys/kern/sysv_shm.c sys_shmctl()")
{
	check_bad_buffer(PROT_READ);
}

CASE(stat_copies_all__no_kernel_pointer, DOCUMENTED, "IPC_STAT hides the pointer that the kernel keeps for itself",
    "macOS bsd/kern/sysv_shm.c shmctl()", NEEDS_PLATFORM(MACOS), COVERS("shmctl.no_kernel_pointer"))
{
	int id = segment_create(page_size());
	struct shmid_ds status;
	segment_attach(id, NULL, 0);

	memset(&status, 0xa5, sizeof(status));
	REQUIRE(shmctl(id, IPC_STAT, &status) == 0);

	CHECK_EQ(NULL, kernel_pointer_in_status(&status));
}
