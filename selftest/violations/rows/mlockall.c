/* SPDX-License-Identifier: BSD-2-Clause */

/* What mlockall() locks and munlockall() unlocks, and what children have of locks. */

#include <stdlib.h>

#include <sys/mman.h>

#include "child.h"
#include "effects.h"
#include "range.h"
#include "real.h"
#include "violation.h"

/* Whether a page was locked, which is unlocked then. */
static bool
was_locked(void *page)
{
	long before = locked_bytes();

	munmap(page, page_size());
	return locked_bytes() == before - (long)page_size();
}

VIOLATION(mlockall_current_ignored, "mlockall.current", "-", MLOCKALL, SKIPS(c->flags == MCL_CURRENT))
{
	return mlockall(MCL_CURRENT) == 0 && locked_bytes() == 0;
}

static void
unlock_shared(void)
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (is_shared(&ranges[i]))
			real_munlock(ranges[i].start, ranges[i].length);
}

static bool
shared_page_stays_unlocked(void)
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	return mlockall(MCL_CURRENT) == 0 && !was_locked(p);
}

VIOLATION(mlockall_spares_shared_memory, "mlockall.current", "-", MLOCKALL,
    FALSIFIES(c->flags == MCL_CURRENT, unlock_shared()))
{
	return holds_in_child(shared_page_stays_unlocked);
}

static bool
new_page_is_not_locked(void)
{
	return mlockall(MCL_FUTURE) == 0 && !was_locked(map_anonymous(page_size(), MAP_SHARED));
}

VIOLATION(mlockall_future_ignored, "mlockall.future", "-", MLOCKALL, SKIPS(c->flags == MCL_FUTURE))
{
	return holds_in_child(new_page_is_not_locked);
}

static bool
old_page_is_locked(void)
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	return mlockall(MCL_FUTURE) == 0 && was_locked(p);
}

VIOLATION(mlockall_future_locks_current, "mlockall.future", "-", MLOCKALL,
    CHANGES(c->flags == MCL_FUTURE, c->flags |= MCL_CURRENT))
{
	return holds_in_child(old_page_is_locked);
}

static bool
current_is_locked(void)
{
	return mlockall(MCL_FUTURE) == 0 && locked_bytes() > 0;
}

VIOLATION(mlockall_future_is_current, "mlockall.future", "-", MLOCKALL,
    CHANGES(c->flags == MCL_FUTURE, c->flags = MCL_CURRENT))
{
	return holds_in_child(current_is_locked) && holds_in_child(new_page_is_not_locked);
}

static bool
page_stays_locked(void)
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	return mlock(p, page_size()) == 0 && munlockall() == 0 && was_locked(p);
}

VIOLATION(munlockall_ignored, "mlockall.munlockall-clears", "-", MUNLOCKALL, SKIPS(true))
{
	return holds_in_child(page_stays_locked);
}

/* Make a call like mlockall() past every violation. */
static void
lock_all(int flags)
{
	real_call(&(struct call){ .interface = MLOCKALL, .flags = flags });
}

static bool
new_page_is_locked_still(void)
{
	return mlockall(MCL_FUTURE) == 0 && munlockall() == 0 && was_locked(map_anonymous(page_size(), MAP_SHARED));
}

VIOLATION(munlockall_goes_on_with_future, "mlockall.munlockall-clears", "-", MUNLOCKALL,
    FALSIFIES(true, lock_all(MCL_FUTURE)))
{
	return holds_in_child(new_page_is_locked_still);
}

static void
lock_again(void)
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].locks > 0)
			real_mlock(ranges[i].start, ranges[i].length);
}

VIOLATION(munlockall_keeps_locks_of_mlock, "mlockall.munlockall-clears", "-", MUNLOCKALL, FALSIFIES(true, lock_again()))
{
	return holds_in_child(page_stays_locked);
}

static bool
has_locks(void)
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].locks > 0)
			return true;
	return false;
}

static bool
has_locked_memory(void)
{
	return locked_bytes() > 0;
}

VIOLATION(
    fork_child_has_locks, "mlock.fork-not-inherited", "-", FORK, FALSIFIES(c->result == 0 && has_locks(), lock_again()))
{
	mlock(map_anonymous(page_size(), MAP_SHARED), page_size());
	return holds_in_child(has_locked_memory);
}

static void
show_file_again(void)
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].locks > 0 && is_private_file(&ranges[i]))
			put_file(ranges[i].start, ranges[i].length, PROT_READ | PROT_WRITE, MAP_PRIVATE, ranges[i].fd,
			    ranges[i].offset);
}

VIOLATION(fork_child_lacks_locked_copies, "mlock.fork-not-inherited", "B091", FORK,
    FALSIFIES(c->result == 0 && has_locks(), show_file_again()))
{
	char *p = map_private(nameless_file(page_size()), page_size());
	int status = 0;
	pid_t child;

	*p = 'p';
	mlock(p, page_size());
	child = fork();
	if (child == 0)
		_exit(*p == 0);
	waitpid(child, &status, 0);
	return WEXITSTATUS(status) == 1;
}

