/* SPDX-License-Identifier: BSD-2-Clause */

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <sys/resource.h>
#include <sys/wait.h>

#include "check.h"
#include "clock.h"
#include "guardian.h"
#include "platform.h"
#include "platform/unistd.h"
#include "process.h"
#include "record.h"

enum { AT_PAUSE = 'p', AT_END = 'e', CHILDREN_MAX = 64 };

/* The children of this process that were not waited for. */
static struct child children[CHILDREN_MAX];
static unsigned children_count;

/* The other side of the pipes, when this process is itself a child. */
static int parent_go = -1;
static int parent_reached = -1;

static void
close_if_open(int *descriptor)
{
	if (*descriptor != -1)
		close(*descriptor);
	*descriptor = -1;
}

static void
make_pipe(int ends[2])
{
	if (pipe(ends) == -1 || fcntl(ends[0], F_SETFD, FD_CLOEXEC) == -1 || fcntl(ends[1], F_SETFD, FD_CLOEXEC) == -1)
		end_skipped("needs more descriptors: cannot make a pipe for a child: %s", errno_name(errno));
}

/* Nothing of the parent's pipes may stay open in a child, or its brothers would not see that the parent has ended. */
static void
leave_parent(void)
{
	for (unsigned i = 0; i < children_count; i++) {
		close_if_open(&children[i].go);
		close_if_open(&children[i].reached);
	}
	children_count = 0;
	close_if_open(&parent_go);
	close_if_open(&parent_reached);
}

static void
tell_parent(char where)
{
	char go;

	if (write(parent_reached, &where, 1) != 1 || read(parent_go, &go, 1) != 1)
		_exit(EXIT_ORPHANED);
}

void
do_nothing(void *argument)
{
	(void)argument;
}

void
pause_for_parent(void)
{
	tell_parent(AT_PAUSE);
}

void
start_together(atomic_uint *arrived, unsigned count)
{
	atomic_fetch_add(arrived, 1);
	while (atomic_load(arrived) < count)
		sched_yield();
}

void
thread_start(pthread_t *thread, void *(*body)(void *), void *argument)
{
	int error = pthread_create(thread, NULL, body, argument);

	if (error == EAGAIN)
		end_skipped("needs more processes or addresses: pthread_create() gives EAGAIN");
	if (error != 0)
		end_failed("cannot create a thread: %s", errno_name(error));
}

void
child_end(void)
{
	unsigned left;

	tell_parent(AT_END);
	left = children_end();
	if (left > 0)
		check_failed(__FILE__, __LINE__, "a child left %u children of its own", left);
	guardian_finish();
	_exit(record_failures() > 0 ? EXIT_FAILED_CHECK : 0);
}

void
child_descriptors(int *go, int *reached)
{
	*go = parent_go;
	*reached = parent_reached;
}

void
child_resume_as(int go, int reached)
{
	parent_go = go;
	parent_reached = reached;
}

struct child
child_start(void (*body)(void *), void *argument)
{
	return child_start_as(SAME_USER, body, argument);
}

struct child
child_start_as(enum user user, void (*body)(void *), void *argument)
{
	int records = record_pipe();
	int go[2];
	int reached[2];
	pid_t self = getpid();
	struct child child;

	if (children_count == CHILDREN_MAX)
		end_failed("a case has more than %d children at a time", CHILDREN_MAX);
	make_pipe(go);
	make_pipe(reached);
	fflush(NULL); /* or the child's copy of what is buffered would be written twice */
	child = (struct child){ .pid = fork(), .go = go[1], .reached = reached[0] };
	if (child.pid == -1)
		end_skipped("needs more processes: cannot fork: %s", errno_name(errno));
	if (child.pid == 0) {
		const struct rlimit no_core = { 0, 0 };

		leave_parent();
		close(go[1]);
		close(reached[0]);
		child_resume_as(go[0], reached[1]);
		record_send_to(records);
		guardian_leave();
		/* Some children are meant to crash: by the signal, whatever a sanitizer would make of it, and quietly. */
		setrlimit(RLIMIT_CORE, &no_core);
		signal(SIGSEGV, SIG_DFL);
		signal(SIGBUS, SIG_DFL);
		end_when_stuck();
		user_become(user);
		die_with_parent(self); /* after the change of user, which would undo it */
		body(argument);
		child_end();
	}
	close(go[0]);
	close(reached[1]);
	children[children_count++] = child;
	guardian_knows_process(child.pid);
	return child;
}

static void
forget(const struct child *child)
{
	for (unsigned i = 0; i < children_count; i++)
		if (children[i].pid == child->pid)
			children[i] = children[--children_count];
}

static int
wait_for(struct child *child)
{
	int status = 0;

	while (waitpid(child->pid, &status, 0) == -1)
		if (errno != EINTR)
			end_failed("cannot wait for a child: %s", errno_name(errno));
	forget(child);
	close_if_open(&child->go);
	close_if_open(&child->reached);
	record_receive();
	return status;
}

/* Say how a child ended, where it should have gone on or ended otherwise. */
static void
describe(int status, char *text, size_t size)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		snprintf(text, size, "was stuck for %d seconds", STUCK_SECONDS);
	else if (WIFSIGNALED(status))
		snprintf(text, size, "died by %s", signal_name(WTERMSIG(status)));
	else
		snprintf(text, size, "exited with status %d", WEXITSTATUS(status));
}

