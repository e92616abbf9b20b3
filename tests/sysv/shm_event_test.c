/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What each event changes in the status of a System V segment, as a process sees it that never attaches the segment. That an
 * event does not set a time shows only in a later second: see shm_times_test.c.
 */

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "case.h"
#include "clock.h"
#include "process.h"
#include "program.h"
#include "segment.h"

INTERFACE(shmid_ds, NEEDS_SEGMENTS)

/* The status of a segment before an event. */
struct look {
	int id;
	time_t second;
	struct shmid_ds status;
};

static struct look
look_at(int id)
{
	return (struct look){ .id = id, .second = coarse_time(), .status = segment_stat(id) };
}

enum { ATIME = 1, DTIME = 2, LPID = 4 }; /* or-ed */

/* All that an event changes: shm_nattch by a number, the times to now, shm_lpid to this process. */
struct change {
	int attachments;
	pid_t process;
	unsigned sets;
	unsigned may_set; /* no document tells whether it does */
};

/* The status has changed since then in this way, and in no other. */
#define CHECK_CHANGED(before, ...) check_changed(__FILE__, __LINE__, before, (struct change){ __VA_ARGS__ })

static void
check_changed(const char *file, int line, struct look before, struct change change)
{
	const struct shmid_ds now = segment_stat(before.id);
	time_t second = coarse_time();
	struct shmid_ds expected = before.status;
	unsigned sets = change.sets;
	sets |= now.shm_atime != expected.shm_atime ? change.may_set & ATIME : 0;
	sets |= now.shm_dtime != expected.shm_dtime ? change.may_set & DTIME : 0;
	sets |= now.shm_lpid != expected.shm_lpid ? change.may_set & LPID : 0;
	expected.shm_nattch = (shmatt_t)((long)expected.shm_nattch + change.attachments);
	if (sets & LPID)
		expected.shm_lpid = change.process;
	if (sets & ATIME && check_time_between(file, line, "shm_atime", before.second, second, now.shm_atime))
		expected.shm_atime = now.shm_atime;
	if (sets & DTIME && check_time_between(file, line, "shm_dtime", before.second, second, now.shm_dtime))
		expected.shm_dtime = now.shm_dtime;
	check_status_unchanged(file, line, expected, before.id);
}

static void
to_next_pause(struct child *c)
{
	child_goes_on(c);
	child_reaches_pause(c);
}

static void
to_end(struct child *c)
{
	child_goes_on(c);
	child_reaches_end(c);
}

/* The life of another process: it attaches twice, uses that, and detaches twice. */
static void
attach_use_detach(void *arg)
{
	int id = *(int *)arg;

	pause_for_parent();
	char *p = segment_attach(id, NULL, 0);
	pause_for_parent();
	char *q = segment_attach(id, NULL, SHM_RDONLY);
	pause_for_parent();
	pattern_store(1, p, 2 * page_size());
	CHECK_PATTERN(1, q, 2 * page_size());
	pause_for_parent();
	CHECK_SUCCEEDS(shmdt(p));
	pause_for_parent();
	CHECK_SUCCEEDS(shmdt(q));
}

CASE(attach_changes, SHALL,
    "A first and a second attach raise shm_nattch by one, set shm_lpid and shm_atime, and change no other member",
    "POSIX.1-2017 shmat() RETURN VALUE", "POSIX.1-2024 shmat() RETURN VALUE", "POSIX.1-2017 <sys/shm.h>",
    "POSIX.1-2024 <sys/shm.h>", "Linux shmop(2)", COVERS("shmctl.stat_after_attach BS20"))
{
	int id = segment_create(2 * page_size());
	struct child c = child_start(attach_use_detach, &id);
	child_reaches_pause(&c);

	for (int i = 0; i < 2; i++) {
		struct look before = look_at(id);

		to_next_pause(&c);
		CHECK_CHANGED(before, .attachments = 1, .process = c.pid, .sets = ATIME | LPID);
	}
	child_kill(&c);
}

CASE(use_changes_nothing, SHALL, "Loads and stores through an attachment change no member of the status",
    "POSIX.1-2017 <sys/shm.h>", "POSIX.1-2024 <sys/shm.h>")
{
	int id = segment_create(2 * page_size());
	struct child c = child_start(attach_use_detach, &id);
	child_reaches_pause(&c);
	to_next_pause(&c);
	to_next_pause(&c);
	struct shmid_ds before = segment_stat(id);

	to_next_pause(&c);

	CHECK_STATUS_UNCHANGED(before, id);
	child_kill(&c);
}

/* Where a manual or a source promises it: lpid_set_on_detach of shmdt_test.c. */
static unsigned
lpid_of_detach(void)
{
	return platform_is(LINUX | ILLUMOS) ? LPID : 0;
}

CASE(detach_changes, SHALL,
    "A detach, the last one too, lowers shm_nattch by one, sets shm_dtime, and changes no other member but shm_lpid",
    "POSIX.1-2017 shmdt() RETURN VALUE", "POSIX.1-2017 <sys/shm.h>", "POSIX.1-2024 <sys/shm.h>", "Linux shmop(2)",
    NEEDS_SEGMENTS_THAT_STAY, COVERS("shmctl.stat_after_detach BS22"))
{
	int id = segment_create(2 * page_size());
	struct child c = child_start(attach_use_detach, &id);
	child_reaches_pause(&c);
	for (int i = 0; i < 3; i++)
		to_next_pause(&c);

	struct look attached = look_at(id);
	to_next_pause(&c);
	CHECK_CHANGED(attached, .attachments = -1, .process = c.pid, .sets = DTIME | lpid_of_detach(), .may_set = LPID);

	struct look once = look_at(id);
	to_end(&c);
	CHECK_CHANGED(once, .attachments = -1, .process = c.pid, .sets = DTIME | lpid_of_detach(), .may_set = LPID);
	child_exits(&c);
}

static void
attach_and_detach(void *arg)
{
	pause_for_parent();
	void *p = segment_attach(*(int *)arg, NULL, 0);
	pause_for_parent();
	CHECK_SUCCEEDS(shmdt(p));
}

CASE(attach_changes__many_processes, SHALL,
    "Each of twenty processes counts once from its attach to its detach, while others attach and detach",
    "POSIX.1-2017 shmat() RETURN VALUE", "POSIX.1-2024 shmat() RETURN VALUE", "POSIX.1-2017 shmdt() RETURN VALUE",
    ALSO("shmid_ds.detach-changes"), NEEDS_SEGMENTS_THAT_STAY, COVERS("shmat.nattch_multi_process"))
{
	struct child c[20];
	int id = segment_create(page_size());
	for (size_t i = 0; i < nitems(c); i++) {
		c[i] = child_start(attach_and_detach, &id);
		child_reaches_pause(&c[i]);
	}

	for (size_t i = 0; i < nitems(c); i++) {
		struct look before = look_at(id);

		to_next_pause(&c[i]);
		CHECK_CHANGED(before, .attachments = 1, .process = c[i].pid, .sets = ATIME | LPID);
	}
	for (size_t i = 0; i < nitems(c); i++) {
		struct look before = look_at(id);

		to_end(&c[i]);
		CHECK_CHANGED(
		    before, .attachments = -1, .process = c[i].pid, .sets = DTIME | lpid_of_detach(), .may_set = LPID);
	}
	for (size_t i = 0; i < nitems(c); i++)
		child_exits(&c[i]);
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
	struct look before = look_at(id);

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
	struct look before = look_at(id);

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
	struct look before = look_at(id);
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
	struct look before = look_at(id);

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
