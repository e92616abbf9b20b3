/* SPDX-License-Identifier: BSD-2-Clause */

/* Which descriptors mmap() takes and which it refuses, by how they were opened and what they are for. */

#include <fcntl.h>
#include <unistd.h>

#include <sys/socket.h>

#include "case.h"
#include "mapping.h"
#include "object.h"
#include "process.h"

INTERFACE(mmap)

#define POSIX_ERRORS      "POSIX.1-2017 mmap() ERRORS", "POSIX.1-2024 mmap() ERRORS"
#define POSIX_DESCRIPTION "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION"

#define MACOS_SOURCE "macOS bsd/kern/kern_mman.c mmap()"

enum { BSDS = FREEBSD | NETBSD | OPENBSD | DRAGONFLY };

#define FILES_ONLY "what is no file or character device fails with EINVAL"

CASE(ebadf, SHALL, "mmap() of a descriptor that is not open fails with EBADF", POSIX_ERRORS, "Linux mmap(2)",
    "FreeBSD mmap(2)", "NetBSD mmap(2)", "OpenBSD mmap(2)", "DragonFly mmap(2)", "macOS mmap(2)", "illumos mmap(2)",
    COVERS("mmap.ebadf"))
{
	int closed = nameless_file(page_size());
	close(closed);

	CHECK_FAILS(EBADF, MAP_FAILED, mmap(NULL, page_size(), PROT_READ, MAP_SHARED, closed, 0));
	CHECK_FAILS(EBADF, MAP_FAILED, mmap(NULL, page_size(), PROT_READ, MAP_PRIVATE, closed, 0));
	CHECK_FAILS(EBADF, MAP_FAILED, mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, -1, 0));
	CHECK_FAILS(EBADF, MAP_FAILED, mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE, -1, 0));
}

static int
reopened(const struct file *f, int flags)
{
	int fd = open(f->name, flags | O_CLOEXEC);

	REQUIRE(fd != -1);
	return fd;
}

CASE(eacces_no_read__prot_read, SHALL, "mmap() of a descriptor that is not open for reading fails with EACCES",
    POSIX_ERRORS, "Linux mmap(2)", "FreeBSD mmap(2)", "NetBSD mmap(2)", "OpenBSD mmap(2)", "DragonFly mmap(2)",
    "macOS mmap(2)", "illumos mmap(2)", COVERS("mmap.eacces_wronly_fd"))
{
	struct file f = file_create(page_size());
	int fd = reopened(&f, O_WRONLY);

	CHECK_FAILS(EACCES, MAP_FAILED, mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 0));
	CHECK_FAILS(EACCES, MAP_FAILED, mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	CHECK_FAILS(EACCES, MAP_FAILED, mmap(NULL, page_size(), PROT_READ, MAP_PRIVATE, fd, 0));
}

CASE(eacces_no_read__other_protections, SHALL,
    "mmap() of a descriptor that is not open for reading fails with EACCES also for PROT_WRITE and PROT_NONE",
    POSIX_ERRORS, "Linux mmap(2)", "illumos mmap(2)", COVERS("mmap.wronly_fd_private_write_ok"))
{
	struct file f = file_create(page_size());
	int fd = reopened(&f, O_WRONLY);

	CHECK_INSTEAD(BSDS, mmap(NULL, page_size(), PROT_WRITE, MAP_SHARED, fd, 0) != MAP_FAILED);
	CHECK_INSTEAD(BSDS | MACOS, mmap(NULL, page_size(), PROT_NONE, MAP_PRIVATE, fd, 0) != MAP_FAILED);
	deviates(BSDS, "only PROT_READ needs a descriptor that is open for reading", "mmap(2) ERRORS");
	deviates(MACOS, "PROT_NONE needs no descriptor that is open for reading", "macOS mmap(2) ERRORS");
	CHECK_FAILS(EACCES, MAP_FAILED, mmap(NULL, page_size(), PROT_WRITE, MAP_SHARED, fd, 0));
	CHECK_FAILS(EACCES, MAP_FAILED, mmap(NULL, page_size(), PROT_NONE, MAP_SHARED, fd, 0));
	CHECK_FAILS(EACCES, MAP_FAILED, mmap(NULL, page_size(), PROT_WRITE, MAP_PRIVATE, fd, 0));
	CHECK_FAILS(EACCES, MAP_FAILED, mmap(NULL, page_size(), PROT_NONE, MAP_PRIVATE, fd, 0));
}

