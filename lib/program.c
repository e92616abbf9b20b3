/* SPDX-License-Identifier: BSD-2-Clause */

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "guardian.h"
#include "platform.h"
#include "program.h"
#include "record.h"
#include "wrapper.h"

enum { ARGUMENTS_MAX = 16, UNDER_MAX = 16 }; /* and a null pointer: program_words */

static const char marker[] = "--shmcheck-program";

static struct program *programs;
static char *own_file;

void
program_register(struct program *program)
{
	program->next = programs;
	programs = program;
}

/* An absolute name, as Kyua and others start the program in a directory of its own. */
static void
remember_own_file(const char *name)
{
	char directory[PATH_MAX];
	size_t size;

	if (name[0] == '/') {
		own_file = strdup(name);
		return;
	}
	if (strchr(name, '/') == NULL || getcwd(directory, sizeof(directory)) == NULL)
		return;
	size = strlen(directory) + 1 + strlen(name) + 1;
	own_file = malloc(size);
	if (own_file != NULL)
		snprintf(own_file, size, "%s/%s", directory, name);
}

static _Noreturn void
run(const char *name, int argc, char **argv)
{
	for (const struct program *p = programs; p != NULL; p = p->next)
		if (strcmp(p->name, name) == 0) {
			p->body(argc, argv);
			child_end();
		}
	end_failed("there is no PROGRAM(%s)", name);
}

/* Argument 1 is the marker, 2 the descriptors, 3 the program's name. */
void
program_main(int argc, char **argv)
{
	int records;
	int go;
	int reached;
	int to_guardian;

	if (argc >= 1)
		remember_own_file(argv[0]);
	wrapper_answer(own_file, argc, argv);
	if (argc < 4 || strcmp(argv[1], marker) != 0)
		return;
	if (sscanf(argv[2], "%d,%d,%d,%d", &records, &go, &reached, &to_guardian) != 4) {
		fprintf(stderr, "%s: %s is not for use by hand\n", argv[0], marker);
		exit(2);
	}
	fcntl(records, F_SETFD, FD_CLOEXEC);
	fcntl(go, F_SETFD, FD_CLOEXEC);
	fcntl(reached, F_SETFD, FD_CLOEXEC);
	fcntl(to_guardian, F_SETFD, FD_CLOEXEC);
	record_send_to(records);
	child_resume_as(go, reached);
	guardian_resume(to_guardian);
	run(argv[3], argc - 3, argv + 3);
}

void
program_words_with(struct program_words *w, const char *const *words)
{
	unsigned count = wrapper_words(w->vector, UNDER_MAX);
	const unsigned last = count + ARGUMENTS_MAX - 1;
	int records = record_pipe();
	int go;
	int reached;
	int to_guardian = guardian_descriptor();

	if (own_file == NULL)
		end_skipped("cannot find the file of this program to start it again");
	w->file = count == 0 ? own_file : w->vector[0];
	child_descriptors(&go, &reached);
	fcntl(records, F_SETFD, 0);
	fcntl(go, F_SETFD, 0);
	fcntl(reached, F_SETFD, 0);
	fcntl(to_guardian, F_SETFD, 0);
	snprintf(w->descriptors, sizeof(w->descriptors), "%d,%d,%d,%d", records, go, reached, to_guardian);

	w->vector[count++] = own_file;
	w->vector[count++] = (char *)(uintptr_t)marker;
	w->vector[count++] = w->descriptors;
	for (; *words != NULL && count < last; words++)
		w->vector[count++] = (char *)(uintptr_t)*words;
	w->vector[count] = NULL;
}

void
program_exec(const struct program_words *w)
{
	if (w->file == own_file)
		execv(w->file, w->vector);
	else
		execvp(w->file, w->vector);
}

void
program_become_with(const char *const *words)
{
	struct program_words w;

	program_words_with(&w, words);
	program_exec(&w);
	if (errno == ENOEXEC)
		end_skipped("this program cannot start itself again here: ENOEXEC");
	end_failed("cannot start %s anew: %s", w.file, errno_name(errno));
}

static void
become(void *words)
{
	program_become_with(*(const char *const **)words);
}

struct child
program_start_with(const char *const *words)
{
	return child_start(become, &words);
}

struct number
number_text(long long number)
{
	struct number n;

	snprintf(n.text, sizeof(n.text), "%lld", number);
	return n;
}

long long
number_from(const char *text)
{
	return strtoll(text, NULL, 10);
}
