/* SPDX-License-Identifier: BSD-2-Clause */

/* Where POSIX shared memory objects show in the file system, and what else may be there. */

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "object.h"
#include "platform/object_place.h"

INTERFACE(shm_open, NEEDS_OBJECTS)

#define DRAGONFLY_SOURCE "DragonFly lib/libc/gen/posixshm.c shm_open()"
#define DRAGONFLY_LINKS  "symbolic links are followed, as open() follows them"

static const char *
outcome(int fd)
{
	return fd != -1 ? "accepted" : errno_name(errno);
}

CASE(visible_in_dev_shm, DOCUMENTED,
    "Linux shows an object as the file of its name in /dev/shm, with its size, permission bits, owner and data",
    "Linux shm_overview(7)", "Linux shm_open(3)", NEEDS_OBJECTS_AS_FILES, COVERS("shm_open.name_visible"))
{
	struct object o = object_create(2 * page_size() + 1);
	char path[64];
	REQUIRE(object_path(o.name, path, sizeof(path)));
	pattern_store(1, map_shared(o.fd, 2 * page_size() + 1), 2 * page_size() + 1);
	struct stat by_path;

	REQUIRE(stat(path, &by_path) == 0);

	CHECK_EQ(status_of(o.fd).st_dev, by_path.st_dev);
	CHECK_EQ(status_of(o.fd).st_ino, by_path.st_ino);
	CHECK_EQ(2 * page_size() + 1, by_path.st_size);
	CHECK_EQ(0600, by_path.st_mode & 07777);
	CHECK_EQ(geteuid(), by_path.st_uid);
	int fd = open(path, O_RDWR | O_CLOEXEC);
	REQUIRE(fd != -1);
	CHECK_PATTERN(1, map_shared(fd, 2 * page_size() + 1), 2 * page_size() + 1);
}

CASE(file_in_dev_shm_opens, DOCUMENTED, "On Linux a file that is created in /dev/shm is an object of that name",
    "Linux shm_overview(7)", "Linux shm_open(3)", NEEDS_OBJECTS_AS_FILES)
{
	struct object o = object_name();
	char path[64];
	REQUIRE(object_path(o.name, path, sizeof(path)));
	int file = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	REQUIRE(file != -1);
	set_size(file, (off_t)page_size());
	pattern_store(1, map_shared(file, page_size()), page_size());

	int fd = shm_open(o.name, O_RDWR, 0);

	REQUIRE(fd != -1);
	CHECK_EQ(page_size(), size_of(fd));
	CHECK_PATTERN(1, map_shared(fd, page_size()), page_size());
	CHECK_FAILS(EEXIST, -1, shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600));
	CHECK_SUCCEEDS(shm_unlink(o.name));
	CHECK_FAILS(ENOENT, -1, access(path, F_OK));
}

CASE(file_in_dev_shm_opens__removed, DOCUMENTED,
    "On Linux removing the file of an object from /dev/shm unlinks the object", "Linux shm_overview(7)",
    "Linux shm_open(3)", NEEDS_OBJECTS_AS_FILES)
{
	struct object o = object_create(page_size());
	char *p = map_shared(o.fd, page_size());
	char path[64];
	REQUIRE(object_path(o.name, path, sizeof(path)));

	CHECK_SUCCEEDS(unlink(path));

	CHECK_FAILS(ENOENT, -1, shm_open(o.name, O_RDWR, 0));
	CHECK_FAILS(ENOENT, -1, shm_unlink(o.name));
	CHECK_STORE_OK(p);
}

CASE(symlink_refused, OBSERVED,
    "shm_open() does not follow a symbolic link from the place of objects to a file outside",
    "glibc sysdeps/posix/shm_open.c shm_open()", "NetBSD lib/librt/shm.c shm_open()",
    "OpenBSD lib/libc/gen/shm_open.c shm_open()", NEEDS_OBJECTS_AS_FILES)
{
	struct object o = object_name();
	struct file target = file_create(100);
	char path[128];
	char directory[PATH_MAX];
	char target_path[PATH_MAX + sizeof(target.name) + 1];
	REQUIRE(object_path(o.name, path, sizeof(path)));
	REQUIRE(getcwd(directory, sizeof(directory)) != NULL);
	snprintf(target_path, sizeof(target_path), "%s/%s", directory, target.name);
	REQUIRE(symlink(target_path, path) == 0);

	deviates(DRAGONFLY, DRAGONFLY_LINKS, "DragonFly shm_open(3)");
	errno = 0;
	int fd = shm_open(o.name, O_RDWR | O_TRUNC, 0);

	observed("symbolic-link", "%s", outcome(fd));
	CHECK_EQ(-1, fd);
	CHECK_EQ(100, size_of(target.fd));
	CHECK_EQ(-1, shm_open(o.name, O_RDONLY | O_CREAT, 0600));
}

