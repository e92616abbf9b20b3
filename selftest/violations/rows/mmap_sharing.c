/* SPDX-License-Identifier: BSD-2-Clause */

/* Who sees a store through a mapping of a file. */

#include "mmap.h"

static void
take_private(struct call *c)
{
	c->flags = (c->flags & ~SHARING_TYPES) | MAP_PRIVATE;
}

/* A child maps pages by a name that others have mapped. */
static bool
is_name_mapped_by_child(const struct call *c, bool (*is_of_kind)(int))
{
	return asks_shared_file(c) && c->protection == READ_WRITE && c->length > page_size() && !is_first_process() &&
	    is_of_kind(c->fd) && real_status_of(c->fd).st_nlink == 1;
}

/* Whether what a child stores through its own mapping, at this offset of two pages, is missing in the parent's. */
static bool
store_of_child_is_missing(int fd, size_t at)
{
	const char *p = map_shared(fd, 2 * page_size());
	pid_t child = fork();

	if (child == 0) {
		((char *)map_shared(fd, 2 * page_size()))[at] = 'c';
		_exit(0);
	}
	waitpid(child, NULL, 0);
	return p[at] == 0;
}

VIOLATION(mmap_of_file_by_other_process_is_private, "mmap.shared-write-visible-to-mappings", "B158", MMAP,
    CHANGES(is_name_mapped_by_child(c, is_file), take_private(c)))
{
	return store_of_child_is_missing(file_create(2 * page_size()).fd, 0);
}

VIOLATION(mmap_of_object_by_other_process_is_private, "mmap.shared-write-visible-to-mappings", "-", MMAP,
    CHANGES(is_name_mapped_by_child(c, is_object), take_private(c)))
{
	return store_of_child_is_missing(object_create(2 * page_size()).fd, 0);
}

VIOLATION(mmap_by_other_process_last_page_is_private, "mmap.shared-write-visible-to-mappings", "B158", MMAP,
    FALSIFIES(is_name_mapped_by_child(c, is_file), make_private(last_page_of(c), page_size())))
{
	return store_of_child_is_missing(file_create(2 * page_size()).fd, page_size()) &&
	    !store_of_child_is_missing(file_create(2 * page_size()).fd, 0);
}

/* Another window on a file that is mapped already. */
static bool
is_second_window(const struct call *c, bool (*is_of_kind)(int))
{
	const struct known_range *first;

	if (!asks_shared_file(c) || c->protection != READ_WRITE || c->offset == 0 || !is_of_kind(c->fd))
		return false;
	first = range_of_descriptor(c->fd, is_shared_file_range);
	return first != NULL && first->offset != c->offset;
}

/* Whether a store through a first window, in this page of the file, is missing in a second one, which starts at page 1. */
static bool
second_window_lacks(int fd, size_t page)
{
	char *first = map_shared(fd, 3 * page_size());
	const char *second = mmap(NULL, 2 * page_size(), READ_WRITE, MAP_SHARED, fd, (off_t)page_size());

	(void)*(const volatile char *)second;
	first[page * page_size()] = 's';
	return second[(page - 1) * page_size()] == 0;
}

static void
make_window_private(const struct call *c)
{
	make_private(start_of(c), pages_for(c->length) * page_size());
}

VIOLATION(mmap_of_file_with_other_offset_is_private, "mmap.same-page-two-mappings", "B160", MMAP,
    FALSIFIES(is_second_window(c, is_file) && c->offset + (off_t)c->length <= (off_t)file_bytes(c->fd),
	make_window_private(c)))
{
	return second_window_lacks(nameless_file(3 * page_size()), 1);
}

VIOLATION(mmap_of_object_with_other_offset_is_private, "mmap.same-page-two-mappings", "B160", MMAP,
    FALSIFIES(is_second_window(c, is_object), make_window_private(c)))
{
	return second_window_lacks(object_create(3 * page_size()).fd, 1);
}

