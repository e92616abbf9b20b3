/* SPDX-License-Identifier: BSD-2-Clause */

/* Ranges with holes, of several mappings, of no length, and outside the address space. */

#include <stdint.h>

#include <sys/mman.h>

#include "range.h"
#include "real.h"
#include "violation.h"

VIOLATION(munmap_length_zero_accepted, "munmap.len-zero-einval", "B014", MUNMAP, ACCEPTS(c->length == 0, EINVAL, 0))
{
	return munmap(map_anonymous(page_size(), MAP_PRIVATE), 0) == 0;
}

VIOLATION(munmap_length_zero_enomem, "munmap.len-zero-einval", "-", MUNMAP, MISTAKES(c->length == 0, EINVAL, ENOMEM))
{
	return munmap(map_anonymous(page_size(), MAP_PRIVATE), 0) == -1 && errno == ENOMEM;
}

VIOLATION(munmap_length_zero_unmaps_page, "munmap.len-zero-einval", "-", MUNMAP,
    REPLACES(c->length == 0, (real_munmap(c->address, page_size()), call_fail(c, EINVAL))))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	munmap(p, 0);
	return load_is_refused(p);
}

static bool
is_unmapped(const struct call *c)
{
	return is_sane(c) && pages_of(c) == 1 && !is_mapped(c, 0);
}

VIOLATION(munmap_unmapped_page_einval, "munmap.no-mapping-no-effect", "-", MUNMAP, REFUSES(is_unmapped(c), EINVAL))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	munmap(p, page_size());
	return munmap(p, page_size()) == -1;
}

VIOLATION(munmap_unmapped_page_takes_next, "munmap.no-mapping-no-effect", "-", MUNMAP,
    CHANGES(is_unmapped(c) && is_mapped(c, 1), c->address = page_of(c, 1)))
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);

	munmap(p, page_size());
	munmap(p, page_size());
	return load_is_refused(&p[page_size()]);
}

VIOLATION(munmap_unmapped_page_takes_previous, "munmap.no-mapping-no-effect", "-", MUNMAP,
    CHANGES(is_unmapped(c) && known_range_at((char *)c->address - 1) != NULL,
	c->address = (char *)c->address - page_size()))
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);

	munmap(&p[page_size()], page_size());
	munmap(&p[page_size()], page_size());
	return load_is_refused(p);
}

static bool
is_over_4_gib(const struct call *c)
{
	return is_sane(c) && (uint64_t)c->length > UINT32_MAX && !is_mapped(c, 0);
}

VIOLATION(
    munmap_over_4_gib_eoverflow, "munmap.no-mapping-no-effect", "B125", MUNMAP, REFUSES(is_over_4_gib(c), EOVERFLOW))
{
	size_t size = (size_t)((uint64_t)5 << 30);
	char *p = free_range(size);

	return munmap(p, size) == -1 && errno == EOVERFLOW;
}

static bool
begins_in_hole(const struct call *c)
{
	return is_sane(c) && pages_of(c) > 1 && !is_mapped(c, 0) && is_mapped(c, 1);
}

VIOLATION(munmap_from_hole_einval, "munmap.range-with-hole", "-", MUNMAP, REFUSES(begins_in_hole(c), EINVAL))
{
	return munmap(three_pages_without(0), 3 * page_size()) == -1;
}

VIOLATION(munmap_over_hole_einval, "munmap.range-with-hole", "-", MUNMAP, REFUSES(has_hole_inside(c), EINVAL))
{
	return munmap(three_pages_without(1), 3 * page_size()) == -1;
}

VIOLATION(munmap_into_hole_enomem, "munmap.range-with-hole", "-", MUNMAP, REFUSES(has_hole_at_end(c), ENOMEM))
{
	return munmap(three_pages_without(2), 3 * page_size()) == -1;
}

VIOLATION(munmap_from_hole_does_nothing, "munmap.range-with-hole", "-", MUNMAP, SKIPS(begins_in_hole(c)))
{
	char *p = three_pages_without(0);

	munmap(p, 3 * page_size());
	return !load_is_refused(&p[page_size()]);
}

VIOLATION(munmap_stops_at_hole, "munmap.range-with-hole", "-", MUNMAP,
    CHANGES(has_hole_inside(c), c->length = hole_of(c) * page_size()))
{
	char *p = three_pages_without(1);

	munmap(p, 3 * page_size());
	return !load_is_refused(&p[2 * page_size()]);
}

