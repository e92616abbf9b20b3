/* SPDX-License-Identifier: BSD-2-Clause */

/* Seals of the unnamed objects that memfd_create() makes on Linux and FreeBSD. */

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "object.h"
#include "process.h"

/* Where the flags are missing the call is too. */
#ifndef MFD_CLOEXEC
#define MFD_CLOEXEC       0
#define MFD_ALLOW_SEALING 0
static int
memfd_create(const char *name, unsigned flags)
{
	(void)name;
	(void)flags;
	errno = ENOSYS;
	return -1;
}
#endif
#ifndef F_ADD_SEALS
#define F_ADD_SEALS   (-1)
#define F_GET_SEALS   (-1)
#define F_SEAL_SEAL   0
#define F_SEAL_SHRINK 0
#define F_SEAL_GROW   0
#define F_SEAL_WRITE  0
#endif
/* Since Linux 5.1, and in C libraries later than that. */
#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif
#if defined(__APPLE__) || defined(__OpenBSD__)
static int
posix_fallocate(int fd, off_t offset, off_t length)
{
	(void)fd;
	(void)offset;
	(void)length;
	return ENOSYS;
}
#endif

INTERFACE(memfd_create)

/* A new object that can be sealed, of this size. */
static int
create_sealable(size_t size)
{
	int fd = memfd_create("shmcheck", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	REQUIRE(fd != -1);
	set_size(fd, (off_t)size);
	return fd;
}

/* The same object by another open file description. */
static int
open_again(int fd, int flags)
{
	char path[64];
	int again;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = open(path, flags | O_CLOEXEC);
	need(again != -1 || errno != ENOENT, "/proc is not mounted");
	return again;
}

CASE(initial_seals, DOCUMENTED,
    "With MFD_ALLOW_SEALING an object has no seals, without it F_SEAL_SEAL, so that none can be added",
    "Linux memfd_create(2)", "FreeBSD shm_open(2)")
{
	int sealable = memfd_create("shmcheck", MFD_ALLOW_SEALING);
	int plain = memfd_create("shmcheck", 0);
	REQUIRE(sealable != -1 && plain != -1);

	CHECK_EQ(0, fcntl(sealable, F_GET_SEALS));
	CHECK_EQ(F_SEAL_SEAL, fcntl(plain, F_GET_SEALS));
	CHECK_FAILS(EPERM, -1, fcntl(plain, F_ADD_SEALS, F_SEAL_SHRINK));
	CHECK_EQ(F_SEAL_SEAL, fcntl(plain, F_GET_SEALS));
	CHECK_SUCCEEDS(fcntl(sealable, F_ADD_SEALS, F_SEAL_SHRINK));
	CHECK_EQ(F_SEAL_SHRINK, fcntl(sealable, F_GET_SEALS));
}

CASE(seals_only_added, DOCUMENTED, "Seals add up, and none is removed by adding others, the same or none",
    "Linux fcntl(2)", "FreeBSD fcntl(2)")
{
	int fd = create_sealable(page_size());

	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK));
	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));
	CHECK_EQ(F_SEAL_SHRINK | F_SEAL_GROW, fcntl(fd, F_GET_SEALS));
	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK));
	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, 0));
	CHECK_EQ(F_SEAL_SHRINK | F_SEAL_GROW, fcntl(fd, F_GET_SEALS));
	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SEAL));
	CHECK_EQ(F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL, fcntl(fd, F_GET_SEALS));
}

CASE(seals_unknown_einval, DOCUMENTED, "A seal that is not known fails with EINVAL, and those beside it are not added",
    "Linux fcntl(2)")
{
	int fd = create_sealable(page_size());

	CHECK_FAILS(EINVAL, -1, fcntl(fd, F_ADD_SEALS, 0x40000000));
	CHECK_FAILS(EINVAL, -1, fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | 0x40000000));

	CHECK_EQ(0, fcntl(fd, F_GET_SEALS));
}

CASE(seal_shrink, DOCUMENTED,
    "With F_SEAL_SHRINK a smaller size fails with EPERM and keeps size and data; the same and larger ones work",
    "Linux fcntl(2)", "FreeBSD fcntl(2)")
{
	const size_t page = page_size();
	int fd = create_sealable(2 * page);
	char *p = map_shared(fd, 2 * page);
	pattern_store(1, p, 2 * page);
	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK));

	CHECK_FAILS(EPERM, -1, ftruncate(fd, 0));
	CHECK_FAILS(EPERM, -1, ftruncate(fd, (off_t)(2 * page - 1)));
	CHECK_EQ(2 * page, size_of(fd));
	CHECK_PATTERN(1, p, 2 * page);

	CHECK_SUCCEEDS(ftruncate(fd, (off_t)(2 * page)));
	CHECK_SUCCEEDS(ftruncate(fd, (off_t)(3 * page)));
	CHECK_EQ(3 * page, size_of(fd));
	CHECK_FAILS(EPERM, -1, ftruncate(fd, (off_t)(2 * page))); /* back to what it was sealed at */
	CHECK_EQ(3 * page, size_of(fd));
}

