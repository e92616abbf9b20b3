/* SPDX-License-Identifier: BSD-2-Clause */

/* Advice that is refused, or that changes what memory holds. */

#ifdef __linux__

#include <sys/mman.h>

#include "effects.h"
#include "range.h"
#include "real.h"
#include "violation.h"

static char *
shared_page(void)
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	*p = 's';
	return p;
}

VIOLATION(posix_madvise_normal_enosys, "posix_madvise.all-advices-accepted", "-", POSIX_MADVISE,
    REFUSES(c->command == POSIX_MADV_NORMAL && is_whole(c), ENOSYS))
{
	return posix_madvise(shared_page(), page_size(), POSIX_MADV_NORMAL) == ENOSYS;
}

VIOLATION(posix_madvise_sequential_einval, "posix_madvise.all-advices-accepted", "-", POSIX_MADVISE,
    REFUSES(c->command == POSIX_MADV_SEQUENTIAL, EINVAL))
{
	return posix_madvise(shared_page(), page_size(), POSIX_MADV_SEQUENTIAL) == EINVAL;
}

VIOLATION(posix_madvise_willneed_of_segment_ebadf, "posix_madvise.all-advices-accepted", "-", POSIX_MADVISE,
    REFUSES(c->command == POSIX_MADV_WILLNEED && range_of(c) != NULL && range_of(c)->id != -1, EBADF))
{
	void *p = segment_attach(segment_create(page_size()), NULL, 0);

	return posix_madvise(p, page_size(), POSIX_MADV_WILLNEED) == EBADF;
}

VIOLATION(posix_madvise_random_clears_page, "posix_madvise.all-advices-accepted", "-", POSIX_MADVISE,
    FALSIFIES(c->command == POSIX_MADV_RANDOM && is_shared(range_of(c)), memset(last_page_of(c), 0, page_size())))
{
	char *p = shared_page();

	posix_madvise(p, page_size(), POSIX_MADV_RANDOM);
	return *p == 0;
}

VIOLATION(posix_madvise_willneed_closes_page, "posix_madvise.all-advices-accepted", "-", POSIX_MADVISE,
    FALSIFIES(c->command == POSIX_MADV_WILLNEED && is_whole(c), real_mprotect(c->address, page_size(), PROT_NONE)))
{
	char *p = shared_page();

	posix_madvise(p, page_size(), POSIX_MADV_WILLNEED);
	return load_is_refused(p);
}

static char
byte_not_needed(char *p)
{
	*p = 'm';
	posix_madvise(p, page_size(), POSIX_MADV_DONTNEED);
	return *p;
}

/* As madvise() does, whose advice has the same number. */
static void
drop(struct call *c)
{
	struct call advise = *c;

	advise.interface = MADVISE;
	advise.command = MADV_DONTNEED;
	real_call(&advise);
}

VIOLATION(posix_madvise_dontneed_drops_private, "posix_madvise.dontneed-keeps-data", "-", POSIX_MADVISE,
    REPLACES(c->command == POSIX_MADV_DONTNEED && is_private(range_of(c)), drop(c)))
{
	return byte_not_needed(map_anonymous(page_size(), MAP_PRIVATE)) == 0;
}

static bool
is_not_needed(const struct call *c)
{
	return c->command == POSIX_MADV_DONTNEED && is_part(c) && is_shared(range_of(c));
}

VIOLATION(posix_madvise_dontneed_clears_segment, "posix_madvise.dontneed-keeps-data", "-", POSIX_MADVISE,
    FALSIFIES(is_not_needed(c) && range_of(c)->id != -1, memset(c->address, 0, page_size())))
{
	return byte_not_needed(segment_attach(segment_create(2 * page_size()), NULL, 0)) == 0;
}

VIOLATION(posix_madvise_dontneed_clears_here, "posix_madvise.dontneed-keeps-data", "-", POSIX_MADVISE,
    FALSIFIES(is_not_needed(c) && is_shared_file(range_of(c)),
	put_zeros(c->address, c->length, PROT_READ | PROT_WRITE, MAP_PRIVATE)))
{
	int fd = nameless_file(2 * page_size());

	return byte_not_needed(map_shared(fd, 2 * page_size())) == 0 && content_of(fd, 1)[0] == 'm';
}

/* The last byte alone, of the page. */
VIOLATION(posix_madvise_dontneed_clears_tail, "posix_madvise.dontneed-keeps-data", "-", POSIX_MADVISE,
    FALSIFIES(is_not_needed(c), page_of(c, 1)[-1] = 0))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);

	p[page_size() - 1] = 'm';
	posix_madvise(p, page_size(), POSIX_MADV_DONTNEED);
	return p[page_size() - 1] == 0;
}

