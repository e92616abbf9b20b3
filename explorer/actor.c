/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <sys/wait.h>

#include "actor.h"
#include "guardian.h"
#include "perform.h"

/* This actor, and its children. */
static unsigned me;
static pid_t children[PROCESSES];

bool
message_send(int to, const void *message, size_t size)
{
	ssize_t sent;

	/* Messages are shorter than _POSIX_PIPE_BUF: they are sent as a whole. */
	do
		sent = write(to, message, size);
	while (sent == -1 && errno == EINTR);
	return sent == (ssize_t)size;
}

bool
message_receive(int from, void *message, size_t size)
{
	char *bytes = message;
	size_t got = 0;

	while (got < size) {
		const ssize_t part = read(from, bytes + got, size - got);

		if (part == -1 && errno == EINTR)
			continue;
		if (part <= 0)
			return false;
		got += (size_t)part;
	}
	return true;
}

static struct answer
result_of(int result)
{
	return result == -1 ? FAILS(errno) : GIVES(result);
}

static void
close_ends(struct channel *c)
{
	close(c->to_actor[0]);
	close(c->from_actor[1]);
}

static struct answer
fork_actor(struct channel *channels, unsigned number)
{
	const pid_t pid = fork();

	if (pid == -1)
		return FAILS(errno);
	if (pid == 0) {
		close_ends(&channels[me]);
		me = number;
		memset(children, 0, sizeof(children));
		guardian_leave();
		return SUCCEEDS;
	}
	children[number] = pid;
	close_ends(&channels[number]);
	return GIVES(pid);
}

static struct answer
wait_for(unsigned number)
{
	int result;

	do
		result = waitpid(children[number], NULL, 0);
	while (result == -1 && errno == EINTR);
	if (result != children[number])
		return FAILS(errno);
	children[number] = 0;
	return SUCCEEDS;
}

/* The explorer has closed its pipes: the children end, too. Nobody else would wait for them in a container without an init. */
static _Noreturn void
end(void)
{
	for (unsigned i = 0; i < PROCESSES; i++)
		if (children[i] != 0)
			wait_for(i);
	_exit(0);
}

static struct answer
kill_actor(unsigned number)
{
	return kill(children[number], SIGKILL) == -1 ? result_of(-1) : wait_for(number);
}

void
actor_run(const struct scene *scene, struct channel *channels, unsigned number)
{
	struct operation o;
	struct answer answer;

	me = number;
	while (message_receive(channels[me].to_actor[0], &o, sizeof(o))) {
		const unsigned before = me;
		const unsigned other = o.arguments[PROCESS];

		switch (o.kind) {
		case FORK:
			answer = fork_actor(channels, other);
			if (me != before)
				continue; /* the parent answers */
			break;
		case EXIT:
			_exit(0);
		case KILL:
			answer = kill_actor(other);
			break;
		case WAIT_FOR_CHILD:
			answer = wait_for(other);
			break;
		case CLOSE_CHANNEL:
			close_ends(&channels[other]);
			answer = SUCCEEDS;
			break;
		default:
			answer = perform(scene, &o);
			break;
		}
		if (!message_send(channels[me].from_actor[1], &answer, sizeof(answer)))
			break;
	}
	end();
}
