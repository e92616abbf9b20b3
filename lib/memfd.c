/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdio.h>

#include "check.h"
#include "memfd.h"
#include "object.h"

int
memfd_sealable(size_t size)
{
	int fd = memfd_create("shmcheck", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (F_ADD_SEALS == -1)
		end_skipped("no seals here");
	if (fd == -1 && errno == ENOSYS)
		end_skipped("no objects with seals here: memfd_create() gives ENOSYS");
	if (fd == -1)
		end_failed("cannot create an object that can be sealed: %s", errno_name(errno));
	set_size(fd, (off_t)size);
	return fd;
}

int
memfd_open_again(int fd, int flags)
{
	char path[64];
	int again;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = open(path, flags | O_CLOEXEC);
	if (again == -1 && errno == ENOENT)
		end_skipped("/proc is not mounted");
	return again;
}
