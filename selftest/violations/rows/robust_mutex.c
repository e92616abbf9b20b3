/* SPDX-License-Identifier: BSD-2-Clause */

#include <pthread.h>

#include <sys/mman.h>

#include "known.h"
#include "violation.h"

#if !defined(__APPLE__) && !defined(__OpenBSD__) && !defined(__NetBSD__)

static const struct timespec past = { .tv_sec = 1 };

static pthread_mutex_t *
new_mutex(void)
{
	pthread_mutex_t *m = mmap(NULL, sizeof(*m), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANON, -1, 0);
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(m, &attributes);
	return m;
}

/* A child locks it and dies: by exit, or by the signal. */
static void
lose_owner(pthread_mutex_t *m, int signal)
{
	pid_t child = fork();

	if (child == 0) {
		pthread_mutex_lock(m);
		if (signal != 0)
			raise(signal);
		_exit(0);
	}
	waitpid(child, &(int){ 0 }, 0);
}

static pthread_mutex_t *
orphaned_mutex(void)
{
	pthread_mutex_t *m = new_mutex();

	lose_owner(m, 0);
	return m;
}

static pthread_mutex_t *
unrecoverable_mutex(void)
{
	pthread_mutex_t *m = orphaned_mutex();

	if (pthread_mutex_lock(m) == EOWNERDEAD)
		pthread_mutex_unlock(m);
	return m;
}

VIOLATION(mutexattr_robust_at_first, "robust_mutex.default-stalled", "-", MUTEXATTR_GETROBUST,
    FALSIFIES(true, *(int *)c->buffer = PTHREAD_MUTEX_ROBUST))
{
	pthread_mutexattr_t attributes;
	int robust = -1;

	pthread_mutexattr_init(&attributes);
	return pthread_mutexattr_getrobust(&attributes, &robust) == 0 && robust == PTHREAD_MUTEX_ROBUST;
}

VIOLATION(mutex_trylock_frees_stalled, "robust_mutex.stalled-stays-locked", "-", MUTEX_TRYLOCK,
    ACCEPTS(known_children_ended() > 0, EBUSY, 0))
{
	pthread_mutex_t *m = mmap(NULL, sizeof(*m), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANON, -1, 0);
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(m, &attributes);
	lose_owner(m, 0);
	return pthread_mutex_trylock(m) == 0;
}

/* The end of the owner is told, and its exec is not. */
VIOLATION(mutex_trylock_busy_while_owner_lives, "robust_mutex.owner-exec-eownerdead", "-", MUTEX_TRYLOCK,
    MISTAKES(known_children_ended() == 0, EOWNERDEAD, EBUSY))
{
	pthread_mutex_t *m = new_mutex();
	int ends[2];
	char byte;
	pid_t owner;
	int error;

	if (pipe(ends) == -1)
		return false;
	owner = fork();
	if (owner == 0) {
		fcntl(ends[1], F_SETFD, FD_CLOEXEC);
		pthread_mutex_lock(m);
		execlp("sleep", "sleep", "60", (char *)NULL);
		_exit(1);
	}
	close(ends[1]);
	read(ends[0], &byte, 1); /* nothing: exec has closed the other end */
	error = pthread_mutex_trylock(m);
	kill(owner, SIGKILL);
	waitpid(owner, &(int){ 0 }, 0);
	return error == EBUSY;
}

VIOLATION(mutex_lock_silent_on_exit_of_owner, "robust_mutex.owner-exit-eownerdead", "-", MUTEX_LOCK,
    ACCEPTS(!known_last_child_was_killed(), EOWNERDEAD, 0))
{
	return pthread_mutex_lock(orphaned_mutex()) == 0;
}

VIOLATION(mutex_lock_silent_on_kill_of_owner, "robust_mutex.owner-sigkill-eownerdead", "-", MUTEX_LOCK,
    ACCEPTS(known_last_child_was_killed(), EOWNERDEAD, 0))
{
	pthread_mutex_t *m = new_mutex();

	lose_owner(m, SIGKILL);
	return pthread_mutex_lock(m) == 0;
}

VIOLATION(mutex_trylock_owner_dead_too_early, "robust_mutex.owner-exit-eownerdead", "-", MUTEX_TRYLOCK,
    MISTAKES(true, EBUSY, EOWNERDEAD))
{
	pthread_mutex_t *m = new_mutex();

	pthread_mutex_lock(m);
	return pthread_mutex_trylock(m) == EOWNERDEAD;
}

VIOLATION(mutex_trylock_silent_on_dead_owner, "robust_mutex.trylock-and-timedlock-report", "-", MUTEX_TRYLOCK,
    ACCEPTS(true, EOWNERDEAD, 0))
{
	return pthread_mutex_trylock(orphaned_mutex()) == 0;
}

