/* SPDX-License-Identifier: BSD-2-Clause */

/* What a file and its mapping hold after msync(). */

#include <sys/mman.h>

#include "effects.h"
#include "platform/disk.h"
#include "range.h"
#include "real.h"
#include "violation.h"

/* The mapping shows another file than the one that its descriptor is of now. */
static bool
is_of_reused_descriptor(const struct call *c)
{
	const struct known_range *range = range_of(c);
	char bytes[64];

	return is_shared_file(range) && real_pread(range->fd, bytes, sizeof(bytes), range->offset) == sizeof(bytes) &&
	    memcmp(bytes, range->start, sizeof(bytes)) != 0;
}

static bool
syncs_file(const struct call *c)
{
	return is_whole(c) && is_shared_file(range_of(c)) && c->flags == MS_SYNC;
}

static char *
page_with_byte(int fd)
{
	char *p = map_shared(fd, page_size());

	*p = 's';
	return p;
}

static bool
ends_in_last_page(const struct known_range *range)
{
	off_t size = file_size(range->fd);

	return size % (off_t)page_size() != 0 && range->offset == 0 && whole_pages((size_t)size) == range->length;
}

static void
clear_tail(const struct known_range *range)
{
	size_t size = (size_t)file_size(range->fd);
	size_t tail = size % page_size();

	memset(range->start + size - tail, 0, tail);
}

VIOLATION(msync_loses_tail_of_file, "msync.sync-completes-writes", "-", MSYNC,
    FALSIFIES(syncs_file(c) && ends_in_last_page(range_of(c)), clear_tail(range_of(c))))
{
	int fd = nameless_file(100);
	char *p = page_with_byte(fd);

	msync(p, 100, MS_SYNC);
	return content_of(fd, 1)[0] == 0;
}

VIOLATION(msync_fills_last_page_of_file, "msync.sync-completes-writes", "B104", MSYNC,
    FALSIFIES(syncs_file(c) && ends_in_last_page(range_of(c)),
	real_ftruncate(range_of(c)->fd, (off_t)whole_pages((size_t)file_size(range_of(c)->fd)))))
{
	int fd = nameless_file(100);

	msync(page_with_byte(fd), 100, MS_SYNC);
	return size_of(fd) != 100;
}

VIOLATION(msync_rewinds_descriptor, "msync.side-effects", "-", MSYNC,
    FALSIFIES(is_shared_file(range_of(c)),
	real_make((struct call){ .interface = LSEEK, .fd = range_of(c)->fd, .command = SEEK_SET })))
{
	int fd = nameless_file(page_size());
	char *p = map_shared(fd, page_size());

	lseek(fd, 1, SEEK_SET);
	msync(p, page_size(), MS_SYNC);
	return lseek(fd, 0, SEEK_CUR) == 0;
}

VIOLATION(msync_of_part_einval, "msync.sync-completes-writes", "B148", MSYNC, REFUSES(is_part(c), EINVAL))
{
	char *p = map_shared(nameless_file(2 * page_size()), 2 * page_size());

	return msync(p, page_size(), MS_SYNC) == -1;
}

VIOLATION(msync_of_part_writes_at_start, "msync.sync-completes-writes", "-", MSYNC,
    FALSIFIES(is_part(c) && !has_first_page(c), memcpy(range_of(c)->start, c->address, page_size())))
{
	int fd = nameless_file(2 * page_size());
	char *p = map_shared(fd, 2 * page_size());

	p[page_size()] = 's';
	msync(&p[page_size()], page_size(), MS_SYNC);
	return content_of(fd, 1)[0] == 's';
}

/* What is stored later stays in the mapping. */
VIOLATION(msync_works_once, "msync.sync-completes-writes", "-", MSYNC,
    FALSIFIES(is_part(c) && c->flags == MS_SYNC && is_shared_file(range_of(c)), make_private(c->address, page_size())))
{
	int fd = nameless_file(2 * page_size());
	char *p = map_shared(fd, 2 * page_size());

	msync(p, page_size(), MS_SYNC);
	*p = 's';
	msync(p, page_size(), MS_SYNC);
	return content_of(fd, 1)[0] == 0;
}

VIOLATION(msync_of_part_clears_others, "msync.sync-completes-writes", "-", MSYNC,
    FALSIFIES(is_part(c) && !has_last_page(c) && is_shared_file(range_of(c)),
	memset(page_of(c, pages_of(c)), 0, page_size())))
{
	char *p = map_shared(nameless_file(2 * page_size()), 2 * page_size());

	p[page_size()] = 's';
	msync(p, page_size(), MS_SYNC);
	return p[page_size()] == 0;
}

/* A page of a file whose descriptor has been closed and is another file's now. */
static char *
page_of_closed(int other)
{
	int fd = nameless_file(page_size());
	char *p = page_with_byte(fd);

	dup2(other, fd);
	return p;
}

VIOLATION(
    msync_after_close_eperm, "msync.sync-completes-writes", "B271", MSYNC, REFUSES(is_of_reused_descriptor(c), EPERM))
{
	return msync(page_of_closed(nameless_file(page_size())), page_size(), MS_SYNC) == -1;
}

VIOLATION(msync_writes_to_reused_descriptor, "msync.sync-completes-writes", "B269", MSYNC,
    FALSIFIES(is_of_reused_descriptor(c), real_pwrite(range_of(c)->fd, c->address, c->length, range_of(c)->offset)))
{
	int other = nameless_file(page_size());

	msync(page_of_closed(other), page_size(), MS_SYNC);
	return content_of(other, 1)[0] == 's';
}

