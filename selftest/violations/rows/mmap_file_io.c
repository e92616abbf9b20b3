/* SPDX-License-Identifier: BSD-2-Clause */

/* read() and write() of a file beside mappings of it, and buffers over several mappings. */

#include "buffers.h"

/* The buffer is a mapping of the file that is read or written. */
static struct known_range *
own_mapping(const struct call *c)
{
	struct known_range *range = known_range_at(c->buffer);

	return is_shared_file_range(range) && is_file(c->fd) && are_same(range->fd, c->fd) ? range : NULL;
}

static char *
own_page(int *fd)
{
	char *p;

	*fd = nameless_file(page_size());
	p = map_shared(*fd, page_size());
	*p = 'o';
	return p;
}

VIOLATION(pread_into_own_mapping_refused, "mmap_file_io.read-into-itself", "-", PREAD,
    REFUSES(own_mapping(c) != NULL, EFAULT))
{
	int fd;
	char *p = own_page(&fd);

	return pread(fd, p, 1, 0) == -1;
}

VIOLATION(pread_into_own_mapping_gives_zeros, "mmap_file_io.read-into-itself", "-", PREAD,
    FALSIFIES(own_mapping(c) != NULL, memset(c->buffer, 0, (size_t)c->result)))
{
	int fd;
	char *p = own_page(&fd);

	return pread(fd, p, 1, 0) == 1 && *p == 0;
}

VIOLATION(pread_into_own_mapping_spoils_start, "mmap_file_io.read-into-itself", "-", PREAD,
    FALSIFIES(own_mapping(c) != NULL, spoil_byte(own_mapping(c)->start)))
{
	int fd;
	char *p = own_page(&fd);

	return pread(fd, &p[1], 1, 0) == 1 && *p == SPOILED;
}

VIOLATION(pread_into_own_mapping_makes_file_longer, "mmap_file_io.read-into-itself", "-", PREAD,
    FALSIFIES(own_mapping(c) != NULL, real_ftruncate(c->fd, (off_t)file_bytes(c->fd) + 1)))
{
	int fd;
	char *p = own_page(&fd);

	return pread(fd, p, 1, 0) == 1 && size_of(fd) == (off_t)page_size() + 1;
}

VIOLATION(pwrite_from_own_mapping_refused, "mmap_file_io.write-from-itself", "-", PWRITE,
    REFUSES(own_mapping(c) != NULL, EFAULT))
{
	int fd;
	char *p = own_page(&fd);

	return pwrite(fd, p, 1, 0) == -1;
}

VIOLATION(pwrite_from_own_mapping_writes_wrong_byte, "mmap_file_io.write-from-itself", "-", PWRITE,
    FALSIFIES(own_mapping(c) != NULL, real_pwrite(c->fd, "x", 1, c->offset)))
{
	int fd;
	char *p = own_page(&fd);

	return pwrite(fd, p, 1, 0) == 1 && *p == 'x';
}

VIOLATION(pwrite_from_own_mapping_spoils_buffer, "mmap_file_io.write-from-itself", "-", PWRITE,
    FALSIFIES(own_mapping(c) != NULL, spoil_byte(c->buffer)))
{
	int fd;
	char *p = own_page(&fd);

	return pwrite(fd, p, 1, 1) == 1 && *p == SPOILED;
}

VIOLATION(write_from_own_mapping_refused, "mmap_file_io.write-appends-itself", "-", WRITE,
    REFUSES(own_mapping(c) != NULL, EFAULT))
{
	int fd;
	char *p = own_page(&fd);

	return write(fd, p, 1) == -1;
}

VIOLATION(write_from_own_mapping_spoils_buffer, "mmap_file_io.write-appends-itself", "-", WRITE,
    FALSIFIES(own_mapping(c) != NULL, spoil_byte(c->buffer)))
{
	int fd;
	char *p = own_page(&fd);

	return write(fd, p, 1) == 1 && *p == SPOILED;
}

VIOLATION(write_from_own_mapping_writes_wrong_byte, "mmap_file_io.write-appends-itself", "-", WRITE,
    FALSIFIES(own_mapping(c) != NULL, real_pwrite(c->fd, "x", 1, position_of(c->fd) - 1)))
{
	int fd;
	char *p = own_page(&fd);

	return write(fd, p, 1) == 1 && *p == 'x';
}

