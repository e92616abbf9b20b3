/* SPDX-License-Identifier: BSD-2-Clause */

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>

#include "wrapper.h"

unsigned
wrapper_words(char **words, unsigned size)
{
	static char text[1024];
	const char *under = getenv("SHMCHECK_UNDER");
	unsigned count = 0;
	char *rest = NULL;

	snprintf(text, sizeof(text), "%s", under == NULL ? "" : under);
	for (char *word = strtok_r(text, " \t", &rest); word != NULL && count < size;
	     word = strtok_r(NULL, " \t", &rest))
		words[count++] = word;
	return count;
}

/*
 * The file that the kernel executes in a child: that of the program, or of an emulator or Valgrind. These hide themselves
 * from a process that looks at itself, not from its parent. False where the platform does not tell.
 */
static bool
executed_by(pid_t child, struct stat *file)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%ld/exe", (long)child);
	return stat(path, file) == 0;
}

/* In the child: when told to go on, execute the program, which comes back in is_here(). */
static _Noreturn void
execute(const char *file, const int go[2], const int here[2])
{
	char descriptors[64];
	char byte;

	close(go[1]);
	close(here[0]);
	snprintf(descriptors, sizeof(descriptors), "%d,%d", go[0], here[1]);
	if (read(go[0], &byte, 1) == 1)
		execl(file, file, WRAPPER_QUESTION, descriptors, (char *)NULL);
	_exit(1);
}

/* In the program that the child executes: tell that it runs, stay until it was looked at. */
static _Noreturn void
is_here(const char *descriptors)
{
	int go;
	int here;
	char byte;

	if (sscanf(descriptors, "%d,%d", &go, &here) != 2 || write(here, "", 1) != 1)
		_exit(1);
	_exit(read(go, &byte, 1) == 1 ? 0 : 1);
}

/*
 * An experiment: does the same file execute a child before and after exec? Where exec fails, the wrapper is what made the
 * program run. Where the platform does not tell, an exec that works is taken for one that the wrapper keeps.
 */
static bool
is_kept(const char *file)
{
	struct stat before;
	struct stat after;
	int go[2];
	int here[2];
	char byte;

	if (file == NULL || pipe(go) == -1 || pipe(here) == -1)
		return true;
	signal(SIGPIPE, SIG_IGN);
	const pid_t child = fork();
	if (child == -1)
		return true;
	if (child == 0)
		execute(file, go, here);
	close(here[1]);
	const bool tells_before = executed_by(child, &before);
	bool kept = write(go[1], "", 1) == 1 && read(here[0], &byte, 1) == 1;
	const bool tells_after = kept && executed_by(child, &after);
	if (tells_before && tells_after)
		kept = before.st_dev == after.st_dev && before.st_ino == after.st_ino;
	if (write(go[1], "", 1) == -1)
		kept = false; /* it is gone already */
	waitpid(child, NULL, 0);
	return kept;
}

void
wrapper_answer(const char *file, int argc, char **argv)
{
	if (argc < 2 || strcmp(argv[1], WRAPPER_QUESTION) != 0)
		return;
	if (argc > 2)
		is_here(argv[2]);
	puts(is_kept(file) ? WRAPPER_KEEPS : WRAPPER_LOSES);
	exit(fflush(stdout) == 0 ? 0 : 1);
}
