/* SPDX-License-Identifier: BSD-2-Clause */

/* Where mmap() places what, how long it is, and from which byte of the file on. */

#include "mmap.h"

VIOLATION(mmap_file_result_is_unaligned, "mmap.returns-address", "-", MMAP,
    FALSIFIES(asks_shared_file(c) && c->length == page_size() - 1, c->result += 1))
{
	return (uintptr_t)mmap(NULL, page_size() - 1, PROT_READ, MAP_SHARED, nameless_file(1), 0) % page_size() != 0;
}

VIOLATION(mmap_anonymous_result_is_end_aligned, "mmap.returns-address", "-", MMAP,
    FALSIFIES(asks_private_anonymous(c) && c->length % page_size() == 1,
	c->result += (intptr_t)(page_size() - c->length % page_size())))
{
	return (uintptr_t)map_anonymous(1, MAP_PRIVATE) % page_size() != 0;
}

/* Whether the process has many pages of anonymous memory that were mapped one by one. */
static struct known_range *
one_of_many_pages(const struct call *c)
{
	enum { MANY = 28 };
	size_t count;
	struct known_range *ranges = known_ranges(&count);
	struct known_range *last = NULL;
	int pages = 0;

	if (c->address != NULL || !asks_private_anonymous(c) || c->length != page_size())
		return NULL;
	for (size_t i = 0; i < count; i++)
		if (is_private_anonymous_range(&ranges[i]) && ranges[i].length == page_size()) {
			last = &ranges[i];
			pages++;
		}
	return pages < MANY ? NULL : last;
}

static char *
map_many_pages(char **before)
{
	char *p = NULL;

	for (int i = 0; i <= 28; i++) {
		*before = p;
		p = mmap(NULL, page_size(), READ_WRITE, PRIVATE_ANONYMOUS, -1, 0);
		if (i < 28)
			*p = 'u';
	}
	return p;
}

VIOLATION(mmap_gives_range_twice, "mmap.never-address-zero", "-", MMAP,
    REPLACES(one_of_many_pages(c) != NULL, c->result = (intptr_t)one_of_many_pages(c)->start))
{
	char *before;

	return map_many_pages(&before) == before;
}

VIOLATION(mmap_replaces_range_in_use, "mmap.never-address-zero", "-", MMAP,
    CHANGES(one_of_many_pages(c) != NULL, (c->address = one_of_many_pages(c)->start, c->flags |= MAP_FIXED)))
{
	char *before;

	map_many_pages(&before);
	return *before == 0;
}

VIOLATION(mmap_result_is_address_zero, "mmap.never-address-zero", "-", MMAP,
    REPLACES(one_of_many_pages(c) != NULL, c->result = 0))
{
	char *before;

	return map_many_pages(&before) == NULL;
}

VIOLATION(mmap_partial_page_is_inaccessible, "mmap.partial-page-rounded", "-", MMAP,
    FALSIFIES(asks_private(c) && c->length == page_size() + 1, real_mprotect(last_page_of(c), page_size(), PROT_NONE)))
{
	char *p = map_private(nameless_file(2 * page_size()), page_size() + 1);

	return fault_of_load(&p[page_size()]).signal != 0;
}

VIOLATION(mmap_partial_page_is_read_only, "mmap.partial-page-rounded", "-", MMAP,
    FALSIFIES(
	asks_private_file(c) && c->length % page_size() != 0, real_mprotect(last_page_of(c), page_size(), PROT_READ)))
{
	char *p = map_private(nameless_file(page_size()), 1);

	return fault_of_store(p, 's').signal != 0;
}

static void
clear_behind_length(const struct call *c)
{
	make_private(last_page_of(c), page_size());
	memset(start_of(c) + c->length, 0, page_size() - c->length % page_size());
}

VIOLATION(mmap_shared_partial_page_is_cut, "mmap.partial-page-rounded", "-", MMAP,
    FALSIFIES(asks_shared_file(c) && c->length == 1 && (c->protection & PROT_WRITE) != 0, clear_behind_length(c)))
{
	const char *p = map_shared(nameless_file_with_pattern(1), 1);

	return p[page_size() - 1] == 0 && p[page_size() - 2] == 0;
}

VIOLATION(mmap_private_partial_page_is_cut, "mmap.partial-page-rounded", "-", MMAP,
    FALSIFIES(asks_private_file(c) && c->length > page_size() && c->length % page_size() == 1, clear_behind_length(c)))
{
	const char *p = map_private(nameless_file_with_pattern(2), page_size() + 1);

	return p[2 * page_size() - 1] == 0 && p[2 * page_size() - 2] == 0;
}

VIOLATION(mmap_behind_end_refused, "mmap.length-beyond-eof-ok", "B185", MMAP,
    REFUSES(reaches_behind_last_page(c) && is_file(c->fd) && file_bytes(c->fd) > 0 && c->offset == 0 &&
	    c->length > page_size(),
	EINVAL))
{
	return mmap(NULL, 4 * page_size(), READ_WRITE, MAP_SHARED, nameless_file(1), 0) == MAP_FAILED;
}

VIOLATION(mmap_behind_end_of_object_refused, "mmap.length-beyond-eof-ok", "-", MMAP,
    REFUSES(reaches_behind_last_page(c) && is_object(c->fd) && c->length > page_size(), EINVAL))
{
	return mmap(NULL, 4 * page_size(), READ_WRITE, MAP_SHARED, object_create(1).fd, 0) == MAP_FAILED;
}

