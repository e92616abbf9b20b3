/* SPDX-License-Identifier: BSD-2-Clause */

/* Mutexes whose owner dies: which calls report it, and what makes the mutex usable again. */

#include <sched.h>
#include <time.h>
#include <unistd.h>

#include "case.h"
#include "mapping.h"
#include "process.h"
#include "program.h"
#include "shared_mutex.h"

INTERFACE(robust_mutex)

static const struct timespec past = { .tv_sec = 1 };

/* A mutex in new shared memory. */
static pthread_mutex_t *
new_mutex(enum robustness robustness)
{
	pthread_mutex_t *m = map_anonymous(sizeof(*m), MAP_SHARED);

	shared_mutex_init(m, PTHREAD_MUTEX_DEFAULT, robustness);
	return m;
}

static void
locks(void *mutex)
{
	CHECK_RETURNS_ERROR(0, pthread_mutex_lock(mutex));
}

/* Have a child lock the mutex and exit. */
static void
lose_owner(pthread_mutex_t *mutex)
{
	in_child(locks, mutex);
}

CASE(default_stalled, SHALL, "The robustness of a mutex is PTHREAD_MUTEX_STALLED unless it is set",
    "POSIX.1-2017 pthread_mutexattr_getrobust() DESCRIPTION", "Linux pthread_mutexattr_setrobust(3)", NEEDS_ROBUSTNESS)
{
	pthread_mutexattr_t attributes;
	int robust = ROBUST;
	REQUIRE_SUCCEEDS(pthread_mutexattr_init(&attributes));

	CHECK_RETURNS_ERROR(0, pthread_mutexattr_getrobust(&attributes, &robust));

	CHECK_EQ((int)STALLED, robust);
}

static void
finds_locked(void *mutex)
{
	CHECK_RETURNS_ERROR(EBUSY, pthread_mutex_trylock(mutex));
}

CASE(stalled_stays_locked, SHALL,
    "When the process that holds a mutex which is not robust dies, the mutex stays locked for all others",
    "POSIX.1-2017 pthread_mutexattr_getrobust() DESCRIPTION", "Linux pthread_mutexattr_setrobust(3)",
    "illumos pthread_mutexattr_getrobust(3C)", NEEDS_SHARED_MUTEXES)
{
	pthread_mutex_t *m = new_mutex(STALLED);

	lose_owner(m);

	CHECK_RETURNS_ERROR(EBUSY, pthread_mutex_trylock(m));
	in_child(finds_locked, m);
}

CASE(owner_exit_eownerdead, SHALL,
    "When the process that holds the mutex exits, and not before, the next pthread_mutex_lock() returns EOWNERDEAD",
    "POSIX.1-2017 pthread_mutexattr_getrobust() DESCRIPTION", "POSIX.1-2024 pthread_mutex_lock() ERRORS",
    "Linux pthread_mutexattr_setrobust(3)", "FreeBSD 11 pthread_mutex_lock(3)", "illumos pthread_mutex_lock(3C)",
    "illumos pthread_mutexattr_getrobust(3C)", NEEDS_ROBUST_MUTEXES)
{
	pthread_mutex_t *m = new_mutex(ROBUST);
	struct child owner = child_start(locks, m);

	child_reaches_end(&owner);
	bool is_held = CHECK_RETURNS_ERROR(EBUSY, pthread_mutex_trylock(m));

	child_exits(&owner);
	if (is_held) /* else this process would wait for itself */
		CHECK_RETURNS_ERROR(EOWNERDEAD, pthread_mutex_lock(m));
}

CASE(owner_sigkill_eownerdead, SHALL,
    "When SIGKILL ends the process that holds the mutex, the next pthread_mutex_lock() returns EOWNERDEAD",
    "POSIX.1-2017 pthread_mutexattr_getrobust() DESCRIPTION", "POSIX.1-2024 pthread_mutex_lock() ERRORS",
    "Linux pthread_mutexattr_setrobust(3)", "FreeBSD 11 pthread_mutex_lock(3)", "illumos pthread_mutex_lock(3C)",
    "illumos pthread_mutexattr_getrobust(3C)", NEEDS_ROBUST_MUTEXES, COVERS("BS117"))
{
	pthread_mutex_t *m = new_mutex(ROBUST);
	struct child owner = child_start(locks, m);

	child_reaches_end(&owner);
	child_kill(&owner);

	CHECK_RETURNS_ERROR(EOWNERDEAD, pthread_mutex_lock(m));
}

