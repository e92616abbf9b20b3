/* SPDX-License-Identifier: BSD-2-Clause */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <sys/wait.h>

#include "command.h"

static sigset_t expected;
static pid_t command;

pid_t
command_start(char **argv)
{
	static const int signals[] = { SIGCHLD, SIGALRM, SIGHUP, SIGINT, SIGTERM };
	sigset_t before;

	sigemptyset(&expected);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaddset(&expected, signals[i]);
	sigprocmask(SIG_BLOCK, &expected, &before);
	command = fork();
	if (command == 0) {
		sigprocmask(SIG_SETMASK, &before, NULL);
		execvp(argv[0], argv);
		perror(argv[0]);
		_exit(127);
	}
	if (command == -1) {
		perror("cannot fork");
		exit(2);
	}
	return command;
}

int
command_signal(bool block)
{
	const struct timespec none = { 0, 0 };
	int signal = block ? sigwaitinfo(&expected, NULL) : sigtimedwait(&expected, NULL, &none);

	if (command != 0 && (signal == SIGHUP || signal == SIGINT || signal == SIGTERM))
		kill(command, signal);
	return signal == -1 ? 0 : signal;
}

void
command_ended(void)
{
	command = 0;
}

int
status_of_shell(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static FILE *
open_children(pid_t parent)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%ld/task/%ld/children", (long)parent, (long)parent);
	return fopen(path, "re");
}

size_t
children_of(pid_t parent, pid_t *children, size_t room)
{
	FILE *list = open_children(parent);
	char word[24]; /* the file has a blank after each number */
	size_t count = 0;

	if (list == NULL)
		return 0; /* it has ended */
	while (count < room && fscanf(list, "%23s", word) == 1)
		children[count++] = (pid_t)strtol(word, NULL, 10);
	fclose(list);
	return count;
}

bool
children_are_listed(const char *me)
{
	FILE *list = open_children(getpid());

	if (list == NULL) {
		fprintf(stderr, "%s: no /proc/PID/task/TID/children here\n", me);
		return false;
	}
	fclose(list);
	return true;
}
