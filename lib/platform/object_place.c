/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "platform/has.h"
#include "platform/identity.h"
#include "platform/object_place.h"

/* is_on() goes by the names that FreeBSD, DragonFly and NetBSD have for types of file systems. */

#if defined(__linux__)

#include <sys/vfs.h>

/* TMPFS_MAGIC and RAMFS_MAGIC of <linux/magic.h>, in the 32 bits that all machines have of f_type. */
static bool
is_tmpfs(const struct statfs *fs)
{
	return (uint32_t)fs->f_type == 0x01021994U || (uint32_t)fs->f_type == 0x858458f6U;
}

static bool
is_on(int fd, const char *type)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) == -1)
		return false;
	return (strcmp(type, "tmpfs") == 0 && is_tmpfs(&fs)) ||
	    (strcmp(type, "ramfs") == 0 && (uint32_t)fs.f_type == 0x858458f6U);
}

#elif defined(__FreeBSD__) || defined(__DragonFly__)

#include <sys/mount.h>

static bool
is_on(int fd, const char *type)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && strcmp(fs.f_fstypename, type) == 0;
}

#elif defined(__NetBSD__)

#include <sys/statvfs.h>

static bool
is_on(int fd, const char *type)
{
	struct statvfs fs;

	return fstatvfs(fd, &fs) == 0 && strcmp(fs.f_fstypename, type) == 0;
}

#else

static bool
is_on(int fd, const char *type)
{
	(void)fd;
	(void)type;
	return false;
}

#endif

/*
 * directory() is where objects shall be, null where they have no directory; directory_in_use() the same, but null where they
 * cannot be seen there. store_path() stores the path of an object in it and returns its length as snprintf() does.
 */

#if defined(__linux__)

static const char *
directory(void)
{
	return "/dev/shm";
}

static const char *
directory_in_use(void)
{
	struct statfs fs;

	return statfs(directory(), &fs) == 0 && is_tmpfs(&fs) ? directory() : NULL;
}

static int
store_path(char *path, size_t size, const char *place, const char *name)
{
	return snprintf(path, size, "%s%s", place, name);
}

#elif defined(__NetBSD__)

static const char *
directory(void)
{
	return "/var/shm";
}

static int
store_path(char *path, size_t size, const char *place, const char *name)
{
	return snprintf(path, size, "%s/.shmobj_%s", place, name + 1);
}

#elif defined(__OpenBSD__)

#include <sha2.h>

static const char *
directory(void)
{
	return "/tmp";
}

static int
store_path(char *path, size_t size, const char *place, const char *name)
{
	char hash[SHA256_DIGEST_STRING_LENGTH];

	SHA256Data((const u_int8_t *)name, strlen(name), hash);
	return snprintf(path, size, "%s/%s.shm", place, hash);
}

#elif defined(__DragonFly__)

static const char *
directory(void)
{
	struct stat place;

	return stat("/var/run/shm", &place) == 0 && S_ISDIR(place.st_mode) ? "/var/run/shm" : NULL;
}

static int
store_path(char *path, size_t size, const char *place, const char *name)
{
	return snprintf(path, size, "%s/%s", place, name + strspn(name, "/"));
}

#else

static const char *
directory(void)
{
	return NULL;
}

static int
store_path(char *path, size_t size, const char *place, const char *name)
{
	return snprintf(path, size, "%s%s", place, name);
}

#endif

#ifndef __linux__

static const char *
directory_in_use(void)
{
	return directory();
}

#endif

bool
is_on_tmpfs(int fd)
{
	return is_on(fd, "tmpfs");
}

bool
is_on_ufs(int fd)
{
	return is_on(fd, "ufs") || is_on(fd, "ffs");
}

bool
is_on_ramfs(int fd)
{
	return is_on(fd, "ramfs");
}

bool
object_path(const char *name, char *path, size_t size)
{
	const char *place = directory_in_use();
	int length;

	if (place == NULL)
		return false;
	length = *name == '\0' ? snprintf(path, size, "%s", place) : store_path(path, size, place, name);
	return length > 0 && (size_t)length < size;
}

bool
objects_have_their_directory(void)
{
	struct stat place;

	if (directory() == NULL)
		return !platform_is(DRAGONFLY); /* where names are paths then */
	return stat(directory(), &place) == 0;
}

bool
user_has_place_for_objects(void)
{
	return directory() == NULL || access(directory(), W_OK | X_OK) == 0;
}

bool
has_place_for_objects(void)
{
	struct stat place;

	if (directory() == NULL)
		return !platform_is(DRAGONFLY); /* where names are paths then */
	return stat(directory(), &place) == 0 && (place.st_mode & 07777) == 01777;
}