VIOLATION(mmap_windows_share_first_page_only, "mmap.same-page-two-mappings", "-", MMAP,
    FALSIFIES(is_second_window(c, is_file), make_private(start_of(c) + page_size(), page_size())))
{
	return second_window_lacks(nameless_file(3 * page_size()), 2);
}

static bool
is_named_file_of_pages(const struct call *c)
{
	return asks_shared_file(c) && c->protection == READ_WRITE && c->length > page_size() && is_first_process() &&
	    is_file(c->fd) && real_status_of(c->fd).st_nlink == 1 && file_bytes(c->fd) == c->length;
}

VIOLATION(mmap_shared_last_page_never_reaches_file, "mmap.shared-write-changes-file", "B290", MMAP,
    FALSIFIES(is_named_file_of_pages(c), make_private(last_page_of(c), page_size())))
{
	int fd = file_create(3 * page_size()).fd;
	char *p = map_shared(fd, 3 * page_size());

	p[0] = p[2 * page_size()] = 's';
	return content_of(fd, 1)[0] == 's' && content_of(fd, 3 * page_size())[2 * page_size()] == 0;
}

static bool
reads_mapped_file(const struct call *c)
{
	const struct known_range *range = range_of_descriptor(c->fd, is_shared_file_range);

	return range != NULL && range->protection == READ_WRITE && c->offset == 0 &&
	    real_status_of(c->fd).st_nlink == 1;
}

VIOLATION(pread_lacks_stores, "mmap.shared-write-changes-file", "B157", PREAD,
    FALSIFIES(reads_mapped_file(c), memset(c->buffer, 0, (size_t)c->result)))
{
	int fd = file_create(3 * page_size()).fd;

	*(char *)map_shared(fd, 1) = 's';
	return content_of(fd, 3 * page_size())[0] == 0;
}

static const struct known_range *
range_of_named_file(const struct call *c)
{
	const struct known_range *range = known_range_at(c->address);

	return is_shared_file_range(range) && range->length > page_size() && real_status_of(range->fd).st_nlink == 1
	    ? range
	    : NULL;
}

VIOLATION(msync_makes_file_longer, "mmap.shared-write-changes-file", "-", MSYNC,
    FALSIFIES(range_of_named_file(c) != NULL,
	real_ftruncate(range_of_named_file(c)->fd, (off_t)range_of_named_file(c)->length + 1)))
{
	int fd = file_create(3 * page_size()).fd;

	msync(map_shared(fd, 3 * page_size()), 3 * page_size(), MS_SYNC);
	return size_of(fd) == 3 * (off_t)page_size() + 1;
}

/* Private, of a file that is mapped shared as well. */
static bool
is_private_beside_shared(const struct call *c, bool (*is_of_kind)(int))
{
	return asks_private_file(c) && c->protection == READ_WRITE && c->length > page_size() && is_of_kind(c->fd) &&
	    access_mode(c->fd) == O_RDWR && range_of_descriptor(c->fd, is_shared_file_range) != NULL;
}

/* Whether a private store in this page is in a shared mapping. */
static bool
private_store_is_shared(int fd, size_t page)
{
	const char *shared = map_shared(fd, 3 * page_size());
	char *private = map_private(fd, 3 * page_size());

	private[page * page_size()] = 'p';
	return shared[page * page_size()] == 'p';
}

VIOLATION(mmap_private_file_is_shared, "mmap.private-write-invisible", "B034", MMAP,
    CHANGES(is_private_beside_shared(c, is_file), c->flags ^= SHARING_TYPES))
{
	return private_store_is_shared(nameless_file(3 * page_size()), 0);
}

VIOLATION(mmap_private_object_is_shared, "mmap.private-write-invisible", "-", MMAP,
    CHANGES(is_private_beside_shared(c, is_object), c->flags ^= SHARING_TYPES))
{
	return private_store_is_shared(object_create(3 * page_size()).fd, 0);
}

