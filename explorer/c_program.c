/* SPDX-License-Identifier: BSD-2-Clause */

#include "answer.h"
#include "c_program.h"
#include "c_step.h"

/* Sets of operations: which parts a program needs. */
#define ONLY(kind) (UINT64_C(1) << (kind))
#define ABOUT_SEGMENTS \
	(ONLY(SHMGET) | ONLY(SHMAT) | ONLY(SHMDT) | ONLY(IPC_STATUS) | ONLY(IPC_REMOVE) | ONLY(FIND_SEGMENT) | \
	    ONLY(PEEK_SEGMENT))
#define ABOUT_OBJECTS (ONLY(SHM_OPEN) | ONLY(SHM_UNLINK) | ONLY(FIND_OBJECT) | ONLY(PEEK_OBJECT))
#define ABOUT_FILES   (ONLY(OPEN) | ONLY(UNLINK) | ONLY(FIND_FILE) | ONLY(PEEK_FILE))
#define ABOUT_DESCRIPTORS \
	(ONLY(FTRUNCATE) | ONLY(FSTAT) | ONLY(CLOSE) | ONLY(PREAD) | ONLY(PWRITE) | ABOUT_OBJECTS | ABOUT_FILES)
#define ABOUT_PLACES \
	(ONLY(SHMAT) | ONLY(SHMDT) | ONLY(MMAP) | ONLY(MUNMAP) | ONLY(MPROTECT) | ONLY(MSYNC) | ONLY(LOAD) | \
	    ONLY(STORE))
#define PEEKS           (ONLY(PEEK_SEGMENT) | ONLY(PEEK_OBJECT) | ONLY(PEEK_FILE))
#define LOADS           (ONLY(LOAD) | PEEKS)
#define ABOUT_UNITS     (ABOUT_PLACES | PEEKS | ONLY(SHMGET) | ONLY(FTRUNCATE) | ONLY(PREAD) | ONLY(PWRITE))
#define ABOUT_PROCESSES (ONLY(FORK) | ONLY(EXIT) | ONLY(KILL))

/* A part of the program, and the operations for which it is there; 0: it always is. */
struct part {
	uint64_t needed_by;
	const char *text;
};

static const struct part declarations[] = {
	{ 0, "#define _GNU_SOURCE\n#include <errno.h>\n" },
	{ ABOUT_OBJECTS | ABOUT_FILES, "#include <fcntl.h>\n" },
	{ LOADS | ONLY(STORE), "#include <setjmp.h>\n#include <signal.h>\n" },
	{ 0, "#include <stdint.h>\n#include <stdio.h>\n#include <string.h>\n#include <unistd.h>\n\n" },
	{ ABOUT_SEGMENTS, "#include <sys/ipc.h>\n" },
	{ 0, "#include <sys/mman.h>\n#include <sys/shm.h>\n" },
	{ ONLY(FSTAT) | ABOUT_OBJECTS | ABOUT_FILES, "#include <sys/stat.h>\n" },
	{ ABOUT_PROCESSES, "#include <sys/wait.h>\n" },
	{ 0, "\n" },
	{ ABOUT_PLACES, "#ifndef MAP_ANONYMOUS\n#define MAP_ANONYMOUS MAP_ANON\n#endif\n\n" },
	{ LOADS | ONLY(STORE),
	    "/* What load() and store() give when the access raises a signal: this and its number. */\n"
	    "enum { FAULT = 1000 };\n\n" },
	{ ABOUT_PLACES, "static char *places; /* where everything is mapped: free at first */\n" },
	{ ABOUT_UNITS, "static size_t unit;\n" },
	{ ABOUT_SEGMENTS, "static key_t keys[2];\nstatic int ids[2] = { -1, -1 };\n" },
	{ ONLY(IPC_STATUS), "static struct shmid_ds status;\n" },
	{ ABOUT_OBJECTS, "static char objects[2][40];\n" },
	{ ABOUT_FILES, "static char files[2][40];\n" },
	{ ABOUT_DESCRIPTORS, "static int fds[3] = { -1, -1, -1 };\n" },
	{ ONLY(FSTAT) | ONLY(FIND_OBJECT) | ONLY(FIND_FILE), "static struct stat size;\n" },
	{ ONLY(PREAD) | ONLY(PWRITE), "static unsigned char byte;\n" },
	{ ABOUT_PROCESSES, "static pid_t children[4];\n" },
	{ 0, "static long result; /* of the last call */\n" },
	{ ONLY(IPC_STATUS) | ONLY(PREAD), "static long second;\n" },
	{ 0, "static int is_kept; /* the promise */\n\n" },
};

