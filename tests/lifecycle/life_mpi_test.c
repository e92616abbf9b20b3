/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What UCX and Open MPI rely on: objects that others open by /proc, and that are filled by write() so that no later store fails.
 * UCX src/uct/sm/mm/posix/mm_posix.c, Open MPI opal/mca/shmem.
 */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "memfd.h"
#include "object.h"
#include "platform/object_place.h"
#include "platform/statvfs.h"
#include "process.h"
#include "program.h"

INTERFACE(life_mpi)

/* Answers what it finds of pattern 1 with pattern 2. */
PROGRAM(peer)
{
	char path[64];
	size_t size = (size_t)number_from(argv[3]);
	snprintf(path, sizeof(path), "/proc/%s/fd/%s", argv[1], argv[2]);
	int fd = open(path, O_RDWR);
	REQUIRE(fd != -1);

	CHECK_EQ(size, size_of(fd));
	char *p = map_shared(fd, size);
	CHECK_PATTERN(1, p, size);
	CHECK_EQ(0, lseek(fd, 0, SEEK_CUR)); /* it is open once more, with a position of its own */
	pattern_store(2, p, size);
}

static void
check_open_by_others(int fd)
{
	const size_t size = 2 * page_size() + 1;
	set_size(fd, (off_t)size);
	char *p = map_shared(fd, size);
	pattern_store(1, p, size);
	REQUIRE(lseek(fd, 1, SEEK_SET) == 1);

	struct child c =
	    program_start("peer", number_text(getpid()).text, number_text(fd).text, number_text((long long)size).text);
	child_exits(&c);

	CHECK_PATTERN(2, p, size);
}

CASE(proc_fd_of_other_process__object, DOCUMENTED,
    "An object without a name is opened by another process as /proc/PID/fd/N, and what both map is the same memory",
    "Linux proc(5)", NEEDS_OBJECTS, NEEDS_DESCRIPTORS_IN_PROC)
{
	struct object o = object_create(0);

	object_unlink(&o);
	check_open_by_others(o.fd);
}

CASE(proc_fd_of_other_process__memfd, DOCUMENTED,
    "An object of memfd_create() is opened by another process as /proc/PID/fd/N, and what both map is the same memory",
    "Linux memfd_create(2)", "Linux proc(5)", NEEDS_SEALS, NEEDS_DESCRIPTORS_IN_PROC)
{
	check_open_by_others(memfd_sealable(0));
}

CASE(proc_fd_of_other_process__file, DOCUMENTED,
    "A file without a name is opened by another process as /proc/PID/fd/N, and what both map is the same memory",
    "Linux proc(5)", NEEDS_DESCRIPTORS_IN_PROC)
{
	check_open_by_others(nameless_file(0));
}

enum { PLACE = 16 }; /* pages */

/* A new object in a place for objects that has room for 16 pages. */
static int
object_in_small_place(const struct object *o)
{
	char options[64];

	snprintf(options, sizeof(options), "size=%zu", PLACE * page_size());
	mount_private_objects(options);
	int fd = shm_open(o->name, O_CREAT | O_EXCL | O_RDWR, 0600);
	REQUIRE(fd != -1);
	return fd;
}

static size_t
pages_free(void)
{
	char path[64];
	struct statvfs place;
	REQUIRE(object_path("", path, sizeof(path)));
	REQUIRE_SUCCEEDS(statvfs(path, &place));

	CHECK_EQ(place.f_frsize, place.f_bsize); /* programs multiply either by the number of blocks */
	return (size_t)(place.f_bavail * place.f_frsize / page_size());
}

static void
look_at_room(void *object)
{
	const struct object *o = object;
	int fd = object_in_small_place(o);

	CHECK_EQ(PLACE, pages_free());
	REQUIRE_SUCCEEDS(ftruncate(fd, (off_t)(PLACE * page_size())));
	CHECK_EQ(PLACE, pages_free()); /* a hole takes nothing */
	char *p = map_shared(fd, PLACE * page_size());
	for (size_t i = 0; i < PLACE; i++) {
		CHECK_STORE_OK(&p[i * page_size()]);
		CHECK_EQ(PLACE - 1 - i, pages_free());
	}
	object_unlink(o);
	REQUIRE_SUCCEEDS(close(fd));
	CHECK_EQ(0, pages_free());
	unmap(p, PLACE * page_size());
	CHECK_EQ(PLACE, pages_free());
}

CASE(statvfs_tells_room, DOCUMENTED,
    "statvfs() of the place of objects tells how many pages can be stored to, which come back when the object is gone",
    "Linux statvfs(3)", "Linux tmpfs(5)", NEEDS_PRIVATE_OBJECTS, NEEDS_OBJECTS_AS_FILES)
{
	struct object o = object_name();

	in_child(look_at_room, &o);
}

/* Parts that do not divide the room: the last one that fits is written in part. Returns how much was written. */
static size_t
write_until_full(int fd, const char *bytes, size_t most)
{
	const size_t part = 3 * page_size() + 100;
	size_t written = 0;

	while (written < most) {
		errno = 0;
		ssize_t put = write(fd, &bytes[written], most - written < part ? most - written : part);

		if (put <= 0) {
			CHECK_EQ(-1, put);
			CHECK_EQ(ENOSPC, errno);
			break;
		}
		written += (size_t)put;
	}
	return written;
}

static void
fill_by_write(void *object)
{
	const struct object *o = object;
	const size_t most = 2 * PLACE * page_size();
	int fd = object_in_small_place(o);
	char *bytes = map_anonymous(most, MAP_PRIVATE);
	pattern_store('w', bytes, most);

	CHECK_EQ(PLACE * page_size(), write_until_full(fd, bytes, most));
	CHECK_EQ(PLACE * page_size(), size_of(fd));
	CHECK_EQ(0, memcmp(bytes, content_of(fd, PLACE * page_size()), PLACE * page_size()));
	char *p = map_shared(fd, PLACE * page_size());
	CHECK_PATTERN('w', p, PLACE * page_size());
	for (size_t i = 0; i < PLACE; i++)
		CHECK_STORE_OK(&p[i * page_size()]);

	CHECK_SUCCEEDS(ftruncate(fd, (off_t)page_size()));
	CHECK_EQ(page_size(), pwrite(fd, bytes, page_size(), (off_t)page_size()));
	CHECK_PATTERN('w', p, page_size());
	CHECK_PATTERN('w', &p[page_size()], page_size());
}

CASE(filled_by_write, DOCUMENTED,
    "write() to an object until there is no room keeps what was written, and a mapping of that can be stored to",
    "Linux write(2)", "Linux tmpfs(5)", NEEDS_PRIVATE_OBJECTS)
{
	struct object o = object_name();

	in_child(fill_by_write, &o);
}

CASE(huge_pages_for_object, OBSERVED,
    "MAP_HUGETLB for an object of ordinary pages maps it, or fails with EINVAL, and it is mapped without",
    "Linux mmap(2)", NEEDS_PLATFORM(LINUX), NEEDS_OBJECTS)
{
	const size_t size = 2 * page_size();
	struct object o = object_create(size);
	pattern_store('o', map_shared(o.fd, size), size);

	errno = 0;
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_HUGETLB, o.fd, 0);

	observed("huge-pages-for-object", "%s", p != MAP_FAILED ? "mapped" : errno_name(errno));
	if (p == MAP_FAILED) {
		CHECK_EQ(EINVAL, errno);
		p = map_shared(o.fd, size);
	}
	CHECK_EQ(size, size_of(o.fd));
	CHECK_PATTERN('o', p, size);
}
