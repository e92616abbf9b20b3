/* SPDX-License-Identifier: BSD-2-Clause */

/* Locks after a call that failed, of attachments made later, at the limit, inside of pages and among signals. */

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
lock_whole(const struct known_range *range)
{
	real_mlock(range->start, range->length);
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

/* How many of two pages are locked after munlock() of a byte of each. */
static long
pages_locked_after_unaligned(void)
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);
	long before = locked_bytes();

	mlock(p, 2 * page_size());
	munlock(&p[page_size() - 1], 2);
	return (locked_bytes() - before) / (long)page_size();
}

VIOLATION(munlock_unaligned_ignored, "mlock.unaligned-address", "-", MUNLOCK, SKIPS(is_unaligned(c)))
{
	return pages_locked_after_unaligned() == 2;
}

VIOLATION(munlock_unaligned_rounds_up, "mlock.unaligned-address", "-", MUNLOCK,
    CHANGES(is_unaligned(c), (c->address = page_of(c, 1), round_down(c))))
{
	return pages_locked_after_unaligned() == 1;
}

VIOLATION(munlock_unaligned_takes_one_page, "mlock.unaligned-address", "-", MUNLOCK,
    CHANGES(is_unaligned(c), (round_down(c), c->length = page_size())))
{
	return pages_locked_after_unaligned() == 1;
}

VIOLATION(munlock_unaligned_takes_all, "mlock.unaligned-address", "-", MUNLOCK,
    CHANGES(is_unaligned(c) && range_of(c) != NULL, (c->address = range_of(c)->start, c->length = range_of(c)->length)))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);
	long before = locked_bytes();

	mlock(p, 2 * page_size());
	munlock(&p[1], 1);
	return locked_bytes() == before;
}

VIOLATION(munlock_unaligned_enomem, "mlock.unaligned-address", "-", MUNLOCK, REFUSES(is_unaligned(c), ENOMEM))
{
	return munlock((char *)map_anonymous(page_size(), MAP_SHARED) + 1, 1) == -1 && errno == ENOMEM;
}

VIOLATION(munlock_unaligned_clears, "mlock.unaligned-address", "-", MUNLOCK,
    FALSIFIES(is_unaligned(c) && range_of(c) != NULL, clear_first_byte(range_of(c))))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	*p = 'm';
	munlock(p + 1, 1);
	return *p == 0;
}

static void
handle(int number)
{
	(void)number;
}

static char *
page_of_handler(void)
{
	struct sigaction action = { .sa_handler = handle };

	sigaction(SIGUSR1, &action, NULL);
	return map_anonymous(page_size(), MAP_SHARED);
}

VIOLATION(mlock_among_signals_enomem, "mlock.among-signals", "-", MLOCK, REFUSES(known_is_interruptible(), ENOMEM))
{
	return mlock(page_of_handler(), page_size()) == -1;
}

VIOLATION(mlock_among_signals_locks_nothing, "mlock.among-signals", "-", MLOCK, SKIPS(known_is_interruptible()))
{
	return mlock(page_of_handler(), page_size()) == 0 && locked_bytes() == 0;
}

VIOLATION(munlock_among_signals_einval, "mlock.among-signals", "-", MUNLOCK, REFUSES(known_is_interruptible(), EINVAL))
{
	return munlock(page_of_handler(), page_size()) == -1;
}

VIOLATION(munlock_among_signals_ignored, "mlock.among-signals", "-", MUNLOCK, SKIPS(known_is_interruptible()))
{
	char *p = page_of_handler();

	return mlock(p, page_size()) == 0 && munlock(p, page_size()) == 0 && locked_bytes() != 0;
}

VIOLATION(munlock_among_signals_clears, "mlock.among-signals", "-", MUNLOCK,
    FALSIFIES(known_is_interruptible(), *(char *)c->address = 0))
{
	char *p = page_of_handler();

	*p = 'm';
	munlock(p, page_size());
	return *p == 0;
}

