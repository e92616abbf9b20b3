/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What fork, exec and the end of a process change in the status of a System V segment, as a process sees it that never
 * attaches the segment. What calls change: shm_event_test.c.
 */

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "case.h"
#include "process.h"
#include "program.h"
#include "segment.h"
#include "segment_change.h"

INTERFACE(shmid_ds, NEEDS_SEGMENTS)

static void
to_next_pause(struct child *c)
{
	child_goes_on(c);
	child_reaches_pause(c);
}

/* For reading and writing, and only for reading. */
static char *at[2];

static void
attach_twice(void *arg)
{
	at[0] = segment_attach(*(int *)arg, NULL, 0);
	at[1] = segment_attach(*(int *)arg, NULL, SHM_RDONLY);
	pause_for_parent();
}

static void
attach_and_fork(void *arg)
{
	attach_twice(arg);
	struct child heir = child_start(do_nothing, NULL);
	child_reaches_end(&heir);
	pause_for_parent();
	child_exits(&heir);
}

/* Linux sets for an inherited attachment what it sets for a new one. */
CASE(fork_counts_nattch__and_no_more, SHALL,
    "fork() raises shm_nattch by one for each attachment of the parent, and changes no member that an attach does not",
    "POSIX.1-2017 fork() DESCRIPTION", "Linux shmop(2) NOTES", "illumos fork(2)")
{
	int id = segment_create(page_size());
	struct child c = child_start(attach_and_fork, &id);
	child_reaches_pause(&c);
	struct status_before before = status_before(id);

	to_next_pause(&c);

	CHECK_CHANGED(before, .attachments = 2, .process = c.pid, .may_set = ATIME | LPID);
	child_goes_on(&c);
	child_exits(&c);
}

static void
check_end(int id, void (*life)(void *), int signal)
{
	struct child c = child_start(life, &id);
	child_reaches_pause(&c);
	struct status_before before = status_before(id);

	child_goes_on(&c);
	if (signal == 0)
		child_exits(&c);
	else
		child_dies(&c, signal);

	CHECK_CHANGED(before, .attachments = -2, .process = c.pid, .sets = DTIME, .may_set = LPID);
}

static void
exit_at_once(void *arg)
{
	attach_twice(arg);
	_exit(0);
}

CASE(exit_counts_down__at_once, SHALL, "_exit() detaches as shmdt() does, and changes nothing else",
    "POSIX.1-2017 _exit() Consequences of Process Termination", "Linux shmop(2) NOTES", "illumos exit(2)",
    NEEDS_SEGMENTS_THAT_STAY)
{
	check_end(segment_create(page_size()), exit_at_once, 0);
}

static void
store_at_exit(void)
{
	at[0][page_size()] = 'h';
}

static void
exit_by_handlers(void *arg)
{
	attach_twice(arg);
	REQUIRE(atexit(store_at_exit) == 0);
	exit(0);
}

CASE(exit_counts_down__after_handlers, SHALL,
    "exit() runs the functions of atexit(), which can use the attachment, and then detaches as shmdt() does",
    "POSIX.1-2017 exit() DESCRIPTION", "POSIX.1-2024 exit() DESCRIPTION",
    "POSIX.1-2017 _exit() Consequences of Process Termination", "Linux shmop(2) NOTES", "illumos exit(2)",
    NEEDS_SEGMENTS_THAT_STAY)
{
	int id = segment_create(2 * page_size());

	check_end(id, exit_by_handlers, 0);

	CHECK_EQ('h', ((char *)segment_attach(id, NULL, SHM_RDONLY))[page_size()]);
}

static void
kill_itself(void *arg)
{
	attach_twice(arg);
	raise(SIGKILL);
}

CASE(kill_counts_down__and_no_more, SHALL, "SIGKILL detaches as shmdt() does, and changes nothing else",
    "POSIX.1-2017 _exit() Consequences of Process Termination", "Linux shmop(2) NOTES", NEEDS_SEGMENTS_THAT_STAY)
{
	check_end(segment_create(page_size()), kill_itself, SIGKILL);
}

static void
store_where_only_read(void *arg)
{
	attach_twice(arg);
	*(volatile char *)at[1] = 's';
}

CASE(kill_counts_down__by_fault, SHALL, "A fault that ends the process detaches as shmdt() does, and stores nothing",
    "POSIX.1-2017 _exit() Consequences of Process Termination", "POSIX.1-2017 shmat() DESCRIPTION",
    NEEDS_SEGMENTS_THAT_STAY)
{
	int id = segment_create(page_size());

	check_end(id, store_where_only_read, signal_of_protection());

	CHECK_BYTES(0, segment_attach(id, NULL, SHM_RDONLY), page_size());
}

static void
create_and_attach(void *arg)
{
	int id = segment_create_with_key(*(key_t *)arg, page_size(), 0640);

	attach_twice(&id);
}

CASE(kill_counts_down__creator, SHALL,
    "SIGKILL of a segment's creator detaches, and leaves the segment, its key and its status",
    "POSIX.1-2017 _exit() Consequences of Process Termination", "POSIX.1-2017 shmctl() DESCRIPTION",
    NEEDS_SEGMENTS_THAT_STAY)
{
	key_t key = segment_key();
	struct child c = child_start(create_and_attach, &key);
	child_reaches_pause(&c);
	int id = shmget(key, 0, 0);
	struct status_before before = status_before(id);
	CHECK_EQ(c.pid, before.status.shm_cpid);

	child_kill(&c);

	CHECK_CHANGED(before, .attachments = -2, .process = c.pid, .sets = DTIME, .may_set = LPID);
	CHECK_EQ(id, shmget(key, 0, 0));
}

PROGRAM(new_image)
{
	pause_for_parent();
}

static void
attach_and_exec(void *arg)
{
	attach_twice(arg);
	program_become("new_image");
}

CASE(exec_detaches__and_no_more, SHALL, "A successful exec detaches as shmdt() does, and changes nothing else",
    "POSIX.1-2017 exec DESCRIPTION", "Linux shmop(2) NOTES", "Linux execve(2)", "illumos exec(2)",
    NEEDS_SEGMENTS_THAT_STAY, COVERS("BS34"))
{
	int id = segment_create(page_size());
	struct child c = child_start(attach_and_exec, &id);
	child_reaches_pause(&c);
	struct status_before before = status_before(id);

	to_next_pause(&c); /* of the new image */

	CHECK_CHANGED(before, .attachments = -2, .process = c.pid, .sets = DTIME, .may_set = LPID);
	child_kill(&c);
}

static void
attach_and_fail_to_exec(void *arg)
{
	char *const arguments[] = { (char *)(uintptr_t) "none", NULL };

	attach_twice(arg);
	CHECK_FAILS(ENOENT, -1, execv("./no-such-file", arguments));
	CHECK_FAILS(EACCES, -1, execv("/", arguments)); /* found, and no program */
	pause_for_parent();
}

CASE(
    failed_exec_keeps__status, SHALL, "A failed exec changes no member of the status", "POSIX.1-2017 exec RETURN VALUE")
{
	int id = segment_create(page_size());
	struct child c = child_start(attach_and_fail_to_exec, &id);
	child_reaches_pause(&c);
	struct shmid_ds before = segment_stat(id);

	to_next_pause(&c);

	CHECK_STATUS_UNCHANGED(before, id);
	child_kill(&c);
}
