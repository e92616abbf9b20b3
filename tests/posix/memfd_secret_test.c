/* SPDX-License-Identifier: BSD-2-Clause */

/* memfd_secret() of Linux: unnamed objects whose memory is not mapped in the kernel. */

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "case.h"
#include "file.h"
#include "mapping.h"
#include "memfd.h"
#include "platform/unistd.h"
#include "process.h"

/* Kernels before 6.5 have it when they are told so at their start. */
#define NEEDS_SECRET_MEMORY NEED("memfd_secret()", .ask = need_secret_memory)

static void
need_secret_memory(void)
{
	int fd = raw_memfd_secret(0);

	need(fd != -1, "no memfd_secret() here: it fails with %s", errno_name(errno));
	close(fd);
}

INTERFACE(memfd_secret, NEEDS_SECRET_MEMORY, NEEDS_FILES_OF_PAGES(2))

static int
secret_object(size_t size)
{
	int fd = raw_memfd_secret(0);

	REQUIRE(fd != -1);
	set_size(fd, (off_t)size);
	return fd;
}

/* The memory is locked, by the rules of mlock(). */
static char *
map_secret(int fd, size_t size)
{
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	need(p != MAP_FAILED || errno != EAGAIN, "this process may not lock %zu bytes", size);
	REQUIRE(p != MAP_FAILED);
	return p;
}

CASE(size_zero_rdwr, DOCUMENTED, "A new object has size zero, and its descriptor is open for reading and writing",
    "Linux 5.14 memfd_secret(2)")
{
	int fd = raw_memfd_secret(0);

	REQUIRE(fd != -1);
	CHECK_EQ(0, size_of(fd));
	CHECK_EQ(O_RDWR, fcntl(fd, F_GETFL) & O_ACCMODE);
}

static void
map_inherited(void *descriptor)
{
	char *p = map_secret(*(int *)descriptor, 2 * page_size());

	CHECK_PATTERN(1, p, page_size());
	p[page_size()] = 'f';
}

CASE(shared_by_descriptor, DOCUMENTED,
    "The memory reads as zero at first, and a forked child shares it by the descriptor that it inherits",
    "Linux 5.14 memfd_secret(2)")
{
	int fd = secret_object(2 * page_size());
	char *p = map_secret(fd, 2 * page_size());
	CHECK_BYTES(0, p, 2 * page_size());
	pattern_store(1, p, page_size());

	in_child(map_inherited, &fd);

	CHECK_EQ('f', p[page_size()]);
}

CASE(cloexec, DOCUMENTED, "With FD_CLOEXEC among the flags the new descriptor has it, and without it has not",
    "Linux 5.14 memfd_secret(2)")
{
	int without = raw_memfd_secret(0);
	REQUIRE(without != -1);
	CHECK_EQ(0, fcntl(without, F_GETFD) & FD_CLOEXEC);

	known_defect(LINUX, "", "EINVAL: the flag is O_CLOEXEC", "Linux mm/secretmem.c memfd_secret()");
	int with = raw_memfd_secret(FD_CLOEXEC);
	CHECK_RETURNS_ERROR(0, with == -1 ? errno : 0);
	if (with != -1)
		CHECK_EQ(FD_CLOEXEC, fcntl(with, F_GETFD) & FD_CLOEXEC);
}

CASE(flags_einval, DOCUMENTED, "Unknown flags fail with EINVAL", "Linux 5.14 memfd_secret(2)")
{
	CHECK_FAILS(EINVAL, -1, raw_memfd_secret(0x40U));
}

CASE(kernel_cannot_access, DOCUMENTED, "A pointer to the memory cannot be passed to a system call",
    "Linux 5.14 memfd_secret(2)")
{
	int ends[2];
	REQUIRE(pipe(ends) == 0);
	char *p = map_secret(secret_object(page_size()), page_size());

	known_defect(LINUX, "", "write() takes the bytes, by the pages of the process itself",
	    "Linux mm/secretmem.c secretmem_fault()");
	CHECK_FAILS(EFAULT, -1, write(ends[1], p, 1));
}

