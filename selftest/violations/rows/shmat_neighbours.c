/* SPDX-License-Identifier: BSD-2-Clause */

/* SHM_REMAP over each kind of memory; MAP_FIXED over an attachment, and munmap() beside one. More: shmat_remap.c. */

#include "segments.h"

static bool
is_remap(const struct call *c)
{
	return SHM_REMAP != 0 && c->flags & SHM_REMAP && c->address != NULL;
}

/* What is at the start of the range that is to be replaced. */
static struct known_range *
replaced(const struct call *c)
{
	return is_remap(c) ? known_range_at(c->address) : NULL;
}

static bool
is_shared(const struct known_range *range)
{
	return range != NULL && (range->id != -1 || (range->flags & MAP_SHARED) != 0) && range->protection & PROT_WRITE;
}

static void
clear(struct known_range *range)
{
	memset(range->start, 0, range->length);
}

VIOLATION(shmat_remap_clears_what_is_mapped, "shmat.remap-replaces", "-", SHMAT,
    CHANGES(is_shared(replaced(c)) && replaced(c)->fd != -1, clear(replaced(c))))
{
	int fd = nameless_file(attach_multiple());
	char *elsewhere = map_shared(fd, attach_multiple());
	char *at = free_range(attach_multiple());

	(void)mmap(at, attach_multiple(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0);
	elsewhere[0] = 'e';
	return SHM_REMAP != 0 && shmat(segment_create(1), at, SHM_REMAP) == at && elsewhere[0] == 0;
}

VIOLATION(shmat_remap_clears_other_segment, "shmat.remap-replaces", "-", SHMAT,
    CHANGES(is_shared(replaced(c)) && replaced(c)->id != -1 && replaced(c)->id != c->id, clear(replaced(c))))
{
	int old = segment_create(1);
	char *elsewhere = segment_attach(old, NULL, 0);
	char *at = segment_attach(old, free_range(1), 0);

	elsewhere[0] = 'e';
	return SHM_REMAP != 0 && shmat(segment_create(1), at, SHM_REMAP) == at && elsewhere[0] == 0;
}

VIOLATION(shmat_remap_in_child_reaches_parent, "shmat.remap-replaces", "-", SHMAT,
    CHANGES(is_shared(replaced(c)) && replaced(c)->is_inherited, memset(c->address, 'c', 1)))
{
	int id = segment_create(1);
	char *at = map_anonymous(attach_multiple(), MAP_SHARED);
	pid_t child = fork();

	if (child == 0)
		_exit(SHM_REMAP == 0 || shmat(id, at, SHM_REMAP) != at);
	waitpid(child, NULL, 0);
	return at[0] == 'c';
}

VIOLATION(shmat_remap_keeps_protection, "shmat.remap-replaces", "-", SHMAT,
    FALSIFIES(replaced(c) != NULL && replaced(c)->protection == PROT_NONE,
	real_mprotect((void *)c->result, page_size(), PROT_NONE)))
{
	char *reserved = mmap(NULL, page_size(), PROT_NONE, MAP_PRIVATE | MAP_ANON, -1, 0);

	return SHM_REMAP != 0 && shmat(segment_create(1), reserved, SHM_REMAP) == reserved && load_is_refused(reserved);
}

VIOLATION(shmat_remap_of_same_segment_ignored, "shmat.remap-replaces", "-", SHMAT,
    REPLACES(replaced(c) != NULL && replaced(c)->id == c->id, c->result = (intptr_t)c->address))
{
	int id = segment_create(1);
	char *ro = segment_attach(id, NULL, SHM_RDONLY);

	return SHM_REMAP != 0 && shmat(id, ro, SHM_REMAP) == ro && store_is_refused(ro);
}

static bool
is_free(const struct call *c)
{
	return is_remap(c) && known_range_at(c->address) == NULL &&
	    known_range_at((char *)c->address + size_for(c) - 1) == NULL;
}

VIOLATION(shmat_remap_in_free_place_refused, "shmat.remap-replaces", "B197", SHMAT,
    REFUSES(is_free(c) && (uintptr_t)c->address > 2 * (size_t)SHMLBA, EINVAL))
{
	return SHM_REMAP != 0 && shmat(segment_create(1), free_range(1), SHM_REMAP) == (void *)-1;
}

/* What is to be replaced begins behind the start of the range, or ends before its end. */
static bool
is_partly_free(const struct call *c)
{
	return is_remap(c) &&
	    (known_range_at(c->address) == NULL) != (known_range_at((char *)c->address + size_for(c) - 1) == NULL);
}

VIOLATION(
    shmat_remap_of_partly_free_place_refused, "shmat.remap-replaces", "B038", SHMAT, REFUSES(is_partly_free(c), ENOMEM))
{
	size_t unit = attach_multiple();
	char *mapped = map_anonymous(2 * unit, MAP_PRIVATE);

	unmap(mapped + unit, unit);
	return SHM_REMAP != 0 && shmat(segment_create(2 * unit), mapped, SHM_REMAP) == (void *)-1;
}

/* Several mappings are in the range. */
VIOLATION(shmat_remap_of_several_refused, "shmat.remap-replaces", "B197", SHMAT,
    REFUSES(replaced(c) != NULL && known_range_at(replaced(c)->start + replaced(c)->length) != NULL &&
	    replaced(c)->start + replaced(c)->length < (char *)c->address + size_for(c),
	ENOMEM))
{
	size_t unit = attach_multiple();
	char *mapped = map_anonymous(2 * unit, MAP_PRIVATE);

	(void)mmap(mapped + unit, unit, PROT_READ, MAP_SHARED | MAP_FIXED, nameless_file(unit), 0);
	return SHM_REMAP != 0 && shmat(segment_create(2 * unit), mapped, SHM_REMAP) == (void *)-1;
}

VIOLATION(shmat_remap_rounds_up, "shmat.remap-replaces", "B197", SHMAT,
    CHANGES(replaced(c) != NULL && c->flags & SHM_RND && (uintptr_t)c->address % (size_t)SHMLBA != 0,
	c->address = (char *)c->address + (SHMLBA - (uintptr_t)c->address % (size_t)SHMLBA)))
{
	char *mapped = map_anonymous(3 * attach_multiple(), MAP_PRIVATE);

	return SHM_REMAP != 0 && (char *)shmat(segment_create(1), mapped + 1, SHM_REMAP | SHM_RND) > mapped;
}

/* MAP_FIXED over some pages of an attachment, not all. */
static struct known_range *
attachment_under(const struct call *c)
{
	struct known_range *range = c->flags & MAP_FIXED ? attachment_at(c->address) : NULL;

	return range == NULL || whole_pages(c->length) >= range->length ? NULL : range;
}

/* Another page of it than those that were mapped over. */
static char *
page_left(const struct call *c)
{
	struct known_range *range = attachment_under(c);

	return range->start < (char *)c->address ? range->start : range->start + range->length - page_size();
}

/* Of an attachment of two pages, the second is mapped over. Returns it; elsewhere is another attachment. */
static char *
map_over_second_page(char **elsewhere)
{
	int id = segment_create(2 * page_size());
	char *p = segment_attach(id, NULL, 0);

	*elsewhere = segment_attach(id, NULL, 0);
	(*elsewhere)[page_size()] = 'e';
	(void)mmap(p + page_size(), page_size(), PROT_READ, MAP_SHARED | MAP_FIXED, nameless_file(2 * page_size()),
	    (off_t)page_size());
	return p;
}

VIOLATION(mmap_over_attachment_makes_rest_private, "shmat.fixed-mapping-over-part", "B046", MMAP,
    FALSIFIES(attachment_under(c) != NULL, make_private(page_left(c), page_size())))
{
	char *elsewhere;
	char *p = map_over_second_page(&elsewhere);

	p[0] = 'p';
	return elsewhere[0] != 'p';
}

VIOLATION(mmap_over_attachment_takes_all, "shmat.fixed-mapping-over-part", "-", MMAP,
    FALSIFIES(attachment_under(c) != NULL, real_munmap(page_left(c), page_size())))
{
	char *elsewhere;

	return load_is_refused(map_over_second_page(&elsewhere));
}

VIOLATION(mmap_over_attachment_clears_segment, "shmat.fixed-mapping-over-part", "-", MMAP,
    CHANGES(
	attachment_under(c) != NULL && attachment_under(c)->protection & PROT_WRITE, memset(c->address, 0, c->length)))
{
	char *elsewhere;

	map_over_second_page(&elsewhere);
	return elsewhere[page_size()] == 0;
}

/* Unmapping a file by a length that is no multiple of the page size. */
static bool
is_odd_unmapping(const struct call *c)
{
	return c->length % page_size() != 0 && known_range_at(c->address) != NULL &&
	    known_range_at(c->address)->fd != -1;
}

static char *
end_of_unmapped(const struct call *c)
{
	return (char *)c->address + whole_pages(c->length);
}

/* A file is mapped below an attachment, or above it, and unmapped but for a byte. Returns the attachment. */
static char *
attachment_beside_unmapped(bool below)
{
	size_t unit = attach_multiple();
	int id = segment_create(unit);
	char *base = free_range(3 * unit);
	char *mapped = below ? base : base + 2 * unit;

	(void)mmap(mapped, unit, PROT_READ, MAP_SHARED | MAP_FIXED, nameless_file(unit), 0);
	segment_attach(id, base + unit, 0);
	munmap(mapped, unit - 1);
	return base + unit;
}

VIOLATION(munmap_takes_attachment_above, "shmat.neighbour-munmap-keeps", "B152", MUNMAP,
    CHANGES(is_odd_unmapping(c) && attachment_at(end_of_unmapped(c)) != NULL,
	c->length = whole_pages(c->length) + attachment_at(end_of_unmapped(c))->length))
{
	return load_is_refused(attachment_beside_unmapped(true));
}

VIOLATION(munmap_clears_page_of_attachment_below, "shmat.neighbour-munmap-keeps", "-", MUNMAP,
    FALSIFIES(is_odd_unmapping(c) && attachment_at((char *)c->address - 1) != NULL,
	put_zeros((char *)c->address - page_size(), page_size(), PROT_NONE, MAP_PRIVATE)))
{
	return load_is_refused(attachment_beside_unmapped(false) + attach_multiple() - page_size());
}