VIOLATION(mmap_empty_file_refused, "mmap.length-beyond-eof-ok", "B185", MMAP,
    REFUSES(asks_shared_file(c) && is_file(c->fd) && file_bytes(c->fd) == 0, EINVAL))
{
	return mmap(NULL, 1, PROT_READ, MAP_SHARED, nameless_file(0), 0) == MAP_FAILED;
}

VIOLATION(mmap_private_empty_file_refused, "mmap.length-beyond-eof-ok", "-", MMAP,
    REFUSES(asks_private_file(c) && is_file(c->fd) && file_bytes(c->fd) == 0, ENXIO))
{
	return mmap(NULL, 1, PROT_READ, MAP_PRIVATE, nameless_file(0), 0) == MAP_FAILED;
}

VIOLATION(mmap_behind_end_first_page_faults, "mmap.length-beyond-eof-ok", "B031", MMAP,
    FALSIFIES(
	reaches_behind_last_page(c) && asks_shared(c) && file_bytes(c->fd) == page_size() && c->length > page_size(),
	real_mprotect(start_of(c), page_size(), PROT_NONE)))
{
	char *p = map_shared(nameless_file(page_size()), 4 * page_size());

	return fault_of_load(p).signal != 0;
}

VIOLATION(mmap_private_grows_empty_file, "mmap.length-beyond-eof-ok", "-", MMAP,
    FALSIFIES(asks_private_file(c) && is_file(c->fd) && file_bytes(c->fd) == 0,
	real_ftruncate(c->fd, c->offset + (off_t)c->length)))
{
	int fd = nameless_file(0);

	map_private(fd, page_size());
	return size_of(fd) == (off_t)page_size();
}

VIOLATION(mmap_private_ignores_offset, "mmap.different-offsets", "-", MMAP,
    CHANGES(asks_private_file(c) && c->offset > 0 && is_file(c->fd) && (size_t)c->offset < file_bytes(c->fd),
	c->offset = 0))
{
	int fd = nameless_file_with_pattern(2);
	const char *p = mmap(NULL, page_size(), PROT_READ, MAP_PRIVATE, fd, (off_t)page_size());

	return memcmp(p, content_of(fd, page_size()), page_size()) == 0;
}

VIOLATION(mmap_shared_offset_one_page_less, "mmap.different-offsets", "-", MMAP,
    CHANGES(asks_shared_file(c) && !is_fixed(c) && c->protection == PROT_READ && c->offset > (off_t)page_size(),
	c->offset -= (off_t)page_size()))
{
	int fd = nameless_file_with_pattern(4);
	const char *p = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 3 * (off_t)page_size());

	return memcmp(p, content_of(fd, 3 * page_size()) + 2 * page_size(), page_size()) == 0;
}

VIOLATION(mmap_fixed_ignores_offset, "mmap.different-offsets", "-", MMAP,
    CHANGES(asks_shared_file(c) && is_fixed(c) && c->offset > 0, c->offset = 0))
{
	int fd = nameless_file_with_pattern(2);
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	(void)mmap(p, page_size(), PROT_READ, MAP_SHARED | MAP_FIXED, fd, (off_t)page_size());
	return memcmp(p, content_of(fd, page_size()), page_size()) == 0;
}

VIOLATION(mmap_fixed_offset_of_64_kib_only, "mmap.different-offsets", "B184", MMAP,
    REFUSES(asks_shared_file(c) && is_fixed(c) && c->offset % 65536 != 0, ENOMEM))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	return mmap(p, page_size(), PROT_READ, MAP_SHARED | MAP_FIXED, nameless_file(2 * page_size()),
		   (off_t)page_size()) == MAP_FAILED;
}

VIOLATION(mmap_offset_of_four_pages_only, "mmap.different-offsets", "B050", MMAP,
    REFUSES(asks_private_file(c) && c->offset > 0 && (size_t)c->offset < 4 * page_size(), EINVAL))
{
	return mmap(NULL, page_size(), PROT_READ, MAP_PRIVATE, nameless_file(2 * page_size()), (off_t)page_size()) ==
	    MAP_FAILED;
}

VIOLATION(mmap_offset_holds_for_first_page_only, "mmap.different-offsets", "-", MMAP,
    FALSIFIES(asks_shared_file(c) && c->offset > 0 && c->protection == PROT_READ && c->length > page_size(),
	put_file(last_page_of(c), page_size(), PROT_READ, MAP_SHARED, c->fd, 0)))
{
	int fd = nameless_file_with_pattern(3);
	const char *p = mmap(NULL, 2 * page_size(), PROT_READ, MAP_SHARED, fd, (off_t)page_size());

	return memcmp(&p[page_size()], content_of(fd, page_size()), page_size()) == 0;
}

VIOLATION(mmap_offset_is_cut_to_32_bits, "mmap.different-offsets", "-", MMAP,
    CHANGES(is_of_file(c) && c->offset == (off_t)UINT32_MAX + 1, c->offset = 0))
{
	int fd = nameless_file_with_pattern(1);
	const char *p;

	set_size(fd, (off_t)UINT32_MAX + 2);
	p = mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, (off_t)UINT32_MAX + 1);
	return memcmp(p, content_of(fd, page_size()), page_size()) == 0;
}
