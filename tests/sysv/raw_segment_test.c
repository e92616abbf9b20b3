/* SPDX-License-Identifier: BSD-2-Clause */

/* The system calls of Linux, without the C library's functions, which may convert, check or hide something. */

#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "platform/kernel_shmid.h"
#include "process.h"
#include "platform/raw_segment.h"
#include "segment.h"
#include "segment_limits.h"

static void
need_kernel_shmid(void)
{
	need(HAS_KERNEL_SHMID, "needs <asm/shmbuf.h> of the kernel, which was not there when this was compiled");
}

#define NEEDS_KERNEL_SHMID NEED("<asm/shmbuf.h> of the kernel", .ask = need_kernel_shmid)

INTERFACE(raw_segment, NEEDS_SEGMENTS)

static int
libc_shmctl(int id, int command, void *buffer)
{
	return shmctl(id, command, buffer);
}

/* The same calls in two ways. */
struct way {
	int (*get)(key_t, size_t, int);
	void *(*attach)(int, const void *, int);
	int (*detach)(const void *);
	int (*control)(int, int, void *);
};

static const struct way ways[] = {
	{ shmget, shmat, shmdt, libc_shmctl },
	{ raw_shmget, raw_shmat, raw_shmdt, raw_shmctl },
};

#define FOR_BOTH_WAYS(way) for (const struct way *way = ways; way < &ways[nitems(ways)]; way++)

/* Large enough for either layout. */
union status {
	struct shmid_ds of_libc;
	struct shmid64_ds of_kernel;
};

CASE(get_errors, DOCUMENTED, "The system call shmget() fails with -1 and the errors of the C function",
    "Linux shmget(2) ERRORS", "Linux syscall(2)")
{
	key_t unused = segment_key();
	key_t key = segment_key();
	int id = segment_create_with_key(key, page_size(), 0600);

	FOR_BOTH_WAYS(way)
	{
		CHECK_FAILS(ENOENT, -1, way->get(unused, 0, 0));
		CHECK_FAILS(ENOENT, -1, way->get(unused, page_size(), 0600));
		CHECK_FAILS(EINVAL, -1, way->get(unused, 0, IPC_CREAT | 0600));
		if (is_over_shmmax(SIZE_MAX))
			CHECK_FAILS(EINVAL, -1, way->get(unused, SIZE_MAX, IPC_CREAT | 0600));
		CHECK_FAILS(EEXIST, -1, way->get(key, page_size(), IPC_CREAT | IPC_EXCL | 0600));
		CHECK_FAILS(EINVAL, -1, way->get(key, page_size() + 1, 0));
		CHECK_EQ(id, way->get(key, page_size(), 0600));
	}
}

CASE(attach_errors, DOCUMENTED, "The system call shmat() fails with -1 and the errors of the C function",
    "Linux shmop(2) ERRORS", "Linux syscall(2)")
{
	int removed = segment_create(page_size());
	segment_remove(removed);
	int id = segment_create(page_size());
	char *free_address = free_range(attach_multiple());

	FOR_BOTH_WAYS(way)
	{
		CHECK_FAILS(EINVAL, (void *)-1, way->attach(-1, NULL, 0));
		CHECK_FAILS_AS_REMOVED((void *)-1, way->attach(removed, NULL, 0));
		CHECK_FAILS(EINVAL, (void *)-1, way->attach(id, free_address + 1, 0));
		CHECK_FAILS(EINVAL, (void *)-1, way->attach(id, NULL, SHM_REMAP));
	}
	CHECK_EQ(0, segment_stat(id).shm_nattch);
}

CASE(detach_errors, DOCUMENTED, "The system call shmdt() fails with -1 and EINVAL where no attachment starts",
    "Linux shmop(2) ERRORS", "Linux syscall(2)")
{
	int id = segment_create(2 * page_size());
	char *p = segment_attach(id, NULL, 0);
	char *other = map_anonymous(page_size(), MAP_SHARED);

	FOR_BOTH_WAYS(way)
	{
		CHECK_FAILS(EINVAL, -1, way->detach(NULL));
		CHECK_FAILS(EINVAL, -1, way->detach(other));
		CHECK_FAILS(EINVAL, -1, way->detach(p + 1));
		CHECK_FAILS(EINVAL, -1, way->detach(p + page_size()));
	}
	CHECK_EQ(1, segment_stat(id).shm_nattch);
	CHECK_STORE_OK(p);
	CHECK_STORE_OK(other);
}

CASE(control_errors, DOCUMENTED, "The system call shmctl() fails with -1 and the errors of the C function",
    "Linux shmctl(2) ERRORS", "Linux syscall(2)", COVERS("shmctl.libc_vs_raw"))
{
	int removed = segment_create(page_size());
	segment_remove(removed);
	int id = segment_create(page_size());
	union status status;

	memset(&status, 0, sizeof(status));
	FOR_BOTH_WAYS(way)
	{
		CHECK_FAILS(EINVAL, -1, way->control(-1, IPC_STAT, &status));
		CHECK_FAILS(EINVAL, -1, way->control(-1, IPC_RMID, NULL));
		CHECK_FAILS_AS_REMOVED(-1, way->control(removed, IPC_STAT, &status));
		CHECK_FAILS_AS_REMOVED(-1, way->control(removed, IPC_SET, &status));
		CHECK_FAILS_AS_REMOVED(-1, way->control(removed, IPC_RMID, NULL));
		CHECK_FAILS(EINVAL, -1, way->control(id, 0x7f, &status));
		CHECK_FAILS(EINVAL, -1, way->control(id, -1, &status));
	}
	CHECK_EQ(0600, segment_stat(id).shm_perm.mode);
}