VIOLATION(munlock_among_signals_stores, "mlock.among-signals", "-", MUNLOCK,
    FALSIFIES(known_is_interruptible(), ((char *)c->address)[c->length - 1] = SPOILED))
{
	char *p = page_of_handler();

	munlock(p, page_size());
	return p[page_size() - 1] == SPOILED;
}

static struct known_range *
locked_alias(const struct call *c)
{
	struct known_range *alias = alias_of(c);

	return is_part(c) && range_of(c)->locks > 0 ? alias : NULL;
}

VIOLATION(munmap_of_part_locks_alias, "munmap.removes-locks", "-", MUNMAP,
    CHANGES(locked_alias(c) != NULL, lock_whole(locked_alias(c))))
{
	int fd = object_create(2 * page_size()).fd;
	char *p = map_shared(fd, 2 * page_size());
	map_shared(fd, 2 * page_size());
	long before = locked_bytes();

	mlock(p, 2 * page_size());
	munmap(p, page_size());
	return locked_bytes() > before + (long)page_size();
}

#ifdef __linux__

static bool
is_without_access(const struct call *c)
{
	return range_of(c) != NULL && range_of(c)->protection == PROT_NONE;
}

static char *
page_without_access(void)
{
	return mmap(NULL, page_size(), PROT_NONE, MAP_SHARED | MAP_ANON, -1, 0);
}

static void
bring_in_and_lock(struct call *c)
{
	real_mprotect(c->address, c->length, PROT_READ | PROT_WRITE);
	*(volatile char *)c->address = 0;
	real_mprotect(c->address, c->length, PROT_NONE);
	real_call(c);
}

VIOLATION(mlock2_without_access_brings_in, "mlock2.onfault-without-access", "-", MLOCK2,
    REPLACES(is_without_access(c), bring_in_and_lock(c)))
{
	char *p = page_without_access();

	mlock2(p, page_size(), MLOCK_ONFAULT);
	return is_resident(p);
}

VIOLATION(mlock2_without_access_gives_it, "mlock2.onfault-without-access", "-", MLOCK2,
    FALSIFIES(is_without_access(c), real_mprotect(c->address, c->length, PROT_READ)))
{
	char *p = page_without_access();

	mlock2(p, page_size(), MLOCK_ONFAULT);
	return !load_is_refused(p);
}

VIOLATION(
    mlock2_without_access_enomem, "mlock2.onfault-without-access", "-", MLOCK2, REFUSES(is_without_access(c), ENOMEM))
{
	return mlock2(page_without_access(), page_size(), MLOCK_ONFAULT) == -1;
}

static bool
locks_all(const struct call *c)
{
	return range_of(c) != NULL && range_of(c)->locks > 0 && is_whole(c);
}

VIOLATION(mprotect_of_locked_gives_less, "mlock2.onfault-without-access", "-", MPROTECT,
    CHANGES(locks_all(c), c->protection &= ~PROT_WRITE))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	mlock(p, page_size());
	mprotect(p, page_size(), PROT_READ | PROT_WRITE);
	return store_is_refused(p);
}

VIOLATION(mprotect_of_locked_unlocks, "mlock2.onfault-without-access", "-", MPROTECT,
    FALSIFIES(locks_all(c), real_munlock(c->address, c->length)))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);
	long before = locked_bytes();

	mlock(p, page_size());
	mprotect(p, page_size(), PROT_READ);
	return locked_bytes() == before;
}

VIOLATION(mprotect_of_locked_brings_in, "mlock2.onfault-without-access", "-", MPROTECT,
    FALSIFIES(locks_all(c) && c->protection != PROT_NONE,
	*(volatile char *)(last_page_of(c)) = *(volatile char *)last_page_of(c)))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	mlock2(p, page_size(), MLOCK_ONFAULT);
	mprotect(p, page_size(), PROT_READ | PROT_WRITE);
	return is_resident(p);
}

#endif
