/* SPDX-License-Identifier: BSD-2-Clause */

/* What the system says of itself: its name, its page size, SHMLBA. */

#include <string.h>
#include <unistd.h>

#include <sys/utsname.h>

#include "case.h"
#include "platform/compiler.h"

INTERFACE(platform)

CASE(names_itself, OBSERVED, "The system names itself, its release and its machine", "POSIX.1-2017 uname() DESCRIPTION")
{
	struct utsname name;

	REQUIRE(uname(&name) != -1);
	observed("platform.os", "%s", name.sysname);
	observed("platform.kernel", "%s", name.release);
	observed("platform.machine", "%s", name.machine);
	observed("platform.libc", "%s", platform_libc());
	observed("platform.compiler", "%s", platform_compiler());
}

CASE(page_size, SHALL, "The page size is at least 1 and does not change while a process lives",
    "POSIX.1-2017 sysconf() DESCRIPTION", "POSIX.1-2024 sysconf() DESCRIPTION", "POSIX.1-2017 <limits.h>")
{
	long size = sysconf(_SC_PAGESIZE);

	CHECK(size >= 1);
	CHECK_EQ(size, sysconf(_SC_PAGE_SIZE));
	observed("platform.page-size", "%ld", size);
}

CASE(attach_multiple, SHALL, "SHMLBA is a whole number of pages", "POSIX.1-2017 <sys/shm.h>",
    "POSIX.1-2024 <sys/shm.h>", "POSIX.1-2017 shmat() DESCRIPTION")
{
	CHECK(SHMLBA > 0);
	CHECK_EQ(0, (size_t)SHMLBA % page_size());
	observed("platform.shmlba", "%zu", (size_t)SHMLBA);
}