VIOLATION(posix_madvise_dontneed_clears_page_behind, "posix_madvise.dontneed-keeps-data", "-", POSIX_MADVISE,
    FALSIFIES(is_not_needed(c) && is_shared_anonymous(range_of(c)) && !has_last_page(c),
	memset(page_of(c, pages_of(c)), 0, page_size())))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);

	p[page_size()] = 'm';
	posix_madvise(p, page_size(), POSIX_MADV_DONTNEED);
	return p[page_size()] == 0;
}

enum { NO_ADVICE = 1234 };

VIOLATION(posix_madvise_unknown_accepted, "posix_madvise.bad-advice-einval", "-", POSIX_MADVISE,
    ACCEPTS(c->command > POSIX_MADV_DONTNEED, EINVAL, 0))
{
	return posix_madvise(shared_page(), page_size(), NO_ADVICE) == 0;
}

VIOLATION(posix_madvise_negative_accepted, "posix_madvise.bad-advice-einval", "-", POSIX_MADVISE,
    ACCEPTS(c->command < 0, EINVAL, 0))
{
	return posix_madvise(shared_page(), page_size(), -1) == 0;
}

VIOLATION(posix_madvise_unknown_enotsup, "posix_madvise.bad-advice-einval", "-", POSIX_MADVISE,
    MISTAKES(c->command > POSIX_MADV_DONTNEED, EINVAL, ENOTSUP))
{
	return posix_madvise(shared_page(), page_size(), NO_ADVICE) == ENOTSUP;
}

VIOLATION(posix_madvise_returns_minus_one, "posix_madvise.returns-error-number", "-", POSIX_MADVISE,
    REPLACES(c->command > POSIX_MADV_DONTNEED, c->result = -1))
{
	return posix_madvise(shared_page(), page_size(), NO_ADVICE) != EINVAL;
}

VIOLATION(posix_madvise_over_hole_accepted, "posix_madvise.enomem-unmapped", "-", POSIX_MADVISE,
    ACCEPTS(has_hole_inside(c), ENOMEM, 0))
{
	return posix_madvise(three_pages_without(1), 3 * page_size(), POSIX_MADV_NORMAL) == 0;
}

VIOLATION(posix_madvise_of_hole_accepted, "posix_madvise.enomem-unmapped", "-", POSIX_MADVISE,
    ACCEPTS(hole_of(c) == 0, ENOMEM, 0))
{
	return posix_madvise(three_pages_without(0), page_size(), POSIX_MADV_RANDOM) == 0;
}

VIOLATION(posix_madvise_willneed_over_hole_einval, "posix_madvise.enomem-unmapped", "-", POSIX_MADVISE,
    MISTAKES(c->command == POSIX_MADV_WILLNEED, ENOMEM, EINVAL))
{
	return posix_madvise(three_pages_without(1), 3 * page_size(), POSIX_MADV_WILLNEED) == EINVAL;
}

VIOLATION(posix_madvise_over_hole_clears_page, "posix_madvise.enomem-unmapped", "-", POSIX_MADVISE,
    REPLACES(has_hole_inside(c), (memset(c->address, 0, page_size()), call_fail(c, ENOMEM))))
{
	char *p = three_pages_without(1);

	*p = 'm';
	posix_madvise(p, 3 * page_size(), POSIX_MADV_NORMAL);
	return *p == 0;
}

VIOLATION(posix_madvise_unaligned_rounds_down, "posix_madvise.unaligned", "-", POSIX_MADVISE,
    CHANGES(is_unaligned(c), round_down(c)))
{
	return posix_madvise(shared_page() + 1, page_size() - 1, POSIX_MADV_WILLNEED) == 0;
}

VIOLATION(
    posix_madvise_length_zero_einval, "posix_madvise.len-zero", "-", POSIX_MADVISE, REFUSES(c->length == 0, EINVAL))
{
	return posix_madvise(shared_page(), 0, POSIX_MADV_WILLNEED) == EINVAL;
}

VIOLATION(
    posix_madvise_length_zero_enomem, "posix_madvise.len-zero", "-", POSIX_MADVISE, REFUSES(c->length == 0, ENOMEM))
{
	return posix_madvise(shared_page(), 0, POSIX_MADV_WILLNEED) == ENOMEM;
}

VIOLATION(posix_madvise_length_zero_clears_page, "posix_madvise.len-zero", "-", POSIX_MADVISE,
    FALSIFIES(c->length == 0, memset(c->address, 0, page_size())))
{
	char *p = shared_page();

	posix_madvise(p, 0, POSIX_MADV_WILLNEED);
	return *p == 0;
}

#endif
