/* SPDX-License-Identifier: BSD-2-Clause */

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/stat.h>

#include "check.h"
#include "guardian.h"
#include "mapping.h"
#include "object.h"
#include "platform/object_place.h"
#include "platform.h"
#include "platform/mounts.h"
#include "process.h"
#include "random.h"
#include "user.h"

/* Skip the case if errno, which shm_open() left, says that the system has no objects, or no usable place for them. */
static void
need_no_refusal(void)
{
	int error = errno;

	need_descriptor();
	if (error == ENOSYS || error == ENOTSUP || error == EROFS ||
	    (error == ENOENT && !objects_have_their_directory()))
		end_skipped("no shared memory objects here: shm_open() fails with %s", errno_name(error));
	if (error == EACCES && !has_place_for_objects())
		end_skipped("no shared memory objects for this user: shm_open() fails with EACCES");
	if (error == ENOSPC)
		end_skipped("no room for an object: shm_open() fails with ENOSPC");
	errno = error;
}

static _Noreturn void
cannot_create(void)
{
	need_no_refusal();
	end_failed("cannot create an object: %s", errno_name(errno));
}

/* A store to a page for which there is no room would crash the case. */
static void
need_room(int fd, size_t size)
{
	if (!has_room(fd, size))
		end_skipped("no room for an object of %zu bytes", size);
}

static void
draw_name(struct object *o)
{
	snprintf(o->name, sizeof(o->name), "/shmcheck.%016jx", (uintmax_t)random_number());
	guardian_owns_object_name(o->name);
}

struct object
object_random_name(void)
{
	struct object o = { .fd = -1 };

	draw_name(&o);
	return o;
}

struct object
object_name(void)
{
	struct object o = { .fd = -1 };
	int probe;

	need_files_of(PAGES_OF_CASE * page_size());
	draw_name(&o);
	probe = shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600);
	if (probe == -1)
		cannot_create();
	need_room(probe, PAGES_OF_CASE * page_size());
	close(probe);
	object_unlink(&o);
	draw_name(&o); /* the guardian must not take what the case makes for the probe */
	return o;
}

void
object_name_of_length(char *name, size_t length)
{
	struct object o = object_name();

	snprintf(name, length + 2, "/shmcheck.%0*d", (int)length, 0);
	snprintf(&name[length + 1 - 14], 14 + 1, "%s", &o.name[strlen(o.name) - 14]);
	if (guardian_can_own_name(name))
		guardian_owns_object_name(name);
}

struct object
object_create(size_t size)
{
	struct object o = { .fd = -1 };

	need_files_of(PAGES_OF_CASE * page_size());
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
need_objects(void)
{
	struct object o = { .fd = -1 };

	snprintf(o.name, sizeof(o.name), "/shmcheck.%016jx", (uintmax_t)random_number());
	o.fd = shm_open(o.name, O_RDONLY, 0);
	if (o.fd != -1)
		close(o.fd);
	else if (errno != ENOENT || !objects_have_their_directory())
		need_no_refusal();
	else if (!user_has_place_for_objects()) {
		errno = EACCES;
		need_no_refusal();
	}
}

void
need_objects_of_users(void)
{
	if (!has_place_for_objects())
		end_skipped("other users cannot make shared memory objects here");
}

void
need_objects_as_files(void)
{
	char path[64];

	need(object_path("", path, sizeof(path)), "objects do not show as files here");
}

void
mount_private_objects(const char *options)
{
	errno = 0;
	if (mount_private_shm(options))
		return;
	if (errno == 0)
		end_failed("unshare(CLONE_NEWNS) or mount() of a tmpfs returned 0 and did nothing");
	end_skipped("needs a private /dev/shm: mounting it fails with %s", errno_name(errno));
}

void
mount_private_objects_noexec(void)
{
	mount_private_objects("size=1m");
	if (!make_private_shm_noexec())
		end_skipped("needs a private /dev/shm with \"noexec\": mounting it fails with %s", errno_name(errno));
}

static void
mount_and_leave(void *unused)
{
	(void)unused;
	mount_private_objects(NULL);
}

void
need_private_objects(void)
{
	in_child(mount_and_leave, NULL);
}

struct memory
object_memory(size_t size)
{
	int fd = object_create(size).fd;

	return (struct memory){ .start = map_shared(fd, size), .size = size, .fd = fd, .id = -1 };
}

struct memory
private_object_memory(size_t size)
{
	int fd = object_create(size).fd;

	return (struct memory){ .start = map_private(fd, size), .size = size, .fd = fd, .id = -1 };
}
