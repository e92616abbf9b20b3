/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Who has a System V segment attached: many children of one process, the last process that has a removed segment, a process
 * after exec, a process that has unmapped its attachment.
 */

#include <string.h>
#include <unistd.h>

#include <sys/wait.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "process.h"
#include "program.h"
#include "segment.h"

INTERFACE(shmid_ds, NEEDS_SEGMENTS)

static void
attach_and_fork(void *arg)
{
	segment_attach(*(int *)arg, NULL, 0);
	pause_for_parent();
	struct child heir = child_start(do_nothing, NULL);
	child_reaches_end(&heir);
	pause_for_parent();
	child_exits(&heir);
}

static void
attach_later(void *arg)
{
	pause_for_parent();
	segment_attach(*(int *)arg, NULL, 0);
}

CASE(fork_updates_lpid, OBSERVED,
    "fork() of a process with attachments sets shm_lpid to that process, or leaves it as it is",
    "POSIX.1-2017 <sys/shm.h>", "POSIX.1-2024 <sys/shm.h>",
    CHOICE("Linux shmctl(2)", "last-process-after-fork", "the one that attached"))
{
	int id = segment_create(page_size());
	struct child c = child_start(attach_and_fork, &id);
	child_reaches_pause(&c);
	struct child last = child_start(attach_later, &id);
	child_reaches_pause(&last);
	child_goes_on(&last);
	child_reaches_end(&last);

	child_goes_on(&c);
	child_reaches_pause(&c);

	pid_t process = segment_stat(id).shm_lpid;
	CHECK(process == c.pid || process == last.pid);
	if (process == c.pid)
		known_defect(LINUX, "", "fork() sets shm_lpid to the process that forks", "Linux ipc/shm.c shm_open()");
	observed("last-process-after-fork", "%s", process == c.pid ? "the one that forks" : "the one that attached");
	child_goes_on(&c);
	child_exits(&c);
	child_exits(&last);
}

static void
attach_twice(void *arg)
{
	segment_attach(*(int *)arg, NULL, 0);
	segment_attach(*(int *)arg, NULL, SHM_RDONLY);
}

CASE(control_keeps_lpid, DOCUMENTED,
    "shm_lpid is the process of the last shmat() or shmdt(): neither shmctl() nor shmget() sets it", "Linux shmctl(2)")
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, page_size(), 0600);
	struct child c = child_start(attach_twice, &id);
	child_reaches_end(&c);
	struct shmid_ds status = segment_stat(id);

	CHECK_EQ(id, shmget(key, 0, 0));
	CHECK_EQ(c.pid, segment_stat(id).shm_lpid);
	CHECK_SUCCEEDS(shmctl(id, IPC_SET, &status));
	CHECK_EQ(c.pid, segment_stat(id).shm_lpid);
	CHECK_SUCCEEDS(shmctl(id, IPC_RMID, NULL));
	CHECK_EQ(c.pid, segment_stat(id).shm_lpid);
	CHECK_EQ(2, segment_stat(id).shm_nattch);
	child_exits(&c);
}

enum { MANY = 90, TIMES = 3 };

struct crowd {
	int id;
	char *at[TIMES];
};

/* They end when this process closes the pipe, or ends. */
static void
have_many_children(void *arg)
{
	const struct crowd *crowd = arg;
	char *p = crowd->at[0];
	int go[2];
	pid_t pid = 1;
	int count = 0;
	REQUIRE(pipe(go) == 0);

	while (count < MANY && (pid = fork()) > 0)
		count++;
	int error = errno;
	if (pid == 0) {
		char nothing;

		close(go[1]);
		crowd->at[count % TIMES][count] = 'c';
		_exit(read(go[0], &nothing, 1) == 0 && crowd->at[TIMES - 1][MANY] == 'p' ? 0 : 1);
	}
	unsigned long attachments = (unsigned long)segment_stat(crowd->id).shm_nattch;
	p[MANY] = 'p';
	close(go[1]);
	for (int i = 0; i < count; i++) {
		int status = -1;

		REQUIRE(wait(&status) != -1);
		CHECK_EQ(0, status);
	}
	need(count == MANY || (error != EAGAIN && error != ENOMEM), "needs 90 more processes: fork() gives %s",
	    errno_name(error));
	CHECK_EQ(MANY, count);
	CHECK_EQ(TIMES * (2 + MANY), attachments);
	CHECK_BYTES('c', p, MANY);
}

