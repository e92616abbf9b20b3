/* SPDX-License-Identifier: BSD-2-Clause */

/* Offsets and lengths that are cut to 31 or 32 bits, and calls for parts of long mappings. */

#include "mmap.h"

#define GIB ((uintmax_t)1 << 30)

static bool
crosses(const struct call *c, uintmax_t border)
{
	return is_of_file(c) && c->offset >= 0 && (uintmax_t)c->offset < border &&
	    c->length > border - (uintmax_t)c->offset;
}

/* From the border on, the pages of the file from its start. */
static void
wrap_at(const struct call *c, uintmax_t border)
{
	size_t before = (size_t)(border - (uintmax_t)c->offset);

	put_file(start_of(c) + before, c->length - before, c->protection, c->flags & SHARING_TYPES, c->fd, 0);
}

/* A window of two pages at the border of a file, whose second page is to be "b". */
static char
byte_behind(uintmax_t border)
{
	int fd = nameless_file(0);
	char *p;

	pwrite(fd, "a", 1, 0);
	pwrite(fd, "b", 1, (off_t)border);
	p = mmap(NULL, 2 * page_size(), PROT_READ, MAP_SHARED, fd, (off_t)(border - page_size()));
	return p[page_size()];
}

VIOLATION(
    mmap_wraps_at_4_gib, "mmap_offsets.across-borders", "-", MMAP, FALSIFIES(crosses(c, 4 * GIB), wrap_at(c, 4 * GIB)))
{
	return byte_behind(4 * GIB) == 'a';
}

VIOLATION(
    mmap_wraps_at_2_gib, "mmap_offsets.across-borders", "-", MMAP, FALSIFIES(crosses(c, 2 * GIB), wrap_at(c, 2 * GIB)))
{
	return byte_behind(2 * GIB) == 'a';
}

VIOLATION(mmap_loses_bit_31_of_offset, "mmap_offsets.across-borders", "-", MMAP,
    CHANGES(is_of_file(c) && c->offset > 0 && ((uintmax_t)c->offset & 2 * GIB) != 0, c->offset -= (off_t)(2 * GIB)))
{
	return byte_behind(3 * GIB) == 0;
}

static void
put_zeros_at_start(const struct call *c)
{
	put_zeros(start_of(c), page_size(), READ_WRITE, MAP_PRIVATE);
}

VIOLATION(mmap_far_page_is_zero, "mmap_offsets.across-borders", "-", MMAP,
    FALSIFIES(is_of_file(c) && (uintmax_t)c->offset < 4 * GIB && (uintmax_t)c->offset >= 2 * GIB - 2 * page_size(),
	put_zeros_at_start(c)))
{
	int fd = nameless_file(0);

	pwrite(fd, "a", 1, (off_t)(2 * GIB));
	return *(char *)mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, (off_t)(2 * GIB)) == 0;
}

/* The page is that of another place of the file, or it is filled with something. */
VIOLATION(mmap_far_page_is_filled, "mmap_offsets.last-page-of-31-bits", "-", MMAP,
    FALSIFIES(asks_shared_file(c) && (c->protection & PROT_WRITE) != 0 &&
	    (uintmax_t)c->offset >= 2 * GIB - page_size() && file_bytes(c->fd) > (uintmax_t)c->offset,
	*start_of(c) = 0x5a))
{
	int fd = nameless_file(0);

	set_size(fd, (off_t)(2 * GIB));
	return *(char *)mmap(NULL, page_size(), READ_WRITE, MAP_SHARED, fd, (off_t)(2 * GIB - page_size())) == 0x5a;
}

static bool
is_far_file(const struct call *c)
{
	const struct known_range *range = known_range_at(c->address);

	return is_shared_file_range(range) && (uintmax_t)range->offset + range->length >= 2 * GIB;
}

static char *
far_page(int *fd)
{
	*fd = nameless_file(0);
	set_size(*fd, (off_t)(2 * GIB));
	return mmap(NULL, page_size(), READ_WRITE, MAP_SHARED, *fd, (off_t)(2 * GIB - page_size()));
}

VIOLATION(msync_of_far_page_refused, "mmap_offsets.across-borders", "-", MSYNC, REFUSES(is_far_file(c), EINVAL))
{
	int fd;

	return msync(far_page(&fd), 1, MS_SYNC) == -1;
}

VIOLATION(msync_of_far_page_makes_file_longer, "mmap_offsets.last-page-of-31-bits", "-", MSYNC,
    FALSIFIES(is_far_file(c),
	real_ftruncate(known_range_at(c->address)->fd, (off_t)file_bytes(known_range_at(c->address)->fd) + 1)))
{
	int fd;

	msync(far_page(&fd), 1, MS_SYNC);
	return size_of(fd) == (off_t)(2 * GIB) + 1;
}

VIOLATION(msync_of_far_page_drops_store, "mmap_offsets.across-borders", "-", MSYNC,
    FALSIFIES(is_far_file(c) && known_range_at(c->address)->length <= 2 * page_size(),
	memset(known_range_at(c->address)->start, 0, known_range_at(c->address)->length)))
{
	int fd;
	char *p = far_page(&fd);

	*p = 's';
	msync(p, 1, MS_SYNC);
	return *p == 0;
}

