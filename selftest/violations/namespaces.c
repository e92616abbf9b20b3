/* SPDX-License-Identifier: BSD-2-Clause */

#ifdef __linux__
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <sys/mount.h>
#endif

#include "matrix.h"
#include "platform/mounts.h"
#include "platform/namespaces.h"
#include "text.h"

#ifdef __linux__
bool
enter_namespaces(void)
{
	const int kinds = CLONE_NEWIPC | CLONE_NEWNS;
	const uid_t user = geteuid();
	const bool is_privileged = unshare(kinds) == 0;

	if (!is_privileged && !unshare_with_user_namespace(kinds, false)) {
		if (geteuid() != user)
			die("cannot stay user %ju in a user namespace", (uintmax_t)user);
		fputs("matrix: no namespaces here: what violations leave behind stays\n", stderr);
	} else if (make_mounts_private())
		(void)mount("shmcheck", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777");
	return is_privileged;
}
#else
bool
enter_namespaces(void)
{
	return true;
}
#endif
