/* SPDX-License-Identifier: BSD-2-Clause */

/* Limits on System V segments: the largest, how many, and how much in all, set in an IPC namespace of the case's own. */

#include <limits.h>
#include <stdint.h>

#include "case.h"
#include "ipc_deviations.h"
#include "ipc_namespace.h"
#include "process.h"
#include "segment.h"
#include "segment_limits.h"

INTERFACE(limits, NEEDS_SEGMENTS)

static void
need_highest_size(void)
{
	need(is_over_shmmax(SIZE_MAX - page_size()), "needs a shmmax below the highest numbers of this process");
}

#define NEEDS_HIGHEST_SIZE NEED("a shmmax below the highest numbers", .ask = need_highest_size)

/* A plain shmget(): that it fails is for the case to judge. What is made in the namespace goes with it. */
static int
create(size_t size)
{
	return shmget(IPC_PRIVATE, size, IPC_CREAT | 0600);
}

CASE(shmmin_one, DOCUMENTED, "The smallest size of a segment is one byte", "Linux shmget(2)",
    "FreeBSD sys/kern/sysv_shm.c", "NetBSD sys/kern/sysv_ipc.c", "DragonFly sys/kern/sysv_shm.c",
    "macOS bsd/kern/sysv_shm.c", "illumos usr/src/uts/common/os/shm.c shmget()")
{
	int id = segment_own(shmget(segment_key(), 1, IPC_CREAT | IPC_EXCL | 0600));
	CHECK_NE(-1, id);
	char *p = segment_attach(id, NULL, 0);

	size_deviates();
	CHECK_EQ(1, segment_stat(id).shm_segsz);
	CHECK_BYTES(0, p, 1);
	p[0] = 'a';
	CHECK_EQ('a', *(char *)segment_attach(id, NULL, SHM_RDONLY));
	CHECK_FAILS(EINVAL, -1, segment_own(create(0)));
}

static void
reach_shmmax(__attribute__((unused)) void *arg)
{
	size_t largest = 2 * page_size() + 100; /* in the middle of a page */

	enter_new_ipc_namespace();
	ipc_limit_set("shmmax", largest);
	int id = create(largest);
	CHECK_NE(-1, id);
	pattern_store(1, segment_attach(id, NULL, 0), largest);
	CHECK_EQ(largest, segment_stat(id).shm_segsz);

	key_t key = segment_key();
	CHECK_FAILS(EINVAL, -1, shmget(key, largest + 1, IPC_CREAT | 0600));
	CHECK_FAILS(EINVAL, -1, shmget(key, 3 * page_size(), IPC_CREAT | 0600));
	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
	CHECK_FAILS(EINVAL, -1, create(SIZE_MAX));

	ipc_limit_set("shmmax", 3 * page_size());
	CHECK_NE(-1, shmget(key, 3 * page_size(), IPC_CREAT | 0600));
}

CASE(shmmax_boundary, SHALL, "A size equal to the maximum is accepted, one byte more is refused with EINVAL",
    "POSIX.1-2017 shmget() ERRORS", "Linux shmget(2)", NEEDS_IPC_LIMITS, COVERS("shmget.over_shmmax"))
{
	in_child(reach_shmmax, NULL);
}

CASE(shmmax_boundary__largest_number, SHALL,
    "A size that no system can give fails with EINVAL and leaves the key without a segment",
    "POSIX.1-2017 shmget() ERRORS", NEEDS_HIGHEST_SIZE)
{
	key_t key = segment_key();

	CHECK_FAILS(EINVAL, -1, shmget(key, SIZE_MAX, IPC_CREAT | 0600));
	CHECK_FAILS(EINVAL, -1, shmget(key, SIZE_MAX - page_size() + 1, IPC_CREAT | 0600));
	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
}

static void
lower_shmmax(__attribute__((unused)) void *arg)
{
	enter_new_ipc_namespace();
	int id = create(3 * page_size());
	char *p = segment_attach(id, NULL, 0);

	ipc_limit_set("shmmax", page_size());

	pattern_store(1, p, 3 * page_size());
	CHECK_PATTERN(1, segment_attach(id, NULL, 0), 3 * page_size());
	CHECK_EQ(3 * page_size(), segment_stat(id).shm_segsz);
	CHECK_FAILS(EINVAL, -1, create(page_size() + 1));
}

CASE(shmmax_lowered_keeps_existing, DOCUMENTED,
    "Lowering shmmax applies to new segments and leaves existing ones as they are", "Linux proc(5)", NEEDS_IPC_LIMITS)
{
	in_child(lower_shmmax, NULL);
}