/* True when the child said why it ended, which record_receive() has taken in already. */
static bool
told(int status)
{
	if (!WIFEXITED(status))
		return false;
	if (WEXITSTATUS(status) == EXIT_FAILED_CHECK && record_failures() == 0)
		record_count_failure(); /* a child's child: the text goes to the case itself */
	return WEXITSTATUS(status) == EXIT_FAILED_CHECK;
}

/* AT_PAUSE or AT_END: where the child is next. "wanted" is for the message. */
static char
next_stop(const char *file, int line, struct child *child, const char *wanted)
{
	char where = '\0';
	char end[64];
	ssize_t got;

	do
		got = read(child->reached, &where, 1);
	while (got == -1 && errno == EINTR);
	if (got != 1) {
		int status = wait_for(child);

		describe(status, end, sizeof(end));
		end_failed("%s:%d: a child %s before it reached its %s", file, line, end, wanted);
	}
	record_receive();
	child->at_end = where == AT_END;
	return where;
}

void
child_reaches(const char *file, int line, struct child *child, bool its_end)
{
	char where = next_stop(file, line, child, its_end ? "end" : "pause");

	if (where != (its_end ? AT_END : AT_PAUSE))
		end_failed("%s:%d: a child is at its %s, not at its %s", file, line, its_end ? "pause" : "end",
		    its_end ? "end" : "pause");
}

bool
child_stops(const char *file, int line, struct child *child)
{
	return next_stop(file, line, child, "next pause or its end") == AT_PAUSE;
}

bool
child_runs_on(const struct child *child)
{
	return poll(&(struct pollfd){ .fd = child->reached, .events = POLLIN }, 1, 0) == 0;
}

void
child_goes_on(struct child *child)
{
	if (write(child->go, "g", 1) != 1)
		end_failed("cannot let a child go on: %s", errno_name(errno));
}

/* The child runs to its end, or ends by itself on the way, which closes the pipe. */
static int
end_of(struct child *child)
{
	char where = '\0';
	ssize_t got = 1;

	if (!child->at_end) {
		do
			got = read(child->reached, &where, 1);
		while (got == -1 && errno == EINTR);
		if (got == 1 && where == AT_PAUSE)
			end_failed("a child is at a pause that nobody waits for");
	}
	if (got == 1)
		child_goes_on(child);
	return wait_for(child);
}

void
child_ends(const char *file, int line, struct child *child, bool by_signal, int number)
{
	int status = end_of(child);
	char end[64];

	if (by_signal ? WIFSIGNALED(status) && WTERMSIG(status) == number
		      : WIFEXITED(status) && WEXITSTATUS(status) == number)
		return;
	if (told(status))
		return;
	describe(status, end, sizeof(end));
	if (by_signal)
		check_failed(file, line, "a child %s, expected death by %s", end, signal_name(number));
	else
		check_failed(file, line, "a child %s, expected exit with status %d", end, number);
}

void
limit_to(int resource, rlim_t soft)
{
	struct rlimit limit;

	if (resource == -1)
		end_skipped("needs a resource limit that the platform lacks");
	if (getrlimit(resource, &limit) == -1)
		end_failed("cannot read a resource limit: %s", errno_name(errno));
	if (soft == RLIM_INFINITY)
		soft = limit.rlim_max;
	if (limit.rlim_max < soft)
		end_skipped(
		    "needs a limit of %ju where the hard limit is %ju", (uintmax_t)soft, (uintmax_t)limit.rlim_max);
	limit.rlim_cur = soft;
	if (setrlimit(resource, &limit) == 0)
		return;
	if (errno == EINVAL)
		end_skipped("needs a limit of %ju: setrlimit() gives EINVAL", (uintmax_t)soft);
	end_failed("cannot set a resource limit: %s", errno_name(errno));
}

/* Root without CAP_KILL may not kill a child that is another user. */
static bool
kill_process(void *child)
{
	return kill(((const struct child *)child)->pid, SIGKILL) == 0 || errno == ESRCH;
}

void
child_kill(struct child *child)
{
	done_by_some_user(kill_process, child);
	wait_for(child);
}

void
child_runs(const char *file, int line, enum user user, void (*body)(void *), void *argument)
{
	struct child child = child_start_as(user, body, argument);

	child_ends(file, line, &child, false, 0);
}

unsigned
children_end(void)
{
	unsigned count = children_count;

	for (unsigned i = 0; i < count; i++) {
		if (!done_by_some_user(kill_process, &children[i]))
			close_if_open(&children[i].go); /* it ends at its next pause */
		while (waitpid(children[i].pid, NULL, 0) == -1 && errno == EINTR)
			;
	}
	children_count = 0;
	return count;
}

int
next_descriptor(void)
{
	int fd = dup(STDERR_FILENO);

	REQUIRE(fd != -1);
	close(fd);
	return fd;
}

int
use_up_descriptors(void)
{
	int last = dup(STDERR_FILENO);

	limit_to(RLIMIT_NOFILE, 32);
	for (int next; (next = dup(STDERR_FILENO)) != -1;)
		last = next;
	REQUIRE(errno == EMFILE);
	return last;
}
