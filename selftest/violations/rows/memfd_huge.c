/* SPDX-License-Identifier: BSD-2-Clause */

/* Objects of huge pages: their sizes, content and seals. The direct checks see nothing where there are none. */

#ifdef __linux__

#include "huge.h"

VIOLATION(write_to_huge_object_accepted, "memfd_huge.write-einval", "-", WRITE,
    ACCEPTS(is_huge_file(c->fd), EINVAL, c->length))
{
	int fd = has_huge_pages(1) ? huge_memfd(huge_size()) : -1;

	return fd != -1 && write(fd, "w", 1) == 1;
}

VIOLATION(pwrite_to_huge_object_accepted, "memfd_huge.write-einval", "-", PWRITE,
    ACCEPTS(is_huge_file(c->fd), EINVAL, c->length))
{
	int fd = has_huge_pages(1) ? huge_memfd(huge_size()) : -1;

	return fd != -1 && pwrite(fd, "w", 1, 0) == 1;
}

static void
fail_but_make_hole(struct call *c)
{
	real_call(c);
	call_fail(c, EOPNOTSUPP);
}

VIOLATION(hole_of_huge_object_refused_but_made, "shm_object.fallocate-of-huge-pages", "-", FALLOCATE,
    REPLACES((c->flags & FALLOC_FL_PUNCH_HOLE) != 0 && is_huge_file(c->fd), fail_but_make_hole(c)))
{
	struct memory m = huge_memory(huge_memfd_memory, 1);

	if (m.start == NULL)
		return false;
	*m.start = 'h';
	return fallocate(m.fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, (off_t)m.size) == -1 && *m.start == 0;
}

static void
fail_but_change(struct call *c)
{
	for_known_ranges(is_huge_range, spoil_range);
	real_ftruncate(c->fd, file_size(c->fd) + (off_t)huge_size());
	call_fail(c, EINVAL);
}

VIOLATION(write_to_huge_object_fails_and_changes_it, "memfd_huge.write-einval", "-", WRITE,
    REPLACES(is_huge_file(c->fd), fail_but_change(c)))
{
	struct memory m = huge_memory(huge_memfd_memory, 1);

	return m.start != NULL && write(m.fd, "w", 1) == -1 && *m.start == SPOILED && size_of(m.fd) > (off_t)m.size;
}

static ssize_t
read_from_huge(char *byte)
{
	struct memory m = huge_memory(huge_memfd_memory, 1);

	return m.start == NULL ? 0 : pread(m.fd, byte, 1, 0);
}

VIOLATION(pread_from_huge_object_einval, "memfd_huge.read-ok", "-", PREAD, REFUSES(is_huge_file(c->fd), EINVAL))
{
	char byte;

	return read_from_huge(&byte) == -1;
}

VIOLATION(pread_from_huge_object_differs, "memfd_huge.read-ok", "-", PREAD,
    FALSIFIES(is_huge_file(c->fd), memset(c->buffer, 'x', (size_t)c->result)))
{
	char byte;

	return read_from_huge(&byte) == 1 && byte == 'x';
}

static bool
shrinks(const struct call *c)
{
	return is_huge_file(c->fd) && c->offset < file_size(c->fd) && c->offset % (off_t)huge_size() == 0;
}

static bool
grows(const struct call *c)
{
	return is_huge_file(c->fd) && c->offset > file_size(c->fd) && file_size(c->fd) > 0;
}

static bool
is_to_part(const struct call *c)
{
	return is_huge_file(c->fd) && c->offset % (off_t)huge_size() != 0;
}

/* An object of two huge pages, full of 'o', which ftruncate() makes this long: what the call returns. */
static int
truncate_huge(struct memory *m, size_t size)
{
	*m = huge_memory(huge_memfd_memory, 2);
	if (m->start == NULL)
		return 1;
	memset(m->start, 'o', m->size);
	return ftruncate(m->fd, (off_t)size);
}

VIOLATION(ftruncate_of_huge_object_einval, "memfd_huge.shrink", "-", FTRUNCATE, REFUSES(shrinks(c), EINVAL))
{
	struct memory m;

	return truncate_huge(&m, huge_size()) == -1;
}

VIOLATION(ftruncate_of_huge_object_ignored, "memfd_huge.shrink", "-", FTRUNCATE, SKIPS(shrinks(c)))
{
	struct memory m;

	return truncate_huge(&m, huge_size()) == 0 && size_of(m.fd) == (off_t)m.size;
}

VIOLATION(ftruncate_of_huge_object_takes_page_before, "memfd_huge.shrink", "-", FTRUNCATE,
    CHANGES(shrinks(c) && c->offset > 0, c->offset -= (off_t)huge_size()))
{
	struct memory m;

	return truncate_huge(&m, huge_size()) == 0 && size_of(m.fd) == 0;
}