static bool
starts_sync(const struct call *c)
{
	return is_whole(c) && is_shared_file(range_of(c)) && pages_of(c) > 2 && c->flags == MS_ASYNC;
}

/* Three pages of a file with a byte stored in the third, and what msync() with MS_ASYNC gave. */
static char *
sync_started(int fd, int *result)
{
	char *p = map_shared(fd, 3 * page_size());

	p[2 * page_size()] = 's';
	*result = msync(p, 3 * page_size(), MS_ASYNC);
	return p;
}

VIOLATION(msync_async_einval, "msync.async-returns", "-", MSYNC, REFUSES(starts_sync(c), EINVAL))
{
	int result;

	sync_started(nameless_file(3 * page_size()), &result);
	return result == -1;
}

VIOLATION(msync_async_loses_last_page, "msync.async-returns", "-", MSYNC,
    FALSIFIES(starts_sync(c), memset(last_page_of(c), 0, page_size())))
{
	int result;

	return sync_started(nameless_file(3 * page_size()), &result)[2 * page_size()] == 0;
}

static void
hide_from_file(const struct call *c, char *page)
{
	make_private(page, page_size());
	real_pwrite(range_of(c)->fd, "", 1, offset_of(range_of(c), page));
}

VIOLATION(msync_async_leaves_file_as_it_was, "msync.async-returns", "-", MSYNC,
    FALSIFIES(starts_sync(c), hide_from_file(c, last_page_of(c))))
{
	int fd = nameless_file(3 * page_size());
	int result;
	const char *p = sync_started(fd, &result);

	return p[2 * page_size()] == 's' && content_of(fd, 3 * page_size())[2 * page_size()] == 0;
}

static bool
invalidates(const struct call *c)
{
	return is_whole(c) && is_shared_file(range_of(c)) && c->flags == (MS_SYNC | MS_INVALIDATE) &&
	    range_of(c)->locks == 0;
}

static char *
page_after_write(void)
{
	int fd = nameless_file(page_size());
	char *p = map_shared(fd, page_size());

	if (pwrite(fd, "w", 1, 0) == 1)
		msync(p, page_size(), MS_SYNC | MS_INVALIDATE);
	return p;
}

VIOLATION(msync_invalidate_einval, "msync.invalidate-shows-storage", "B146", MSYNC, REFUSES(invalidates(c), EINVAL))
{
	char *p = map_shared(nameless_file(page_size()), page_size());

	return msync(p, page_size(), MS_SYNC | MS_INVALIDATE) == -1;
}

VIOLATION(msync_invalidate_drops_last_page, "msync.invalidate-shows-storage", "-", MSYNC,
    FALSIFIES(invalidates(c), put_zeros(last_page_of(c), page_size(), PROT_READ | PROT_WRITE, MAP_SHARED)))
{
	return *page_after_write() == 0;
}

VIOLATION(msync_invalidate_closes_pages, "msync.invalidate-shows-storage", "-", MSYNC,
    FALSIFIES(invalidates(c), real_mprotect(c->address, c->length, PROT_NONE)))
{
	return load_is_refused(page_after_write());
}

static void
write_private(const struct call *c, char *from)
{
	const struct known_range *range = range_of(c);

	real_pwrite(range->fd, from, (size_t)(end_of(range) - from), offset_of(range, from));
}

static bool
syncs_private(const struct call *c)
{
	return is_whole(c) && is_private_file(range_of(c));
}

VIOLATION(msync_writes_private_stores, "msync.private-not-written", "-", MSYNC,
    FALSIFIES(syncs_private(c), write_private(c, c->address)))
{
	int fd = nameless_file(page_size());
	char *p = map_private(fd, page_size());

	*p = 'p';
	msync(p, page_size(), MS_SYNC);
	return content_of(fd, 1)[0] == 'p';
}

VIOLATION(msync_writes_last_private_page, "msync.private-not-written", "-", MSYNC,
    FALSIFIES(syncs_private(c) && pages_of(c) > 1, write_private(c, last_page_of(c))))
{
	int fd = nameless_file(2 * page_size());
	char *p = map_private(fd, 2 * page_size());

	p[page_size()] = 'p';
	msync(p, 2 * page_size(), MS_SYNC);
	return content_of(fd, 2 * page_size())[page_size()] == 'p';
}

VIOLATION(msync_loses_private_stores, "msync.private-not-written", "-", MSYNC,
    FALSIFIES(syncs_private(c),
	put_file(c->address, c->length, PROT_READ | PROT_WRITE, MAP_PRIVATE, range_of(c)->fd, range_of(c)->offset)))
{
	char *p = map_private(nameless_file(page_size()), page_size());

	*p = 'p';
	msync(p, page_size(), MS_SYNC);
	return *p == 0;
}

VIOLATION(msync_writes_nothing_to_disk, "msync.sync-reaches-disk", "-", MSYNC, SKIPS((c->flags & MS_SYNC) != 0))
{
	int fd = sparse_file(page_size());
	uint64_t where;
	uint64_t length;

	msync(page_with_byte(fd), page_size(), MS_SYNC);
	return !find_on_disk(fd, 0, &where, &length) && errno == ENODATA;
}
