/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <stddef.h>

#include "platform/mounts.h"
#include "platform/namespaces.h"

#ifdef __linux__

#include <sys/mount.h>

bool
make_mounts_private(void)
{
	/* In a chroot "/" need not be a mount. */
	return mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) == 0 ||
	    (errno == EINVAL && mount("none", "/dev/shm", "none", MS_PRIVATE, NULL) == 0);
}

bool
mount_private_shm(const char *options)
{
	return unshare(CLONE_NEWNS) == 0 && make_mounts_private() &&
	    mount("shmcheck", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, options) == 0;
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
make_private_shm_noexec(void)
{
	errno = ENOSYS;
	return false;
}

#endif
