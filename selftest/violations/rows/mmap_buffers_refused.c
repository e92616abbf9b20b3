/* SPDX-License-Identifier: BSD-2-Clause */

/* read() and write() with buffers in mappings that have no memory for them, or for all of them. */

#include "buffers.h"

static void
move_by(int fd, off_t distance)
{
	real_make((struct call){ .interface = LSEEK, .fd = fd, .command = SEEK_CUR, .offset = distance });
}

static bool
is_refused(const struct call *c)
{
	return c->length > 0 && is_closed(c, c->buffer);
}

static bool
is_half(const struct call *c)
{
	return c->length > 1 && !is_closed(c, c->buffer) && is_closed(c, (char *)c->buffer + c->length - 1);
}

/* Three pages, the second of which cannot be stored to or loaded from. */
static char *
memory_with_closed_page(void)
{
	char *p = map_anonymous(3 * page_size(), MAP_SHARED);

	mprotect(&p[page_size()], page_size(), PROT_NONE);
	return &p[page_size()];
}

VIOLATION(
    read_into_closed_page_accepted, "mmap_buffers.closed-efault", "-", READ, ACCEPTS(is_refused(c), EFAULT, c->length))
{
	return read(nameless_file(1), memory_with_closed_page(), 1) == 1;
}

VIOLATION(write_from_closed_page_accepted, "mmap_buffers.closed-efault", "-", WRITE,
    ACCEPTS(is_refused(c), EFAULT, c->length))
{
	return write(nameless_file(1), memory_with_closed_page(), 1) == 1;
}

VIOLATION(pread_into_closed_page_accepted, "mmap_buffers.closed-efault", "-", PREAD,
    ACCEPTS(is_refused(c), EFAULT, c->length))
{
	return pread(nameless_file(1), memory_with_closed_page(), 1, 0) == 1;
}

VIOLATION(pwrite_from_closed_page_accepted, "mmap_buffers.closed-efault", "-", PWRITE,
    ACCEPTS(is_refused(c), EFAULT, c->length))
{
	return pwrite(nameless_file(1), memory_with_closed_page(), 1, 0) == 1;
}

VIOLATION(
    read_into_closed_page_is_invalid, "mmap_buffers.closed-efault", "-", READ, MISTAKES(is_refused(c), EFAULT, EINVAL))
{
	return read(nameless_file(1), memory_with_closed_page(), 1) == -1 && errno == EINVAL;
}

static void
read_to_nowhere(struct call *c)
{
	char lost;

	real_read(c->fd, &lost, 1);
	c->result = -1;
	c->error = EFAULT;
}

VIOLATION(
    refused_read_takes_bytes, "mmap_buffers.closed-efault", "-", READ, REPLACES(is_refused(c), read_to_nowhere(c)))
{
	int fd = nameless_file(1);

	return read(fd, memory_with_closed_page(), 1) == -1 && lseek(fd, 0, SEEK_CUR) == 1;
}

VIOLATION(refused_write_writes, "mmap_buffers.closed-efault", "-", WRITE,
    CHANGES(is_refused(c) && is_file(c->fd), real_pwrite(c->fd, "x", 1, position_of(c->fd))))
{
	int fd = nameless_file(1);

	return write(fd, memory_with_closed_page(), 1) == -1 && *content_of(fd, 1) == 'x';
}

VIOLATION(refused_write_extends_file, "mmap_buffers.closed-efault", "-", WRITE,
    CHANGES(is_refused(c) && is_file(c->fd), real_ftruncate(c->fd, (off_t)(file_bytes(c->fd) + c->length))))
{
	int fd = nameless_file(1);

	return write(fd, memory_with_closed_page(), 1) == -1 && size_of(fd) == 2;
}

/* All the same something is stored in the page that is closed for that. */
static void
store_in_closed(const struct call *c)
{
	const struct known_range *range = known_range_at(c->buffer);

	if (range == NULL || real_mprotect(page_of_byte(c->buffer), page_size(), READ_WRITE) == -1)
		return;
	spoil_byte(c->buffer);
	real_mprotect(page_of_byte(c->buffer), page_size(), range->protection);
}

VIOLATION(refused_read_stores, "mmap_buffers.closed-efault", "-", READ, CHANGES(is_refused(c), store_in_closed(c)))
{
	char *p = memory_with_closed_page();

	(void)!read(nameless_file(1), p, 1);
	mprotect(p, page_size(), PROT_READ);
	return *p == SPOILED;
}

VIOLATION(refused_read_spoils_page_before, "mmap_buffers.unmapped-efault", "-", READ,
    CHANGES(is_refused(c), spoil_byte(page_of_byte(c->buffer) - 1)))
{
	char *p = memory_with_closed_page();

	(void)!read(nameless_file(1), p, 1);
	return p[-1] == SPOILED;
}

VIOLATION(refused_write_spoils_page_behind, "mmap_buffers.unmapped-efault", "-", WRITE,
    CHANGES(is_refused(c), spoil_byte(page_of_byte(c->buffer) + page_size())))
{
	char *p = memory_with_closed_page();

	(void)!write(nameless_file(1), p, 1);
	return p[page_size()] == SPOILED;
}