/* What is written is a mapped file, and the buffer is something else. */
static struct known_range *
other_mapping(const struct call *c)
{
	struct known_range *range = is_file(c->fd) ? range_of_descriptor(c->fd, is_shared_file_range) : NULL;

	return known_range_at(c->buffer) != range ? range : NULL;
}

VIOLATION(pwrite_beside_mapping_is_not_seen, "mmap_file_io.write-across-end-of-mapping", "-", PWRITE,
    CHANGES(other_mapping(c) != NULL, make_range_private(other_mapping(c))))
{
	int fd;
	const char *p = own_page(&fd);

	return pwrite(fd, "w", 1, 0) == 1 && *p == 'o';
}

VIOLATION(pwrite_beside_mapping_tells_less, "mmap_file_io.write-across-end-of-mapping", "-", PWRITE,
    FALSIFIES(other_mapping(c) != NULL, c->result -= 1))
{
	int fd;

	own_page(&fd);
	return pwrite(fd, "w", 1, 0) == 0;
}

VIOLATION(pwrite_beside_mapping_writes_before, "mmap_file_io.write-across-end-of-mapping", "-", PWRITE,
    FALSIFIES(other_mapping(c) != NULL && c->offset > 0, real_pwrite(c->fd, "x", 1, c->offset - 1)))
{
	int fd;
	const char *p = own_page(&fd);

	return pwrite(fd, "w", 1, 1) == 1 && *p == 'x';
}

VIOLATION(pwrite_beside_mapping_writes_behind, "mmap_file_io.write-across-end-of-mapping", "-", PWRITE,
    FALSIFIES(other_mapping(c) != NULL, real_pwrite(c->fd, "x", 1, c->offset + c->result)))
{
	int fd;
	const char *p = own_page(&fd);

	return pwrite(fd, "w", 1, 0) == 1 && p[1] == 'x';
}

VIOLATION(pwrite_beside_mapping_loses_end, "mmap_file_io.write-across-end-of-mapping", "-", PWRITE,
    FALSIFIES(other_mapping(c) != NULL, real_pwrite(c->fd, "", 1, c->offset + c->result - 1)))
{
	int fd;
	const char *p = own_page(&fd);

	return pwrite(fd, "w", 1, 0) == 1 && *p == 0;
}

/* A buffer that begins in one mapping and ends in another. */
static bool
is_across(const struct call *c)
{
	return c->length > 1 && known_range_at(c->buffer) != NULL &&
	    known_range_at((char *)c->buffer + c->length - 1) != NULL &&
	    known_range_at((char *)c->buffer + c->length - 1) != known_range_at(c->buffer);
}

/* The last byte of a page and the first of another mapping. */
static char *
border_of_mappings(void)
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);

	(void)mmap(&p[page_size()], page_size(), READ_WRITE, MAP_FIXED | MAP_SHARED | MAP_ANON, -1, 0);
	return &p[page_size() - 1];
}

static int
file_of_bytes(void)
{
	int fd = nameless_file(2);

	(void)!write(fd, "ab", 2);
	return fd;
}

VIOLATION(
    pread_across_mappings_is_short, "mmap_file_io.across-mappings", "-", PREAD, FALSIFIES(is_across(c), c->result -= 1))
{
	return pread(file_of_bytes(), border_of_mappings(), 2, 0) == 1;
}

VIOLATION(pread_across_mappings_loses_end, "mmap_file_io.across-mappings", "-", PREAD,
    FALSIFIES(is_across(c), spoil_byte((char *)c->buffer + c->length - 1)))
{
	char *p = border_of_mappings();

	return pread(file_of_bytes(), p, 2, 0) == 2 && p[1] == SPOILED;
}

VIOLATION(pread_across_mappings_stores_before, "mmap_file_io.across-mappings", "-", PREAD,
    FALSIFIES(is_across(c), spoil_byte((char *)c->buffer - 1)))
{
	char *p = border_of_mappings();

	return pread(file_of_bytes(), p, 2, 0) == 2 && p[-1] == SPOILED;
}

VIOLATION(pread_across_mappings_stores_behind, "mmap_file_io.across-mappings", "-", PREAD,
    FALSIFIES(is_across(c), spoil_byte((char *)c->buffer + c->length)))
{
	char *p = border_of_mappings();

	return pread(file_of_bytes(), p, 2, 0) == 2 && p[2] == SPOILED;
}

