/* SPDX-License-Identifier: BSD-2-Clause */

/* Finds the violation of this process, and applies it to calls. */

#include <pthread.h>
#include <stdlib.h>

#include <sys/mman.h>
#include <sys/stat.h>

#include "known.h"
#include "violation.h"

struct violation *first_violation;
static struct violation **last_violation = &first_violation;
static const struct violation *chosen;
static const char *trace;
static bool is_off; /* in this process */

/* There are thousands, and cases that make 65,530 mappings. */
static struct violation *of_interface[INTERFACE_COUNT];
static bool some_are_to_be_traced;

void
violation_register(struct violation *v)
{
	const char *name = getenv("SHMCHECK_VIOLATION");

	*last_violation = v;
	last_violation = &v->next;
	v->next_of_interface = of_interface[v->interface];
	of_interface[v->interface] = v;
	if (name == NULL)
		trace = getenv("SHMCHECK_VIOLATION_TRACE");
	else if (strcmp(name, v->name) == 0)
		chosen = v;
}

void
engine_turn_off(void)
{
	is_off = true;
}

bool
is_violated(void)
{
	return chosen != NULL;
}

bool
faults_are_violated(void)
{
	return trace != NULL || (chosen != NULL && chosen->interface == FAULT);
}

/* Open and closed again for each line, so that the cases' own descriptors are as they would be. */
static void
write_trace(struct violation *v)
{
	struct call open = { .interface = OPEN, .name = trace, .flags = O_WRONLY | O_APPEND | O_CLOEXEC };
	struct call write = { .interface = WRITE };
	struct call close = { .interface = CLOSE };
	char line[128];

	if (strlen(v->name) + 2 > sizeof(line))
		return;
	stpcpy(stpcpy(line, v->name), "\n");
	v->is_to_be_traced = real_call(&open) == -1; /* a process at its limit of descriptors: at a later call */
	some_are_to_be_traced |= v->is_to_be_traced;
	if (v->is_to_be_traced)
		return;
	v->was_traced = true;
	write.fd = close.fd = (int)open.result;
	write.buffer = line;
	write.length = strlen(line);
	real_call(&write);
	real_call(&close);
}

static bool
is_met(const struct violation *v, const struct call *c, bool is_made)
{
	bool wants_outcome = v->kind == OTHER_ERROR || v->kind == ACCEPTED || v->kind == FALSIFIED;

	if (v->interface != c->interface || wants_outcome != is_made)
		return false;
	if (v->kind == OTHER_ERROR && c->error != v->error)
		return false;
	if (v->kind == ACCEPTED && (c->error == 0 || (v->error != 0 && c->error != v->error)))
		return false;
	if (v->kind == FALSIFIED && c->error != 0)
		return false;
	return v->when(c);
}

static void
trace_call(const struct call *c, bool is_made)
{
	if (some_are_to_be_traced) {
		some_are_to_be_traced = false;
		for (struct violation *v = first_violation; v != NULL; v = v->next)
			if (v->is_to_be_traced)
				write_trace(v);
	}
	for (struct violation *v = of_interface[c->interface]; v != NULL; v = v->next_of_interface)
		if (!v->was_traced && !v->is_to_be_traced && is_met(v, c, is_made))
			write_trace(v);
}

/*
 * Whether the chosen violation applies to the call, before or after it is made. The calls that find it out are no cancellation
 * points of the caller.
 */
static bool
applies(const struct call *c, bool is_made)
{
	int state;
	bool it_does;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	bool are_stopped_here = known_stop_others();
	if (trace != NULL)
		trace_call(c, is_made);
	it_does = chosen != NULL && is_met(chosen, c, is_made);
	known_let_others_go_on(are_stopped_here);
	pthread_setcancelstate(state, NULL);
	return it_does;
}

void
call_fail(struct call *c, int error)
{
	c->result = returns_its_error(c->interface) ? error : failure_of(c->interface);
	c->error = error;
}

static void
succeed(struct call *c)
{
	c->result = 0;
	c->error = 0;
}

static void
make_before(struct call *c)
{
	switch (chosen->kind) {
	case REFUSED:
		call_fail(c, chosen->other_error);
		break;
	case SKIPPED:
		succeed(c);
		break;
	case CHANGED:
		chosen->act(c);
		real_call(c);
		break;
	default:
		succeed(c);
		chosen->act(c);
		break;
	}
}

static void
make_after(struct call *c)
{
	if (chosen->kind == OTHER_ERROR) {
		call_fail(c, chosen->other_error);
		return;
	}
	if (chosen->kind == ACCEPTED)
		succeed(c);
	chosen->act(c);
}

intptr_t
call_make(struct call *c)
{
	int error = errno;

	if (is_off) {
		real_call(c);
	} else {
		/*
		 * One call at a time for segments, so that what a row has found to be attached is so still when it acts. Most
		 * other calls may wait for another thread, or be cancelled.
		 */
		bool is_alone = c->interface == FORK || (c->interface >= SHMGET && c->interface <= SHMCTL);
		bool are_stopped_here = is_alone && known_stop_others();
		if (applies(c, false))
			make_before(c);
		else
			real_call(c);
		if (applies(c, true))
			make_after(c);
		known_update(c);
		known_let_others_go_on(are_stopped_here);
	}
	errno = c->error != 0 && !returns_its_error(c->interface) ? c->error : error;
	return c->result;
}
