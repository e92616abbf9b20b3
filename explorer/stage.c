/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "actor.h"
#include "clock.h"
#include "guardian.h"
#include "image.h"
#include "model/model.h"
#include "names.h"
#include "outcome.h"
#include "places.h"
#include "permission.h"
#include "platform.h"
#include "platform/shm.h"
#include "platform/unistd.h"
#include "scene_setup.h"
#include "script.h"
#include "segment.h"
#include "site.h"
#include "stage.h"

static struct scene scene;
static struct channel channels[PROCESSES];
static struct {
	bool is_alive;
	bool is_waited_for; /* or does not need it */
	unsigned parent;
	pid_t pid;
} actors[PROCESSES];

/* Units start where segments can be attached. */
static uint32_t
unit_of(unsigned pages)
{
	const size_t multiple = attach_multiple();

	return (uint32_t)((page_size() * pages + multiple - 1) / multiple * multiple);
}

void
stage_begin(unsigned pages_of_unit)
{
	signal(SIGPIPE, SIG_IGN); /* an actor that has died is seen by the write that fails */
	scene.setting = (struct setting){ .page = (uint32_t)page_size(),
		.unit = unit_of(pages_of_unit),
		.has_objects = site_has_objects(),
		.can_exec = image_can_start(),
		.has_vfork = site_has_vfork(),
		.orphans_end = adopt_orphans(),
		.codes_tell = fault_codes_tell(),
		.io_sees_mappings = reads_see_mappings(),
		.objects_can_be_read = platform_is(LINUX | FREEBSD | NETBSD),
		.objects_have_offsets = platform_is(LINUX),
		.signal_of_protection = signal_of_protection() };
	scene.setting.has_segments = site_has_segments(&scene.setting);
	site_find_locks(&scene.setting);
	site_find_alternatives(&scene.setting);
	scene_prepare(&scene);
	scene.places = places_take((size_t)PLACES * scene.setting.unit, scene.setting.unit);
}

const struct setting *
stage_setting(void)
{
	return &scene.setting;
}

static void
make_channels(void)
{
	for (unsigned i = 0; i < PROCESSES; i++) {
		actors[i].is_alive = false;
		actors[i].is_waited_for = true;
		if (pipe(channels[i].to_actor) == -1 || pipe(channels[i].from_actor) == -1)
			end_skipped("needs more descriptors: cannot make pipes for the actors: %s", errno_name(errno));
	}
}

static void
close_ends(bool of_actors)
{
	for (unsigned i = 0; i < PROCESSES; i++) {
		close(channels[i].to_actor[!of_actors]);
		close(channels[i].from_actor[of_actors]);
	}
}

void
stage_raise(void)
{
	const struct rlimit no_core = { 0, 0 };

	make_channels();
	for (unsigned i = 0; i < PROCESSES; i++)
		actors[i].pid = 0;
	scene.start = coarse_time();
	fflush(NULL);
	actors[0].pid = fork();
	if (actors[0].pid == -1)
		end_skipped("needs more processes: cannot start an actor: %s", errno_name(errno));
	if (actors[0].pid == 0) {
		setrlimit(RLIMIT_CORE, &no_core);
		umask(MASK_OF_ACTORS);
		guardian_leave();
		close_ends(false);
		places_free();
		actor_run(&scene, channels, 0);
	}
	setpgid(actors[0].pid, actors[0].pid); /* so that all actors can be killed at once */
	close_ends(true);
	actors[0].is_alive = true;
	actors[0].is_waited_for = false;
}

/* Take an answer of the actor. */
static struct answer
answer_of(unsigned number)
{
	const int from = channels[number].from_actor[0];
	struct answer answer;

	if (poll(&(struct pollfd){ .fd = from, .events = POLLIN }, 1, STUCK_SECONDS * 1000) == 0)
		return FAULTS(ACTOR_HANGS, 0);
	if (message_receive(from, &answer, sizeof(answer)))
		return answer;
	actors[number].is_alive = false;
	return FAULTS(ACTOR_DIED, 0);
}

/* Segments of the round that no key finds; and those since the guardian began, which remembers all of them. */
static struct {
	int ids[SCRIPT_MAX];
	unsigned count;
	unsigned known;
} private_segments;
enum { KNOWN_MAX = 1000 };

static struct answer
take_segment(const struct operation *o, struct answer answer)
{
	if (o->arguments[CREATES] == CREATES_PRIVATE && answer.error == 0 && answer.signal == 0) {
		private_segments.ids[private_segments.count++ % SCRIPT_MAX] = (int)answer.value[1];
		private_segments.known++;
		answer.value[1] = 0;
	}
	return answer;
}

/* Processes are told by their numbers. */
static uint32_t
number_of_process(uint32_t pid)
{
	if (pid == 0)
		return NO_PROCESS;
	for (unsigned i = 0; i < PROCESSES; i++)
		if (pid == (uint32_t)actors[i].pid)
			return i;
	return UNKNOWN_PROCESS;
}

