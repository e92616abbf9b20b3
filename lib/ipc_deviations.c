/* SPDX-License-Identifier: BSD-2-Clause */

#include "case.h"
#include "ipc_deviations.h"
#include "segment.h"

static const char freebsd_lookup[] = "FreeBSD sys/kern/sysv_shm.c shmget_existing()";
static const char openbsd_ipcperm[] = "OpenBSD sys/kern/sysv_ipc.c ipcperm()";

static void
openbsd_tests_twice(void)
{
	known_defect(OPENBSD, "",
	    "the caller is judged by owner and group and again by creator and creator's group, and one yes is enough",
	    openbsd_ipcperm);
}

void
user_class_defect(void)
{
	openbsd_tests_twice();
}

void
group_class_defect(void)
{
	openbsd_tests_twice();
	known_defect(MACOS, "",
	    "a caller who is not in both the owner's and the creator's group is judged by the other bits",
	    "macOS bsd/kern/sysv_ipc.c ipcperm()");
}

void
refusal_to_change_defect(void)
{
	known_defect(FREEBSD, "", "IPC_SET and IPC_RMID fail with EACCES instead of EPERM",
	    "FreeBSD sys/kern/sysv_ipc.c ipcperm()");
}

/* Not in all branches of FreeBSD: since shmget_allocate_segment() of sys/kern/sysv_shm.c has the size as an argument. */
void
size_deviates(void)
{
	int id;

	if (!platform_is(FREEBSD))
		return;
	id = segment_create(1);
	if ((size_t)segment_stat(id).shm_segsz == page_size())
		deviates(FREEBSD, "shm_segsz is the size rounded up to whole pages", "FreeBSD shmget(2)");
	segment_remove(id);
}

void
lookup_by_owners_bits_defect(void)
{
	static const char any_class[] =
	    "the requested bits are compared with the mode, whatever the class of the caller";

	known_defect(FREEBSD, "", "a lookup by key checks no permission", freebsd_lookup);
	known_defect(MACOS, "", any_class, "macOS bsd/kern/sysv_shm.c shmget_existing()");
	known_defect(ILLUMOS, "", any_class, "illumos usr/src/uts/common/os/ipc.c ipc_keylookup()");
}

void
lookup_by_bits_of_group_and_others_defect(void)
{
	static const char owners_two[] =
	    "the owner's two bits request access for any class, and other bits request nothing";

	known_defect(FREEBSD, "", "a lookup by key checks no permission", freebsd_lookup);
	known_defect(NETBSD, "", owners_two, "NetBSD sys/kern/sysv_ipc.c sysvipc_listener_cb()");
	known_defect(OPENBSD, "", owners_two, openbsd_ipcperm);
	known_defect(DRAGONFLY, "", "the requested bits are shifted to the caller's class as if they were the owner's",
	    "DragonFly sys/kern/sysv_ipc.c ipcperm()");
}

/* As in FreeBSD's releases before 15. */
static bool
remap_is_made_of_others(void)
{
	return SHM_REMAP == (SHM_RDONLY | SHM_RND);
}

void
taken_address_defect(void)
{
	if (remap_is_made_of_others())
		known_defect(FREEBSD, "",
		    "SHM_RDONLY or SHM_RND replaces what is mapped at the address, as both are bits of SHM_REMAP",
		    "FreeBSD sys/kern/sysv_shm.c kern_shmat_locked()");
}

void
remap_defect(void)
{
	if (remap_is_made_of_others())
		known_defect(
		    FREEBSD, "", "SHM_REMAP is SHM_RDONLY | SHM_RND, and does what these do", "FreeBSD sys/sys/shm.h");
}
