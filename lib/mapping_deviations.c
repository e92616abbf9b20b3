/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>

#include <sys/mman.h>

#include "case.h"
#include "mapping.h"
#include "mapping_deviations.h"

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

void
end_of_file_signal_deviates(void)
{
	known_defect(DRAGONFLY, "", "a page fault raises SIGSEGV, never SIGBUS",
	    "DragonFly sys/platform/pc64/x86_64/trap.c trap()");
}