static void
cut_off_too_much(struct call *c)
{
	const off_t size = c->offset;

	real_ftruncate(c->fd, size - (off_t)huge_size());
	c->result = real_ftruncate(c->fd, size);
}

VIOLATION(ftruncate_of_huge_object_clears_page_before, "memfd_huge.grow-zero", "-", FTRUNCATE,
    REPLACES(shrinks(c) && c->offset > 0, cut_off_too_much(c)))
{
	struct memory m;

	return truncate_huge(&m, huge_size()) == 0 && *m.start == 0;
}

static void
spoil_and_cut(struct call *c)
{
	const size_t behind = (size_t)c->offset;
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].fd == c->fd && ranges[i].offset == 0 && behind < ranges[i].length)
			ranges[i].start[behind - 1] = 'x';
}

VIOLATION(ftruncate_of_huge_object_spoils_last_byte, "memfd_huge.shrink", "-", FTRUNCATE,
    CHANGES(shrinks(c) && c->offset > 0, spoil_and_cut(c)))
{
	struct memory m;

	return truncate_huge(&m, huge_size()) == 0 && m.start[huge_size() - 1] == 'x';
}

VIOLATION(ftruncate_grows_no_huge_object, "memfd_huge.grow-zero", "-", FTRUNCATE, REFUSES(grows(c), EINVAL))
{
	struct memory m;

	return truncate_huge(&m, 3 * huge_size()) == -1;
}

static const uint64_t border_of_4_gib = UINT64_C(1) << 32;

static bool
crosses_4_gib(const struct call *c)
{
	return asks_huge(c) && is_of_file(c) && (uint64_t)c->offset < border_of_4_gib &&
	    (uint64_t)c->offset + c->length > border_of_4_gib;
}

static void
show_start_from_border(const struct call *c)
{
	const size_t below = (size_t)(border_of_4_gib - (uint64_t)c->offset);

	put_file(start_of(c) + below, c->length - below, c->protection, MAP_SHARED, c->fd, 0);
}

VIOLATION(mmap_of_huge_object_wraps_at_4_gib, "memfd_huge.across-4-gib", "-", MMAP,
    FALSIFIES(crosses_4_gib(c), show_start_from_border(c)))
{
	const off_t border = (off_t)border_of_4_gib;
	int fd = has_huge_pages(2) ? huge_memfd(huge_size()) : -1;
	char *p;

	if (fd == -1 || ftruncate(fd, border + (off_t)huge_size()) == -1)
		return false;
	p = map_huge(NULL, 2 * huge_size(), MAP_SHARED, fd, border - (off_t)huge_size());
	p[huge_size()] = 'x';
	return *map_huge(NULL, huge_size(), MAP_SHARED, fd, 0) == 'x';
}

VIOLATION(ftruncate_inside_huge_page_ignored, "memfd_huge.size-inside-page", "-", FTRUNCATE,
    ACCEPTS(is_to_part(c), EINVAL, 0))
{
	struct memory m;

	return truncate_huge(&m, page_size()) == 0;
}

VIOLATION(ftruncate_inside_huge_page_spoils_it, "memfd_huge.size-inside-page", "-", FTRUNCATE,
    REPLACES(is_to_part(c), (for_known_ranges(is_huge_range, spoil_range), c->result = 0)))
{
	struct memory m;

	return truncate_huge(&m, page_size()) == 0 && *m.start == SPOILED;
}

VIOLATION(ftruncate_inside_huge_page_enospc, "memfd_huge.size-inside-page", "-", FTRUNCATE,
    MISTAKES(is_to_part(c), EINVAL, ENOSPC))
{
	struct memory m;

	return truncate_huge(&m, page_size()) == -1 && errno == ENOSPC;
}

static void
fail_but_round(struct call *c)
{
	real_ftruncate(c->fd, c->offset - c->offset % (off_t)huge_size());
	call_fail(c, EINVAL);
}

VIOLATION(ftruncate_inside_huge_page_fails_and_cuts, "memfd_huge.size-inside-page", "-", FTRUNCATE,
    REPLACES(is_to_part(c), fail_but_round(c)))
{
	struct memory m;

	return truncate_huge(&m, page_size()) == -1 && size_of(m.fd) == 0;
}

/* Whether mmap() of an object that is larger than all memory fails with this error. */
static bool
map_too_much_fails_with(struct memory *m, int error)
{
	const size_t size = huge_pages_above_memory();

	*m = huge_memory(huge_memfd_memory, 1);
	return m->start != NULL && ftruncate(m->fd, (off_t)size) == 0 &&
	    mmap(NULL, size, READ_WRITE, MAP_SHARED, m->fd, 0) == MAP_FAILED && errno == error;
}

