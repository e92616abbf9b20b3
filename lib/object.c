/* SPDX-License-Identifier: BSD-2-Clause */

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#ifdef __linux__
#include <sched.h>
#include <sys/mount.h>
#endif

#include "check.h"
#include "guardian.h"
#include "object.h"
#include "platform.h"
#include "user.h"

static uint64_t
random_number(void)
{
	uint64_t number;

	random_bytes(&number, sizeof(number));
	return number;
}

/* What a case makes of a new object or file that has no size yet, at most. */
enum { PAGES_OF_CASE = 8 };

void
need_files_of(off_t size)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < (rlim_t)size)
		end_skipped(
		    "needs files of %jd bytes where RLIMIT_FSIZE is %ju", (intmax_t)size, (uintmax_t)limit.rlim_cur);
}

/* Skips the case where this process has used up its descriptors, whatever call has said so. */
static void
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

/* What a system without the interface, or without a usable place for objects, answers. */
static _Noreturn void
cannot_create(void)
{
	int error = errno;

	need_descriptor();
	if (error == ENOSYS || error == ENOTSUP || error == EROFS || (error == ENOENT && !has_place_for_objects()))
		end_skipped("no shared memory objects here: shm_open() gives %s", errno_name(error));
	if (error == EACCES && !has_place_for_objects())
		end_skipped("no shared memory objects for this user: shm_open() gives EACCES");
	if (error == ENOSPC)
		end_skipped("no room for an object: shm_open() gives ENOSPC");
	end_failed("cannot create an object: %s", errno_name(error));
}

/* A store to memory that the place for objects has no room for would crash the case. No blocks at all are no limit. */
static void
need_room(int fd, size_t size)
{
	struct statvfs place;

	if (fstatvfs(fd, &place) == 0 && place.f_blocks > 0 && place.f_bavail < size / place.f_frsize + 1)
		end_skipped("no room for an object of %zu bytes", size);
}

static void
draw_name(struct object *o)
{
	snprintf(o->name, sizeof(o->name), "/shmcheck.%016jx", (uintmax_t)random_number());
	guardian_owns_object_name(o->name);
}

struct object
object_name(void)
{
	struct object o = { .fd = -1 };
	int probe;

	need_files_of((off_t)(PAGES_OF_CASE * page_size()));
	draw_name(&o);
	probe = shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600);
	if (probe == -1)
		cannot_create();
	need_room(probe, PAGES_OF_CASE * page_size());
	close(probe);
	object_unlink(&o);
	draw_name(&o); /* what the case makes is not to be taken for the probe */
	return o;
}

void
object_name_of_length(char *name, size_t length)
{
	struct object o = object_name();

	snprintf(name, length + 2, "/shmcheck.%0*d", (int)length, 0);
	snprintf(&name[length + 1 - 14], 14 + 1, "%s", &o.name[strlen(o.name) - 14]);
	if (strlen(name) < GUARDED_NAME_SIZE)
		guardian_owns_object_name(name);
}

struct object
object_create(size_t size)
{
	struct object o = { .fd = -1 };

	need_files_of((off_t)(PAGES_OF_CASE * page_size()));
	draw_name(&o);
	o.fd = shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600);
	if (o.fd == -1)
		cannot_create();
	object_own(&o, o.fd);
	need_room(o.fd, size > 0 ? size : PAGES_OF_CASE * page_size());
	if (size > 0)
		set_size(o.fd, (off_t)size);
	return o;
}

void
object_own(const struct object *o, int fd)
{
	guardian_owns_object(o->name, fd);
}

void
object_name_again(const struct object *o)
{
	guardian_owns_object_name(o->name);
}

int
object_open(const struct object *o, int flags)
{
	int fd = shm_open(o->name, flags, 0);

	if (fd == -1)
		end_failed("cannot open the object %s: %s", o->name, errno_name(errno));
	return fd;
}

void
object_unlink(const struct object *o)
{
	if (shm_unlink(o->name) == -1)
		end_failed("cannot unlink the object %s: %s", o->name, errno_name(errno));
}

void
need_users_and_objects(void)
{
	need_users();
	if (!has_place_for_objects())
		end_skipped("other users cannot make shared memory objects here");
}

void
mount_private_objects(const char *options)
{
#ifdef __linux__
	if (unshare(CLONE_NEWNS) == -1 || mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) == -1 ||
	    mount("shmcheck", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, options) == -1)
		end_skipped("cannot mount a private /dev/shm: %s", errno_name(errno));
#else
	end_skipped("cannot mount a private place for objects here, with %s", options);
#endif
}

void
mount_private_objects_noexec(void)
{
	mount_private_objects("size=1m");
#ifdef __linux__
	if (mount("shmcheck", "/dev/shm", "tmpfs", MS_REMOUNT | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) == -1)
		end_skipped("cannot mount a private /dev/shm with \"noexec\": %s", errno_name(errno));
#endif
}

/* Not made yet. */
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
	need_files_of((off_t)(PAGES_OF_CASE * page_size()));
	f->fd = open(f->name, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	if (f->fd == -1) {
		need_descriptor();
		end_failed("cannot create a file in the current directory: %s", errno_name(errno));
	}
}

struct file
file_create(size_t size)
{
	struct file f = file_name();

	guardian_owns_file_name(f.name);
	create(&f);
	guardian_owns_file(f.name, f.fd);
	if (size > 0)
		set_size(f.fd, (off_t)size);
	return f;
}

int
nameless_file(size_t size)
{
	struct file f = file_name();

	create(&f);
	unlink(f.name);
	if (size > 0)
		set_size(f.fd, (off_t)size);
	return f.fd;
}

static void
write_pattern(int fd, size_t size)
{
	char *bytes = malloc(size);

	if (bytes == NULL)
		end_failed("no memory for %zu bytes", size);
	pattern_store('f', bytes, size);
	if (pwrite(fd, bytes, size, 0) != (ssize_t)size)
		end_failed("cannot write %zu bytes to a file: %s", size, errno_name(errno));
	free(bytes);
}

struct file
file_with_pattern(size_t pages)
{
	struct file f = file_create(0);

	write_pattern(f.fd, pages * page_size());
	return f;
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

void
set_size(int fd, off_t size)
{
	if (ftruncate(fd, size) == 0)
		return;
	if (errno == EFBIG)
		need_files_of(size);
	end_failed("cannot set the size of descriptor %d: %s", fd, errno_name(errno));
}
