/* SPDX-License-Identifier: BSD-2-Clause */

/* Ranges and flags that programs seldom give: of no length, that grow both ways, over the hole of an attachment, locked at once. */

#ifdef __linux__

#include <stdint.h>
#include <string.h>

#include <sys/mman.h>

#include <sys/resource.h>

#include "effects.h"
#include "platform/mman.h"
#include "range.h"
#include "real.h"
#include "violation.h"

static bool
grows_both_ways(const struct call *c)
{
	return (c->protection & PROT_GROWSUP) != 0 && (c->protection & PROT_GROWSDOWN) != 0;
}

static int
protect_both_ways(char *p)
{
	return mprotect(p, page_size(), PROT_READ | PROT_GROWSUP | PROT_GROWSDOWN);
}

VIOLATION(mprotect_both_ways_accepted, "mprotect.grows-both-einval", "-", MPROTECT,
    CHANGES(grows_both_ways(c), c->protection &= ~(PROT_GROWSUP | PROT_GROWSDOWN)))
{
	return protect_both_ways(map_anonymous(page_size(), MAP_PRIVATE)) == 0;
}

VIOLATION(mprotect_both_ways_clears, "mprotect.grows-both-einval", "-", MPROTECT,
    CHANGES(grows_both_ways(c), *(char *)c->address = 0))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	*p = 'p';
	protect_both_ways(p);
	return *p == 0;
}

static bool
is_over_hole_of_attachment(const struct call *c)
{
	return range_of(c) != NULL && range_of(c)->id != -1 && has_hole_inside(c);
}

static char *
attachment_with_hole(void)
{
	char *p = segment_attach(segment_create(3 * page_size()), NULL, 0);

	p[0] = p[2 * page_size()] = 's';
	unmap(&p[page_size()], page_size());
	return p;
}

VIOLATION(mprotect_over_hole_of_attachment_accepted, "mprotect.enomem-unmapped", "-", MPROTECT,
    ACCEPTS(is_over_hole_of_attachment(c), ENOMEM, 0))
{
	return mprotect(attachment_with_hole(), 3 * page_size(), PROT_READ) == 0;
}

VIOLATION(madvise_over_hole_of_attachment_accepted, "mprotect.enomem-unmapped", "-", MADVISE,
    ACCEPTS(is_over_hole_of_attachment(c), ENOMEM, 0))
{
	return madvise(attachment_with_hole(), 3 * page_size(), MADV_NORMAL) == 0;
}

VIOLATION(madvise_over_hole_of_attachment_maps, "mprotect.enomem-unmapped", "-", MADVISE,
    CHANGES(is_over_hole_of_attachment(c), put_zeros(page_of(c, 1), page_size(), PROT_READ, MAP_PRIVATE)))
{
	char *p = attachment_with_hole();

	return madvise(p, 3 * page_size(), MADV_NORMAL) == 0 && p[page_size()] == 0;
}

VIOLATION(madvise_over_hole_of_attachment_clears_first, "mprotect.enomem-unmapped", "-", MADVISE,
    CHANGES(is_over_hole_of_attachment(c) && c->command == MADV_DONTNEED,
	(real_mprotect(c->address, page_size(), PROT_READ | PROT_WRITE), memset(c->address, 0, page_size()))))
{
	char *p = attachment_with_hole();

	madvise(p, 3 * page_size(), MADV_DONTNEED);
	return *p == 0;
}

VIOLATION(madvise_over_hole_of_attachment_clears_last, "mprotect.enomem-unmapped", "-", MADVISE,
    CHANGES(is_over_hole_of_attachment(c) && c->command == MADV_DONTNEED,
	put_zeros(last_page_of(c), page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE)))
{
	char *p = attachment_with_hole();

	madvise(p, 3 * page_size(), MADV_DONTNEED);
	return p[2 * page_size()] == 0;
}

