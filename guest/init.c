/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The first process of a system that runs the suite and nothing else. It mounts what the cases need, runs the runner, whose TAP
 * goes to the console, sends the results file over the console while it grows, and powers off. What the systems do in their own
 * ways is in system.h.
 *
 * The file /arguments, which may be missing, has in its first line the least time for the clock, in seconds since the epoch, a
 * blank, and "verbose" or "quiet". Each further line is an argument of the runner.
 */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/select.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>

#include "place.h"
#include "system.h"
#include "wire.h"

#define RUNNER "/shmcheck-run"
/* In the one directory that can be written on every system. */
#define RESULTS "/tmp/results"

/* All that has been sent, to send it a second time. */
static char *sent;
static size_t sent_size;

/* A machine without a clock starts in 1970. */
static void
set_clock(time_t least)
{
	struct timespec now = { .tv_sec = least };

	if (time(NULL) < least)
		clock_settime(CLOCK_REALTIME, &now);
}

/* Store the file's first line in *first. Returns the others; a null pointer ends them. */
static char **
read_arguments(char **first)
{
	static char text[65536], *arguments[1024] = { RUNNER, "--top", "/", "--work", "/tmp", "--results", RESULTS };
	int fd = open("/arguments", O_RDONLY);
	ssize_t size = fd == -1 ? -1 : read(fd, text, sizeof(text) - 1);
	size_t count = 7;
	char *rest;

	if (size == -1) {
		if (errno != ENOENT)
			complain("/arguments");
		size = 0;
	}
	text[size] = '\0';
	*first = strtok_r(text, "\n", &rest);
	for (char *line; (line = strtok_r(NULL, "\n", &rest)) != NULL && count < 1023;)
		arguments[count++] = line;
	return arguments;
}

static void
send_piece(enum wire_kind kind, size_t offset, const char *data, size_t size)
{
	struct wire_piece piece = { .kind = kind, .offset = offset, .size = size };
	char line[WIRE_LINE];

	memcpy(piece.data, data, size);
	size = wire_encode(&piece, line);
	for (size_t done = 0; done < size;) {
		ssize_t n = write(STDOUT_FILENO, &line[done], size - done);

		if (n == -1 && errno != EINTR && errno != EAGAIN)
			return;
		done += n == -1 ? 0 : (size_t)n;
	}
}

static void
send_from(size_t from)
{
	for (size_t at = from; at < sent_size; at += WIRE_PIECE)
		send_piece(WIRE_DATA, at, &sent[at], sent_size - at < WIRE_PIECE ? sent_size - at : WIRE_PIECE);
}

static void
send_end(int status)
{
	char end[64];
	int length = snprintf(end, sizeof(end), "%zu %d", sent_size, status);

	send_piece(WIRE_END, 0, end, (size_t)length);
}

/* Send what the runner has written by now. */
static void
relay(int results)
{
	static char more[65536];
	ssize_t size;

	while ((size = read(results, more, sizeof(more))) > 0) {
		char *larger = realloc(sent, sent_size + (size_t)size);

		if (larger == NULL) {
			complain("results");
			return;
		}
		sent = larger;
		memcpy(&sent[sent_size], more, (size_t)size);
		sent_size += (size_t)size;
		send_from(sent_size - (size_t)size);
	}
}

static pid_t
start(char **arguments, const sigset_t *mask)
{
	pid_t child = fork();

	if (child == -1)
		complain("fork");
	if (child != 0)
		return child;
	sigprocmask(SIG_SETMASK, mask, NULL);
	setsid();
	execv(RUNNER, arguments);
	complain(RUNNER);
	_exit(2);
}

static void
ignore(int signal)
{
	(void)signal;
}

/* Wait for the runner and send what it writes. Returns its exit status, or 128 + N if signal N ended it. */
static int
follow(pid_t runner, int results, const sigset_t *unblocked)
{
	for (;;) {
		fd_set from;
		int status;
		pid_t ended;

		/* The orphans of all cases become children of this process. */
		while ((ended = waitpid(-1, &status, WNOHANG)) > 0 && ended != runner)
			;
		relay(results);
		if (ended == runner)
			return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		if (ended == -1 && errno == ECHILD)
			return 2;
		FD_ZERO(&from);
		FD_SET(results, &from);
		pselect(results + 1, &from, NULL, NULL, NULL, unblocked);
	}
}

int
main(void)
{
	struct sigaction action = { .sa_handler = ignore };
	sigset_t blocked, before;
	struct utsname name;
	char *first, **arguments, text[WIRE_PIECE];

	umask(022);
	system_mount();
	(void)open_console();
	arguments = read_arguments(&first);
	set_clock(first == NULL ? 0 : (time_t)strtoll(first, NULL, 10));
	/* Messages of the kernel can damage pieces that are sent. */
	system_prepare(first == NULL || strstr(first, "verbose") == NULL);

	uname(&name);
	snprintf(text, sizeof(text), "%.40s %.100s %.40s", name.sysname, name.release, name.machine);
	send_piece(WIRE_UP, 0, text, strlen(text));

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGCHLD);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	sigaction(SIGCHLD, &action, NULL);
	mkfifo(RESULTS, 0600);
	/* Open it for writing as well: else it is at its end until the runner opens it. */
	int results = open(RESULTS, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (results == -1)
		complain(RESULTS);
	pid_t runner = start(arguments, &before);
	/* Send the last results before the next case begins: the kernel may panic in it. */
	system_go_first();
	int status = runner == -1 ? 2 : follow(runner, results, &before);

	send_end(status);
	/* If the kernel or a case wrote into a line, the second copy is complete. */
	send_from(0);
	send_end(status);
	system_power_off();
	for (;;)
		pause();
}