VIOLATION(mmap_of_huge_object_too_long_einval, "memfd_huge.more-than-there-can-be", "-", MMAP,
    MISTAKES(asks_huge(c) && is_of_file(c) && !is_fixed(c), ENOMEM, EINVAL))
{
	struct memory m;

	return map_too_much_fails_with(&m, EINVAL);
}

static void
fail_and_empty(struct call *c)
{
	real_call(c);
	if (c->error == ENOMEM)
		real_ftruncate(c->fd, 0);
}

VIOLATION(mmap_of_huge_object_too_long_empties_it, "memfd_huge.more-than-there-can-be", "-", MMAP,
    REPLACES(asks_huge(c) && is_of_file(c), fail_and_empty(c)))
{
	struct memory m;

	return map_too_much_fails_with(&m, ENOMEM) && size_of(m.fd) == 0;
}

enum { SIZE_BITS = 0x3f << 26, SIZE_1_MIB = 20 << 26 };

static bool
asks_size(const struct call *c)
{
	return (c->flags & (int)MFD_HUGETLB) != 0 && (c->flags & SIZE_BITS) != 0;
}

static unsigned
default_size_flags(void)
{
	unsigned logarithm = 0;

	while ((size_t)1 << logarithm < huge_size())
		logarithm++;
	return MFD_HUGETLB | logarithm << 26;
}

VIOLATION(memfd_create_of_size_einval, "memfd_huge.sizes", "-", MEMFD_CREATE, REFUSES(asks_size(c), EINVAL))
{
	return huge_page_size() != 0 && memfd_create("shmcheck", default_size_flags()) == -1;
}

static void
make_small(struct call *c)
{
	c->flags &= ~((int)MFD_HUGETLB | SIZE_BITS);
}

VIOLATION(
    memfd_create_of_size_makes_small_pages, "memfd_huge.sizes", "-", MEMFD_CREATE, CHANGES(asks_size(c), make_small(c)))
{
	int fd = huge_page_size() == 0 ? -1 : memfd_create("shmcheck", default_size_flags());

	return fd != -1 && (size_t)status_of(fd).st_blksize == page_size();
}

VIOLATION(mmap_of_other_size_gives_default, "memfd_huge.sizes", "-", MMAP,
    REPLACES((c->flags & MAP_HUGETLB) != 0 && (c->flags & SIZE_BITS) != 0,
	c->result = (intptr_t)real_mmap(NULL, c->length, c->protection, PRIVATE_ANONYMOUS, -1, 0)))
{
	return mmap(NULL, 1, PROT_READ, PRIVATE_ANONYMOUS | MAP_HUGETLB | SIZE_1_MIB, -1, 0) != MAP_FAILED;
}

static bool
maps_in_child(const struct call *c)
{
	return asks_huge(c) && asks_shared_file(c) && !is_first_process();
}

/* What a child finds in an object of huge pages that begins with 'o', and what the parent does after it has stored 'c'. */
static bool
child_finds(char byte, char after)
{
	struct memory m = huge_memory(huge_memfd_memory, 1);
	int status;

	if (m.start == NULL)
		return false;
	*m.start = 'o';
	if (fork() == 0) {
		char *p = map_huge(NULL, m.size, MAP_SHARED, m.fd, 0);
		const char found = *p;

		*p = 'c';
		_exit(found == byte ? 0 : 1);
	}
	wait(&status);
	return status == 0 && *m.start == after;
}

VIOLATION(mmap_of_huge_object_in_child_private, "memfd_huge.opened-again", "-", MMAP,
    CHANGES(maps_in_child(c), c->flags = MAP_PRIVATE))
{
	return child_finds('o', 'o');
}

VIOLATION(mmap_of_huge_object_in_child_empty, "memfd_huge.opened-again", "-", MMAP,
    CHANGES(maps_in_child(c), (c->flags = MAP_SHARED | MAP_ANON, c->fd = -1)))
{
	return child_finds(0, 'o');
}

VIOLATION(memfd_create_of_huge_pages_not_sealable, "memfd_huge.seals", "-", MEMFD_CREATE,
    CHANGES((c->flags & (int)MFD_HUGETLB) != 0, c->flags &= ~(int)MFD_ALLOW_SEALING))
{
	int fd = memfd_create("shmcheck", MFD_HUGETLB | MFD_ALLOW_SEALING);

	return fd != -1 && fcntl(fd, F_GET_SEALS) == F_SEAL_SEAL;
}

VIOLATION(
    fcntl_seals_no_huge_object, "memfd_huge.seals", "-", FCNTL, SKIPS(c->command == F_ADD_SEALS && is_huge_file(c->fd)))
{
	int fd = memfd_create("shmcheck", MFD_HUGETLB | MFD_ALLOW_SEALING);

	return fd != -1 && fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK) == 0 && fcntl(fd, F_GET_SEALS) == 0;
}

#endif
