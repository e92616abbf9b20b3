/* SPDX-License-Identifier: BSD-2-Clause */

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "check.h"
#include "file.h"
#include "guardian.h"
#include "mapping.h"
#include "platform.h"
#include "platform/stat.h"
#include "random.h"

void
need_files_of(uintmax_t size)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < (rlim_t)size)
		end_skipped("needs files of %ju bytes where RLIMIT_FSIZE is %ju", size, (uintmax_t)limit.rlim_cur);
}

void
need_files_of_pages(uintmax_t pages)
{
	need_files_of(pages * page_size());
}

void
need_descriptor(void)
{
	int error = errno;
	int probe = dup(STDIN_FILENO);

	if (probe == -1 && errno == EMFILE)
		end_skipped("needs more descriptors");
	if (probe != -1)
		close(probe);
	errno = error;
}

/* The name of a file that is not made yet. */
static struct file
file_name(void)
{
	struct file f = { .fd = -1 };

	snprintf(f.name, sizeof(f.name), "shmcheck.%016jx", (uintmax_t)random_number());
	return f;
}

static void
create(struct file *f)
{
	need_files_of(PAGES_OF_CASE * page_size());
	f->fd = open(f->name, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	if (f->fd == -1) {
		need_descriptor();
		end_failed("cannot create a file in the current directory: %s", errno_name(errno));
	}
}

bool
has_room(int fd, size_t size)
{
	struct statvfs place;

	/* A file system of 0 blocks has no limit. */
	return fstatvfs(fd, &place) != 0 || place.f_blocks == 0 || place.f_bavail >= size / place.f_frsize + 1;
}

/* The result of the case may be written to the same file system: the file gives its room back. */
static _Noreturn void
no_room(int fd, size_t size)
{
	if (ftruncate(fd, 0) == -1)
		close(fd);
	end_skipped("no room for a file of %zu bytes in the current directory", size);
}

/* The output of the case and its result need room, too. */
enum { PAGES_OF_OUTPUT = 3 };

/* Set the size of a new file, which is one hole then. */
static void
stretch(int fd, size_t size)
{
	size_t pages = PAGES_OF_OUTPUT + (size == 0 ? PAGES_OF_CASE : 0);

	if (!has_room(fd, size + pages * page_size()))
		no_room(fd, size);
	if (size > 0)
		set_size(fd, (off_t)size);
}

/* A store to a page for which the file system has no room would crash the case. Not all file systems can reserve room. */
static void
reserve(int fd, size_t size)
{
	int error;

	stretch(fd, size);
	error = size > 0 ? posix_fallocate(fd, 0, (off_t)size) : 0;
	if (error == ENOSPC || error == EDQUOT)
		no_room(fd, size);
}

struct file
file_create(size_t size)
{
	struct file f = file_name();

	guardian_owns_file_name(f.name);
	create(&f);
	guardian_owns_file(f.name, f.fd);
	reserve(f.fd, size);
	return f;
}

static int
create_nameless(void)
{
	struct file f = file_name();

	create(&f);
	unlink(f.name);
	return f.fd;
}

int
nameless_file(size_t size)
{
	int fd = create_nameless();

	reserve(fd, size);
	return fd;
}

int
sparse_file(size_t size)
{
	int fd = create_nameless();

	stretch(fd, size);
	return fd;
}

static void
write_pattern(int fd, size_t size)
{
	char *bytes = malloc(size);
	ssize_t put;

	if (bytes == NULL)
		end_failed("no memory for %zu bytes", size);
	pattern_store('f', bytes, size);
	put = pwrite(fd, bytes, size, 0);
	if (put != (ssize_t)size) {
		if (put >= 0 || errno == ENOSPC || errno == EDQUOT)
			no_room(fd, size);
		end_failed("cannot write %zu bytes to a file: %s", size, errno_name(errno));
	}
	free(bytes);
}

struct file
file_with_bytes(size_t size)
{
	struct file f = file_create(0);

	write_pattern(f.fd, size);
	return f;
}

struct file
file_with_pattern(size_t pages)
{
	return file_with_bytes(pages * page_size());
}

int
nameless_file_with_pattern(size_t pages)
{
	int fd = nameless_file(0);

	write_pattern(fd, pages * page_size());
	return fd;
}

const char *
content_of(int fd, size_t size)
{
	char *copy = malloc(size);

	if (copy == NULL || pread(fd, copy, size, 0) != (ssize_t)size)
		end_failed("cannot read %zu bytes of descriptor %d: %s", size, fd, errno_name(errno));
	return copy;
}

struct file
file_name_beside(const struct file *beside, const char *suffix)
{
	struct file f = { .fd = -1 };

	snprintf(f.name, sizeof(f.name), "%s%s", beside->name, suffix);
	guardian_owns_file_name(f.name);
	return f;
}

struct stat
status_of(int fd)
{
	struct stat status;

	if (fstat(fd, &status) == -1)
		end_failed("cannot get the status of descriptor %d: %s", fd, errno_name(errno));
	return status;
}

off_t
size_of(int fd)
{
	return status_of(fd).st_size;
}

bool
times_differ(struct timespec time, struct timespec other)
{
	return time.tv_sec != other.tv_sec || time.tv_nsec != other.tv_nsec;
}

/* What the system marks now. */
static struct timespec
time_of_files(int clock)
{
	if (futimens(clock, NULL) == -1)
		end_failed("cannot set the times of descriptor %d: %s", clock, errno_name(errno));
	return status_of(clock).st_mtim;
}

struct timespec
change_time_before(int fd, int clock)
{
	struct timespec start = time_of_files(clock);

	while (!times_differ(time_of_files(clock), start))
		;
	return status_of(fd).st_ctim;
}

void
set_size(int fd, off_t size)
{
	if (ftruncate(fd, size) == 0)
		return;
	if (errno == EFBIG)
		need_files_of((uintmax_t)size);
	end_failed("cannot set the size of descriptor %d: %s", fd, errno_name(errno));
}

struct memory
file_memory(size_t size)
{
	int fd = sparse_file(size);

	return (struct memory){ .start = map_shared(fd, size), .size = size, .fd = fd, .id = -1 };
}

struct memory
private_file_memory(size_t size)
{
	int fd = sparse_file(size);

	return (struct memory){ .start = map_private(fd, size), .size = size, .fd = fd, .id = -1 };
}