VIOLATION(pwrite_across_mappings_is_short, "mmap_file_io.across-mappings", "-", PWRITE,
    FALSIFIES(is_across(c), c->result -= 1))
{
	return pwrite(file_of_bytes(), border_of_mappings(), 2, 0) == 1;
}

VIOLATION(pwrite_across_mappings_loses_end, "mmap_file_io.across-mappings", "-", PWRITE,
    FALSIFIES(is_across(c), real_pwrite(c->fd, "x", 1, c->offset + c->result - 1)))
{
	int fd = file_of_bytes();

	return pwrite(fd, border_of_mappings(), 2, 0) == 2 && content_of(fd, 2)[1] == 'x';
}

static struct known_range *
private_buffer(const struct call *c)
{
	struct known_range *range = known_range_at(c->buffer);

	return is_private_file_range(range) ? range : NULL;
}

static char *
private_page(int *fd)
{
	*fd = nameless_file(page_size());
	return map_private(*fd, page_size());
}

VIOLATION(pread_into_private_mapping_changes_file, "mmap_file_io.copied-page-by-read", "-", PREAD,
    FALSIFIES(private_buffer(c) != NULL, real_pwrite(private_buffer(c)->fd, "x", 1, 0)))
{
	int fd;
	char *p = private_page(&fd);

	return pread(file_of_bytes(), p, 1, 0) == 1 && *content_of(fd, 1) == 'x';
}

VIOLATION(pread_into_private_mapping_is_lost, "mmap_file_io.copied-page-by-read", "-", PREAD,
    FALSIFIES(private_buffer(c) != NULL, memset(c->buffer, 0, (size_t)c->result)))
{
	int fd;
	char *p = private_page(&fd);

	return pread(file_of_bytes(), p, 1, 0) == 1 && *p == 0;
}

VIOLATION(pread_into_private_mapping_refused, "mmap_file_io.copied-page-by-read", "-", PREAD,
    REFUSES(private_buffer(c) != NULL, EFAULT))
{
	int fd;

	return pread(file_of_bytes(), private_page(&fd), 1, 0) == -1;
}

VIOLATION(pwrite_from_copied_page_refused, "mmap_file_io.copied-page-by-read", "-", PWRITE,
    REFUSES(private_buffer(c) != NULL, EFAULT))
{
	int fd;

	return pwrite(file_of_bytes(), private_page(&fd), 1, 0) == -1;
}

VIOLATION(pwrite_from_copied_page_writes_file, "mmap_file_io.copied-page-by-read", "-", PWRITE,
    FALSIFIES(private_buffer(c) != NULL, real_pwrite(c->fd, "", 1, c->offset)))
{
	int fd;
	char *p = private_page(&fd);
	int target = file_of_bytes();

	*p = 'p';
	return pwrite(target, p, 1, 0) == 1 && *content_of(target, 1) == 0;
}

/* A descriptor for reading, of a file that others may write. */
static bool
is_reader(const struct call *c)
{
	return asks_shared_file(c) && is_file(c->fd) && c->protection == PROT_READ && access_mode(c->fd) == O_RDONLY;
}

static int
opened(int flags)
{
	struct file f = file_with_bytes(1);

	return open(f.name, flags | O_CLOEXEC);
}

VIOLATION(mmap_of_reader_shows_zeros, "mmap_file_io.read-only-beside-writer", "-", MMAP,
    FALSIFIES(is_reader(c), put_zeros(start_of(c), c->length, PROT_READ, MAP_PRIVATE)))
{
	return *(char *)mmap(NULL, 1, PROT_READ, MAP_SHARED, opened(O_RDONLY), 0) == 0;
}

static void
map_reader_for_writing(struct call *c)
{
	c->protection |= PROT_WRITE;
	c->result = (intptr_t)mapped_for_writing(c);
}

VIOLATION(mmap_of_reader_is_writable, "mmap_file_io.read-only-beside-writer", "-", MMAP,
    REPLACES(is_reader(c), map_reader_for_writing(c)))
{
	return fault_of_store(mmap(NULL, 1, PROT_READ, MAP_SHARED, opened(O_RDONLY), 0), 's').signal == 0;
}

VIOLATION(pwrite_of_mapped_file_by_writer_refused, "mmap_file_io.read-only-beside-writer", "-", PWRITE,
    REFUSES(is_file(c->fd) && access_mode(c->fd) == O_WRONLY, ETXTBSY))
{
	return pwrite(opened(O_WRONLY), "w", 1, 0) == -1;
}
