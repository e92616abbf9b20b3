/* SPDX-License-Identifier: BSD-2-Clause */

/* fsync() of what is mapped, msync() among signals, and times that a mapping marks. */

#include <sys/mman.h>

#include "effects.h"
#include "range.h"
#include "real.h"
#include "violation.h"

/* The first shared mapping of the file, or a null pointer; with "private" the first private one. */
static struct known_range *
mapping_of(int fd, bool private)
{
	size_t count;
	struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].fd == fd && is_private(&ranges[i]) == private)
			return &ranges[i];
	return NULL;
}

static char *
mapped_page(int *fd, bool private)
{
	*fd = nameless_file(page_size());
	char *p = private ? map_private(*fd, page_size()) : map_shared(*fd, page_size());

	*p = 'm';
	return p;
}

VIOLATION(fsync_of_mapped_eio, "msync.fsync-writes-stores", "-", FSYNC, REFUSES(mapping_of(c->fd, false) != NULL, EIO))
{
	int fd;

	mapped_page(&fd, false);
	return fsync(fd) == -1;
}

VIOLATION(fsync_loses_stores, "msync.fsync-writes-stores", "-", FSYNC,
    FALSIFIES(mapping_of(c->fd, false) != NULL, clear_what_it_shows(mapping_of(c->fd, false))))
{
	int fd;

	mapped_page(&fd, false);
	fsync(fd);
	return content_of(fd, 1)[0] == 0;
}

static void
leave_mapping_behind(const struct known_range *range)
{
	make_private(range->start, range->length);
	*range->start = 0;
}

VIOLATION(fsync_drops_mapped_pages, "msync.fsync-writes-stores", "-", FSYNC,
    FALSIFIES(mapping_of(c->fd, false) != NULL, leave_mapping_behind(mapping_of(c->fd, false))))
{
	int fd;
	char *p = mapped_page(&fd, false);

	fsync(fd);
	return *p == 0;
}

VIOLATION(fsync_fills_last_page, "msync.fsync-writes-stores", "-", FSYNC,
    FALSIFIES(mapping_of(c->fd, false) != NULL, real_ftruncate(c->fd, (off_t)mapping_of(c->fd, false)->length)))
{
	int fd = nameless_file(1);

	map_shared(fd, 1);
	fsync(fd);
	return size_of(fd) != 1;
}

static void
show_file_again(const struct known_range *range)
{
	put_file(range->start, page_size(), range->protection, MAP_PRIVATE, range->fd, range->offset);
}

VIOLATION(fsync_loses_private_stores, "msync.fsync-writes-stores", "-", FSYNC,
    FALSIFIES(mapping_of(c->fd, true) != NULL, show_file_again(mapping_of(c->fd, true))))
{
	int fd;
	char *p = mapped_page(&fd, true);

	fsync(fd);
	return *p == 0;
}

static void
clear_last_page(const struct known_range *range)
{
	memset(range->start + range->length - page_size(), 0, page_size());
}

VIOLATION(fsync_spoils_private_rest, "msync.fsync-writes-stores", "-", FSYNC,
    FALSIFIES(mapping_of(c->fd, true) != NULL, clear_last_page(mapping_of(c->fd, true))))
{
	int fd;
	char *p = mapped_page(&fd, true);

	fsync(fd);
	return *p == 0;
}

static void
handle(int number)
{
	(void)number;
}

static char *
page_of_handler(int *fd)
{
	struct sigaction action = { .sa_handler = handle };

	sigaction(SIGUSR1, &action, NULL);
	return mapped_page(fd, false);
}

VIOLATION(msync_among_signals_eio, "msync.among-signals", "-", MSYNC, REFUSES(known_is_interruptible(), EIO))
{
	int fd;

	return msync(page_of_handler(&fd), page_size(), MS_SYNC) == -1;
}

VIOLATION(msync_among_signals_loses_last_page, "msync.among-signals", "-", MSYNC,
    FALSIFIES(known_is_interruptible(), memset(last_page_of(c), 0, page_size())))
{
	int fd;
	char *p = page_of_handler(&fd);

	msync(p, page_size(), MS_SYNC);
	return *p == 0;
}

VIOLATION(msync_among_signals_leaves_file_behind, "msync.among-signals", "-", MSYNC,
    FALSIFIES(known_is_interruptible(), make_private(c->address, c->length)))
{
	int fd;
	char *p = page_of_handler(&fd);

	msync(p, page_size(), MS_SYNC);
	*p = 'n';
	return content_of(fd, 1)[0] == 'm';
}

/* The status is told of a file that is mapped shared. */
static bool
tells_of_mapped(const struct call *c)
{
	return mapping_of(c->fd, false) != NULL;
}

static struct stat *
told(const struct call *c)
{
	return c->buffer;
}

VIOLATION(fstat_of_mapped_tells_no_change, "mmap.ctime-marked-after-msync", "-", FSTAT,
    FALSIFIES(tells_of_mapped(c), told(c)->st_ctim = (struct timespec){ 0 }))
{
	int fd;

	mapped_page(&fd, false);
	return status_of(fd).st_ctime == 0;
}

VIOLATION(fstat_of_mapped_tells_no_access, "mmap.atime-marked", "-", FSTAT,
    FALSIFIES(tells_of_mapped(c), told(c)->st_atime = 0))
{
	int fd;

	mapped_page(&fd, false);
	return status_of(fd).st_atime == 0;
}

VIOLATION(fstat_of_mapped_tells_no_modification, "mmap.mtime-marked-after-msync", "-", FSTAT,
    FALSIFIES(tells_of_mapped(c), told(c)->st_mtime = 0))
{
	int fd;

	mapped_page(&fd, false);
	return status_of(fd).st_mtime == 0;
}
