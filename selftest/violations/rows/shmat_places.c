/* SPDX-License-Identifier: BSD-2-Clause */

/* Where shmat() attaches: high and low, between neighbours, over what is in use. Roundings: shmat_address.c. */

#include "platform/unistd.h"
#include "segments.h"

static bool
is_on_multiple(const struct call *c)
{
	return c->address != NULL && (uintptr_t)c->address % (size_t)SHMLBA == 0;
}

static bool
is_low(const struct call *c)
{
	return is_on_multiple(c) && (uintptr_t)c->address <= 2 * (size_t)SHMLBA;
}

static bool
is_unaligned(const struct call *c)
{
	return (uintptr_t)c->address % page_size() != 0 && (c->flags & SHM_RND) == 0;
}

static bool
is_above_4gib(const volatile void *address)
{
	return (uint64_t)(uintptr_t)address >> 32 != 0;
}

/* The upper half of an address is lost. */
static intptr_t
cut(intptr_t address)
{
	return (intptr_t)(uint32_t)address;
}

static char *
end_of_result(const struct call *c)
{
	return (char *)c->result + whole_pages(size_for(c));
}

static char *
address(uintptr_t number)
{
	return (char *)number; /* NOLINT(performance-no-int-to-ptr) */
}

VIOLATION(shmat_inside_attachment_shares_it, "shmat.einval-unaligned", "B041", SHMAT,
    REPLACES(is_unaligned(c) && attachment_at(c->address) != NULL && attachment_at(c->address)->id == c->id,
	c->result = (intptr_t)c->address))
{
	int id = segment_create(1);
	char *p = segment_attach(id, NULL, 0);

	return shmat(id, p + 1, 0) == p + 1;
}

VIOLATION(shmat_unaligned_remap_rounded, "shmat.einval-unaligned", "-", SHMAT,
    CHANGES(SHM_REMAP != 0 && is_unaligned(c) && c->flags & SHM_REMAP, c->flags |= SHM_RND))
{
	char *mapped = map_anonymous(page_size(), MAP_PRIVATE);

	mapped[0] = 'm';
	return SHM_REMAP != 0 && shmat(segment_create(1), mapped + 1, SHM_REMAP) == mapped && mapped[0] != 'm';
}

VIOLATION(shmat_first_at_address_private, "shmat.exact-address", "-", SHMAT,
    FALSIFIES(is_on_multiple(c) && c->flags == 0 && known_segment(c->id) != NULL && !known_segment(c->id)->was_attached,
	put_zeros((void *)c->result, size_for(c), PROT_READ | PROT_WRITE, MAP_PRIVATE)))
{
	int id = segment_create(1);
	char *p = segment_attach(id, free_range(1), 0);

	*p = 'p';
	return *(char *)segment_attach(id, NULL, 0) != 'p';
}

/* A private mapping that has the segment's size, where it is the first time that the segment is attached. */
static struct known_range *
mapping_of_its_size(const struct call *c)
{
	size_t count;
	struct known_range *ranges = known_ranges(&count);

	if (known_segment(c->id) == NULL || known_segment(c->id)->was_attached)
		return NULL;
	for (size_t i = 0; i < count; i++)
		if (ranges[i].id == -1 && ranges[i].fd == -1 && ranges[i].flags & MAP_PRIVATE &&
		    ranges[i].protection & PROT_WRITE && ranges[i].length == whole_pages(size_for(c)))
			return &ranges[i];
	return NULL;
}

VIOLATION(shmat_first_at_address_clears_other_memory, "shmat.exact-address", "B223", SHMAT,
    FALSIFIES(is_on_multiple(c) && mapping_of_its_size(c) != NULL,
	put_zeros(mapping_of_its_size(c)->start, whole_pages(size_for(c)), PROT_READ | PROT_WRITE, MAP_PRIVATE)))
{
	char *mapped = map_anonymous(page_size(), MAP_PRIVATE);

	mapped[0] = 'm';
	segment_attach(segment_create(1), free_range(1), 0);
	return mapped[0] == 0;
}

/* Another segment that is attached here, where one was detached at the address. */
static int
segment_before(const struct call *c)
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	if (!is_on_multiple(c) || !known_was_detached(c->address) || known_range_at(c->address) != NULL)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (ranges[i].id != -1 && ranges[i].id != c->id)
			return ranges[i].id;
	return -1;
}

VIOLATION(shmat_where_detached_shows_another, "shmat.exact-address", "-", SHMAT,
    CHANGES(segment_before(c) != -1 && c->flags == 0, c->id = segment_before(c)))
{
	int old = segment_create(1);
	char *at = free_range(1);
	char *elsewhere = segment_attach(old, NULL, 0);

	segment_detach(segment_attach(old, at, 0));
	*elsewhere = 'o';
	return *(char *)segment_attach(segment_create(1), at, 0) == 'o';
}

VIOLATION(shmat_high_address_cut, "shmat.exact-address", "B298", SHMAT,
    FALSIFIES(is_on_multiple(c) && c->flags == SHM_RND && is_above_4gib(c->address), c->result = cut(c->result)))
{
	char *at = free_range(1);

	return is_above_4gib(at) && shmat(segment_create(1), at, SHM_RND) != at;
}

VIOLATION(shmat_chosen_high_address_cut, "shmat.null-address-chosen", "B298", SHMAT,
    FALSIFIES(c->address == NULL && c->flags == 0 && size_for(c) > 6 * page_size() && size_for(c) < (size_t)1 << 20 &&
	    is_above_4gib((void *)c->result),
	c->result = cut(c->result)))
{
	return is_above_4gib(free_range(1)) && !is_above_4gib(shmat(segment_create(7 * page_size()), NULL, 0));
}

