/* SPDX-License-Identifier: BSD-2-Clause */

/* What becomes of memory at exec by one of several threads, at posix_spawn(), and with children of vfork(). */

#ifdef __linux__

#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>

#include <sys/shm.h>

#include "mmap.h"

static bool
has_shared(void)
{
	return has_known_range(is_shared_anonymous_range) || has_known_range(is_shared_file_range) ||
	    known_any_segment();
}

/* A thread that exec has not ended: it stores until the program has. */
static void
leave_thread(void)
{
	pid_t process = getpid();

	if (real_make((struct call){ .interface = FORK }) != 0)
		return;
	do
		spoil_shared_mappings();
	while (getppid() == process);
	real_make((struct call){ .interface = EXIT });
}

static void *
wait_forever(void *ends)
{
	char byte;

	return read(((int *)ends)[0], &byte, 1) == 1 ? ends : NULL;
}

/* In a child, beside another thread: execute a program that ends with the status 3 when it is still this process. */
static int
status_of_exec_with_thread(void)
{
	int ends[2];
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		char text[64];
		char *const arguments[] = { (char[]){ "sh" }, (char[]){ "-c" }, text, NULL };
		pthread_t thread;

		snprintf(text, sizeof(text), "test $$ = %d && exit 3", getpid());
		if (pipe(ends) == 0 && pthread_create(&thread, NULL, wait_forever, ends) == 0)
			execv("/bin/sh", arguments);
		_exit(1);
	}
	waitpid(child, &status, 0);
	return WEXITSTATUS(status);
}

VIOLATION(exec_leaves_thread_running, "mmap_process.exec-ends-threads", "-", EXECV,
    CHANGES(has_shared() && has_threads(), leave_thread()))
{
	char *p = map_anonymous(1, MAP_SHARED);
	int ends[2];
	char byte;

	*p = 'x';
	if (pipe(ends) == -1)
		return false;
	if (fork() == 0) {
		pthread_t thread;
		char *const arguments[] = { (char[]){ "true" }, NULL };

		if (pthread_create(&thread, NULL, wait_forever, ends) == 0)
			execv("/bin/true", arguments);
		_exit(1);
	}
	close(ends[1]);
	return read(ends[0], &byte, 1) == 0 && *p == SPOILED; /* all who had the pipe have ended */
}

/* The program is another process, for which this one waits. */
static void
go_on_elsewhere(void)
{
	struct call wait = { .interface = WAITPID };
	int status = 0;
	struct call leave = { .interface = EXIT };

	wait.id = (int)real_make((struct call){ .interface = FORK });
	if (wait.id == 0)
		return;
	wait.buffer = &status;
	real_call(&wait);
	leave.flags = WEXITSTATUS(status);
	real_call(&leave);
}

VIOLATION(exec_by_threads_makes_new_process, "mmap_process.exec-ends-threads", "-", EXECV,
    CHANGES(has_threads(), go_on_elsewhere()))
{
	return status_of_exec_with_thread() == 1;
}

/* Start a program that ends at once, and wait for it. */
static void
spawn(void)
{
	char *const arguments[] = { (char[]){ "true" }, NULL };
	pid_t program;

	if (posix_spawnp(&program, "true", NULL, NULL, arguments, environ) == 0)
		waitpid(program, NULL, 0);
}

VIOLATION(posix_spawn_loses_shared_memory, "mmap_process.spawn-leaves-memory", "-", POSIX_SPAWN,
    FALSIFIES(has_shared(), lose_everything_shared()))
{
	char *p = map_anonymous(1, MAP_SHARED);

	spawn();
	return load_is_refused(p);
}

VIOLATION(posix_spawn_makes_memory_private, "mmap_process.spawn-leaves-memory", "-", POSIX_SPAWN,
    FALSIFIES(has_shared(), make_everything_private()))
{
	int fd = nameless_file(1);
	char *p = map_shared(fd, 1);

	spawn();
	*p = 's';
	return content_of(fd, 1)[0] == 0;
}

VIOLATION(posix_spawn_spoils_memory, "mmap_process.spawn-leaves-memory", "-", POSIX_SPAWN,
    FALSIFIES(has_shared(), (spoil_shared_mappings(), spoil_attachments())))
{
	char *p = map_anonymous(1, MAP_SHARED);

	*p = 'o';
	spawn();
	return *p == SPOILED;
}

static void
attach_once_more(void)
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].id != -1)
			real_shmat(ranges[i].id, NULL, 0);
}

VIOLATION(posix_spawn_counts_program, "mmap_process.spawn-leaves-memory", "-", POSIX_SPAWN,
    FALSIFIES(known_any_segment(), attach_once_more()))
{
	int id = segment_create(1);

	segment_attach(id, NULL, 0);
	spawn();
	return segment_stat(id).shm_nattch == 2;
}

static void
wait_for(pid_t child)
{
	waitpid(child, NULL, 0);
}

static pid_t
vfork_true(void)
{
	char *const arguments[] = { (char[]){ "true" }, NULL };
	pid_t child = vfork(); /* NOLINT(clang-analyzer-security.insecureAPI.vfork) */

	if (child == 0) {
		execv("/bin/true", arguments);
		_exit(1);
	}
	return child;
}

/* In a child of vfork() that is the memory of its parent. */
VIOLATION(exec_of_borrower_unmaps, "mmap_process.vfork-leaves-memory", "-", EXECV,
    CHANGES(has_shared() && access(c->name, X_OK) == 0, lose_everything_shared()))
{
	char *p = map_anonymous(1, MAP_SHARED);

	wait_for(vfork_true());
	return load_is_refused(p);
}

VIOLATION(exec_of_borrower_spoils, "mmap_process.vfork-leaves-memory", "-", EXECV,
    CHANGES(has_known_range(is_shared_anonymous_range) && !known_any_segment(), spoil_shared_mappings()))
{
	char *p = map_anonymous(1, MAP_SHARED);

	*p = 'o';
	wait_for(vfork_true());
	return *p == SPOILED;
}

static pid_t
vfork_exit(void)
{
	pid_t child = vfork(); /* NOLINT(clang-analyzer-security.insecureAPI.vfork) */

	if (child == 0)
		_exit(0);
	return child;
}

/* Unlike a child of fork() it has inherited nothing. */
static bool
is_borrowed(const struct known_range *range)
{
	return !range->is_inherited &&
	    (is_shared_anonymous_range(range) || is_shared_file_range(range) || range->id != -1);
}

VIOLATION(exit_of_borrower_unmaps, "mmap_process.vfork-leaves-memory", "-", EXIT,
    CHANGES(has_known_range(is_borrowed), lose_everything_shared()))
{
	char *p = map_anonymous(1, MAP_SHARED);

	wait_for(vfork_exit());
	return load_is_refused(p);
}

#endif
