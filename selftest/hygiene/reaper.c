/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * usage: reaper [-t SECONDS] COMMAND [ARGUMENT ...]
 *
 * Runs the command and waits until all its descendants have ended, also those whose parents ended before them: guardians
 * outlive a case that is killed. When this program ends, nothing of the command runs any longer. Exits with the status of the
 * command, or with 128 + N when signal N ended it.
 *
 * With -t N, descendants that still run N seconds after the command has ended are named and killed, and the status is 3.
 */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/prctl.h>
#include <sys/wait.h>

#include "command.h"

enum { CANNOT = 2, SOMETHING_LEFT = 3 };

static void
name(pid_t pid)
{
	char path[64];
	char line[64] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%ld/comm", (long)pid);
	file = fopen(path, "re");
	if (file == NULL || fgets(line, sizeof(line), file) == NULL)
		line[0] = '\0';
	if (file != NULL)
		fclose(file);
	line[strcspn(line, "\n")] = '\0';
	fprintf(stderr, "reaper: process %ld (%s) was left\n", (long)pid, line);
}

/* The children of a killed process become children of this one: the next round finds them. Each is named before it is reaped. */
static void
kill_all(void)
{
	pid_t children[64];
	size_t count;

	while ((count = children_of(getpid(), children, sizeof(children) / sizeof(children[0]))) > 0) {
		for (size_t i = 0; i < count; i++) {
			name(children[i]);
			kill(children[i], SIGKILL);
		}
		for (size_t i = 0; i < count; i++)
			waitpid(children[i], NULL, 0);
	}
}

/* Reap the children that have ended. False when there are none left. */
static bool
reap(pid_t command, int *result, unsigned patience)
{
	siginfo_t ended;
	int status = 0;

	for (;;) {
		ended.si_pid = 0;
		if (waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) == -1)
			return errno != ECHILD;
		if (ended.si_pid == 0)
			return true;
		if (ended.si_pid == command) {
			command_ended();
			alarm(patience);
		}
		if (waitpid(ended.si_pid, &status, 0) == command)
			*result = status_of_shell(status);
	}
}

int
main(int argc, char **argv)
{
	unsigned patience = 0; /* 0: wait without end */
	int result = CANNOT;
	pid_t command;

	if (argc > 2 && strcmp(argv[1], "-t") == 0) {
		patience = (unsigned)strtoul(argv[2], NULL, 10);
		argc -= 2;
		argv += 2;
	}
	if (argc < 2) {
		fputs("usage: reaper [-t SECONDS] COMMAND [ARGUMENT ...]\n", stderr);
		return CANNOT;
	}
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) == -1) {
		perror("reaper: cannot adopt orphans");
		return CANNOT;
	}
	if (patience != 0 && !children_are_listed("reaper"))
		return CANNOT;

	command = command_start(argv + 1);
	while (reap(command, &result, patience)) {
		if (command_signal(true) == SIGALRM) {
			kill_all();
			return SOMETHING_LEFT;
		}
	}
	return result;
}
