/* SPDX-License-Identifier: BSD-2-Clause */

/* Calls about files, on which mappings and objects are built. */

#include <sys/mman.h>

#include "mmap.h"

VIOLATION(pread_of_file_does_nothing, "mmap.shared-write-visible-to-read", "-", PREAD,
    REPLACES(is_file(c->fd) && !known_any_segment(), c->result = 0))
{
	char byte;

	return pread(nameless_file(1), &byte, 1, 0) == 0;
}

VIOLATION(
    close_of_mapped_file_eio, "mmap.close-keeps-mapping", "-", CLOSE, REFUSES(is_file(c->fd) && is_mapped(c->fd), EIO))
{
	int fd = nameless_file(page_size());

	map_shared(fd, page_size());
	return close(fd) == -1;
}

VIOLATION(ftruncate_of_mapped_file_einval, "mmap.growth-visible", "-", FTRUNCATE,
    REFUSES(is_file(c->fd) && is_mapped(c->fd), EINVAL))
{
	int fd = nameless_file(page_size());

	map_shared(fd, page_size());
	return ftruncate(fd, 1) == -1;
}

VIOLATION(exec_of_missing_file_eacces, "mmap_process.failed-exec-keeps", "-", EXECV, MISTAKES(true, ENOENT, EACCES))
{
	char *const arguments[] = { NULL };

	return execv("./none", arguments) == -1 && errno == EACCES;
}

VIOLATION(exec_of_no_program_enoent, "mmap_process.failed-exec-keeps", "-", EXECV, MISTAKES(true, EACCES, ENOENT))
{
	char *const arguments[] = { NULL };

	return execv("/", arguments) == -1 && errno == ENOENT;
}

enum { SPARE_FLAG = 0x200000, KNOWN_ACCESS = PROT_READ | PROT_WRITE | PROT_EXEC };

/* What a system may refuse, with an error that documents name. */
static bool
is_odd(const struct call *c)
{
	bool is_aligned =
	    c->offset % (off_t)page_size() == 0 && (!is_fixed(c) || (uintptr_t)c->address % page_size() == 0);

	return !is_aligned || c->offset < 0 || (c->protection & ~KNOWN_ACCESS) || (is_fixed(c) && c->address == NULL) ||
	    (c->flags & SHARING_TYPES) == SHARING_TYPES || (!is_of_file(c) && (c->fd != -1 || c->offset != 0)) ||
	    (is_of_file(c) && c->length > 0 && is_file(c->fd) && (size_t)c->offset > whole_pages(file_bytes(c->fd))) ||
	    (is_of_file(c) &&
		real_make((struct call){ .interface = FCNTL, .fd = c->fd, .command = F_GETFL }) & O_APPEND) ||
	    (c->flags & SPARE_FLAG);
}

VIOLATION(mmap_of_odd_things_enosys, "mmap.prot-unknown-bits", "-", MMAP, REFUSES(is_odd(c), ENOSYS))
{
	return mmap(NULL, page_size(), PROT_READ, MAP_SHARED, nameless_file(1), 1) == MAP_FAILED && errno == ENOSYS;
}

static bool
is_into_attachment(const struct call *c)
{
	const struct known_range *range = known_range_at(c->buffer);

	return range != NULL && range->id != -1 && is_file(c->fd);
}

VIOLATION(pread_into_attachment_reads_nothing, "shm_process.system-calls", "-", PREAD,
    REPLACES(is_into_attachment(c), c->result = 0))
{
	char *p = segment_attach(segment_create(1), NULL, 0);

	return pread(nameless_file(1), p, 1, 0) == 0;
}

VIOLATION(pwrite_from_attachment_writes_nothing, "shm_process.system-calls", "-", PWRITE,
    REPLACES(is_into_attachment(c), c->result = 0))
{
	char *p = segment_attach(segment_create(1), NULL, 0);

	return pwrite(nameless_file(1), p, 1, 0) == 0;
}
