/* SPDX-License-Identifier: BSD-2-Clause */

/* Which pages mprotect() changes, and what becomes of the others. */

#include <sys/mman.h>

#include "effects.h"
#include "range.h"
#include "real.h"
#include "violation.h"

static char *
private_pages(size_t count)
{
	return map_anonymous(count * page_size(), MAP_PRIVATE);
}

static bool
is_attachment(const struct call *c)
{
	return range_of(c)->id != -1;
}

VIOLATION(mprotect_ignores_less_than_page, "mprotect.whole-pages", "-", MPROTECT,
    SKIPS(c->length > 0 && c->length < page_size() && range_of(c) != NULL))
{
	char *p = private_pages(1);

	mprotect(p, 1, PROT_READ);
	return !store_is_refused(p);
}

VIOLATION(mprotect_rounds_down, "mprotect.whole-pages", "-", MPROTECT,
    CHANGES(
	is_sane(c) && c->length > page_size() && c->length % page_size() != 0, c->length -= c->length % page_size()))
{
	char *p = private_pages(2);

	mprotect(p, page_size() + 1, PROT_READ);
	return !store_is_refused(&p[page_size()]);
}

VIOLATION(mprotect_takes_one_page_more, "mprotect.whole-pages", "-", MPROTECT,
    CHANGES(
	is_part(c) && !is_attachment(c) && !has_last_page(c) && c->protection == PROT_READ, c->length += page_size()))
{
	char *p = private_pages(2);

	mprotect(p, page_size(), PROT_READ);
	return store_is_refused(&p[page_size()]);
}

VIOLATION(mprotect_takes_page_before, "mprotect.whole-pages", "-", MPROTECT,
    CHANGES(is_part(c) && !is_attachment(c) && !has_first_page(c) && c->protection == PROT_READ,
	(c->address = (char *)c->address - page_size(), c->length += page_size())))
{
	char *p = private_pages(2);

	mprotect(&p[page_size()], page_size(), PROT_READ);
	return store_is_refused(p);
}

VIOLATION(mprotect_takes_one_page_less, "mprotect.whole-pages", "-", MPROTECT,
    CHANGES(is_part(c) && c->length > page_size(), c->length -= page_size()))
{
	char *p = private_pages(3);

	mprotect(p, 2 * page_size(), PROT_READ);
	return !store_is_refused(&p[page_size()]);
}

/* Three pages of a file, each with its number; the first, second or third is closed. */
static char *
three_pages_of(int fd, size_t closed)
{
	char *p = three_numbered_pages(fd);

	mprotect(&p[closed * page_size()], page_size(), PROT_NONE);
	return p;
}

static char *
three_pages(size_t closed)
{
	return three_pages_of(nameless_file(3 * page_size()), closed);
}

static bool
closes_page(const struct call *c)
{
	return is_part(c) && is_shared(range_of(c)) && c->protection == PROT_NONE;
}

static void
protect_all_of_it(struct call *c)
{
	const struct known_range *range = range_of(c);

	c->result = real_mprotect(range->start, range->length, c->protection);
}

VIOLATION(mprotect_of_first_page_closes_all, "mprotect.whole-pages", "-", MPROTECT,
    REPLACES(closes_page(c) && has_first_page(c), protect_all_of_it(c)))
{
	return load_is_refused(&three_pages(0)[2 * page_size()]);
}

VIOLATION(mprotect_of_middle_page_closes_upper, "mprotect.whole-pages", "-", MPROTECT,
    CHANGES(closes_page(c) && is_middle(c), c->length = (size_t)(end_of(range_of(c)) - (char *)c->address)))
{
	return load_is_refused(&three_pages(1)[2 * page_size()]);
}

VIOLATION(mprotect_of_last_page_closes_first, "mprotect.whole-pages", "-", MPROTECT,
    CHANGES(closes_page(c) && has_last_page(c), c->address = range_of(c)->start))
{
	char *p = three_pages(2);

	return load_is_refused(p) && !load_is_refused(&p[2 * page_size()]);
}

VIOLATION(mprotect_of_part_ignored, "mprotect.whole-pages", "-", MPROTECT,
    SKIPS(closes_page(c) && is_shared_anonymous(range_of(c)) && !has_last_page(c)))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);

	mprotect(p, page_size(), PROT_NONE);
	return !load_is_refused(p);
}

static void
map_again(const struct known_range *range, char *from, off_t offset)
{
	put_file(from, (size_t)(end_of(range) - from), PROT_READ | PROT_WRITE, MAP_SHARED, range->fd, offset);
}

VIOLATION(mprotect_split_moves_offset, "mprotect.whole-pages", "B080", MPROTECT,
    FALSIFIES(closes_page(c) && is_middle(c) && is_shared_file(range_of(c)),
	map_again(range_of(c), page_of(c, pages_of(c)), range_of(c)->offset)))
{
	return three_pages(1)[2 * page_size()] == '0';
}

VIOLATION(mprotect_split_clears_page_before, "mprotect.whole-pages", "-", MPROTECT,
    FALSIFIES(closes_page(c) && !has_first_page(c),
	put_zeros((char *)c->address - page_size(), page_size(), PROT_READ | PROT_WRITE, MAP_SHARED)))
{
	return *three_pages(1) == 0;
}

VIOLATION(mprotect_split_makes_rest_read_only, "mprotect.whole-pages", "-", MPROTECT,
    FALSIFIES(closes_page(c) && has_first_page(c), real_mprotect(page_of(c, pages_of(c)), page_size(), PROT_READ)))
{
	return store_is_refused(&three_pages(0)[page_size()]);
}

VIOLATION(mprotect_join_clears_page, "mprotect.whole-pages", "-", MPROTECT,
    FALSIFIES(is_over_several(c) && c->protection & PROT_WRITE, memset(last_page_of(c), 0, page_size())))
{
	char *p = three_pages(0);

	mprotect(p, 3 * page_size(), PROT_READ | PROT_WRITE);
	return p[2 * page_size()] == 0;
}

static bool
is_over_mappings(const struct call *c)
{
	return is_over_several(c) && c->protection == PROT_READ;
}

VIOLATION(mprotect_of_two_mappings_enomem, "mprotect.whole-pages", "-", MPROTECT, REFUSES(is_over_mappings(c), ENOMEM))
{
	return mprotect(two_mappings(), 2 * page_size(), PROT_READ) == -1;
}

VIOLATION(mprotect_of_two_mappings_changes_first, "mprotect.whole-pages", "-", MPROTECT,
    CHANGES(is_over_mappings(c), c->length = (size_t)(end_of(range_of(c)) - (char *)c->address)))
{
	char *p = two_mappings();

	mprotect(p, 2 * page_size(), PROT_READ);
	return store_is_refused(p) && !store_is_refused(&p[page_size()]);
}
