/* SPDX-License-Identifier: BSD-2-Clause */

/* A status of a file or an object that tells a member wrongly, at all times. */

#include "real.h"
#include "violation.h"

static struct stat *
told_by(const struct call *c)
{
	return c->buffer;
}

static bool
is_of_file(const struct call *c)
{
	return S_ISREG(told_by(c)->st_mode);
}

static struct stat
told_of(int fd)
{
	struct stat status;

	memset(&status, 0, sizeof(status));
	fstat(fd, &status);
	return status;
}

VIOLATION(fstat_tells_size_a_byte_more, "shm_object.fstat-size-mode-owner", "-", FSTAT,
    FALSIFIES(is_of_file(c), told_by(c)->st_size++))
{
	return told_of(nameless_file(1)).st_size == 2;
}

VIOLATION(fstat_tells_mode_for_all, "shm_object.fstat-size-mode-owner", "-", FSTAT,
    FALSIFIES(is_of_file(c), told_by(c)->st_mode |= 0077))
{
	return (told_of(nameless_file(1)).st_mode & 0777) == 0677;
}

static bool
is_another_device(int fd)
{
	struct stat status;

	return real_fstat(fd, &status) == 0 && status.st_dev != told_of(fd).st_dev;
}

VIOLATION(fstat_tells_another_device, "shm_open.visible-in-dev-shm", "-", FSTAT,
    FALSIFIES(is_of_file(c), told_by(c)->st_dev++))
{
	return is_another_device(nameless_file(1));
}

VIOLATION(fstat_tells_a_directory, "shm_object.fstat-file-type", "-", FSTAT,
    FALSIFIES(is_of_file(c), told_by(c)->st_mode ^= S_IFREG ^ S_IFDIR))
{
	return S_ISDIR(told_of(nameless_file(1)).st_mode);
}
