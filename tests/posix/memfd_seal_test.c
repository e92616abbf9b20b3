/* SPDX-License-Identifier: BSD-2-Clause */

/* Seals of the unnamed objects that memfd_create() makes on Linux and FreeBSD. */

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "case.h"
#include "fault.h"
#include "file.h"
#include "mapping.h"
#include "memfd.h"
#include "object.h"
#include "platform/object_place.h"
#include "process.h"

INTERFACE(memfd_create, NEEDS_SEALS, NEEDS_FILES_OF_PAGES(3))

CASE(initial_seals, DOCUMENTED,
    "A new object has no seals with MFD_ALLOW_SEALING, and F_SEAL_SEAL without it, so that none can be added",
    "Linux 3.17 memfd_create(2)", "FreeBSD 13.0 shm_open(2)", COVERS("memfd.no_sealing_default"))
{
	int sealable = memfd_create("shmcheck", MFD_ALLOW_SEALING);
	int plain = memfd_create("shmcheck", 0);
	REQUIRE(sealable != -1);
	REQUIRE(plain != -1);

	CHECK_EQ(0, fcntl(sealable, F_GET_SEALS));
	CHECK_EQ(F_SEAL_SEAL, fcntl(plain, F_GET_SEALS));
	CHECK_FAILS(EPERM, -1, fcntl(plain, F_ADD_SEALS, F_SEAL_SHRINK));
	CHECK_EQ(F_SEAL_SEAL, fcntl(plain, F_GET_SEALS));
	CHECK_SUCCEEDS(fcntl(sealable, F_ADD_SEALS, F_SEAL_SHRINK));
	CHECK_EQ(F_SEAL_SHRINK, fcntl(sealable, F_GET_SEALS));
}

CASE(seals_only_added, DOCUMENTED, "F_ADD_SEALS adds to the seals that an object has, and removes none of them",
    "Linux 3.17 fcntl(2)", "FreeBSD 13.0 fcntl(2)", COVERS("memfd.seals_get_set"))
{
	int fd = memfd_sealable(page_size());

	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK));
	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));
	CHECK_EQ(F_SEAL_SHRINK | F_SEAL_GROW, fcntl(fd, F_GET_SEALS));
	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK));
	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, 0));
	CHECK_EQ(F_SEAL_SHRINK | F_SEAL_GROW, fcntl(fd, F_GET_SEALS));
	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SEAL));
	CHECK_EQ(F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL, fcntl(fd, F_GET_SEALS));
}

CASE(seals_unknown_einval, DOCUMENTED, "An unknown seal fails with EINVAL, and the seals beside it are not added",
    "Linux 3.17 fcntl(2)")
{
	int fd = memfd_sealable(page_size());

	CHECK_FAILS(EINVAL, -1, fcntl(fd, F_ADD_SEALS, 0x40000000));
	CHECK_FAILS(EINVAL, -1, fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | 0x40000000));

	CHECK_EQ(0, fcntl(fd, F_GET_SEALS));
}

CASE(seal_shrink, DOCUMENTED,
    "With F_SEAL_SHRINK a smaller size fails with EPERM and size and data stay; the same size and a larger one work",
    "Linux 3.17 fcntl(2)", "FreeBSD 13.0 fcntl(2)", COVERS("memfd.seal_shrink"))
{
	const size_t page = page_size();
	int fd = memfd_sealable(2 * page);
	char *p = map_shared(fd, 2 * page);
	pattern_store(1, p, 2 * page);
	REQUIRE_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK));

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

CASE(seal_shrink__trunc, DOCUMENTED,
    "With F_SEAL_SHRINK an open with O_TRUNC fails with EPERM, and the size and the data stay", "Linux 3.17 fcntl(2)",
    NEEDS_DESCRIPTORS_IN_PROC)
{
	int fd = memfd_sealable(page_size());
	char *p = map_shared(fd, page_size());
	pattern_store(1, p, page_size());
	REQUIRE_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK));

	CHECK_FAILS(EPERM, -1, memfd_open_again(fd, O_RDWR | O_TRUNC));

	if (CHECK_EQ(page_size(), size_of(fd)))
		CHECK_PATTERN(1, p, page_size());
}

