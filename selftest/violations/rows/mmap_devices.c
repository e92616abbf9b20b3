/* SPDX-License-Identifier: BSD-2-Clause */

/* Mappings of devices, and of descriptors that were opened with O_PATH. */

#include <signal.h>

#include "mmap.h"

/* Whether it is /dev/zero, or a device that has no memory. */
static bool
is_zero_device(int fd)
{
	struct stat zero;
	struct stat status = real_status_of(fd);

	return S_ISCHR(status.st_mode) && real_stat("/dev/zero", &zero) == 0 && zero.st_rdev == status.st_rdev;
}

static bool
is_other_device(int fd)
{
	return S_ISCHR(real_status_of(fd).st_mode) && !is_zero_device(fd);
}

static bool
maps_zero_device(const struct call *c)
{
	return is_of_file(c) && is_zero_device(c->fd);
}

static char *
map_zero(size_t length, int flags, off_t offset)
{
	return mmap(NULL, length, READ_WRITE, flags, open("/dev/zero", O_RDWR | O_CLOEXEC), offset);
}

VIOLATION(mmap_dev_zero_denied, "mmap_devices.dev-zero", "-", MMAP, REFUSES(maps_zero_device(c), EACCES))
{
	return map_zero(1, MAP_SHARED, 0) == MAP_FAILED && errno == EACCES;
}

VIOLATION(mmap_dev_zero_private_is_shared, "mmap_devices.dev-zero", "-", MMAP,
    CHANGES(maps_zero_device(c) && asks_private(c), c->flags ^= SHARING_TYPES))
{
	char *p = map_zero(1, MAP_PRIVATE, 0);
	pid_t child = fork();

	if (child == 0) {
		*p = 'c';
		_exit(0);
	}
	waitpid(child, NULL, 0);
	return *p == 'c';
}

VIOLATION(mmap_dev_zero_is_not_zero, "mmap_devices.dev-zero", "-", MMAP,
    FALSIFIES(maps_zero_device(c), spoil_byte(start_of(c))))
{
	return *map_zero(1, MAP_SHARED, 0) == SPOILED;
}

static struct known_range *
earlier_zero(const struct call *c)
{
	size_t count;
	struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; maps_zero_device(c) && i < count; i++)
		if (ranges[i].fd != -1 && is_zero_device(ranges[i].fd) && ranges[i].length == whole_pages(c->length))
			return &ranges[i];
	return NULL;
}

VIOLATION(mmap_dev_zero_gives_same_memory, "mmap_devices.dev-zero", "-", MMAP,
    REPLACES(earlier_zero(c) != NULL, c->result = (intptr_t)earlier_zero(c)->start))
{
	const char *first = map_zero(1, MAP_SHARED, 0);

	return map_zero(1, MAP_SHARED, 0) == first;
}

VIOLATION(mmap_dev_zero_part_of_page_is_read_only, "mmap_devices.dev-zero", "-", MMAP,
    FALSIFIES(maps_zero_device(c) && c->length > page_size() && c->length % page_size() != 0,
	real_mprotect(last_page_of(c), page_size(), PROT_READ)))
{
	return fault_of_store(&map_zero(page_size() + 1, MAP_SHARED, 0)[page_size()], 's').signal != 0;
}

static void
clear_zero_ranges(int fd)
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].fd == fd)
			make_private(ranges[i].start, ranges[i].length);
}

VIOLATION(close_of_dev_zero_makes_memory_private, "mmap_devices.dev-zero", "-", CLOSE,
    CHANGES(is_zero_device(c->fd), clear_zero_ranges(c->fd)))
{
	int fd = open("/dev/zero", O_RDWR | O_CLOEXEC);
	char *p = mmap(NULL, 1, READ_WRITE, MAP_SHARED, fd, 0);
	pid_t child;

	close(fd);
	child = fork();
	if (child == 0) {
		*p = 'c';
		_exit(0);
	}
	waitpid(child, NULL, 0);
	return *p == 0;
}

static void
spoil_zero_ranges(int fd)
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].fd == fd)
			spoil_byte(ranges[i].start);
}

VIOLATION(close_of_dev_zero_spoils_memory, "mmap_devices.dev-zero", "-", CLOSE,
    CHANGES(is_zero_device(c->fd), spoil_zero_ranges(c->fd)))
{
	int fd = open("/dev/zero", O_RDWR | O_CLOEXEC);
	char *p = mmap(NULL, 1, READ_WRITE, MAP_SHARED, fd, 0);

	close(fd);
	return *p == SPOILED;
}

static bool
is_in_zero_device(const struct call *c)
{
	const struct known_range *range = known_range_at(c->address);

	return range != NULL && range->fd != -1 && is_zero_device(range->fd);
}

VIOLATION(fault_in_dev_zero_sigsegv, "mmap_devices.dev-zero", "B085", FAULT,
    FALSIFIES(c->id == SIGBUS && is_in_zero_device(c), c->id = SIGSEGV))
{
	return fault_of_load(map_zero(1, MAP_SHARED, (off_t)(8 * page_size()))).signal == SIGSEGV;
}

static int
open_null(void)
{
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

VIOLATION(mmap_of_other_device_gives_memory, "mmap_devices.without-memory", "-", MMAP,
    ACCEPTS(is_of_file(c) && is_other_device(c->fd), ENODEV, some_memory(c)))
{
	return mmap(NULL, 1, PROT_READ, MAP_PRIVATE, open_null(), 0) != MAP_FAILED;
}

VIOLATION(mmap_of_other_device_clears_hint, "mmap_devices.without-memory", "-", MMAP,
    CHANGES(is_of_file(c) && is_other_device(c->fd) && known_range_at(c->address) != NULL,
	put_zeros(c->address, page_size(), READ_WRITE, MAP_PRIVATE)))
{
	char *p = map_anonymous(1, MAP_PRIVATE);

	*p = 'o';
	(void)mmap(p, 1, PROT_READ, MAP_PRIVATE, open_null(), 0);
	return *p == 0;
}

#ifdef O_PATH

static bool
is_for_path(const struct call *c)
{
	int flags = is_of_file(c) ? real_fcntl(c->fd, F_GETFL, 0) : -1;

	return flags != -1 && (flags & O_PATH) != 0;
}

VIOLATION(mmap_takes_path_descriptor, "mmap_devices.path-descriptor", "-", MMAP,
    ACCEPTS(is_for_path(c), EBADF, some_memory(c)))
{
	return mmap(NULL, 1, PROT_READ, MAP_PRIVATE, open(".", O_PATH), 0) != MAP_FAILED;
}

VIOLATION(mmap_of_path_descriptor_clears_range, "mmap_devices.path-descriptor", "-", MMAP,
    CHANGES(is_for_path(c) && is_fixed(c), put_zeros(c->address, c->length, READ_WRITE, MAP_PRIVATE)))
{
	char *p = map_anonymous(1, MAP_PRIVATE);

	*p = 'o';
	(void)mmap(p, 1, PROT_READ, MAP_PRIVATE | MAP_FIXED, open(".", O_PATH), 0);
	return *p == 0;
}

#endif
