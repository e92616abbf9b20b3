/* SPDX-License-Identifier: BSD-2-Clause */

/* Advices that must leave what memory holds, and those of Linux 4.5 and later. */

#ifdef __linux__

#include <sys/mman.h>

#include "effects.h"
#include "range.h"
#include "real.h"
#include "violation.h"

static char *
touched_pages(size_t count, int sharing)
{
	char *p = map_anonymous(count * page_size(), sharing);

	memset(p, 't', count * page_size());
	return p;
}

VIOLATION(madvise_sequential_einval, "madvise.conventional-keep-data", "-", MADVISE,
    REFUSES(c->command == MADV_SEQUENTIAL && is_whole(c), EINVAL))
{
	return madvise(touched_pages(1, MAP_SHARED), page_size(), MADV_SEQUENTIAL) == -1;
}

VIOLATION(madvise_willneed_of_segment_ebadf, "madvise.conventional-keep-data", "-", MADVISE,
    REFUSES(c->command == MADV_WILLNEED && range_of(c) != NULL && range_of(c)->id != -1, EBADF))
{
	return madvise(segment_attach(segment_create(1), NULL, 0), page_size(), MADV_WILLNEED) == -1;
}

VIOLATION(madvise_random_clears_last_page, "madvise.conventional-keep-data", "-", MADVISE,
    FALSIFIES(c->command == MADV_RANDOM && is_shared(range_of(c)), memset(last_page_of(c), 0, page_size())))
{
	char *p = touched_pages(1, MAP_SHARED);

	madvise(p, page_size(), MADV_RANDOM);
	return *p == 0;
}

#ifdef MADV_PAGEOUT

VIOLATION(madvise_cold_einval, "madvise.reclaim-keeps-data", "-", MADVISE,
    REFUSES(c->command == MADV_COLD && is_whole(c), EINVAL))
{
	return madvise(touched_pages(1, MAP_SHARED), page_size(), MADV_COLD) == -1;
}

VIOLATION(madvise_pageout_enosys, "madvise.reclaim-keeps-data", "-", MADVISE,
    REFUSES(c->command == MADV_PAGEOUT && is_whole(c), ENOSYS))
{
	return madvise(touched_pages(1, MAP_SHARED), page_size(), MADV_PAGEOUT) == -1;
}

VIOLATION(madvise_cold_clears_first_page, "madvise.reclaim-keeps-data", "-", MADVISE,
    FALSIFIES(c->command == MADV_COLD, memset(c->address, 0, page_size())))
{
	char *p = touched_pages(1, MAP_SHARED);

	madvise(p, page_size(), MADV_COLD);
	return *p == 0;
}

VIOLATION(madvise_pageout_drops, "madvise.reclaim-keeps-data", "-", MADVISE,
    FALSIFIES(c->command == MADV_PAGEOUT, memset(last_page_of(c), 0, page_size())))
{
	char *p = touched_pages(1, MAP_SHARED);

	madvise(p, page_size(), MADV_PAGEOUT);
	return *p == 0;
}

#endif

static bool
frees(const struct call *c)
{
	return c->command == MADV_FREE && is_part(c) && is_private(range_of(c));
}

static char *
middle_freed(void)
{
	char *p = touched_pages(3, MAP_PRIVATE);

	madvise(&p[page_size()], page_size(), MADV_FREE);
	return p;
}

VIOLATION(madvise_free_einval, "madvise.free-zero-or-same", "-", MADVISE, REFUSES(frees(c), EINVAL))
{
	return madvise(touched_pages(2, MAP_PRIVATE), page_size(), MADV_FREE) == -1;
}

VIOLATION(madvise_free_unmaps, "madvise.free-zero-or-same", "-", MADVISE,
    REPLACES(frees(c), c->result = real_munmap(c->address, c->length)))
{
	return load_is_refused(&middle_freed()[page_size()]);
}

VIOLATION(madvise_free_shows_other_bytes, "madvise.free-zero-or-same", "-", MADVISE,
    FALSIFIES(frees(c), memset(c->address, SPOILED, c->length)))
{
	return middle_freed()[page_size()] == SPOILED;
}

VIOLATION(madvise_free_clears_half, "madvise.free-zero-or-same", "-", MADVISE,
    FALSIFIES(frees(c), memset((char *)c->address + c->length / 2, 0, c->length / 2)))
{
	const char *p = &middle_freed()[page_size()];

	return p[page_size() / 2 - 1] != p[page_size() / 2];
}

VIOLATION(madvise_free_clears_page_before, "madvise.free-zero-or-same", "-", MADVISE,
    FALSIFIES(frees(c) && !has_first_page(c), memset((char *)c->address - page_size(), 0, page_size())))
{
	return middle_freed()[0] == 0;
}

VIOLATION(madvise_free_clears_page_behind, "madvise.free-zero-or-same", "-", MADVISE,
    FALSIFIES(frees(c) && !has_last_page(c), memset(page_of(c, pages_of(c)), 0, page_size())))
{
	return middle_freed()[2 * page_size()] == 0;
}

static void
keep_on_next_fork(void)
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (is_private(&ranges[i]) && ranges[i].fd == -1)
			real_make((struct call){ .interface = MADVISE,
			    .address = ranges[i].start,
			    .length = ranges[i].length,
			    .command = MADV_KEEPONFORK });
}

/* What a child of this process finds in the first byte. */
static int
byte_in_child(const char *p)
{
	int status = 0;

	if (fork() == 0)
		_exit(*p);
	wait(&status);
	return WEXITSTATUS(status);
}

VIOLATION(
    fork_child_forgets_wipeonfork, "madvise.wipeonfork", "-", FORK, FALSIFIES(c->result == 0, keep_on_next_fork()))
{
	char *p = touched_pages(1, MAP_PRIVATE);
	int status = 0;

	madvise(p, page_size(), MADV_WIPEONFORK);
	if (fork() == 0) {
		*p = 'c';
		_exit(byte_in_child(p) == 'c');
	}
	wait(&status);
	return WEXITSTATUS(status) == 1;
}

VIOLATION(madvise_keeponfork_ignored, "madvise.keeponfork", "-", MADVISE, SKIPS(c->command == MADV_KEEPONFORK))
{
	char *p = touched_pages(1, MAP_PRIVATE);

	madvise(p, page_size(), MADV_WIPEONFORK);
	madvise(p, page_size(), MADV_KEEPONFORK);
	return byte_in_child(p) == 0;
}

VIOLATION(madvise_keeponfork_einval, "madvise.keeponfork", "-", MADVISE, REFUSES(c->command == MADV_KEEPONFORK, EINVAL))
{
	return madvise(touched_pages(1, MAP_PRIVATE), page_size(), MADV_KEEPONFORK) == -1;
}

#endif
