/* SPDX-License-Identifier: BSD-2-Clause */

/* What the system says of itself: its name, its page size, SHMLBA. */

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/utsname.h>

#include "case.h"
#include "platform/compiler.h"
#include "platform/shm.h"

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

/* The calls fail with another error than ENOSYS: none of them is right. */
static bool
has_objects(void)
{
	return shm_open("", O_RDWR, 0) != -1 || errno != ENOSYS;
}

static bool
has_mlockall(void)
{
	return mlockall(0) == 0 || errno != ENOSYS;
}

static bool
has_mlock(void)
{
	static char byte;

	return munlock(&byte, 1) == 0 || errno != ENOSYS;
}

static bool
has_msync(void)
{
	return msync(NULL, 0, MS_SYNC) == 0 || errno != ENOSYS;
}

CASE(options, SHALL,
    "The system has the calls of each option about memory that sysconf() says it supports, and supports mapped files "
    "and memory protection",
    "POSIX.1-2017 sysconf() DESCRIPTION", "POSIX.1-2024 sysconf() DESCRIPTION", "POSIX.1-2017 <unistd.h> DESCRIPTION",
    COVERS("BS119"))
{
	static const struct {
		const char *name;
		int option;
		bool (*has)(void);
	} rows[] = {
		{ "shared-memory-objects", _SC_SHARED_MEMORY_OBJECTS, has_objects },
		{ "memlock", _SC_MEMLOCK, has_mlockall },
		{ "memlock-range", _SC_MEMLOCK_RANGE, has_mlock },
		{ "synchronized-io", _SC_SYNCHRONIZED_IO, has_msync },
	};

	CHECK(sysconf(_SC_MAPPED_FILES) > 0);
	CHECK(sysconf(_SC_MEMORY_PROTECTION) > 0);
	for (size_t i = 0; i < nitems(rows); i++) {
		long supported = sysconf(rows[i].option);

		observed(rows[i].name, "%ld", supported);
		if (supported > 0)
			CHECK(rows[i].has());
	}
}
