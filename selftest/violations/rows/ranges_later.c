/* SPDX-License-Identifier: BSD-2-Clause */

/* Ranges that children change and pass on, code in memory that was stored to, and lengths and flags of locks. */

#include <unistd.h>

#include <sys/mman.h>
#include <sys/resource.h>

#include "effects.h"
#include "platform/mman.h"
#include "range.h"
#include "real.h"
#include "violation.h"

/* A part of what this process has inherited, whose other parts it has unmapped or replaced. */
static bool
is_left_of_inherited(const struct known_range *range)
{
	return range->is_inherited && range->length < range->length_then &&
	    range->protection == (PROT_READ | PROT_WRITE);
}

static void
take_away(const struct known_range *range)
{
	real_munmap(range->start, page_size());
}

static void
fill_hole_before(const struct known_range *range)
{
	if (range->start != range->start_then && known_range_at(range->start - 1) == NULL)
		put_zeros(range->start - page_size(), page_size(), PROT_READ, MAP_PRIVATE);
}

/* The first of three pages as a grandchild has it, or the second, which the child unmaps. */
static bool
grandchild_can_load(char *p, size_t page)
{
	int status = 0;
	pid_t child = fork();

	if (child != 0) {
		waitpid(child, &status, 0);
		return status == 0;
	}
	munmap(p + page_size(), page_size());
	child = fork();
	if (child == 0)
		_exit(load_is_refused(p + page * page_size()));
	waitpid(child, &status, 0);
	_exit(status == 0 ? 0 : 1);
}

VIOLATION(fork_lacks_parts_of_inherited, "munmap.other-process-unaffected", "-", FORK,
    FALSIFIES(c->result == 0, for_known_ranges(is_left_of_inherited, take_away)))
{
	return !grandchild_can_load(map_anonymous(3 * page_size(), MAP_SHARED), 0);
}

VIOLATION(fork_maps_what_child_has_unmapped, "munmap.other-process-unaffected", "-", FORK,
    FALSIFIES(c->result == 0, for_known_ranges(is_left_of_inherited, fill_hole_before)))
{
	return grandchild_can_load(map_anonymous(3 * page_size(), MAP_SHARED), 1);
}

static bool
is_part_of_inherited(const struct call *c)
{
	return is_part(c) && range_of(c)->is_inherited;
}

/* A child unmaps the second of three pages, the first of which has a byte. */
static int
unmap_in_child(char *p)
{
	int status = 0;
	pid_t child;

	*p = 'm';
	child = fork();
	if (child == 0)
		_exit(munmap(p + page_size(), page_size()) == 0 ? 0 : 1);
	waitpid(child, &status, 0);
	return status;
}

VIOLATION(munmap_of_part_of_inherited_einval, "munmap.other-process-unaffected", "-", MUNMAP,
    REFUSES(is_part_of_inherited(c), EINVAL))
{
	return unmap_in_child(map_anonymous(3 * page_size(), MAP_SHARED)) != 0;
}

VIOLATION(munmap_of_part_of_inherited_clears, "munmap.other-process-unaffected", "-", MUNMAP,
    FALSIFIES(is_part_of_inherited(c), clear_what_it_shows(range_of(c))))
{
	char *p = map_shared(nameless_file(3 * page_size()), 3 * page_size());

	unmap_in_child(p);
	return *p == 0;
}

VIOLATION(munmap_at_zero_efault, "munmap.no-mapping-no-effect", "-", MUNMAP,
    REFUSES(c->address == NULL && c->length > 0, EFAULT))
{
	return munmap(NULL, page_size()) == -1;
}

static bool
allows_code(const struct call *c)
{
	return (c->protection & PROT_EXEC) != 0 && (c->protection & PROT_WRITE) == 0 && range_of(c) != NULL &&
	    range_of(c)->id == -1;
}

static bool
forbids_code(const struct call *c)
{
	return range_of(c) != NULL && (range_of(c)->protection & PROT_EXEC) != 0 && c->protection == PROT_READ;
}

static char *
page_of_code(void)
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	mprotect(p, page_size(), PROT_READ | PROT_EXEC);
	return p;
}

VIOLATION(mprotect_exec_einval, "mprotect.exec-runs-code", "-", MPROTECT, REFUSES(allows_code(c), EINVAL))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	return mprotect(p, page_size(), PROT_READ | PROT_EXEC) == -1;
}

VIOLATION(mprotect_exec_keeps_write, "mprotect.exec-runs-code", "-", MPROTECT,
    CHANGES(allows_code(c), c->protection |= PROT_WRITE))
{
	return !store_is_refused(page_of_code());
}

VIOLATION(mprotect_from_exec_enotsup, "mprotect.exec-removed", "-", MPROTECT, REFUSES(forbids_code(c), ENOTSUP))
{
	return mprotect(page_of_code(), page_size(), PROT_READ) == -1;
}

