/* SPDX-License-Identifier: BSD-2-Clause */

#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/resource.h>

#include "check.h"
#include "instrument.h"
#include "mapping.h"
#include "platform.h"

void
need_addresses(uintmax_t size)
{
	struct rlimit limit;
	void *p;

	if (getrlimit(RLIMIT_AS, &limit) == -1 || limit.rlim_cur == RLIM_INFINITY)
		return;
	p = mmap(NULL, (size_t)size, PROT_NONE, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);
	if (p == MAP_FAILED)
		end_skipped("needs %ju bytes of addresses where RLIMIT_AS is %ju", size, (uintmax_t)limit.rlim_cur);
	munmap(p, (size_t)size);
}

static bool
is_limited(int resource)
{
	struct rlimit limit;

	return getrlimit(resource, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

static void
need_writable(size_t size)
{
	void *p;

	if (!is_limited(RLIMIT_AS) && !is_limited(RLIMIT_DATA))
		return;
	p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);
	if (p == MAP_FAILED)
		end_skipped("needs %zu bytes of writable memory where RLIMIT_DATA or RLIMIT_AS is set", size);
	munmap(p, size);
}

void
need_writable_pages(uintmax_t pages)
{
	need_writable((size_t)pages * page_size());
}

static void *
map(size_t size, int flags, int fd)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (p == MAP_FAILED) {
		int error = errno;

		need_addresses(size);
		need_writable(size);
		end_failed("cannot map %zu bytes: %s", size, errno_name(error));
	}
	return p;
}

void *
map_shared(int fd, size_t size)
{
	return map(size, MAP_SHARED, fd);
}

void *
map_private(int fd, size_t size)
{
	return map(size, MAP_PRIVATE, fd);
}

void *
map_anonymous(size_t size, int sharing)
{
	return map(size, MAP_ANONYMOUS | sharing, -1);
}

void
unmap(void *start, size_t size)
{
	if (munmap(start, size) == -1)
		end_failed("cannot unmap %zu bytes: %s", size, errno_name(errno));
}

void *
free_range(size_t size)
{
	size_t multiple = attach_multiple();
	size_t whole = size + 2 * multiple; /* one to align, one to keep a distance to what follows */
	char *p = mmap(NULL, whole, PROT_NONE, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);
	size_t over;

	if (p == MAP_FAILED) {
		int error = errno;

		need_addresses(whole);
		end_failed("cannot find %zu bytes of free addresses: %s", whole, errno_name(error));
	}
	unmap(p, whole);
	over = (uintptr_t)p % multiple;
	return over == 0 ? p : p + (multiple - over);
}

void
occupy_page(char *address)
{
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;

	if (mmap(address, page_size(), PROT_READ | PROT_WRITE, flags, -1, 0) != address)
		end_failed("cannot map a page at %p: %s", (void *)address, errno_name(errno));
	pattern_store('o', address, page_size());
}

void *
map_aligned(size_t size)
{
	void *p = free_range(size);

	if (mmap(p, size, PROT_READ | PROT_WRITE, MAP_FIXED | MAP_ANONYMOUS | MAP_PRIVATE, -1, 0) != p)
		end_failed("cannot map %zu bytes at a free address: %s", size, errno_name(errno));
	return p;
}

void
need_locks(void)
{
	if (instrumented_by(ADDRESS_SANITIZER | THREAD_SANITIZER))
		end_skipped("a sanitizer replaces mlock()");
}

void
need_lockable_pages(uintmax_t pages)
{
	need_lockable((size_t)pages * page_size());
}

void
need_lockable(size_t size)
{
	void *p;

	need_locks();
	p = map_anonymous(size, MAP_PRIVATE);
	if (mlock(p, size) == -1)
		end_skipped("needs %zu bytes that may be locked: mlock() gives %s", size, errno_name(errno));
	unmap(p, size);
}

void
need_count_of_locks(void)
{
	need(locked_bytes() != -1, "needs a count of locked memory");
}

void
need_state_of_locks(void)
{
	need(msync_tells_locks(), "needs msync() that fails for locked pages");
}

bool
range_is_locked(void *start, size_t size)
{
	if (msync(start, size, MS_SYNC | MS_INVALIDATE) == 0)
		return false;
	if (errno != EBUSY)
		end_failed("msync() with MS_INVALIDATE of %zu bytes: %s", size, errno_name(errno));
	return true;
}

struct memory
memory_create(memory_kind *kind, size_t size)
{
	return kind(size);
}

struct memory
anonymous_memory(size_t size)
{
	return (struct memory){ .start = map_anonymous(size, MAP_SHARED), .size = size, .fd = -1, .id = -1 };
}

struct memory
private_anonymous_memory(size_t size)
{
	return (struct memory){ .start = map_anonymous(size, MAP_PRIVATE), .size = size, .fd = -1, .id = -1 };
}

struct memory
dev_zero_memory(size_t size)
{
	struct memory m = { .size = size, .fd = open("/dev/zero", O_RDWR | O_CLOEXEC), .id = -1 };

	if (m.fd == -1)
		end_skipped("no /dev/zero here: %s", errno_name(errno));
	m.start = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, m.fd, 0);
	if (m.start == MAP_FAILED)
		end_skipped("/dev/zero cannot be mapped here: %s", errno_name(errno));
	return m;
}
