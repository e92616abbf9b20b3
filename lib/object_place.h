/* SPDX-License-Identifier: BSD-2-Clause */

/* Where POSIX objects are, on platforms that show them in the file system. */

#ifndef SHMCHECK_OBJECT_PLACE_H
#define SHMCHECK_OBJECT_PLACE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Where an object of this name, which starts with a slash, shows as a file; of the name "" the directory of them all:
 * "/dev/shm/name" on Linux while a tmpfs is mounted there, "/var/shm/.shmobj_name" on NetBSD, "/tmp/HASH.shm" on OpenBSD,
 * "/var/run/shm/name" on DragonFly if that directory exists. False where objects have no such place, or size is too small.
 */
bool object_path(const char *name, char *path, size_t size);

/*
 * Whether there is a place where every user can make objects: the directory of object_path(), with mode 1777. Where objects
 * have no such place every user can.
 */
bool has_place_for_objects(void);

/*
 * Whether the file or object open as fd is on a tmpfs of Linux, FreeBSD, NetBSD or DragonFly, where some rules for files don't
 * hold, as Linux mmap(2) BUGS has it; or on the UFS of FreeBSD or DragonFly.
 */
bool is_on_tmpfs(int fd);
bool is_on_ufs(int fd);

#endif