static bool
makes_private_writable(const struct call *c)
{
	return is_private_file(range_of(c)) && (c->protection & PROT_WRITE) != 0;
}

/* mprotect() of a private mapping, for stores, of more than RLIMIT_DATA allows. */
static char *
protected_above_limit(int *result)
{
	const size_t size = 4096 * page_size();
	char *p = mmap(NULL, size, PROT_READ, MAP_PRIVATE, nameless_file(page_size()), 0);

	limit_to(RLIMIT_DATA, (rlim_t)size / 2);
	*result = mprotect(p, size, PROT_READ | PROT_WRITE) == 0 ? 0 : errno;
	return p;
}

VIOLATION(mprotect_above_data_limit_eagain, "mprotect.enomem-private-writable", "-", MPROTECT,
    MISTAKES(makes_private_writable(c), ENOMEM, EAGAIN))
{
	int result;

	protected_above_limit(&result);
	return result == EAGAIN;
}

static void
fail_with_writable_page(struct call *c)
{
	real_call(c);
	if (c->result == -1)
		real_mprotect(c->address, page_size(), c->protection);
}

VIOLATION(mprotect_above_data_limit_does_a_part, "mprotect.enomem-private-writable", "-", MPROTECT,
    REPLACES(makes_private_writable(c), fail_with_writable_page(c)))
{
	int result;

	return !store_is_refused(protected_above_limit(&result));
}

static bool
has_failed_for_limit(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_DATA, &limit) == 0 && limit.rlim_max == RLIM_INFINITY;
}

VIOLATION(mprotect_to_private_writable_eacces, "mprotect.enomem-private-writable", "-", MPROTECT,
    REFUSES(makes_private_writable(c) && has_failed_for_limit(), EACCES))
{
	char *p = mmap(NULL, page_size(), PROT_READ, MAP_PRIVATE, nameless_file(page_size()), 0);

	return mprotect(p, page_size(), PROT_READ | PROT_WRITE) == -1 && errno == EACCES;
}

static bool
is_of_nothing(const struct call *c)
{
	return c->length == 0;
}

VIOLATION(msync_of_nothing_eio, "msync.len-zero", "-", MSYNC, REFUSES(is_of_nothing(c) && range_of(c) == NULL, EIO))
{
	return msync(free_range(page_size()), 0, MS_SYNC) == -1 && errno == EIO;
}

static unsigned char
state_of(char *page)
{
	unsigned char state = 0xff;

	return mincore(page, page_size(), &state) == 0 ? state : 0xff;
}

VIOLATION(msync_of_nothing_maps, "msync.len-zero", "-", MSYNC,
    CHANGES(is_of_nothing(c) && range_of(c) == NULL, put_zeros(c->address, page_size(), PROT_READ, MAP_PRIVATE)))
{
	char *p = free_range(page_size());

	return msync(p, 0, MS_SYNC) == 0 && state_of(p) != 0xff;
}

VIOLATION(mincore_of_nothing_eio, "mincore.len-zero", "-", MINCORE, REFUSES(is_of_nothing(c), EIO))
{
	return mincore(map_anonymous(page_size(), MAP_SHARED), 0, NULL) == -1 && errno == EIO;
}

VIOLATION(
    mincore_of_nothing_clears, "mincore.len-zero", "-", MINCORE, CHANGES(is_of_nothing(c), *(char *)c->address = 0))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	*p = 'p';
	mincore(p, 0, NULL);
	return *p == 0;
}

static bool
is_attachment(const struct call *c)
{
	return range_of(c) != NULL && range_of(c)->id != -1;
}

static char *
touched_attachment(void)
{
	char *p = segment_attach(segment_create(page_size()), NULL, 0);

	*p = 's';
	return p;
}

VIOLATION(mincore_of_attachment_eio, "mincore.untouched", "-", MINCORE, REFUSES(is_attachment(c), EIO))
{
	return state_of(touched_attachment()) == 0xff;
}

