/* SPDX-License-Identifier: BSD-2-Clause */

#include "c_line.h"
#include "c_memory.h"
#include "c_process.h"
#include "c_step.h"

/* Where a process becomes another user, main() stays who it is, and cleans up. Which process is which is told by several. */
static bool
has_several(const struct script *s)
{
	for (unsigned i = 0; i < s->count; i++) {
		const uint8_t kind = s->operations[i].kind;

		if (operation_makes_process(kind) || kind == EXEC || kind == EXIT || kind == KILL ||
		    kind == BECOME_OTHER || kind == IPC_USERS)
			return true;
	}
	return false;
}

/* Processes tell each other their numbers. */
static bool
tells_processes(const struct script *s)
{
	for (unsigned i = 0; i < s->count; i++)
		if (s->operations[i].kind == IPC_USERS)
			return true;
	return false;
}

/* The process that made another. */
static unsigned
parent_of(const struct script *s, unsigned process)
{
	for (unsigned i = 0; i < s->count; i++)
		if (operation_makes_process(s->operations[i].kind) && s->operations[i].arguments[PROCESS] == process)
			return s->operations[i].process;
	return 0;
}

/* Behind the step of a process: the next one is another's turn. Its parent first waits for what has exited. */
static void
write_turn(FILE *to, unsigned depth, const struct script *s, unsigned step, unsigned process)
{
	const struct operation *o = &s->operations[step];
	const unsigned next = s->operations[step + 1].process;

	if (o->kind == EXIT && o->process == process) {
		if (process != 0)
			c_line(to, depth, "turn_to(%u);", parent_of(s, process));
	} else if (next != process) {
		c_line(to, depth, "turn_to(%u);", next);
	}
}

static void
wait_for_exit(FILE *to, unsigned depth, const struct script *s, unsigned step, unsigned process)
{
	c_line(to, depth, "my_turn(%u);", process);
	c_line(to, depth, "waitpid(children[%u], NULL, 0);", s->operations[step].process);
	write_turn(to, depth, s, step, process);
}

static void write_steps(FILE *, const struct round *, unsigned process, unsigned first, unsigned depth);

/* "call" makes the process that the step names. */
static void
write_new_process(FILE *to, const struct round *r, unsigned step, unsigned depth, const char *call)
{
	const struct operation *o = &r->script.operations[step];
	const unsigned child = o->arguments[PROCESS];

	if (o->arguments[SIGNALS] != 0)
		c_line(to, depth, "signals_begin();");
	c_line(to, depth, "children[%u] = %s;", child, call);
	if (o->arguments[SIGNALS] != 0)
		c_line(to, depth, "signals_end();");
	c_line(to, depth, "result = children[%u] == -1 ? -1 : 0;", child);
	if (tells_processes(&r->script))
		c_line(to, depth, "known[%u] = children[%u] > 0 ? children[%u] : (int)getpid();", child, child, child);
}

static void
write_fork(FILE *to, const struct round *r, unsigned step, unsigned depth)
{
	const unsigned child = r->script.operations[step].arguments[PROCESS];

	write_new_process(to, r, step, depth, "fork()");
	c_line(to, depth, "if (children[%u] == 0) {", child);
	c_memory_inherit(to, depth + 1);
	write_steps(to, r, child, step + 1, depth + 1);
	c_line(to, depth, "}");
}

/* What the new process does is in a function of its own: see c_images(). It says that it is there. */
static void
write_start(FILE *to, const struct round *r, unsigned step, unsigned depth)
{
	const struct operation *o = &r->script.operations[step];
	char call[40];

	snprintf(call, sizeof(call), "%s(%u)", o->kind == SPAWN ? "spawn_again" : "vfork_again", step);
	write_new_process(to, r, step, depth, call);
	c_line(to, depth, "if (result == 0)");
	c_line(to, depth, "\tmy_turn(%u);", o->process);
}

