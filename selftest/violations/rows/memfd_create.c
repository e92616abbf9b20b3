/* SPDX-License-Identifier: BSD-2-Clause */

/* Objects that memfd_create() makes. */

#include <sys/mman.h>

#include "effects.h"
#include "known.h"
#include "memfd_objects.h"
#include "objects.h"
#include "real.h"
#include "violation.h"

static bool
is_plain(const struct call *c)
{
	return c->flags == 0 && length_of_name(c) > 0;
}

VIOLATION(memfd_create_gives_a_page, "memfd_create.size-zero-rdwr", "-", MEMFD_CREATE,
    FALSIFIES(is_plain(c), real_ftruncate((int)c->result, (off_t)page_size())))
{
	return size_of(memfd_create("shmcheck", 0)) == (off_t)page_size();
}

VIOLATION(memfd_create_for_reading, "memfd_create.size-zero-rdwr", "-", MEMFD_CREATE,
    FALSIFIES(is_plain(c), take_place(open_again((int)c->result, O_RDONLY), (int)c->result)))
{
	return (fcntl(memfd_create("shmcheck", 0), F_GETFL) & O_ACCMODE) == O_RDONLY;
}

static void
size_and_fill(struct call *c)
{
	c->result = real_ftruncate(c->fd, c->offset);
	fill(c->fd, c->offset - 1, c->offset, 's');
}

VIOLATION(ftruncate_of_memfd_leaves_stale_byte, "memfd_create.size-zero-rdwr", "-", FTRUNCATE,
    REPLACES(is_memfd(c->fd) && c->offset > (off_t)page_size() && file_size(c->fd) == 0, size_and_fill(c)))
{
	int fd = memfd_create("shmcheck", 0);

	set_size(fd, (off_t)page_size() + 1);
	return *((char *)map_shared(fd, page_size() + 1) + page_size()) == 's';
}

VIOLATION(mmap_of_memfd_private, "memfd_create.size-zero-rdwr", "-", MMAP,
    CHANGES(c->flags == MAP_SHARED && is_memfd(c->fd) && c->length > page_size(), c->flags = MAP_PRIVATE))
{
	int fd = memfd_create("shmcheck", 0);

	set_size(fd, (off_t)page_size() + 1);
	*(char *)map_shared(fd, page_size() + 1) = 'x';
	return *(char *)map_shared(fd, 1) == 0;
}

static ssize_t
write_to_new(int *fd)
{
	*fd = memfd_create("shmcheck", 0);
	return write(*fd, "ww", 2);
}

VIOLATION(write_to_memfd_rounds_size, "memfd_create.size-zero-rdwr", "-", WRITE,
    FALSIFIES(is_memfd(c->fd), real_ftruncate(c->fd, (off_t)page_size())))
{
	int fd;

	return write_to_new(&fd) == 2 && size_of(fd) == (off_t)page_size();
}

static void
size_only(struct call *c)
{
	real_ftruncate(c->fd, (off_t)c->length);
	c->result = (intptr_t)c->length;
}

VIOLATION(write_to_memfd_loses_data, "memfd_create.size-zero-rdwr", "-", WRITE, REPLACES(is_memfd(c->fd), size_only(c)))
{
	int fd;

	return write_to_new(&fd) == 2 && *(char *)map_shared(fd, 2) == 0;
}

VIOLATION(write_to_memfd_efbig, "memfd_create.size-zero-rdwr", "-", WRITE, REFUSES(is_memfd(c->fd), EFBIG))
{
	int fd;

	return write_to_new(&fd) == -1;
}

static void
clear_ranges(int fd)
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].fd == fd && ranges[i].flags & MAP_SHARED && ranges[i].protection & PROT_WRITE)
			memset(ranges[i].start, 0, ranges[i].length);
}

VIOLATION(close_clears_memfd, "memfd_create.size-zero-rdwr", "-", CLOSE, CHANGES(is_memfd(c->fd), clear_ranges(c->fd)))
{
	int fd = memfd_create("shmcheck", 0);
	char *p;

	set_size(fd, 1);
	p = map_shared(fd, 1);
	*p = 'x';
	close(fd);
	return *p == 0;
}

static void
set_descriptor_flags(const struct call *c, int flags)
{
	real_fcntl((int)c->result, F_SETFD, flags);
}

VIOLATION(memfd_create_always_cloexec, "memfd_create.cloexec-only-on-request", "-", MEMFD_CREATE,
    FALSIFIES(c->flags == 0, set_descriptor_flags(c, FD_CLOEXEC)))
{
	return fcntl(memfd_create("shmcheck", 0), F_GETFD) == FD_CLOEXEC;
}

