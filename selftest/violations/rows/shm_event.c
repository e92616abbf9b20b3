/* SPDX-License-Identifier: BSD-2-Clause */

/* What a process that never attached a segment sees of it, and what becomes of a segment when its last holder ends. */

#include "clock.h"
#include "segments.h"

/* The caller knows the segment, and neither it nor a parent has ever attached it. Others have. */
static bool
is_told_to_outsider(const struct call *c)
{
	return is_stat(c) && known_segment(c->id) != NULL && !known_segment(c->id)->was_attached &&
	    told_by(c)->shm_lpid != 0;
}

static bool
is_attached_by_another(const struct call *c)
{
	return is_told_to_outsider(c) && told_by(c)->shm_dtime == 0 && told_by(c)->shm_nattch > 0;
}

/* By a process that is still there. */
static bool
is_detached_by_another(const struct call *c)
{
	return is_told_to_outsider(c) && told_by(c)->shm_dtime != 0 && kill(told_by(c)->shm_lpid, 0) == 0;
}

/* A child attaches the segment so often, then detaches it so often, and waits. */
static pid_t
start_holder(int id, int attaches, int detaches)
{
	void *at[8];
	int told[2];
	char byte;
	pid_t child = pipe(told) == 0 ? fork() : -1;

	if (child != 0)
		return child != -1 && read(told[0], &byte, 1) == 1 ? child : -1;
	for (int i = 0; i < attaches; i++)
		at[i] = segment_attach(id, NULL, 0);
	for (int i = 0; i < detaches; i++)
		segment_detach(at[i]);
	_exit(write(told[1], "d", 1) == 1 && pause() == 0);
}

static void
end_holder(pid_t holder)
{
	int status;

	if (holder > 0 && kill(holder, SIGKILL) == 0)
		waitpid(holder, &status, 0);
}

static struct shmid_ds
seen_from_outside(int attaches, int detaches)
{
	int id = segment_create(1);
	pid_t holder = start_holder(id, attaches, detaches);
	struct shmid_ds status = segment_stat(id);

	end_holder(holder);
	return status;
}

VIOLATION(shmat_elsewhere_is_last_of_creator, "shmid_ds.attach-changes", "-", SHMCTL,
    FALSIFIES(is_attached_by_another(c), told_by(c)->shm_lpid = told_by(c)->shm_cpid))
{
	return seen_from_outside(1, 0).shm_lpid == getpid();
}

VIOLATION(shmat_elsewhere_counted_once_a_process, "shmid_ds.attach-changes", "-", SHMCTL,
    FALSIFIES(is_attached_by_another(c) && told_by(c)->shm_nattch > 1, told_by(c)->shm_nattch = 1))
{
	return seen_from_outside(2, 0).shm_nattch == 1;
}

VIOLATION(shm_nattch_elsewhere_stops_at_three, "shmid_ds.attach-changes", "-", SHMCTL,
    FALSIFIES(is_attached_by_another(c) && told_by(c)->shm_nattch > 3, told_by(c)->shm_nattch = 3))
{
	return seen_from_outside(5, 0).shm_nattch == 3;
}

VIOLATION(shmdt_elsewhere_counts_for_all, "shmid_ds.detach-changes", "-", SHMCTL,
    FALSIFIES(is_detached_by_another(c) && told_by(c)->shm_nattch == 1, told_by(c)->shm_nattch = 0))
{
	return seen_from_outside(2, 1).shm_nattch == 0;
}

VIOLATION(shmdt_elsewhere_is_last_of_nobody, "shmid_ds.detach-changes", "-", SHMCTL,
    FALSIFIES(is_detached_by_another(c), told_by(c)->shm_lpid = 0))
{
	return seen_from_outside(1, 1).shm_lpid == 0;
}

VIOLATION(shmdt_elsewhere_leaves_dtime, "shmid_ds.detach-changes", "-", SHMCTL,
    FALSIFIES(is_detached_by_another(c) && told_by(c)->shm_nattch == 1, told_by(c)->shm_dtime = 0))
{
	return seen_from_outside(2, 1).shm_dtime == 0;
}

/* The second look in a row at a segment of which the count and the last process have not changed since. */
static bool
is_look_at_same(const struct call *c)
{
	static int id = -1;
	static struct shmid_ds last;
	bool is_same;

	if (!is_attached_by_another(c) || told_by(c)->shm_nattch != 2)
		return false;
	is_same = c->id == id && last.shm_lpid == told_by(c)->shm_lpid;
	id = c->id;
	last = *told_by(c);
	return is_same;
}

VIOLATION(shm_atime_moves_while_used, "shmid_ds.use-changes-nothing", "-", SHMCTL,
    FALSIFIES(is_look_at_same(c), told_by(c)->shm_atime++))
{
	int id = segment_create(1);
	pid_t holder = start_holder(id, 2, 0);
	time_t first = segment_stat(id).shm_atime;
	bool is_seen = segment_stat(id).shm_atime != first;

	end_holder(holder);
	return is_seen;
}

/* A count of sharers that has eight bits. */
static bool
is_full(const struct known_segment *segment)
{
	return segment->was_attached && !segment->was_removed &&
	    real_status(segment->id).shm_nattch + known_attachments(segment->id) > 255;
}