static void
map_more_than_may_be_locked(void *descriptor)
{
	int fd = *(int *)descriptor;
	limit_to(RLIMIT_MEMLOCK, page_size());

	CHECK_EQ(MAP_FAILED, mmap(NULL, 2 * page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	CHECK_NE(MAP_FAILED, mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
}

CASE(memlock_limit, DOCUMENTED, "A user without privileges maps no more than RLIMIT_MEMLOCK allows to lock",
    "Linux 5.14 memfd_secret(2)", NEEDS_PLAIN_USER, COVERS("memfd_secret.limit"))
{
	int fd = secret_object(2 * page_size());

	as_user(plain_user(), map_more_than_may_be_locked, &fd);
}

static void
create_without_free_descriptor(void *unused)
{
	(void)unused;
	int last = use_up_descriptors();

	CHECK_FAILS(EMFILE, -1, raw_memfd_secret(0));

	close(last);
	CHECK_EQ(last, raw_memfd_secret(0));
}

CASE(emfile, DOCUMENTED, "A process without a free descriptor gets EMFILE, and an object when one is free",
    "Linux 5.14 memfd_secret(2)")
{
	in_child(create_without_free_descriptor, NULL);
}

CASE(no_read_nor_write, DOCUMENTED, "read() and write() by the descriptor fail, and leave the memory as it is",
    "Linux 5.14 mm/secretmem.c secretmem_fops", COVERS("memfd_secret.no_io"))
{
	char byte = 'x';
	int fd = secret_object(page_size());
	char *p = map_secret(fd, page_size());
	pattern_store(1, p, page_size());

	CHECK_FAILS(EINVAL, -1, read(fd, &byte, 1));
	CHECK_FAILS(EINVAL, -1, write(fd, &byte, 1));

	CHECK_EQ('x', byte);
	CHECK_PATTERN(1, p, page_size());
}

CASE(no_debugger, DOCUMENTED,
    "A process that may read the memory of another by /proc/PID/mem cannot read what is secret",
    "Linux 5.14 memfd_secret(2)", NEEDS_DESCRIPTORS_IN_PROC, NEEDS_64_BIT_OFFSETS, COVERS("memfd_secret.no_ptrace"))
{
	char path[64];
	char byte = 'x';
	char *secret = map_secret(secret_object(page_size()), page_size());
	char *plain = map_anonymous(page_size(), MAP_PRIVATE);
	*secret = 's';
	*plain = 'p';
	struct child other = child_start(do_nothing, NULL);
	child_reaches_end(&other);
	snprintf(path, sizeof(path), "/proc/%jd/mem", (intmax_t)other.pid);
	int memory = open(path, O_RDONLY);
	need(memory != -1, "this process may not read another's memory: %s", errno_name(errno));

	CHECK_EQ(1, pread(memory, &byte, 1, (off_t)(uintptr_t)plain));
	CHECK_EQ('p', byte);
	CHECK_FAILS(EIO, -1, pread(memory, &byte, 1, (off_t)(uintptr_t)secret));
	CHECK_EQ('p', byte);
	child_exits(&other);
}

CASE(no_debugger__process_vm_readv, DOCUMENTED,
    "A process that may read the memory of another by process_vm_readv() cannot read what is secret: EFAULT",
    "Linux 5.14 memfd_secret(2)", "Linux process_vm_readv(2)", COVERS("memfd_secret.no_remote"))
{
	char byte = 'x';
	char *secret = map_secret(secret_object(page_size()), page_size());
	char *plain = map_anonymous(page_size(), MAP_PRIVATE);
	*secret = 's';
	*plain = 'p';
	struct child other = child_start(do_nothing, NULL);
	child_reaches_end(&other);
	ssize_t result = read_memory_of(other.pid, plain, &byte, 1);
	need(result != -1, "this process may not read another's memory: %s", errno_name(errno));

	CHECK_EQ(1, result);
	CHECK_EQ('p', byte);
	CHECK_FAILS(EFAULT, -1, read_memory_of(other.pid, secret, &byte, 1));
	CHECK_EQ('p', byte);
	child_exits(&other);
}