PROGRAM(successor)
{
	pause_for_parent();
}

static void
locks_and_becomes_successor(void *mutex)
{
	CHECK_RETURNS_ERROR(0, pthread_mutex_lock(mutex));
	program_become("successor");
}

CASE(owner_exec_eownerdead, DOCUMENTED,
    "When the process that holds the mutex calls exec, it loses the mutex, which the next one gets with EOWNERDEAD",
    "Linux pthread_mutexattr_setrobust(3)", "Linux get_robust_list(2)", "illumos pthread_mutex_lock(3C)",
    NEEDS_ROBUST_MUTEXES)
{
	pthread_mutex_t *m = new_mutex(ROBUST);
	struct child owner = child_start(locks_and_becomes_successor, m);

	child_reaches_pause(&owner); /* it lives on */

	CHECK_RETURNS_ERROR(EOWNERDEAD, pthread_mutex_trylock(m));
	child_goes_on(&owner);
	child_exits(&owner);
}

static void
locks_and_unmaps(void *mutex)
{
	CHECK_RETURNS_ERROR(0, pthread_mutex_lock(mutex));
	unmap(mutex, sizeof(pthread_mutex_t));
}

CASE(owner_unmaps_eownerdead, DOCUMENTED,
    "When the process that holds the mutex unmaps its memory, the next one gets the mutex with EOWNERDEAD",
    "illumos pthread_mutex_lock(3C)", NEEDS_ROBUST_MUTEXES)
{
	pthread_mutex_t *m = new_mutex(ROBUST);
	struct child owner = child_start(locks_and_unmaps, m);

	child_reaches_end(&owner);

	CHECK_RETURNS_ERROR(EOWNERDEAD, pthread_mutex_trylock(m));
	child_exits(&owner);
}

CASE(trylock_and_timedlock_report, SHALL,
    "When the owner has died, pthread_mutex_trylock() and pthread_mutex_timedlock() return EOWNERDEAD too",
    "POSIX.1-2017 pthread_mutex_lock() ERRORS", "POSIX.1-2024 pthread_mutex_lock() ERRORS",
    "POSIX.1-2017 pthread_mutex_timedlock() ERRORS", "illumos pthread_mutex_lock(3C)", NEEDS_ROBUST_MUTEXES)
{
	pthread_mutex_t *tried = new_mutex(ROBUST);
	pthread_mutex_t *timed = new_mutex(ROBUST);
	lose_owner(tried);
	lose_owner(timed);

	CHECK_RETURNS_ERROR(EOWNERDEAD, pthread_mutex_trylock(tried));
	CHECK_RETURNS_ERROR(EOWNERDEAD, pthread_mutex_timedlock(timed, &past));
}

static void
finds_free(void *mutex)
{
	CHECK_RETURNS_ERROR(0, pthread_mutex_trylock(mutex));
	CHECK_RETURNS_ERROR(0, pthread_mutex_unlock(mutex));
}

CASE(consistent_restores, SHALL,
    "The process that gets EOWNERDEAD holds the mutex, which works as before after pthread_mutex_consistent()",
    "POSIX.1-2017 pthread_mutexattr_getrobust() DESCRIPTION", "POSIX.1-2017 pthread_mutex_consistent() DESCRIPTION",
    "POSIX.1-2024 pthread_mutex_lock() DESCRIPTION", "Linux pthread_mutexattr_setrobust(3)",
    "Linux pthread_mutex_consistent(3)", "FreeBSD 11 pthread_mutex_consistent(3)", "illumos pthread_mutex_lock(3C)",
    "illumos pthread_mutex_consistent(3C)", NEEDS_ROBUST_MUTEXES)
{
	pthread_mutex_t *m = new_mutex(ROBUST);
	lose_owner(m);

	if (!CHECK_RETURNS_ERROR(EOWNERDEAD, pthread_mutex_lock(m)))
		return;
	in_child(finds_locked, m);
	CHECK_RETURNS_ERROR(0, pthread_mutex_consistent(m));
	in_child(finds_locked, m);
	CHECK_RETURNS_ERROR(0, pthread_mutex_unlock(m));

	in_child(finds_free, m);
	lose_owner(m);
	CHECK_RETURNS_ERROR(EOWNERDEAD, pthread_mutex_lock(m)); /* it is robust as before too */
}

