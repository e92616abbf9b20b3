/* SPDX-License-Identifier: BSD-2-Clause */

/* mlockall() that fails, and what is mapped or attached after one. */

#include <stdint.h>

#include <sys/mman.h>
#include <sys/resource.h>

#include "effects.h"
#include "range.h"
#include "real.h"
#include "violation.h"

/* Whether the body holds in a child, of an ordinary user. */
static bool
holds_for_user(bool (*body)(void))
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		if (geteuid() == 0)
			user_become(OTHER);
		_exit(body());
	}
	waitpid(child, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

static bool
is_locked(const struct known_range *range)
{
	return range->locks > 0;
}

static void
unlock(const struct known_range *range)
{
	real_munlock(range->start, range->length);
}

static void
lock_page_behind(const struct known_range *range)
{
	if (is_shared(known_range_at(end_of(range))))
		real_mlock(end_of(range), page_size());
}

static void
clear_first_byte(const struct known_range *range)
{
	*range->start = 0;
}

/* Fail as it does, and do this to the ranges of which something is locked. */
static void
fail_with_effect(struct call *c, void (*effect)(const struct known_range *))
{
	real_call(c);
	if (c->result == -1)
		for_known_ranges(is_locked, effect);
}

/* Two pages, the first of them locked, after a mlockall() above the limit. */
static char *
two_pages_after_failure(void)
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);

	*p = 'm';
	limit_to(RLIMIT_MEMLOCK, 2 * page_size());
	mlock(p, page_size());
	mlockall(MCL_CURRENT);
	return p;
}

static bool
failure_has_unlocked(void)
{
	two_pages_after_failure();
	return locked_bytes() == 0;
}

VIOLATION(mlockall_failure_unlocks, "mlockall.lock-after-failure", "-", MLOCKALL,
    REPLACES(c->flags == MCL_CURRENT, fail_with_effect(c, unlock)))
{
	return holds_for_user(failure_has_unlocked);
}

static bool
failure_has_locked(void)
{
	two_pages_after_failure();
	return locked_bytes() == 2 * (long)page_size();
}

VIOLATION(mlockall_failure_locks_neighbours, "mlockall.lock-after-failure", "-", MLOCKALL,
    REPLACES(c->flags == MCL_CURRENT, fail_with_effect(c, lock_page_behind)))
{
	return holds_for_user(failure_has_locked);
}

static bool
failure_has_cleared(void)
{
	return *two_pages_after_failure() == 0;
}

VIOLATION(mlockall_failure_clears_locked, "mlockall.lock-after-failure", "-", MLOCKALL,
    REPLACES(c->flags == MCL_CURRENT, fail_with_effect(c, clear_first_byte)))
{
	return holds_for_user(failure_has_cleared);
}

VIOLATION(mlockall_with_limit_zero_accepted, "mlockall.eperm", "-", MLOCKALL, ACCEPTS(true, EPERM, 0))
{
	limit_to(RLIMIT_MEMLOCK, 0);
	if (geteuid() == 0)
		user_become(OTHER);
	return mlockall(MCL_CURRENT) == 0;
}

#ifdef __linux__

static void *
map_locked_on_fault(void)
{
	mlockall(MCL_FUTURE | MCL_ONFAULT);
	return mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANON, -1, 0);
}

VIOLATION(
    mmap_after_mlockall_future_eagain, "mlockall.onfault-limit", "-", MMAP, REFUSES(known_future_is_locked(), EAGAIN))
{
	return map_locked_on_fault() == MAP_FAILED;
}

static bool
maps_above_limit(void)
{
	limit_to(RLIMIT_MEMLOCK, 2 * page_size());
	mlockall(MCL_FUTURE | MCL_ONFAULT);
	return mmap(NULL, 4 * page_size(), PROT_READ, MAP_SHARED | MAP_ANON, -1, 0) != MAP_FAILED;
}

static void
map_unlocked(struct call *c)
{
	real_make((struct call){ .interface = MUNLOCKALL });
	real_call(c);
	real_make((struct call){ .interface = MLOCKALL, .flags = MCL_FUTURE | MCL_ONFAULT });
}

VIOLATION(mmap_after_mlockall_future_forgets_limit, "mlockall.onfault-limit", "-", MMAP,
    REPLACES(known_future_is_locked(), map_unlocked(c)))
{
	return holds_for_user(maps_above_limit);
}

#endif

VIOLATION(shmat_after_mlockall_future_clears, "mlockall.future", "-", SHMAT,
    FALSIFIES(known_future_is_locked(), memset((void *)c->result, 0, page_size())))
{
	int id = segment_create(1);
	char *p = segment_attach(id, NULL, 0);

	*p = 's';
	return mlockall(MCL_FUTURE) == 0 && segment_attach(id, NULL, 0) != NULL && *p == 0;
}

static bool
attachment_is_locked(void)
{
	long before = locked_bytes();

	segment_attach(segment_create(1), NULL, 0);
	return locked_bytes() > before;
}

static void
attach_and_unlock(struct call *c)
{
	real_call(c);
	if (c->result != -1)
		real_munlock((void *)c->result, page_size());
}

VIOLATION(shmat_after_mlockall_future_not_locked, "mlockall.future", "-", SHMAT,
    REPLACES(known_future_is_locked(), attach_and_unlock(c)))
{
	return mlockall(MCL_FUTURE) == 0 && !attachment_is_locked();
}
