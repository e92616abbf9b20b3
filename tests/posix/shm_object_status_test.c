/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What fstat() tells of a POSIX shared memory object beside its size and mode. A time of change cannot be
 * set back: another object shows when the clock of files has another time.
 */

#include <fcntl.h>
#include <stdbool.h>
#include <time.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "object.h"
#include "platform/fcntl.h"
#include "platform/object_place.h"
#include "platform/stat.h"
#include "process.h"

INTERFACE(shm_object, NEEDS_OBJECTS)

#define MACOS_CHOWN        "fchown() of an object fails with EINVAL"
#define MACOS_CHOWN_SOURCE "macOS bsd/vfs/vfs_syscalls.c fchown()"

enum { LONG_AGO = 1000000 };

static bool
is_later(struct timespec time, struct timespec than)
{
	return time.tv_sec > than.tv_sec || (time.tv_sec == than.tv_sec && time.tv_nsec > than.tv_nsec);
}

CASE(change_time, DOCUMENTED, "ftruncate(), fchmod() and fchown() mark the time of change of an object",
    "Linux inode(7)", COVERS("BS66"))
{
	int clock = object_create(0).fd;
	int fd = object_create(0).fd;

	struct timespec change = change_time_before(fd, clock);
	REQUIRE_SUCCEEDS(ftruncate(fd, 1));
	CHECK(times_differ(status_of(fd).st_ctim, change));

	change = change_time_before(fd, clock);
	CHECK_SUCCEEDS(fchmod(fd, 0640));
	CHECK(times_differ(status_of(fd).st_ctim, change));

	change = change_time_before(fd, clock);
	CHECK_SUCCEEDS(fchown(fd, geteuid(), getegid()));
	CHECK(times_differ(status_of(fd).st_ctim, change));
}

CASE(change_time__modification_stays, DOCUMENTED,
    "fchmod(), fchown() and opening an object leave its time of modification as it is", "Linux inode(7)")
{
	const struct timespec times[2] = { { .tv_sec = LONG_AGO }, { .tv_sec = LONG_AGO } };
	struct object o = object_create(1);
	REQUIRE_SUCCEEDS(futimens(o.fd, times));

	CHECK_SUCCEEDS(fchmod(o.fd, 0640));
	CHECK_SUCCEEDS(fchown(o.fd, geteuid(), getegid()));
	object_open(&o, O_RDWR);

	CHECK_EQ(LONG_AGO, status_of(o.fd).st_mtime);
}

CASE(times_of_new_object, DOCUMENTED, "The times of a new object are those of its creation", "Linux open(2)",
    "Linux inode(7)")
{
	int fds[] = { object_create(0).fd, object_create(0).fd };
	struct stat earlier = status_of(fds[0]);
	struct stat later = status_of(fds[1]);
	struct timespec now;
	REQUIRE_SUCCEEDS(clock_gettime(CLOCK_REALTIME, &now));

	CHECK(!is_later(earlier.st_atim, later.st_atim));
	CHECK(!is_later(earlier.st_mtim, later.st_mtim));
	CHECK(!is_later(earlier.st_ctim, later.st_ctim));
	CHECK(!is_later(later.st_atim, now));
	CHECK(!is_later(later.st_mtim, now));
	CHECK(!is_later(later.st_ctim, now));
}

/* Bytes that the system has given the object: st_blocks counts in units of 512. */
static size_t
allocated(int fd)
{
	return (size_t)status_of(fd).st_blocks * 512;
}

CASE(blocks, DOCUMENTED,
    "fstat() tells the memory of an object: none before pages are touched, "
    "all when all are, and none when they are cut off or made a hole",
    "Linux inode(7)", COVERS("fstat.shm_blocks"))
{
	const size_t size = 4 * page_size();
	struct object o = object_create(size);
	CHECK_EQ(0, allocated(o.fd));

	pattern_store(1, map_shared(o.fd, size), size);
	CHECK(allocated(o.fd) >= size);

	CHECK_SUCCEEDS(fallocate(o.fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, (off_t)size));
	CHECK_EQ(0, allocated(o.fd));

	pattern_store(1, map_shared(o.fd, size), size);
	CHECK_SUCCEEDS(ftruncate(o.fd, 0));
	CHECK_EQ(0, allocated(o.fd));
}

