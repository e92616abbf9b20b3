/* SPDX-License-Identifier: BSD-2-Clause */

/* The end of a file in its last page and behind it, and what the signal of a fault tells. */

#include <signal.h>

#include "mmap.h"

/* Whether the file ends inside a page of the new mapping, which can be stored to. */
static bool
has_tail(const struct call *c, bool (*asks)(const struct call *))
{
	size_t size = file_bytes(c->fd);

	return is_of_file(c) && asks(c) && c->offset == 0 && (c->protection & PROT_WRITE) != 0 && is_file(c->fd) &&
	    size % page_size() != 0 && c->length >= size;
}

static void
store_in_tail(const struct call *c, size_t from)
{
	size_t size = file_bytes(c->fd);

	memset(start_of(c) + size + from, 0x5a, page_size() - size % page_size() - from);
}

VIOLATION(mmap_shared_tail_not_zero, "mmap.tail-zero-filled", "-", MMAP,
    FALSIFIES(
	has_tail(c, asks_shared) && file_bytes(c->fd) < 100 && c->length == file_bytes(c->fd), store_in_tail(c, 0)))
{
	const char *p = map_shared(nameless_file(12), 12);

	return p[12] == 0x5a && p[page_size() - 1] == 0x5a;
}

VIOLATION(mmap_shared_tail_of_later_page_not_zero, "mmap.tail-zero-filled", "-", MMAP,
    FALSIFIES(has_tail(c, asks_shared) && file_bytes(c->fd) > page_size(), store_in_tail(c, 0)))
{
	const char *p = map_shared(nameless_file(page_size() + 12), page_size() + 12);

	return p[page_size() + 12] == 0x5a;
}

VIOLATION(mmap_shared_last_byte_of_tail_not_zero, "mmap.tail-zero-filled", "-", MMAP,
    FALSIFIES(has_tail(c, asks_shared) && file_bytes(c->fd) == page_size() - 1, store_in_tail(c, 0)))
{
	const char *p = map_shared(nameless_file(page_size() - 1), page_size() - 1);

	return p[page_size() - 1] == 0x5a;
}

VIOLATION(mmap_private_tail_not_zero, "mmap.tail-zero-filled", "-", MMAP,
    FALSIFIES(has_tail(c, asks_private), store_in_tail(c, 1)))
{
	const char *p = map_private(nameless_file(page_size() + 12), 2 * page_size());

	return p[page_size() + 12] == 0 && p[page_size() + 13] == 0x5a;
}

/* The whole of a known range of a file that ends in its first page. */
static struct known_range *
range_with_tail(const struct call *c)
{
	struct known_range *range = known_range_at(c->address);

	return is_shared_file_range(range) && is_file(range->fd) && range->length == page_size() &&
		file_bytes(range->fd) % page_size() != 0
	    ? range
	    : NULL;
}

static void
write_tail(const struct call *c)
{
	const struct known_range *range = range_with_tail(c);
	size_t size = file_bytes(range->fd);

	real_pwrite(range->fd, range->start + size, range->length - size, (off_t)size);
}

static int
file_with_stored_tail(char **p)
{
	int fd = nameless_file(100);

	*p = map_shared(fd, page_size());
	(*p)[100] = 't';
	return fd;
}

VIOLATION(msync_writes_tail, "mmap.tail-never-written", "-", MSYNC, CHANGES(range_with_tail(c) != NULL, write_tail(c)))
{
	char *p;
	int fd = file_with_stored_tail(&p);

	msync(p, page_size(), MS_SYNC);
	return size_of(fd) != 100 && content_of(fd, 101)[100] == 't';
}

VIOLATION(
    munmap_writes_tail, "mmap.tail-never-written", "-", MUNMAP, CHANGES(range_with_tail(c) != NULL, write_tail(c)))
{
	char *p;
	int fd = file_with_stored_tail(&p);

	munmap(p, page_size());
	return size_of(fd) != 100 && content_of(fd, 101)[100] == 't';
}

static bool
grows_from_inside_page(const struct call *c)
{
	return is_file(c->fd) && file_bytes(c->fd) % page_size() != 0 && (size_t)c->offset > file_bytes(c->fd);
}

static void
grow_with_old_byte(struct call *c)
{
	off_t size = (off_t)file_bytes(c->fd);

	if (real_call(c) == 0)
		real_pwrite(c->fd, "t", 1, size);
}