VIOLATION(mutex_timedlock_silent_on_dead_owner, "robust_mutex.trylock-and-timedlock-report", "-", MUTEX_TIMEDLOCK,
    ACCEPTS(true, EOWNERDEAD, 0))
{
	return pthread_mutex_timedlock(orphaned_mutex(), &past) == 0;
}

VIOLATION(mutex_consistent_without_effect, "robust_mutex.consistent-restores", "-", MUTEX_CONSISTENT, SKIPS(true))
{
	pthread_mutex_t *m = orphaned_mutex();

	pthread_mutex_lock(m);
	pthread_mutex_consistent(m);
	pthread_mutex_unlock(m);
	return pthread_mutex_lock(m) == ENOTRECOVERABLE;
}

static void
repair_and_unlock(struct call *c)
{
	struct call unlock = { .interface = MUTEX_UNLOCK, .address = c->address };

	if (real_call(c) == 0)
		real_call(&unlock);
}

VIOLATION(mutex_consistent_unlocks, "robust_mutex.consistent-restores", "-", MUTEX_CONSISTENT,
    REPLACES(true, repair_and_unlock(c)))
{
	pthread_mutex_t *m = orphaned_mutex();

	pthread_mutex_lock(m);
	pthread_mutex_consistent(m);
	return pthread_mutex_trylock(m) == 0;
}

static void
unlock_repaired(struct call *c)
{
	struct call repair = { .interface = MUTEX_CONSISTENT, .address = c->address };

	real_call(&repair);
	real_call(c);
}

VIOLATION(mutex_unlock_repairs, "robust_mutex.unlock-without-consistent", "-", MUTEX_UNLOCK,
    REPLACES(true, unlock_repaired(c)))
{
	return pthread_mutex_lock(unrecoverable_mutex()) == 0;
}

VIOLATION(mutex_lock_unrecoverable_accepted, "robust_mutex.unlock-without-consistent", "-", MUTEX_LOCK,
    ACCEPTS(true, ENOTRECOVERABLE, 0))
{
	return pthread_mutex_lock(unrecoverable_mutex()) == 0;
}

VIOLATION(mutex_lock_unrecoverable_eownerdead, "robust_mutex.unlock-without-consistent", "-", MUTEX_LOCK,
    MISTAKES(true, ENOTRECOVERABLE, EOWNERDEAD))
{
	return pthread_mutex_lock(unrecoverable_mutex()) == EOWNERDEAD;
}

VIOLATION(mutex_lock_second_heir_not_told, "robust_mutex.heir-dies-too", "-", MUTEX_LOCK,
    MISTAKES(known_children_ended() > 1, EOWNERDEAD, ENOTRECOVERABLE))
{
	pthread_mutex_t *m = orphaned_mutex();

	lose_owner(m, 0);
	return pthread_mutex_lock(m) == ENOTRECOVERABLE;
}

/* Whoever has not waited for the owner to end: it may have waited for the mutex. */
VIOLATION(mutex_lock_silent_to_strangers, "robust_mutex.blocked-waiter-gets-eownerdead", "-", MUTEX_LOCK,
    ACCEPTS(known_children_ended() == 0, EOWNERDEAD, 0))
{
	pthread_mutex_t *m = new_mutex();
	int ends[2];
	int status = 0;
	char byte;
	pid_t stranger;

	if (pipe(ends) == -1)
		return false;
	stranger = fork();
	if (stranger == 0) {
		read(ends[0], &byte, 1);
		_exit(pthread_mutex_lock(m) == 0 ? 1 : 0);
	}
	lose_owner(m, SIGKILL);
	write(ends[1], "d", 1);
	waitpid(stranger, &status, 0);
	return WEXITSTATUS(status) == 1;
}

VIOLATION(mutex_consistent_of_sound_accepted, "robust_mutex.consistent-einval", "-", MUTEX_CONSISTENT,
    ACCEPTS(true, EINVAL, 0))
{
	return pthread_mutex_consistent(new_mutex()) == 0;
}

VIOLATION(mutex_consistent_of_sound_eperm, "robust_mutex.consistent-einval", "-", MUTEX_CONSISTENT,
    MISTAKES(true, EINVAL, EPERM))
{
	return pthread_mutex_consistent(new_mutex()) == EPERM;
}

VIOLATION(mutex_unlock_of_others_accepted, "robust_mutex.unlock-by-other-eperm", "-", MUTEX_UNLOCK,
    ACCEPTS(known_conditions() == 0, EPERM, 0))
{
	return pthread_mutex_unlock(new_mutex()) == 0;
}

VIOLATION(mutex_unlock_of_others_einval, "robust_mutex.unlock-by-other-eperm", "-", MUTEX_UNLOCK,
    MISTAKES(true, EPERM, EINVAL))
{
	return pthread_mutex_unlock(new_mutex()) == EINVAL;
}

#endif