CASE(seal_shrink__trunc, DOCUMENTED, "With F_SEAL_SHRINK an open with O_TRUNC fails with EPERM and keeps the size",
    "Linux fcntl(2)")
{
	int fd = create_sealable(page_size());
	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK));

	CHECK_FAILS(EPERM, -1, open_again(fd, O_RDWR | O_TRUNC));

	CHECK_EQ(page_size(), size_of(fd));
}

CASE(seal_grow, DOCUMENTED, "With F_SEAL_GROW a larger size fails with EPERM; the same and smaller ones work",
    "Linux fcntl(2)", "FreeBSD fcntl(2)")
{
	const size_t page = page_size();
	int fd = create_sealable(2 * page);
	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));

	CHECK_FAILS(EPERM, -1, ftruncate(fd, (off_t)(2 * page + 1)));
	CHECK_EQ(2 * page, size_of(fd));

	CHECK_SUCCEEDS(ftruncate(fd, (off_t)(2 * page)));
	CHECK_SUCCEEDS(ftruncate(fd, (off_t)page));
	CHECK_FAILS(EPERM, -1, ftruncate(fd, (off_t)(2 * page)));
	CHECK_EQ(page, size_of(fd));
}

CASE(seal_grow__write, DOCUMENTED,
    "With F_SEAL_GROW writes behind the end and posix_fallocate() fail with EPERM; writes before it work",
    "Linux fcntl(2)")
{
	int fd = create_sealable(page_size());
	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));

	CHECK_FAILS(EPERM, -1, pwrite(fd, "x", 1, (off_t)page_size()));
	CHECK_RETURNS_ERROR(EPERM, posix_fallocate(fd, 0, (off_t)(2 * page_size())));
	CHECK_EQ(page_size(), size_of(fd));

	CHECK_EQ(1, pwrite(fd, "x", 1, (off_t)(page_size() - 1)));
	CHECK_RETURNS_ERROR(0, posix_fallocate(fd, 0, (off_t)page_size()));
	CHECK_EQ('x', ((char *)map_shared(fd, page_size()))[page_size() - 1]);
}

CASE(seal_write_ebusy, DOCUMENTED,
    "F_SEAL_WRITE fails with EBUSY while a shared mapping for writing exists, and works after that", "Linux fcntl(2)",
    "FreeBSD fcntl(2)")
{
	int fd = create_sealable(2 * page_size());
	char *p = map_shared(fd, 2 * page_size());

	CHECK_FAILS(EBUSY, -1, fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
	CHECK_FAILS(EBUSY, -1, fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK));
	CHECK_EQ(0, fcntl(fd, F_GET_SEALS)); /* none of both */
	p[0] = 'x';
	unmap(p, page_size());
	CHECK_FAILS(EBUSY, -1, fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE)); /* half of it is still there */
	unmap(&p[page_size()], page_size());

	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
	CHECK_EQ('x', *(char *)map_private(fd, page_size()));
}

static void
map_and_wait(void *descriptor)
{
	map_shared(*(int *)descriptor, page_size());
	pause_for_parent();
}

CASE(seal_write_ebusy__other_process, DOCUMENTED,
    "F_SEAL_WRITE fails with EBUSY while another process maps for writing, until it ends", "Linux fcntl(2)",
    "FreeBSD fcntl(2)")
{
	int fd = create_sealable(page_size());
	struct child c = child_start(map_and_wait, &fd);
	child_reaches_pause(&c);

	CHECK_FAILS(EBUSY, -1, fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
	child_goes_on(&c);
	child_exits(&c);

	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
}

CASE(seal_write_ebusy__private, DOCUMENTED, "A private mapping for writing does not keep F_SEAL_WRITE from being added",
    "Linux fcntl(2)")
{
	int fd = create_sealable(page_size());
	char *p = map_private(fd, page_size());
	p[0] = 'x';

	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));

	CHECK_STORE_OK(p);
	CHECK_EQ('x', p[0]);
}

CASE(seal_write_blocks, DOCUMENTED, "With F_SEAL_WRITE write() fails with EPERM and changes nothing, and reading works",
    "Linux fcntl(2)", "FreeBSD fcntl(2)")
{
	int fd = create_sealable(page_size());
	char *p = map_shared(fd, page_size());
	char byte;
	pattern_store(1, p, page_size());
	unmap(p, page_size());
	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));

	CHECK_FAILS(EPERM, -1, pwrite(fd, "x", 1, 0));
	CHECK_FAILS(EPERM, -1, pwrite(fd, "x", 1, (off_t)(page_size() - 1)));

	CHECK_EQ(1, pread(fd, &byte, 1, 0));
	CHECK_PATTERN(1, &byte, 1);
	CHECK_PATTERN(1, map_private(fd, page_size()), page_size());
}

