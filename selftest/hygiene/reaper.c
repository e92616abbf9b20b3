/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * usage: reaper COMMAND [ARGUMENT ...]
 *
 * Runs the command and waits until every process that came of it has ended, those too that were left by their parents:
 * guardians outlive a case that was killed. Exits with the command's status, 128 + N when signal N ended it.
 */

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include <sys/prctl.h>
#include <sys/wait.h>

int
main(int argc, char **argv)
{
	int result = 0;
	int status;
	pid_t command;
	pid_t ended;

	if (argc < 2) {
		fputs("usage: reaper COMMAND [ARGUMENT ...]\n", stderr);
		return 2;
	}
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) == -1) {
		perror("reaper: cannot be given the orphans");
		return 2;
	}
	command = fork();
	if (command == -1) {
		perror("reaper: cannot fork");
		return 2;
	}
	if (command == 0) {
		execvp(argv[1], argv + 1);
		perror(argv[1]);
		_exit(127);
	}
	while ((ended = waitpid(-1, &status, 0)) != -1 || errno == EINTR)
		if (ended == command)
			result = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	return result;
}
