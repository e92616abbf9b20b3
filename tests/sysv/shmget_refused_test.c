/* SPDX-License-Identifier: BSD-2-Clause */

/* What the system cannot give or does not want to give: more memory than there is, segments in a jail without them. */

#include <stdint.h>

#include "case.h"
#include "ipc_namespace.h"
#include "segment.h"
#include "segment_limits.h"
#include "platform/sysctl.h"
#include "random.h"

INTERFACE(shmget)

/* Within the limits, and beyond what any machine has: a quarter of all numbers of 64 bits, nearly all of 32. */
static size_t
size_beyond_memory(void)
{
	return SIZE_MAX / (sizeof(size_t) == 8 ? 4 : 1) - ((size_t)1 << 26);
}

CASE(enomem, SHALL, "A segment that there is not enough memory for fails with ENOMEM and leaves no identifier behind",
    "POSIX.1-2017 shmget() ERRORS", "Linux shmget(2)", "macOS shmget(2)", "illumos shmget(2)")
{
	size_t size = size_beyond_memory();
	need(!is_over_shmmax(size), "the system's maximum is below the memory that it may have");
	need(ipc_limit("shmall") >= size / page_size() * 2,
	    "the limit on all segments is below the memory that there may be");
	key_t key = segment_key();

	errno = 0;
	int id = segment_own(shmget(key, size, IPC_CREAT | 0600));
	need(id == -1, "the system gives memory that it does not have");
	CHECK_EQ(ENOMEM, errno);

	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
	CHECK_FAILS(ENOMEM, -1, segment_own(shmget(key, size, IPC_CREAT | IPC_EXCL | 0600)));
	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
	CHECK_FAILS(ENOMEM, -1, segment_own(shmget(IPC_PRIVATE, size, 0600)));
	CHECK_NE(-1, segment_own(shmget(key, page_size(), IPC_CREAT | IPC_EXCL | 0600))); /* there is memory for less */
}

CASE(enosys_in_jail, DOCUMENTED, "In a jail without System V IPC each call about segments fails with ENOSYS",
    "FreeBSD sys/kern/sysv_shm.c shm_find_prison()", "DragonFly sys/kern/sysv_shm.c sys_shmget()")
{
	unsigned long long is_jailed = 0;
	need(sysctl_number("security.jail.jailed", &is_jailed) || sysctl_number("jail.jailed", &is_jailed),
	    "cannot tell whether this is a jail");
	need(is_jailed != 0, "this is no jail");
	struct shmid_ds status;
	char page[1];

	key_t key;

	/* Not by segment.h, which skips the case where no such call is answered. */
	errno = 0;
	int id = shmget(IPC_PRIVATE, page_size(), 0600);
	bool is_missing = id == -1 && errno == ENOSYS;
	if (id != -1)
		segment_own(id);
	need(is_missing, "this jail has System V IPC");
	random_bytes(&key, sizeof(key));

	CHECK_FAILS(ENOSYS, -1, shmget(key, 0, 0));
	CHECK_FAILS(ENOSYS, (void *)-1, shmat(0, NULL, 0));
	CHECK_FAILS(ENOSYS, -1, shmdt(page));
	CHECK_FAILS(ENOSYS, -1, shmctl(0, IPC_STAT, &status));
	CHECK_FAILS(ENOSYS, -1, shmctl(0, IPC_RMID, NULL));
}