VIOLATION(ftruncate_grown_file_shows_dropped_tail, "mmap.tail-never-written", "-", FTRUNCATE,
    REPLACES(grows_from_inside_page(c), grow_with_old_byte(c)))
{
	char *p;
	int fd = file_with_stored_tail(&p);

	munmap(p, page_size());
	set_size(fd, 101);
	return content_of(fd, 101)[100] == 't';
}

static bool
is_behind_end_of(const struct call *c, bool (*asks)(const struct call *), bool (*is_of_kind)(int))
{
	return reaches_behind_last_page(c) && asks(c) && is_of_kind(c->fd);
}

static void
put_zeros_behind_end(const struct call *c)
{
	char *first = first_page_behind_end(c);

	put_zeros(first, (size_t)(last_page_of(c) - first) + page_size(), READ_WRITE, MAP_PRIVATE);
}

/* What fault a load of the second page behind the end of a mapping of three pages raises. */
static int
signal_behind_end(const char *p, size_t page)
{
	return fault_of_load(&p[page * page_size()]).signal;
}

VIOLATION(mmap_shared_memory_behind_end, "mmap.sigbus-beyond-last-page", "B058", MMAP,
    FALSIFIES(is_behind_end_of(c, asks_shared, is_file) && file_bytes(c->fd) > page_size(), put_zeros_behind_end(c)))
{
	return signal_behind_end(map_shared(nameless_file(2 * page_size()), 3 * page_size()), 2) == 0;
}

VIOLATION(mmap_private_memory_behind_end, "mmap.sigbus-beyond-last-page", "-", MMAP,
    FALSIFIES(is_behind_end_of(c, asks_private, is_file) && file_bytes(c->fd) > 0, put_zeros_behind_end(c)))
{
	return signal_behind_end(map_private(nameless_file(12), 2 * page_size()), 1) == 0;
}

VIOLATION(mmap_memory_behind_end_of_object, "mmap.sigbus-beyond-last-page", "-", MMAP,
    FALSIFIES(is_behind_end_of(c, asks_shared, is_object) && c->length > page_size(), put_zeros_behind_end(c)))
{
	return signal_behind_end(map_shared(object_create(1).fd, 3 * page_size()), 1) == 0;
}

VIOLATION(mmap_memory_of_empty_file, "mmap.sigbus-beyond-last-page", "-", MMAP,
    FALSIFIES(is_behind_end_of(c, asks_shared, is_file) && file_bytes(c->fd) == 0, put_zeros_behind_end(c)))
{
	return signal_behind_end(map_shared(nameless_file(0), page_size()), 0) == 0;
}

VIOLATION(mmap_memory_in_first_page_behind_end, "mmap.sigbus-beyond-last-page", "-", MMAP,
    FALSIFIES(is_behind_end_of(c, asks_shared, is_file) && file_bytes(c->fd) < page_size() && file_bytes(c->fd) > 0,
	put_zeros(first_page_behind_end(c), page_size(), READ_WRITE, MAP_PRIVATE)))
{
	const char *p = map_shared(nameless_file(12), 3 * page_size());

	return signal_behind_end(p, 1) == 0 && signal_behind_end(p, 2) == SIGBUS;
}

VIOLATION(mmap_memory_in_last_page_behind_end, "mmap.sigbus-beyond-last-page", "-", MMAP,
    FALSIFIES(is_behind_end_of(c, asks_private, is_file) && file_bytes(c->fd) > 0 && c->length > page_size(),
	put_zeros(last_page_of(c), page_size(), READ_WRITE, MAP_PRIVATE)))
{
	const char *p = map_private(nameless_file(12), 3 * page_size());

	return signal_behind_end(p, 1) == SIGBUS && signal_behind_end(p, 2) == 0;
}

/* That the file never had, as far as its size tells. */
static bool
is_in_short_private_file(const struct call *c)
{
	return is_private_file_range(known_range_at(c->address));
}

VIOLATION(fault_behind_end_sigsegv, "mmap.sigbus-beyond-last-page", "B085", FAULT,
    FALSIFIES(c->id == SIGBUS && is_in_short_private_file(c), c->id = SIGSEGV))
{
	return signal_behind_end(map_private(nameless_file(12), 2 * page_size()), 1) == SIGSEGV;
}

