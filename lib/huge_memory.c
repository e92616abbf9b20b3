/* SPDX-License-Identifier: BSD-2-Clause */

#include <unistd.h>

#include "check.h"
#include "file.h"
#include "huge_memory.h"
#include "platform/mman.h"

char *
map_huge(char *at, size_t size, int sharing, int fd, off_t offset)
{
	const int huge = fd == -1 ? MAP_ANONYMOUS | MAP_HUGETLB : 0;
	const int fixed = at == NULL ? 0 : MAP_FIXED;
	char *p = mmap(at, size, PROT_READ | PROT_WRITE, sharing | huge | fixed, fd, offset);

	if (p == MAP_FAILED && (errno == EPERM || errno == ENOMEM))
		end_skipped(
		    "no huge pages for this process: mmap() of %zu bytes fails with %s", size, errno_name(errno));
	if (p == MAP_FAILED)
		end_failed("cannot map %zu bytes of huge pages: %s", size, errno_name(errno));
	return p;
}

int
huge_memfd(size_t size)
{
	int fd = memfd_create("shmcheck", MFD_CLOEXEC | MFD_HUGETLB);

	if (fd == -1 && errno == EPERM)
		end_skipped("no huge pages for this process: memfd_create() fails with EPERM");
	if (fd == -1)
		end_failed("cannot create an object of huge pages: %s", errno_name(errno));
	set_size(fd, (off_t)size);
	return fd;
}

struct memory
huge_anonymous_memory(size_t size)
{
	return (struct memory){ .start = map_huge(NULL, size, MAP_SHARED, -1, 0), .size = size, .fd = -1, .id = -1 };
}

struct memory
private_huge_anonymous_memory(size_t size)
{
	return (struct memory){ .start = map_huge(NULL, size, MAP_PRIVATE, -1, 0), .size = size, .fd = -1, .id = -1 };
}

struct memory
huge_memfd_memory(size_t size)
{
	int fd = huge_memfd(size);

	return (struct memory){ .start = map_huge(NULL, size, MAP_SHARED, fd, 0), .size = size, .fd = fd, .id = -1 };
}

struct memory
private_huge_memfd_memory(size_t size)
{
	int fd = huge_memfd(size);

	return (struct memory){ .start = map_huge(NULL, size, MAP_PRIVATE, fd, 0), .size = size, .fd = fd, .id = -1 };
}
