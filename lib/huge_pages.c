/* SPDX-License-Identifier: BSD-2-Clause */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/file.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "check.h"
#include "guardian_kind.h"
#include "huge_pages.h"
#include "platform.h"

#ifndef MAP_HUGETLB
#define MAP_HUGETLB 0
#endif

static const char setting[] = "/proc/sys/vm/nr_overcommit_hugepages";

/* A line of /proc/meminfo, in which "format" has one %lu. 0 where there is none. */
static unsigned long
memory_information(const char *format)
{
	FILE *file = fopen("/proc/meminfo", "r");
	unsigned long value = 0;
	char line[256];

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, format, &value) == 1)
			break;
	if (file != NULL)
		fclose(file);
	return value;
}

size_t
huge_page_size(void)
{
	return (size_t)memory_information("Hugepagesize: %lu kB") * 1024;
}

/* By a process of its own, whose end gives all of it back. */
static bool
can_be_mapped(size_t size)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0) ==
		    MAP_FAILED);
	return pid != -1 && waitpid(pid, &status, 0) == pid && status == 0;
}

static bool
write_number(int fd, int number)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%d\n", number);

	return pwrite(fd, text, (size_t)length, 0) == length;
}

static bool
restore(struct entry *entry)
{
	return write_number(GUARDIAN_KEPT, entry->id);
}

__attribute__((constructor)) static void
setting_is_restored(void)
{
	guardian_removes(SETTING, restore, NULL);
}

/* The lock goes when the case, its children and the guardian have closed the descriptor: after the setting was put back. */
static int
lock_setting(void)
{
	int fd = open(setting, O_RDWR | O_CLOEXEC);

	if (fd == -1)
		fd = open(setting, O_RDONLY | O_CLOEXEC);
	if (fd == -1 || flock(fd, LOCK_EX) == -1)
		end_skipped("needs huge pages, and cannot lock %s: %s", setting, errno_name(errno));
	return fd;
}

static bool
raise_setting(int fd, unsigned count)
{
	char text[16] = "";

	if (pread(fd, text, sizeof(text) - 1, 0) <= 0 || (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDWR)
		return false;
	int before = atoi(text);
	guardian_keeps(fd);
	guardian_tell(&(struct entry){ .kind = SETTING, .id = before });
	/* Pages of a case that has just ended count until the kernel has freed them, a moment after its lock has gone. */
	return write_number(fd, before + (int)memory_information("HugePages_Surp: %lu") + (int)count);
}

size_t
need_huge_pages(unsigned count)
{
	size_t size = huge_page_size();

	if (size == 0 || !platform_is(LINUX) || access(setting, F_OK) == -1)
		end_skipped("this kernel has no huge pages");
	int fd = lock_setting();
	if (!can_be_mapped(count * size) && (!raise_setting(fd, count) || !can_be_mapped(count * size)))
		end_skipped("needs %u free huge pages of %zu bytes: sysctl vm.nr_hugepages", count, size);
	return size;
}
