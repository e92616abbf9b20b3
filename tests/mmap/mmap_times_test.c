/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The times of a file that is read and changed through a mapping. A case sets them back first, so that it need not wait for a
 * change. A file that is written has a name: the UFS of FreeBSD may not write a file that has none.
 */

#include <fcntl.h>
#include <unistd.h>

#include <sys/stat.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "object.h"
#include "platform/object_place.h"
#include "platform/stat.h"

INTERFACE(mmap)

enum { LONG_AGO = 1000000 };

static void
set_times(int fd, time_t access, time_t modification)
{
	const struct timespec times[2] = { { .tv_sec = access }, { .tv_sec = modification } };

	REQUIRE(futimens(fd, times) == 0);
}

/* On DragonFly the time is that of writing the page, or of mmap() or mprotect(), or none, as release and file system have it. */
static void
check_modification_marked(int fd)
{
	if (status_of(fd).st_mtime == LONG_AGO)
		known_defect(DRAGONFLY, "", "mmap() or mprotect() marks the time, and no store does",
		    "DragonFly sys/vm/vm_map.c vm_map_protect()");
	CHECK_NE(LONG_AGO, status_of(fd).st_mtime);
}

CASE(mtime_marked_after_msync, SHALL,
    "A store through a shared mapping marks the file's modification time before msync() of it returns",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "illumos mmap(2)")
{
	int fd = file_create(2 * page_size()).fd;
	char *p = map_shared(fd, 2 * page_size());
	set_times(fd, LONG_AGO, LONG_AGO);

	p[page_size()] = 's';
	CHECK_SUCCEEDS(msync(p, 2 * page_size(), MS_SYNC));

	check_modification_marked(fd);
}

CASE(mtime_marked_after_msync__async, SHALL,
    "A store through a shared mapping marks the file's modification time before msync() of it returns",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "illumos mmap(2)")
{
	int fd = file_create(page_size()).fd;
	char *p = map_shared(fd, page_size());
	set_times(fd, LONG_AGO, LONG_AGO);

	p[page_size() - 1] = 's';
	CHECK_SUCCEEDS(msync(p, page_size(), MS_ASYNC));

	check_modification_marked(fd);
}

CASE(mtime_marked_after_msync__page_in_use, SHALL,
    "A store marks the modification time also if the page was loaded before, or was stored to and synchronized",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "illumos mmap(2)")
{
	static const char first_access_only[] = "tmpfs marks the time at the first access to a page only";
	int fd = file_create(page_size()).fd;
	char *p = map_shared(fd, page_size());
	CHECK_LOAD_OK(p);

	if (is_on_tmpfs(fd)) {
		known_defect(LINUX, "", first_access_only, "docs/findings.md");
		known_defect(NETBSD, "", first_access_only, "NetBSD sys/fs/tmpfs/tmpfs_vnops.c tmpfs_putpages()");
		known_defect(FREEBSD, "", first_access_only, "FreeBSD sys/fs/tmpfs/tmpfs_subr.c tmpfs_check_mtime()");
	}
	for (unsigned round = 0; round < 2; round++) {
		set_times(fd, LONG_AGO, LONG_AGO);
		CHECK_LOAD_OK(p);
		CHECK_EQ(LONG_AGO, status_of(fd).st_mtime);

		*p = (char)('a' + round);
		CHECK_SUCCEEDS(msync(p, page_size(), MS_SYNC));

		check_modification_marked(fd);
	}
}

CASE(mtime_marked_after_msync__private, SHALL,
    "A store through a private mapping does not mark the file's modification time", "POSIX.1-2017 mmap() DESCRIPTION",
    "POSIX.1-2024 mmap() DESCRIPTION")
{
	int fd = file_create(page_size()).fd;
	char *p = map_private(fd, page_size());
	set_times(fd, LONG_AGO, LONG_AGO);

	*p = 's';
	CHECK_SUCCEEDS(msync(p, page_size(), MS_SYNC));

	CHECK_EQ(LONG_AGO, status_of(fd).st_mtime);
}

