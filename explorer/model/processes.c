/* SPDX-License-Identifier: BSD-2-Clause */

/* Processes: fork(), posix_spawn(), vfork(), exec, _exit(), SIGKILL. */

#include <errno.h>
#include <string.h>

#include "model.h"

RULE(fork_copies,
    "The child has the mappings, attachments and descriptors of its parent, what was private as it is now, and no "
    "locks",
    "POSIX.1-2017 fork() DESCRIPTION, shmat() DESCRIPTION");
RULE(fork_limit, "A system that has no room for a process makes none", "POSIX.1-2017 fork() ERRORS");
RULE(spawn_starts,
    "A process that posix_spawn() makes has the descriptors of its parent without FD_CLOEXEC, and nothing of its "
    "memory, which "
    "the parent keeps",
    "POSIX.1-2017 posix_spawn(), exec DESCRIPTION");
RULE(vfork_starts,
    "A child of vfork() that executes a program has the descriptors of its parent without FD_CLOEXEC, and nothing of "
    "its "
    "memory, which the parent keeps",
    "Linux, FreeBSD, NetBSD, DragonFly, illumos vfork(2); POSIX.1-2017 exec DESCRIPTION");
RULE(vfork_ends, "A child of vfork() that ends leaves its parent all that it has",
    "Linux, FreeBSD, NetBSD, DragonFly, illumos vfork(2)");
RULE(exec_keeps,
    "The process loses its mappings and attachments, and the descriptors with FD_CLOEXEC; it keeps the others",
    "POSIX.1-2017 exec DESCRIPTION, fcntl() DESCRIPTION");
RULE(exit_ends, "The process loses its mappings, attachments and descriptors, and nobody else does",
    "POSIX.1-2017 _exit() DESCRIPTION");
RULE(kill_ends, "The process loses its mappings, attachments and descriptors, and nobody else does",
    "POSIX.1-2017 kill() DESCRIPTION, _exit() CONSEQUENCES");

/* Which number a child has makes no difference: it is the next one. */
static bool
is_next(const struct question *q, unsigned child)
{
	unsigned next = 0;

	while (next < PROCESSES && q->before->processes[next].has_lived)
		next++;
	return child == next;
}

/* The child is as its parent. */
static void
copy(struct question *q, struct world *after, unsigned child)
{
	after->processes[child] = *process_before(q);
	after->processes[child].parent = q->operation->process;
	for (unsigned i = 0; i < PLACES; i++) {
		const struct view *v = &after->processes[child].views[i];

		if (!v->is_attachment)
			continue;
		segment_is_handed_on(after, v->backing, q->operation->process);
		segment_is_handed_on(after, v->backing, child);
	}
}

void
model_fork(struct question *q)
{
	const unsigned child = argument(q, PROCESS);
	struct world *after;

	if (!is_next(q, child))
		return;
	after = allow(q, &fork_copies, SUCCEEDS);
	copy(q, after, child);
	advice_at_fork(&after->processes[child]);
	for (unsigned i = 0; i < PLACES; i++)
		after->processes[child].views[i].lock = UNLOCKED;
	allow(q, &fork_limit, FAILS(EAGAIN));
}

/* Whether another user can execute the explorer is up to the directories where it is. */
static bool
can_execute(const struct question *q)
{
	return process_before(q)->user == FIRST_USER;
}

/* What a process does not keep that executes a program. */
static void
lose_at_exec(struct process *p)
{
	memset(p->views, 0, sizeof(p->views));
	for (unsigned i = 0; i < DESCRIPTORS; i++)
		if (p->descriptors[i].closes_on_exec)
			memset(&p->descriptors[i], 0, sizeof(p->descriptors[i]));
}

/* The child may have had the attachments of its parent for a while. */
void
model_spawn(struct question *q)
{
	const unsigned child = argument(q, PROCESS);
	struct world *after;

	if (!is_next(q, child) || !can_execute(q))
		return;
	after = allow(q, q->operation->kind == SPAWN ? &spawn_starts : &vfork_starts, SUCCEEDS);
	copy(q, after, child);
	for (unsigned i = 0; i < PLACES; i++)
		if (after->processes[child].views[i].is_attachment)
			segment_may_be_detached(after, after->processes[child].views[i].backing, child);
	lose_at_exec(&after->processes[child]);
	allow(q, &fork_limit, FAILS(EAGAIN));
}

/* What it had was its parent's. */
void
model_vfork_exit(struct question *q)
{
	allow(q, &vfork_ends, SUCCEEDS);
	allow(q, &fork_limit, FAILS(EAGAIN));
}

void
model_exec(struct question *q)
{
	struct world *after;

	if (!can_execute(q))
		return;
	after = allow(q, &exec_keeps, SUCCEEDS);
	process_leaves_segments(after, q->operation->process);
	lose_at_exec(process_after(q, after));
}

static bool
is_alone(const struct world *w)
{
	unsigned alive = 0;

	for (unsigned i = 0; i < PROCESSES; i++)
		alive += w->processes[i].is_alive;
	return alive == 1;
}

/* What the process had goes. */
static void
end(struct world *after, unsigned process)
{
	struct process *p = &after->processes[process];

	process_leaves_segments(after, process);
	memset(p, 0, sizeof(*p));
	p->has_lived = true;
}

static bool
has_children(const struct world *w, unsigned process)
{
	for (unsigned i = 1; i < PROCESSES; i++)
		if (w->processes[i].is_alive && w->processes[i].parent == process)
			return true;
	return false;
}

/* Somebody must wait for it, and for the children that it leaves, or nobody knows when they have ended. */
static bool
can_end(const struct question *q, unsigned process)
{
	return q->setting->orphans_end || !has_children(q->before, process);
}

/* Somebody stays to look. */
void
model_exit(struct question *q)
{
	const unsigned process = q->operation->process;

	if (!is_alone(q->before) && can_end(q, process))
		end(allow(q, &exit_ends, SUCCEEDS), process);
}

void
model_kill(struct question *q)
{
	const unsigned process = argument(q, PROCESS);
	const struct process *p = &q->before->processes[process];

	if (process != 0 && p->is_alive && p->parent == q->operation->process && can_end(q, process))
		end(allow(q, &kill_ends, SUCCEEDS), process);
}
