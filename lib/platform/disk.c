/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <stddef.h>

#include "platform/disk.h"
#include "platform/fcntl.h"

#ifdef __has_include
#if defined(__linux__) && __has_include(<linux/fiemap.h>) && __has_include(<linux/fs.h>)
#define HAS_EXTENTS
#endif
#endif

#ifdef HAS_EXTENTS

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <linux/fiemap.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* "36 35 98:0 /root /mount/point options optional fields - type source options", proc(5). */
static bool
writes_to_its_blocks(dev_t device)
{
	FILE *mounts = fopen("/proc/self/mountinfo", "r");
	char number[32];
	char line[4096];
	bool does = false;

	snprintf(number, sizeof(number), " %u:%u ", major(device), minor(device));
	while (mounts != NULL && !does && fgets(line, sizeof(line), mounts) != NULL)
		does = strstr(line, number) != NULL && strstr(line, "data=journal") == NULL &&
		    (strstr(line, " - ext") != NULL || strstr(line, " - xfs ") != NULL);
	if (mounts != NULL)
		fclose(mounts);
	return does;
}

/* Of the line DEVNAME=, without /dev/. */
static bool
name_device(dev_t device, char *name, size_t size)
{
	char path[64];
	char line[128];
	FILE *event;
	bool is_named = false;

	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u/uevent", major(device), minor(device));
	event = fopen(path, "r");
	while (event != NULL && !is_named && fgets(line, sizeof(line), event) != NULL)
		if (strncmp(line, "DEVNAME=", 8) == 0) {
			line[strcspn(line, "\n")] = '\0';
			snprintf(name, size, "/dev/%s", line + 8);
			is_named = true;
		}
	if (event != NULL)
		fclose(event);
	return is_named;
}

int
open_disk_of(int fd)
{
	struct stat file;
	struct stat disk;
	char name[160];
	int of_disk;

	if (fstat(fd, &file) == -1)
		return -1;
	if (!writes_to_its_blocks(file.st_dev) || !name_device(file.st_dev, name, sizeof(name))) {
		errno = ENOTSUP;
		return -1;
	}
	of_disk = open(name, O_RDONLY | O_DIRECT | O_CLOEXEC);
	if (of_disk != -1 && (fstat(of_disk, &disk) == -1 || !S_ISBLK(disk.st_mode) || disk.st_rdev != file.st_dev)) {
		close(of_disk);
		errno = ENOTSUP;
		return -1;
	}
	return of_disk;
}

bool
find_on_disk(int fd, off_t offset, uint64_t *where, uint64_t *length)
{
	union {
		struct fiemap map;
		char bytes[sizeof(struct fiemap) + sizeof(struct fiemap_extent)];
	} request = { .map = { .fm_start = (uint64_t)offset, .fm_length = 1, .fm_extent_count = 1 } };
	const struct fiemap_extent *extent = request.map.fm_extents;

	if (ioctl(fd, FS_IOC_FIEMAP, &request.map) == -1)
		return false;
	if (request.map.fm_mapped_extents == 0 ||
	    (extent->fe_flags & (FIEMAP_EXTENT_UNWRITTEN | FIEMAP_EXTENT_DELALLOC)) != 0) {
		errno = ENODATA;
		return false;
	}
	if ((extent->fe_flags & (FIEMAP_EXTENT_UNKNOWN | FIEMAP_EXTENT_ENCODED | FIEMAP_EXTENT_NOT_ALIGNED)) != 0) {
		errno = ENOTSUP;
		return false;
	}
	*where = extent->fe_physical + ((uint64_t)offset - extent->fe_logical);
	*length = extent->fe_length - ((uint64_t)offset - extent->fe_logical);
	return true;
}

#else

int
open_disk_of(int fd)
{
	(void)fd;
	errno = ENOSYS;
	return -1;
}

bool
find_on_disk(int fd, off_t offset, uint64_t *where, uint64_t *length)
{
	(void)fd;
	(void)offset;
	*where = 0;
	*length = 0;
	errno = ENOSYS;
	return false;
}

#endif
