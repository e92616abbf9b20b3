/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <signal.h>

#include <sys/mman.h>
#include <sys/statvfs.h>

#include "case.h"
#include "mapping.h"
#include "mapping_deviations.h"
#include "platform/object_place.h"

/* PaX MPROTECT of NetBSD is on unless the administrator turns it off, for the system or for a program. */
void
raised_protection_deviates(void)
{
	if (!platform_is(NETBSD))
		return;
	char *p = mmap(NULL, page_size(), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	REQUIRE(p != MAP_FAILED);
	if (mprotect(p, page_size(), PROT_READ | PROT_WRITE) == -1 && errno == EACCES)
		deviates(
		    NETBSD, "access that mmap() was not asked for is refused with EACCES", "NetBSD mprotect(2) ERRORS");
	unmap(p, page_size());
}

void
protection_signal_deviates(void)
{
	deviates(MACOS, "a protection fault raises SIGBUS", "macOS mprotect(2)");
}

/* On UFS a file has memory up to the end of its last fragment. */
static bool
fragments_exceed_pages(int fd)
{
	struct statvfs fs;

	return is_on_ufs(fd) && fstatvfs(fd, &fs) == 0 && fs.f_frsize > page_size();
}

void
behind_end_deviates(int fd, const int signals[], size_t count)
{
	size_t without = 0;
	size_t segv = 0;

	for (size_t i = 0; i < count; i++) {
		without += signals[i] == 0;
		segv += signals[i] == SIGSEGV;
	}
	CHECK_INSTEAD(DRAGONFLY, without + segv == count);
	if (without == 0)
		known_defect(DRAGONFLY, "", "a page fault raises SIGSEGV, never SIGBUS",
		    "DragonFly sys/platform/pc64/x86_64/trap.c trap()");
	else
		known_defect(DRAGONFLY, "",
		    "the last block of a file has memory behind its end, and what is no memory "
		    "raises SIGSEGV",
		    "DragonFly sys/kern/vfs_vm.c nvextendbuf()");
	if (without > 0 && fragments_exceed_pages(fd))
		known_defect(NETBSD, "",
		    "a fragment of the file system that is larger than a page has memory behind the end",
		    "NetBSD sys/ufs/ffs/ffs_vnops.c ffs_gop_size()");
}