/* More than eight bits could count. */
CASE(fork_counts_nattch__many_children, SHALL,
    "Ninety children at a time share a segment that their parent has attached three times, and each attachment counts",
    "POSIX.1-2017 fork() DESCRIPTION", "Linux shmop(2) NOTES", "illumos fork(2)")
{
	struct crowd crowd = { .id = segment_create(page_size()) };
	for (int i = 0; i < TIMES; i++)
		crowd.at[i] = segment_attach(crowd.id, NULL, 0);

	in_child(have_many_children, &crowd);

	CHECK_EQ(TIMES, segment_stat(crowd.id).shm_nattch);
}

static char *
attach_and_keep(int id)
{
	char *p = segment_attach(id, NULL, 0);

	pattern_store(1, p, page_size());
	pause_for_parent(); /* who removes the segment */
	CHECK_PATTERN(1, p, page_size());
	for (size_t at = 0; at < 2 * page_size(); at += page_size())
		CHECK_STORE_OK(p + at);
	return p;
}

static void
hold(void *arg)
{
	attach_and_keep(*(int *)arg);
}

/* A child has attached the segment, which this process has removed since and never attached. */
static struct child
last_holder(int id, void (*body)(void *))
{
	struct child c = child_start(body, &id);

	child_reaches_pause(&c);
	CHECK_SUCCEEDS(shmctl(id, IPC_RMID, NULL));
	child_goes_on(&c);
	return c;
}

CASE(last_holder_destroys__exit, SHALL,
    "A removed segment is destroyed when the last process that has it attached exits",
    "POSIX.1-2017 shmctl() DESCRIPTION", "POSIX.1-2017 _exit() Consequences of Process Termination", "Linux shmctl(2)",
    "Linux shmop(2) NOTES")
{
	int id = segment_create(2 * page_size());
	struct child c = last_holder(id, hold);
	child_reaches_end(&c);

	child_exits(&c);

	CHECK_DESTROYED(id);
}

CASE(last_holder_destroys__kill, SHALL,
    "A removed segment is destroyed when SIGKILL ends the last process that has it attached",
    "POSIX.1-2017 shmctl() DESCRIPTION", "POSIX.1-2017 _exit() Consequences of Process Termination", "Linux shmctl(2)",
    "Linux shmop(2) NOTES", COVERS("BS36"))
{
	int id = segment_create(2 * page_size());
	struct child c = last_holder(id, hold);
	child_reaches_end(&c);

	child_kill(&c);

	CHECK_DESTROYED(id);
}

PROGRAM(new_image)
{
	pause_for_parent();
}

static void
hold_and_exec(void *arg)
{
	attach_and_keep(*(int *)arg);
	program_become("new_image");
}

CASE(last_holder_destroys__exec, SHALL,
    "A removed segment is destroyed when the last process that has it attached executes another program",
    "POSIX.1-2017 shmctl() DESCRIPTION", "POSIX.1-2017 exec DESCRIPTION", "Linux shmctl(2)", "Linux shmop(2) NOTES")
{
	int id = segment_create(2 * page_size());
	struct child c = last_holder(id, hold_and_exec);

	child_reaches_pause(&c); /* the new image */

	CHECK_DESTROYED(id);
	child_goes_on(&c);
	child_exits(&c);
}

static void
store_second_page(void *p)
{
	pattern_store(2, (char *)p + page_size(), page_size());
}

static void
hold_and_fork(void *arg)
{
	char *p = attach_and_keep(*(int *)arg);

	in_child(store_second_page, p);
	CHECK_PATTERN(1, p, page_size());
	CHECK_PATTERN(2, p + page_size(), page_size());
	pause_for_parent();
	CHECK_SUCCEEDS(shmdt(p));
}

CASE(last_holder_destroys__detach, SHALL,
    "A removed segment stays when a child that inherited it exits, and is destroyed when the parent detaches it",
    "POSIX.1-2017 shmctl() DESCRIPTION", "POSIX.1-2017 fork() DESCRIPTION", "Linux shmctl(2)", "Linux shmop(2) NOTES",
    ALSO("shmdt.last-detach-of-removed-destroys"), COVERS("shmctl.destroy_at_last_detach"))
{
	int id = segment_create(2 * page_size());
	struct child c = last_holder(id, hold_and_fork);
	child_reaches_pause(&c);

	child_goes_on(&c);
	child_reaches_end(&c);

	CHECK_DESTROYED(id);
	child_exits(&c);
}