CASE(seal_write_blocks__mapping, DOCUMENTED,
    "With F_SEAL_WRITE a shared mapping for writing fails with EPERM; private ones work", "Linux fcntl(2)")
{
	int fd = create_sealable(page_size());
	CHECK_EQ(1, pwrite(fd, "x", 1, 0));
	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));

	CHECK_FAILS(EPERM, MAP_FAILED, mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	CHECK_FAILS(EPERM, MAP_FAILED, mmap(NULL, page_size(), PROT_WRITE, MAP_SHARED, fd, 0));

	char *p = map_private(fd, page_size());
	p[0] = 'y';
	CHECK_EQ('x', *(char *)map_private(fd, page_size()));
}

CASE(seal_write_blocks__fixed_mapping, DOCUMENTED,
    "A mapping that F_SEAL_WRITE refuses replaces nothing with MAP_FIXED", "Linux fcntl(2)",
    "POSIX.1-2017 mmap() DESCRIPTION")
{
	int fd = create_sealable(page_size());
	need(fd != -1, "no memfd_create()");
	char *old = map_anonymous(page_size(), MAP_PRIVATE);
	pattern_store(1, old, page_size());
	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));

	CHECK_EQ(MAP_FAILED, mmap(old, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0));

	CHECK_PATTERN(1, old, page_size());
}

CASE(seal_write_blocks__shared_reading, OBSERVED,
    "With F_SEAL_WRITE a shared mapping for reading works, or fails as on kernels before 6.7, and cannot be made "
    "writable",
    "Linux fcntl(2)")
{
	need(F_SEAL_WRITE != 0, "no seals here");
	int fd = create_sealable(page_size());
	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));

	errno = 0;
	char *p = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 0);

	observed("sealed-shared-for-reading", "%s", p != MAP_FAILED ? "works" : errno_name(errno));
	if (p != MAP_FAILED) {
		CHECK_FAILS(EACCES, -1, mprotect(p, page_size(), PROT_READ | PROT_WRITE));
		CHECK_EQ(0, p[0]);
	}
}

CASE(seal_write_blocks__size, DOCUMENTED,
    "F_SEAL_WRITE alone leaves the size free to change, also over bytes that it protects", "Linux fcntl(2)")
{
	int fd = create_sealable(2 * page_size());
	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));

	CHECK_SUCCEEDS(ftruncate(fd, (off_t)page_size()));
	CHECK_SUCCEEDS(ftruncate(fd, (off_t)(3 * page_size())));

	CHECK_EQ(3 * page_size(), size_of(fd));
}

CASE(seal_future_write, DOCUMENTED,
    "With F_SEAL_FUTURE_WRITE mappings that exist go on working, while write() and new shared ones for writing fail "
    "with EPERM",
    "Linux fcntl(2)")
{
	int fd = create_sealable(page_size());
	char *p = map_shared(fd, page_size());
	int result = fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE);
	need(result == 0 || errno != EINVAL, "the kernel has no F_SEAL_FUTURE_WRITE (before 5.1)");
	CHECK_SUCCEEDS(result);

	CHECK_STORE_OK(p);
	p[0] = 'x';
	CHECK_FAILS(EPERM, -1, pwrite(fd, "y", 1, 0));
	CHECK_FAILS(EPERM, MAP_FAILED, mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	char *reading = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 0);
	REQUIRE(reading != MAP_FAILED);
	CHECK_EQ('x', reading[0]);
	p[0] = 'z';
	CHECK_EQ('z', reading[0]);
}

static void
store_privately(void *mapping)
{
	*(char *)mapping = 'c';
}

CASE(seal_future_write__private, DOCUMENTED,
    "With F_SEAL_FUTURE_WRITE private mappings stay private, also between parent and child", "Linux fcntl(2)",
    "Linux mmap(2)")
{
	int fd = create_sealable(page_size());
	int result = fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE);
	need(result == 0 || errno != EINVAL, "the kernel has no F_SEAL_FUTURE_WRITE (before 5.1)");
	char *p = map_private(fd, page_size());

	in_child(store_privately, p);
	CHECK_EQ(0, p[0]);
	p[1] = 'p';

	CHECK_BYTES(0, map_private(fd, page_size()), page_size());
}

CASE(seal_future_write_mprotect, OBSERVED,
    "A shared mapping for reading made after F_SEAL_FUTURE_WRITE never becomes writable", "Linux fcntl(2)")
{
	need(F_SEAL_WRITE != 0, "no seals here");
	int fd = create_sealable(page_size());
	need(fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE) == 0, "no F_SEAL_FUTURE_WRITE here");
	char *p = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 0);
	REQUIRE(p != MAP_FAILED);

	CHECK_EQ(-1, mprotect(p, page_size(), PROT_READ | PROT_WRITE));

	observed("mprotect-after-future-write", "%s", errno_name(errno));
	CHECK_NE(0, fault_of_store(p, 'x').signal);
	CHECK_EQ(0, p[0]);
}

