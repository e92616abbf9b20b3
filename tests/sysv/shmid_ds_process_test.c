/* SPDX-License-Identifier: BSD-2-Clause */

/* What becomes of shm_nattch, shm_lpid and the times when processes with attachments fork, exec and end. */

#include <unistd.h>

#include "case.h"
#include "clock.h"
#include "process.h"
#include "program.h"
#include "segment.h"

INTERFACE(shmid_ds, NEEDS_SEGMENTS)

CASE(fork_counts_nattch, SHALL, "A forked child that inherits attachments adds their number to shm_nattch",
    "POSIX.1-2017 fork() DESCRIPTION", "Linux shmop(2) NOTES", "FreeBSD sys/kern/sysv_shm.c")
{
	int id = segment_create(2 * page_size());
	char *p = segment_attach(id, NULL, 0); /* never touched */
	segment_attach(id, NULL, SHM_RDONLY);
	struct child first = child_start(do_nothing, NULL);
	struct child second = child_start(do_nothing, NULL);
	child_reaches_end(&first);
	child_reaches_end(&second);

	CHECK_EQ(3 * 2, segment_stat(id).shm_nattch);
	segment_detach(p);
	CHECK_EQ(2 + 2 + 1, segment_stat(id).shm_nattch);
	child_exits(&first);
	CHECK_EQ(2 + 1, segment_stat(id).shm_nattch);
	child_exits(&second);
	CHECK_EQ(1, segment_stat(id).shm_nattch);
}

static void
fork_again(void *arg)
{
	struct child grandchild = child_start(do_nothing, NULL);

	child_reaches_end(&grandchild);
	CHECK_EQ(3, segment_stat(*(int *)arg).shm_nattch);
	segment_attach(*(int *)arg, NULL, 0);
	CHECK_EQ(4, segment_stat(*(int *)arg).shm_nattch);
	child_exits(&grandchild);
	CHECK_EQ(3, segment_stat(*(int *)arg).shm_nattch);
}

CASE(fork_counts_nattch__grandchild, SHALL,
    "An attachment that a child inherited counts again for the child's own child", "POSIX.1-2017 fork() DESCRIPTION",
    "Linux shmop(2) NOTES")
{
	int id = segment_create(page_size());
	segment_attach(id, NULL, 0);

	in_child(fork_again, &id);
	CHECK_EQ(1, segment_stat(id).shm_nattch);
}

static void
attach_twice(void *arg)
{
	char *p = segment_attach(*(int *)arg, NULL, 0);

	segment_attach(*(int *)arg, NULL, SHM_RDONLY);
	p[0] = 'a';
}

CASE(exit_counts_down, SHALL,
    "The end of a process detaches all its segments: each attachment lowers shm_nattch by one and sets shm_dtime",
    "POSIX.1-2017 _exit() DESCRIPTION", "Linux shmop(2) NOTES")
{
	int id = segment_create(2 * page_size());
	struct child c = child_start(attach_twice, &id);
	child_reaches_end(&c);
	char *p = segment_attach(id, NULL, 0);
	CHECK_EQ(3, segment_stat(id).shm_nattch);
	CHECK_EQ(0, segment_stat(id).shm_dtime);

	time_t before = coarse_time();
	child_exits(&c);
	time_t after = coarse_time();

	CHECK_EQ(1, segment_stat(id).shm_nattch);
	CHECK_TIME_BETWEEN(before, after, segment_stat(id).shm_dtime);
	CHECK_EQ('a', p[0]);
}

CASE(exit_counts_down__inherited, SHALL,
    "The end of a process that only inherited its attachments lowers shm_nattch and sets shm_dtime too",
    "POSIX.1-2017 _exit() DESCRIPTION", "Linux shmop(2) NOTES")
{
	int id = segment_create(page_size());
	segment_attach(id, NULL, 0);
	segment_attach(id, NULL, SHM_RDONLY);
	struct child c = child_start(do_nothing, NULL);
	child_reaches_end(&c);
	CHECK_EQ(2 * 2, segment_stat(id).shm_nattch);
	CHECK_EQ(0, segment_stat(id).shm_dtime);

	time_t before = coarse_time();
	child_exits(&c);
	time_t after = coarse_time();

	CHECK_EQ(2, segment_stat(id).shm_nattch);
	known_defect(NETBSD, "",
	    "a child shares the list of its parent's attachments, and only the last process of a list sets shm_dtime",
	    "NetBSD sys/kern/sysv_shm.c shmexit()");
	CHECK_TIME_BETWEEN(before, after, segment_stat(id).shm_dtime);
}