/* As many pages as are mapped, in place of those up to the end. */
VIOLATION(munmap_does_not_count_hole, "munmap.range-with-hole", "-", MUNMAP,
    CHANGES(begins_in_hole(c) && is_mapped(c, pages_of(c)), c->length += page_size()))
{
	char *p = three_pages_without(0);

	munmap(p, 2 * page_size());
	return load_is_refused(&p[2 * page_size()]);
}

VIOLATION(munmap_of_two_mappings_einval, "munmap.several-mappings", "B251", MUNMAP, REFUSES(is_over_several(c), EINVAL))
{
	return munmap(two_mappings(), 2 * page_size()) == -1;
}

VIOLATION(munmap_of_two_mappings_takes_first, "munmap.several-mappings", "-", MUNMAP,
    CHANGES(is_over_several(c), c->length = (size_t)(end_of(range_of(c)) - (char *)c->address)))
{
	char *p = two_mappings();

	munmap(p, 2 * page_size());
	return load_is_refused(p) && !load_is_refused(&p[page_size()]);
}

VIOLATION(munmap_of_two_mappings_takes_all_of_second, "munmap.several-mappings", "-", MUNMAP,
    CHANGES(is_over_several(c), c->length = (size_t)(end_of(known_range_at(last_page_of(c))) - (char *)c->address)))
{
	char *p = two_mappings();

	munmap(p, 2 * page_size());
	return load_is_refused(&p[2 * page_size()]);
}

VIOLATION(munmap_of_two_mappings_takes_all_of_first, "munmap.several-mappings", "-", MUNMAP,
    CHANGES(is_over_several(c),
	(c->length += (size_t)((char *)c->address - range_of(c)->start), c->address = range_of(c)->start)))
{
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);

	(void)mmap(&p[2 * page_size()], page_size(), PROT_READ, MAP_FIXED | MAP_SHARED | MAP_ANON, -1, 0);
	munmap(&p[page_size()], 2 * page_size());
	return load_is_refused(p);
}

VIOLATION(munmap_round_the_end_accepted, "munmap.outside-space-einval", "B170", MUNMAP,
    ACCEPTS(c->length > SIZE_MAX / 2, EINVAL, 0))
{
	return munmap(map_anonymous(page_size(), MAP_PRIVATE), SIZE_MAX - page_size() + 1) == 0;
}

VIOLATION(munmap_of_kernel_accepted, "munmap.outside-space-einval", "B062", MUNMAP,
    ACCEPTS(c->length > 0 && range_of(c) == NULL, EINVAL, 0))
{
	return munmap(address_of_kernel(), page_size()) == 0;
}

VIOLATION(munmap_of_kernel_efault, "munmap.outside-space-einval", "-", MUNMAP,
    MISTAKES(c->length > 0 && range_of(c) == NULL, EINVAL, EFAULT))
{
	return munmap(address_of_kernel(), page_size()) == -1 && errno == EFAULT;
}

VIOLATION(munmap_round_the_end_enomem, "munmap.outside-space-einval", "-", MUNMAP,
    MISTAKES(c->length > SIZE_MAX / 2, EINVAL, ENOMEM))
{
	return munmap(map_anonymous(page_size(), MAP_PRIVATE), SIZE_MAX) == -1 && errno == ENOMEM;
}

VIOLATION(munmap_round_the_end_unmaps_page, "munmap.outside-space-einval", "-", MUNMAP,
    REPLACES(c->length > SIZE_MAX / 2, (real_munmap(c->address, page_size()), call_fail(c, EINVAL))))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	munmap(p, SIZE_MAX - page_size() + 1);
	return load_is_refused(p);
}

VIOLATION(
    munmap_unaligned_rounds_down, "munmap.unaligned-address", "-", MUNMAP, CHANGES(is_unaligned(c), round_down(c)))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	return munmap(p + 1, page_size() - 1) == 0;
}

VIOLATION(munmap_unaligned_unmaps_page_before, "munmap.unaligned-address", "-", MUNMAP,
    REPLACES(is_unaligned(c),
	(round_down(c), real_munmap((char *)c->address - page_size(), page_size()), call_fail(c, EINVAL))))
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);

	munmap(&p[page_size() + 1], page_size() - 1);
	return load_is_refused(p);
}
