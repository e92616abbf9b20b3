/* SPDX-License-Identifier: BSD-2-Clause */

#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <sys/param.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/uio.h>

#include "place.h"
#include "system.h"

/* Mount by pairs of a name and its value, nmount(2); a null pointer ends them. */
static int
mount_with(const char *const *options, int flags)
{
	struct iovec parts[16];
	unsigned count = 0;

	for (; options[count] != NULL && count < sizeof(parts) / sizeof(parts[0]); count++)
		parts[count] = (struct iovec){ (void *)(size_t)options[count], strlen(options[count]) + 1 };
	return nmount(parts, count, flags);
}

/* The kernel mounts the root read-only, and /dev itself. Objects have no place in the file system. */
void
system_mount(void)
{
	static const char *const root[] = { "fstype", "ufs", "fspath", "/", NULL };
	static const char *const tmp[] = { "fstype", "tmpfs", "fspath", "/tmp", "mode", "1777", NULL };

	(void)open_console();
	(void)mount_with(root, MNT_UPDATE);
	make_directory("/tmp");
	if (mount_with(tmp, 0) == -1)
		complain("/tmp");
}

void
system_power_off(void)
{
	(void)reboot(RB_HALT | RB_POWEROFF);
}
