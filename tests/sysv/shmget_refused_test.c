/* SPDX-License-Identifier: BSD-2-Clause */

/* Segments that the system cannot give: larger than its memory, or in a jail without System V IPC. */

#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "case.h"
#include "ipc_namespace.h"
#include "segment.h"
#include "segment_limits.h"
#include "platform/overcommit.h"
#include "platform/sysctl.h"
#include "random.h"

/* Within the limits, and beyond what any machine has: a quarter of all numbers of 64 bits, nearly all of 32. */
static size_t
size_beyond_memory(void)
{
	return SIZE_MAX / (sizeof(size_t) == 8 ? 4 : 1) - ((size_t)1 << 26);
}

static void
need_size_beyond_memory(void)
{
	const size_t size = size_beyond_memory();
	const long pages = sysconf(_SC_PHYS_PAGES);

	need(pages < 0 || (size_t)pages < size / page_size(), "needs addresses for more memory than the machine has");
	need(overcommit_mode() != 1, "needs vm.overcommit_memory other than 1");
	need(!is_over_shmmax(size), "needs a shmmax above the memory that a machine may have");
	need(ipc_limit("shmall") >= size / page_size() * 2, "needs a shmall above the memory that a machine may have");
}

#define NEEDS_SIZE_BEYOND_MEMORY \
	NEED("limits above memory, and vm.overcommit_memory not 1", .ask = need_size_beyond_memory)

static void
need_jail_without_segments(void)
{
	unsigned long long is_jailed = 0;
	bool is_told = sysctl_number("security.jail.jailed", &is_jailed) || sysctl_number("jail.jailed", &is_jailed);

	need(is_told, "needs a sysctl that tells whether this is a jail");
	need(is_jailed != 0, "needs a jail");
	errno = 0;
	int id = shmget(IPC_PRIVATE, page_size(), 0600);
	bool is_missing = id == -1 && errno == ENOSYS;
	if (id != -1)
		segment_own(id);
	need(is_missing, "needs a jail without System V IPC");
}

#define NEEDS_JAIL_WITHOUT_SEGMENTS NEED("a jail without System V IPC", .ask = need_jail_without_segments)

INTERFACE(shmget)

CASE(enomem, SHALL,
    "A segment of more bytes than there is memory fails with ENOMEM and leaves the key without a segment",
    "POSIX.1-2017 shmget() ERRORS", "Linux shmget(2)", "macOS shmget(2)", "illumos shmget(2)", "NetBSD shmget(2)",
    "OpenBSD shmget(2)", NEEDS_SEGMENTS, NEEDS_SIZE_BEYOND_MEMORY, COVERS("BS11"))
{
	size_t size = size_beyond_memory();
	key_t key = segment_key();

	CHECK_FAILS(ENOMEM, -1, segment_own(shmget(key, size, IPC_CREAT | 0600)));
	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
	CHECK_FAILS(ENOMEM, -1, segment_own(shmget(key, size, IPC_CREAT | IPC_EXCL | 0600)));
	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
	CHECK_FAILS(ENOMEM, -1, segment_own(shmget(IPC_PRIVATE, size, 0600)));
	CHECK_NE(-1, segment_own(shmget(key, page_size(), IPC_CREAT | IPC_EXCL | 0600))); /* there is memory for less */
}

CASE(enosys_in_jail, DOCUMENTED, "In a jail without System V IPC each call about segments fails with ENOSYS",
    "FreeBSD sys/kern/sysv_shm.c shm_find_prison()", "DragonFly sys/kern/sysv_shm.c sys_shmget()",
    NEEDS_JAIL_WITHOUT_SEGMENTS)
{
	struct shmid_ds status;
	char page[1];
	key_t key;

	random_bytes(&key, sizeof(key)); /* segment.h would skip the case, as no such call is answered */

	CHECK_FAILS(ENOSYS, -1, shmget(key, 0, 0));
	CHECK_FAILS(ENOSYS, (void *)-1, shmat(0, NULL, 0));
	CHECK_FAILS(ENOSYS, -1, shmdt(page));
	CHECK_FAILS(ENOSYS, -1, shmctl(0, IPC_STAT, &status));
	CHECK_FAILS(ENOSYS, -1, shmctl(0, IPC_RMID, NULL));
}
