/* SPDX-License-Identifier: BSD-2-Clause */

/* memfd_secret(), a call of syscall(), and its objects. */

#include <stdio.h>

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "effects.h"
#include "known.h"
#include "objects.h"
#include "platform/unistd.h"
#include "real.h"
#include "violation.h"

#ifdef SYS_memfd_secret

static bool
makes_secret(const struct call *c)
{
	return c->words[0] == SYS_memfd_secret;
}

static bool
is_secret(int fd)
{
	char path[64];
	char shown[64] = "";

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return readlink(path, shown, sizeof(shown) - 1) != -1 && strstr(shown, "secretmem") != NULL;
}

VIOLATION(memfd_secret_gives_a_page, "memfd_secret.size-zero-rdwr", "-", OTHER_SYSCALL,
    FALSIFIES(makes_secret(c), real_ftruncate((int)c->result, (off_t)page_size())))
{
	return size_of(raw_memfd_secret(0)) == (off_t)page_size();
}

VIOLATION(fcntl_tells_secret_is_for_reading, "memfd_secret.size-zero-rdwr", "-", FCNTL,
    FALSIFIES(c->command == F_GETFL && is_secret(c->fd), c->result &= ~O_ACCMODE))
{
	return (fcntl(raw_memfd_secret(0), F_GETFL) & O_ACCMODE) == O_RDONLY;
}

static void
map_anonymously(struct call *c)
{
	c->result = real_make((struct call){ .interface = MMAP,
	    .length = c->length,
	    .protection = PROT_READ | PROT_WRITE,
	    .flags = MAP_PRIVATE | MAP_ANONYMOUS,
	    .fd = -1 });
}

static char *
map_secret(size_t pages)
{
	int fd = raw_memfd_secret(0);

	return ftruncate(fd, (off_t)(pages * page_size())) == 0 ? map_shared(fd, pages * page_size()) : NULL;
}

VIOLATION(mmap_of_secret_is_anonymous, "memfd_secret.shared-by-descriptor", "-", MMAP,
    REPLACES(is_secret(c->fd), map_anonymously(c)))
{
	int fd = raw_memfd_secret(0);

	set_size(fd, 1);
	*(char *)map_shared(fd, 1) = 'x';
	return *(char *)map_shared(fd, 1) == 0;
}

VIOLATION(mmap_of_secret_shows_stale_byte, "memfd_secret.shared-by-descriptor", "-", MMAP,
    FALSIFIES(is_secret(c->fd), ((char *)c->result)[c->length - 1] = 's'))
{
	return map_secret(1)[page_size() - 1] == 's';
}

VIOLATION(memfd_secret_takes_unknown_flags, "memfd_secret.flags-einval", "-", OTHER_SYSCALL,
    ACCEPTS(makes_secret(c), EINVAL, new_object()))
{
	return raw_memfd_secret(0x80U) != -1;
}

static bool
is_limited(size_t length)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur < length;
}

static bool
maps_beyond_limit(void)
{
	const struct rlimit one_page = { page_size(), page_size() };
	int fd = raw_memfd_secret(0);

	set_size(fd, (off_t)(2 * page_size()));
	setrlimit(RLIMIT_MEMLOCK, &one_page);
	return mmap(NULL, 2 * page_size(), PROT_READ, MAP_SHARED, fd, 0) != MAP_FAILED;
}

static bool
is_seen_by_plain_user(bool (*look)(void))
{
	int status = 0;

	if (fork() == 0) {
		if (geteuid() == 0)
			user_become(OWNER);
		_exit(look());
	}
	wait(&status);
	return WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

VIOLATION(mmap_of_secret_ignores_limit, "memfd_secret.memlock-limit", "-", MMAP,
    REPLACES(is_secret(c->fd) && is_limited(c->length), map_anonymously(c)))
{
	return is_seen_by_plain_user(maps_beyond_limit);
}

static bool
cannot_map(void)
{
	int fd = raw_memfd_secret(0);

	set_size(fd, 1);
	return mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED;
}

VIOLATION(mmap_of_secret_needs_privilege, "memfd_secret.memlock-limit", "-", MMAP,
    REFUSES(is_secret(c->fd) && geteuid() != 0 && !is_limited(c->length), EPERM))
{
	return is_seen_by_plain_user(cannot_map);
}

VIOLATION(
    memfd_secret_emfile_is_enfile, "memfd_secret.emfile", "-", OTHER_SYSCALL, MISTAKES(makes_secret(c), EMFILE, ENFILE))
{
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_NOFILE, &none);
	return raw_memfd_secret(0) == -1 && errno == ENFILE;
}

static void
give_another_number(struct call *c)
{
	int fd = real_fcntl((int)c->result, F_DUPFD, 0);

	if (fd == -1)
		call_fail(c, EMFILE);
}

VIOLATION(memfd_secret_keeps_a_descriptor_free, "memfd_secret.emfile", "-", OTHER_SYSCALL,
    FALSIFIES(makes_secret(c), give_another_number(c)))
{
	const struct rlimit few = { 32, 32 };

	setrlimit(RLIMIT_NOFILE, &few);
	while (dup(0) != -1)
		;
	close(31);
	return raw_memfd_secret(0) == -1;
}

