/* SPDX-License-Identifier: BSD-2-Clause */

/* The advices of Linux that change what memory holds, and what children inherit. */

#ifdef __linux__

#include <sys/mman.h>

#include "effects.h"
#include "range.h"
#include "real.h"
#include "violation.h"

static bool
drops(const struct call *c)
{
	return c->command == MADV_DONTNEED && is_part(c) && is_private(range_of(c));
}

/* Three private pages with a byte stored in each, the second of them advised. */
static char *
middle_dropped_of(char *p)
{
	for (size_t i = 0; i < 3; i++)
		p[i * page_size()] = 'p';
	madvise(&p[page_size()], page_size(), MADV_DONTNEED);
	return p;
}

static char *
middle_dropped(void)
{
	return middle_dropped_of(map_anonymous(3 * page_size(), MAP_PRIVATE));
}

VIOLATION(
    madvise_dontneed_ignored, "madvise.dontneed-private-drops", "-", MADVISE, SKIPS(drops(c) && range_of(c)->fd == -1))
{
	return middle_dropped()[page_size()] == 'p';
}

VIOLATION(madvise_dontneed_takes_page_behind, "madvise.dontneed-private-drops", "-", MADVISE,
    CHANGES(drops(c) && !has_first_page(c), c->length += page_size()))
{
	return middle_dropped()[2 * page_size()] == 0;
}

VIOLATION(madvise_dontneed_takes_page_before, "madvise.dontneed-private-drops", "-", MADVISE,
    CHANGES(drops(c) && !has_first_page(c), c->address = (char *)c->address - page_size()))
{
	return middle_dropped()[0] == 0;
}

VIOLATION(madvise_dontneed_unmaps, "madvise.dontneed-private-drops", "-", MADVISE,
    REPLACES(drops(c) && range_of(c)->fd == -1, c->result = real_munmap(c->address, c->length)))
{
	return load_is_refused(&middle_dropped()[page_size()]);
}

VIOLATION(madvise_dontneed_ignored_for_file, "madvise.dontneed-private-drops", "-", MADVISE,
    SKIPS(drops(c) && range_of(c)->fd != -1))
{
	return middle_dropped_of(map_private(nameless_file(3 * page_size()), 3 * page_size()))[page_size()] == 'p';
}

VIOLATION(madvise_dontneed_hides_file, "madvise.dontneed-private-drops", "-", MADVISE,
    REPLACES(drops(c) && range_of(c)->fd != -1, put_zeros(c->address, c->length, PROT_READ | PROT_WRITE, MAP_PRIVATE)))
{
	int fd = nameless_file_with_pattern(3);

	return middle_dropped_of(map_private(fd, 3 * page_size()))[page_size() + 1] == 0;
}

static void
write_and_drop(struct call *c)
{
	const struct known_range *range = range_of(c);

	real_pwrite(range->fd, c->address, c->length, offset_of(range, c->address));
	real_call(c);
}

VIOLATION(madvise_dontneed_writes_to_file, "madvise.dontneed-private-drops", "-", MADVISE,
    REPLACES(drops(c) && range_of(c)->fd != -1, write_and_drop(c)))
{
	int fd = nameless_file(3 * page_size());

	middle_dropped_of(map_private(fd, 3 * page_size()));
	return content_of(fd, 2 * page_size())[page_size()] == 'p';
}

static bool
advises_shared(const struct call *c)
{
	return c->command == MADV_DONTNEED && is_whole(c) && is_shared(range_of(c));
}

static char *
shared_advised(char *p)
{
	*p = 's';
	madvise(p, page_size(), MADV_DONTNEED);
	return p;
}

VIOLATION(madvise_dontneed_clears_segment, "madvise.dontneed-shared-keeps", "-", MADVISE,
    FALSIFIES(advises_shared(c) && range_of(c)->id != -1, memset(c->address, 0, page_size())))
{
	return *shared_advised(segment_attach(segment_create(page_size()), NULL, 0)) == 0;
}

VIOLATION(madvise_dontneed_clears_last_page, "madvise.dontneed-shared-keeps", "-", MADVISE,
    FALSIFIES(advises_shared(c) && range_of(c)->id == -1, memset(last_page_of(c), 0, page_size())))
{
	return *shared_advised(map_anonymous(page_size(), MAP_SHARED)) == 0;
}

