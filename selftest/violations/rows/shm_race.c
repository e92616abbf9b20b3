/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What calls of several processes at the same time leave. Nothing here depends on who is first, as an outcome that comes but
 * now and then could not be counted on.
 */

#include "segments.h"
#include "shmget.h"

static bool
is_removal(const struct call *c)
{
	return c->command == IPC_RMID && !is_first_process();
}

static bool
is_removal_by_maker(const struct call *c)
{
	return is_removal(c) && known_segment(c->id) != NULL && known_segment(c->id)->creator == getpid() &&
	    known_segment(c->id)->was_attached && known_attachments(c->id) == 0;
}

/* Whether a child sees it, with the key of a segment that the parent may have made. */
static bool
child_sees(bool (*it)(key_t key), key_t key)
{
	int status;
	pid_t child = fork_creator();

	if (child == 0)
		_exit(it(key) ? 0 : 1);
	return waitpid(child, &status, 0) == child && status == 0;
}

static bool
remains_when_removed(key_t key)
{
	int id = segment_create_with_key(key, 1, 0600);

	segment_detach(segment_attach(id, NULL, 0));
	return shmctl(id, IPC_RMID, NULL) == 0 && shmget(key, 0, 0) == id;
}

VIOLATION(shmctl_rmid_by_child_that_made_it_removes_nothing, "shm_race.attach-against-remove", "-", SHMCTL,
    SKIPS(is_removal_by_maker(c)))
{
	return child_sees(remains_when_removed, segment_key());
}

static bool
is_replaced_when_removed(key_t key)
{
	int id = segment_create_with_key(key, 1, 0600);

	segment_detach(segment_attach(id, NULL, 0));
	return shmctl(id, IPC_RMID, NULL) == 0 && shmget(key, 0, 0) != -1 && shmget(key, 0, 0) != id;
}

VIOLATION(shmctl_rmid_by_child_leaves_key, "shm_race.lookup-against-remove", "-", SHMCTL,
    FALSIFIES(is_removal_by_maker(c), real_shmget(known_segment(c->id)->key, 1, IPC_CREAT | 0600)))
{
	return child_sees(is_replaced_when_removed, segment_key());
}

static bool
remains_when_grandchilds(key_t key)
{
	pid_t child = fork_creator();

	if (child == 0) {
		segment_create_with_key(key, 1, 0600);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	int id = shmget(key, 0, 0);
	return shmctl(id, IPC_RMID, NULL) == 0 && shmget(key, 0, 0) == id;
}

VIOLATION(shmctl_rmid_of_brothers_removes_nothing, "shm_race.detach-against-remove", "-", SHMCTL,
    SKIPS(is_removal(c) && known_segment(c->id) == NULL))
{
	return child_sees(remains_when_grandchilds, segment_key());
}

static bool
cannot_remove(key_t key)
{
	return shmctl(shmget(key, 0, 0), IPC_RMID, NULL) == -1;
}

/* Each of those who remove it takes the other for the winner. */
VIOLATION(shmctl_rmid_of_parents_einval, "shm_race.two-removers", "-", SHMCTL,
    REFUSES(is_removal(c) && known_segment(c->id) != NULL && known_segment(c->id)->creator != getpid() &&
	    !known_segment(c->id)->was_removed,
	EINVAL))
{
	key_t key = segment_key();

	segment_create_with_key(key, 1, 0600);
	return child_sees(cannot_remove, key);
}

static bool
makes_two(key_t key)
{
	int first = segment_own(shmget(key, 1, IPC_CREAT | 0600));
	int second = segment_own(shmget(key, 1, IPC_CREAT | 0600));

	return first != second;
}

VIOLATION(shmget_creat_in_child_makes_one_each, "shm_race.create-without-excl", "-", SHMGET,
    CHANGES(is_creation(c) && !is_first_process(), c->key = IPC_PRIVATE))
{
	return child_sees(makes_two, segment_key());
}

static bool
is_forgetful(const struct call *c)
{
	return known_segment(c->id) != NULL && known_segment(c->id)->size > page_size() &&
	    known_was_detached((void *)c->result) && known_attachments(c->id) == 0;
}

VIOLATION(shmat_again_gives_zeros, "shm_race.attach-against-detach", "-", SHMAT,
    FALSIFIES(is_forgetful(c), memset((void *)c->result, 0, c->flags &SHM_RDONLY ? 0 : 1)))
{
	int id = segment_create(3 * page_size());
	char *p = segment_attach(id, NULL, 0);

	*p = 'x';
	segment_detach(p);
	return *(char *)segment_attach(id, p, 0) == 0;
}

/* A child looks, which has one attachment, as its parent and its brothers have. */
static bool
is_of_child_among_others(const struct call *c)
{
	return is_stat(c) && !is_first_process() && known_attachments(c->id) == 1 && told_by(c)->shm_nattch >= 4;
}

/* The status that a child sees whose two brothers have the segment too, passed to the function. */
static bool
is_so_for_child_among_others(bool (*function)(const struct shmid_ds *))
{
	int id = segment_create(1);
	pid_t child[3];
	int status = 0;

	segment_attach(id, NULL, 0);
	for (int i = 0; i < 3; i++) {
		child[i] = fork();
		if (child[i] == 0) {
			struct shmid_ds now;

			if (i < 2)
				pause();
			now = segment_stat(id);
			_exit(function(&now) ? 1 : 0);
		}
	}
	waitpid(child[2], &status, 0);
	for (int i = 0; i < 2; i++) {
		kill(child[i], SIGKILL);
		waitpid(child[i], NULL, 0);
	}
	return WEXITSTATUS(status) == 1;
}

/* A member that IPC_STAT tells wrong as long as others have the segment too. */
#define WRONG_AMONG_OTHERS(name, member, value) \
	static bool name##_is_wrong(const struct shmid_ds *status) \
	{ \
		return status->member == (value); \
	} \
	VIOLATION(name, "shm_race.stat-against-detach", "-", SHMCTL, \
	    FALSIFIES(is_of_child_among_others(c), told_by(c)->member = (value))) \
	{ \
		return is_so_for_child_among_others(name##_is_wrong); \
	}

WRONG_AMONG_OTHERS(shmctl_stat_counts_caller_alone, shm_nattch, 1)
WRONG_AMONG_OTHERS(shmctl_stat_among_others_without_size, shm_segsz, 0)
WRONG_AMONG_OTHERS(shmctl_stat_among_others_without_creator, shm_cpid, 0)
WRONG_AMONG_OTHERS(shmctl_stat_among_others_without_last_process, shm_lpid, 0)
WRONG_AMONG_OTHERS(shmctl_stat_among_others_without_ctime, shm_ctime, 0)

static bool
is_attachment(const struct known_range *range)
{
	return range->id != -1 && (range->flags & SHM_RDONLY) == 0;
}

static void
separate(const struct known_range *range)
{
	make_private(range->start, range->length);
}

VIOLATION(fork_makes_private_for_later_children, "shm_race.fork-against-attach", "B196", FORK,
    FALSIFIES(c->result == 0 && known_children_ended() > 0 && has_known_range(is_attachment),
	for_known_ranges(is_attachment, separate)))
{
	char *p = segment_attach(segment_create(1), NULL, 0);

	for (int i = 0; i < 2; i++) {
		pid_t child = fork();

		if (child == 0) {
			p[0]++;
			_exit(0);
		}
		waitpid(child, NULL, 0);
	}
	return p[0] == 1;
}
