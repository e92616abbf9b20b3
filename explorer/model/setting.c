/* SPDX-License-Identifier: BSD-2-Clause */

#include <string.h>

#include "setting.h"

#define IS(name)        #name, offsetof(struct setting, name), FLAG
#define IS_NUMBER(name) #name, offsetof(struct setting, name), NUMBER
#define IS_ERROR(name)  #name, offsetof(struct setting, name), ERROR
#define IS_SIGNAL(name) #name, offsetof(struct setting, name), SIGNAL

static const struct setting_form forms[] = {
	{ IS_NUMBER(page), "bytes of a page", "sysconf()" },
	{ IS_NUMBER(unit), "bytes of a unit", "--unit" },
	{ IS(has_segments), "the system has segments, and room for as many as a round may make", "XSI" },
	{ IS(has_objects), "the system has objects, and room for as many as a round may make", "POSIX option SHM" },
	{ IS(has_files), "the working directory has room for as many files as a round may make", "--work" },
	{ IS(can_exec), "the explorer can start itself again", "explorer/image.c" },
	{ IS(has_vfork), "the system has vfork()", "all but macOS, which advises against it" },
	{ IS(orphans_end), "a process whose parent has ended is waited for by the explorer",
	    "Linux prctl(2), FreeBSD procctl(2)" },
	{ IS(codes_tell), "si_code says why an access faulted",
	    "POSIX.1-2017 <signal.h>; not macOS on arm64, bsd/dev/arm/unix_signal.c sendsig()" },
	{ IS(io_sees_mappings), "read() and write() of a file and its mappings agree at once",
	    "all but OpenBSD, msync(2)" },
	{ IS(objects_can_be_read), "read() and write() of objects work as those of files do", "lib/platform" },
	{ IS(objects_have_offsets), "lseek() of objects works as that of files does", "lib/platform" },
	{ IS(overrides[SEGMENT]), "the first user may attach a segment without any permission bits",
	    "Linux CAP_IPC_OWNER" },
	{ IS(overrides[OBJECT]), "the first user may open an object without any permission bits",
	    "Linux CAP_DAC_OVERRIDE" },
	{ IS(overrides[REGULAR_FILE]), "the first user may open a file without any permission bits",
	    "Linux CAP_DAC_OVERRIDE" },
	{ IS(overrides_reading[OBJECT]), "the first user may open an object without any permission bits to read it",
	    "Linux CAP_DAC_READ_SEARCH" },
	{ IS(overrides_reading[REGULAR_FILE]), "the first user may open a file without any permission bits to read it",
	    "Linux CAP_DAC_READ_SEARCH" },
	{ IS(can_become_other), "the first user is root, and has all rights over the other's things",
	    "explorer/scene_setup.c" },
	{ IS(other_reaches_files), "the other user may search the working directory", "--work" },
	{ IS(has_guards), "madvise() installs guards, in shared memory too", "Linux 6.15 mm/madvise.c" },
	{ IS(has_advice), "madvise() drops pages, and says what children have", "Linux 4.14 madvise(2)" },
	{ IS(has_memfds), "memfd_create() makes objects without a name", "Linux memfd_create(2)" },
	{ IS(objects_have_modes), "objects have the mode that was asked for, and fchmod() sets it",
	    "all but OpenBSD shm_open(3) and macOS bsd/vfs/vfs_syscalls.c fchmod1()" },
	{ IS(detach_sets_last_user), "shmdt() sets shm_lpid", "Linux shmop(2), illumos shmop(2)" },
	{ IS(objects_have_times), "objects have times as files have",
	    "all but macOS, bsd/kern/posix_shm.c pshm_stat()" },
	{ IS(file_times_agree), "the times of files are of the clock that processes see", "--work" },
	{ IS(object_tail_stays), "bytes that were stored behind the end of an object show when it grows",
	    "Linux mmap(2) BUGS; FreeBSD sys/fs/tmpfs/tmpfs_subr.c, DragonFly sys/vfs/tmpfs/tmpfs_subr.c" },
	{ IS(file_tail_stays), "bytes that were stored behind the end of a file show when it grows",
	    "Linux mmap(2) BUGS; FreeBSD sys/vm/vnode_pager.c, NetBSD sys/ufs/ffs/ffs_inode.c" },
	{ IS(calls_take_attachments), "munmap(), mprotect(), msync() and MAP_FIXED are for all memory of a process",
	    "Linux mmap(2), mprotect(2), msync(2)" },
	{ IS(attach_can_replace), "SHM_REMAP of shmat() replaces what is mapped", "Linux shmop(2)" },
	{ IS(locks.are_there), "mlock() reaches the system, and may lock something", "POSIX.1-2017 mlock()" },
	{ IS(locks.are_counted), "the system tells the bytes that a process has locked", "Linux proc(5) VmLck" },
	{ IS(locks.msync_tells), "msync() with MS_INVALIDATE refuses locked pages", "POSIX.1-2017 msync() ERRORS" },
	{ IS(locks.stay_at_failure), "what mlock() or munlock() did before a hole stays when it fails",
	    "Linux: docs/findings.md" },
	{ IS(locks.munlock_needs_them), "munlock() refuses pages that are not locked",
	    "NetBSD and DragonFly mlock(2) ERRORS" },
	{ IS_NUMBER(locks.limit), "bytes that a process may lock, if a round comes to that", "getrlimit()" },
	{ IS(removed_segments_stay), "a removed segment that is attached keeps its identifier",
	    "Linux shmctl(2), shmop(2); others refuse it or not" },
	{ IS(removed_have_other_error), "the identifier of a removed segment gives EINVAL or EIDRM",
	    "Linux shmop(2), shmctl(2)" },
	{ IS(removed_segments_show), "the mode of a removed segment has SHM_DEST", "Linux shmctl(2)" },
	{ IS(segments_have_whole_pages), "the size of a segment is rounded up to whole pages", "FreeBSD shmget(2)" },
	{ IS(read_only_attach_replaces), "SHM_RDONLY replaces what is mapped, as it is a bit of SHM_REMAP",
	    "FreeBSD before 15, sys/kern/sysv_shm.c kern_shmat_locked()" },
	{ IS(objects_are_sized_once), "an object gets a size once, and in whole pages",
	    "macOS bsd/kern/posix_shm.c pshm_truncate()" },
	{ IS(objects_are_mapped_shared_and_whole), "an object is mapped with MAP_SHARED and within its size",
	    "macOS bsd/kern/posix_shm.c pshm_mmap()" },
	{ IS(holes_are_protected), "mprotect() of a range where nothing is mapped succeeds",
	    "FreeBSD sys/vm/vm_map.c, NetBSD and OpenBSD sys/uvm/uvm_map.c, DragonFly sys/vm/vm_map.c" },
	{ IS(holes_are_not_unmapped), "munmap() of a range in which something is not mapped fails with EINVAL",
	    "OpenBSD munmap(2) ERRORS; DragonFly sys/vm/vm_mmap.c sys_munmap()" },
	{ IS(access_is_not_raised), "mprotect() gives no access that mmap() was not asked for",
	    "NetBSD mprotect(2) ERRORS" },
	{ IS(cut_page_loses_stores), "the page with the new, smaller end loses what was stored by a mapping",
	    "OpenBSD sys/uvm/uvm_vnode.c uvm_vnp_setsize()" },
	{ IS(end_is_open), "an access behind the end raises SIGSEGV, or there is memory",
	    "DragonFly sys/platform/pc64/x86_64/trap.c trap(), sys/kern/vfs_vm.c nvextendbuf()" },
	{ IS_SIGNAL(signal_of_protection), "an access that the protection refuses raises this signal",
	    "POSIX.1-2017 mprotect(); macOS mprotect(2)" },
	{ IS_ERROR(error_of_foreign_unlink), "shm_unlink() of another user's object fails with this error",
	    "POSIX.1-2017 shm_unlink() ERRORS; musl, NetBSD and OpenBSD pass on that of unlink()" },
	{ IS_ERROR(error_of_taken_address), "shmat() where something is mapped fails with this error",
	    "POSIX.1-2017 shmat() ERRORS; FreeBSD, NetBSD, OpenBSD, DragonFly and macOS sources" },
	{ IS_ERROR(other_error_of_taken_address), "or with this error", "no document of this platform is known" },
	{ IS_ERROR(error_of_msync_hole), "msync() of a range in which something is not mapped fails with this error",
	    "POSIX.1-2017 msync() ERRORS; NetBSD and OpenBSD sys/uvm/uvm_mmap.c, DragonFly sys/vm/vm_mmap.c" },
};

enum { FORMS = sizeof(forms) / sizeof(forms[0]) };

const struct setting_form *
setting_form(unsigned i)
{
	return i < FORMS ? &forms[i] : NULL;
}

const struct setting_form *
setting_find(const char *name)
{
	for (unsigned i = 0; i < FORMS; i++)
		if (strcmp(forms[i].name, name) == 0)
			return &forms[i];
	return NULL;
}

uint32_t
setting_value(const struct setting *s, const struct setting_form *f)
{
	const char *at = (const char *)s + f->offset;
	uint32_t value;

	_Static_assert(sizeof(int) == sizeof(value), "errors and signals have 32 bits");
	if (f->kind == FLAG)
		return *(const bool *)at;
	memcpy(&value, at, sizeof(value));
	return value;
}

void
setting_set(struct setting *s, const struct setting_form *f, uint32_t value)
{
	char *at = (char *)s + f->offset;

	if (f->kind == FLAG)
		*(bool *)at = value != 0;
	else
		memcpy(at, &value, sizeof(value));
}