CASE(eacces_shared_write__file, SHALL,
    "mmap() with MAP_SHARED and PROT_WRITE fails with EACCES when the descriptor is not open for writing", POSIX_ERRORS,
    "Linux mmap(2)", "FreeBSD mmap(2)", "NetBSD mmap(2)", "OpenBSD mmap(2)", "DragonFly mmap(2)", "macOS mmap(2)",
    "illumos mmap(2)", COVERS("mmap.eacces_shared_write"))
{
	struct file f = file_create(page_size());
	int fd = reopened(&f, O_RDONLY);

	CHECK_FAILS(EACCES, MAP_FAILED, mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	CHECK_FAILS(EACCES, MAP_FAILED, mmap(NULL, page_size(), PROT_WRITE, MAP_SHARED, fd, 0));
	CHECK_NE(MAP_FAILED, mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 0));
}

CASE(eacces_shared_write__object, SHALL,
    "mmap() with MAP_SHARED and PROT_WRITE fails with EACCES when the descriptor is not open for writing", POSIX_ERRORS,
    "Linux mmap(2)", "FreeBSD mmap(2)", "NetBSD mmap(2)", "OpenBSD mmap(2)", "DragonFly mmap(2)", "macOS mmap(2)",
    "illumos mmap(2)", NEEDS_OBJECTS)
{
	struct object o = object_create(page_size());
	int fd = object_open(&o, O_RDONLY);

	CHECK_INSTEAD(MACOS, mmap(NULL, 1, PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED && errno == EPERM);
	known_defect(MACOS, "", "the call fails with EPERM, not EACCES", "macOS bsd/kern/posix_shm.c pshm_mmap()");
	CHECK_FAILS(EACCES, MAP_FAILED, mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	CHECK_FAILS(EACCES, MAP_FAILED, mmap(NULL, page_size(), PROT_WRITE, MAP_SHARED, fd, 0));
	CHECK_NE(MAP_FAILED, mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 0));
}

/* The error of a shared mapping of the descriptor for reading, or 0. */
static int
mmap_error(int fd)
{
	return mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED ? errno : 0;
}

/* Linux mmap(2) has EACCES for what is no regular file. Its kernel does as POSIX says. */

CASE(directory_refused, SHALL, "mmap() of a directory fails with ENODEV", POSIX_ERRORS, "FreeBSD mmap(2)",
    "NetBSD mmap(2)", "macOS mmap(2)", COVERS("mmap.dir_enodev"))
{
	int fd = open(".", O_RDONLY | O_CLOEXEC);
	REQUIRE(fd != -1);

	CHECK_INSTEAD(FREEBSD | DRAGONFLY | MACOS, mmap_error(fd) == EINVAL);
	known_defect(FREEBSD, "", FILES_ONLY, "FreeBSD sys/vm/vm_mmap.c vm_mmap_vnode()");
	deviates(DRAGONFLY, FILES_ONLY, "DragonFly mmap(2) ERRORS");
	known_defect(MACOS, "", FILES_ONLY, MACOS_SOURCE);
	CHECK_FAILS(ENODEV, MAP_FAILED, mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 0));
	CHECK_FAILS(ENODEV, MAP_FAILED, mmap(NULL, page_size(), PROT_READ, MAP_PRIVATE, fd, 0));
}

CASE(pipe_refused, SHALL, "mmap() of a pipe fails with ENODEV", POSIX_ERRORS, "FreeBSD mmap(2)", "NetBSD mmap(2)",
    "macOS mmap(2)", COVERS("mmap.pipe_enodev mmap.pipe_write_eacces"))
{
	int ends[2];
	REQUIRE(pipe(ends) == 0);

	CHECK_INSTEAD(DRAGONFLY | MACOS, mmap_error(ends[0]) == EINVAL);
	deviates(DRAGONFLY, FILES_ONLY, "DragonFly mmap(2) ERRORS");
	known_defect(MACOS, "", FILES_ONLY, MACOS_SOURCE);
	CHECK_FAILS(ENODEV, MAP_FAILED, mmap(NULL, page_size(), PROT_READ, MAP_SHARED, ends[0], 0));
	CHECK_FAILS(ENODEV, MAP_FAILED, mmap(NULL, page_size(), PROT_READ, MAP_PRIVATE, ends[0], 0));
	/* The other end is not open for reading either. */
	CHECK_FAILS_IN(ENODEV, EACCES, 0, MAP_FAILED, mmap(NULL, page_size(), PROT_WRITE, MAP_SHARED, ends[1], 0));
}

