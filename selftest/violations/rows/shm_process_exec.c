/* SPDX-License-Identifier: BSD-2-Clause */

/* Attachments and segments when processes exec, or fail to. */

#include "effects.h"
#include "segments.h"

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