/* A C library that copies the buffer would read and write it itself. */
CASE(control_efault, DOCUMENTED,
    "The system call shmctl() fails with EFAULT for a buffer that cannot be read or written, and changes nothing",
    "Linux shmctl(2) ERRORS", COVERS("shmctl.set_efault shmctl.stat_efault"))
{
	int id = segment_create(page_size());
	struct shmid_ds before = segment_stat(id);
	char *none = free_range(page_size());
	char *no_access = map_anonymous(page_size(), MAP_PRIVATE);
	REQUIRE(mprotect(no_access, page_size(), PROT_NONE) == 0);

	CHECK_FAILS(EFAULT, -1, raw_shmctl(id, IPC_STAT, none));
	CHECK_FAILS(EFAULT, -1, raw_shmctl(id, IPC_SET, none));
	CHECK_FAILS(EFAULT, -1, raw_shmctl(id, IPC_STAT, no_access));
	CHECK_FAILS(EFAULT, -1, raw_shmctl(id, IPC_SET, no_access));
	CHECK_FAILS(EFAULT, -1, raw_shmctl(id, IPC_STAT, NULL));
	CHECK_STATUS_UNCHANGED(before, id);
}

struct named {
	key_t key;
	int id;
};

static void
be_refused(void *arg)
{
	const struct named *n = arg;
	union status status;

	memset(&status, 0, sizeof(status));
	FOR_BOTH_WAYS(way)
	{
		CHECK_FAILS(EACCES, -1, way->get(n->key, 0, 0600));
		CHECK_FAILS(EACCES, (void *)-1, way->attach(n->id, NULL, SHM_RDONLY));
		CHECK_FAILS(EACCES, -1, way->control(n->id, IPC_STAT, &status));
		CHECK_FAILS(EPERM, -1, way->control(n->id, IPC_SET, &status));
		CHECK_FAILS(EPERM, -1, way->control(n->id, IPC_RMID, NULL));
	}
}

CASE(permission_errors, DOCUMENTED,
    "The system calls refuse a user without permission with the errors of the C functions, EACCES and EPERM",
    "Linux shmget(2) ERRORS", "Linux shmop(2) ERRORS", "Linux shmctl(2) ERRORS", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	struct named n = { .key = segment_key() };
	n.id = segment_create_with_key(n.key, page_size(), 0600);
	struct shmid_ds before = segment_stat(n.id);

	as_user(OTHER, be_refused, &n);

	CHECK_STATUS_UNCHANGED(before, n.id);
}

CASE(returns_zero, DOCUMENTED, "The system calls shmdt() and shmctl() return exactly 0 when they succeed",
    "Linux shmop(2)", "Linux shmctl(2)", "Linux syscall(2)", COVERS("shmdt.ret0"))
{
	segment_create(1); /* so that an identifier is not 0 either */
	FOR_BOTH_WAYS(way)
	{
		int id = segment_create(page_size());
		char *p = segment_attach(id, NULL, 0);
		union status status;

		CHECK_SUCCEEDS(way->control(id, IPC_STAT, &status));
		CHECK_SUCCEEDS(way->control(id, IPC_SET, &status));
		CHECK_SUCCEEDS(way->detach(p));
		CHECK_UNMAPPED(p, page_size());
		CHECK_EQ(0, segment_stat(id).shm_nattch);
		CHECK_SUCCEEDS(way->control(id, IPC_RMID, NULL));
		CHECK_FAILS_AS_REMOVED(-1, way->control(id, IPC_STAT, &status));
	}
}

CASE(same_segment, DOCUMENTED,
    "The C functions find, attach and detach a segment that a system call created, and the reverse", "Linux shmget(2)",
    "Linux shmop(2)")
{
	for (size_t i = 0; i < nitems(ways); i++) {
		const struct way *one = &ways[i];
		const struct way *other = &ways[1 - i];
		key_t key = segment_key();
		int id = segment_own(one->get(key, 2 * page_size() + 1, IPC_CREAT | IPC_EXCL | 0640));

		REQUIRE(id != -1);
		CHECK_EQ(id, other->get(key, 0, 0));
		char *rw = one->attach(id, NULL, 0);
		REQUIRE(rw != (void *)-1);
		char *wanted = free_range(3 * page_size() + attach_multiple());
		CHECK_BYTES(0, rw, 3 * page_size());
		pattern_store(3, rw, 3 * page_size());
		CHECK_EQ(wanted, (char *)other->attach(id, wanted + attach_multiple() - 1, SHM_RND | SHM_RDONLY));
		CHECK_PATTERN(3, wanted, 3 * page_size());
		CHECK_STORE_FAULTS(SIGSEGV, SEGV_ACCERR, wanted);
		CHECK_EQ(2, segment_stat(id).shm_nattch);
		CHECK_SUCCEEDS(other->detach(rw));
		CHECK_SUCCEEDS(one->detach(wanted));
		CHECK_EQ(0, segment_stat(id).shm_nattch);
	}
}