VIOLATION(
    read_of_secret_gives_nothing, "memfd_secret.no-read-nor-write", "-", READ, ACCEPTS(is_secret(c->fd), EINVAL, 0))
{
	char byte;

	return read(raw_memfd_secret(0), &byte, 1) == 0;
}

VIOLATION(read_of_secret_stores, "memfd_secret.no-read-nor-write", "-", READ,
    REPLACES(is_secret(c->fd), (memset(c->buffer, 0, c->length), call_fail(c, EINVAL))))
{
	char byte = 'x';

	return read(raw_memfd_secret(0), &byte, 1) == -1 && byte == 0;
}

VIOLATION(write_to_secret_accepted, "memfd_secret.no-read-nor-write", "-", WRITE,
    ACCEPTS(is_secret(c->fd), EINVAL, c->length))
{
	return write(raw_memfd_secret(0), "x", 1) == 1;
}

static void
clear_what_shows(int fd)
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].fd == fd)
			memset(ranges[i].start, 0, ranges[i].length);
}

VIOLATION(write_to_secret_clears, "memfd_secret.no-read-nor-write", "-", WRITE,
    REPLACES(is_secret(c->fd), (clear_what_shows(c->fd), call_fail(c, EINVAL))))
{
	int fd = raw_memfd_secret(0);
	char *p;

	if (ftruncate(fd, 1) == -1)
		return false;
	p = map_shared(fd, 1);
	*p = 's';
	return write(fd, "x", 1) == -1 && *p == 0;
}

/* At an address of /proc/PID/mem, which tells no size. */
static bool
is_of_memory(const struct call *c)
{
	return c->offset > INT32_MAX && file_size(c->fd) == 0;
}

static ssize_t
look_at_own_memory(const char *at, char *byte)
{
	return pread(open("/proc/self/mem", O_RDONLY), byte, 1, (off_t)(uintptr_t)at);
}

VIOLATION(
    pread_of_memory_tells_secret, "memfd_secret.no-debugger", "-", PREAD, ACCEPTS(is_of_memory(c), EIO, c->length))
{
	char byte;

	return look_at_own_memory(map_shared(raw_memfd_secret(0), 1), &byte) == 1;
}

static void
fail_but_store(struct call *c)
{
	if (real_call(c) == -1)
		*(char *)c->buffer = SPOILED;
}

VIOLATION(pread_that_fails_stores, "memfd_secret.no-debugger", "-", PREAD, REPLACES(is_of_memory(c), fail_but_store(c)))
{
	char byte = 'x';

	return look_at_own_memory(map_shared(raw_memfd_secret(0), 1), &byte) == -1 && byte == SPOILED;
}

VIOLATION(pread_of_memory_eio, "memfd_secret.no-debugger", "-", PREAD, REFUSES(is_of_memory(c), EIO))
{
	char byte = 'x';

	return look_at_own_memory(map_anonymous(1, MAP_PRIVATE), &byte) == -1;
}

static bool
reads_from_process(const struct call *c)
{
	return c->words[0] == SYS_process_vm_readv;
}

static ssize_t
look_at_itself(const char *at, char *byte)
{
	return read_memory_of(getpid(), at, byte, 1);
}

VIOLATION(process_vm_readv_tells_secret, "memfd_secret.no-debugger", "-", OTHER_SYSCALL,
    ACCEPTS(reads_from_process(c), EFAULT, 1))
{
	char byte;

	return look_at_itself(map_shared(raw_memfd_secret(0), 1), &byte) == 1;
}

static void
fail_but_fill(struct call *c)
{
	const struct iovec *to = (const struct iovec *)c->words[2];

	if (real_call(c) == -1)
		*(char *)to->iov_base = SPOILED;
}

VIOLATION(process_vm_readv_that_fails_stores, "memfd_secret.no-debugger", "-", OTHER_SYSCALL,
    REPLACES(reads_from_process(c), fail_but_fill(c)))
{
	char byte = 'x';

	return look_at_itself(map_shared(raw_memfd_secret(0), 1), &byte) == -1 && byte == SPOILED;
}

VIOLATION(process_vm_readv_tells_no_byte, "memfd_secret.no-debugger", "-", OTHER_SYSCALL,
    FALSIFIES(reads_from_process(c) && c->result > 0, c->result = 0))
{
	char byte;

	return look_at_itself(map_anonymous(1, MAP_PRIVATE), &byte) == 0;
}

static void
read_other_byte(struct call *c)
{
	const struct iovec *to = (const struct iovec *)c->words[2];

	if (real_call(c) > 0)
		*(char *)to->iov_base ^= 1;
}

VIOLATION(process_vm_readv_tells_other_byte, "memfd_secret.no-debugger", "-", OTHER_SYSCALL,
    REPLACES(reads_from_process(c), read_other_byte(c)))
{
	char byte = 1;

	return look_at_itself(map_anonymous(1, MAP_PRIVATE), &byte) == 1 && byte == 1;
}

#endif