VIOLATION(mprotect_from_exec_closes, "mprotect.exec-removed", "-", MPROTECT,
    CHANGES(forbids_code(c), c->protection = PROT_NONE))
{
	char *p = page_of_code();

	mprotect(p, page_size(), PROT_READ);
	return load_is_refused(p);
}

static bool
has_odd_length(const struct call *c)
{
	return c->length % page_size() != 0 && c->length > page_size() && is_sane(c);
}

/* mincore() of a page and a byte; the second page was touched. */
static int
look_at_odd_length(unsigned char *bits)
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);

	p[page_size()] = 't';
	return mincore(p, page_size() + 1, (void *)bits);
}

VIOLATION(mincore_of_odd_length_einval, "mincore.odd-length", "-", MINCORE, REFUSES(has_odd_length(c), EINVAL))
{
	unsigned char bits[2];

	return look_at_odd_length(bits) == -1;
}

VIOLATION(mincore_of_odd_length_rounds_down, "mincore.odd-length", "-", MINCORE,
    CHANGES(has_odd_length(c), c->length -= c->length % page_size()))
{
	unsigned char bits[2] = { 0, 0 };

	look_at_odd_length(bits);
	return bits[1] == 0;
}

VIOLATION(mincore_of_odd_length_tells_of_next_page, "mincore.odd-length", "-", MINCORE,
    FALSIFIES(has_odd_length(c), ((unsigned char *)c->buffer)[pages_of(c)] = 1))
{
	unsigned char bits[3] = { 0, 0, 0 };

	look_at_odd_length(bits);
	return bits[2] == 1;
}

/* Clear what it tells of pages of a file. */
VIOLATION(mincore_of_file_tells_nothing, "mincore.touched-page-resident", "-", MINCORE,
    FALSIFIES(is_shared_file(range_of(c)), memset(c->buffer, 0, pages_of(c))))
{
	char *p = map_shared(nameless_file(page_size()), page_size());
	unsigned char bits = 1;

	*p = 't';
	mincore(p, page_size(), (void *)&bits);
	return bits == 0;
}

VIOLATION(
    mincore_of_file_enosys, "mincore.touched-page-resident", "-", MINCORE, REFUSES(is_shared_file(range_of(c)), EAGAIN))
{
	unsigned char bits;

	return mincore(map_shared(nameless_file(page_size()), page_size()), page_size(), (void *)&bits) == -1;
}

enum { BOTH = MCL_CURRENT | MCL_FUTURE };

/* Whether a page of a file is locked that was mapped before mlockall(), or after it. */
static bool
is_locked_by_both(bool later)
{
	int fd = nameless_file(page_size());
	char *p = map_shared(fd, page_size());

	mlockall(BOTH);
	if (later)
		p = map_shared(fd, page_size());
	return range_is_locked(p, page_size());
}

VIOLATION(mlockall_both_is_future, "mlockall.current-and-future", "-", MLOCKALL,
    CHANGES(c->flags == BOTH, c->flags = MCL_FUTURE))
{
	return !is_locked_by_both(false);
}

VIOLATION(mlockall_both_is_current, "mlockall.current-and-future", "-", MLOCKALL,
    CHANGES(c->flags == BOTH, c->flags = MCL_CURRENT))
{
	return !is_locked_by_both(true);
}

#ifdef __linux__

static bool
locks_again(const struct call *c)
{
	return range_of(c) != NULL && range_of(c)->locks > 0;
}

static int
lock_twice(char *p)
{
	mlock2(p, page_size(), MLOCK_ONFAULT);
	return mlock2(p, 2 * page_size(), MLOCK_ONFAULT);
}

VIOLATION(mlock2_again_einval, "mlock2.no-stacking", "-", MLOCK2, REFUSES(locks_again(c), EINVAL))
{
	return lock_twice(map_anonymous(2 * page_size(), MAP_SHARED)) == -1;
}

VIOLATION(mlock2_again_ignored, "mlock2.no-stacking", "-", MLOCK2, SKIPS(locks_again(c)))
{
	long before = locked_bytes();

	lock_twice(map_anonymous(2 * page_size(), MAP_SHARED));
	return locked_bytes() == before + (long)page_size();
}

VIOLATION(mlock2_with_limit_zero_enomem, "mlock2.eperm", "-", MLOCK2, MISTAKES(true, EPERM, ENOMEM))
{
	static const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_MEMLOCK, &none);
	if (geteuid() == 0 && setuid(65534) == -1)
		return false;
	return mlock2(map_anonymous(page_size(), MAP_SHARED), page_size(), 0) == -1 && errno == ENOMEM;
}

#endif