CASE(stat_layout, DOCUMENTED,
    "The system call IPC_STAT fills in key, owners, mode, size, processes and count as the C function does",
    "Linux shmctl(2)", NEEDS_KERNEL_SHMID)
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 2 * page_size() + 1, 0640);
	segment_attach(id, NULL, 0);
	segment_detach(segment_attach(id, NULL, 0));
	struct shmid_ds expected = segment_stat(id);
	struct shmid64_ds status;

	memset(&status, 0xa5, sizeof(status));
	CHECK_SUCCEEDS(raw_shmctl(id, IPC_STAT, &status));

	CHECK_EQ(key, (key_t)status.shm_perm.key);
	CHECK_EQ(expected.shm_perm.uid, status.shm_perm.uid);
	CHECK_EQ(expected.shm_perm.gid, status.shm_perm.gid);
	CHECK_EQ(expected.shm_perm.cuid, status.shm_perm.cuid);
	CHECK_EQ(expected.shm_perm.cgid, status.shm_perm.cgid);
	CHECK_EQ(0640, status.shm_perm.mode);
	CHECK_EQ(2 * page_size() + 1, (size_t)status.shm_segsz);
	CHECK_EQ(getpid(), status.shm_cpid);
	CHECK_EQ(getpid(), status.shm_lpid);
	CHECK_EQ(1, (long)status.shm_nattch);
}

CASE(stat_layout__times, DOCUMENTED,
    "The system call IPC_STAT gives all bits of the times, on 32-bit machines in two members each", "Linux shmctl(2)",
    NEEDS_KERNEL_SHMID, NEEDS_SEGMENTS_THAT_STAY, COVERS("shmctl.time_high"))
{
	int id = segment_create(page_size());
	struct shmid64_ds status;

	memset(&status, 0xa5, sizeof(status));
	CHECK_SUCCEEDS(raw_shmctl(id, IPC_STAT, &status));
	CHECK_EQ(0, KERNEL_TIME(status, shm_atime));
	CHECK_EQ(0, KERNEL_TIME(status, shm_dtime));
	CHECK_EQ((long long)segment_stat(id).shm_ctime, KERNEL_TIME(status, shm_ctime));

	segment_detach(segment_attach(id, NULL, 0));
	memset(&status, 0xa5, sizeof(status));
	CHECK_SUCCEEDS(raw_shmctl(id, IPC_STAT, &status));
	CHECK_EQ((long long)segment_stat(id).shm_atime, KERNEL_TIME(status, shm_atime));
	CHECK_EQ((long long)segment_stat(id).shm_dtime, KERNEL_TIME(status, shm_dtime));
}

CASE(stat_fills_structure, DOCUMENTED,
    "The system call IPC_STAT stores the kernel's whole structure, with its reserved members, and nothing beyond it",
    "Linux shmctl(2)", NEEDS_KERNEL_SHMID)
{
	enum { BEYOND = 256 };
	int id = segment_create(page_size());
	struct {
		char status[sizeof(struct shmid64_ds)];
		char beyond[BEYOND];
	} zeros, ones;

	memset(&zeros, 0, sizeof(zeros));
	memset(&ones, 0xff, sizeof(ones));
	CHECK_SUCCEEDS(raw_shmctl(id, IPC_STAT, &zeros));
	CHECK_SUCCEEDS(raw_shmctl(id, IPC_STAT, &ones));

	CHECK_EQ(0, memcmp(zeros.status, ones.status, sizeof(zeros.status)));
	CHECK_BYTES(0, zeros.beyond, BEYOND);
	CHECK_BYTES(0xff, ones.beyond, BEYOND);
}

CASE(set_takes_permissions, DOCUMENTED,
    "The system call IPC_SET takes the owner, the group and nine bits of the mode, and ignores the other members",
    "Linux shmctl(2)", NEEDS_KERNEL_SHMID)
{
	int id = segment_create_with_key(segment_key(), page_size(), 0600);
	struct shmid_ds before = segment_stat(id);
	struct shmid64_ds status;

	memset(&status, 0xa5, sizeof(status));
	status.shm_perm.uid = before.shm_perm.uid;
	status.shm_perm.gid = before.shm_perm.gid;
	status.shm_perm.mode = 07640;
	CHECK_SUCCEEDS(raw_shmctl(id, IPC_SET, &status));

	struct shmid_ds after = segment_stat(id);
	CHECK_EQ(0640, after.shm_perm.mode);
	before.shm_perm.mode = 0640;
	before.shm_ctime = after.shm_ctime;
	CHECK_STATUS_UNCHANGED(before, id);
}
