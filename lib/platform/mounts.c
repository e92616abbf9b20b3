/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <stddef.h>

#include "platform/mounts.h"
#include "platform/namespaces.h"

#ifdef __linux__

#include <sys/mount.h>
#include <sys/stat.h>

/* 0 if /proc does not show it. */
static ino_t
namespace_number(void)
{
	struct stat status;

	return stat("/proc/self/ns/mnt", &status) == 0 ? status.st_ino : 0;
}

/* 0 if there is no such directory. */
static dev_t
device_of(const char *directory)
{
	struct stat status;

	return stat(directory, &status) == 0 ? status.st_dev : 0;
}

static bool
make_all_mounts_private(void)
{
	return mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) == 0;
}

bool
make_mounts_private(void)
{
	/* In a chroot "/" need not be a mount. */
	return make_all_mounts_private() ||
	    (errno == EINVAL && mount("none", "/dev/shm", "none", MS_PRIVATE, NULL) == 0);
}

/* Enter a mount namespace with a file system of this type there. False with errno, or 0 where a call did nothing. */
static bool
mount_private(bool (*make_private)(void), const char *directory, const char *type, const char *options)
{
	const ino_t outer = namespace_number();
	const dev_t before = device_of(directory);

	if (!unshare_as_any_user(CLONE_NEWNS))
		return false;
	if (outer != 0 && namespace_number() == outer) {
		errno = 0; /* before anything is mounted for everybody */
		return false;
	}
	if (!make_private() || mount("shmcheck", directory, type, MS_NOSUID | MS_NODEV, options) == -1)
		return false;
	errno = 0;
	return device_of(directory) != before;
}

bool
mount_private_shm(const char *options)
{
	return mount_private(make_mounts_private, "/dev/shm", "tmpfs", options);
}

bool
mount_private_hugetlbfs(const char *directory, const char *options)
{
	return mount_private(make_all_mounts_private, directory, "hugetlbfs", options);
}

bool
make_private_shm_noexec(void)
{
	return mount("shmcheck", "/dev/shm", "tmpfs", MS_REMOUNT | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) == 0;
}

#else

bool
make_mounts_private(void)
{
	errno = ENOSYS;
	return false;
}

bool
mount_private_shm(const char *options)
{
	(void)options;
	errno = ENOSYS;
	return false;
}

bool
mount_private_hugetlbfs(const char *directory, const char *options)
{
	(void)directory;
	(void)options;
	errno = ENOSYS;
	return false;
}

bool
make_private_shm_noexec(void)
{
	errno = ENOSYS;
	return false;
}

#endif