CASE(seal_seal, DOCUMENTED, "After F_SEAL_SEAL every F_ADD_SEALS fails with EPERM, and the seals stay as they are",
    "Linux fcntl(2)", "FreeBSD fcntl(2)")
{
	int fd = create_sealable(page_size());
	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SEAL));

	CHECK_FAILS(EPERM, -1, fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK));
	CHECK_FAILS(EPERM, -1, fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL));

	CHECK_EQ(F_SEAL_GROW | F_SEAL_SEAL, fcntl(fd, F_GET_SEALS));
	CHECK_SUCCEEDS(ftruncate(fd, 0)); /* what is not sealed works */
}

static void
seal_growth(void *descriptor)
{
	CHECK_SUCCEEDS(fcntl(*(int *)descriptor, F_ADD_SEALS, F_SEAL_GROW));
}

CASE(seals_belong_to_object, DOCUMENTED,
    "A seal that one process adds holds for all descriptors of the object in all processes", "Linux fcntl(2)",
    "FreeBSD fcntl(2)")
{
	int fd = create_sealable(page_size());
	int duplicate = dup(fd);

	in_child(seal_growth, &fd);

	CHECK_EQ(F_SEAL_GROW, fcntl(fd, F_GET_SEALS));
	CHECK_EQ(F_SEAL_GROW, fcntl(duplicate, F_GET_SEALS));
	CHECK_FAILS(EPERM, -1, ftruncate(duplicate, (off_t)(2 * page_size())));
}

CASE(seals_belong_to_object__open, DOCUMENTED, "Another open of the object, by /proc, has the seals of the object",
    "Linux fcntl(2)")
{
	int fd = create_sealable(page_size());
	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));

	int again = open_again(fd, O_RDWR);

	REQUIRE(again != -1);
	CHECK_EQ(F_SEAL_GROW, fcntl(again, F_GET_SEALS));
	CHECK_FAILS(EPERM, -1, ftruncate(again, (off_t)(2 * page_size())));
}

CASE(seal_needs_writable_fd, DOCUMENTED,
    "F_ADD_SEALS by a descriptor open for reading fails with EPERM, and F_GET_SEALS works", "Linux fcntl(2)")
{
	int fd = create_sealable(page_size());
	int reading = open_again(fd, O_RDONLY);
	REQUIRE(reading != -1);

	CHECK_FAILS(EPERM, -1, fcntl(reading, F_ADD_SEALS, F_SEAL_GROW));

	CHECK_EQ(0, fcntl(reading, F_GET_SEALS));
}

CASE(seals_on_shm_open_object, OBSERVED, "An object of shm_open() takes no seals", "Linux fcntl(2)")
{
	need(F_SEAL_WRITE != 0, "no seals here");
	struct object o = object_create(page_size());

	errno = 0;
	int seals = fcntl(o.fd, F_GET_SEALS);
	observed("seals-of-an-object", "%s",
	    seals == -1                ? errno_name(errno)
		: seals == F_SEAL_SEAL ? "F_SEAL_SEAL"
				       : "others");
	CHECK(seals == -1 || seals == F_SEAL_SEAL);

	errno = 0;
	CHECK_EQ(-1, fcntl(o.fd, F_ADD_SEALS, F_SEAL_GROW));
	observed("sealing-of-an-object", "%s", errno_name(errno));
	CHECK_SUCCEEDS(ftruncate(o.fd, (off_t)(2 * page_size())));
}

CASE(seals_on_regular_file, DOCUMENTED, "F_GET_SEALS fails with EINVAL for what cannot be sealed", "Linux fcntl(2)",
    "FreeBSD fcntl(2)")
{
	int ends[2];
	REQUIRE(pipe(ends) == 0);
	int device = open("/dev/null", O_RDWR | O_CLOEXEC);
	REQUIRE(device != -1);
	struct file f = file_create(page_size()); /* it may be on a tmpfs, which has the machinery */

	CHECK_FAILS(EINVAL, -1, fcntl(ends[1], F_GET_SEALS));
	CHECK_FAILS(EINVAL, -1, fcntl(device, F_GET_SEALS));
	errno = 0;
	int seals = fcntl(f.fd, F_GET_SEALS);
	observed("seals-of-a-file", "%s", seals == -1 ? errno_name(errno) : "F_SEAL_SEAL");
	if (seals == -1)
		CHECK_EQ(EINVAL, errno);
	else
		CHECK_EQ(F_SEAL_SEAL, seals);
}
