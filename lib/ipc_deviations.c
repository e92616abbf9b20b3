/* SPDX-License-Identifier: BSD-2-Clause */

#include "case.h"
#include "ipc_deviations.h"
#include "segment.h"

static const char freebsd_lookup[] = "FreeBSD sys/kern/sysv_shm.c shmget_existing()";
static const char openbsd_ipcperm[] = "OpenBSD sys/kern/sysv_ipc.c ipcperm()";

/* One test is of owner and group, the other of creator and creator's group. To be admitted by one is enough. */
static void
openbsd_tests_twice(void)
{
	deviates(OPENBSD,
	    "whom one of two tests, of owner and group and of creator and its group, leaves over is one of others",
	    openbsd_ipcperm);
}

void
user_class_deviates(void)
{
	openbsd_tests_twice();
}

void
group_class_deviates(void)
{
	openbsd_tests_twice();
	deviates(MACOS, "the bits of others count for who is not in both groups, the owner's and the creator's",
	    "macOS bsd/kern/sysv_ipc.c ipcperm()");
}

void
refusal_to_change_deviates(void)
{
	deviates(FREEBSD, "EACCES instead of EPERM", "FreeBSD sys/kern/sysv_ipc.c ipcperm()");
}

/* FreeBSD does so since its shmget_allocate_segment() has the size as an argument, which is not in all of its branches. */
void
size_deviates(void)
{
	int id;

	if (!platform_is(FREEBSD))
		return;
	id = segment_create(1);
	if ((size_t)segment_stat(id).shm_segsz == page_size())
		deviates(FREEBSD, "shm_segsz is the size rounded up to whole pages",
		    "FreeBSD sys/kern/sysv_shm.c shmget_allocate_segment()");
	segment_remove(id);
}

void
lookup_by_owners_bits_deviates(void)
{
	static const char any_class[] = "the bits are compared with the mode, whoever asks";

	deviates(FREEBSD, "the lookup of a key checks no permission", freebsd_lookup);
	deviates(MACOS, any_class, "macOS bsd/kern/sysv_shm.c shmget_existing()");
	deviates(ILLUMOS, any_class, "illumos usr/src/uts/common/os/ipc.c ipc_keylookup()");
}

void
lookup_by_bits_of_group_and_others_deviates(void)
{
	static const char owners_two[] = "the owner's two bits ask for access by any class, and no other bits do";

	deviates(FREEBSD, "the lookup of a key checks no permission", freebsd_lookup);
	deviates(NETBSD, owners_two, "NetBSD sys/kern/sysv_ipc.c sysvipc_listener_cb()");
	deviates(OPENBSD, owners_two, openbsd_ipcperm);
	deviates(DRAGONFLY, "the bits are shifted to the caller's class, which takes them for the owner's",
	    "DragonFly sys/kern/sysv_ipc.c ipcperm()");
}

/* As in FreeBSD's releases before 15. */
static bool
remap_is_made_of_others(void)
{
	return SHM_REMAP == (SHM_RDONLY | SHM_RND);
}

void
taken_address_deviates(void)
{
	if (remap_is_made_of_others())
		deviates(FREEBSD, "SHM_RDONLY and SHM_RND, the bits of SHM_REMAP, replace what is at the address",
		    "FreeBSD sys/kern/sysv_shm.c kern_shmat_locked()");
}

void
remap_deviates(void)
{
	if (remap_is_made_of_others())
		deviates(FREEBSD, "SHM_REMAP is SHM_RDONLY and SHM_RND together, and does what they do",
		    "FreeBSD sys/sys/shm.h");
}
