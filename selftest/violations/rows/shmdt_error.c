/* SPDX-License-Identifier: BSD-2-Clause */

/* Addresses that shmdt() has to refuse. */

#include "segments.h"

static bool
is_of_no_segment(const struct call *c)
{
	return attachment_at(c->address) == NULL && !known_was_detached(c->address);
}

VIOLATION(shmdt_null_accepted, "shmdt.einval-not-attached", "B041", SHMDT, ACCEPTS(c->address == NULL, EINVAL, 0))
{
	return shmdt(NULL) == 0;
}

VIOLATION(shmdt_null_efault, "shmdt.einval-not-attached", "-", SHMDT, MISTAKES(c->address == NULL, EINVAL, EFAULT))
{
	return shmdt(NULL) == -1 && errno == EFAULT;
}

VIOLATION(shmdt_of_variable_accepted, "shmdt.einval-not-attached", "B041", SHMDT,
    ACCEPTS(is_of_no_segment(c) && known_range_at(c->address) == NULL && c->address != (void *)-1 &&
	    (uintptr_t)c->address % page_size() != 0,
	EINVAL, 0))
{
	char variable[] = "x";

	return shmdt(&variable[(uintptr_t)variable % 2 == 0]) == 0;
}

VIOLATION(shmdt_of_kernel_enomem, "shmdt.einval-not-attached", "-", SHMDT,
    MISTAKES((uintptr_t)c->address >= UINTPTR_MAX - page_size(), EINVAL, ENOMEM))
{
	return shmdt(address_of_kernel()) == -1 && errno == ENOMEM;
}

VIOLATION(shmdt_of_mapping_accepted, "shmdt.einval-not-attached", "B010", SHMDT,
    ACCEPTS(
	is_of_no_segment(c) && known_range_at(c->address) != NULL && known_range_at(c->address)->fd == -1, EINVAL, 0))
{
	return shmdt(map_anonymous(1, MAP_SHARED)) == 0;
}

VIOLATION(shmdt_of_object_accepted, "shmdt.einval-not-attached", "-", SHMDT,
    ACCEPTS(
	is_of_no_segment(c) && known_range_at(c->address) != NULL && known_range_at(c->address)->fd != -1, EINVAL, 0))
{
	return shmdt(map_shared(object_create(1).fd, 1)) == 0;
}

static void
clear_and_refuse(struct call *c)
{
	put_zeros(c->address, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE);
	call_fail(c, EINVAL);
}

VIOLATION(shmdt_refused_clears_mapping, "shmdt.einval-not-attached", "B010", SHMDT,
    REPLACES(
	is_of_no_segment(c) && known_range_at(c->address) != NULL && known_range_at(c->address)->start == c->address,
	clear_and_refuse(c)))
{
	char *p = map_anonymous(1, MAP_PRIVATE);

	*p = 'p';
	return shmdt(p) == -1 && *p == 0;
}

static size_t
offset_inside(const struct call *c)
{
	return (size_t)((char *)c->address - attachment_at(c->address)->start);
}

static bool
is_inside(const struct call *c)
{
	return attachment_at(c->address) != NULL && offset_inside(c) > 0;
}

VIOLATION(shmdt_inside_first_page_accepted, "shmdt.einval-inside-segment", "B041", SHMDT,
    ACCEPTS(is_inside(c) && offset_inside(c) < page_size(), EINVAL, 0))
{
	return shmdt((char *)segment_attach(segment_create(1), NULL, 0) + 1) == 0;
}

VIOLATION(shmdt_at_later_page_accepted, "shmdt.einval-inside-segment", "B041", SHMDT,
    ACCEPTS(is_inside(c) && offset_inside(c) >= page_size(), EINVAL, 0))
{
	return shmdt((char *)segment_attach(segment_create(page_size() + 1), NULL, 0) + page_size()) == 0;
}

VIOLATION(shmdt_right_behind_accepted, "shmdt.einval-inside-segment", "-", SHMDT,
    ACCEPTS(attachment_at(c->address) == NULL && attachment_at((char *)c->address - 1) != NULL, EINVAL, 0))
{
	return shmdt((char *)segment_attach(segment_create(page_size()), NULL, 0) + page_size()) == 0;
}

VIOLATION(shmdt_inside_enomem, "shmdt.einval-inside-segment", "-", SHMDT, MISTAKES(is_inside(c), EINVAL, ENOMEM))
{
	return shmdt((char *)segment_attach(segment_create(1), NULL, 0) + 1) == -1 && errno == ENOMEM;
}

static bool
was_detached(const struct call *c)
{
	return known_was_detached(c->address) && attachment_at(c->address) == NULL;
}

