/* SPDX-License-Identifier: BSD-2-Clause */

/* MREMAP_DONTUNMAP of parts, to addresses and of each kind of memory, and moves of several mappings at once. */

#ifdef __linux__

#include "mremap.h"
#include "platform/mman.h"

static bool
leaves_old(const struct call *c)
{
	return (c->flags & ~MREMAP_FIXED) == (MREMAP_MAYMOVE | MREMAP_DONTUNMAP) && c->length == c->new_length &&
	    is_sane(c) && range_of(c) != NULL && (uintptr_t)c->new_address % page_size() == 0;
}

static bool
leaves_private(const struct call *c)
{
	return leaves_old(c) && is_private(range_of(c)) && range_of(c)->fd == -1 &&
	    range_of(c)->protection == READ_WRITE;
}

static bool
leaves_to_address(const struct call *c)
{
	return leaves_private(c) && (c->flags & MREMAP_FIXED) != 0;
}

static bool
leaves_shared(const struct call *c)
{
	return leaves_old(c) && is_shared(range_of(c));
}

/* For direct checks: the middle page of three, of a mapping that is shared or private, moves to a page of three others. */
struct left {
	char *at;
	char *target;
	char *now;
};

static struct left
leave_middle(int sharing)
{
	struct left l = { .at = map_anonymous(3 * page_size(), sharing),
		.target = map_anonymous(3 * page_size(), MAP_SHARED) };

	for (size_t i = 0; i < 3; i++)
		l.at[i * page_size()] = l.target[i * page_size()] = (char)('0' + i);
	l.now =
	    mremap(l.at + page_size(), page_size(), page_size(), TO_ADDRESS | MREMAP_DONTUNMAP, l.target + page_size());
	return l;
}

VIOLATION(mremap_dontunmap_einval, "mremap.dontunmap", "-", MREMAP, REFUSES(leaves_private(c), EINVAL))
{
	return leave_middle(MAP_PRIVATE).now == MAP_FAILED;
}

VIOLATION(mremap_dontunmap_takes_page_before, "mremap.dontunmap", "-", MREMAP,
    FALSIFIES(leaves_private(c) && is_part(c) && !has_first_page(c),
	real_munmap((char *)c->address - page_size(), page_size())))
{
	return load_is_refused(leave_middle(MAP_PRIVATE).at);
}

VIOLATION(mremap_dontunmap_takes_page_behind, "mremap.dontunmap", "-", MREMAP,
    FALSIFIES(leaves_private(c) && is_part(c) && !has_last_page(c), real_munmap(page_of(c, pages_of(c)), page_size())))
{
	return load_is_refused(leave_middle(MAP_PRIVATE).at + 2 * page_size());
}

VIOLATION(mremap_dontunmap_leaves_read_only, "mremap.dontunmap", "-", MREMAP,
    FALSIFIES(leaves_private(c), real_mprotect(c->address, c->length, PROT_READ)))
{
	return store_is_refused(leave_middle(MAP_PRIVATE).at + page_size());
}

VIOLATION(mremap_dontunmap_replaces_page_before, "mremap.dontunmap", "-", MREMAP,
    FALSIFIES(leaves_to_address(c), put_zeros(result_of(c) - page_size(), page_size(), READ_WRITE, MAP_PRIVATE)))
{
	return *leave_middle(MAP_PRIVATE).target == 0;
}

VIOLATION(mremap_dontunmap_replaces_page_behind, "mremap.dontunmap", "-", MREMAP,
    FALSIFIES(leaves_to_address(c), put_zeros(result_of(c) + c->length, page_size(), READ_WRITE, MAP_PRIVATE)))
{
	return leave_middle(MAP_PRIVATE).target[2 * page_size()] == 0;
}

VIOLATION(mremap_dontunmap_to_address_loses, "mremap.dontunmap", "-", MREMAP,
    FALSIFIES(leaves_to_address(c), memset(result_of(c), 0, c->length)))
{
	return *leave_middle(MAP_PRIVATE).now == 0;
}

VIOLATION(mremap_dontunmap_copies, "mremap.dontunmap", "-", MREMAP,
    FALSIFIES(leaves_private(c), memcpy(c->address, result_of(c), c->length)))
{
	return leave_middle(MAP_PRIVATE).at[page_size()] == '1';
}

VIOLATION(mremap_dontunmap_of_shared_enosys, "mremap.dontunmap-of-kind", "-", MREMAP, REFUSES(leaves_shared(c), ENOSYS))
{
	return leave_middle(MAP_SHARED).now == MAP_FAILED && errno == ENOSYS;
}

VIOLATION(mremap_dontunmap_of_shared_unmaps, "mremap.dontunmap-of-kind", "-", MREMAP,
    FALSIFIES(leaves_shared(c), real_munmap(c->address, c->length)))
{
	return load_is_refused(leave_middle(MAP_SHARED).at + page_size());
}

VIOLATION(mremap_dontunmap_of_shared_moves_zeros, "mremap.dontunmap-of-kind", "-", MREMAP,
    FALSIFIES(leaves_shared(c), put_zeros(result_of(c), c->length, READ_WRITE, MAP_SHARED)))
{
	return *leave_middle(MAP_SHARED).now == 0;
}

VIOLATION(mremap_dontunmap_of_shared_refused_unmaps, "mremap.dontunmap-of-kind", "-", MREMAP,
    REPLACES(leaves_shared(c), (real_munmap(c->address, c->length), call_fail(c, EINVAL))))
{
	return load_is_refused(leave_middle(MAP_SHARED).at + page_size());
}

