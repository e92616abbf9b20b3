/* SPDX-License-Identifier: BSD-2-Clause */

/* What each combination of flags of shm_open() does for a name that is in use and for one that is not. */

#include <fcntl.h>
#include <unistd.h>

#include "case.h"
#include "mapping.h"
#include "object.h"
#include "process.h"
#include "program.h"

INTERFACE(shm_open, NEEDS_OBJECTS)

#define MACOS_RDONLY "a descriptor opened with O_RDONLY can size an object"
#define MACOS_SIZE   "macOS bsd/kern/posix_shm.c pshm_truncate()"

/* The descriptor can size its object if and only if it was opened for that. */
static void
check_access(int fd, int flags, off_t size)
{
	if ((flags & O_ACCMODE) == O_RDONLY)
		CHECK_FAILS_IN(EBADF, EINVAL, 0, -1, ftruncate(fd, size));
	else
		CHECK_SUCCEEDS(ftruncate(fd, size));
	CHECK_EQ(fcntl(fd, F_GETFL) & O_ACCMODE, flags & O_ACCMODE);
}

CASE(flags_decide__absent, SHALL,
    "For an unused name each combination of flags with O_CREAT "
    "makes an empty object, and each without it fails with ENOENT",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", "POSIX.1-2017 shm_open() ERRORS",
    "POSIX.1-2024 shm_open() ERRORS")
{
	static const int flags[] = {
		O_RDONLY,
		O_RDWR,
		O_RDWR | O_TRUNC,
		O_RDONLY | O_CREAT,
		O_RDONLY | O_CREAT | O_EXCL,
		O_RDWR | O_CREAT,
		O_RDWR | O_CREAT | O_EXCL,
		O_RDWR | O_CREAT | O_TRUNC,
		O_RDWR | O_CREAT | O_EXCL | O_TRUNC,
	};

	for (size_t i = 0; i < nitems(flags); i++) {
		struct object o = object_name();

		if ((flags[i] & O_CREAT) == 0) {
			CHECK_FAILS(ENOENT, -1, shm_open(o.name, flags[i], 0600));
			CHECK_FAILS(ENOENT, -1, shm_unlink(o.name)); /* and there is none now */
			continue;
		}
		int fd = shm_open(o.name, flags[i], 0600);
		REQUIRE(fd != -1);
		CHECK_EQ(0, size_of(fd));
		if ((flags[i] & O_ACCMODE) == O_RDONLY)
			known_defect(MACOS, "", MACOS_RDONLY, MACOS_SIZE);
		check_access(fd, flags[i], (off_t)page_size());
		close(fd);
	}
}

CASE(flags_decide__present, SHALL,
    "For a name in use O_CREAT with O_EXCL fails with EEXIST, O_TRUNC "
    "with O_RDWR empties the object, and other flags open it as it is",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", "POSIX.1-2017 shm_open() ERRORS",
    "POSIX.1-2024 shm_open() ERRORS")
{
	enum outcome { OPENS, EMPTIES, IS_REFUSED };
	static const struct {
		int flags;
		enum outcome outcome;
	} rows[] = {
		{ O_RDONLY, OPENS },
		{ O_RDWR, OPENS },
		{ O_RDONLY | O_CREAT, OPENS },
		{ O_RDWR | O_CREAT, OPENS },
		{ O_RDWR | O_TRUNC, EMPTIES },
		{ O_RDWR | O_CREAT | O_TRUNC, EMPTIES },
		{ O_RDONLY | O_CREAT | O_EXCL, IS_REFUSED },
		{ O_RDWR | O_CREAT | O_EXCL, IS_REFUSED },
		{ O_RDWR | O_CREAT | O_EXCL | O_TRUNC, IS_REFUSED },
	};
	const size_t size = page_size() + 1;

	known_defect(MACOS, "", "an object that has a size gets EINVAL for another, by O_TRUNC too", MACOS_SIZE);
	for (size_t i = 0; i < nitems(rows); i++) {
		struct object o = object_create(size);
		char *p = map_shared(o.fd, size);
		pattern_store(1, p, size);

		if (rows[i].outcome == IS_REFUSED) {
			CHECK_FAILS(EEXIST, -1, shm_open(o.name, rows[i].flags, 0666));
		} else {
			int fd = shm_open(o.name, rows[i].flags, 0666);
			REQUIRE(fd != -1);
			CHECK_EQ(rows[i].outcome == EMPTIES ? 0 : size, size_of(fd));
			check_access(fd, rows[i].flags, (off_t)size);
			close(fd);
		}
		CHECK_EQ(size, size_of(o.fd));
		if (rows[i].outcome == EMPTIES)
			CHECK_BYTES(0, p, size);
		else
			CHECK_PATTERN(1, p, size);
		CHECK_EQ(0600, status_of(o.fd).st_mode & 0777);
		close(o.fd);
	}
}

