/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>

#include "place.h"
#include "system.h"

static const struct {
	const char *type, *where, *options;
} mounts[] = {
	{ "proc", "/proc", NULL },
	{ "sysfs", "/sys", NULL },
	{ "devtmpfs", "/dev", NULL },
	{ "tmpfs", "/dev/shm", "mode=1777" },
	{ "tmpfs", "/tmp", "mode=1777" },
};

void
system_mount(void)
{
	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		make_directory(mounts[i].where);
		/* A kernel may have mounted it already. */
		if (mount(mounts[i].type, mounts[i].where, mounts[i].type, 0, mounts[i].options) == -1 &&
		    errno != EBUSY)
			complain(mounts[i].where);
	}
}

static void
set(const char *setting, const char *value)
{
	int fd = open(setting, O_WRONLY);

	if (fd == -1)
		return;
	if (write(fd, value, strlen(value)) == -1)
		complain(setting);
	close(fd);
}

/*
 * One case makes as many mappings as a process may have, 65,530 as a rule. That is a third of the time of an emulated machine.
 * A lower limit checks the same, and this machine is ours to change.
 */
static void
limit_mappings(void)
{
	set("/proc/sys/vm/max_map_count", "4096\n");
}

/* The cases about huge pages change no setting. */
static void
allow_huge_pages(void)
{
	set("/proc/sys/vm/nr_overcommit_hugepages", "32\n");
}

static void
bring_up_loopback(void)
{
	struct ifreq request = { .ifr_name = "lo" };
	int s = socket(AF_INET, SOCK_DGRAM, 0);

	if (s == -1)
		return;
	if (ioctl(s, SIOCGIFFLAGS, &request) == 0) {
		request.ifr_flags = (short)(request.ifr_flags | IFF_UP);
		ioctl(s, SIOCSIFFLAGS, &request);
	}
	close(s);
}

void
system_prepare(bool quiet)
{
	limit_mappings();
	allow_huge_pages();
	bring_up_loopback();
	/* An oops or a panic is printed in any case. */
	if (quiet)
		klogctl(8, NULL, 1);
}

void
system_go_first(void)
{
	struct sched_param priority = { .sched_priority = 1 };

	sched_setscheduler(0, SCHED_FIFO, &priority);
}

void
system_power_off(void)
{
	reboot(RB_POWER_OFF);
}