static void
finds_unrecoverable(void *mutex)
{
	CHECK_RETURNS_ERROR(ENOTRECOVERABLE, pthread_mutex_lock(mutex));
	CHECK_RETURNS_ERROR(ENOTRECOVERABLE, pthread_mutex_timedlock(mutex, &past));
	CHECK_RETURNS_ERROR(ENOTRECOVERABLE, pthread_mutex_lock(mutex));
}

CASE(unlock_without_consistent, SHALL,
    "After an unlock without pthread_mutex_consistent() every lock fails with ENOTRECOVERABLE, until the mutex is "
    "destroyed and initialized again",
    ALSO("robust_mutex.notrecoverable-destroy-only"), "POSIX.1-2017 pthread_mutexattr_getrobust() DESCRIPTION",
    "POSIX.1-2024 pthread_mutex_lock() DESCRIPTION", "Linux pthread_mutexattr_setrobust(3)",
    "FreeBSD 11 pthread_mutex_lock(3)", "FreeBSD 11 pthread_mutex_consistent(3)", "illumos pthread_mutex_lock(3C)",
    NEEDS_ROBUST_MUTEXES)
{
	pthread_mutex_t *m = new_mutex(ROBUST);
	lose_owner(m);

	if (!CHECK_RETURNS_ERROR(EOWNERDEAD, pthread_mutex_lock(m)))
		return;
	CHECK_RETURNS_ERROR(0, pthread_mutex_unlock(m));
	in_child(finds_unrecoverable, m);
	in_child(finds_unrecoverable, m);

	CHECK_RETURNS_ERROR(0, pthread_mutex_destroy(m));
	REQUIRE_SUCCEEDS(pthread_mutex_init(m, NULL));
	CHECK_RETURNS_ERROR(0, pthread_mutex_lock(m));
}

static void
tries_unrecoverable(void *mutex)
{
	CHECK_RETURNS_ERROR(ENOTRECOVERABLE, pthread_mutex_trylock(mutex));
}

CASE(unlock_without_consistent__trylock, SHALL,
    "Each pthread_mutex_trylock() of a mutex that cannot be recovered returns ENOTRECOVERABLE, in every process",
    "POSIX.1-2017 pthread_mutexattr_getrobust() DESCRIPTION", "POSIX.1-2017 pthread_mutex_lock() ERRORS",
    "POSIX.1-2024 pthread_mutex_lock() ERRORS", "FreeBSD 11 pthread_mutex_consistent(3)",
    "illumos pthread_mutex_lock(3C)", NEEDS_ROBUST_MUTEXES)
{
	pthread_mutex_t *m = new_mutex(ROBUST);
	lose_owner(m);
	if (!CHECK_RETURNS_ERROR(EOWNERDEAD, pthread_mutex_lock(m)))
		return;
	REQUIRE_SUCCEEDS(pthread_mutex_unlock(m));

	CHECK_RETURNS_ERROR(ENOTRECOVERABLE, pthread_mutex_trylock(m));
	known_defect(
	    GLIBC, "", "the first call leaves the mutex locked, so that the next returns EBUSY", "docs/findings.md");
	CHECK_RETURNS_ERROR(ENOTRECOVERABLE, pthread_mutex_trylock(m));
	in_child(tries_unrecoverable, m);
	CHECK_RETURNS_ERROR(ENOTRECOVERABLE, pthread_mutex_timedlock(m, &past));
}

static void
inherits(void *mutex)
{
	CHECK_RETURNS_ERROR(EOWNERDEAD, pthread_mutex_lock(mutex));
}

