/* SPDX-License-Identifier: BSD-2-Clause */

/* Attachments and segments when processes end. When they exec: shm_process_exec.c. */

#include "segments.h"

/* The child that ended last was the last to do something with the segment, and ended like this. */
static bool
is_left_by_child(const struct call *c, bool is_by_signal)
{
	int how;

	return is_stat(c) && told_by(c)->shm_lpid == known_ended_child(&how) && told_by(c)->shm_dtime != 0 &&
	    (WIFSIGNALED(how) != 0) == is_by_signal;
}

/* The status of a segment that is attached here, after the end of a child that attached it twice. */
static struct shmid_ds
status_after_child(bool is_killed)
{
	int id = segment_create(1);
	int status;
	segment_attach(id, NULL, 0);
	pid_t child = fork();

	if (child == 0) {
		segment_attach(id, NULL, 0);
		segment_attach(id, NULL, 0);
		_exit(is_killed ? raise(SIGKILL) : 0);
	}
	waitpid(child, &status, 0);
	return segment_stat(id);
}

VIOLATION(exit_detaches_all_but_one, "shmid_ds.exit-counts-down", "-", SHMCTL,
    FALSIFIES(is_left_by_child(c, false), told_by(c)->shm_nattch++))
{
	return status_after_child(false).shm_nattch == 2;
}

VIOLATION(exit_leaves_dtime, "shmid_ds.exit-counts-down", "-", SHMCTL,
    FALSIFIES(is_left_by_child(c, false), told_by(c)->shm_dtime = 0))
{
	return status_after_child(false).shm_dtime == 0;
}

VIOLATION(kill_detaches_all_but_one, "shmid_ds.kill-counts-down", "-", SHMCTL,
    FALSIFIES(is_left_by_child(c, true), told_by(c)->shm_nattch++))
{
	return status_after_child(true).shm_nattch == 2;
}

VIOLATION(kill_leaves_dtime, "shmid_ds.kill-counts-down", "-", SHMCTL,
    FALSIFIES(is_left_by_child(c, true), told_by(c)->shm_dtime = 0))
{
	return status_after_child(true).shm_dtime == 0;
}

VIOLATION(exit_clears_lpid, "shmid_ds.exit-updates-lpid", "-", SHMCTL,
    FALSIFIES(is_left_by_child(c, false), told_by(c)->shm_lpid = 0))
{
	return status_after_child(false).shm_lpid == 0;
}

static void
remove_segment(int id)
{
	real_shmctl(id, IPC_RMID, NULL);
}

static void
clear_segment(int id)
{
	size_t size = real_status(id).shm_segsz;
	char *p = real_shmat(id, NULL, 0);

	if (p == (void *)-1)
		return;
	memset(p, 0, size);
	real_shmdt(p);
}

/* The segments that this process made. */
static bool
for_own_segments(void (*act)(int id))
{
	size_t count;
	struct known_segment *segments = known_segments(&count);
	bool has_any = false;

	for (size_t i = 0; i < count; i++)
		if (segments[i].creator == getpid() && !segments[i].was_removed) {
			has_any = true;
			if (act != NULL)
				act(segments[i].id);
		}
	return has_any;
}

/* Those that are known here, of a creator that has ended. */
static bool
for_segments_of(pid_t creator, void (*act)(int id))
{
	bool has_any = false;

	for (size_t i = 0; known_permissions_id(i) != -1; i++)
		if (creator > 0 && real_status(known_permissions_id(i)).shm_cpid == creator) {
			has_any = true;
			if (act != NULL)
				act(known_permissions_id(i));
		}
	return has_any;
}

/* A child makes a segment, stores 'c' there, and ends. Returns the key. */
static key_t
key_of_ended(bool is_killed, int *id)
{
	key_t key = segment_key();
	int ends[2];
	char byte;
	int status;
	pid_t child = pipe(ends) == 0 ? fork_creator() : -1;

	if (child == 0) {
		*(char *)segment_attach(segment_create_with_key(key, 1, 0600), NULL, 0) = 'c';
		_exit(write(ends[1], "c", 1) == 1 && is_killed ? pause() : 0);
	}
	*id = read(ends[0], &byte, 1) == 1 ? shmget(key, 0, 0) : -1;
	if (is_killed)
		kill(child, SIGKILL);
	waitpid(child, &status, 0);
	return key;
}

VIOLATION(exit_removes_created_segments, "shm_process.exit-persists", "-", EXIT,
    CHANGES(for_own_segments(NULL), for_own_segments(remove_segment)))
{
	int id;

	return shmget(key_of_ended(false, &id), 0, 0) == -1;
}

VIOLATION(exit_clears_created_segments, "shm_process.exit-persists", "-", EXIT,
    CHANGES(for_own_segments(NULL), for_own_segments(clear_segment)))
{
	int id;

	key_of_ended(false, &id);
	return *(char *)segment_attach(id, NULL, 0) == 0;
}

VIOLATION(kill_removes_created_segments, "shm_process.exit-persists", "-", WAITPID,
    FALSIFIES(tells_of_killed_child(c) && for_segments_of((pid_t)c->result, NULL),
	for_segments_of((pid_t)c->result, remove_segment)))
{
	int id;

	return shmget(key_of_ended(true, &id), 0, 0) == -1;
}

VIOLATION(kill_clears_created_segments, "shm_process.exit-persists", "-", WAITPID,
    FALSIFIES(tells_of_killed_child(c) && for_segments_of((pid_t)c->result, NULL),
	for_segments_of((pid_t)c->result, clear_segment)))
{
	int id;

	key_of_ended(true, &id);
	return id != -1 && *(char *)segment_attach(id, NULL, 0) == 0;
}

VIOLATION(shmat_rdonly_after_last_detach_refused, "shm_process.life-cycle", "-", SHMAT,
    REFUSES(c->flags &SHM_RDONLY &&known_segment(c->id) != NULL && known_segment(c->id)->was_attached &&
	    !is_removed(c->id) && real_status(c->id).shm_nattch == 0,
	EINVAL))
{
	int id = segment_create(1);

	segment_detach(segment_attach(id, NULL, 0));
	return shmat(id, NULL, SHM_RDONLY) == (void *)-1;
}
