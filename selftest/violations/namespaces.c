/* SPDX-License-Identifier: BSD-2-Clause */

#ifdef __linux__
#include <sched.h>
#include <stddef.h>

#include <sys/mount.h>
#endif

#include "matrix.h"

#ifdef __linux__
bool
enter_namespaces(void)
{
	if (unshare(CLONE_NEWIPC | CLONE_NEWNS) == -1)
		return false;
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0)
		(void)mount("shmcheck", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777");
	return true;
}
#else
bool
enter_namespaces(void)
{
	return true;
}
#endif
