/* SPDX-License-Identifier: BSD-2-Clause */

/* Pages of a file in another order: which one comes where, and what stays. */

#ifdef __linux__

#include <sys/mman.h>

#include "effects.h"
#include "range.h"
#include "real.h"
#include "segment.h"
#include "violation.h"

/* Of one page of a mapping by mmap(). */
static bool
is_of_page(const struct call *c)
{
	return is_shared_mapping(range_of(c)) && c->length == page_size() && c->protection == 0;
}

/* Three pages with their numbers, whose first one becomes the third. */
static char *
rearranged(int *result)
{
	char *p = three_numbered_pages(object_create(3 * page_size()).fd);

	*result = remap_file_pages(p, page_size(), 0, 2, 0);
	return p;
}

VIOLATION(remap_does_nothing, "remap_file_pages.rearranges", "-", REMAP_FILE_PAGES, SKIPS(is_of_page(c)))
{
	int result;

	return *rearranged(&result) == '0' && result == 0;
}

VIOLATION(remap_refused, "remap_file_pages.rearranges", "-", REMAP_FILE_PAGES, REFUSES(is_of_page(c), ENOSYS))
{
	int result;

	rearranged(&result);
	return result == -1;
}

VIOLATION(remap_moves_next_page_too, "remap_file_pages.rearranges", "-", REMAP_FILE_PAGES,
    FALSIFIES(is_of_page(c), put_zeros(page_of(c, 1), page_size(), PROT_READ | PROT_WRITE, MAP_SHARED)))
{
	int result;

	return rearranged(&result)[page_size()] == 0;
}

VIOLATION(remap_makes_a_copy, "remap_file_pages.rearranges", "-", REMAP_FILE_PAGES,
    FALSIFIES(is_of_page(c), make_private(c->address, page_size())))
{
	int result;
	char *p = rearranged(&result);

	*p = 'c';
	return p[2 * page_size()] == '2';
}

static size_t
odd_bytes(const struct call *c)
{
	return (uintptr_t)c->address % page_size();
}

static int
remap_inside_pages(char *p)
{
	return remap_file_pages(&p[page_size() + 1], 2 * page_size() - 1, 0, 0, 0);
}

VIOLATION(
    remap_inside_page_einval, "remap_file_pages.rounds-down", "-", REMAP_FILE_PAGES, REFUSES(odd_bytes(c) != 0, EINVAL))
{
	return remap_inside_pages(three_numbered_pages(object_create(3 * page_size()).fd)) == -1;
}

VIOLATION(remap_rounds_size_up, "remap_file_pages.rounds-down", "-", REMAP_FILE_PAGES,
    CHANGES(odd_bytes(c) != 0, c->length = whole_pages(c->length)))
{
	char *p = three_numbered_pages(object_create(3 * page_size()).fd);

	remap_inside_pages(p);
	return p[2 * page_size()] == '1';
}

VIOLATION(remap_rounds_address_down_further, "remap_file_pages.rounds-down", "-", REMAP_FILE_PAGES,
    CHANGES(odd_bytes(c) != 0, (c->address = (char *)c->address - page_size(), c->offset = 1)))
{
	char *p = three_numbered_pages(object_create(3 * page_size()).fd);

	remap_inside_pages(p);
	return *p == '1';
}

VIOLATION(remap_inside_page_skipped, "remap_file_pages.rounds-down", "-", REMAP_FILE_PAGES, SKIPS(odd_bytes(c) != 0))
{
	char *p = three_numbered_pages(object_create(3 * page_size()).fd);

	return remap_inside_pages(p) == 0 && p[page_size()] == '1';
}

VIOLATION(remap_of_private_accepted, "remap_file_pages.einval", "-", REMAP_FILE_PAGES,
    ACCEPTS(is_private(range_of(c)), EINVAL, 0))
{
	return remap_file_pages(map_anonymous(page_size(), MAP_PRIVATE), page_size(), 0, 0, 0) == 0;
}

VIOLATION(remap_of_private_clears, "remap_file_pages.einval", "-", REMAP_FILE_PAGES,
    CHANGES(is_private(range_of(c)), memset(c->address, 0, c->length)))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	*p = 'p';
	remap_file_pages(p, page_size(), 0, 0, 0);
	return *p == 0;
}

VIOLATION(remap_of_nothing_enomem, "remap_file_pages.einval", "-", REMAP_FILE_PAGES,
    MISTAKES(range_of(c) == NULL, EINVAL, ENOMEM))
{
	return remap_file_pages(free_range(page_size()), page_size(), 0, 0, 0) == -1 && errno == ENOMEM;
}

VIOLATION(remap_with_protection_accepted, "remap_file_pages.einval", "-", REMAP_FILE_PAGES,
    CHANGES(c->protection != 0, c->protection = 0))
{
	return remap_file_pages(map_anonymous(page_size(), MAP_SHARED), page_size(), PROT_READ, 0, 0) == 0;
}

VIOLATION(remap_with_protection_clears, "remap_file_pages.einval", "-", REMAP_FILE_PAGES,
    CHANGES(c->protection != 0, memset(c->address, 0, c->length)))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	*p = 'p';
	remap_file_pages(p, page_size(), PROT_READ, 0, 0);
	return *p == 0;
}

static bool
is_of_attachment(const struct call *c)
{
	return range_of(c) != NULL && range_of(c)->id != -1;
}

static void
show_other_memory(struct call *c)
{
	put_zeros(c->address, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED);
	c->result = 0;
}

static char *
remapped_attachment(int *result)
{
	char *p = segment_attach(segment_create(1), NULL, 0);

	*p = 'p';
	*result = remap_file_pages(p, page_size(), 0, 0, 0);
	return p;
}

VIOLATION(remap_of_segment_shows_other_memory, "shmctl.rmid-during-remap", "-", REMAP_FILE_PAGES,
    REPLACES(is_of_attachment(c), show_other_memory(c)))
{
	int result;

	return *remapped_attachment(&result) == 0 && result == 0;
}

VIOLATION(
    remap_of_segment_enomem, "shmctl.rmid-during-remap", "-", REMAP_FILE_PAGES, REFUSES(is_of_attachment(c), ENOMEM))
{
	int result;

	remapped_attachment(&result);
	return result == -1 && errno == ENOMEM;
}

#endif
