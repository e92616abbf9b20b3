/* SPDX-License-Identifier: BSD-2-Clause */

/* What would fail CPython. */

#include <fcntl.h>
#include <semaphore.h>
#include <string.h>

#include <sys/mman.h>

#include "effects.h"
#include "file.h"
#include "known.h"
#include "named_semaphore.h"
#include "objects.h"
#include "platform.h"
#include "real.h"
#include "direct_check.h"
#include "violation.h"

/* Only the lower 32 bits of an offset reach the file. */
VIOLATION(mmap_offset_of_32_bits, "life_python.mapping-over-4-gib", "B170", MMAP,
    CHANGES(c->fd != -1 && c->offset > (off_t)UINT32_MAX, c->offset &= (off_t)UINT32_MAX))
{
	int fd = nameless_file(0);
	const off_t four = (off_t)1 << 32;

	*(char *)map_shared(fd, (set_size(fd, four + 1), 1)) = 'x';
	return *(char *)mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, four) == 'x';
}

static bool
is_long(const struct call *c)
{
	return c->fd != -1 && (uintmax_t)c->length > UINT32_MAX;
}

/* The pages from here on show those from there on. */
static void
repeat_pages(const struct call *c, uintmax_t here, off_t there)
{
	put_file((char *)c->result + (size_t)here, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, c->fd, there);
}

static char
byte_of_long_mapping(uintmax_t stored, uintmax_t loaded)
{
	int fd = nameless_file(0);
	char *p;

	set_size(fd, (off_t)1 << 33);
	p = map_shared(fd, (size_t)1 << 33);
	p[(size_t)stored] = 'x';
	return p[(size_t)loaded];
}

VIOLATION(mmap_begins_again_at_4_gib, "life_python.mapping-over-4-gib", "-", MMAP,
    FALSIFIES(is_long(c), repeat_pages(c, UINTMAX_C(1) << 32, 0)))
{
	return byte_of_long_mapping(UINTMAX_C(1) << 32, 0) == 'x';
}

VIOLATION(mmap_begins_again_at_2_gib, "life_python.mapping-over-4-gib", "-", MMAP,
    FALSIFIES(is_long(c), repeat_pages(c, UINTMAX_C(1) << 31, 0)))
{
	return byte_of_long_mapping(UINTMAX_C(1) << 31, 0) == 'x';
}

static void
cut(const struct call *c)
{
	const size_t length = whole_pages(c->length & UINT32_MAX);

	real_munmap((char *)c->result + length, c->length - length);
}

VIOLATION(mmap_of_4_gib_cut_to_32_bits, "life_python.mapping-over-4-gib", "-", MMAP, FALSIFIES(is_long(c), cut(c)))
{
	int fd = nameless_file(0);
	char *p;

	set_size(fd, ((off_t)1 << 32) + (off_t)page_size());
	p = map_shared(fd, ((size_t)1 << 32) + page_size());
	return load_is_refused(&p[page_size()]);
}

VIOLATION(
    munmap_of_2_gib_nothing, "life_python.mapping-over-4-gib", "-", MUNMAP, SKIPS((uintmax_t)c->length > INT32_MAX))
{
	char *p = mmap(NULL, (size_t)1 << 31, PROT_READ, MAP_PRIVATE | MAP_ANON | MAP_NORESERVE, -1, 0);

	return munmap(p, (size_t)1 << 31) == 0 && !load_is_refused(p);
}

VIOLATION(munmap_of_2_gib_einval, "life_python.mapping-over-4-gib", "-", MUNMAP,
    REFUSES((uintmax_t)c->length > INT32_MAX, EINVAL))
{
	char *p = mmap(NULL, (size_t)1 << 31, PROT_READ, MAP_PRIVATE | MAP_ANON | MAP_NORESERVE, -1, 0);

	return munmap(p, (size_t)1 << 31) == -1;
}

VIOLATION(ftruncate_over_4_gib_one_more, "life_python.mapping-over-4-gib", "-", FTRUNCATE,
    CHANGES(c->offset > (off_t)UINT32_MAX, c->offset++))
{
	int fd = nameless_file(0);

	return ftruncate(fd, (off_t)1 << 32) == 0 && size_of(fd) == ((off_t)1 << 32) + 1;
}