static const struct part functions[] = {
	{ LOADS | ONLY(STORE),
	    "static sigjmp_buf before_access;\n\n"
	    "static void\nfault(int number)\n{\n\tsiglongjmp(before_access, number);\n}\n\n" },
	{ LOADS,
	    "static long\nload(volatile char *at)\n{\n\tint number = sigsetjmp(before_access, 1);\n\n"
	    "\treturn number == 0 ? (unsigned char)*at : FAULT + number;\n}\n\n" },
	{ ONLY(STORE),
	    "static long\nstore(volatile char *at, char value)\n{\n\tint number = sigsetjmp(before_access, 1);\n\n"
	    "\tif (number == 0)\n\t\t*at = value;\n\treturn number == 0 ? 0 : FAULT + number;\n}\n\n" },
	{ ABOUT_OBJECTS | ABOUT_FILES,
	    "/* Keep a descriptor as the first that is free of ours. */\n"
	    "static long\nkeep(int fd)\n{\n\tfor (int i = 0; fd != -1 && i < 3; i++)\n"
	    "\t\tif (fds[i] == -1) {\n\t\t\tfds[i] = fd;\n\t\t\treturn i;\n\t\t}\n\treturn fd;\n}\n\n" },
	{ ABOUT_PROCESSES,
	    "/* The processes take turns, by pipes. They stay until main() closes the pipe \"end\". */\n"
	    "static int turns[4][2], verdict[2], end[2];\n\n"
	    "static void\nturn_to(int process)\n{\n\tif (write(turns[process][1], \"t\", 1) != 1)\n\t\t_exit(2);\n}\n\n"
	    "static void\nmy_turn(int process)\n{\n\tchar turn;\n\n"
	    "\tif (read(turns[process][0], &turn, 1) != 1)\n\t\t_exit(2);\n}\n\n"
	    "static void\nstay(void)\n{\n\tchar nothing;\n\n"
	    "\twhile (read(end[0], &nothing, 1) > 0)\n\t\t;\n\t_exit(0);\n}\n\n" },
	{ 0, "static void\nprepare(void)\n{\n" },
	{ LOADS | ONLY(STORE),
	    "\tstruct sigaction action = { .sa_handler = fault };\n\n"
	    "\tsigaction(SIGSEGV, &action, NULL);\n\tsigaction(SIGBUS, &action, NULL);\n" },
	{ ABOUT_UNITS, "\tunit = PAGES_OF_UNIT * (size_t)sysconf(_SC_PAGESIZE);\n" },
	{ ABOUT_PLACES,
	    "\tplaces = mmap(NULL, 8 * unit + 2 * SHMLBA, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);\n"
	    "\tmunmap(places, 8 * unit + 2 * SHMLBA);\n"
	    "\tplaces += SHMLBA - (uintptr_t)places % SHMLBA;\n" },
	{ ABOUT_SEGMENTS | ABOUT_OBJECTS | ABOUT_FILES, "\tfor (int i = 0; i < 2; i++) {\n" },
	{ ABOUT_SEGMENTS, "\t\tkeys[i] = (key_t)(getpid() * 2 + i + 1);\n" },
	{ ABOUT_OBJECTS, "\t\tsnprintf(objects[i], sizeof(objects[i]), \"/object-%ld-%d\", (long)getpid(), i);\n" },
	{ ABOUT_FILES, "\t\tsnprintf(files[i], sizeof(files[i]), \"file-%ld-%d\", (long)getpid(), i);\n" },
	{ ABOUT_SEGMENTS | ABOUT_OBJECTS | ABOUT_FILES, "\t}\n" },
	{ 0, "}\n\nstatic void\nclean_up(void)\n{\n" },
	{ ABOUT_SEGMENTS | ABOUT_OBJECTS | ABOUT_FILES, "\tfor (int i = 0; i < 2; i++) {\n" },
	{ ABOUT_SEGMENTS, "\t\tshmctl(shmget(keys[i], 0, 0), IPC_RMID, NULL);\n" },
	{ ABOUT_OBJECTS, "\t\tshm_unlink(objects[i]);\n" },
	{ ABOUT_FILES, "\t\tunlink(files[i]);\n" },
	{ ABOUT_SEGMENTS | ABOUT_OBJECTS | ABOUT_FILES, "\t}\n" },
	{ 0, "}\n\n" },
};

