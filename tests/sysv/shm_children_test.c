/* SPDX-License-Identifier: BSD-2-Clause */

/* Children that do new things with the System V segments that they inherit, and how many attachments count then. */

#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <unistd.h>

#include <sys/wait.h>

#include "case.h"
#include "clock.h"
#include "fault.h"
#include "process.h"
#include "segment.h"

INTERFACE(shmid_ds, NEEDS_SEGMENTS)

static size_t
size(void)
{
	return 3 * page_size();
}

static unsigned long
attachments(int id)
{
	return (unsigned long)segment_stat(id).shm_nattch;
}

static void
attach_and_abort(void *arg)
{
	char *p = segment_attach(*(int *)arg, NULL, 0);

	segment_attach(*(int *)arg, NULL, SHM_RDONLY);
	pattern_store(1, p, size());
	abort();
}

CASE(kill_counts_down__by_abort, SHALL, "abort() detaches all segments of the process and leaves what it has stored",
    "POSIX.1-2017 _exit() Consequences of Process Termination", "POSIX.1-2017 abort() DESCRIPTION",
    "Linux shmop(2) NOTES", COVERS("BS35"))
{
	int id = segment_create(size());
	char *p = segment_attach(id, NULL, 0);
	time_t before = coarse_time();
	struct child c = child_start(attach_and_abort, &id);

	child_dies(&c, SIGABRT);

	CHECK_EQ(1, attachments(id));
	CHECK_TIME_BETWEEN(before, coarse_time(), segment_stat(id).shm_dtime);
	CHECK_PATTERN(1, p, size());
}

enum { HOLDERS = 9 };

struct holder {
	int id;
	unsigned number;
};

static unsigned
attachments_of(unsigned number)
{
	return number % 3 + 1;
}

static void
attach_some(void *arg)
{
	const struct holder *h = arg;

	for (unsigned i = 0; i < attachments_of(h->number); i++) {
		char *p = segment_attach(h->id, NULL, i == 0 ? 0 : SHM_RDONLY);
		if (i == 0)
			p[h->number] = (char)h->number;
	}
}

CASE(kill_counts_down__in_any_order, SHALL,
    "Of nine processes with one to three attachments each, some "
    "exit and some are killed: each takes its own count along",
    "POSIX.1-2017 _exit() Consequences of Process Termination", "Linux shmop(2) NOTES",
    ALSO("shmid_ds.exit-counts-down"), COVERS("BS115"))
{
	struct child c[HOLDERS];
	unsigned long count = 1;
	int id = segment_create(size());
	char *p = segment_attach(id, NULL, 0);
	for (unsigned i = 0; i < HOLDERS; i++) {
		struct holder h = { id, i };

		c[i] = child_start(attach_some, &h);
		child_reaches_end(&c[i]);
		count += 1 + attachments_of(i);
		CHECK_EQ(count, attachments(id));
	}

	for (unsigned i = 0; i < HOLDERS; i++) {
		unsigned next = (i * 4 + 2) % HOLDERS; /* each once, in no order */

		if (next % 2 == 0)
			child_kill(&c[next]);
		else
			child_exits(&c[next]);
		count -= 1 + attachments_of(next);
		CHECK_EQ(count, attachments(id));
		CHECK_EQ((char)next, p[next]);
	}
}

/* The argument of bodies that run in a child and in the child's child. */
struct family {
	int id;
	int other;
	char *p;
	char *q;
};

static void
find_nothing_there(void *arg)
{
	const struct family *f = arg;

	CHECK_UNMAPPED(f->p, size());
	CHECK_FAILS(EINVAL, -1, shmdt(f->p));
	CHECK_EQ(1, attachments(f->id));
}

static void
detach_and_fork(void *arg)
{
	const struct family *f = arg;

	CHECK_EQ(2, attachments(f->id));
	CHECK_SUCCEEDS(shmdt(f->p));
	CHECK_EQ(1, attachments(f->id));
	in_child(find_nothing_there, arg);
}

CASE(fork_counts_nattch__detached_before, SHALL,
    "A child that detaches what it has inherited hands nothing on to its own child, and its parent keeps it",
    "POSIX.1-2017 shmdt() DESCRIPTION", "POSIX.1-2017 fork() DESCRIPTION", "Linux shmop(2)")
{
	struct family f = { .id = segment_create(size()) };
	f.p = segment_attach(f.id, NULL, 0);
	pattern_store(1, f.p, size());

	in_child(detach_and_fork, &f);

	CHECK_PATTERN(1, f.p, size());
	CHECK_EQ(1, attachments(f.id));
}

static void
use_both(void *arg)
{
	const struct family *f = arg;

	CHECK_PATTERN(1, f->p, size());
	CHECK_PATTERN(2, f->q, size());
	pattern_store(3, f->p, size());
	pattern_store(4, f->q, size());
	CHECK_EQ(3, attachments(f->id));
	CHECK_EQ(2, attachments(f->other));
	CHECK_SUCCEEDS(shmdt(f->q));
	CHECK_EQ(1, attachments(f->other));
}

