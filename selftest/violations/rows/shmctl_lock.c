/* SPDX-License-Identifier: BSD-2-Clause */

/* SHM_LOCK and SHM_UNLOCK of Linux. */

#include <sys/resource.h>

#include "segments.h"

static bool
is_lock(const struct call *c)
{
	return SHM_LOCKED != 0 && c->command == SHM_LOCK;
}

static bool
is_unlock(const struct call *c)
{
	return SHM_LOCKED != 0 && c->command == SHM_UNLOCK;
}

static bool
is_locked(int id)
{
	return SHM_LOCKED != 0 && segment_stat(id).shm_perm.mode & SHM_LOCKED;
}

static int
locked_segment(void)
{
	int id = segment_create(1);

	return shmctl(id, SHM_LOCK, NULL) == 0 ? id : -1;
}

VIOLATION(shm_lock_locks_nothing, "shmctl.lock-unlock-bit", "-", SHMCTL, SKIPS(is_lock(c) && geteuid() == 0))
{
	int id = locked_segment();

	return geteuid() == 0 && id != -1 && !is_locked(id);
}

VIOLATION(shm_unlock_unlocks_nothing, "shmctl.lock-unlock-bit", "-", SHMCTL, SKIPS(is_unlock(c)))
{
	int id = locked_segment();

	return id != -1 && shmctl(id, SHM_UNLOCK, NULL) == 0 && is_locked(id);
}

VIOLATION(shm_locked_not_shown, "shmctl.lock-unlock-bit", "-", SHMCTL,
    FALSIFIES(is_stat(c) && told_by(c)->shm_perm.mode & SHM_LOCKED, told_by(c)->shm_perm.mode &= ~(mode_t)SHM_LOCKED))
{
	int id = locked_segment();

	return id != -1 && SHM_LOCKED != 0 && !is_locked(id);
}

/* The number of locks of this segment that have not been undone before. */
static bool
is_locked_more_than_once(const struct call *c)
{
	static int locks;

	if (is_lock(c))
		locks++;
	return is_unlock(c) && locks-- > 1;
}

VIOLATION(shm_lock_counts, "shmctl.lock-unlock-bit", "-", SHMCTL, SKIPS(is_locked_more_than_once(c)))
{
	int id = locked_segment();

	shmctl(id, SHM_LOCK, NULL);
	return id != -1 && shmctl(id, SHM_UNLOCK, NULL) == 0 && is_locked(id);
}

static void
clear_first_page(const struct call *c)
{
	memset(attachment_of(c->id, 0)->start, 0, page_size());
}

VIOLATION(shm_lock_clears_first_page, "shmctl.lock-unlock-bit", "-", SHMCTL,
    FALSIFIES(is_lock(c) && attachment_of(c->id, 0) != NULL, clear_first_page(c)))
{
	int id = segment_create(1);
	char *p = segment_attach(id, NULL, 0);

	*p = 'p';
	shmctl(id, SHM_LOCK, NULL);
	return *p == 0;
}

VIOLATION(shm_unlock_clears_first_page, "shmctl.lock-unlock-bit", "-", SHMCTL,
    FALSIFIES(is_unlock(c) && attachment_of(c->id, 0) != NULL, clear_first_page(c)))
{
	int id = segment_create(1);
	char *p = segment_attach(id, NULL, 0);

	*p = 'p';
	shmctl(id, SHM_UNLOCK, NULL);
	return *p == 0;
}

/* The error of a lock of four pages by an owner without privileges who may lock so much. */
static int
error_of_lock_within(rlim_t limit)
{
	int status;
	pid_t child = fork_creator();

	if (child == 0) {
		const struct rlimit wanted = { limit, limit };
		user_become(plain_user());
		if (setrlimit(RLIMIT_MEMLOCK, &wanted) == -1)
			_exit(-1);
		_exit(error_of_control(segment_create(4 * page_size()), SHM_LOCK));
	}
	return waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool
may_lock_nothing(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur == 0;
}

VIOLATION(shm_lock_by_plain_user_refused, "shmctl.lock-unlock-bit", "-", SHMCTL,
    REFUSES(is_lock(c) && geteuid() != 0 && size_for(c) == page_size(), EPERM))
{
	int status;
	pid_t child = fork_creator();

	if (child == 0) {
		user_become(plain_user());
		_exit(error_of_control(segment_create(page_size()), SHM_LOCK) == EPERM ? 0 : 1);
	}
	return waitpid(child, &status, 0) == child && status == 0;
}

VIOLATION(shm_lock_without_limit_accepted, "shmctl.lock-rlimit-zero-eperm", "-", SHMCTL,
    ACCEPTS(is_lock(c) && may_lock_nothing(), EPERM, 0))
{
	return error_of_lock_within(0) == 0;
}

VIOLATION(shm_lock_without_limit_enomem, "shmctl.lock-rlimit-zero-eperm", "-", SHMCTL,
    MISTAKES(is_lock(c) && may_lock_nothing(), EPERM, ENOMEM))
{
	return error_of_lock_within(0) == ENOMEM;
}

VIOLATION(shm_lock_over_limit_accepted, "shmctl.lock-rlimit-enomem", "-", SHMCTL, ACCEPTS(is_lock(c), ENOMEM, 0))
{
	return error_of_lock_within(page_size()) == 0;
}

VIOLATION(shm_lock_over_limit_eperm, "shmctl.lock-rlimit-enomem", "-", SHMCTL, MISTAKES(is_lock(c), ENOMEM, EPERM))
{
	return error_of_lock_within(page_size()) == EPERM;
}

VIOLATION(shm_lock_by_others_accepted, "shmctl.lock-not-owner-eperm", "-", SHMCTL,
    ACCEPTS(is_lock(c) && class_for(c->id) == OTHER_CLASS, EPERM, 0))
{
	return control_error(OTHER, 0666, SHM_LOCK) == 0;
}

VIOLATION(shm_unlock_by_group_accepted, "shmctl.lock-not-owner-eperm", "-", SHMCTL,
    ACCEPTS(is_unlock(c) && class_for(c->id) == GROUP_CLASS, EPERM, 0))
{
	return control_error(GROUP_MEMBER, 0666, SHM_UNLOCK) == 0;
}

VIOLATION(shm_unlock_by_others_eacces, "shmctl.lock-not-owner-eperm", "-", SHMCTL,
    MISTAKES(is_unlock(c) && class_for(c->id) == OTHER_CLASS, EPERM, EACCES))
{
	return control_error(OTHER, 0666, SHM_UNLOCK) == EACCES;
}