/* The check behind the last step, or the turn of the process that does the next one. */
static void
write_end_of_step(FILE *to, unsigned depth, const struct round *r, unsigned step, unsigned process)
{
	const bool is_last = step + 1 == r->script.count;

	if (is_last)
		c_check(to, depth, r);
	if (is_last && has_several(&r->script)) {
		c_line(to, depth, "if (write(verdict[1], is_kept ? \"y\" : \"n\", 1) != 1)");
		c_line(to, depth, "\t_exit(2);");
	}
	if (!is_last)
		write_turn(to, depth, &r->script, step, process);
}

/* What comes behind it is in a function of its own: see c_images(). */
static void
write_exec(FILE *to, unsigned depth, const struct round *r, unsigned step, unsigned process)
{
	c_line(to, depth, "start_again(%u);", step);
	if (step + 1 < r->script.count) {
		c_line(to, depth, "_exit(2);");
		return;
	}
	c_line(to, depth, "result = -1;");
	write_end_of_step(to, depth, r, step, process);
	c_line(to, depth, "stay();");
}

/* Whether the step before this one gives the turn to nobody, as the process has done it, or has waited for it. */
static bool
has_turn(const struct script *s, unsigned step, unsigned process)
{
	const struct operation *before = &s->operations[step - 1];

	return step == 0 || before->process == process ||
	    (before->kind == EXIT && parent_of(s, before->process) == process);
}

/* The steps of one process from the first on. Those of its children are in blocks of their own. */
static void
write_steps(FILE *to, const struct round *r, unsigned process, unsigned first, unsigned depth)
{
	const struct script *s = &r->script;

	for (unsigned i = first; i < s->count; i++) {
		const struct operation *o = &s->operations[i];

		if (o->kind == EXIT && o->process != 0 && parent_of(s, o->process) == process)
			wait_for_exit(to, depth, s, i, process);
		if (o->process != process)
			continue;
		if (!has_turn(s, i, process))
			c_line(to, depth, "my_turn(%u);", process);
		c_step_comment(to, depth, o);
		if (o->kind == EXEC) {
			write_exec(to, depth, r, i, process);
			return;
		}
		if (o->kind == FORK)
			write_fork(to, r, i, depth);
		else if (operation_makes_process(o->kind))
			write_start(to, r, i, depth);
		else if (o->kind != EXIT)
			c_step(to, depth, o);
		write_end_of_step(to, depth, r, i, process);
		if (o->kind == EXIT) {
			c_line(to, depth, "_exit(0);");
			return;
		}
	}
	if (has_several(s))
		c_line(to, depth, "stay();");
}

void
c_process(FILE *to, const struct round *r, unsigned process, unsigned depth)
{
	write_steps(to, r, process, 0, depth);
}

/* A process that was started tells its parent that it is there. */
static void
write_greeting(FILE *to, const struct round *r, const struct operation *o)
{
	if (tells_processes(&r->script))
		c_line(to, 2, "known[%u] = (int)getpid();", o->arguments[PROCESS]);
	c_line(to, 2, "turn_to(%u);", o->process);
}

void
c_images(FILE *to, const struct round *r)
{
	fputs("static void\ngo_on(void)\n{\n\tswitch (step) {\n", to);
	for (unsigned i = 0; i < r->script.count; i++) {
		const struct operation *o = &r->script.operations[i];
		const unsigned process = o->kind == EXEC ? o->process : o->arguments[PROCESS];

		if (o->kind != EXEC && o->kind != SPAWN && o->kind != VFORK)
			continue;
		c_line(to, 1, "case %u: /* process %u */", i, process);
		if (o->kind == EXEC)
			write_end_of_step(to, 2, r, i, process);
		else
			write_greeting(to, r, o);
		write_steps(to, r, process, i + 1, 2);
		c_line(to, 2, "break;");
	}
	fputs("\t}\n}\n\n", to);
}