CASE(kill_counts_down, SHALL, "SIGKILL lowers shm_nattch by each attachment of the process and sets shm_dtime",
    "POSIX.1-2017 _exit() Consequences of Process Termination")
{
	int id = segment_create(2 * page_size());
	char *p = segment_attach(id, NULL, 0);
	struct child c = child_start(attach_twice, &id);
	child_reaches_end(&c);
	CHECK_EQ(1 + 1 + 2, segment_stat(id).shm_nattch);
	CHECK_EQ(0, segment_stat(id).shm_dtime);

	time_t before = coarse_time();
	child_kill(&c);
	time_t after = coarse_time();

	CHECK_EQ(1, segment_stat(id).shm_nattch);
	CHECK_TIME_BETWEEN(before, after, segment_stat(id).shm_dtime);
	CHECK_EQ('a', p[0]);
}

CASE(exit_updates_lpid, OBSERVED,
    "After the end of a process with an attachment shm_lpid is its process ID, or that of the last caller",
    "POSIX.1-2017 <sys/shm.h>", "POSIX.1-2024 <sys/shm.h>",
    CHOICE("Linux shmctl(2)", "last-process-after-exit", "the one that attached"))
{
	int id = segment_create(page_size());
	segment_attach(id, NULL, 0);
	struct child c = child_start(do_nothing, NULL);

	child_exits(&c);

	pid_t last = segment_stat(id).shm_lpid;
	CHECK(last == c.pid || last == getpid());
	CHECK_INSTEAD(LINUX, last == c.pid);
	known_defect(LINUX, "", "the end of a process sets shm_lpid to it", "Linux ipc/shm.c shm_close()");
	observed("last-process-after-exit", "%s", last == c.pid ? "the one that ended" : "the one that attached");
}

/* Arguments: the segment, and where the program before exec had it attached. */
PROGRAM(after_exec)
{
	REQUIRE(argc == 3);
	int id = (int)number_from(argv[1]);
	void *before_exec = (void *)(uintptr_t)number_from(argv[2]);

	pause_for_parent();
	CHECK_FAILS(EINVAL, -1, shmdt(before_exec));
	CHECK_NE((void *)-1, shmat(id, NULL, 0));
}

static void
attach_and_exec(void *arg)
{
	int id = *(int *)arg;
	char *p = segment_attach(id, NULL, 0);

	p[0] = 'a';
	segment_attach(id, NULL, 0); /* not touched */
	pause_for_parent();
	program_become("after_exec", number_text(id).text, number_text((long long)(uintptr_t)p).text);
}

CASE(exec_detaches, SHALL, "A successful exec detaches all segments of the process, inherited or its own",
    "POSIX.1-2017 exec DESCRIPTION", "Linux shmop(2) NOTES")
{
	int id = segment_create(2 * page_size());
	char *p = segment_attach(id, NULL, 0);
	struct child c = child_start(attach_and_exec, &id);
	child_reaches_pause(&c);
	CHECK_EQ(1 + 1 + 2, segment_stat(id).shm_nattch);

	child_goes_on(&c);
	child_reaches_pause(&c); /* the new program */
	CHECK_EQ(1, segment_stat(id).shm_nattch);
	CHECK_EQ('a', p[0]);

	child_goes_on(&c);
	child_reaches_end(&c);
	CHECK_EQ(2, segment_stat(id).shm_nattch);
	child_exits(&c);
	CHECK_EQ(1, segment_stat(id).shm_nattch);
}

static void
fail_to_exec(void *arg)
{
	char *const arguments[] = { (char *)(uintptr_t) "none", NULL };
	char *p = arg;

	p[0] = 'a';
	CHECK_FAILS(ENOENT, -1, execv("./no-such-file", arguments));
	CHECK_FAILS(EACCES, -1, execv("/", arguments)); /* found, and no program */

	CHECK_EQ('a', p[0]);
	p[page_size()] = 'b';
	CHECK_SUCCEEDS(shmdt(p));
}

CASE(failed_exec_keeps, SHALL, "A failed exec leaves attachments in place", "POSIX.1-2017 exec RETURN VALUE")
{
	int id = segment_create(2 * page_size());
	char *p = segment_attach(id, NULL, 0);
	struct child c = child_start(fail_to_exec, p);

	child_reaches_end(&c);
	CHECK_EQ(1, segment_stat(id).shm_nattch);
	CHECK_EQ('b', p[page_size()]);
	child_exits(&c);
	CHECK_EQ(1, segment_stat(id).shm_nattch);
}