CASE(atime_marked, SHALL, "The first access to a mapping marks the file's access time, where access times are kept",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "illumos mmap(2)",
    COVERS("mmap.atime"))
{
	static const char read_only[] = "tmpfs marks the access time at read() only";
	int fd = nameless_file(page_size());
	char byte;
	set_times(fd, LONG_AGO, 2 * LONG_AGO); /* older than the modification, or "relatime" would not mark it */
	REQUIRE(status_of(fd).st_atime == LONG_AGO);
	REQUIRE(pread(fd, &byte, 1, 0) == 1);
	/* Many file systems are mounted so that nothing marks access times. */
	need(status_of(fd).st_atime != LONG_AGO, "needs a file system that keeps access times: read() marks none here");

	set_times(fd, LONG_AGO, 2 * LONG_AGO);
	char *p = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 0);
	REQUIRE(p != MAP_FAILED);
	CHECK_LOAD_OK(p);

	if (is_on_tmpfs(fd)) {
		known_defect(FREEBSD, "", read_only, "FreeBSD sys/fs/tmpfs/tmpfs_vnops.c tmpfs_read()");
		known_defect(DRAGONFLY, "", read_only, "DragonFly sys/vfs/tmpfs/tmpfs_vnops.c tmpfs_read()");
	}
	CHECK_NE(LONG_AGO, status_of(fd).st_atime);
	CHECK_EQ(2 * LONG_AGO, status_of(fd).st_mtime);
}

CASE(ctime_marked_after_msync, SHALL,
    "A store through a shared mapping marks the time of change of the file before msync() of it returns",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "illumos mmap(2)",
    COVERS("mmap.mtime_ctime"))
{
	int fd = file_create(2 * page_size()).fd;
	char *p = map_shared(fd, 2 * page_size());
	struct timespec change = change_time_before(fd, file_create(1).fd);

	p[page_size()] = 's';
	CHECK_SUCCEEDS(msync(p, 2 * page_size(), MS_SYNC));

	CHECK(times_differ(status_of(fd).st_ctim, change));
}

/* A descriptor of a new object of a page, whose times are long ago. */
static int
object_of_long_ago(void)
{
	const struct timespec times[2] = { { .tv_sec = LONG_AGO }, { .tv_sec = 2 * LONG_AGO } };
	int fd = object_create(page_size()).fd;

	bool works = futimens(fd, times) == 0;
	need(works, "needs futimens() for objects: it fails with %s", errno_name(errno));
	need(status_of(fd).st_mtime == 2 * LONG_AGO, "needs objects that keep their times");
	return fd;
}

CASE(atime_marked__object, OBSERVED,
    "A load from a mapping of an object marks its time of access or leaves it, and leaves its time of modification",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", NEEDS_OBJECTS, COVERS("BS76"))
{
	int fd = object_of_long_ago();
	char *p = map_shared(fd, page_size());

	CHECK_BYTES(0, p, page_size());

	struct stat status = status_of(fd);
	observed("access-time-of-object", "%s", status.st_atime == LONG_AGO ? "stays" : "is marked");
	CHECK(status.st_atime >= LONG_AGO);
	CHECK_EQ(2 * LONG_AGO, status.st_mtime);
}

CASE(mtime_marked_after_msync__object, OBSERVED,
    "A store to a mapping of an object and msync() mark its time of modification or leave it, and not that of another",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", NEEDS_OBJECTS, COVERS("BS93"))
{
	int fd = object_of_long_ago();
	int other = object_of_long_ago();
	char *p = map_shared(fd, page_size());

	*p = 's';
	CHECK_SUCCEEDS(msync(p, page_size(), MS_SYNC));

	time_t modification = status_of(fd).st_mtime;
	observed("modification-time-of-object", "%s", modification == 2 * LONG_AGO ? "stays" : "is marked");
	CHECK(modification >= 2 * LONG_AGO);
	CHECK_EQ(2 * LONG_AGO, status_of(other).st_mtime);
	CHECK_EQ(page_size(), size_of(fd));
}