CASE(heir_dies_too, SHALL,
    "When the process that got EOWNERDEAD dies before pthread_mutex_consistent(), the next gets EOWNERDEAD again",
    "POSIX.1-2017 pthread_mutex_consistent() DESCRIPTION", "Linux pthread_mutexattr_setrobust(3)",
    "illumos pthread_mutex_lock(3C)", "illumos pthread_mutexattr_getrobust(3C)", "illumos pthread_mutex_consistent(3C)",
    NEEDS_ROBUST_MUTEXES)
{
	pthread_mutex_t *m = new_mutex(ROBUST);
	lose_owner(m);

	in_child(inherits, m);
	in_child(inherits, m);

	CHECK_RETURNS_ERROR(EOWNERDEAD, pthread_mutex_lock(m));
	CHECK_RETURNS_ERROR(0, pthread_mutex_consistent(m));
	CHECK_RETURNS_ERROR(0, pthread_mutex_unlock(m));
	in_child(finds_free, m);
}

static void
waits_for_owner(void *mutex)
{
	pause_for_parent();
	CHECK_RETURNS_ERROR(EOWNERDEAD, pthread_mutex_lock(mutex));
}

CASE(blocked_waiter_gets_eownerdead, SHALL,
    "A process that waits for the mutex, or begins to, gets it with EOWNERDEAD when the owner is killed",
    "POSIX.1-2017 pthread_mutexattr_getrobust() DESCRIPTION", "Linux pthread_mutexattr_setrobust(3)",
    "Linux get_robust_list(2)", NEEDS_ROBUST_MUTEXES)
{
	pthread_mutex_t *m = new_mutex(ROBUST);
	struct child owner = child_start(locks, m);
	struct child waiter = child_start(waits_for_owner, m);
	child_reaches_end(&owner);
	child_reaches_pause(&waiter);

	child_goes_on(&waiter);
	for (int i = 0; i < 100; i++)
		sched_yield(); /* most often it waits by now */
	child_kill(&owner);

	child_exits(&waiter);
}

CASE(consistent_einval, SHALL,
    "pthread_mutex_consistent() of a mutex that is not robust, or whose owner has not died, fails with EINVAL",
    "POSIX.1-2017 pthread_mutex_consistent() ERRORS", "Linux pthread_mutex_consistent(3)",
    "FreeBSD 11 pthread_mutex_consistent(3)", "illumos pthread_mutex_consistent(3C)", NEEDS_ROBUST_MUTEXES)
{
	pthread_mutex_t *stalled = new_mutex(STALLED);
	pthread_mutex_t *robust = new_mutex(ROBUST);
	REQUIRE_SUCCEEDS(pthread_mutex_lock(stalled));
	REQUIRE_SUCCEEDS(pthread_mutex_lock(robust));

	CHECK_RETURNS_ERROR(EINVAL, pthread_mutex_consistent(stalled));
	CHECK_RETURNS_ERROR(EINVAL, pthread_mutex_consistent(robust));

	pthread_mutex_t *repaired = new_mutex(ROBUST);
	lose_owner(repaired);
	if (!CHECK_RETURNS_ERROR(EOWNERDEAD, pthread_mutex_lock(repaired)))
		return;
	CHECK_RETURNS_ERROR(0, pthread_mutex_consistent(repaired));
	CHECK_RETURNS_ERROR(EINVAL, pthread_mutex_consistent(repaired));
}

static void
may_not_unlock(void *mutex)
{
	CHECK_RETURNS_ERROR(EPERM, pthread_mutex_unlock(mutex));
	CHECK_RETURNS_ERROR(EBUSY, pthread_mutex_trylock(mutex));
}

CASE(unlock_by_other_eperm, SHALL,
    "A process that unlocks a robust mutex which another holds gets EPERM, and the mutex stays locked",
    "POSIX.1-2017 pthread_mutex_lock() ERRORS", "POSIX.1-2024 pthread_mutex_lock() ERRORS",
    "illumos pthread_mutex_lock(3C)", NEEDS_ROBUST_MUTEXES)
{
	pthread_mutex_t *m = new_mutex(ROBUST);
	REQUIRE_SUCCEEDS(pthread_mutex_lock(m));

	in_child(may_not_unlock, m);

	CHECK_RETURNS_ERROR(0, pthread_mutex_unlock(m));
	in_child(finds_free, m);
}
