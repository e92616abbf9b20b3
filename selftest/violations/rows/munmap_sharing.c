/* SPDX-License-Identifier: BSD-2-Clause */

/* What becomes of stores, sizes, locks, other mappings and other processes when memory is unmapped. */

#include <sys/mman.h>

#include "child.h"
#include "effects.h"
#include "range.h"
#include "real.h"
#include "violation.h"

static void
write_back(struct call *c, char *from)
{
	const struct known_range *range = range_of(c);

	real_pwrite(range->fd, from, (size_t)(end_of(range) - from), offset_of(range, from));
	c->result = real_munmap(c->address, c->length);
}

VIOLATION(munmap_writes_private_stores, "munmap.private-discards", "-", MUNMAP,
    REPLACES(is_whole(c) && is_private_file(range_of(c)), write_back(c, c->address)))
{
	int fd = nameless_file(page_size());
	char *p = map_private(fd, page_size());

	*p = 'p';
	munmap(p, page_size());
	return content_of(fd, 1)[0] == 'p';
}

VIOLATION(munmap_writes_last_private_page, "munmap.private-discards", "-", MUNMAP,
    REPLACES(is_whole(c) && is_private_file(range_of(c)) && pages_of(c) > 1, write_back(c, last_page_of(c))))
{
	int fd = nameless_file(2 * page_size());
	char *p = map_private(fd, 2 * page_size());

	pattern_store('p', p, 2 * page_size());
	munmap(p, 2 * page_size());
	return content_of(fd, 1)[0] == 0 && content_of(fd, 2 * page_size())[page_size()] != 0;
}

/* Nothing but this mapping shows what is stored there, as far as is known. */
static bool
is_the_only_one(const struct call *c)
{
	const struct known_range *range = range_of(c);

	return is_whole(c) && is_shared_file(range) && !range->is_inherited && !range->has_heirs &&
	    known_alias(range) == NULL;
}

static void
clear_and_unmap(struct call *c, char *page)
{
	memset(page, 0, page_size());
	c->result = real_munmap(c->address, c->length);
}

VIOLATION(munmap_loses_third_page_stored, "munmap.shared-keeps", "B242", MUNMAP,
    REPLACES(is_the_only_one(c) && pages_of(c) > 2 && file_size(range_of(c)->fd) >= (off_t)c->length,
	clear_and_unmap(c, page_of(c, 2))))
{
	int fd = nameless_file(3 * page_size());
	char *p = map_shared(fd, 3 * page_size());

	p[2 * page_size()] = 's';
	munmap(p, 3 * page_size());
	return content_of(fd, 3 * page_size())[2 * page_size()] == 0;
}

VIOLATION(munmap_after_close_loses_stores, "munmap.shared-keeps", "-", MUNMAP,
    REPLACES(is_the_only_one(c) && file_size(range_of(c)->fd) == -1, clear_and_unmap(c, c->address)))
{
	struct object o = object_create(page_size());
	char *p = map_shared(o.fd, page_size());

	*p = 's';
	close(o.fd);
	munmap(p, page_size());
	return *(char *)map_shared(object_open(&o, O_RDWR), page_size()) == 0;
}

VIOLATION(munmap_after_close_einval, "munmap.shared-keeps", "B070", MUNMAP,
    REFUSES(is_the_only_one(c) && pages_of(c) > 2 && file_size(range_of(c)->fd) == -1, EINVAL))
{
	int fd = nameless_file(3 * page_size());
	char *p = map_shared(fd, 3 * page_size());

	close(fd);
	return munmap(p, 3 * page_size()) == -1;
}

VIOLATION(munmap_closes_descriptor, "munmap.shared-keeps", "B272", MUNMAP,
    FALSIFIES(is_the_only_one(c) && pages_of(c) > 2, real_close(range_of(c)->fd)))
{
	int fd = nameless_file(3 * page_size());

	munmap(map_shared(fd, 3 * page_size()), 3 * page_size());
	return fcntl(fd, F_GETFD) == -1;
}

static void
grow_to(const struct known_range *range, off_t size)
{
	if (file_size(range->fd) < size)
		real_ftruncate(range->fd, size);
}

VIOLATION(munmap_fills_last_page_of_file, "munmap.shared-keeps", "B104", MUNMAP,
    FALSIFIES(is_the_only_one(c) && file_size(range_of(c)->fd) > 0,
	grow_to(range_of(c), (off_t)whole_pages((size_t)file_size(range_of(c)->fd)))))
{
	int fd = nameless_file(100);

	munmap(map_shared(fd, 100), 100);
	return size_of(fd) != 100;
}

