/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * POSIX shared memory objects and regular files that the case owns: their names are removed when it ends, however it ends.
 * A function that cannot do what it says ends the case: as skipped where the system has no such objects, else as failed.
 */

#ifndef SHMCHECK_OBJECT_H
#define SHMCHECK_OBJECT_H

#include <stddef.h>

#include <sys/types.h>
#include <sys/stat.h>

struct object {
	char name[32]; /* with its leading slash; short enough for every known platform (macOS: 31) */
	int fd;        /* read and write, or -1 */
};

/*
 * A name that nobody uses, drawn at random. Objects that the case makes with it are its own. fd is -1. Skips the case where
 * no object can be made.
 */
struct object object_name(void);

/*
 * The same with this many bytes behind the slash, at least 14, the last of them drawn at random. A name too long for the
 * guardian is for calls that refuse it.
 */
void object_name_of_length(char *name, size_t length);

/* A new object of this size, mode 0600. */
struct object object_create(size_t size);

/* Tell that the object now open as fd was made by the case with this name: needed only where a name is used twice. */
void object_own(const struct object *, int fd);

/* Before another object is made with this name, by the case or for it: until object_own(), what has the name is its own. */
void object_name_again(const struct object *);

/* shm_open() of its name with these flags, without O_CREAT; shm_unlink(). */
int object_open(const struct object *, int flags);
void object_unlink(const struct object *);

/*
 * In a child: enter a mount namespace with a tmpfs of its own at /dev/shm, with these options of tmpfs(5), which goes with
 * the child. Skips the case where that is not possible: on Linux alone it is, for root.
 */
void mount_private_objects(const char *options);

/* The same for a tmpfs that is mounted with "noexec". */
void mount_private_objects_noexec(void);

/* As need_users(), and unless those users can make objects: skips the case. */
void need_users_and_objects(void);

struct file {
	char name[48]; /* relative to the case's directory */
	int fd;        /* read and write */
};

/* A new regular file of this size, filled with zeros, mode 0600. */
struct file file_create(size_t size);

/*
 * The same without a name, from the first moment on but for the instant in which it is made: a descriptor is all there is
 * of it, and nothing needs to be guarded.
 */
int nameless_file(size_t size);

/* Both kinds, of so many whole pages, stored by pattern_store() with the seed 'f'. */
struct file file_with_pattern(size_t pages);
int nameless_file_with_pattern(size_t pages);

/* What read() sees of a file from its start: memory that goes with the process. */
const char *content_of(int fd, size_t size);

/* A name beside a file, for another link or a special file: its name and the suffix. What it names is the case's own. */
struct file file_name_beside(const struct file *, const char *suffix);

/* What fstat() tells of fd; and of that the size. */
struct stat status_of(int fd);
off_t size_of(int fd);

/* Skip the case where files and objects must not be as large as this: RLIMIT_FSIZE. */
void need_files_of(off_t size);

/* Set it by ftruncate(). Skips the case where need_files_of() does. */
void set_size(int fd, off_t size);

#endif