static bool
shrinks_file(const struct call *c)
{
	return is_file(c->fd) && c->offset > 0 && file_bytes(c->fd) > (size_t)c->offset + page_size();
}

VIOLATION(ftruncate_cuts_one_page_less, "mmap.sigbus-after-truncate", "-", FTRUNCATE,
    CHANGES(shrinks_file(c), c->offset += (off_t)page_size()))
{
	int fd = nameless_file(4 * page_size());
	const char *p = map_shared(fd, 4 * page_size());

	set_size(fd, (off_t)page_size());
	return signal_behind_end(p, 1) == 0;
}

static void
cut_and_grow_again(struct call *c)
{
	off_t size = (off_t)file_bytes(c->fd);

	if (real_call(c) == 0)
		real_ftruncate(c->fd, size);
}

VIOLATION(ftruncate_leaves_zeros_behind_end, "mmap.sigbus-after-truncate", "-", FTRUNCATE,
    REPLACES(shrinks_file(c), cut_and_grow_again(c)))
{
	int fd = nameless_file(4 * page_size());
	const char *p = map_shared(fd, 4 * page_size());

	set_size(fd, (off_t)page_size());
	return signal_behind_end(p, 1) == 0;
}

VIOLATION(fault_after_truncation_sigsegv, "mmap.sigbus-after-truncate", "B085", FAULT,
    FALSIFIES(c->id == SIGBUS && is_shared_file_range(known_range_at(c->address)) &&
	    known_range_at(c->address)->length > page_size() && file_bytes(known_range_at(c->address)->fd) > 0,
	c->id = SIGSEGV))
{
	int fd = nameless_file(4 * page_size());
	const char *p = map_shared(fd, 4 * page_size());

	set_size(fd, (off_t)page_size());
	return signal_behind_end(p, 1) == SIGSEGV;
}

/* A fault in memory without a file that was mapped for no access. */
static bool
is_in_closed_memory(const struct call *c)
{
	const struct known_range *range = known_range_at(c->address);

	return c->id == SIGSEGV && is_private_anonymous_range(range) && range->protection == PROT_NONE;
}

static struct fault
fault_in_closed_memory(char **p)
{
	*p = mmap(NULL, page_size(), PROT_NONE, PRIVATE_ANONYMOUS, -1, 0);
	return fault_of_load(*p);
}

VIOLATION(fault_of_protection_has_maperr, "mmap.siginfo-codes", "-", FAULT,
    FALSIFIES(is_in_closed_memory(c), c->flags = SEGV_MAPERR))
{
	char *p = NULL;

	return fault_in_closed_memory(&p).code == SEGV_MAPERR;
}

VIOLATION(fault_of_protection_has_no_address, "mmap.siginfo-codes", "-", FAULT,
    FALSIFIES(is_in_closed_memory(c), c->address = NULL))
{
	char *p = NULL;

	return fault_in_closed_memory(&p).address == NULL;
}

VIOLATION(
    fault_of_protection_sigbus, "mmap.siginfo-codes", "B085", FAULT, FALSIFIES(is_in_closed_memory(c), c->id = SIGBUS))
{
	char *p = NULL;

	return fault_in_closed_memory(&p).signal == SIGBUS;
}

/* A fault in a process that has nothing mapped, and that is not about segments. */
static bool
is_without_memory(const struct call *c)
{
	size_t ranges;
	size_t segments;

	known_ranges(&ranges);
	known_segments(&segments);
	return c->id == SIGSEGV && c->flags == SEGV_MAPERR && ranges == 0 && segments == 0 &&
	    known_failed_attaches() == 0;
}

VIOLATION(fault_of_nothing_has_accerr, "mmap.siginfo-codes", "-", FAULT,
    FALSIFIES(is_without_memory(c), c->flags = SEGV_ACCERR))
{
	return fault_of_load(free_range(page_size())).code == SEGV_ACCERR;
}

VIOLATION(fault_of_nothing_has_next_page, "mmap.siginfo-codes", "-", FAULT,
    FALSIFIES(is_without_memory(c), c->address = (char *)c->address + page_size()))
{
	char *p = free_range(page_size());

	return fault_of_load(p).address == p + page_size();
}