VIOLATION(mincore_of_attachment_tells_nothing, "mincore.untouched", "-", MINCORE,
    FALSIFIES(is_attachment(c), memset(c->buffer, 0, pages_of(c))))
{
	return state_of(touched_attachment()) == 0;
}

VIOLATION(mincore_of_touched_attachment_eio, "mincore.untouched", "-", MINCORE,
    REFUSES(is_attachment(c) && is_resident(c->address), EIO))
{
	return state_of(touched_attachment()) == 0xff;
}

VIOLATION(madvise_free_clears_refused, "mincore.untouched", "-", MADVISE,
    CHANGES(is_attachment(c) && c->command == MADV_FREE, memset(c->address, 0, c->length)))
{
	char *p = touched_attachment();

	return madvise(p, page_size(), MADV_FREE) == -1 && *p == 0;
}

VIOLATION(madvise_free_clears_neighbour, "mincore.untouched", "-", MADVISE,
    CHANGES(is_attachment(c) && c->command == MADV_FREE && is_part(c), memset(page_of(c, 1), 0, page_size())))
{
	char *p = segment_attach(segment_create(2 * page_size()), NULL, 0);

	p[page_size()] = 's';
	madvise(p, page_size(), MADV_FREE);
	return p[page_size()] == 0;
}

static bool
locks_new_memory(const struct call *c)
{
	return (c->flags & MAP_LOCKED) != 0 && (c->flags & MAP_ANON) != 0 && (c->flags & MAP_SHARED) != 0;
}

static void
map_and_lock_on_fault(struct call *c)
{
	c->flags &= ~MAP_LOCKED;
	real_call(c);
	if (c->result != -1)
		real_make((struct call){
		    .interface = MLOCK2, .address = (void *)c->result, .length = c->length, .flags = MLOCK_ONFAULT });
}

static char *
new_locked_page(void)
{
	return mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANON | MAP_LOCKED, -1, 0);
}

VIOLATION(mmap_locked_brings_in_nothing, "mmap_flags.locked", "-", MMAP,
    REPLACES(locks_new_memory(c), map_and_lock_on_fault(c)))
{
	return !is_resident(new_locked_page());
}

VIOLATION(mmap_locked_is_not_zero, "mmap_flags.locked", "-", MMAP,
    FALSIFIES(locks_new_memory(c), *(char *)c->result = SPOILED))
{
	return *new_locked_page() == SPOILED;
}

static int
remap_of_size(size_t size, size_t page)
{
	return remap_file_pages(map_shared(object_create(2 * page_size()).fd, 2 * page_size()), size, 0, page, 0);
}

static bool
is_less_than_page(const struct call *c)
{
	return c->length < page_size();
}

VIOLATION(remap_of_nothing_accepted, "remap_file_pages.einval", "-", REMAP_FILE_PAGES,
    ACCEPTS(is_less_than_page(c) && range_of(c) != NULL, EINVAL, 0))
{
	return remap_of_size(0, 1) == 0;
}

VIOLATION(remap_of_less_takes_page, "remap_file_pages.einval", "-", REMAP_FILE_PAGES,
    CHANGES(is_less_than_page(c) && range_of(c) != NULL, c->length = page_size()))
{
	return remap_of_size(page_size() - 1, 1) == 0;
}

VIOLATION(remap_round_the_end_accepted, "remap_file_pages.einval", "-", REMAP_FILE_PAGES,
    ACCEPTS(!is_less_than_page(c) && !is_sane(c), EINVAL, 0))
{
	return remap_of_size(SIZE_MAX - page_size() + 1, 0) == 0;
}

VIOLATION(remap_of_last_offset_accepted, "remap_file_pages.einval", "-", REMAP_FILE_PAGES,
    ACCEPTS(is_sane(c) && (uintmax_t)c->offset > SIZE_MAX / 2, EINVAL, 0))
{
	return remap_of_size(page_size(), SIZE_MAX) == 0;
}

#endif