VIOLATION(madvise_dontneed_makes_private, "madvise.dontneed-shared-keeps", "-", MADVISE,
    FALSIFIES(advises_shared(c) && is_shared_file(range_of(c)), make_private(c->address, c->length)))
{
	int fd = nameless_file(page_size());

	*shared_advised(map_shared(fd, page_size())) = 'n';
	return content_of(fd, 1)[0] == 's';
}

VIOLATION(madvise_dontneed_clears_here, "madvise.dontneed-shared-keeps", "-", MADVISE,
    FALSIFIES(advises_shared(c) && is_shared_file(range_of(c)),
	put_zeros(c->address, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE)))
{
	int fd = nameless_file(page_size());

	return *shared_advised(map_shared(fd, page_size())) == 0 && content_of(fd, 1)[0] == 's';
}

static bool
removes(const struct call *c)
{
	return c->command == MADV_REMOVE && is_part(c);
}

static char *
middle_removed_of(char *p)
{
	for (size_t i = 0; i < 3; i++)
		p[i * page_size()] = 'r';
	madvise(&p[page_size()], page_size(), MADV_REMOVE);
	return p;
}

static char *
middle_removed(void)
{
	return middle_removed_of(map_anonymous(3 * page_size(), MAP_SHARED));
}

VIOLATION(madvise_remove_ignored, "madvise.remove-punches", "-", MADVISE,
    SKIPS(removes(c) && is_shared_anonymous(range_of(c))))
{
	return middle_removed()[page_size()] == 'r';
}

VIOLATION(madvise_remove_of_segment_einval, "madvise.remove-punches", "-", MADVISE,
    REFUSES(removes(c) && range_of(c)->id != -1, EINVAL))
{
	char *p = segment_attach(segment_create(2 * page_size()), NULL, 0);

	return madvise(p, page_size(), MADV_REMOVE) == -1;
}

VIOLATION(madvise_remove_clears_here_alone, "madvise.remove-punches", "-", MADVISE,
    REPLACES(removes(c) && is_shared_file(range_of(c)),
	put_zeros(c->address, c->length, PROT_READ | PROT_WRITE, MAP_PRIVATE)))
{
	int fd = object_create(3 * page_size()).fd;
	char *p = middle_removed_of(map_shared(fd, 3 * page_size()));

	return p[page_size()] == 0 && ((char *)map_shared(fd, 3 * page_size()))[page_size()] == 'r';
}

static void
remove_but_keep_copy(struct call *c)
{
	struct call remove = *c;

	remove.address =
	    real_mmap(NULL, c->length, PROT_READ, MAP_SHARED, range_of(c)->fd, offset_of(range_of(c), c->address));
	make_private(c->address, c->length);
	c->result = real_call(&remove);
	real_munmap(remove.address, c->length);
}

VIOLATION(madvise_remove_keeps_page_here, "madvise.remove-punches", "-", MADVISE,
    REPLACES(removes(c) && is_shared_file(range_of(c)), remove_but_keep_copy(c)))
{
	int fd = object_create(3 * page_size()).fd;
	char *p = middle_removed_of(map_shared(fd, 3 * page_size()));

	return p[page_size()] == 'r' && ((char *)map_shared(fd, 3 * page_size()))[page_size()] == 0;
}

VIOLATION(madvise_remove_takes_page_behind, "madvise.remove-punches", "-", MADVISE,
    CHANGES(removes(c) && !has_last_page(c), c->length += page_size()))
{
	return middle_removed()[2 * page_size()] == 0;
}

static bool
has_page_before(const struct call *c)
{
	return range_of(c) != NULL && known_range_at((char *)c->address - 1) == range_of(c);
}

VIOLATION(madvise_remove_takes_page_before, "madvise.remove-punches", "-", MADVISE,
    CHANGES(
	removes(c) && has_page_before(c), (c->address = (char *)c->address - page_size(), c->length += page_size())))
{
	return middle_removed()[0] == 0;
}

VIOLATION(madvise_remove_leaves_read_only, "madvise.remove-punches", "-", MADVISE,
    FALSIFIES(removes(c), real_mprotect(c->address, c->length, PROT_READ)))
{
	return store_is_refused(&middle_removed()[page_size()]);
}

