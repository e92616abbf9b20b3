/* SPDX-License-Identifier: BSD-2-Clause */

/* What mincore() reports as resident. */

#ifdef __linux__

#include <sys/mman.h>

#include "range.h"
#include "violation.h"

static char *
touched_page(void)
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	*p = 't';
	return p;
}

VIOLATION(mincore_enosys_for_segment, "mincore.touched-page-resident", "-", MINCORE,
    REFUSES(range_of(c) != NULL && range_of(c)->id != -1, ENOSYS))
{
	unsigned char bits;

	return mincore(segment_attach(segment_create(1), NULL, 0), page_size(), &bits) == -1;
}

VIOLATION(mincore_bits_are_clear, "mincore.touched-page-resident", "-", MINCORE,
    FALSIFIES(is_shared_anonymous(range_of(c)), memset(c->buffer, 0, pages_of(c))))
{
	unsigned char bits = 1;

	mincore(touched_page(), page_size(), &bits);
	return (bits & 1) == 0;
}

/* But not of what mmap() was told to bring in. */
static bool
is_told_of_whole(const struct call *c)
{
	return is_whole(c) && (range_of(c)->flags & MAP_POPULATE) == 0;
}

VIOLATION(mincore_leaves_vector_as_it_was, "mincore.touched-page-resident", "-", MINCORE,
    SKIPS(is_told_of_whole(c) && is_shared_file(range_of(c))))
{
	char *p = map_shared(object_create(page_size()).fd, page_size());
	unsigned char bits = 'r';

	*p = 't';
	mincore(p, page_size(), &bits);
	return bits == 'r';
}

VIOLATION(mincore_last_bit_is_clear, "mincore.touched-page-resident", "-", MINCORE,
    FALSIFIES(is_told_of_whole(c), ((unsigned char *)c->buffer)[pages_of(c) - 1] = 0))
{
	unsigned char bits = 1;

	mincore(touched_page(), page_size(), &bits);
	return (bits & 1) == 0;
}

VIOLATION(mincore_fills_one_byte_more, "mincore.touched-page-resident", "-", MINCORE,
    FALSIFIES(is_told_of_whole(c), ((unsigned char *)c->buffer)[pages_of(c)] = 1))
{
	unsigned char bits[2] = { 0, 'r' };

	mincore(touched_page(), page_size(), bits);
	return bits[1] != 'r';
}

/* As with MLOCK_ONFAULT, which asks for that. */
VIOLATION(mlock_leaves_pages_absent, "mlock.locks-and-resident", "-", MLOCK,
    REPLACES(is_shared_file(range_of(c)), c->result = mlock2(c->address, c->length, MLOCK_ONFAULT)))
{
	char *p = map_shared(object_create(page_size()).fd, page_size());
	unsigned char bits = 1;

	mlock(p, page_size());
	mincore(p, page_size(), &bits);
	return (bits & 1) == 0;
}

VIOLATION(mincore_unaligned_accepted, "mincore.unaligned-einval", "-", MINCORE, CHANGES(is_unaligned(c), round_down(c)))
{
	unsigned char bits[2];

	return mincore(touched_page() + 1, page_size() - 1, bits) == 0;
}

VIOLATION(mincore_unaligned_enomem, "mincore.unaligned-einval", "-", MINCORE, MISTAKES(is_unaligned(c), EINVAL, ENOMEM))
{
	unsigned char bits[2];

	return mincore(touched_page() + 1, page_size() - 1, bits) == -1 && errno == ENOMEM;
}

VIOLATION(mincore_unaligned_fills_vector, "mincore.unaligned-einval", "-", MINCORE,
    REPLACES(is_unaligned(c), (memset(c->buffer, 1, pages_of(c)), call_fail(c, EINVAL))))
{
	unsigned char bits[2] = { 'r', 'r' };

	mincore(touched_page() + 1, page_size() - 1, bits);
	return bits[0] != 'r';
}

static int
mincore_of_three_without(size_t page)
{
	unsigned char bits[3];

	return mincore(three_pages_without(page), 3 * page_size(), bits);
}

VIOLATION(mincore_from_hole_accepted, "mincore.enomem-unmapped", "-", MINCORE, ACCEPTS(hole_of(c) == 0, ENOMEM, 0))
{
	return mincore_of_three_without(0) == 0;
}

VIOLATION(mincore_over_hole_accepted, "mincore.enomem-unmapped", "-", MINCORE, ACCEPTS(has_hole_inside(c), ENOMEM, 0))
{
	return mincore_of_three_without(1) == 0;
}

VIOLATION(mincore_into_hole_accepted, "mincore.enomem-unmapped", "-", MINCORE, ACCEPTS(has_hole_at_end(c), ENOMEM, 0))
{
	return mincore_of_three_without(2) == 0;
}

VIOLATION(
    mincore_over_hole_efault, "mincore.enomem-unmapped", "-", MINCORE, MISTAKES(has_hole_inside(c), ENOMEM, EFAULT))
{
	return mincore_of_three_without(1) == -1 && errno == EFAULT;
}

/* Beyond what any process has, from a page that is there. */
static bool
goes_beyond_space(const struct call *c)
{
	return range_of(c) != NULL && c->length > SIZE_MAX / 4;
}

static int
mincore_beyond_space(unsigned char *bits)
{
	return mincore(touched_page(), SIZE_MAX / 2 - page_size(), bits);
}

VIOLATION(mincore_beyond_space_einval, "mincore.enomem-unmapped", "-", MINCORE,
    MISTAKES(goes_beyond_space(c), ENOMEM, EINVAL))
{
	unsigned char bits;

	return mincore_beyond_space(&bits) == -1 && errno == EINVAL;
}

VIOLATION(mincore_without_vector_accepted, "mincore.efault-vector", "-", MINCORE, ACCEPTS(true, EFAULT, 0))
{
	return mincore(touched_page(), page_size(), free_range(page_size())) == 0;
}

VIOLATION(mincore_without_vector_enomem, "mincore.efault-vector", "-", MINCORE, MISTAKES(true, EFAULT, ENOMEM))
{
	return mincore(touched_page(), page_size(), free_range(page_size())) == -1 && errno == ENOMEM;
}

#endif
