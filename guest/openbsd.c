/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <stddef.h>
#include <unistd.h>

#include <sys/param.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>

#include "place.h"
#include "system.h"

/* TMPFS_ARGS_VERSION is in a header of the kernel alone. */
enum { ARGUMENTS_VERSION = 1 };

/* The kernel mounts the root read-only. */
static void
make_root_writable(void)
{
	struct ufs_args arguments = { .fspec = NULL };

	(void)mount(MOUNT_FFS, "/", MNT_UPDATE, &arguments);
}

/* /tmp is the place of objects too. The kernel as it is distributed has no tmpfs: then the /tmp of the root has to do. */
void
system_mount(void)
{
	struct tmpfs_args arguments = { .ta_version = ARGUMENTS_VERSION, .ta_root_mode = S_ISVTX | 0777 };

	(void)open_console();
	make_root_writable();
	make_directory("/tmp");
	if (mount(MOUNT_TMPFS, "/tmp", 0, &arguments) == -1 &&
	    (errno != EOPNOTSUPP || chmod("/tmp", S_ISVTX | 0777) == -1))
		complain("/tmp");
}

void
system_power_off(void)
{
	(void)reboot(RB_HALT | RB_POWERDOWN);
}