static void
take_own(void *object)
{
	const struct object *o = object;
	int fd = shm_open(o->name, O_CREAT | O_EXCL | O_RDWR, 0600);
	REQUIRE(fd != -1);
	struct stat before = status_of(fd);

	CHECK_SUCCEEDS(fchown(fd, geteuid(), before.st_gid));
	CHECK_SUCCEEDS(fchown(fd, (uid_t)-1, (gid_t)-1));

	CHECK_EQ(before.st_uid, status_of(fd).st_uid);
	CHECK_EQ(before.st_gid, status_of(fd).st_gid);
}

CASE(fchown_to_itself, SHALL,
    "fchown() by the owner of an object to the owner and the group that it has works, and so does that to -1 and -1",
    "POSIX.1-2017 fchown() DESCRIPTION", NEEDS_PLAIN_USER, NEEDS_OBJECTS_OF_USERS, COVERS("fchown.shm_ok"))
{
	struct object o = object_name();
	struct object other = object_name();

	known_defect(MACOS, "", MACOS_CHOWN, MACOS_CHOWN_SOURCE);
	in_child(take_own, &o);
	as_user(plain_user(), take_own, &other);
}

/* Opens the object while it may, and uses what it has when it is another's. */
static void
use_after_loss(void *object)
{
	const struct object *o = object;
	int fd = object_open(o, O_RDWR);
	char *p = map_shared(fd, page_size());

	pause_for_parent();
	CHECK_STORE_OK(p);
	p[1] = 'm';
	((char *)map_shared(fd, page_size()))[2] = 'd';
	CHECK_FAILS(EACCES, -1, shm_open(o->name, O_RDWR, 0));
}

CASE(fchown_keeps_open_descriptors, SHALL,
    "Descriptors and mappings of an object keep their access when fchown() gives it to another user",
    "POSIX.1-2017 fchown() DESCRIPTION", NEEDS_USERS, NEEDS_CAPABILITY(CHOWN), NEEDS_OBJECTS_OF_USERS, COVERS("BS68"))
{
	struct object o = object_create(page_size());
	char *p = map_shared(o.fd, page_size());

	known_defect(MACOS, "", MACOS_CHOWN, MACOS_CHOWN_SOURCE);
	REQUIRE_SUCCEEDS(fchown(o.fd, user_id(OWNER), group_id(OWNER)));
	struct child owner = child_start_as(OWNER, use_after_loss, &o);
	child_reaches_pause(&owner);
	REQUIRE_SUCCEEDS(fchown(o.fd, user_id(OTHER), group_id(OTHER)));

	deviates(OPENBSD, "an object of another user fails with EPERM", "OpenBSD shm_open(3)");
	child_goes_on(&owner);
	child_exits(&owner);
	CHECK_EQ('m', p[1]);
	CHECK_EQ('d', p[2]);
}

CASE(path_descriptor, DOCUMENTED,
    "A descriptor that O_PATH opens of an object's file tells its status, and cannot size, change or map it",
    "Linux 3.6 open(2)", NEEDS_OBJECTS_AS_FILES, COVERS("ftruncate.opath"))
{
	struct object o = object_create(page_size());
	char path[64];
	REQUIRE(object_path(o.name, path, sizeof(path)));

	int fd = open(path, O_PATH);

	REQUIRE(fd != -1);
	CHECK_EQ(page_size(), size_of(fd));
	CHECK_FAILS_IN(EBADF, EINVAL, 0, -1, ftruncate(fd, 0));
	CHECK_FAILS(EBADF, MAP_FAILED, mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 0));
	CHECK_EQ(page_size(), size_of(o.fd));
	known_defect(
	    MUSL, "", "the C library changes the object by its path in /proc", "musl src/stat/fchmod.c fchmod()");
	CHECK_FAILS(EBADF, -1, fchmod(fd, 0640));
	CHECK_FAILS(EBADF, -1, fchown(fd, geteuid(), getegid()));
	CHECK_EQ(0600, status_of(o.fd).st_mode & 0777);
}
