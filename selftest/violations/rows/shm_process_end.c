/* SPDX-License-Identifier: BSD-2-Clause */

/* Attachments and segments when processes exec and end, and what threads have of them. */

#include <pthread.h>

#include "effects.h"
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

/* A process that is there still has lost all its attachments of the segment. */
static bool
is_left_by_living(const struct call *c)
{
	return is_stat(c) && told_by(c)->shm_dtime != 0 && told_by(c)->shm_lpid != getpid() &&
	    (unsigned)told_by(c)->shm_nattch == known_attachments(c->id) && kill(told_by(c)->shm_lpid, 0) == 0;
}

/* Its standard input and its only other descriptor are ends of pipes. */
static void
become_cat(int input, int unused)
{
	char *const arguments[] = { (char *)(uintptr_t) "cat", NULL };

	dup2(input, STDIN_FILENO);
	close(unused);
	execv("/bin/cat", arguments);
	_exit(1);
}

VIOLATION(exec_keeps_count, "shmid_ds.exec-detaches", "B238", SHMCTL,
    FALSIFIES(is_left_by_living(c), told_by(c)->shm_nattch++))
{
	int id = segment_create(1);
	int input[2];
	int closed_by_exec[2];
	char byte;
	if (pipe(input) == -1 || pipe(closed_by_exec) == -1 || fcntl(closed_by_exec[1], F_SETFD, FD_CLOEXEC) == -1)
		return false;
	pid_t child = fork();

	if (child == 0) {
		segment_attach(id, NULL, 0);
		become_cat(input[0], input[1]);
	}
	close(closed_by_exec[1]);
	bool is_seen = read(closed_by_exec[0], &byte, 1) == 0 && segment_stat(id).shm_nattch == 1;
	close(input[1]);
	waitpid(child, NULL, 0);
	return is_seen;
}

/* The process is a new program, or one that has done nothing yet, and knows no segment. */
static bool
knows_nothing(void)
{
	size_t count;

	known_segments(&count);
	return count == 0 && known_permissions_id(0) == -1;
}

VIOLATION(shmdt_in_new_program_accepted, "shmid_ds.exec-detaches", "B238", SHMDT,
    ACCEPTS(c->address != NULL && knows_nothing(), EINVAL, 0))
{
	return shmdt(free_range(1)) == 0;
}

static bool
is_program(const char *path)
{
	return access(path, X_OK) == 0 && strcmp(path, "/") != 0;
}

static void
clear_attachments(void)
{
	size_t count;
	struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].id != -1 && (ranges[i].flags & SHM_RDONLY) == 0)
			memset(ranges[i].start, 0, ranges[i].length);
}

/* What a segment that held 'x' holds after an exec by a child. */
static char
found_after_exec(char *path)
{
	char *p = segment_attach(segment_create(1), NULL, 0);
	char *const arguments[] = { path, (char *)(uintptr_t) "-c", (char *)(uintptr_t) ":", NULL };
	*p = 'x';
	pid_t child = fork();

	if (child == 0) {
		execv(path, arguments);
		*p = 'y';
		_exit(0);
	}
	waitpid(child, NULL, 0);
	return *p;
}

VIOLATION(exec_clears_segments, "shm_process.exec-loses-data-not", "-", EXECV,
    CHANGES(is_program(c->name), clear_attachments()))
{
	return found_after_exec((char *)(uintptr_t) "/bin/sh") == 0;
}

static void
clear_ends(void)
{
	size_t count;
	struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].id != -1 && (ranges[i].flags & SHM_RDONLY) == 0)
			memset(ranges[i].start + ranges[i].length - page_size(), 0, page_size());
}

VIOLATION(
    exec_clears_last_page, "shm_process.exec-loses-data-not", "-", EXECV, CHANGES(is_program(c->name), clear_ends()))
{
	char *p = segment_attach(segment_create(2 * page_size()), NULL, 0);
	char *const arguments[] = { (char *)(uintptr_t) "sh", (char *)(uintptr_t) "-c", (char *)(uintptr_t) ":", NULL };
	p[0] = p[page_size()] = 'x';
	pid_t child = fork();

	if (child == 0)
		_exit(execv("/bin/sh", arguments));
	waitpid(child, NULL, 0);
	return p[0] == 'x' && p[page_size()] == 0;
}

static void
fail_and_make_private(struct call *c)
{
	real_call(c);
	make_attachments_private();
}

VIOLATION(failed_exec_makes_private, "shmid_ds.failed-exec-keeps", "-", EXECV,
    REPLACES(!is_program(c->name), fail_and_make_private(c)))
{
	return found_after_exec((char *)(uintptr_t) "/") == 'x';
}

static void
fail_and_clear(struct call *c)
{
	real_call(c);
	clear_attachments();
}

VIOLATION(failed_exec_clears_segments, "shmid_ds.failed-exec-keeps", "-", EXECV,
    REPLACES(!is_program(c->name), fail_and_clear(c)))
{
	char *p = segment_attach(segment_create(2), NULL, 0);
	char *const arguments[] = { (char *)(uintptr_t) "none", NULL };

	p[1] = 'x';
	return execv("./no-such-file", arguments) == -1 && p[1] == 0;
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

static pthread_t first_thread;

__attribute__((constructor)) static void
learn_first_thread(void)
{
	first_thread = pthread_self();
}

static bool
is_in_other_thread(void)
{
	return pthread_equal(first_thread, pthread_self()) == 0;
}

static void *
attach_in_thread(void *id)
{
	return shmat(*(int *)id, NULL, 0);
}

static void *
detach_in_thread(void *p)
{
	return shmdt(p) == -1 ? p : NULL;
}

static void *
in_thread(void *(*body)(void *), void *argument)
{
	pthread_t thread;
	void *result = NULL;

	if (pthread_create(&thread, NULL, body, argument) == 0)
		pthread_join(thread, &result);
	return result;
}

VIOLATION(shmat_by_thread_counts_twice, "shm_process.threads-share-attachment", "-", SHMAT,
    FALSIFIES(is_in_other_thread(), real_shmat(c->id, NULL, 0)))
{
	int id = segment_create(1);

	in_thread(attach_in_thread, &id);
	return segment_stat(id).shm_nattch == 2;
}

VIOLATION(shmat_by_thread_is_private, "shm_process.threads-share-attachment", "-", SHMAT,
    FALSIFIES(is_in_other_thread() && size_for(c) > 0, make_private((void *)c->result, size_for(c))))
{
	int id = segment_create(1);
	char *p = in_thread(attach_in_thread, &id);

	*p = 'p';
	return *(char *)segment_attach(id, NULL, 0) == 0;
}

VIOLATION(
    shmdt_by_thread_refused, "shm_process.threads-share-attachment", "-", SHMDT, REFUSES(is_in_other_thread(), EINVAL))
{
	char *p = segment_attach(segment_create(1), NULL, 0);

	return in_thread(detach_in_thread, p) == p;
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