VIOLATION(memfd_create_ignores_cloexec, "memfd_create.cloexec-only-on-request", "-", MEMFD_CREATE,
    FALSIFIES((c->flags & (int)MFD_CLOEXEC) != 0, set_descriptor_flags(c, 0)))
{
	return fcntl(memfd_create("shmcheck", MFD_CLOEXEC), F_GETFD) == 0;
}

VIOLATION(memfd_create_sealable_is_cloexec, "memfd_create.cloexec-only-on-request", "-", MEMFD_CREATE,
    FALSIFIES(c->flags == MFD_ALLOW_SEALING, set_descriptor_flags(c, FD_CLOEXEC)))
{
	return fcntl(memfd_create("shmcheck", MFD_ALLOW_SEALING), F_GETFD) == FD_CLOEXEC;
}

enum { UNKNOWN_FLAG = 0x00800000 };

VIOLATION(memfd_create_ignores_unknown_flag, "memfd_create.flags-einval", "-", MEMFD_CREATE,
    CHANGES(c->flags == UNKNOWN_FLAG, c->flags = 0))
{
	return memfd_create("shmcheck", UNKNOWN_FLAG) != -1;
}

VIOLATION(memfd_create_ignores_unknown_flag_beside_another, "memfd_create.flags-einval", "-", MEMFD_CREATE,
    CHANGES(c->flags == (UNKNOWN_FLAG | (int)MFD_CLOEXEC), c->flags = MFD_CLOEXEC))
{
	return memfd_create("shmcheck", UNKNOWN_FLAG | MFD_CLOEXEC) != -1;
}

VIOLATION(memfd_create_unknown_flag_enosys, "memfd_create.flags-einval", "-", MEMFD_CREATE,
    MISTAKES((c->flags & UNKNOWN_FLAG) != 0, EINVAL, ENOSYS))
{
	return memfd_create("shmcheck", UNKNOWN_FLAG) == -1 && errno == ENOSYS;
}

static void
close_memfds(void)
{
	for (int fd = 0; fd < 64; fd++)
		if (is_memfd(fd))
			real_close(fd);
}

VIOLATION(
    fork_closes_memfds, "memfd_create.inherited-by-fork-and-exec", "-", FORK, FALSIFIES(c->result == 0, close_memfds()))
{
	int fd = memfd_create("shmcheck", 0);
	int status = 0;

	if (fork() == 0)
		_exit(fcntl(fd, F_GETFD) == -1);
	wait(&status);
	return status != 0;
}

static void
set_cloexec_of_memfds(int flags)
{
	for (int fd = 0; fd < 64; fd++)
		if (is_memfd(fd))
			real_fcntl(fd, F_SETFD, flags);
}

static bool
is_open_after_exec(unsigned flags)
{
	int fd = memfd_create("shmcheck", flags);
	int status = 0;

	if (fork() == 0) {
		dup2(fd, 9);
		fcntl(9, F_SETFD, fcntl(fd, F_GETFD));
		execv("/bin/sh", (char *[]){ "sh", "-c", "test -e /dev/fd/9", NULL });
	}
	wait(&status);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

VIOLATION(execv_closes_memfds, "memfd_create.inherited-by-fork-and-exec", "-", EXECV,
    CHANGES(true, set_cloexec_of_memfds(FD_CLOEXEC)))
{
	return !is_open_after_exec(0);
}

VIOLATION(execv_keeps_memfds_open, "memfd_create.inherited-by-fork-and-exec", "-", EXECV,
    CHANGES(true, set_cloexec_of_memfds(0)))
{
	return is_open_after_exec(MFD_CLOEXEC);
}

/* This process has a mapping from its parent. */
static bool
has_inherited_mapping(int fd)
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].is_inherited && ranges[i].fd == fd)
			return true;
	return false;
}

VIOLATION(mmap_of_inherited_memfd_private, "memfd_create.inherited-by-fork-and-exec", "-", MMAP,
    CHANGES(c->flags == MAP_SHARED && is_memfd(c->fd) && has_inherited_mapping(c->fd), c->flags = MAP_PRIVATE))
{
	int fd = memfd_create("shmcheck", 0);
	int status;

	set_size(fd, 1);
	map_shared(fd, 1);
	if (fork() == 0)
		_exit(fault_of_store(map_shared(fd, 1), 'x').signal);
	wait(&status);
	return *(char *)map_shared(fd, 1) == 0;
}

VIOLATION(memfd_create_drops_hugetlb, "memfd_create.hugetlb", "-", MEMFD_CREATE,
    CHANGES((c->flags & MFD_HUGETLB) != 0, c->flags &= ~MFD_HUGETLB))
{
	int fd = memfd_create("shmcheck", MFD_HUGETLB);
	struct stat status;

	return fd != -1 && fstat(fd, &status) == 0 && (size_t)status.st_blksize == page_size();
}