CASE(seal_grow, DOCUMENTED,
    "With F_SEAL_GROW a larger size fails with EPERM and the size stays; the same size and a smaller one work",
    "Linux 3.17 fcntl(2)", "FreeBSD 13.0 fcntl(2)", COVERS("memfd.seal_grow"))
{
	const size_t page = page_size();
	int fd = memfd_sealable(2 * page);
	REQUIRE_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));

	CHECK_FAILS(EPERM, -1, ftruncate(fd, (off_t)(2 * page + 1)));
	CHECK_EQ(2 * page, size_of(fd));

	CHECK_SUCCEEDS(ftruncate(fd, (off_t)(2 * page)));
	CHECK_SUCCEEDS(ftruncate(fd, (off_t)page));
	CHECK_FAILS(EPERM, -1, ftruncate(fd, (off_t)(2 * page)));
	CHECK_EQ(page, size_of(fd));
}

CASE(seal_grow__write, DOCUMENTED,
    "With F_SEAL_GROW write() and posix_fallocate() fail with EPERM behind the end and work before it",
    "Linux 3.17 fcntl(2)", COVERS("memfd.seal_grow_write"))
{
	int fd = memfd_sealable(page_size());
	REQUIRE_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));

	CHECK_FAILS(EPERM, -1, pwrite(fd, "x", 1, (off_t)page_size()));
	CHECK_RETURNS_ERROR(EPERM, posix_fallocate(fd, 0, (off_t)(2 * page_size())));
	CHECK_EQ(page_size(), size_of(fd));

	CHECK_EQ(1, pwrite(fd, "x", 1, (off_t)(page_size() - 1)));
	CHECK_RETURNS_ERROR(0, posix_fallocate(fd, 0, (off_t)page_size()));
	CHECK_EQ('x', ((char *)map_shared(fd, page_size()))[page_size() - 1]);
}

CASE(seal_seal, DOCUMENTED, "After F_SEAL_SEAL each F_ADD_SEALS fails with EPERM, and the seals stay as they are",
    "Linux 3.17 fcntl(2)", "FreeBSD 13.0 fcntl(2)", COVERS("memfd.seal_seal"))
{
	int fd = memfd_sealable(page_size());
	REQUIRE_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SEAL));

	CHECK_FAILS(EPERM, -1, fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK));
	CHECK_FAILS(EPERM, -1, fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL));

	CHECK_EQ(F_SEAL_GROW | F_SEAL_SEAL, fcntl(fd, F_GET_SEALS));
	CHECK_SUCCEEDS(ftruncate(fd, 0)); /* what is not sealed works */
}

CASE(seal_exec, DOCUMENTED,
    "F_SEAL_EXEC adds the seals of size and writing, and fchmod() of execute bits fails with EPERM from then on",
    "Linux 6.3 F_GET_SEALS(2const)", COVERS("memfd.seal_exec"))
{
	const int implied = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_FUTURE_WRITE;
	int fd = memfd_sealable(page_size());
	mode_t mode = status_of(fd).st_mode & 0777;

	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_EXEC));

	CHECK_EQ(F_SEAL_EXEC | implied, fcntl(fd, F_GET_SEALS));
	CHECK_FAILS(EPERM, -1, fchmod(fd, mode ^ 0111));
	CHECK_FAILS(EPERM, -1, fchmod(fd, mode ^ 0001));
	CHECK_EQ(mode, status_of(fd).st_mode & 0777);
	CHECK_SUCCEEDS(fchmod(fd, mode ^ 0022)); /* bits that are not sealed */
	CHECK_EQ(mode ^ 0022, status_of(fd).st_mode & 0777);
}

static void
seal_growth(void *descriptor)
{
	CHECK_SUCCEEDS(fcntl(*(int *)descriptor, F_ADD_SEALS, F_SEAL_GROW));
}

