/* SPDX-License-Identifier: BSD-2-Clause */

/* The place of POSIX objects, on platforms that show them in the file system. */

#ifndef SHMCHECK_PLATFORM_OBJECT_PLACE_H
#define SHMCHECK_PLATFORM_OBJECT_PLACE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Store the path of the file that shows the object with this name, which starts with a slash; for the name "", the directory
 * of all objects. That is "/dev/shm/name" on Linux if a tmpfs is mounted there, "/var/shm/.shmobj_name" on NetBSD,
 * "/tmp/HASH.shm" on OpenBSD, "/var/run/shm/name" on DragonFly if that directory exists. False where no file shows objects,
 * or where size is too small.
 */
bool object_path(const char *name, char *path, size_t size);

/* Whether the directory that holds objects is there; true where none holds them. */
bool objects_have_their_directory(void);

/* Whether this user can make files in that directory; true where none holds objects. */
bool user_has_place_for_objects(void);

/*
 * Whether every user can make objects: where a directory holds them, it has mode 1777.
 */
bool has_place_for_objects(void);

/*
 * Whether the file or object open as fd is on a tmpfs of Linux, FreeBSD, NetBSD or DragonFly, where some rules for files do
 * not hold (Linux mmap(2) BUGS); or on the UFS of FreeBSD or DragonFly or the FFS of NetBSD.
 */
bool is_on_tmpfs(int fd);
bool is_on_ufs(int fd);

/* Whether it is on the ramfs of Linux, which is_on_tmpfs() takes for a tmpfs, too, as it has its place in small kernels. */
bool is_on_ramfs(int fd);

#endif
