/* SPDX-License-Identifier: BSD-2-Clause */

/* RLIMIT_MEMLOCK: whom it limits, how much, and the errors. */

#include <sys/mman.h>
#include <sys/resource.h>

#include "range.h"
#include "real.h"
#include "violation.h"

static rlim_t
limit_of_locks(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_MEMLOCK, &limit) == 0 ? limit.rlim_cur : RLIM_INFINITY;
}

static bool
is_over_limit(const struct call *c)
{
	return is_sane(c) && hole_of(c) == pages_of(c) && whole_pages(c->length) > limit_of_locks();
}

/* The error of mlock() of two pages with this limit, in a process of this user; 0: there is none. */
static int
error_of_two(enum user user, rlim_t limit)
{
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		if (geteuid() == 0 && user != SUPERUSER)
			user_become(user);
		limit_to(RLIMIT_MEMLOCK, limit);
		_exit(mlock(map_anonymous(2 * page_size(), MAP_SHARED), 2 * page_size()) == -1 ? errno : 0);
	}
	waitpid(child, &status, 0);
	return WEXITSTATUS(status);
}

VIOLATION(mlock_above_limit_accepted, "mlock.limit-enomem", "-", MLOCK, ACCEPTS(is_over_limit(c), ENOMEM, 0))
{
	return error_of_two(OTHER, page_size()) == 0;
}

VIOLATION(mlock_above_limit_eagain, "mlock.limit-enomem", "-", MLOCK, MISTAKES(is_over_limit(c), ENOMEM, EAGAIN))
{
	return error_of_two(OTHER, page_size()) == EAGAIN;
}

VIOLATION(mlock_without_right_enomem, "mlock.eperm", "-", MLOCK, MISTAKES(true, EPERM, ENOMEM))
{
	return error_of_two(OTHER, 0) == ENOMEM;
}

VIOLATION(mlock_without_right_accepted, "mlock.eperm", "-", MLOCK, ACCEPTS(true, EPERM, 0))
{
	return error_of_two(OTHER, 0) == 0;
}

/* The limit counts rounded up. */
static void
lock_up_to_next_page(struct call *c)
{
	const char *end = page_of(c, limit_of_locks() / page_size());

	c->result = 0;
	real_munlock(c->address, c->length);
	if (last_page_of(c) != end)
		c->result = real_mlock(c->address, c->length);
}

static bool
ends_within_odd_limit(const struct call *c)
{
	return is_over_limit(c) && pages_of(c) == limit_of_locks() / page_size() + 1 &&
	    limit_of_locks() % page_size() != 0;
}

VIOLATION(mlock_rounds_limit_up, "mlock.limit-is-of-whole-pages", "-", MLOCK,
    REPLACES(ends_within_odd_limit(c), lock_up_to_next_page(c)))
{
	return error_of_two(OTHER, page_size() + 1) == 0;
}

VIOLATION(mlock_below_odd_limit_enomem, "mlock.limit-is-of-whole-pages", "-", MLOCK,
    REFUSES(limit_of_locks() % page_size() != 0, ENOMEM))
{
	return error_of_two(OTHER, 3 * page_size() - 1) == ENOMEM;
}

VIOLATION(mlock_of_privileged_is_limited, "mlock.privileged-has-no-limit", "-", MLOCK,
    REFUSES(geteuid() == 0 && is_over_limit(c), ENOMEM))
{
	return geteuid() == 0 && error_of_two(SUPERUSER, page_size()) == ENOMEM;
}

VIOLATION(mlock_of_privileged_above_limit_locks_nothing, "mlock.privileged-has-no-limit", "-", MLOCK,
    SKIPS(geteuid() == 0 && is_over_limit(c)))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);
	long before = locked_bytes();

	limit_to(RLIMIT_MEMLOCK, 0);
	return geteuid() == 0 && mlock(p, page_size()) == 0 && locked_bytes() == before;
}

static int
error_of_all(rlim_t limit)
{
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		if (geteuid() == 0)
			user_become(OTHER);
		limit_to(RLIMIT_MEMLOCK, limit);
		_exit(mlockall(MCL_CURRENT) == -1 ? errno : 0);
	}
	waitpid(child, &status, 0);
	return WEXITSTATUS(status);
}

VIOLATION(mlockall_above_limit_eagain, "mlockall.limit", "-", MLOCKALL, MISTAKES(true, ENOMEM, EAGAIN))
{
	return error_of_all(page_size()) == EAGAIN;
}

VIOLATION(mlockall_above_limit_accepted, "mlockall.limit", "-", MLOCKALL, ACCEPTS(true, ENOMEM, 0))
{
	return error_of_all(page_size()) == 0;
}