static void
attach_more_and_fork(void *arg)
{
	struct family *f = arg;

	f->q = segment_attach(f->other, NULL, 0);
	pattern_store(2, f->q, size());
	in_child(use_both, f);
	CHECK_PATTERN(3, f->p, size());
	CHECK_PATTERN(4, f->q, size());
	CHECK_EQ(2, attachments(f->id));
	CHECK_EQ(1, attachments(f->other));
}

CASE(fork_counts_nattch__attached_in_between, SHALL,
    "A grandchild shares what the child has inherited and what the child has attached itself, which the parent lacks",
    "POSIX.1-2017 fork() DESCRIPTION", "Linux shmop(2)", "illumos fork(2)", NEEDS_SEGMENTS_THAT_STAY)
{
	struct family f = { .id = segment_create(size()), .other = segment_create(size()) };
	f.p = segment_attach(f.id, NULL, 0);
	pattern_store(1, f.p, size());

	in_child(attach_more_and_fork, &f);

	CHECK_PATTERN(3, f.p, size());
	CHECK_EQ(1, attachments(f.id));
	CHECK_EQ(0, attachments(f.other));
	CHECK_PATTERN(4, segment_attach(f.other, NULL, SHM_RDONLY), size());
}

static void
remove_and_use(void *arg)
{
	const struct family *f = arg;

	segment_remove(f->id);
	pattern_store(2, f->p, size());
}

static void
let_child_remove(void *arg)
{
	const struct family *f = arg;

	in_child(remove_and_use, arg);
	CHECK_PATTERN(2, f->p, size());
	pause_for_parent(); /* which detaches meanwhile */
	CHECK_PATTERN(3, f->p, size());
	CHECK_SUCCEEDS(shmdt(f->p)); /* the last */
	CHECK_DESTROYED(f->id);
}

CASE(last_holder_destroys__after_removal_by_grandchild, SHALL,
    "A segment that a grandchild removes lives on for the child and the parent, until the last of them detaches it",
    "POSIX.1-2017 shmctl() DESCRIPTION", "POSIX.1-2017 fork() DESCRIPTION", "Linux shmop(2)")
{
	struct family f = { .id = segment_create(size()) };
	f.p = segment_attach(f.id, NULL, 0);
	pattern_store(1, f.p, size());
	struct child c = child_start(let_child_remove, &f);
	child_reaches_pause(&c);

	CHECK_PATTERN(2, f.p, size());
	pattern_store(3, f.p, size());
	CHECK_SUCCEEDS(shmdt(f.p));
	child_goes_on(&c);
	child_exits(&c);
}

/* Start cat, which hands on what it reads. It has become that program when it has done so once. */
static pid_t
spawn_cat(int *to, int *from)
{
	char *const arguments[] = { (char *)(uintptr_t) "cat", NULL };
	char *const environment[] = { NULL };
	posix_spawn_file_actions_t actions;
	int in[2];
	int out[2];
	pid_t cat;
	char byte = 'c';

	REQUIRE(pipe(in) == 0);
	REQUIRE(pipe(out) == 0);
	REQUIRE_SUCCEEDS(posix_spawn_file_actions_init(&actions));
	REQUIRE_SUCCEEDS(posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO));
	REQUIRE_SUCCEEDS(posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO));
	REQUIRE_SUCCEEDS(posix_spawn_file_actions_addclose(&actions, in[1]));
	int error = posix_spawnp(&cat, "cat", &actions, NULL, arguments, environment);
	need(error == 0, "needs cat, and a process more: posix_spawnp() returns %s", errno_name(error));
	posix_spawn_file_actions_destroy(&actions);
	close(in[0]);
	close(out[1]);
	REQUIRE(write(in[1], &byte, 1) == 1);
	REQUIRE(read(out[0], &byte, 1) == 1);
	*to = in[1];
	*from = out[0];
	return cat;
}

CASE(exec_detaches__spawned, SHALL,
    "A process that posix_spawn() starts has no attachment: shm_nattch stays, and the caller keeps its data",
    "POSIX.1-2017 posix_spawn() DESCRIPTION", "POSIX.1-2017 exec DESCRIPTION", COVERS("BS39"))
{
	int id = segment_create(size());
	char *p = segment_attach(id, NULL, 0);
	pattern_store(1, p, size());
	int to;
	int from;
	int status = -1;

	pid_t cat = spawn_cat(&to, &from);

	CHECK_EQ(1, attachments(id));
	close(to);
	REQUIRE(waitpid(cat, &status, 0) == cat);
	close(from);
	REQUIRE(status == 0);
	CHECK_EQ(1, attachments(id));
	CHECK_PATTERN(1, p, size());
}
