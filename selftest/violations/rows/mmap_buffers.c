/* SPDX-License-Identifier: BSD-2-Clause */

/* read() and write() with buffers in mappings that are touched first, or are stored to afterwards. */

#include <sys/socket.h>

#include "buffers.h"

/* Shared, and touched by nobody. */
static bool
is_fresh_buffer(const struct call *c)
{
	return is_shared_buffer(c) && c->length > 0 && !is_closed(c, c->buffer) &&
	    !is_resident(page_of_byte(c->buffer)) && known_range_at(c->buffer)->protection == READ_WRITE;
}

/* A read of three bytes into the second page of fresh memory, behind its tenth byte. */
static char *
fresh_memory_with_read(void)
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);
	int fd = nameless_file(page_size());

	pwrite(fd, "abc", 3, 0);
	(void)!read(fd, &p[page_size() + 10], 3);
	return &p[page_size()];
}

VIOLATION(read_stores_behind_buffer, "mmap_buffers.first-touch-by-read", "-", READ,
    FALSIFIES(transfers_shared(c), spoil_byte((char *)c->buffer + c->result)))
{
	return fresh_memory_with_read()[13] == SPOILED;
}

VIOLATION(read_stores_before_buffer, "mmap_buffers.first-touch-by-read", "-", READ,
    FALSIFIES(transfers_shared(c), spoil_byte((char *)c->buffer - 1)))
{
	return fresh_memory_with_read()[9] == SPOILED;
}

VIOLATION(read_loses_last_byte, "mmap_buffers.first-touch-by-read", "-", READ,
    FALSIFIES(transfers_shared(c), ((char *)c->buffer)[c->result - 1] = 0))
{
	return fresh_memory_with_read()[12] == 0;
}

VIOLATION(
    read_into_fresh_memory_refused, "mmap_buffers.first-touch-by-read", "-", READ, REFUSES(is_fresh_buffer(c), EFAULT))
{
	return fresh_memory_with_read()[10] == 0;
}

VIOLATION(read_makes_fresh_memory_private, "mmap_buffers.first-touch-by-read", "-", READ,
    CHANGES(is_fresh_buffer(c), make_range_private(known_range_at(c->buffer))))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);
	int fd = nameless_file(1);
	pid_t child = fork();

	if (child == 0) {
		pwrite(fd, "c", 1, 0);
		(void)!read(fd, p, 1);
		_exit(*p == 'c' ? 0 : 1);
	}
	waitpid(child, NULL, 0);
	return *p == 0;
}

VIOLATION(write_from_fresh_memory_refused, "mmap_buffers.first-touch-by-write", "-", WRITE,
    REFUSES(is_fresh_buffer(c), EFAULT))
{
	return write(nameless_file(1), map_anonymous(1, MAP_SHARED), 1) == -1;
}

VIOLATION(write_leaves_fresh_memory_read_only, "mmap_buffers.first-touch-by-write", "-", WRITE,
    CHANGES(is_fresh_buffer(c), real_mprotect(page_of_byte(c->buffer), page_size(), PROT_READ)))
{
	char *p = map_anonymous(1, MAP_SHARED);

	(void)!write(nameless_file(1), p, 1);
	return fault_of_store(p, 's').signal != 0;
}

VIOLATION(write_from_shared_memory_writes_wrong_byte, "mmap_buffers.first-touch-by-write", "-", WRITE,
    FALSIFIES(transfers_shared(c) && is_file(c->fd), real_pwrite(c->fd, "x", 1, position_of(c->fd) - 1)))
{
	int fd = nameless_file(1);

	(void)!write(fd, map_anonymous(1, MAP_SHARED), 1);
	return *content_of(fd, 1) == 'x';
}

VIOLATION(write_from_shared_memory_goes_on, "mmap_buffers.first-touch-by-write", "-", WRITE,
    FALSIFIES(transfers_shared(c) && is_file(c->fd), real_pwrite(c->fd, "x", 1, position_of(c->fd))))
{
	int fd = nameless_file(2);

	(void)!write(fd, map_anonymous(1, MAP_SHARED), 1);
	return content_of(fd, 2)[1] == 'x';
}

/* What comes out of a pipe or a socket is what the memory holds by now that may have been sent. */
static const struct known_range *
loaned_memory(const struct call *c)
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);
	mode_t mode = real_status_of(c->fd).st_mode;

	if (c->result < 256 || (!S_ISFIFO(mode) && !S_ISSOCK(mode)))
		return NULL;
	for (size_t i = 0; i < count; i++)
		if (ranges[i].length >= (size_t)c->result && (ranges[i].flags & SHARING_TYPES) != MAP_PRIVATE)
			return &ranges[i];
	return NULL;
}

enum { SENT = 256 };

/* Zeros are sent, the first of them is stored to, and they are received. Returns where they are; null where there is no pipe. */
static const char *
sent_and_stored(char *received)
{
	char *p = map_anonymous(page_size(), MAP_SHARED);
	int ends[2];

	if (pipe(ends) == -1)
		return NULL;
	(void)!write(ends[1], p, SENT);
	*p = 's';
	(void)!read(ends[0], received, SENT);
	return p;
}

VIOLATION(read_gives_what_sender_stored_later, "mmap_buffers.written-data-stay", "-", READ,
    FALSIFIES(loaned_memory(c) != NULL, memcpy(c->buffer, loaned_memory(c)->start, (size_t)c->result)))
{
	char received[SENT] = { 0 };

	return sent_and_stored(received) != NULL && *received == 's';
}

VIOLATION(read_into_loaned_memory_stores_there, "mmap_buffers.written-data-stay", "-", READ,
    FALSIFIES(loaned_memory(c) != NULL, memcpy(loaned_memory(c)->start, c->buffer, (size_t)c->result)))
{
	char received[SENT] = { 0 };
	const char *p = sent_and_stored(received);

	return p != NULL && *p == 0;
}

static bool
is_pipe_or_socket(int fd)
{
	mode_t mode = real_status_of(fd).st_mode;

	return S_ISFIFO(mode) || S_ISSOCK(mode);
}

VIOLATION(read_of_long_message_is_short, "mmap_buffers.written-data-stay", "-", READ,
    FALSIFIES(c->result >= 256 && is_pipe_or_socket(c->fd), c->result -= 1))
{
	char bytes[256] = { 0 };
	int ends[2];

	return pipe(ends) == 0 && write(ends[1], bytes, sizeof(bytes)) == sizeof(bytes) &&
	    read(ends[0], bytes, sizeof(bytes)) == sizeof(bytes) - 1;
}

VIOLATION(write_of_long_message_tells_less, "mmap_buffers.written-data-stay", "-", WRITE,
    FALSIFIES(transfers_shared(c) && is_pipe_or_socket(c->fd), c->result -= 1))
{
	int ends[2];

	return pipe(ends) == 0 && write(ends[1], map_anonymous(256, MAP_SHARED), 256) == 255;
}