static struct answer
named_processes(const struct operation *o, struct answer answer)
{
	if (o->kind == IPC_USERS && answer.error == 0 && answer.signal == 0)
		for (unsigned i = 0; i < 2; i++)
			answer.value[i] = number_of_process(answer.value[i]);
	return answer;
}

/* It is removed unless it is another one by now. */
static void
remove_segment(int id)
{
	struct shmid_ds status;

	if (!ask_segment(id, &status) || number_of_process((uint32_t)status.shm_cpid) < PROCESSES)
		shmctl(id, IPC_RMID, NULL);
}

static void
remove_private_segments(void)
{
	for (unsigned i = 0; i < private_segments.count && i < SCRIPT_MAX; i++)
		remove_segment(private_segments.ids[i]);
	private_segments.count = 0;
	if (private_segments.known < KNOWN_MAX)
		return;
	private_segments.known = 0;
	scene_renew(&scene);
}

static struct answer
ask(unsigned number, unsigned kind, unsigned process)
{
	struct operation o = { .kind = (uint8_t)kind, .process = (uint8_t)number };

	o.arguments[PROCESS] = (uint8_t)process;
	message_send(channels[number].to_actor[1], &o, sizeof(o));
	return answer_of(number);
}

/* The other actors do not keep the ends of the new one. */
static void
actor_is_born(unsigned number, unsigned parent, pid_t pid)
{
	for (unsigned i = 0; i < PROCESSES; i++)
		if (actors[i].is_alive && i != parent)
			ask(i, CLOSE_CHANNEL, number);
	actors[number].is_alive = true;
	actors[number].is_waited_for = false;
	actors[number].parent = parent;
	actors[number].pid = pid;
}

/* The first actor is a child of the explorer, which has also adopted those whose parents have ended. */
static bool
is_child_of_explorer(unsigned number)
{
	return number == 0 || !actors[actors[number].parent].is_alive;
}

static void
wait_here(unsigned number)
{
	while (waitpid(actors[number].pid, NULL, 0) == -1 && errno == EINTR)
		;
	actors[number].is_waited_for = true;
}

/* An actor that was told to end closes its pipe. What it had is gone when its parent has waited for it. */
static struct answer
actor_has_ended(unsigned number, struct answer at_end)
{
	if (at_end.signal != ACTOR_DIED)
		return at_end;
	actors[number].is_alive = false;
	if (!is_child_of_explorer(number)) {
		actors[number].is_waited_for = true;
		return ask(actors[number].parent, WAIT_FOR_CHILD, number);
	}
	wait_here(number);
	return SUCCEEDS;
}

/*
 * The answer to fork() is the child's number to the system, which only the explorer needs. A program that was started says itself
 * when it is there.
 */
static struct answer
take_child(const struct operation *o, struct answer answer)
{
	if (answer.error != 0 || answer.signal != 0)
		return answer;
	actor_is_born(o->arguments[PROCESS], o->process, (pid_t)answer.value[0]);
	return o->kind == FORK ? SUCCEEDS : answer_of(o->arguments[PROCESS]);
}

struct answer
stage_do(const struct operation *o)
{
	struct answer answer;

	message_send(channels[o->process].to_actor[1], o, sizeof(*o));
	answer = named_processes(o, answer_of(o->process));
	if (o->kind == EXIT)
		return actor_has_ended(o->process, answer);
	if (o->kind == SHMGET)
		return take_segment(o, answer);
	if (operation_makes_process(o->kind))
		return take_child(o, answer);
	if (o->kind == KILL) {
		actors[o->arguments[PROCESS]].is_alive = false;
		actors[o->arguments[PROCESS]].is_waited_for = true;
	}
	return answer;
}

void
stage_do_all(const struct operation *o, unsigned count, struct answer *answers)
{
	_Static_assert(OPERATIONS_AT_ONCE * sizeof(*o) <= 512, "the pipe has room for all of it");
	_Static_assert(OPERATIONS_AT_ONCE * sizeof(*answers) <= 512, "the pipe has room for all of it");

	message_send(channels[o->process].to_actor[1], o, count * sizeof(*o));
	for (unsigned i = 0; i < count; i++)
		answers[i] = named_processes(&o[i], answer_of(o->process));
}

/* Each actor ends when its pipe is closed and its children have ended. */
static void
end_actors(void)
{
	bool is_child[PROCESSES];

	for (unsigned i = 0; i < PROCESSES; i++) {
		is_child[i] = is_child_of_explorer(i);
		close(channels[i].to_actor[1]);
	}
	for (unsigned i = 0; i < PROCESSES; i++) {
		if (actors[i].is_alive && answer_of(i).signal == ACTOR_HANGS)
			kill(-actors[0].pid, SIGKILL);
		close(channels[i].from_actor[0]);
	}
	for (unsigned i = 0; i < PROCESSES; i++) {
		if (!actors[i].is_waited_for && is_child[i])
			wait_here(i);
		actors[i].is_alive = false;
	}
}

void
stage_clear(void)
{
	end_actors();
	scene_clear(&scene);
	remove_private_segments();
}