VIOLATION(mmap_private_last_page_is_shared, "mmap.private-write-invisible", "-", MMAP,
    FALSIFIES(is_private_beside_shared(c, is_file),
	put_file(last_page_of(c), page_size(), READ_WRITE, MAP_SHARED, c->fd, last_offset_of(c))))
{
	int fd = nameless_file(3 * page_size());

	return private_store_is_shared(fd, 2) && !private_store_is_shared(fd, 0);
}

static void
write_private_back(const struct call *c)
{
	const struct known_range *range = known_range_at(c->address);

	real_pwrite(range->fd, range->start, range->length, range->offset);
}

VIOLATION(munmap_writes_private_back, "mmap.private-write-invisible", "-", MUNMAP,
    CHANGES(is_private_file_range(known_range_at(c->address)) && c->length > page_size(), write_private_back(c)))
{
	int fd = nameless_file(3 * page_size());
	char *p = map_private(fd, 3 * page_size());

	*p = 'p';
	unmap(p, 3 * page_size());
	return *content_of(fd, 1) == 'p';
}

/* Private, to be written, of a descriptor that cannot write. */
static bool
is_private_of_read_only(const struct call *c)
{
	return asks_private_file(c) && (c->protection & PROT_WRITE) != 0 && access_mode(c->fd) == O_RDONLY &&
	    is_file(c->fd);
}

static char *
map_private_of_read_only(struct file *f)
{
	*f = file_create(page_size());
	return mmap(NULL, page_size(), READ_WRITE, MAP_PRIVATE, open(f->name, O_RDONLY), 0);
}

VIOLATION(mmap_private_of_read_only_refused, "mmap.private-write-on-rdonly-ok", "B139", MMAP,
    REFUSES(is_private_of_read_only(c), EACCES))
{
	struct file f;

	return map_private_of_read_only(&f) == MAP_FAILED;
}

static void
share_for_writing(struct call *c)
{
	c->flags ^= SHARING_TYPES;
	c->result = (intptr_t)mapped_for_writing(c);
}

VIOLATION(mmap_private_of_read_only_changes_file, "mmap.private-write-on-rdonly-ok", "-", MMAP,
    REPLACES(is_private_of_read_only(c), share_for_writing(c)))
{
	struct file f;
	char *p = map_private_of_read_only(&f);

	*p = 'p';
	return *content_of(f.fd, 1) == 'p';
}

static struct known_range *
private_range_of_descriptor(const struct call *c)
{
	return range_of_descriptor(c->fd, is_private_file_range);
}

static void
write_to_private_too(const struct call *c)
{
	const struct known_range *range = private_range_of_descriptor(c);
	off_t at = c->offset - range->offset;

	if (at >= 0 && (size_t)at + c->length <= range->length)
		memcpy(range->start + at, c->buffer, c->length);
}

VIOLATION(pwrite_reaches_copied_page, "mmap.private-copied-page-stays", "-", PWRITE,
    FALSIFIES(private_range_of_descriptor(c) != NULL, write_to_private_too(c)))
{
	int fd = nameless_file(page_size());
	char *p = map_private(fd, page_size());

	*p = 'p';
	return pwrite(fd, "w", 1, 0) == 1 && *p == 'w';
}

static char *
map_descriptor_zero(void)
{
	dup2(nameless_file_with_pattern(1), 0);
	return mmap(NULL, page_size(), READ_WRITE, MAP_SHARED, 0, 0);
}

VIOLATION(
    mmap_descriptor_zero_refused, "mmap.descriptor-zero-ok", "B118", MMAP, REFUSES(is_of_file(c) && c->fd == 0, EBADF))
{
	return map_descriptor_zero() == MAP_FAILED;
}

VIOLATION(mmap_descriptor_zero_is_anonymous, "mmap.descriptor-zero-ok", "-", MMAP,
    CHANGES(is_of_file(c) && c->fd == 0, c->flags |= MAP_ANON))
{
	const char *p = map_descriptor_zero();

	return p[0] == 0 && p[1] == 0;
}