VIOLATION(mremap_dontunmap_of_shared_clears, "mremap.dontunmap-of-kind", "-", MREMAP,
    FALSIFIES(leaves_shared(c), clear_what_it_shows(range_of(c))))
{
	char *p = map_shared(object_create(page_size()).fd, page_size());

	*p = 'o';
	mremap(p, page_size(), page_size(), MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL);
	return *p == 0;
}

/* Several mappings. */

static bool
moves_several(const struct call *c)
{
	return moves(c) && is_over_several(c);
}

static bool
shrinks_over_several(const struct call *c)
{
	return c->flags == 0 && is_over_several(c) && c->new_length < c->length;
}

/* Three pages of which the second can't be stored to; what mremap() makes of the first two of them. */
static char *
three_unlike_pages(void)
{
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);

	for (size_t i = 0; i < 3; i++)
		p[i * page_size()] = (char)('0' + i);
	mprotect(p + page_size(), page_size(), PROT_READ);
	return p;
}

static char *
several_moved(void)
{
	return mremap(three_unlike_pages(), 2 * page_size(), 2 * page_size(), TO_ADDRESS, free_range(2 * page_size()));
}

VIOLATION(
    mremap_of_several_enosys, "mremap.fixed-of-several", "-", MREMAP, REPLACES(moves_several(c), call_fail(c, ENOSYS)))
{
	return several_moved() == MAP_FAILED && errno == ENOSYS;
}

VIOLATION(mremap_of_several_is_new, "mremap.fixed-of-several", "-", MREMAP,
    REPLACES(moves_several(c),
	(put_zeros(c->new_address, c->length, PROT_READ, MAP_PRIVATE), c->result = (intptr_t)c->new_address)))
{
	char *p = several_moved();

	return p != MAP_FAILED && *p == 0;
}

/* What it leaves where it was refused. */
static char *
several_refused(void)
{
	char *p = three_unlike_pages();

	mremap(p, 2 * page_size(), 2 * page_size(), TO_ADDRESS, free_range(2 * page_size()));
	return p;
}

VIOLATION(mremap_of_several_refused_opens, "mremap.fixed-of-several", "-", MREMAP,
    REPLACES(moves_several(c), (real_mprotect(c->address, c->length, READ_WRITE), call_fail(c, EFAULT))))
{
	return !store_is_refused(several_refused() + page_size());
}

VIOLATION(mremap_of_several_refused_closes, "mremap.fixed-of-several", "-", MREMAP,
    REPLACES(moves_several(c), (real_mprotect(c->address, c->length, PROT_READ), call_fail(c, EFAULT))))
{
	char *p = several_refused();

	return !load_is_refused(p) && store_is_refused(p);
}

VIOLATION(
    mremap_shrinks_several_efault, "mremap.shrinks-over-several", "-", MREMAP, REFUSES(shrinks_over_several(c), EFAULT))
{
	return mremap(three_unlike_pages(), 2 * page_size(), page_size(), 0) == MAP_FAILED;
}

VIOLATION(mremap_shrinks_first_of_several, "mremap.shrinks-over-several", "-", MREMAP,
    CHANGES(shrinks_over_several(c), c->length = c->new_length))
{
	char *p = three_unlike_pages();

	mremap(p, 2 * page_size(), page_size(), 0);
	return !load_is_refused(p + page_size());
}

VIOLATION(mremap_shrinks_several_takes_page_behind, "mremap.shrinks-over-several", "-", MREMAP,
    FALSIFIES(shrinks_over_several(c), real_munmap(page_of(c, pages_of(c)), page_size())))
{
	char *p = three_unlike_pages();

	mremap(p, 2 * page_size(), page_size(), 0);
	return load_is_refused(p + 2 * page_size());
}

VIOLATION(mremap_shrinks_several_clears, "mremap.shrinks-over-several", "-", MREMAP,
    FALSIFIES(shrinks_over_several(c) && range_of(c)->protection == READ_WRITE, memset(c->address, 0, page_size())))
{
	char *p = three_unlike_pages();

	mremap(p, 2 * page_size(), page_size(), 0);
	return *p == 0;
}

/* The address zero. */

static bool
moves_to_zero(const struct call *c)
{
	return c->flags == TO_ADDRESS && c->new_address == NULL && range_of(c) != NULL;
}

static char *
moved_to_zero(char **at)
{
	*at = map_anonymous(2 * page_size(), MAP_SHARED);
	**at = 'z';
	return mremap(*at, 2 * page_size(), page_size(), TO_ADDRESS, NULL);
}

VIOLATION(mremap_to_zero_enosys, "mremap.fixed-to-zero", "-", MREMAP, REFUSES(moves_to_zero(c), ENOSYS))
{
	char *at;

	return moved_to_zero(&at) == MAP_FAILED && errno == ENOSYS;
}

VIOLATION(mremap_to_zero_does_nothing, "mremap.fixed-to-zero", "-", MREMAP, REPLACES(moves_to_zero(c), c->result = 0))
{
	char *at;

	return moved_to_zero(&at) == NULL && load_is_refused(NULL);
}

VIOLATION(mremap_to_zero_clears, "mremap.fixed-to-zero", "-", MREMAP,
    REPLACES(moves_to_zero(c), (memset(c->address, 0, c->length), call_fail(c, EPERM))))
{
	char *at;

	moved_to_zero(&at);
	return !load_is_refused(at) && *at == 0;
}

#endif
