/* SPDX-License-Identifier: BSD-2-Clause */

/* Outcomes of calls about objects that POSIX leaves open, none of which is this. */

#include <sys/mman.h>

#include "effects.h"
#include "objects.h"
#include "real.h"
#include "violation.h"

static struct stat *
told(const struct call *c)
{
	return c->buffer;
}

VIOLATION(fstat_of_object_shows_link, "shm_object.fstat-file-type", "-", FSTAT,
    FALSIFIES(is_object(c->fd), told(c)->st_mode = (told(c)->st_mode & 07777) | S_IFLNK))
{
	return S_ISLNK(status_of(object_create(0).fd).st_mode);
}

VIOLATION(pread_of_object_counts_too_much, "shm_object.read-write-unspecified", "-", PREAD,
    FALSIFIES(is_object(c->fd), c->result = (intptr_t)c->length + 1))
{
	char byte;

	return pread(object_create(page_size()).fd, &byte, 1, 0) == 2;
}

VIOLATION(lseek_of_object_goes_too_far, "shm_object.read-write-unspecified", "-", LSEEK,
    FALSIFIES(is_object(c->fd) && c->result > 0, c->result++))
{
	return lseek(object_create(page_size()).fd, 5, SEEK_SET) == 6;
}

static void
grow_and_refuse(struct call *c)
{
	real_ftruncate(c->fd, c->offset + (off_t)c->length);
	call_fail(c, EFBIG);
}

VIOLATION(pwrite_behind_object_grows_and_fails, "shm_object.write-extends", "-", PWRITE,
    REPLACES(is_object(c->fd) && c->offset > file_size(c->fd), grow_and_refuse(c)))
{
	struct object o = object_create(page_size());

	return pwrite(o.fd, "x", 1, (off_t)(2 * page_size())) == -1 && size_of(o.fd) > (off_t)page_size();
}

VIOLATION(mmap_of_object_for_execution_einval, "shm_object.exec-permission-map", "-", MMAP,
    REFUSES((c->flags & MAP_ANON) == 0 && (c->protection & PROT_EXEC) != 0 && is_object(c->fd), EINVAL))
{
	struct object o = object_create(page_size());

	return mmap(NULL, page_size(), PROT_READ | PROT_EXEC, MAP_SHARED, o.fd, 0) == MAP_FAILED && errno == EINVAL;
}

#ifdef F_GET_SEALS

VIOLATION(fcntl_shows_object_without_seals, "memfd_create.seals-on-shm-open-object", "-", FCNTL,
    REPLACES(c->command == F_GET_SEALS && is_object(c->fd), c->result = 0))
{
	return fcntl(object_create(0).fd, F_GET_SEALS) == 0;
}

VIOLATION(fcntl_seals_object, "memfd_create.seals-on-shm-open-object", "-", FCNTL,
    REPLACES(c->command == F_ADD_SEALS && is_object(c->fd), c->result = 0))
{
	return fcntl(object_create(0).fd, F_ADD_SEALS, F_SEAL_GROW) == 0;
}

static bool
is_regular_file(int fd)
{
	struct stat status;

	return real_fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && !is_object(fd) && !is_memfd(fd);
}

VIOLATION(fcntl_get_seals_of_file_enotty, "memfd_create.seals-on-regular-file", "-", FCNTL,
    REFUSES(c->command == F_GET_SEALS && is_regular_file(c->fd), ENOTTY))
{
	return fcntl(nameless_file(1), F_GET_SEALS) == -1 && errno == ENOTTY;
}

#endif