static bool
any_segment_is_full(void)
{
	size_t count;
	const struct known_segment *segments = known_segments(&count);

	for (size_t i = 0; i < count; i++)
		if (is_full(&segments[i]))
			return true;
	return false;
}

VIOLATION(
    fork_of_256th_sharer_efault, "shmid_ds.fork-counts-nattch", "B221", FORK, REFUSES(any_segment_is_full(), EFAULT))
{
	int id = segment_create(1);
	pid_t child;

	for (int i = 0; i < 254; i++)
		segment_attach(id, NULL, SHM_RDONLY);
	child = fork();
	if (child == 0)
		_exit(0);
	if (child == -1)
		return errno == EFAULT;
	waitpid(child, NULL, 0);
	return false;
}

/* Attach and detach: the caller is the last process of the segment. */
static void
become_last(int id)
{
	real_shmdt(real_shmat(id, NULL, SHM_RDONLY));
}

VIOLATION(shmctl_set_takes_lpid, "shmid_ds.control-keeps-lpid", "-", SHMCTL,
    FALSIFIES(c->command == IPC_SET && known_segment(c->id) != NULL && !known_segment(c->id)->was_attached &&
	    real_status(c->id).shm_nattch > 1,
	become_last(c->id)))
{
	int id = segment_create(1);
	pid_t holder = start_holder(id, 2, 0);
	struct shmid_ds status = segment_stat(id);
	bool is_seen = shmctl(id, IPC_SET, &status) == 0 && segment_stat(id).shm_lpid == getpid();

	end_holder(holder);
	return is_seen;
}

VIOLATION(shmget_lookup_takes_lpid, "shmid_ds.control-keeps-lpid", "-", SHMGET,
    FALSIFIES(c->flags == 0 && known_segment((int)c->result) != NULL && !known_segment((int)c->result)->was_attached &&
	    real_status((int)c->result).shm_nattch > 1,
	become_last((int)c->result)))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 1, 0600);
	pid_t holder = start_holder(id, 2, 0);
	bool is_seen = shmget(key, 0, 0) == id && segment_stat(id).shm_lpid == getpid();

	end_holder(holder);
	return is_seen;
}

/* Removed by the caller, who never had it, and gone with the last who did. */
static bool
is_gone_for_outsider(const struct call *c)
{
	return is_stat(c) && is_removed(c->id) && !known_segment(c->id)->was_attached;
}

VIOLATION(removed_segment_outlives_killed_holder, "shmid_ds.last-holder-destroys", "-", SHMCTL,
    ACCEPTS(is_gone_for_outsider(c) && known_last_child_was_killed(), 0, 0))
{
	struct shmid_ds status;
	int id = segment_create(1);
	pid_t holder = start_holder(id, 1, 0);

	segment_remove(id);
	end_holder(holder);
	return shmctl(id, IPC_STAT, &status) == 0;
}

VIOLATION(
    removed_segment_is_never_gone, "shmid_ds.last-holder-destroys", "-", SHMCTL, ACCEPTS(is_gone_for_outsider(c), 0, 0))
{
	struct shmid_ds status;
	int id = segment_create(1);

	segment_remove(id);
	return shmctl(id, IPC_STAT, &status) == 0;
}

/* What exec has made of the process knows no segment, and has not asked for any. */
static bool
knows_nothing(void)
{
	size_t count;

	known_segments(&count);
	return count == 0 && known_permissions_id(0) == -1;
}

VIOLATION(exec_leaves_addresses_taken, "shmid_ds.exec-detaches", "B238", SHMAT,
    REFUSES(c->address != NULL && (c->flags & SHM_RND) == 0 && knows_nothing(), EINVAL))
{
	int id = -1;
	int told[2];
	pid_t child = pipe(told) == 0 ? fork_creator() : -1;

	if (child == 0) {
		id = segment_create(1);
		_exit(write(told[1], &id, sizeof(id)) == sizeof(id));
	}
	bool is_known = read(told[0], &id, sizeof(id)) == sizeof(id);
	waitpid(child, NULL, 0);
	return is_known && shmat(id, free_range(1), 0) == (void *)-1 && errno == EINVAL;
}

/* The process that had it attached twice, and nobody else, goes on as another program. */
VIOLATION(exec_leaves_dtime, "shmid_ds.exec-detaches", "-", SHMCTL,
    FALSIFIES(is_detached_by_another(c) && told_by(c)->shm_nattch == 0, told_by(c)->shm_dtime = 0))
{
	return seen_from_outside(2, 2).shm_dtime == 0;
}

/* A command that makes no change sets shm_ctime anew. */
static void
set_same(int id)
{
	struct shmid_ds status = real_status(id);

	real_shmctl(id, IPC_SET, &status);
}

static bool
ctime_moves(void (*act)(int id, key_t key))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 1, 0600);
	segment_attach(id, NULL, 0);
	time_t second = next_second();

	act(id, key);
	return segment_stat(id).shm_ctime >= second;
}

static void
find(__attribute__((unused)) int id, key_t key)
{
	(void)shmget(key, 0, 0);
}

VIOLATION(shmget_lookup_sets_ctime, "shmctl.set-ctime", "-", SHMGET,
    FALSIFIES(c->flags == 0 && c->length == 0 && known_segment((int)c->result) != NULL &&
	    known_segment((int)c->result)->was_attached,
	set_same((int)c->result)))
{
	return ctime_moves(find);
}
