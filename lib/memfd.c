/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdio.h>
#include <unistd.h>

#include "check.h"
#include "file.h"
#include "mapping.h"
#include "memfd.h"

/* The case is skipped where the call is refused in these ways: it is missing, or a filter or a setting forbids it. */
static void
need_memfd_with(unsigned flags)
{
	int fd = memfd_create("shmcheck", flags);
	int error = errno;

	if (fd != -1)
		close(fd);
	else {
		need_descriptor();
		need(error != ENOSYS && error != EPERM && error != EACCES, "no memfd_create() here: it fails with %s",
		    errno_name(error));
	}
}

void
need_memfd(void)
{
	need_memfd_with(0);
}

/* The setting of Linux, '0' where there is none. */
static char
memfd_noexec(void)
{
	char digit = '0';
	int fd = open("/proc/sys/vm/memfd_noexec", O_RDONLY | O_CLOEXEC);

	if (fd != -1 && read(fd, &digit, 1) != 1)
		digit = '0';
	if (fd != -1)
		close(fd);
	return digit;
}

void
need_seals(void)
{
	need(F_ADD_SEALS != -1, "no seals here");
	need_memfd_with(MFD_ALLOW_SEALING);
	need(memfd_noexec() == '0', "each new object has the seal F_SEAL_EXEC here: vm.memfd_noexec is %c",
	    memfd_noexec());
}

void
need_descriptors_in_proc(void)
{
	need(access("/proc/self/fd", X_OK) == 0, "no /proc/self/fd here");
}

int
memfd_sealable(size_t size)
{
	int fd = memfd_create("shmcheck", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd == -1)
		end_failed("cannot create an object that can be sealed: %s", errno_name(errno));
	set_size(fd, (off_t)size);
	return fd;
}

struct memory
memfd_memory(size_t size)
{
	struct memory m = { .size = size, .fd = memfd_create("shmcheck", MFD_CLOEXEC), .id = -1 };

	if (m.fd == -1)
		end_failed("cannot create an object without a name: %s", errno_name(errno));
	set_size(m.fd, (off_t)size);
	m.start = map_shared(m.fd, size);
	return m;
}

int
memfd_open_again(int fd, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, flags | O_CLOEXEC);
}
