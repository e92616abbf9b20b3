/* SPDX-License-Identifier: BSD-2-Clause */

/* Descriptors of other things than files: /dev/zero, which some platforms map, devices that none maps, and O_PATH. */

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "object.h"
#include "platform/fcntl.h"
#include "process.h"

INTERFACE(mmap_devices)

#define POSIX_ERRORS "POSIX.1-2017 mmap() ERRORS", "POSIX.1-2024 mmap() ERRORS"

enum { READ_WRITE = PROT_READ | PROT_WRITE };

static int
open_device(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	need(fd != -1, "no %s here: %s", path, errno_name(errno));
	return fd;
}

/* mmap() of /dev/zero, or null where the platform does not map it. */
static char *
map_zero(int fd, size_t size, int flags, off_t offset)
{
	errno = 0;
	char *p = mmap(NULL, size, READ_WRITE, flags, fd, offset);

	if (p != MAP_FAILED)
		return p;
	CHECK(errno == ENODEV || errno == EINVAL || errno == ENOTSUP);
	return NULL;
}

/* The child stores after the parent has, and exits. */
static void
store(void *p)
{
	CHECK_PATTERN('p', p, 2 * page_size());
	pattern_store('c', p, 2 * page_size());
}

CASE(dev_zero__private, MAY,
    "/dev/zero cannot be mapped, or a private mapping of it is zero, and is a copy in each process after fork",
    POSIX_ERRORS, CHOICE("illumos mmap(2)", "private", "maps"), "OpenBSD sys/uvm/uvm_mmap.c sys_mmap()",
    COVERS("mmap.devzero_private"))
{
	int fd = open_device("/dev/zero", O_RDWR);

	char *p = map_zero(fd, 2 * page_size(), MAP_PRIVATE, 0);
	observed("private", "%s", p == NULL ? "refused" : "maps");
	if (p == NULL)
		return;
	CHECK_BYTES(0, p, 2 * page_size());
	pattern_store('p', p, 2 * page_size());
	in_child(store, p);
	CHECK_PATTERN('p', p, 2 * page_size());
}

CASE(dev_zero__independent, MAY, "/dev/zero cannot be mapped, or each mapping of it is other memory", POSIX_ERRORS,
    "OpenBSD sys/uvm/uvm_mmap.c sys_mmap()", COVERS("mmap.devzero_independent mmap.devzero_private_independent"))
{
	int fd = open_device("/dev/zero", O_RDWR);
	const int fds[] = { fd, fd, open_device("/dev/zero", O_RDWR) };
	const int flags[] = { MAP_SHARED, MAP_PRIVATE };

	for (unsigned i = 0; i < nitems(flags); i++) {
		char *p[3];

		for (unsigned j = 0; j < nitems(p); j++) {
			p[j] = map_zero(fds[j], page_size(), flags[i], 0);
			if (p[j] == NULL)
				return;
			pattern_store((unsigned char)('p' + j), p[j], page_size());
		}
		for (unsigned j = 0; j < nitems(p); j++)
			CHECK_PATTERN((unsigned char)('p' + j), p[j], page_size());
		char *later = map_zero(fd, page_size(), flags[i], 0);
		if (later != NULL)
			CHECK_BYTES(0, later, page_size());
	}
}

CASE(dev_zero__part_of_page, MAY, "/dev/zero cannot be mapped, or a part of a page of it is a page of zeros",
    POSIX_ERRORS, "OpenBSD sys/uvm/uvm_mmap.c sys_mmap()", COVERS("mmap.devzero_unaligned"))
{
	int fd = open_device("/dev/zero", O_RDWR);
	const int flags[] = { MAP_SHARED, MAP_PRIVATE };

	for (unsigned i = 0; i < nitems(flags); i++) {
		char *p = map_zero(fd, page_size() + 1, flags[i], 0);

		if (p == NULL)
			return;
		CHECK_BYTES(0, p, 2 * page_size());
		CHECK_STORE_OK(&p[2 * page_size() - 1]);
	}
}

CASE(dev_zero__offset, OBSERVED,
    "A mapping of /dev/zero at an offset is refused, has zeros, or has no memory and raises SIGBUS", POSIX_ERRORS,
    COVERS("mmap.devzero_offset"))
{
	int fd = open_device("/dev/zero", O_RDWR);
	const int flags[] = { MAP_SHARED, MAP_PRIVATE };

	for (unsigned i = 0; i < nitems(flags); i++) {
		const char *key = i == 0 ? "shared-at-offset" : "private-at-offset";
		char *p = map_zero(fd, page_size(), flags[i], (off_t)(2 * page_size()));

		if (p == NULL) {
			observed(key, "refused");
			continue;
		}
		struct fault f = fault_of_load(p);
		observed(key, "%s", f.signal == 0 ? "zeros" : signal_name(f.signal));
		if (f.signal == 0)
			CHECK_BYTES(0, p, page_size());
		else
			CHECK_EQ(SIGBUS, f.signal);
	}
}