static void
reach_shmmni(__attribute__((unused)) void *arg)
{
	enter_new_ipc_namespace();
	ipc_limit_set("shmmni", 3);
	key_t key = segment_key();

	int first = create(1);
	int second = create(1);
	int third = create(1);
	CHECK_NE(-1, first);
	CHECK_NE(-1, second);
	CHECK_NE(-1, third);
	CHECK_FAILS(ENOSPC, -1, shmget(key, 1, IPC_CREAT | 0600));
	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));

	segment_remove(second);
	CHECK_NE(-1, shmget(key, 1, IPC_CREAT | 0600));
	CHECK_FAILS(ENOSPC, -1, create(1));
	CHECK_NE(-1, shmget(key, 0, 0)); /* what exists is found all the same */
	CHECK_EQ(1, segment_stat(third).shm_segsz);
}

CASE(shmmni_boundary, SHALL,
    "The number of segments can reach the system's limit, and one more fails with ENOSPC until one is removed",
    "POSIX.1-2017 shmget() ERRORS", "Linux shmget(2)", ALSO("shmget.enospc-too-many-ids"), NEEDS_IPC_LIMITS,
    COVERS("shmget.shmmni"))
{
	in_child(reach_shmmni, NULL);
}

static void
reach_shmall(__attribute__((unused)) void *arg)
{
	enter_new_ipc_namespace();
	ipc_limit_set("shmall", 3);

	CHECK_NE(-1, create(2 * page_size()));
	CHECK_FAILS(ENOSPC, -1, create(2 * page_size()));
	CHECK_NE(-1, create(page_size()));
	CHECK_FAILS(ENOSPC, -1, create(1));
}

CASE(shmall_boundary, DOCUMENTED, "The pages of all segments may reach SHMALL, and one page more fails with ENOSPC",
    "Linux shmget(2)", NEEDS_IPC_LIMITS)
{
	in_child(reach_shmall, NULL);
}

static void
fill_with_bytes(__attribute__((unused)) void *arg)
{
	enter_new_ipc_namespace();
	ipc_limit_set("shmall", 4);

	CHECK_NE(-1, create(1));
	CHECK_NE(-1, create(page_size() + 1));
	CHECK_NE(-1, create(page_size() - 1));
	CHECK_FAILS(ENOSPC, -1, create(1));
}

CASE(shmall_counts_whole_pages, DOCUMENTED,
    "Each segment counts towards SHMALL with its size rounded up to whole pages", "Linux shmget(2)", NEEDS_IPC_LIMITS)
{
	in_child(fill_with_bytes, NULL);
}

static void
fill_and_empty(__attribute__((unused)) void *arg)
{
	enter_new_ipc_namespace();
	ipc_limit_set("shmall", 3);
	ipc_limit_set("shmmni", 2);

	/* More often than there is room for; touched or not, attached when removed or not. */
	for (int i = 0; i < 12; i++) {
		int id = create(3 * page_size());
		char *p = segment_attach(id, NULL, 0);

		if (i % 2 == 0)
			pattern_store(1, p, 3 * page_size());
		CHECK_FAILS(ENOSPC, -1, create(1));
		if (i % 3 == 0)
			segment_detach(p);
		segment_remove(id);
		if (i % 3 != 0)
			segment_detach(p);
	}
}

CASE(shmall_freed_on_destroy, DOCUMENTED, "A destroyed segment no longer counts towards SHMALL and SHMMNI",
    "Linux shmget(2)", NEEDS_IPC_LIMITS)
{
	in_child(fill_and_empty, NULL);
}

static void
remove_while_attached(__attribute__((unused)) void *arg)
{
	enter_new_ipc_namespace();
	ipc_limit_set("shmmni", 1);
	int id = create(page_size());
	char *p = segment_attach(id, NULL, 0);
	segment_remove(id);

	errno = 0;
	int next = create(page_size());
	int error = errno;
	CHECK(next != -1 || error == ENOSPC);
	observed("removed-but-attached", "%s", next == -1 ? "counts" : "does not count");

	if (next != -1)
		segment_remove(next);
	segment_detach(p);
	CHECK_NE(-1, create(page_size()));
}

CASE(shmall_held_until_last_detach, OBSERVED,
    "A removed segment may count towards SHMMNI while it is attached, and does not count after its last detach",
    "Linux shmget(2)", CHOICE("Linux shmctl(2)", "removed-but-attached", "counts"), NEEDS_IPC_LIMITS)
{
	in_child(remove_while_attached, NULL);
}

/* Where the kernel's words are wider than ours, it reads as our highest number. */
static void
check_is_unlimited(unsigned long value)
{
	CHECK(value == ULONG_MAX - (1UL << 24) || (sizeof(value) == 4 && value == ULONG_MAX));
}

static void
look_at_defaults(__attribute__((unused)) void *arg)
{
	enter_new_ipc_namespace();
	check_is_unlimited(ipc_limit("shmmax"));
	check_is_unlimited(ipc_limit("shmall"));
	CHECK_EQ(4096, ipc_limit("shmmni"));
}

CASE(defaults_unlimited, DOCUMENTED, "By default SHMMAX and SHMALL are ULONG_MAX - 2^24 and SHMMNI is 4096",
    "Linux 3.16 shmget(2)", NEEDS_IPC_NAMESPACE)
{
	in_child(look_at_defaults, NULL);
}