/* Whether a child can load this byte, and what it is: -1 if it cannot. */
static int
byte_in_child(const char *at)
{
	enum { REFUSED_THERE = 255 };
	int status = 0;
	pid_t child = fork();

	if (child == 0)
		_exit(fault_of_load(at).signal != 0 ? REFUSED_THERE : *at);
	waitpid(child, &status, 0);
	return WEXITSTATUS(status) == REFUSED_THERE ? -1 : WEXITSTATUS(status);
}

static char *
middle_kept_from_children(void)
{
	char *p = map_anonymous(3 * page_size(), MAP_SHARED);

	*p = 'f';
	madvise(&p[page_size()], page_size(), MADV_DONTFORK);
	return p;
}

VIOLATION(madvise_dontfork_ignored, "madvise.dontfork", "-", MADVISE, SKIPS(c->command == MADV_DONTFORK && is_part(c)))
{
	return byte_in_child(&middle_kept_from_children()[page_size()]) == 0;
}

VIOLATION(madvise_dontfork_is_for_all, "madvise.dontfork", "-", MADVISE,
    CHANGES(
	c->command == MADV_DONTFORK && is_part(c), (c->address = range_of(c)->start, c->length = range_of(c)->length)))
{
	return byte_in_child(middle_kept_from_children()) == -1;
}

VIOLATION(madvise_dontfork_unmaps_here, "madvise.dontfork", "-", MADVISE,
    REPLACES(c->command == MADV_DONTFORK && is_part(c), c->result = real_munmap(c->address, c->length)))
{
	return load_is_refused(&middle_kept_from_children()[page_size()]);
}

VIOLATION(madvise_dofork_ignored, "madvise.dontfork", "-", MADVISE, SKIPS(c->command == MADV_DOFORK))
{
	char *p = middle_kept_from_children();

	madvise(&p[page_size()], page_size(), MADV_DOFORK);
	return byte_in_child(&p[page_size()]) == -1;
}

VIOLATION(madvise_dontfork_of_segment_ignored, "madvise.dontfork", "-", MADVISE,
    SKIPS(c->command == MADV_DONTFORK && range_of(c) != NULL && range_of(c)->id != -1))
{
	char *p = segment_attach(segment_create(page_size()), NULL, 0);

	madvise(p, page_size(), MADV_DONTFORK);
	return byte_in_child(p) == 0;
}

/* Private pages that children are to find wiped; or shared ones, with what madvise() gave. */
static char *
wiped_for_children(void)
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);

	p[0] = p[page_size()] = 'w';
	madvise(p, 2 * page_size(), MADV_WIPEONFORK);
	return p;
}

static int
wipe_shared(void)
{
	return madvise(map_anonymous(page_size(), MAP_SHARED), page_size(), MADV_WIPEONFORK);
}

VIOLATION(madvise_wipeonfork_ignored, "madvise.wipeonfork", "-", MADVISE,
    SKIPS(c->command == MADV_WIPEONFORK && is_private(range_of(c))))
{
	return byte_in_child(wiped_for_children()) == 'w';
}

VIOLATION(madvise_wipeonfork_spares_last_page, "madvise.wipeonfork", "-", MADVISE,
    CHANGES(c->command == MADV_WIPEONFORK && is_private(range_of(c)), c->length -= page_size()))
{
	return byte_in_child(&wiped_for_children()[page_size()]) == 'w';
}

VIOLATION(madvise_wipeonfork_keeps_out, "madvise.wipeonfork", "-", MADVISE,
    CHANGES(c->command == MADV_WIPEONFORK && is_private(range_of(c)), c->command = MADV_DONTFORK))
{
	return byte_in_child(wiped_for_children()) == -1;
}

VIOLATION(madvise_wipeonfork_wipes_here, "madvise.wipeonfork", "-", MADVISE,
    FALSIFIES(c->command == MADV_WIPEONFORK, memset(c->address, 0, page_size())))
{
	return *wiped_for_children() == 0;
}

VIOLATION(madvise_wipeonfork_of_shared_accepted, "madvise.wipeonfork", "-", MADVISE,
    ACCEPTS(c->command == MADV_WIPEONFORK, EINVAL, 0))
{
	return wipe_shared() == 0;
}

VIOLATION(madvise_wipeonfork_of_shared_eacces, "madvise.wipeonfork", "-", MADVISE,
    MISTAKES(c->command == MADV_WIPEONFORK, EINVAL, EACCES))
{
	return wipe_shared() == -1 && errno == EACCES;
}

#endif