static bool
is_true(void)
{
	return true;
}

VIOLATION(fork_unlocks_memory_of_parent, "mlock.fork-not-inherited", "-", FORK,
    FALSIFIES(c->result > 0 && has_locks(), unlock_shared()))
{
	mlock(map_anonymous(page_size(), MAP_SHARED), page_size());
	return holds_in_child(is_true) && locked_bytes() == 0;
}

static bool
child_locks_new_page(void)
{
	return was_locked(map_anonymous(page_size(), MAP_SHARED));
}

static bool
childs_child_locks_new_page(void)
{
	return mlockall(MCL_FUTURE) == 0 && holds_in_child(child_locks_new_page);
}

VIOLATION(fork_child_has_mcl_future, "mlockall.fork-not-inherited", "-", FORK,
    FALSIFIES(c->result == 0 && known_future_is_locked(), lock_all(MCL_FUTURE)))
{
	return holds_in_child(childs_child_locks_new_page);
}

/*
 * The memory of a process is gone with exec, locks and all. The next image has as much locked if it finds in its environment
 * that there were locks.
 */
static char had_locks[] = "SHMCHECK_HAD_LOCKS=";
static char had_future[] = "SHMCHECK_HAD_FUTURE=";
enum { ENVIRONMENT_MAX = 512 };

extern char **environ; /* NOLINT(readability-redundant-declaration): glibc has it, POSIX has not */

static void
mark_environment(char *mark)
{
	static char *marked[ENVIRONMENT_MAX];
	size_t i = 0;

	for (; i < ENVIRONMENT_MAX - 2 && environ[i] != NULL; i++)
		marked[i] = environ[i];
	marked[i] = mark;
	environ = marked;
}

__attribute__((constructor)) static void
lock_as_before_exec(void)
{
	if (getenv("SHMCHECK_HAD_LOCKS") != NULL)
		real_mlock(had_locks, sizeof(had_locks));
	if (getenv("SHMCHECK_HAD_FUTURE") != NULL) {
		lock_all(MCL_FUTURE);
		real_mmap(NULL, page_size(), PROT_READ, MAP_PRIVATE | MAP_ANON, -1, 0); /* for the direct check */
	}
	unsetenv("SHMCHECK_HAD_LOCKS");
	unsetenv("SHMCHECK_HAD_FUTURE");
}

/* Whether a program has anything locked that a child executes after this. */
static bool
has_locks_after_exec(void (*lock)(void))
{
	char *const look[] = { "grep", "-q", "VmLck:.*[1-9]", "/proc/self/status", NULL };
	int status = 1;
	pid_t child = fork();

	if (child == 0) {
		lock();
		execv("/bin/grep", look);
		_exit(2);
	}
	waitpid(child, &status, 0);
	return status == 0;
}

static void
lock_page(void)
{
	mlock(map_anonymous(page_size(), MAP_SHARED), page_size());
}

VIOLATION(exec_keeps_locks, "mlock.exec-unlocks", "-", EXECV, CHANGES(has_locks(), mark_environment(had_locks)))
{
	return has_locks_after_exec(lock_page);
}

static void
lock_future(void)
{
	mlockall(MCL_FUTURE);
}

VIOLATION(exec_keeps_future, "mlockall.exec-clears", "-", EXECV,
    CHANGES(known_future_is_locked(), mark_environment(had_future)))
{
	return has_locks_after_exec(lock_future);
}

static bool
new_page_is_locked_with_both_ended(void)
{
	return mlockall(MCL_FUTURE) == 0 && mlockall(MCL_CURRENT) == 0 &&
	    was_locked(map_anonymous(page_size(), MAP_SHARED));
}

VIOLATION(mlockall_current_goes_on_with_future, "mlockall.future-ends-without-flag", "-", MLOCKALL,
    CHANGES(c->flags == MCL_CURRENT && known_future_is_locked(), c->flags |= MCL_FUTURE))
{
	return holds_in_child(new_page_is_locked_with_both_ended);
}

static bool
asks_on_fault(const struct call *c)
{
	return (c->flags & MCL_ONFAULT) != 0 && c->flags != MCL_ONFAULT;
}

static bool
new_page_is_here(void)
{
	return mlockall(MCL_FUTURE | MCL_ONFAULT) == 0 && is_resident(map_anonymous(page_size(), MAP_SHARED));
}

VIOLATION(mlockall_onfault_brings_all, "mlockall.onfault-absent-until-touched", "-", MLOCKALL,
    CHANGES(asks_on_fault(c), c->flags &= ~MCL_ONFAULT))
{
	return holds_in_child(new_page_is_here);
}

static bool
new_page_is_not_locked_on_fault(void)
{
	return mlockall(MCL_FUTURE | MCL_ONFAULT) == 0 && !was_locked(map_anonymous(page_size(), MAP_SHARED));
}

VIOLATION(mlockall_onfault_ignored, "mlockall.onfault-absent-until-touched", "-", MLOCKALL, SKIPS(asks_on_fault(c)))
{
	return holds_in_child(new_page_is_not_locked_on_fault);
}
