/* SPDX-License-Identifier: BSD-2-Clause */

/* msync(), munmap() and ftruncate() of a file that is mapped: what they change of it besides. */

#include "mmap.h"

static char *
own_page(int *fd)
{
	char *p;

	*fd = nameless_file(page_size());
	p = map_shared(*fd, page_size());
	*p = 'o';
	return p;
}

/* A shared mapping of a file, as msync() and munmap() know it. */
static struct known_range *
mapped_file(const struct call *c)
{
	struct known_range *range = known_range_at(c->address);

	return is_shared_file_range(range) && is_file(range->fd) ? range : NULL;
}

static void
write_at_ends(const struct known_range *range)
{
	real_pwrite(range->fd, "x", 1, 0);
	real_pwrite(range->fd, "x", 1, (off_t)file_bytes(range->fd) - 1);
}

VIOLATION(msync_spoils_ends_of_file, "mmap_file_io.hole-filled-by-store", "-", MSYNC,
    FALSIFIES(mapped_file(c) != NULL, write_at_ends(mapped_file(c))))
{
	int fd;
	char *p = own_page(&fd);

	msync(p, 1, MS_SYNC);
	return *p == 'x';
}

static void
drop_stores(const struct known_range *range)
{
	for (size_t at = 0; at < range->length; at += page_size())
		if (is_resident(range->start + at))
			memset(range->start + at, 0, page_size());
}

VIOLATION(msync_drops_stores, "mmap_file_io.large-written-back", "-", MSYNC,
    FALSIFIES(mapped_file(c) != NULL && mapped_file(c)->length < (size_t)1 << 30 &&
	    mapped_file(c)->length == whole_pages(file_bytes(mapped_file(c)->fd)),
	drop_stores(mapped_file(c))))
{
	int fd;
	char *p = own_page(&fd);

	msync(p, page_size(), MS_SYNC);
	return *p == 0;
}

VIOLATION(msync_of_file_makes_it_longer, "mmap_file_io.hole-filled-by-store", "-", MSYNC,
    FALSIFIES(mapped_file(c) != NULL, real_ftruncate(mapped_file(c)->fd, (off_t)file_bytes(mapped_file(c)->fd) + 1)))
{
	int fd;
	char *p = own_page(&fd);

	msync(p, 1, MS_SYNC);
	return size_of(fd) == (off_t)page_size() + 1;
}

VIOLATION(msync_of_file_refused, "mmap_file_io.large-written-back", "-", MSYNC, REFUSES(mapped_file(c) != NULL, EIO))
{
	int fd;
	char *p = own_page(&fd);

	return msync(p, 1, MS_SYNC) == -1;
}

VIOLATION(munmap_spoils_end_of_file, "mmap_file_io.large-written-back", "-", MUNMAP,
    CHANGES(mapped_file(c) != NULL, write_at_ends(mapped_file(c))))
{
	int fd;
	char *p = own_page(&fd);

	munmap(p, page_size());
	return *content_of(fd, 1) == 'x';
}

/* A file that is mapped becomes longer. */
static bool
grows_mapped_file(const struct call *c)
{
	return is_file(c->fd) && range_of_descriptor(c->fd, is_shared_file_range) != NULL &&
	    c->offset > (off_t)file_bytes(c->fd);
}

VIOLATION(ftruncate_clears_mapped_byte, "mmap_file_io.extended-while-stored", "-", FTRUNCATE,
    CHANGES(grows_mapped_file(c), real_pwrite(c->fd, "", 1, 0)))
{
	int fd;
	const char *p = own_page(&fd);

	set_size(fd, (off_t)(2 * page_size()));
	return *p == 0;
}

VIOLATION(ftruncate_of_mapped_file_adds_byte, "mmap_file_io.extended-while-stored", "-", FTRUNCATE,
    CHANGES(grows_mapped_file(c), c->offset += 1))
{
	int fd;

	own_page(&fd);
	set_size(fd, (off_t)(2 * page_size()));
	return size_of(fd) == (off_t)(2 * page_size()) + 1;
}
