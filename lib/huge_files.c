/* SPDX-License-Identifier: BSD-2-Clause */

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "check.h"
#include "file.h"
#include "huge_files.h"
#include "platform/capability.h"
#include "platform/fcntl.h"
#include "platform/mounts.h"
#include "process.h"

/* A kernel with huge pages has it, and nothing that the child does needs what is there. */
const char huge_files_directory[] = "/sys/kernel/mm/hugepages";

struct path {
	char text[64];
};

static struct path
path_of(const char *name)
{
	struct path path;

	snprintf(path.text, sizeof(path.text), "%s/%s", huge_files_directory, name);
	return path;
}

void
mount_huge_files(unsigned pages)
{
	char options[64];

	snprintf(options, sizeof(options), "size=%zu,mode=700", pages * huge_page_size());
	errno = 0;
	if (mount_private_hugetlbfs(huge_files_directory, options))
		return;
	if (errno == 0)
		end_failed("unshare(CLONE_NEWNS) or mount() of a hugetlbfs returned 0 and did nothing");
	end_skipped("needs a private hugetlbfs: mounting it fails with %s", errno_name(errno));
}

static void
mount_and_leave(void *unused)
{
	(void)unused;
	mount_huge_files(1);
}

void
need_huge_files(void)
{
	need_kernel_with_huge_pages();
	need_capability_of_system(CAPABILITY_SYS_ADMIN);
	in_child(mount_and_leave, NULL);
}

static int
open_file(const char *name, int flags)
{
	const struct path path = path_of(name);
	int fd = open(path.text, flags | O_RDWR | O_CLOEXEC, 0600);

	if (fd == -1)
		end_failed("cannot open %s: %s", path.text, errno_name(errno));
	return fd;
}

int
huge_file_create(const char *name, size_t size)
{
	int fd = open_file(name, O_CREAT | O_EXCL);

	set_size(fd, (off_t)size);
	return fd;
}

int
huge_file_open(const char *name)
{
	return open_file(name, 0);
}

void
huge_file_unlink(const char *name)
{
	const struct path path = path_of(name);

	if (unlink(path.text) == -1)
		end_failed("cannot remove %s: %s", path.text, errno_name(errno));
}
