/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * POSIX shared memory objects of the case: their names are removed when the case ends, however it ends. A function that
 * cannot do what it says ends the case: as skipped where the system has no such objects, else as failed.
 */

#ifndef SHMCHECK_OBJECT_H
#define SHMCHECK_OBJECT_H

#include <stddef.h>

#include <sys/types.h>

#include "file.h"
#include "need.h"

struct object {
	char name[32]; /* with its leading slash; short enough for every known platform (macOS: 31) */
	int fd;        /* read and write, or -1 */
};

/*
 * A random name that nobody uses. Objects that the case makes with it are its own. fd is -1. Skips the case where no object
 * can be made.
 */
struct object object_name(void);

/* The same, but does not try whether an object can be made: skips nothing. */
struct object object_random_name(void);

/*
 * As object_name(), with this number of bytes behind the slash, at least 14. The last of them are random. The guardian does
 * not know a name that is too long for it: such a name is for calls that refuse it.
 */
void object_name_of_length(char *name, size_t length);

/* A new object of this size, mode 0600. */
struct object object_create(size_t size);

/* Make the object that is open as fd the case's own, by this name: needed only where a name is used twice. */
void object_own(const struct object *, int fd);

/* Call it before another object is made with this name: what has the name is the case's own until object_own(). */
void object_name_again(const struct object *);

/* shm_open() of its name with these flags, which lack O_CREAT; shm_unlink(). */
int object_open(const struct object *, int flags);
void object_unlink(const struct object *);

/*
 * In a child: enter a mount namespace of Linux with a tmpfs of its own at /dev/shm, with these options of tmpfs(5), which
 * goes with the child. An ordinary user gets it in a user namespace, and is root there. Skips the case where the system
 * refuses; the case fails where unshare() or mount() returns 0 and does nothing.
 */
void mount_private_objects(const char *options);

/* The same for a tmpfs that is mounted with "noexec". */
void mount_private_objects_noexec(void);

/* The system answers shm_open() at all, and has a place for objects. */
#define NEEDS_OBJECTS NEED("shared memory objects", .ask = need_objects)

void need_objects(void);

/* The users of user.h can make objects. */
#define NEEDS_OBJECTS_OF_USERS NEED("a place where all users can make objects", .ask = need_objects_of_users)

void need_objects_of_users(void);

/* object_path() knows the files that show objects, as those in /dev/shm of Linux do. */
#define NEEDS_OBJECTS_AS_FILES NEED("objects that show as files", .ask = need_objects_as_files)

void need_objects_as_files(void);

/* A child can mount a place for objects of its own: mount_private_objects(). */
#define NEEDS_PRIVATE_OBJECTS NEED("a private /dev/shm", .ask = need_private_objects)

void need_private_objects(void);

#endif
