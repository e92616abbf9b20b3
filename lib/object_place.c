/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <sys/stat.h>

#ifdef __linux__
#include <sys/vfs.h>
#endif
#if defined(__FreeBSD__) || defined(__DragonFly__)
#include <sys/param.h>
#include <sys/mount.h>
#endif
#ifdef __NetBSD__
#include <sys/statvfs.h>
#endif
#ifdef __OpenBSD__
#include <sha2.h>
#endif

#include "object_place.h"
#include "platform.h"

#ifdef __linux__
/* TMPFS_MAGIC and RAMFS_MAGIC of <linux/magic.h>, in the 32 bits that all machines have of f_type. */
static bool
is_tmpfs(const struct statfs *fs)
{
	return (uint32_t)fs->f_type == 0x01021994U || (uint32_t)fs->f_type == 0x858458f6U;
}
#endif

/* By the names that FreeBSD, DragonFly and NetBSD have for types; elsewhere false, but for a tmpfs of Linux. */
static bool
is_on(int fd, const char *type)
{
#if defined(__linux__)
	struct statfs fs;

	return strcmp(type, "tmpfs") == 0 && fstatfs(fd, &fs) == 0 && is_tmpfs(&fs);
#elif defined(__FreeBSD__) || defined(__DragonFly__)
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && strcmp(fs.f_fstypename, type) == 0;
#elif defined(__NetBSD__)
	struct statvfs fs;

	return fstatvfs(fd, &fs) == 0 && strcmp(fs.f_fstypename, type) == 0;
#else
	(void)fd;
	(void)type;
	return false;
#endif
}

bool
is_on_tmpfs(int fd)
{
	return is_on(fd, "tmpfs");
}

bool
is_on_ufs(int fd)
{
	return is_on(fd, "ufs");
}

/* The directory of objects; null where there is none that could be looked at. */
static const char *
place_of_objects(void)
{
#if defined(__linux__)
	struct statfs fs;

	return statfs("/dev/shm", &fs) == 0 && is_tmpfs(&fs) ? "/dev/shm" : NULL;
#elif defined(__NetBSD__)
	return "/var/shm";
#elif defined(__OpenBSD__)
	return "/tmp";
#elif defined(__DragonFly__)
	struct stat place;

	return stat("/var/run/shm", &place) == 0 && S_ISDIR(place.st_mode) ? "/var/run/shm" : NULL;
#else
	return NULL;
#endif
}

bool
object_path(const char *name, char *path, size_t size)
{
	const char *place = place_of_objects();
	int length;

	if (place == NULL)
		return false;
	if (*name == '\0')
		length = snprintf(path, size, "%s", place);
	else {
#if defined(__NetBSD__)
		length = snprintf(path, size, "%s/.shmobj_%s", place, name + 1);
#elif defined(__OpenBSD__)
		char hash[SHA256_DIGEST_STRING_LENGTH];

		SHA256Data((const u_int8_t *)name, strlen(name), hash);
		length = snprintf(path, size, "%s/%s.shm", place, hash);
#elif defined(__DragonFly__)
		length = snprintf(path, size, "%s/%s", place, name + strspn(name, "/"));
#else
		length = snprintf(path, size, "%s%s", place, name);
#endif
	}
	return length > 0 && (size_t)length < size;
}

bool
has_place_for_objects(void)
{
#if defined(__linux__)
	const char *directory = "/dev/shm";
#else
	const char *directory = place_of_objects();
#endif
	struct stat place;

	if (directory == NULL)
		return !platform_is(DRAGONFLY); /* where names are paths then */
	return stat(directory, &place) == 0 && (place.st_mode & 07777) == 01777;
}