VIOLATION(shmdt_twice_accepted, "shmdt.einval-twice", "-", SHMDT, ACCEPTS(was_detached(c), EINVAL, 0))
{
	char *p = segment_attach(segment_create(1), NULL, 0);

	segment_detach(p);
	return shmdt(p) == 0;
}

static struct known_range *
other_attachment(void)
{
	size_t count;
	struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].id != -1 && (ranges[i].flags & SHM_RDONLY) == 0)
			return &ranges[i];
	return NULL;
}

static void
detach_another(struct call *c)
{
	c->address = other_attachment()->start;
}

VIOLATION(shmdt_twice_detaches_another, "shmdt.einval-twice", "-", SHMDT,
    CHANGES(was_detached(c) && known_range_at(c->address) == NULL && other_attachment() != NULL, detach_another(c)))
{
	int id = segment_create(1);
	char *p = segment_attach(id, NULL, 0);
	char *q = segment_attach(id, NULL, 0);

	shmdt(p);
	shmdt(p);
	return load_is_refused(q);
}

VIOLATION(shmdt_twice_clears_what_came_later, "shmdt.einval-twice", "-", SHMDT,
    REPLACES(was_detached(c) && known_range_at(c->address) != NULL, clear_and_refuse(c)))
{
	char *p = segment_attach(segment_create(1), NULL, 0);

	segment_detach(p);
	if (mmap(p, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON | MAP_FIXED, -1, 0) != p)
		return false;
	*p = 'p';
	return shmdt(p) == -1 && *p == 0;
}

/* All that the system finds where the address is, when the attachment is in pieces: protections differ, or parts are gone. */
static void
detach_first_piece(struct call *c)
{
	real_munmap(c->address, page_size());
}

static bool
has_four_pages(const struct call *c)
{
	const struct known_range *range = attachment_at(c->address);

	return range != NULL && (range->flags & SHM_RDONLY) == 0 && range->length_then == 4 * page_size() &&
	    range->start == c->address;
}

VIOLATION(shmdt_stops_at_protected_page, "shmdt.split-by-mprotect", "B010", SHMDT,
    REPLACES(has_four_pages(c), detach_first_piece(c)))
{
	char *p = segment_attach(segment_create(4 * page_size()), NULL, 0);

	mprotect(p + page_size(), page_size(), PROT_READ);
	return shmdt(p) == 0 && !load_is_refused(p + page_size());
}

VIOLATION(shmdt_of_unmapped_efault, "shmdt.munmap-detaches", "B047", SHMDT,
    MISTAKES(is_of_no_segment(c) && known_range_at(c->address) == NULL && c->address != NULL &&
	    (uintptr_t)c->address % page_size() == 0,
	EINVAL, EFAULT))
{
	char *p = segment_attach(segment_create(1), NULL, 0);

	unmap(p, page_size());
	return shmdt(p) == -1 && errno == EFAULT;
}

/* A page of a longer attachment is unmapped: the first or another. */
static bool
is_of_page(const struct call *c, bool is_first)
{
	const struct known_range *range = attachment_at(c->address);

	return range != NULL && c->length == page_size() && range->length > page_size() &&
	    (range->start == c->address) == is_first;
}

VIOLATION(munmap_of_first_page_takes_second, "shmdt.partial-munmap", "B046", MUNMAP,
    FALSIFIES(is_of_page(c, true),
	put_zeros((char *)c->address + page_size(), page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE)))
{
	char *p = segment_attach(segment_create(2 * page_size()), NULL, 0);

	p[page_size()] = 'x';
	unmap(p, page_size());
	return p[page_size()] == 0;
}

VIOLATION(munmap_of_later_page_takes_one_before, "shmdt.partial-munmap", "B046", MUNMAP,
    FALSIFIES(is_of_page(c, false),
	put_zeros((char *)c->address - page_size(), page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE)))
{
	char *p = segment_attach(segment_create(2 * page_size()), NULL, 0);

	p[0] = 'x';
	unmap(p + page_size(), page_size());
	return p[0] == 0;
}

static bool
is_of_whole_attachment(const struct call *c)
{
	const struct known_range *range = attachment_at(c->address);

	return range != NULL && range->start == c->address && range->length == c->length;
}

static void
attach_twice_elsewhere(const struct call *c)
{
	real_shmat(attachment_at(c->address)->id, NULL, 0);
	real_shmat(attachment_at(c->address)->id, NULL, 0);
}

VIOLATION(munmap_of_attachment_raises_count, "shmdt.munmap-detaches", "B047", MUNMAP,
    FALSIFIES(is_of_whole_attachment(c), attach_twice_elsewhere(c)))
{
	int id = segment_create(1);

	unmap(segment_attach(id, NULL, 0), page_size());
	return segment_stat(id).shm_nattch == 2;
}