CASE(dev_zero__descriptor_closed, MAY, "/dev/zero cannot be mapped, or its memory stays when the descriptor is closed",
    POSIX_ERRORS, "OpenBSD sys/uvm/uvm_mmap.c sys_mmap()")
{
	int fd = open_device("/dev/zero", O_RDWR);

	char *p = map_zero(fd, 2 * page_size(), MAP_SHARED, 0);
	if (p == NULL)
		return;
	pattern_store('p', p, 2 * page_size());
	REQUIRE(close(fd) == 0);
	in_child(store, p);
	CHECK_PATTERN('c', p, 2 * page_size());
}

/* POSIX has ENODEV for a type that mmap() does not support, manuals of BSDs have EINVAL. */
static void
check_refused(const char *path, const char *key)
{
	int fd = open_device(path, O_RDONLY);
	char *p = map_anonymous(page_size(), MAP_PRIVATE);
	pattern_store('o', p, page_size());

	observed(key, "%s",
	    mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED ? errno_name(errno) : "maps");
	CHECK_FAILS_IN(ENODEV, EINVAL, ENOTSUP, MAP_FAILED, mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 0));
	CHECK_FAILS_IN(ENODEV, EINVAL, ENOTSUP, MAP_FAILED, mmap(NULL, page_size(), READ_WRITE, MAP_PRIVATE, fd, 0));
	CHECK_FAILS_IN(ENODEV, EINVAL, ENOTSUP, MAP_FAILED, mmap(p, page_size(), PROT_READ, MAP_PRIVATE, fd, 0));
	CHECK_PATTERN('o', p, page_size());
}

CASE(without_memory__random, MAY, "mmap() of /dev/random fails with ENODEV, EINVAL or ENOTSUP", POSIX_ERRORS,
    "FreeBSD mmap(2) ERRORS", "DragonFly mmap(2) ERRORS", COVERS("mmap.chardev_enodev"))
{
	check_refused("/dev/random", "random");
}

CASE(without_memory__null, MAY, "mmap() of /dev/null fails with ENODEV, EINVAL or ENOTSUP", POSIX_ERRORS,
    "FreeBSD mmap(2) ERRORS", "DragonFly mmap(2) ERRORS", COVERS("mmap.private_device"))
{
	check_refused("/dev/null", "null");
}

CASE(path_descriptor, DOCUMENTED, "mmap() of a descriptor that was opened with O_PATH fails with EBADF",
    "Linux 2.6.39 open(2)", ALSO("mmap.ebadf"), COVERS("mmap.opath"))
{
	struct file f = file_with_pattern(1);
	char *p = map_anonymous(page_size(), MAP_PRIVATE);
	pattern_store('o', p, page_size());

	int fd = open(f.name, O_PATH | O_CLOEXEC);
	REQUIRE(fd != -1);
	CHECK_FAILS(EBADF, MAP_FAILED, mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 0));
	CHECK_FAILS(EBADF, MAP_FAILED, mmap(NULL, page_size(), READ_WRITE, MAP_PRIVATE, fd, 0));
	CHECK_FAILS(EBADF, MAP_FAILED, mmap(p, page_size(), PROT_READ, MAP_FIXED | MAP_SHARED, fd, 0));
	CHECK_PATTERN('o', p, page_size());
}

CASE(descriptor_ignored, OBSERVED,
    "Shared anonymous memory, at a fixed address too, takes no notice of a descriptor, or fails with EINVAL or EBADF",
    "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "FreeBSD mmap(2) ERRORS", "NetBSD mmap(2) ERRORS",
    COVERS("mmap.anon_fd_ignored"))
{
	int fd = nameless_file_with_pattern(1);
	char *at = map_anonymous(page_size(), MAP_PRIVATE);
	const int flags[] = { MAP_SHARED | MAP_ANONYMOUS, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED };

	for (unsigned i = 0; i < nitems(flags); i++) {
		errno = 0;
		char *p = mmap(at, page_size(), READ_WRITE, flags[i], fd, 0);
		int error = errno;

		observed(i == 0 ? "shared" : "shared-and-fixed", "%s", p == MAP_FAILED ? errno_name(error) : "ignored");
		if (p == MAP_FAILED) {
			CHECK(error == EINVAL || error == EBADF);
			continue;
		}
		if (i == 1 && !CHECK_EQ(at, p))
			return;
		CHECK_BYTES(0, p, page_size());
		pattern_store('s', p, page_size());
		CHECK_PATTERN('f', content_of(fd, page_size()), page_size());
	}
}