VIOLATION(munmap_grows_file_again, "munmap.shared-keeps", "B103", MUNMAP,
    FALSIFIES(is_the_only_one(c) && file_size(range_of(c)->fd) == 0, grow_to(range_of(c), (off_t)c->length)))
{
	int fd = nameless_file(page_size());
	char *p = map_shared(fd, page_size());

	set_size(fd, 0);
	munmap(p, page_size());
	return size_of(fd) != 0;
}

/* As much is locked then as before. */
static void
lock_other_memory(size_t length)
{
	real_mlock(real_mmap(NULL, length, PROT_READ, MAP_PRIVATE | MAP_ANON, -1, 0), length);
}

VIOLATION(munmap_keeps_locks, "munmap.removes-locks", "-", MUNMAP,
    FALSIFIES(range_of(c) != NULL && range_of(c)->locks > 0 && is_part(c), lock_other_memory(c->length)))
{
	long before = locked_bytes();
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);

	mlock(p, 2 * page_size());
	munmap(p, page_size());
	return locked_bytes() == before + (long)(2 * page_size());
}

VIOLATION(munmap_of_all_keeps_lock, "mremap.keeps-lock", "-", MUNMAP,
    FALSIFIES(range_of(c) != NULL && range_of(c)->locks > 0 && (is_whole(c) || is_over_several(c)),
	lock_other_memory(page_size())))
{
	long before = locked_bytes();
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	mlock(p, page_size());
	munmap(p, page_size());
	return locked_bytes() == before + (long)page_size();
}

VIOLATION(munmap_of_part_unlocks_rest, "munmap.removes-locks", "-", MUNMAP,
    FALSIFIES(range_of(c) != NULL && range_of(c)->locks > 0 && is_part(c),
	real_munlock(range_of(c)->start, range_of(c)->length)))
{
	long before = locked_bytes();
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);

	mlock(p, 3 * page_size());
	munmap(&p[2 * page_size()], page_size());
	return locked_bytes() != before + (long)(2 * page_size());
}

VIOLATION(munmap_in_child_frees_pages, "munmap.other-process-unaffected", "-", MUNMAP,
    REPLACES(is_whole(c) && is_shared(range_of(c)) && range_of(c)->is_inherited && range_of(c)->protection & PROT_WRITE,
	clear_and_unmap(c, last_page_of(c))))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	*p = 'p';
	return byte_after_unmapping_child(p) == 0;
}

VIOLATION(munmap_frees_pages_of_child, "munmap.other-process-unaffected", "B106", MUNMAP,
    REPLACES(is_whole(c) && is_shared(range_of(c)) && range_of(c)->has_heirs && range_of(c)->protection & PROT_WRITE,
	clear_and_unmap(c, c->address)))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);
	int unmapped[2];
	char byte;
	pid_t child;
	int status;

	*p = 'p';
	if (pipe(unmapped) == -1)
		return false;
	child = fork();
	if (child == 0)
		_exit(read(unmapped[0], &byte, 1) == 1 ? *p : 'e');
	munmap(p, page_size());
	if (write(unmapped[1], "u", 1) != 1)
		return false;
	waitpid(child, &status, 0);
	return WEXITSTATUS(status) == 0;
}

static char *
left_of_two(void)
{
	int fd = nameless_file(page_size());
	char *one = map_shared(fd, page_size());
	char *other = map_shared(fd, page_size());

	*one = 'a';
	munmap(one, page_size());
	return other;
}

VIOLATION(munmap_frees_pages_of_alias, "munmap.alias-unaffected", "B086", MUNMAP,
    REPLACES(
	is_whole(c) && alias_of(c) != NULL && range_of(c)->protection & PROT_WRITE, clear_and_unmap(c, c->address)))
{
	return *left_of_two() == 0;
}

VIOLATION(munmap_unmaps_alias, "munmap.alias-unaffected", "-", MUNMAP,
    FALSIFIES(is_whole(c) && alias_of(c) != NULL, real_munmap(alias_of(c)->start, alias_of(c)->length)))
{
	return load_is_refused(left_of_two());
}

VIOLATION(munmap_makes_alias_read_only, "munmap.alias-unaffected", "-", MUNMAP,
    FALSIFIES(is_whole(c) && alias_of(c) != NULL, real_mprotect(alias_of(c)->start, alias_of(c)->length, PROT_READ)))
{
	return store_is_refused(left_of_two());
}
