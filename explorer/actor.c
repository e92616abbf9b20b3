/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <sys/wait.h>

#include "actor.h"
#include "call.h"
#include "guardian.h"
#include "image.h"
#include "memory.h"
#include "perform.h"
#include "signals.h"

/* This actor, and its children. */
static unsigned me;
static pid_t children[PROCESSES];

static void
close_ends(const struct channel *c)
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
		memory_inherit();
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
	return kill(children[number], SIGKILL) == -1 ? answer_of_call(-1) : wait_for(number);
}

static struct image
image_of_actor(const struct scene *scene, const struct channel *channels, unsigned number)
{
	struct image image = {
		.scene = *scene, .belongings = perform_belongings(), .number = number, .guardian = guardian_descriptor()
	};

	memcpy(image.channels, channels, sizeof(image.channels));
	return image;
}

static struct answer
exec_actor(const struct scene *scene, const struct channel *channels)
{
	struct image image = image_of_actor(scene, channels, me);

	memcpy(image.children, children, sizeof(children));
	image_start(&image);
	return answer_of_call(-1);
}

static struct answer
start_actor(const struct scene *scene, const struct channel *channels, const struct operation *o)
{
	const unsigned number = o->arguments[PROCESS];
	struct image image = image_of_actor(scene, channels, number);
	pid_t pid;

	image.is_child = true;
	image.parent = me;
	pid = o->kind == SPAWN ? image_spawn(&image) : image_vfork(&image);
	if (pid == -1)
		return FAILS(errno);
	children[number] = pid;
	close_ends(&channels[number]);
	return GIVES(pid);
}

void
actor_go_on(struct image *image)
{
	const struct answer answer = SUCCEEDS;

	memcpy(children, image->children, sizeof(children));
	guardian_resume(image->guardian);
	if (image->is_child) {
		close_ends(&image->channels[image->parent]);
		guardian_leave();
	}
	perform_take(image->belongings);
	message_send(image->channels[image->number].from_actor[1], &answer, sizeof(answer));
	actor_run(&image->scene, image->channels, image->number);
}

void
actor_run(const struct scene *scene, struct channel *channels, unsigned number)
{
	struct operation o;
	struct answer answer;

	me = number;
	signals_take();
	while (message_receive(channels[me].to_actor[0], &o, sizeof(o))) {
		const unsigned before = me;
		const unsigned other = o.arguments[PROCESS];

		if (o.arguments[SIGNALS] != 0)
			signals_begin();
		switch (o.kind) {
		case FORK:
			answer = fork_actor(channels, other);
			if (me != before) {
				signals_end(); /* an emulator may hold a signal of the parent back */
				continue;      /* the parent answers */
			}
			break;
		case SPAWN:
		case VFORK:
			answer = start_actor(scene, channels, &o);
			break;
		case VFORK_EXIT:
			answer = answer_of_call(end_in_vfork());
			break;
		case EXEC:
			answer = exec_actor(scene, channels);
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
		if (o.arguments[SIGNALS] != 0)
			signals_end();
		if (!message_send(channels[me].from_actor[1], &answer, sizeof(answer)))
			break;
	}
	end();
}