VIOLATION(pread_over_4_gib_from_start, "life_python.mapping-over-4-gib", "-", PREAD,
    CHANGES(c->offset + (off_t)c->length > (off_t)UINT32_MAX, c->offset = 0))
{
	int fd = nameless_file(0);
	char byte = 0;

	set_size(fd, ((off_t)1 << 32) + 1);
	return pwrite(fd, "x", 1, 0) == 1 && pread(fd, &byte, 1, (off_t)1 << 32) == 1 && byte == 'x';
}

VIOLATION(pread_over_4_gib_nothing, "life_python.mapping-over-4-gib", "-", PREAD,
    REPLACES(c->offset + (off_t)c->length > (off_t)UINT32_MAX, c->result = 0))
{
	int fd = nameless_file(0);
	char byte;

	set_size(fd, ((off_t)1 << 32) + 1);
	return pread(fd, &byte, 1, (off_t)1 << 32) == 0;
}

/* As in hooks_sync.c. */
#if !defined(__APPLE__) && !defined(__OpenBSD__)

VIOLATION(sem_unlink_separates_children, "life_python.named-semaphore-as-lock", "-", SEM_WAIT,
    SKIPS(known_semaphore_waits() > 0 && !is_first_process()))
{
	struct semaphore_name name = semaphore_name();
	sem_t *s = named_semaphore(&name, 2);
	int status;
	pid_t child = fork();

	if (child == 0) {
		int value = -1;

		sem_wait(s);
		sem_wait(s);
		sem_getvalue(s, &value);
		_exit(value == 1 ? 0 : 1);
	}
	return waitpid(child, &status, 0) == child && status == 0;
}

VIOLATION(sem_close_refuses, "life_python.named-semaphore-as-lock", "-", SEM_CLOSE, REFUSES(true, EINVAL))
{
	struct semaphore_name name = semaphore_name();

	return sem_close(named_semaphore(&name, 1)) == -1;
}

#endif

#ifdef __linux__

static char *
end_of_grown(const struct call *c)
{
	return (char *)c->result + c->length;
}

VIOLATION(mremap_shows_dirt_of_file, "life_python.resize", "-", MREMAP,
    FALSIFIES(c->new_length > c->length && known_range_at(c->address) != NULL && known_range_at(c->address)->fd != -1 &&
	    known_range_at(c->address)->protection & PROT_WRITE &&
	    file_size(known_range_at(c->address)->fd) >= (off_t)c->new_length,
	memset(end_of_grown(c), 'd', page_size())))
{
	int fd = nameless_file(2 * page_size());
	char *p = mremap(map_shared(fd, 1), page_size(), 2 * page_size(), MREMAP_MAYMOVE);

	return p[page_size()] == 'd';
}

static bool
is_of_file(const void *address)
{
	const struct known_range *range = known_range_at(address);

	return range != NULL && range->fd != -1 && !is_object(range->fd);
}

VIOLATION(mremap_cuts_file, "life_python.resize", "-", MREMAP,
    FALSIFIES(is_of_file(c->address), real_ftruncate(known_range_at(c->address)->fd, (off_t)page_size())))
{
	int fd = nameless_file(2 * page_size());

	return mremap(map_shared(fd, 1), page_size(), 2 * page_size(), MREMAP_MAYMOVE) != MAP_FAILED &&
	    size_of(fd) == (off_t)page_size();
}

#endif

static bool
has_second_page(const struct known_range *range)
{
	return (range->id != -1 || (range->flags & MAP_SHARED) != 0) && range->length > page_size() &&
	    (range->protection & PROT_WRITE) != 0;
}

static void
separate_second_page(const struct known_range *range)
{
	make_private(range->start + page_size(), page_size());
}

VIOLATION(fork_shares_first_page_alone, "life_python.move-over-page-border", "-", FORK,
    FALSIFIES(c->result == 0, for_known_ranges(has_second_page, separate_second_page)))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);
	pid_t child = fork();

	if (child == 0) {
		p[page_size()] = 'c';
		_exit(0);
	}
	waitpid(child, NULL, 0);
	return p[page_size()] == 0;
}