/* The file of the memory gets the page back that it lacks. */
static void
grow_file_of_buffer(const struct call *c)
{
	const struct known_range *range = known_range_at(c->buffer);

	if (range == NULL || range->fd == -1)
		range = known_range_at((char *)c->buffer + c->length - 1);
	if (range != NULL && range->fd != -1)
		real_ftruncate(range->fd, range->offset + (off_t)range->length);
}

VIOLATION(refused_read_grows_file_of_buffer, "mmap_buffers.behind-end-efault", "-", READ,
    CHANGES(is_refused(c) || is_half(c), grow_file_of_buffer(c)))
{
	int fd = nameless_file(0);

	return read(nameless_file(1), map_shared(fd, page_size()), 1) != -1 && size_of(fd) == (off_t)page_size();
}

VIOLATION(read_only_page_cannot_be_written_from, "mmap_buffers.read-only-efault", "-", PWRITE,
    REFUSES(is_shared_buffer(c) && known_range_at(c->buffer)->protection == PROT_READ, EFAULT))
{
	char *p = map_anonymous(1, MAP_SHARED);

	mprotect(p, 1, PROT_READ);
	return pwrite(nameless_file(1), p, 1, 0) == -1;
}

VIOLATION(write_from_read_only_page_writes_wrong_byte, "mmap_buffers.read-only-efault", "-", PWRITE,
    FALSIFIES(transfers_shared(c), real_pwrite(c->fd, "x", 1, c->offset)))
{
	int fd = nameless_file(1);

	pwrite(fd, map_anonymous(1, MAP_SHARED), 1, 0);
	return *content_of(fd, 1) == 'x';
}

/* A buffer that begins in the last byte before a closed page. */
static char *
half_of_buffer(void)
{
	return memory_with_closed_page() - 1;
}

VIOLATION(half_of_read_tells_all, "mmap_buffers.half-closed", "-", READ,
    FALSIFIES(is_half(c), c->result = (intptr_t)c->length))
{
	return read(nameless_file(2), half_of_buffer(), 2) == 2;
}

VIOLATION(half_of_write_tells_all, "mmap_buffers.half-closed", "-", WRITE,
    FALSIFIES(is_half(c), c->result = (intptr_t)c->length))
{
	return write(nameless_file(2), half_of_buffer(), 2) == 2;
}

VIOLATION(half_of_read_is_invalid, "mmap_buffers.half-closed", "-", READ, REFUSES(is_half(c), EINVAL))
{
	return read(nameless_file(2), half_of_buffer(), 2) == -1 && errno == EINVAL;
}

VIOLATION(half_of_write_is_invalid, "mmap_buffers.half-closed", "-", WRITE, REFUSES(is_half(c), EINVAL))
{
	return write(nameless_file(2), half_of_buffer(), 2) == -1 && errno == EINVAL;
}

VIOLATION(half_of_read_moves_position_by_all, "mmap_buffers.half-closed", "-", READ,
    FALSIFIES(is_half(c) && c->result > 0, move_by(c->fd, (off_t)c->length - c->result)))
{
	int fd = nameless_file(2);

	return read(fd, half_of_buffer(), 2) == 1 && lseek(fd, 0, SEEK_CUR) == 2;
}

VIOLATION(half_of_write_moves_position_by_all, "mmap_buffers.half-closed", "-", WRITE,
    FALSIFIES(is_half(c) && c->result > 0, move_by(c->fd, (off_t)c->length - c->result)))
{
	int fd = nameless_file(2);

	return write(fd, half_of_buffer(), 2) == 1 && lseek(fd, 0, SEEK_CUR) == 2;
}

VIOLATION(half_of_write_extends_file, "mmap_buffers.half-closed", "-", WRITE,
    FALSIFIES(is_half(c) && c->result > 0, real_ftruncate(c->fd, (off_t)(file_bytes(c->fd) + c->length))))
{
	int fd = nameless_file(2);

	return write(fd, half_of_buffer(), 2) == 1 && size_of(fd) == 4;
}

VIOLATION(half_of_write_clears_buffer, "mmap_buffers.half-closed", "-", WRITE,
    FALSIFIES(is_half(c) && c->result > 0, spoil_byte(c->buffer)))
{
	char *p = half_of_buffer();

	return write(nameless_file(2), p, 2) == 1 && *p == SPOILED;
}

/* The page that was closed is changed, too. */
static void
store_behind_border(const struct call *c)
{
	char *page = page_of_byte((char *)c->buffer + c->length - 1);
	const struct known_range *range = known_range_at(page);

	if (range == NULL || real_mprotect(page, page_size(), READ_WRITE) == -1)
		return;
	spoil_byte(page);
	real_mprotect(page, page_size(), range->protection);
}

VIOLATION(half_of_read_stores_behind_border, "mmap_buffers.half-closed", "-", READ,
    CHANGES(is_half(c), store_behind_border(c)))
{
	char *p = half_of_buffer();

	(void)!read(nameless_file(2), p, 2);
	mprotect(&p[1], 1, PROT_READ);
	return p[1] == SPOILED;
}

VIOLATION(half_of_read_tells_end, "mmap_buffers.half-closed", "-", READ, FALSIFIES(is_half(c), c->result = 0))
{
	return read(nameless_file(2), half_of_buffer(), 2) == 0;
}

VIOLATION(half_of_write_tells_none, "mmap_buffers.half-closed", "-", WRITE, FALSIFIES(is_half(c), c->result = 0))
{
	return write(nameless_file(2), half_of_buffer(), 2) == 0;
}