VIOLATION(pread_of_far_bytes_is_short, "mmap_offsets.across-borders", "-", PREAD,
    FALSIFIES((uintmax_t)c->offset >= 2 * GIB - page_size() && c->result > 1, c->result -= 1))
{
	int fd;
	char bytes[2];

	far_page(&fd);
	return pread(fd, bytes, 2, (off_t)(2 * GIB - 2)) == 1;
}

/* A part of a mapping of more than 4 GiB. */
static struct known_range *
long_range(const struct call *c)
{
	struct known_range *range = known_range_at(c->address);

	return range != NULL && (uintmax_t)range->length_then > 4 * GIB ? range : NULL;
}

static char *
long_mapping(void)
{
	return mmap(NULL, (size_t)(5 * GIB), READ_WRITE, PRIVATE_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

VIOLATION(mprotect_in_long_mapping_refused, "mmap_offsets.longer-than-4-gib", "-", MPROTECT,
    REFUSES(long_range(c) != NULL, EINVAL))
{
	return mprotect(long_mapping(), page_size(), PROT_READ) == -1;
}

VIOLATION(mprotect_in_long_mapping_takes_page_before, "mmap_offsets.longer-than-4-gib", "-", MPROTECT,
    FALSIFIES(long_range(c) != NULL, real_mprotect((char *)c->address - page_size(), page_size(), PROT_READ)))
{
	char *p = long_mapping() + 4 * GIB;

	mprotect(p, page_size(), PROT_READ);
	return fault_of_store(p - 1, 's').signal != 0;
}

VIOLATION(mprotect_in_long_mapping_takes_page_behind, "mmap_offsets.longer-than-4-gib", "-", MPROTECT,
    FALSIFIES(long_range(c) != NULL, real_mprotect((char *)c->address + c->length, page_size(), PROT_READ)))
{
	char *p = long_mapping() + 4 * GIB;

	mprotect(p, page_size(), PROT_READ);
	return fault_of_store(&p[page_size()], 's').signal != 0;
}

static void
spoil_long(const struct known_range *range)
{
	spoil_byte(range->start_then);
	spoil_byte(range->start_then + 2 * GIB);
	spoil_byte(range->start_then + range->length_then - 1);
}

VIOLATION(mprotect_in_long_mapping_spoils_it, "mmap_offsets.longer-than-4-gib", "-", MPROTECT,
    CHANGES(long_range(c) != NULL, spoil_long(long_range(c))))
{
	char *p = long_mapping();

	mprotect(p + 4 * GIB, page_size(), PROT_READ);
	return *p == SPOILED;
}

VIOLATION(munmap_in_long_mapping_refused, "mmap_offsets.longer-than-4-gib", "-", MUNMAP,
    REFUSES(long_range(c) != NULL, EINVAL))
{
	return munmap(long_mapping(), page_size()) == -1;
}

VIOLATION(munmap_in_long_mapping_takes_page_before, "mmap_offsets.longer-than-4-gib", "-", MUNMAP,
    FALSIFIES(c->length <= 2 * page_size() && long_range(c) != NULL,
	real_munmap((char *)c->address - page_size(), page_size())))
{
	char *p = long_mapping() + 4 * GIB;

	munmap(p, page_size());
	return fault_of_store(p - 1, 's').signal != 0;
}

VIOLATION(munmap_in_long_mapping_takes_page_behind, "mmap_offsets.longer-than-4-gib", "-", MUNMAP,
    FALSIFIES(c->length <= 2 * page_size() && long_range(c) != NULL,
	real_munmap((char *)c->address + c->length, page_size())))
{
	char *p = long_mapping() + 4 * GIB;

	munmap(p, page_size());
	return fault_of_store(&p[page_size()], 's').signal != 0;
}

VIOLATION(munmap_of_long_part_spoils_start, "mmap_offsets.longer-than-4-gib", "-", MUNMAP,
    CHANGES(c->length > GIB && long_range(c) != NULL, spoil_byte(long_range(c)->start_then)))
{
	char *p = long_mapping();

	munmap(p + 2 * GIB, (size_t)(2 * GIB));
	return *p == SPOILED;
}

static bool
asks_for_greatest_offset(const struct call *c)
{
	return is_of_file(c) && c->offset > (off_t)1 << (8 * sizeof(off_t) - 2);
}

static void *
map_greatest_offset(int fd)
{
	const off_t greatest = (((off_t)1 << (8 * sizeof(off_t) - 2)) - 1) * 2 + 1;

	return mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd,
	    greatest - greatest % (off_t)page_size() - (off_t)page_size());
}

VIOLATION(mmap_of_greatest_offset_denied, "mmap_offsets.largest-offset", "-", MMAP,
    REFUSES(asks_for_greatest_offset(c), EACCES))
{
	return map_greatest_offset(nameless_file(1)) == MAP_FAILED && errno == EACCES;
}

VIOLATION(mmap_of_greatest_offset_gives_memory, "mmap_offsets.largest-offset", "-", MMAP,
    REPLACES(asks_for_greatest_offset(c),
	(c->result = (intptr_t)some_memory(c), real_ftruncate(c->fd, (off_t)(2 * page_size())))))
{
	return fault_of_load(map_greatest_offset(nameless_file(1))).signal == 0;
}
