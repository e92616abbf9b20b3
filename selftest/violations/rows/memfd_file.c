/* SPDX-License-Identifier: BSD-2-Clause */

/* Objects of memfd_create() as regular files: their type and their offset. */

#include "objects.h"
#include "real.h"
#include "violation.h"

VIOLATION(fstat_shows_memfd_without_type, "memfd_create.size-zero-rdwr", "-", FSTAT,
    FALSIFIES(is_memfd(c->fd), ((struct stat *)c->buffer)->st_mode &= 07777))
{
	return !S_ISREG(status_of(memfd_create("shmcheck", 0)).st_mode);
}

static off_t
offset_of(int fd)
{
	return (off_t)real_make((struct call){ .interface = LSEEK, .fd = fd, .command = SEEK_CUR });
}

static void
rewind_descriptor(int fd)
{
	real_make((struct call){ .interface = LSEEK, .fd = fd, .command = SEEK_SET });
}

VIOLATION(write_to_memfd_leaves_offset, "memfd_create.size-zero-rdwr", "-", WRITE,
    FALSIFIES(is_memfd(c->fd) && offset_of(c->fd) > 0, rewind_descriptor(c->fd)))
{
	int fd = memfd_create("shmcheck", 0);

	return write(fd, "ww", 2) == 2 && lseek(fd, 0, SEEK_CUR) == 0;
}

VIOLATION(read_of_memfd_leaves_offset, "memfd_create.size-zero-rdwr", "-", READ,
    FALSIFIES(is_memfd(c->fd) && offset_of(c->fd) > 0, rewind_descriptor(c->fd)))
{
	char byte;
	int fd = memfd_create("shmcheck", 0);

	return pwrite(fd, "ww", 2, 0) == 2 && read(fd, &byte, 1) == 1 && lseek(fd, 0, SEEK_CUR) == 0;
}

VIOLATION(lseek_from_end_of_memfd_goes_to_end, "memfd_create.size-zero-rdwr", "-", LSEEK,
    CHANGES(is_memfd(c->fd) && c->command == SEEK_END, c->offset = 0))
{
	int fd = memfd_create("shmcheck", 0);

	return pwrite(fd, "ww", 2, 0) == 2 && lseek(fd, -1, SEEK_END) == 2;
}

VIOLATION(write_to_memfd_counts_one_less, "memfd_create.size-zero-rdwr", "-", WRITE,
    FALSIFIES(is_memfd(c->fd) && c->result > 0, c->result--))
{
	return write(memfd_create("shmcheck", 0), "ww", 2) == 1;
}

VIOLATION(pread_behind_end_of_memfd_gives_zeros, "memfd_create.size-zero-rdwr", "-", PREAD,
    FALSIFIES(is_memfd(c->fd) && c->result == 0, c->result = (intptr_t)c->length))
{
	char byte;

	return pread(memfd_create("shmcheck", 0), &byte, 1, 0) == 1;
}