CASE(socket_refused, SHALL, "mmap() of a socket fails with ENODEV", POSIX_ERRORS, "FreeBSD mmap(2)", "NetBSD mmap(2)",
    "macOS mmap(2)")
{
	int ends[2];
	REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);

	CHECK_INSTEAD(DRAGONFLY | MACOS, mmap_error(ends[0]) == EINVAL);
	deviates(DRAGONFLY, FILES_ONLY, "DragonFly mmap(2) ERRORS");
	known_defect(MACOS, "", FILES_ONLY, MACOS_SOURCE);
	CHECK_FAILS(ENODEV, MAP_FAILED, mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, ends[0], 0));
	CHECK_FAILS(ENODEV, MAP_FAILED, mmap(NULL, page_size(), PROT_READ, MAP_PRIVATE, ends[1], 0));
}

CASE(append_descriptor_ok, MAY,
    "A descriptor with O_APPEND can be mapped, and stores change bytes in place, or mmap() fails with EPERM or EACCES",
    POSIX_DESCRIPTION)
{
	struct file f = file_with_pattern(2);
	int fd = open(f.name, O_RDWR | O_APPEND);
	REQUIRE(fd != -1);

	errno = 0;
	char *p = mmap(NULL, 2 * page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	int error = errno;

	observed("append", "%s", p == MAP_FAILED ? errno_name(error) : "maps");
	if (p == MAP_FAILED) {
		CHECK(error == EPERM || error == EACCES);
		return;
	}
	pattern_store('a', &p[page_size()], page_size());
	CHECK_SUCCEEDS(msync(p, 2 * page_size(), MS_SYNC));
	CHECK_EQ(2 * page_size(), size_of(fd));
	CHECK_PATTERN('f', content_of(f.fd, page_size()), page_size());
	CHECK_PATTERN('a', content_of(f.fd, 2 * page_size()) + page_size(), page_size());
}

static void
map_descriptor_zero(void *fd)
{
	REQUIRE(dup2(*(int *)fd, 0) == 0);
	char *p = mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, 0, 0);
	REQUIRE(p != MAP_FAILED);

	CHECK_PATTERN('f', p, page_size());
}

CASE(descriptor_zero_ok, SHALL, "Descriptor 0 can be mapped like every other", POSIX_DESCRIPTION)
{
	int fd = nameless_file_with_pattern(1);

	in_child(map_descriptor_zero, &fd);
}

static void
answer(void *arg)
{
	char *p = arg;

	CHECK_PATTERN('s', p, 2 * page_size());
	pattern_store('c', p, 2 * page_size());
}

CASE(dev_zero, MAY,
    "/dev/zero cannot be mapped, or a shared mapping of it reads as zero and is shared by parent and child",
    "POSIX.1-2017 mmap() ERRORS", "POSIX.1-2024 mmap() ERRORS", CHOICE("illumos mmap(2)", "dev-zero", "maps"),
    "OpenBSD sys/uvm/uvm_mmap.c sys_mmap()",
    COVERS("mmap.devzero_shared mmap.devzero_pages mmap.devzero_independent_fd"))
{
	int fd = open("/dev/zero", O_RDWR);
	need(fd != -1, "no /dev/zero here: %s", errno_name(errno));

	errno = 0;
	char *p = mmap(NULL, 2 * page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	observed("dev-zero", "%s", p == MAP_FAILED ? errno_name(errno) : "maps");
	if (p == MAP_FAILED)
		return;
	CHECK_BYTES(0, p, 2 * page_size());
	pattern_store('s', p, 2 * page_size());
	in_child(answer, p);
	CHECK_PATTERN('c', p, 2 * page_size());
	CHECK_BYTES(0, map_shared(fd, 2 * page_size()), 2 * page_size()); /* another mapping is other memory */
}
