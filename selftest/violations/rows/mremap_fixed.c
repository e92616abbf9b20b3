/* SPDX-License-Identifier: BSD-2-Clause */

/* Mappings that move to an address, that are made twice, and what mremap() must refuse. */

#ifdef __linux__

#include <sys/mman.h>

#include "effects.h"
#include "range.h"
#include "real.h"
#include "violation.h"

static bool
moves_to_address(const struct call *c)
{
	return c->flags == (MREMAP_MAYMOVE | MREMAP_FIXED) && c->length == c->new_length && range_of(c) != NULL &&
	    (uintptr_t)c->new_address % page_size() == 0 && range_of(c)->fd != -1;
}

/* A page of an object has moved to the second of three pages. */
struct moved {
	int fd;
	char *from;
	char *target;
	char *now;
};

static struct moved
move_page(void)
{
	struct moved m = { .fd = object_create(page_size()).fd };

	m.from = map_shared(m.fd, page_size());
	m.target = map_anonymous(3 * page_size(), MAP_SHARED);
	*m.from = 'o';
	for (size_t i = 0; i < 3; i++)
		m.target[i * page_size()] = 't';
	m.now = mremap(m.from, page_size(), page_size(), MREMAP_MAYMOVE | MREMAP_FIXED, &m.target[page_size()]);
	return m;
}

VIOLATION(mremap_fixed_stays, "mremap.fixed", "-", MREMAP, CHANGES(moves_to_address(c), c->flags = MREMAP_MAYMOVE))
{
	struct moved m = move_page();

	return m.now == m.from;
}

VIOLATION(mremap_fixed_keeps_what_was_there, "mremap.fixed", "-", MREMAP,
    REPLACES(moves_to_address(c), c->result = real_munmap(c->address, c->length) == 0 ? (intptr_t)c->new_address : -1))
{
	return move_page().target[page_size()] == 't';
}

VIOLATION(mremap_fixed_replaces_page_behind, "mremap.fixed", "-", MREMAP,
    FALSIFIES(moves_to_address(c),
	put_zeros((char *)c->result + whole_pages(c->length), page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE)))
{
	return move_page().target[2 * page_size()] == 0;
}

VIOLATION(mremap_fixed_unmaps_page_before, "mremap.fixed", "-", MREMAP,
    FALSIFIES(moves_to_address(c), real_munmap((char *)c->result - page_size(), page_size())))
{
	return load_is_refused(move_page().target);
}

VIOLATION(mremap_fixed_leaves_old_mapping, "mremap.fixed", "-", MREMAP,
    FALSIFIES(moves_to_address(c),
	put_file(c->address, c->length, PROT_READ | PROT_WRITE, MAP_SHARED, range_of(c)->fd, range_of(c)->offset)))
{
	return !load_is_refused(move_page().from);
}

VIOLATION(mremap_fixed_moves_a_copy, "mremap.fixed", "-", MREMAP,
    FALSIFIES(moves_to_address(c), make_private((char *)c->result, c->length)))
{
	struct moved m = move_page();

	*m.now = 'n';
	return content_of(m.fd, 1)[0] == 'o';
}

/* Two pages of memory and what mremap() makes of the first, with these flags. */
static void *
moved_with(int flags)
{
	return mremap(
	    map_anonymous(2 * page_size(), MAP_SHARED), page_size(), page_size(), flags, free_range(page_size()));
}

enum { KNOWN_FLAGS = MREMAP_MAYMOVE | MREMAP_FIXED, SPARE_FLAG = 1 << 24 };

VIOLATION(mremap_fixed_alone_accepted, "mremap.fixed-needs-maymove", "-", MREMAP,
    CHANGES(c->flags == MREMAP_FIXED, c->flags |= MREMAP_MAYMOVE))
{
	return moved_with(MREMAP_FIXED) != MAP_FAILED;
}

VIOLATION(mremap_unknown_flag_accepted, "mremap.fixed-needs-maymove", "-", MREMAP,
    CHANGES(c->flags &SPARE_FLAG, c->flags &= KNOWN_FLAGS))
{
	return moved_with(MREMAP_MAYMOVE | SPARE_FLAG) != MAP_FAILED;
}

VIOLATION(mremap_unknown_flag_enosys, "mremap.fixed-needs-maymove", "-", MREMAP,
    MISTAKES(c->flags &SPARE_FLAG, EINVAL, ENOSYS))
{
	return moved_with(MREMAP_MAYMOVE | SPARE_FLAG) == MAP_FAILED && errno == ENOSYS;
}

static size_t
odd_bytes(const void *address)
{
	return (uintptr_t)address % page_size();
}

VIOLATION(mremap_within_page_accepted, "mremap.fixed-needs-maymove", "-", MREMAP,
    CHANGES(odd_bytes(c->address) != 0, c->address = (char *)c->address - odd_bytes(c->address)))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	return mremap(p + 1, page_size(), 2 * page_size(), MREMAP_MAYMOVE) != MAP_FAILED;
}

VIOLATION(mremap_to_within_page_accepted, "mremap.fixed-needs-maymove", "-", MREMAP,
    CHANGES(odd_bytes(c->new_address) != 0, c->new_address = (char *)c->new_address - odd_bytes(c->new_address)))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);
	char *to = free_range(page_size());

	return mremap(p, page_size(), page_size(), MREMAP_MAYMOVE | MREMAP_FIXED, to + 1) != MAP_FAILED;
}

