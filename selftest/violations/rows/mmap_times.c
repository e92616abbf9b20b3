/* SPDX-License-Identifier: BSD-2-Clause */

/* The times of a file that is used through a mapping. */

#include "mmap.h"

enum { LONG_AGO = 1000000 };

static void
set_times(int fd, time_t access, long access_nanoseconds, time_t modification, long modification_nanoseconds)
{
	const struct timespec times[2] = { { access, access_nanoseconds }, { modification, modification_nanoseconds } };

	futimens(fd, times);
}

static void
set_long_ago(int fd)
{
	set_times(fd, LONG_AGO, 0, LONG_AGO, 0);
}

static bool
is_writable_file(const struct call *c, size_t pages)
{
	return asks_shared_file(c) && c->protection == READ_WRITE && c->length == pages * page_size() &&
	    is_file(c->fd) && file_bytes(c->fd) >= (size_t)c->offset + c->length;
}

/* Store what is there: the next store is then not the first, and the system does not see it. */
static void
store_first(volatile char *at)
{
	const char byte = *at;

	*at = byte;
}

/* Whether a store to the last page of a mapping of this number of pages leaves the modification time. */
static bool
store_is_not_marked(size_t pages, int flags)
{
	int fd = nameless_file(pages * page_size());
	char *p = map_shared(fd, pages * page_size());

	set_long_ago(fd);
	p[(pages - 1) * page_size()] = 's';
	msync(p, pages * page_size(), flags);
	return status_of(fd).st_mtime == LONG_AGO;
}

VIOLATION(mmap_of_page_hides_stores, "mmap.mtime-marked-after-msync", "-", MMAP,
    FALSIFIES(is_writable_file(c, 1), store_first(start_of(c))))
{
	return store_is_not_marked(1, MS_SYNC);
}

VIOLATION(mmap_hides_stores_in_last_page, "mmap.mtime-marked-after-msync", "-", MMAP,
    FALSIFIES(is_writable_file(c, 2), store_first(last_page_of(c))))
{
	return store_is_not_marked(2, MS_SYNC);
}

static const struct known_range *
range_of_page(const struct call *c)
{
	const struct known_range *range = known_range_at(c->address);

	return range != NULL && range->length == page_size() && range->fd != -1 && is_file(range->fd) ? range : NULL;
}

static bool
synchronizes_page(const struct call *c, bool (*is_meant)(const struct known_range *))
{
	return range_of_page(c) != NULL && is_meant(range_of_page(c)) && range_of_page(c)->protection == READ_WRITE;
}

static void
hide_later_stores(const struct call *c)
{
	const struct stat status = real_status_of(range_of_page(c)->fd);

	store_first(c->address);
	set_times(range_of_page(c)->fd, 0, UTIME_OMIT, status.st_mtime, 0);
}

VIOLATION(msync_hides_later_stores, "mmap.mtime-marked-after-msync", "-", MSYNC,
    FALSIFIES(synchronizes_page(c, is_shared_file_range) && file_bytes(range_of_page(c)->fd) == page_size(),
	hide_later_stores(c)))
{
	int fd = nameless_file(page_size());
	char *p = map_shared(fd, page_size());

	msync(p, page_size(), MS_SYNC);
	set_long_ago(fd);
	*p = 's';
	msync(p, page_size(), MS_SYNC);
	return status_of(fd).st_mtime == LONG_AGO;
}

static void
take_mark_back(const struct call *c)
{
	const struct stat status = real_status_of(range_of_page(c)->fd);

	set_times(range_of_page(c)->fd, 0, UTIME_OMIT, status.st_atime, 0);
}

VIOLATION(msync_async_takes_mark_back, "mmap.mtime-marked-after-msync", "-", MSYNC,
    FALSIFIES(synchronizes_page(c, is_shared_file_range) && (c->flags & MS_ASYNC) != 0, take_mark_back(c)))
{
	return store_is_not_marked(1, MS_ASYNC);
}

VIOLATION(msync_of_private_marks_file, "mmap.mtime-marked-after-msync", "-", MSYNC,
    FALSIFIES(
	synchronizes_page(c, is_private_file_range), set_times(range_of_page(c)->fd, 0, UTIME_OMIT, 0, UTIME_NOW)))
{
	int fd = nameless_file(page_size());
	char *p = map_private(fd, page_size());

	set_long_ago(fd);
	*p = 'p';
	msync(p, page_size(), MS_SYNC);
	return status_of(fd).st_mtime != LONG_AGO;
}

static bool
is_page_to_read(const struct call *c)
{
	return asks_shared_file(c) && c->protection == PROT_READ && c->length == page_size() && is_file(c->fd);
}

static void
map_without_mark(struct call *c)
{
	const struct stat status = real_status_of(c->fd);

	real_call(c);
	set_times(c->fd, status.st_atime, 0, 0, UTIME_OMIT);
}

static struct stat
status_after_load(void)
{
	int fd = nameless_file(page_size());

	set_times(fd, LONG_AGO, 0, 2 * LONG_AGO, 0);
	fault_of_load(mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 0));
	return status_of(fd);
}

VIOLATION(mmap_marks_no_access, "mmap.atime-marked", "-", MMAP, REPLACES(is_page_to_read(c), map_without_mark(c)))
{
	return status_after_load().st_atime == LONG_AGO;
}

VIOLATION(mmap_to_read_marks_modification, "mmap.atime-marked", "-", MMAP,
    FALSIFIES(is_page_to_read(c), set_times(c->fd, 0, UTIME_OMIT, 0, UTIME_NOW)))
{
	return status_after_load().st_mtime != 2 * LONG_AGO;
}
