/* SPDX-License-Identifier: BSD-2-Clause */

/* What would fail UCX and Open MPI. */

#ifdef __linux__

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include <sys/mman.h>
#include <sys/statvfs.h>

#include "effects.h"
#include "known.h"
#include "objects.h"
#include "real.h"
#include "violation.h"

/* /proc/PID/fd/N of any process. */
static bool
opens_descriptor(const struct call *c)
{
	return strncmp(c->name, "/proc/", 6) == 0 && strstr(c->name, "/fd/") != NULL;
}

/* Opens an object of two bytes so, for reading and writing. */
static int
open_by_proc(int fd)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)getpid(), fd);
	return open(path, O_RDWR);
}

VIOLATION(
    open_of_descriptor_eacces, "life_mpi.proc-fd-of-other-process", "-", OPEN, REFUSES(opens_descriptor(c), EACCES))
{
	return open_by_proc(object_create(2).fd) == -1;
}

VIOLATION(open_of_descriptor_gives_copy, "life_mpi.proc-fd-of-other-process", "-", OPEN,
    FALSIFIES(opens_descriptor(c), take_place(copy_of((int)c->result), (int)c->result)))
{
	int fd = object_create(2).fd;
	const char *other = map_shared(open_by_proc(fd), 2);

	*(char *)map_shared(fd, 2) = 'x';
	return *other == 0;
}

VIOLATION(open_of_descriptor_gives_empty, "life_mpi.proc-fd-of-other-process", "-", OPEN,
    FALSIFIES(opens_descriptor(c), take_place(new_object(), (int)c->result)))
{
	return size_of(open_by_proc(object_create(2).fd)) == 0;
}

static void
skip_a_byte(int fd)
{
	real_make((struct call){ .interface = LSEEK, .fd = fd, .offset = 1, .command = SEEK_SET });
}

VIOLATION(open_of_descriptor_at_one, "life_mpi.proc-fd-of-other-process", "-", OPEN,
    FALSIFIES(opens_descriptor(c), skip_a_byte((int)c->result)))
{
	return lseek(open_by_proc(object_create(2).fd), 0, SEEK_CUR) == 1;
}

static struct statvfs *
told_by(const struct call *c)
{
	return c->buffer;
}

static struct statvfs
place_of_objects(void)
{
	struct statvfs place = { .f_bsize = 0 };

	(void)statvfs("/dev/shm", &place);
	return place;
}

VIOLATION(statvfs_tells_size, "life_mpi.statvfs-tells-room", "-", STATVFS,
    FALSIFIES(true, told_by(c)->f_bavail = told_by(c)->f_bfree = told_by(c)->f_blocks))
{
	struct object o = object_create(page_size());
	char *p = map_shared(o.fd, page_size());

	*p = 'x';
	return place_of_objects().f_bavail == place_of_objects().f_blocks && place_of_objects().f_blocks > 0;
}

VIOLATION(
    statvfs_tells_nothing_free, "life_mpi.statvfs-tells-room", "-", STATVFS, FALSIFIES(true, told_by(c)->f_bavail = 0))
{
	return place_of_objects().f_bavail == 0;
}

VIOLATION(statvfs_counts_small_blocks, "life_mpi.statvfs-tells-room", "-", STATVFS,
    FALSIFIES(true, told_by(c)->f_frsize = 512))
{
	return place_of_objects().f_frsize == 512;
}

VIOLATION(statvfs_tells_one_of_none, "life_mpi.statvfs-tells-room", "-", STATVFS,
    FALSIFIES(told_by(c)->f_bavail == 0, told_by(c)->f_bavail = 1))
{
	struct statvfs place;

	return statvfs("/proc", &place) == 0 && place.f_bavail == 1; /* which has no blocks */
}

static void
write_half(struct call *c)
{
	size_t length = c->length;

	c->length = length / 2 + 1;
	real_call(c);
	c->length = length;
	if (c->result > 0)
		c->result = (intptr_t)length;
}

VIOLATION(write_to_object_half, "life_mpi.filled-by-write", "-", WRITE, REPLACES(is_object(c->fd), write_half(c)))
{
	int fd = object_create(0).fd;

	return write(fd, "abcd", 4) == 4 && size_of(fd) == 3;
}

static void
write_and_clear(struct call *c)
{
	real_call(c);
	if (c->error == ENOSPC)
		fill(c->fd, 0, (off_t)page_size(), 0);
}

VIOLATION(
    write_without_room_clears, "life_mpi.filled-by-write", "-", WRITE, REPLACES(is_object(c->fd), write_and_clear(c)))
{
	struct object o = object_name();
	char byte;
	int fd;

	mount_private_objects("size=4k");
	fd = shm_open(o.name, O_CREAT | O_RDWR, 0600);
	while (write(fd, "x", 1) == 1)
		continue;
	return pread(fd, &byte, 1, 0) == 1 && byte == 0;
}

VIOLATION(write_without_room_efbig, "life_mpi.filled-by-write", "-", WRITE, MISTAKES(is_object(c->fd), ENOSPC, EFBIG))
{
	struct object o = object_name();
	int fd;

	mount_private_objects("size=4k");
	fd = shm_open(o.name, O_CREAT | O_RDWR, 0600);
	errno = 0;
	while (write(fd, "x", 1) == 1)
		continue;
	return errno == EFBIG;
}

VIOLATION(write_without_room_nothing, "life_mpi.filled-by-write", "-", WRITE, ACCEPTS(is_object(c->fd), ENOSPC, 0))
{
	struct object o = object_name();
	ssize_t put;
	int fd;

	mount_private_objects("size=4k");
	fd = shm_open(o.name, O_CREAT | O_RDWR, 0600);
	do
		put = write(fd, "x", 1);
	while (put == 1);
	return put == 0;
}

static void
write_and_grow(struct call *c)
{
	real_call(c);
	if (c->error == ENOSPC)
		real_ftruncate(c->fd, file_size(c->fd) + 1);
}

VIOLATION(
    write_without_room_grows, "life_mpi.filled-by-write", "-", WRITE, REPLACES(is_object(c->fd), write_and_grow(c)))
{
	struct object o = object_name();
	off_t size = 0;
	int fd;

	mount_private_objects("size=4k");
	fd = shm_open(o.name, O_CREAT | O_RDWR, 0600);
	while (write(fd, "x", 1) == 1)
		size++;
	return size_of(fd) == size + 1;
}

VIOLATION(mmap_huge_of_object_enodev, "life_mpi.huge-pages-for-object", "-", MMAP,
    MISTAKES(c->fd != -1 && (c->flags & MAP_HUGETLB) != 0, EINVAL, ENODEV))
{
	int fd = object_create(1).fd;

	return mmap(NULL, 1, PROT_READ, MAP_SHARED | MAP_HUGETLB, fd, 0) == MAP_FAILED && errno == ENODEV;
}

static void
refuse_and_empty(struct call *c)
{
	real_ftruncate(c->fd, 0);
	call_fail(c, EINVAL);
}

VIOLATION(mmap_huge_of_object_empties, "life_mpi.huge-pages-for-object", "-", MMAP,
    REPLACES(c->fd != -1 && (c->flags & MAP_HUGETLB) != 0, refuse_and_empty(c)))
{
	int fd = object_create(1).fd;

	return mmap(NULL, 1, PROT_READ, MAP_SHARED | MAP_HUGETLB, fd, 0) == MAP_FAILED && size_of(fd) == 0;
}

#endif