static const char main_of_one[] = "int\nmain(void)\n{\n\tprepare();\n";
static const char end_of_main_of_one[] = "\tclean_up();\n\treturn is_kept ? 0 : 1;\n}\n";

static const char main_of_several[] =
    "int\nmain(void)\n{\n\tchar seen;\n\n\tprepare();\n"
    "\tfor (int i = 0; i < 4; i++)\n\t\tif (pipe(turns[i]) == -1)\n\t\t\treturn 2;\n"
    "\tif (pipe(verdict) == -1 || pipe(end) == -1)\n\t\treturn 2;\n"
    "\tchildren[0] = fork();\n\tif (children[0] == -1)\n\t\treturn 2;\n"
    "\tif (children[0] == 0) {\n\t\tclose(end[1]);\n\t\tclose(verdict[0]);\n\t\tfirst_process();\n\t}\n";
static const char end_of_main_of_several[] =
    "\tclose(verdict[1]);\n\tif (read(verdict[0], &seen, 1) != 1)\n\t\tseen = 'n';\n"
    "\tclean_up();\n\tclose(end[1]);\n\treturn seen == 'y' ? 0 : 1;\n}\n";

static void
write_parts(FILE *to, const struct part *parts, size_t count, uint64_t used)
{
	for (size_t i = 0; i < count; i++)
		if (parts[i].needed_by == 0 || (parts[i].needed_by & used) != 0)
			fputs(parts[i].text, to);
}

static uint64_t
operations_of(const struct script *s)
{
	uint64_t used = 0;

	for (unsigned i = 0; i < s->count; i++) {
		const struct operation *o = &s->operations[i];

		used |= ONLY(o->kind);
		if (o->kind == MMAP && o->arguments[OF] != 0)
			used |= ONLY(CLOSE); /* it has a descriptor */
	}
	return used;
}

static bool
has_several(const struct script *s)
{
	return (operations_of(s) & ABOUT_PROCESSES) != 0;
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
	fprintf(to, " */\n\n");
}

/* The process that made another. */
static unsigned
parent_of(const struct script *s, unsigned process)
{
	for (unsigned i = 0; i < s->count; i++)
		if (s->operations[i].kind == FORK && s->operations[i].arguments[PROCESS] == process)
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

static void
write_fork(FILE *to, const struct round *r, unsigned step, unsigned depth)
{
	const unsigned child = r->script.operations[step].arguments[PROCESS];

	c_line(to, depth, "children[%u] = fork();", child);
	c_line(to, depth, "result = children[%u] == -1 ? -1 : 0;", child);
	c_line(to, depth, "if (children[%u] == 0) {", child);
	write_steps(to, r, child, step + 1, depth + 1);
	c_line(to, depth, "}");
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
		if (i > 0 && s->operations[i - 1].process != process &&
		    !(s->operations[i - 1].kind == EXIT && parent_of(s, s->operations[i - 1].process) == process))
			c_line(to, depth, "my_turn(%u);", process);
		c_step_comment(to, depth, o);
		if (o->kind == FORK)
			write_fork(to, r, i, depth);
		else if (o->kind != EXIT)
			c_step(to, depth, o);
		if (i + 1 == s->count)
			c_check(to, depth, r);
		if (i + 1 == s->count && has_several(s))
			c_line(to, depth, "if (write(verdict[1], is_kept ? \"y\" : \"n\", 1) != 1)\n\t\t_exit(2);");
		else if (i + 1 < s->count)
			write_turn(to, depth, s, i, process);
		if (o->kind == EXIT) {
			c_line(to, depth, "_exit(0);");
			return;
		}
	}
	if (has_several(s))
		c_line(to, depth, "stay();");
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

void
c_program_write(FILE *to, const struct round *r)
{
	const uint64_t used = operations_of(&r->script);
	const bool several = has_several(&r->script);

	write_report(to, r);
	write_parts(to, declarations, sizeof(declarations) / sizeof(declarations[0]), used);
	if ((used & ABOUT_UNITS) != 0)
		fprintf(to, "enum { PAGES_OF_UNIT = %u };\n\n", r->script.unit);
	write_parts(to, functions, sizeof(functions) / sizeof(functions[0]), used);
	fputs(several ? "static void\nfirst_process(void)\n{\n" : main_of_one, to);
	write_steps(to, r, 0, 0, 1);
	if (several) {
		fputs("}\n\n", to);
		fputs(main_of_several, to);
		write_wait_of_main(to, &r->script);
	}
	fputs(several ? end_of_main_of_several : end_of_main_of_one, to);
}
