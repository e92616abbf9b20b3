/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <stddef.h>

#ifdef __linux__
#include <sys/mount.h>
#endif

#include "private_mounts.h"

bool
make_mounts_private(void)
{
#ifdef __linux__
	/* In a chroot "/" need not be a mount. */
	return mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) == 0 ||
	    (errno == EINVAL && mount("none", "/dev/shm", "none", MS_PRIVATE, NULL) == 0);
#else
	errno = ENOSYS;
	return false;
#endif
}
