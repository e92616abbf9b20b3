/* SPDX-License-Identifier: BSD-2-Clause */

#include "answer.h"
#include "c_line.h"
#include "c_memory.h"
#include "c_parts.h"
#include "c_process.h"
#include "c_program.h"
#include "c_step.h"

static const char main_of_one[] = "int\nmain(void)\n{\n\tprepare();\n";
static const char end_of_main_of_one[] = "\tclean_up();\n\treturn is_kept ? 0 : 1;\n}\n";

static const char main_of_several[] = "int\nmain(void)\n{\n\tchar seen;\n\n";
static const char main_of_images[] =
    "int\nmain(int count, char **arguments)\n{\n\tchar seen;\n\n\tprogram = arguments[0];\n"
    "\tif (count > 1) {\n\t\tremember(arguments);\n\t\tgo_on();\n\t}\n";
static const char start_of_several[] =
    "\tprepare();\n"
    "\tfor (int i = 0; i < 4; i++)\n\t\tif (pipe(turns[i]) == -1)\n\t\t\treturn 2;\n"
    "\tif (pipe(verdict) == -1 || pipe(end) == -1)\n\t\treturn 2;\n"
    "\tchildren[0] = fork();\n\tif (children[0] == -1)\n\t\treturn 2;\n"
    "\tif (children[0] == 0) {\n\t\tclose(end[1]);\n\t\tclose(verdict[0]);\n\t\tfirst_process();\n\t}\n";
static const char end_of_main_of_several[] =
    "\tclose(verdict[1]);\n\tif (read(verdict[0], &seen, 1) != 1)\n\t\tseen = 'n';\n"
    "\tclean_up();\n\tclose(end[1]);\n\treturn seen == 'y' ? 0 : 1;\n}\n";

static uint64_t
operations_of(const struct script *s)
{
	uint64_t used = 0;
	bool takes_turns = false;
	bool tells = false;

	for (unsigned i = 0; i < s->count; i++) {
		const struct operation *o = &s->operations[i];

		used |= ONLY(o->kind);
		if (o->kind == MMAP && o->arguments[OF] != 0)
			used |= ONLY(CLOSE); /* it has a descriptor */
		takes_turns |= o->process != s->operations[0].process || o->kind == SPAWN || o->kind == VFORK;
		tells |= o->kind == IPC_USERS;
		if (o->arguments[ADDRESS] != PLACE && o->arguments[ADDRESS] <= NEIGHBOUR)
			used |= CHOOSES;
		if (o->arguments[SIGNALS] != 0)
			used |= INTERRUPTED;
		if (o->kind == SHMGET && o->arguments[CREATES] == CREATES_PRIVATE)
			used |= MAKES_PRIVATE;
	}
	if (takes_turns)
		used |= tells ? TELLS_PROCESSES : TAKES_TURNS;
	if ((used & CHOOSES) && (used & ONLY(SHMAT)))
		used |= CHOOSES_ATTACH;
	if ((used & CHOOSES) && (used & ONLY(MUNMAP)))
		used |= CHOOSES_UNMAP;
	if ((used & CHOOSES) && (used & ONLY(ADVISE)))
		used |= CHOOSES_ADVICE;
	if ((used & CHOOSES) && (used & ONLY(SHMDT)))
		used |= CHOOSES_DETACH;
	return used;
}

/* What is promised of the last operation, and by which documents, as a comment. */
static void
write_report(FILE *to, const struct round *r)
{
	const struct operation *last = &r->script.operations[r->script.count - 1];
	char text[LINE_SIZE];

	operation_print(last, text, sizeof(text));
	fprintf(to, "/*\n * The last step, \"%s\", must do what the documents say:\n", text);
	for (unsigned i = 0; i < r->allowed.count; i++) {
		const struct outcome *o = &r->allowed.list[i];

		answer_print(last, &o->answer, text, sizeof(text));
		fprintf(to, " *   it %s. %s: %s.\n", text, o->rule->source, o->rule->sentence);
	}
	answer_print(last, &r->seen, text, sizeof(text));
	fprintf(to, " * Where this was written, it %s.\n *\n", text);
	fprintf(
	    to, " * The program exits with 0 if that is so, and with 1 if not. Some systems need -lrt to link it.\n");
	if ((operations_of(&r->script) & STARTS_AGAIN) != 0)
		fprintf(to, " * It starts itself again: call it by a path, as ./program.\n");
	fprintf(to, " */\n\n");
}

/* Where the first process exits, it is main() that waits for it. */
static void
write_wait_of_main(FILE *to, const struct script *s)
{
	for (unsigned i = 0; i + 1 < s->count; i++)
		if (s->operations[i].kind == EXIT && s->operations[i].process == 0) {
			c_line(to, 1, "waitpid(children[0], NULL, 0);");
			c_line(to, 1, "turn_to(%u);", s->operations[i + 1].process);
		}
}

/* What the first process does, and what each one does when it has started the program again; main(). */
static void
write_several(FILE *to, const struct round *r, bool has_images)
{
	if (has_images)
		c_parts_of_image(to, operations_of(&r->script));
	fputs("static void\nfirst_process(void)\n{\n", to);
	if ((operations_of(&r->script) & ONLY(IPC_USERS)) != 0)
		c_line(to, 1, "known[0] = (int)getpid();");
	c_process(to, r, 0, 1);
	fputs("}\n\n", to);
	if (has_images)
		c_images(to, r);
	fputs(has_images ? main_of_images : main_of_several, to);
	fputs(start_of_several, to);
	write_wait_of_main(to, &r->script);
	fputs(end_of_main_of_several, to);
}

bool
c_program_can_wait(const struct script *s)
{
	bool has_ended[PROCESSES] = { false };
	unsigned parents[PROCESSES] = { 0 };

	for (unsigned i = 0; i < s->count; i++) {
		const struct operation *o = &s->operations[i];

		if (operation_makes_process(o->kind))
			parents[o->arguments[PROCESS]] = o->process;
		if (o->kind == EXIT && o->process != 0 && has_ended[parents[o->process]])
			return false;
		if (o->kind == EXIT || o->kind == KILL)
			has_ended[o->kind == EXIT ? o->process : o->arguments[PROCESS]] = true;
	}
	return true;
}

void
c_program_write(FILE *to, const struct round *r)
{
	const uint64_t used = operations_of(&r->script);

	c_memory_begin((used & CHOOSES) != 0, (used & ONLY(ADVISE)) != 0);
	write_report(to, r);
	c_parts_declare(to, used);
	if ((used & ABOUT_UNITS) != 0)
		fprintf(to, "enum { PAGES_OF_UNIT = %u };\n\n", r->script.unit);
	c_parts_define(to, used);
	if ((used & ABOUT_PROCESSES) != 0) {
		write_several(to, r, (used & STARTS_AGAIN) != 0);
		return;
	}
	fputs(main_of_one, to);
	c_process(to, r, 0, 1);
	fputs(end_of_main_of_one, to);
}