VIOLATION(mremap_to_nothing_accepted, "mremap.fixed-needs-maymove", "-", MREMAP,
    ACCEPTS(c->new_length == 0, EINVAL, c->address))
{
	return mremap(map_anonymous(page_size(), MAP_SHARED), page_size(), 0, MREMAP_MAYMOVE) != MAP_FAILED;
}

VIOLATION(mremap_to_nothing_unmaps, "mremap.fixed-needs-maymove", "-", MREMAP,
    REPLACES(c->new_length == 0, (real_munmap(c->address, c->length), call_fail(c, EINVAL))))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	mremap(p, page_size(), 0, MREMAP_MAYMOVE);
	return load_is_refused(p);
}

static bool
overlaps(const struct call *c)
{
	return c->flags & MREMAP_FIXED && (uintptr_t)c->new_address - (uintptr_t)c->address < c->length &&
	    odd_bytes(c->new_address) == 0;
}

VIOLATION(
    mremap_to_overlap_accepted, "mremap.fixed-needs-maymove", "-", MREMAP, ACCEPTS(overlaps(c), EINVAL, c->new_address))
{
	char *p = map_anonymous(3 * page_size(), MAP_SHARED);
	char *to = &p[page_size()];

	return mremap(p, 2 * page_size(), 2 * page_size(), MREMAP_MAYMOVE | MREMAP_FIXED, to) == to;
}

static bool
duplicates(const struct call *c)
{
	return c->length == 0 && range_of(c) != NULL && c->new_length > 0;
}

static char *
duplicate_of(char *p)
{
	*p = 'd';
	return mremap(p, 0, 2 * page_size(), MREMAP_MAYMOVE);
}

static char *
duplicate_of_shared(void)
{
	return duplicate_of(map_anonymous(2 * page_size(), MAP_SHARED));
}

VIOLATION(mremap_of_nothing_einval, "mremap.old-size-zero-duplicates", "-", MREMAP,
    REFUSES(duplicates(c) && is_shared(range_of(c)), EINVAL))
{
	return duplicate_of_shared() == MAP_FAILED;
}

VIOLATION(mremap_duplicate_is_a_copy, "mremap.old-size-zero-duplicates", "-", MREMAP,
    FALSIFIES(duplicates(c) && is_shared_mapping(range_of(c)), make_private((char *)c->result, c->new_length)))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);

	*duplicate_of(p) = 'n';
	return *p == 'd';
}

VIOLATION(mremap_duplicate_is_the_same, "mremap.old-size-zero-duplicates", "-", MREMAP,
    FALSIFIES(duplicates(c) && is_shared(range_of(c)), c->result = (intptr_t)c->address))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);

	return duplicate_of(p) == p;
}

VIOLATION(mremap_duplicate_has_new_page, "mremap.old-size-zero-duplicates", "-", MREMAP,
    FALSIFIES(duplicates(c) && is_shared(range_of(c)),
	put_zeros((char *)c->result, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED)))
{
	return *duplicate_of_shared() == 0;
}

VIOLATION(mremap_duplicates_private, "mremap.old-size-zero-duplicates", "-", MREMAP,
    ACCEPTS(duplicates(c) && is_private(range_of(c)), EINVAL,
	real_mmap(NULL, c->new_length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0)))
{
	return duplicate_of(map_anonymous(2 * page_size(), MAP_PRIVATE)) != MAP_FAILED;
}

static bool
is_of_hole(const struct call *c)
{
	return range_of(c) == NULL && is_sane(c) && (uintptr_t)c->address < UINTPTR_MAX / 2;
}

static void *
grown_hole(void)
{
	return mremap(free_range(2 * page_size()), page_size(), 2 * page_size(), MREMAP_MAYMOVE);
}

VIOLATION(mremap_of_unmapped_enomem, "mremap.unmapped-efault", "-", MREMAP, MISTAKES(is_of_hole(c), EFAULT, ENOMEM))
{
	return grown_hole() == MAP_FAILED && errno == ENOMEM;
}

VIOLATION(mremap_of_unmapped_accepted, "mremap.unmapped-efault", "-", MREMAP,
    ACCEPTS(
	is_of_hole(c), EFAULT, real_mmap(NULL, c->new_length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0)))
{
	return grown_hole() != MAP_FAILED;
}

VIOLATION(mremap_of_unmapped_maps, "mremap.unmapped-efault", "-", MREMAP,
    REPLACES(
	is_of_hole(c), (put_zeros(c->address, c->length, PROT_READ | PROT_WRITE, MAP_PRIVATE), call_fail(c, EFAULT))))
{
	char *p = free_range(page_size());

	mremap(p, page_size(), 2 * page_size(), MREMAP_MAYMOVE);
	return !load_is_refused(p);
}

VIOLATION(mremap_of_kernel_accepted, "mremap.unmapped-efault", "B164", MREMAP,
    ACCEPTS((uintptr_t)c->address > UINTPTR_MAX / 2, EFAULT, c->address))
{
	return mremap(address_of_kernel(), page_size(), page_size(), MREMAP_MAYMOVE) != MAP_FAILED;
}

#endif
