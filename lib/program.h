/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_PROGRAM_H
#define SHMCHECK_PROGRAM_H

#include "process.h"

/*
 * An unrelated process: exec starts the same program anew. It inherits no memory, and no descriptor but those that keep it
 * in step. It runs what PROGRAM(name) declares, with these arguments, and ends like a child.
 *
 *	PROGRAM(reader)
 *	{
 *		CHECK_EQ(2, argc);
 *		int id = shmget((key_t)atol(argv[1]), 0, 0);
 *	}
 */
typedef void program_body(int argc, char **argv);

struct program {
	const char *name;
	program_body *body;
	struct program *next;
};

void program_register(struct program *);

#define PROGRAM(name) \
	static program_body name##_program_body; \
	static struct program name##_program = { #name, name##_program_body, NULL }; \
	__attribute__((constructor)) static void name##_program_register(void) \
	{ \
		program_register(&name##_program); \
	} \
	static void name##_program_body(__attribute__((unused)) int argc, __attribute__((unused)) char **argv)

/* Start it: program_start("reader", "first argument", ...). argv[0] is the program's name. At most 12 arguments. */
#define program_start(...) program_start_with((const char *const[]){ __VA_ARGS__, NULL })

/* Become that program in this process, by exec: for a child whose mappings or attachments exec removes. */
#define program_become(...) program_become_with((const char *const[]){ __VA_ARGS__, NULL })

/*
 * The same for a call other than exec: the file and the words to start that program with, as posix_spawnp() takes them. The
 * program stands in for this child: its pauses and its end are this child's, until this child goes on.
 */
struct program_words {
	char *vector[33];
	const char *file;
	char descriptors[64];
};
#define program_words(words, ...) program_words_with(words, (const char *const[]){ __VA_ARGS__, NULL })

void program_words_with(struct program_words *, const char *const *words);

/* exec. Returns only when it fails. For children of vfork(), too. */
void program_exec(const struct program_words *);

struct child program_start_with(const char *const *words);
_Noreturn void program_become_with(const char *const *words);

/* A key or an identifier as the argument of a program, and back. */
struct number {
	char text[24];
};
struct number number_text(long long number);
long long number_from(const char *text);

/* For lib/case.c: run as a program, and do not return, if the arguments of main() say so. Note how to start this file anew. */
void program_main(int argc, char **argv);

#endif