CASE(mode_not_for_creator, SHALL,
    "A descriptor of a new object that is opened with O_RDONLY is for reading alone, whatever the permission bits",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION",
    COVERS("shm_open.mode_not_for_creator"))
{
	static const mode_t modes[] = { 0666, 0200, 0000 };

	for (size_t i = 0; i < nitems(modes); i++) {
		struct object o = object_name();

		int fd = shm_open(o.name, O_CREAT | O_EXCL | O_RDONLY, modes[i]);

		REQUIRE(fd != -1);
		known_defect(MACOS, "", MACOS_RDONLY, MACOS_SIZE);
		CHECK_FAILS_IN(EBADF, EINVAL, 0, -1, ftruncate(fd, 1));
		CHECK_FAILS(EACCES, MAP_FAILED, mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
		CHECK_EQ(0, size_of(fd));
		fchmod(fd, 0600); /* so that FreeBSD lets its owner unlink it */
		close(fd);
	}
}

CASE(offset_unspecified, OBSERVED,
    "Whether a new descriptor has a file offset is unspecified; one that has begins at the start of the object",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION",
    CHOICE("Linux open(2)", "offset-of-a-new-descriptor", "0"), COVERS("shm_open.offset"))
{
	struct object o = object_create(page_size());
	lseek(o.fd, 7, SEEK_SET);

	off_t offset = lseek(object_open(&o, O_RDWR), 0, SEEK_CUR);

	observed("offset-of-a-new-descriptor", "%s", offset == -1 ? errno_name(errno) : number_text(offset).text);
	CHECK(offset == -1 || offset == 0);
}

PROGRAM(moves_offset)
{
	int fd = shm_open(argv[1], O_RDWR, 0);
	REQUIRE(fd != -1);

	lseek(fd, 9, SEEK_SET);
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) ^ O_NONBLOCK);
	pause_for_parent();
}

CASE(new_file_description__another_process, SHALL,
    "The file offset and the status flags of an open object stay when another process opens it and changes its own",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", "macOS shm_open(2)",
    "illumos shm_open(3C)", COVERS("shm_open.ofd_unshared BS45"))
{
	struct object o = object_create(page_size());
	off_t offset = lseek(o.fd, 3, SEEK_SET);
	int flags = fcntl(o.fd, F_GETFL);

	struct child other = program_start("moves_offset", o.name);
	child_reaches_pause(&other);

	if (offset != -1)
		CHECK_EQ(offset, lseek(o.fd, 0, SEEK_CUR));
	CHECK_EQ(flags, fcntl(o.fd, F_GETFL));
	child_goes_on(&other);
	child_exits(&other);
}

CASE(failure_keeps_no_descriptor, SHALL,
    "A shm_open() that fails leaves the process with the descriptors that it had, however often it is called",
    "POSIX.1-2017 shm_open() RETURN VALUE", "POSIX.1-2024 shm_open() RETURN VALUE")
{
	struct object o = object_create(0);
	struct object unused = object_name();
	int before = next_descriptor();

	for (int i = 0; i < 100; i++) {
		CHECK_FAILS(EEXIST, -1, shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600));
		CHECK_FAILS(ENOENT, -1, shm_open(unused.name, O_RDWR, 0));
		(void)shm_open("/", O_CREAT | O_RDWR, 0600);
	}

	CHECK_EQ(before, next_descriptor());
}