/* Arguments: the segment, and where the image before had it attached. There may be something else now. */
PROGRAM(at_old_address)
{
	REQUIRE(argc == 3);
	int id = (int)number_from(argv[1]);
	char *old = (char *)(uintptr_t)number_from(argv[2]);
	struct fault fault = fault_of_load(old);

	CHECK_FAILS(EINVAL, -1, shmdt(old));
	if (fault.signal == 0)
		CHECK(memcmp(old, segment_attach(id, NULL, SHM_RDONLY), page_size()) != 0);
	else if (says_unmapped(fault))
		CHECK_EQ(old, shmat(id, old, 0));
}

static void
attach_and_exec(void *arg)
{
	int id = *(int *)arg;
	char *p =
	    segment_attach(id, free_range(page_size()), 0); /* what the system picks may be no multiple of SHMLBA */

	pattern_store(1, p, page_size());
	program_become("at_old_address", number_text(id).text, number_text((long long)(uintptr_t)p).text);
}

CASE(exec_detaches__addresses_free, SHALL,
    "After exec the address of an attachment is free, and the same segment can be attached there again",
    "POSIX.1-2017 exec DESCRIPTION", "Linux shmop(2) NOTES", "Linux execve(2)", "illumos exec(2)",
    NEEDS_SEGMENTS_THAT_STAY)
{
	int id = segment_create(page_size());

	in_child(attach_and_exec, &id);
}

struct unmapping {
	int id;
	size_t first; /* page */
	size_t pages; /* of three */
};

static void
attach_and_unmap(void *arg)
{
	const struct unmapping *u = arg;
	char *p = segment_attach(u->id, NULL, 0);
	pattern_store(1, p, 3 * page_size());
	pause_for_parent();

	bool unmapped = munmap(p + u->first * page_size(), u->pages * page_size()) == 0;
	need(unmapped, "needs munmap() for an attachment: %s", errno_name(errno));

	for (size_t i = 0; i < 3; i++)
		if (i < u->first || i >= u->first + u->pages)
			CHECK_PATTERN_FROM(1, i * page_size(), p + i * page_size(), page_size());
}

/* The count may change from one to what is in between. */
static void
check_unmapping(struct unmapping u, unsigned long lowest, unsigned long highest, const char *key)
{
	struct child c = child_start(attach_and_unmap, &u);
	child_reaches_pause(&c);
	struct shmid_ds expected = segment_stat(u.id);
	child_goes_on(&c);
	child_reaches_end(&c);

	struct shmid_ds now = segment_stat(u.id);
	unsigned long count = (unsigned long)now.shm_nattch;
	CHECK(count >= lowest);
	CHECK(count <= highest);
	CHECK_EQ(c.pid, now.shm_lpid);
	observed(key, "shm_nattch %lu, shm_dtime %s", count, now.shm_dtime != 0 ? "set" : "not set");
	expected.shm_nattch = now.shm_nattch;
	expected.shm_atime = now.shm_atime;
	expected.shm_dtime = now.shm_dtime;
	CHECK_STATUS_UNCHANGED(expected, u.id);
	child_exits(&c);
}

CASE(munmap_changes__whole, OBSERVED, "munmap() of a whole attachment lowers shm_nattch by one, or leaves it as it is",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", "Linux ipc/shm.c shm_close()",
    NEEDS_SEGMENTS_THAT_STAY)
{
	check_unmapping((struct unmapping){ segment_create(3 * page_size()), 0, 3 }, 0, 1, "munmap-of-whole");
}

CASE(munmap_changes__end, OBSERVED,
    "munmap() of the last two pages of an attachment leaves shm_nattch as it is, and may set the times",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", "Linux ipc/shm.c shm_close()")
{
	check_unmapping((struct unmapping){ segment_create(3 * page_size()), 1, 2 }, 1, 1, "munmap-of-end");
}

CASE(munmap_changes__middle, OBSERVED,
    "munmap() in the middle of an attachment leaves shm_nattch as it is or raises it by one, and may set the times",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", "Linux ipc/shm.c shm_close()")
{
	check_unmapping((struct unmapping){ segment_create(3 * page_size()), 1, 1 }, 1, 2, "munmap-amid");
}