CASE(symlink_refused__dangling, OBSERVED,
    "shm_open() with O_CREAT creates no file where a symbolic link in the place of objects leads to",
    "glibc sysdeps/posix/shm_open.c shm_open()", "NetBSD lib/librt/shm.c shm_open()",
    "OpenBSD lib/libc/gen/shm_open.c shm_open()", NEEDS_OBJECTS_AS_FILES)
{
	struct object o = object_name();
	struct object target = object_name();
	char path[128];
	char target_path[128];
	REQUIRE(object_path(o.name, path, sizeof(path)));
	REQUIRE(object_path(target.name, target_path, sizeof(target_path)));
	REQUIRE(symlink(target_path, path) == 0);

	deviates(DRAGONFLY, DRAGONFLY_LINKS, "DragonFly shm_open(3)");
	errno = 0;
	int fd = shm_open(o.name, O_CREAT | O_RDWR, 0600);

	observed("dangling-symbolic-link", "%s", outcome(fd));
	CHECK_EQ(-1, fd);
	CHECK_FAILS(ENOENT, -1, access(target_path, F_OK));
}

CASE(directory_or_fifo_name, OBSERVED,
    "In the place of objects a directory does not open for writing, and neither a FIFO nor a directory can be mapped",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION",
    CHOICE("DragonFly shm_open(3)", "fifo", "EINVAL"), CHOICE("DragonFly open(2)", "directory-rdwr", "EISDIR"),
    CHOICE("DragonFly shm_open(3)", "directory-rdonly", "EINVAL"), NEEDS_OBJECTS_AS_FILES)
{
	struct object fifo = object_name();
	struct object directory = object_name();
	char path[128];
	REQUIRE(object_path(fifo.name, path, sizeof(path)));
	REQUIRE(mkfifo(path, 0600) == 0);
	int by_fifo = shm_open(fifo.name, O_RDWR, 0); /* O_RDONLY would wait for a writer */
	observed("fifo", "%s", outcome(by_fifo));

	object_path(directory.name, path, sizeof(path));
	REQUIRE(mkdir(path, 0700) == 0);
	int for_writing = shm_open(directory.name, O_RDWR, 0);
	observed("directory-rdwr", "%s", outcome(for_writing));
	int for_reading = shm_open(directory.name, O_RDONLY, 0);
	observed("directory-rdonly", "%s", outcome(for_reading));
	rmdir(path);

	CHECK_EQ(-1, for_writing);
	CHECK_EQ(MAP_FAILED, mmap(NULL, page_size(), PROT_READ, MAP_SHARED, by_fifo, 0));
	CHECK_EQ(MAP_FAILED, mmap(NULL, page_size(), PROT_READ, MAP_SHARED, for_reading, 0));
}

CASE(no_filesystem_entry, DOCUMENTED, "The name of an object is not a path in the file system", "FreeBSD shm_open(2)",
    "macOS shm_open(2)")
{
	struct object o = object_create(page_size());

	CHECK_FAILS(ENOENT, -1, access(o.name, F_OK));
}

CASE(var_shm_file, DOCUMENTED, "NetBSD keeps an object as the file .shmobj_NAME in /var/shm",
    "NetBSD lib/librt/shm.c shm_open()")
{
	struct object o = object_create(page_size());
	char path[64];
	struct stat by_path;
	snprintf(path, sizeof(path), "/var/shm/.shmobj_%s", o.name + 1);

	REQUIRE(stat(path, &by_path) == 0);

	CHECK_EQ(status_of(o.fd).st_ino, by_path.st_ino);
	CHECK_EQ(page_size(), by_path.st_size);
}

CASE(tmp_hashed_file, DOCUMENTED,
    "OpenBSD keeps an object as the file HASH.shm in /tmp, where HASH is the SHA-256 of the name",
    "OpenBSD lib/libc/gen/shm_open.c shm_open()", NEEDS_OBJECTS_AS_FILES)
{
	struct object o = object_create(page_size());
	char path[128];
	struct stat by_path;
	REQUIRE(object_path(o.name, path, sizeof(path)));

	REQUIRE(stat(path, &by_path) == 0);

	CHECK_EQ(status_of(o.fd).st_ino, by_path.st_ino);
	CHECK_EQ(page_size(), by_path.st_size);
}

CASE(var_run_shm_file, DOCUMENTED,
    "DragonFly keeps an object as the file of its name in /var/run/shm, where that directory exists", DRAGONFLY_SOURCE,
    NEEDS_OBJECTS_AS_FILES)
{
	struct object o = object_create(page_size());
	char path[128];
	struct stat by_path;
	REQUIRE(object_path(o.name, path, sizeof(path)));

	REQUIRE(stat(path, &by_path) == 0);

	CHECK_EQ(status_of(o.fd).st_ino, by_path.st_ino);
	CHECK_EQ(page_size(), by_path.st_size);
}
