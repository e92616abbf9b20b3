/* SPDX-License-Identifier: BSD-2-Clause */

#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include <sys/param.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/sysctl.h>

#include <fs/tmpfs/tmpfs_args.h>
#include <ufs/ufs/ufsmount.h>

#include "place.h"
#include "system.h"

static int
mount_tmpfs(const char *where, mode_t mode)
{
	struct tmpfs_args arguments = { .ta_version = TMPFS_ARGS_VERSION, .ta_root_mode = mode };

	return mount(MOUNT_TMPFS, where, 0, &arguments, sizeof(arguments));
}

/* The kernel mounts the root read-only. */
static void
make_root_writable(void)
{
	struct ufs_args arguments = { .fspec = NULL };

	(void)mount(MOUNT_FFS, "/", MNT_UPDATE, &arguments, sizeof(arguments));
}

static void
make_device(const char *path, const char *driver, unsigned minor_number)
{
	const devmajor_t number = getdevmajor(driver, S_IFCHR);

	if (number == NODEVMAJOR || mknod(path, S_IFCHR | 0666, makedev(number, minor_number)) == -1)
		complain(path);
}

/* A root without devices gets those that matter, as init(8) makes a /dev/console. */
static void
make_devices(void)
{
	dev_t console;
	size_t size = sizeof(console);

	if (access("/dev/console", F_OK) == 0)
		return;
	make_directory("/dev");
	if (mount_tmpfs("/dev", 0755) == -1)
		return;
	if (sysctlbyname("machdep.console_device", &console, &size, NULL, 0) == -1 || size != sizeof(console))
		console = makedev(0, 0);
	(void)mknod("/dev/console", S_IFCHR | 0600, console);
	(void)open_console();
	make_device("/dev/null", "mem", 2);
	make_device("/dev/zero", "mem", 12);
	make_device("/dev/urandom", "rnd", 1);
}

void
system_mount(void)
{
	static const char *const places[] = { "/tmp", "/var/shm" };

	make_devices();
	(void)open_console();
	make_root_writable();
	make_directory("/var");
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		make_directory(places[i]);
		if (mount_tmpfs(places[i], S_ISVTX | 0777) == -1)
			complain(places[i]);
	}
}

void
system_power_off(void)
{
	(void)reboot(RB_POWERDOWN, NULL);
}