CASE(seals_belong_to_object, DOCUMENTED,
    "A seal that one process adds holds for all descriptors of the object, in other processes too",
    "Linux 3.17 fcntl(2)", "FreeBSD 13.0 fcntl(2)", COVERS("memfd.seals_dup memfd.seals_fork"))
{
	int fd = memfd_sealable(page_size());
	int duplicate = dup(fd);
	REQUIRE(duplicate != -1);

	in_child(seal_growth, &fd);

	CHECK_EQ(F_SEAL_GROW, fcntl(fd, F_GET_SEALS));
	CHECK_EQ(F_SEAL_GROW, fcntl(duplicate, F_GET_SEALS));
	CHECK_FAILS(EPERM, -1, ftruncate(duplicate, (off_t)(2 * page_size())));
}

CASE(seals_belong_to_object__open, DOCUMENTED, "A descriptor of another open of the object has the seals of the object",
    "Linux 3.17 fcntl(2)", NEEDS_DESCRIPTORS_IN_PROC, COVERS("memfd.seals_proc_open"))
{
	int fd = memfd_sealable(page_size());
	REQUIRE_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));

	int again = memfd_open_again(fd, O_RDWR);

	REQUIRE(again != -1);
	CHECK_EQ(F_SEAL_GROW, fcntl(again, F_GET_SEALS));
	CHECK_FAILS(EPERM, -1, ftruncate(again, (off_t)(2 * page_size())));
}

CASE(seal_needs_writable_fd, DOCUMENTED,
    "F_ADD_SEALS by a descriptor opened with O_RDONLY fails with EPERM, and F_GET_SEALS works", "Linux 3.17 fcntl(2)",
    NEEDS_DESCRIPTORS_IN_PROC, COVERS("memfd.seal_needs_write"))
{
	int fd = memfd_sealable(page_size());
	int reading = memfd_open_again(fd, O_RDONLY);
	REQUIRE(reading != -1);

	CHECK_FAILS(EPERM, -1, fcntl(reading, F_ADD_SEALS, F_SEAL_GROW));

	CHECK_EQ(0, fcntl(reading, F_GET_SEALS));
}

CASE(seals_on_shm_open_object, OBSERVED, "An object of shm_open() cannot be sealed",
    CHOICE("Linux 3.17 fcntl(2)", "seals-of-an-object", "EINVAL or F_SEAL_SEAL"),
    CHOICE("Linux 3.17 fcntl(2)", "sealing-of-an-object", "EINVAL or EPERM"), NEEDS_OBJECTS,
    COVERS("memfd.tmpfs_sealseal"))
{
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

CASE(seals_on_regular_file, DOCUMENTED,
    "F_GET_SEALS and F_ADD_SEALS fail with EINVAL for a pipe, a device and a file of a file system without seals",
    "Linux 3.17 fcntl(2)", "FreeBSD 13.0 fcntl(2)", COVERS("memfd.seals_other_file"))
{
	int ends[2];
	REQUIRE(pipe(ends) == 0);
	int device = open("/dev/null", O_RDWR | O_CLOEXEC);
	REQUIRE(device != -1);

	CHECK_FAILS(EINVAL, -1, fcntl(ends[1], F_GET_SEALS));
	CHECK_FAILS(EINVAL, -1, fcntl(ends[1], F_ADD_SEALS, F_SEAL_SHRINK));
	CHECK_FAILS(EINVAL, -1, fcntl(device, F_GET_SEALS));
	CHECK_FAILS(EINVAL, -1, fcntl(device, F_ADD_SEALS, F_SEAL_SHRINK));

	/* A tmpfs of Linux has seals, but none can be added to its files. */
	struct file f = file_create(page_size());
	bool has_seals = platform_is(LINUX) && is_on_tmpfs(f.fd) && !is_on_ramfs(f.fd);
	errno = 0;
	CHECK_EQ(has_seals ? F_SEAL_SEAL : -1, fcntl(f.fd, F_GET_SEALS));
	CHECK_EQ(has_seals ? 0 : EINVAL, errno);
	CHECK_FAILS(has_seals ? EPERM : EINVAL, -1, fcntl(f.fd, F_ADD_SEALS, F_SEAL_SHRINK));
}