VIOLATION(shmat_where_it_was_refused, "shmat.null-address-chosen", "-", SHMAT,
    REFUSES(is_on_multiple(c) && c->flags == 0 && known_was_detached(c->address) && known_range_at(c->address) == NULL,
	EINVAL))
{
	int id = segment_create(1);
	char *p = segment_attach(id, NULL, 0);

	segment_detach(p);
	return is_on_multiple(&(struct call){ .address = p }) && shmat(id, p, 0) == (void *)-1;
}

VIOLATION(shmat_below_4gib_refused, "shmat.exact-address", "B073", SHMAT,
    REFUSES(is_on_multiple(c) && sizeof(void *) == 8 && !is_above_4gib(c->address) && (uintptr_t)c->address >> 24 != 0,
	EINVAL))
{
	char *at = mmap(address((uintptr_t)1 << 28), 2 * attach_multiple(), PROT_NONE, MAP_PRIVATE | MAP_ANON, -1, 0);

	if (at == MAP_FAILED || is_above_4gib(at))
		return false;
	unmap(at, 2 * attach_multiple());
	return shmat(segment_create(1), at, SHM_RND) == (void *)-1;
}

VIOLATION(shmat_low_address_moved, "shmat.exact-address", "-", SHMAT,
    CHANGES(is_low(c), (c->address = NULL, c->flags &= ~SHM_REMAP)))
{
	char *low = address(attach_multiple());
	char *p = shmat(segment_create(1), low, 0);

	return p != (void *)-1 && p != low;
}

VIOLATION(shmat_takes_page_of_neighbour_behind, "shmat.exact-address", "B152", SHMAT,
    FALSIFIES(is_on_multiple(c) && (c->flags & SHM_REMAP) == 0 && known_range_at(end_of_result(c)) != NULL,
	put_zeros(end_of_result(c), page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE)))
{
	size_t unit = attach_multiple();
	char *mapped = map_anonymous(3 * unit, MAP_PRIVATE);

	mapped[2 * unit] = 'm';
	unmap(mapped + unit, unit);
	segment_attach(segment_create(unit), mapped + unit, 0);
	return mapped[2 * unit] == 0;
}

VIOLATION(shmat_takes_page_of_neighbour_before, "shmat.exact-address", "-", SHMAT,
    FALSIFIES(is_on_multiple(c) && (c->flags & SHM_REMAP) == 0 && known_range_at((char *)c->result - 1) != NULL,
	put_zeros((char *)c->result - page_size(), page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE)))
{
	size_t unit = attach_multiple();
	char *mapped = map_anonymous(2 * unit, MAP_PRIVATE);

	mapped[unit - 1] = 'm';
	unmap(mapped + unit, unit);
	segment_attach(segment_create(unit), mapped + unit, 0);
	return mapped[unit - 1] == 0;
}

VIOLATION(shmat_remap_rounded_to_zero_accepted, "shmat.rnd-rounding-to-zero", "B044", SHMAT,
    ACCEPTS(SHM_REMAP != 0 && c->address != NULL && (uintptr_t)c->address < (size_t)SHMLBA && c->flags & SHM_REMAP,
	EINVAL, memory_of_its_own()))
{
	return SHM_REMAP != 0 && shmat(segment_create(1), address(1), SHM_RND | SHM_REMAP) != (void *)-1;
}

VIOLATION(shmat_remap_rounded_to_zero_eperm, "shmat.rnd-rounding-to-zero", "-", SHMAT,
    MISTAKES(SHM_REMAP != 0 && c->address != NULL && (uintptr_t)c->address < (size_t)SHMLBA && c->flags & SHM_REMAP,
	EINVAL, EPERM))
{
	return SHM_REMAP != 0 && shmat(segment_create(1), address(1), SHM_RND | SHM_REMAP) == (void *)-1 &&
	    errno == EPERM;
}

/* What is in use is not where the address is: at the end of the segment's range alone. */
static bool
has_end_in_use(const struct call *c)
{
	return is_on_multiple(c) && c->flags == 0 && known_range_at(c->address) == NULL &&
	    known_range_at((char *)c->address + size_for(c) - 1) != NULL;
}

VIOLATION(shmat_with_end_in_use_replaces, "shmat.einval-occupied", "-", SHMAT,
    CHANGES(SHM_REMAP != 0 && size_for(c) > page_size() && has_end_in_use(c), c->flags = SHM_REMAP))
{
	size_t unit = attach_multiple();
	char *mapped = map_anonymous(2 * unit, MAP_PRIVATE);

	mapped[unit] = 'm';
	unmap(mapped, unit);
	shmat(segment_create(unit + 1), mapped, 0);
	return SHM_REMAP != 0 && mapped[unit] != 'm';
}

VIOLATION(shmat_over_no_access_replaces, "shmat.einval-occupied", "-", SHMAT,
    CHANGES(SHM_REMAP != 0 && is_on_multiple(c) && known_range_at(c->address) != NULL &&
	    known_range_at(c->address)->protection == PROT_NONE,
	c->flags |= SHM_REMAP))
{
	char *reserved = mmap(NULL, page_size(), PROT_NONE, MAP_PRIVATE | MAP_ANON, -1, 0);

	return SHM_REMAP != 0 && shmat(segment_create(1), reserved, 0) == reserved;
}

VIOLATION(shmat_moves_end_of_heap, "shmat.brk-not-altered", "-", SHMAT,
    FALSIFIES(c->address == NULL && c->flags == 0 && size_for(c) > page_size() && sbrk(0) != (void *)-1,
	(void)sbrk((intptr_t)page_size())))
{
	int id = segment_create(2 * page_size());
	void *before = sbrk(0);

	return shmat(id, NULL, 0) != (void *)-1 && sbrk(0) != before;
}
