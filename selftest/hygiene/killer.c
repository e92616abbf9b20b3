/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * usage: killer bodies SEED COMMAND [ARGUMENT ...]
 *        killer runner CASE COMMAND [ARGUMENT ...]
 *        killer command CASE COMMAND [ARGUMENT ...]
 *
 * Runs a command that runs a suite, and disturbs it:
 *
 *	bodies   kills by SIGKILL the bodies of cases at random moments of their lives, or lets them end before
 *	runner   sends SIGTERM to the runner, once, when the body of this case, or of "any", is at work: it has a child
 *	command  sends SIGTERM to the command, at such a moment
 *
 * It looks again and again, and may miss a body that is short: a case to wait for should wait itself.
 *
 * A body is what the command's descendants show: a test program that was started to run a case, leader of a session that
 * its runner gave it. Nothing else is ever signalled: no other process, no guardian (never a session's leader), and no process
 * that has got the number of one of these since: a descriptor of the process is opened before it is looked at.
 *
 * Exits with the command's status, or 125 when it ended before anything was signalled.
 */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/syscall.h>
#include <sys/wait.h>

#include "command.h"

enum { CANNOT = 2, NOTHING_DONE = 125 };
enum { CHILDREN_MAX = 64, LOOKS_MAX = 256 };

/* Bodies that run now; those of one runner at a time are as many as it has jobs. */
struct body {
	pid_t pid;
	int looks; /* until it is killed */
	bool seen; /* in this look */
};

static struct body bodies[CHILDREN_MAX];
static size_t body_count;

static enum { BODIES, RUNNER, COMMAND } victim;
static pid_t command;
static const char *wanted_case;
static unsigned long bodies_seen;
static unsigned long signals_sent;

static size_t
read_of(pid_t pid, const char *file, char *text, size_t size)
{
	char path[64];
	FILE *stream;
	size_t length = 0;

	snprintf(path, sizeof(path), "/proc/%ld/%s", (long)pid, file);
	stream = fopen(path, "re");
	if (stream != NULL) {
		length = fread(text, 1, size - 1, stream);
		fclose(stream);
	}
	text[length] = '\0';
	return length;
}

/* Whether it is now a child of that parent, and the leader of a session. */
static bool
leads_session(pid_t pid, pid_t parent)
{
	char stat[512];
	const char *rest;
	long fields[3]; /* parent, group, session */
	char *end;

	read_of(pid, "stat", stat, sizeof(stat));
	rest = strrchr(stat, ')'); /* a name may have anything in it */
	if (rest == NULL || strlen(rest) < 4)
		return false;
	rest += 4; /* ") S " */
	for (size_t i = 0; i < 3; i++) {
		fields[i] = strtol(rest, &end, 10);
		rest = end;
	}
	return fields[0] == parent && fields[2] == pid;
}

/* Whether it was started to run a case, this one if it is not null, by "PROGRAM -vNAME=VALUE ... -rRESULT CASE"; "PROGRAM -l" lists the cases. */
static bool
runs_case(pid_t pid, pid_t runner, const char *name)
{
	const char *last = "";
	bool runs = false;
	char line[4096];
	char of_runner[4096];
	size_t length = read_of(pid, "cmdline", line, sizeof(line));
	size_t length_of_runner = read_of(runner, "cmdline", of_runner, sizeof(of_runner));

	if (length == length_of_runner && memcmp(line, of_runner, length) == 0)
		return false; /* it has not become the program yet */
	for (size_t at = strlen(line) + 1; at < length; at += strlen(&line[at]) + 1) {
		last = &line[at];
		runs |= strncmp(last, "-r", 2) == 0;
	}
	return runs && (name == NULL || strncmp(last, name, strlen(name)) == 0);
}

static bool
is_body(pid_t pid, pid_t runner)
{
	return leads_session(pid, runner) && runs_case(pid, runner, NULL);
}

/* The target is the body or its parent, the runner. */
static void
send_signal(pid_t target, pid_t body, pid_t runner, int signal)
{
	int fd = (int)syscall(SYS_pidfd_open, target, 0);

	if (fd == -1)
		return; /* it has ended */
	if (is_body(body, runner) && syscall(SYS_pidfd_send_signal, fd, signal, NULL, 0) == 0)
		signals_sent++;
	close(fd);
}

static struct body *
know_body(pid_t pid)
{
	for (size_t i = 0; i < body_count; i++)
		if (bodies[i].pid == pid)
			return &bodies[i];
	if (body_count == CHILDREN_MAX)
		return NULL;
	bodies_seen++;
	bodies[body_count] = (struct body){ .pid = pid, .looks = 1 + (int)(random() % LOOKS_MAX) };
	return &bodies[body_count++];
}

static void
see_body(pid_t pid, pid_t runner)
{
	struct body *body = know_body(pid);
	pid_t child;

	if (body == NULL)
		return;
	body->seen = true;
	if (victim == BODIES) {
		if (--body->looks == 0)
			send_signal(pid, pid, runner, SIGKILL);
		return;
	}
	if (signals_sent > 0 || !runs_case(pid, runner, wanted_case) || children_of(pid, &child, 1) == 0)
		return;
	send_signal(victim == RUNNER ? runner : command, pid, runner, SIGTERM);
}

/* Depth is small: a script, its subshell, the runner. */
static void
look_below(pid_t parent) /* NOLINT(misc-no-recursion) */
{
	pid_t children[CHILDREN_MAX];
	size_t count = children_of(parent, children, CHILDREN_MAX);

	for (size_t i = 0; i < count; i++) {
		if (is_body(children[i], parent))
			see_body(children[i], parent);
		else
			look_below(children[i]);
	}
}

static void
forget_ended(void)
{
	size_t kept = 0;

	for (size_t i = 0; i < body_count; i++) {
		if (!bodies[i].seen)
			continue;
		bodies[kept] = bodies[i];
		bodies[kept++].seen = false;
	}
	body_count = kept;
}

static bool
read_arguments(int argc, char **argv)
{
	if (argc < 4)
		return false;
	if (strcmp(argv[1], "bodies") == 0)
		victim = BODIES;
	else if (strcmp(argv[1], "runner") == 0)
		victim = RUNNER;
	else if (strcmp(argv[1], "command") == 0)
		victim = COMMAND;
	else
		return false;
	if (victim == BODIES)
		srandom((unsigned)strtoul(argv[2], NULL, 10));
	else if (strcmp(argv[2], "any") != 0)
		wanted_case = argv[2];
	return true;
}

int
main(int argc, char **argv)
{
	int status;

	if (!read_arguments(argc, argv)) {
		fputs("usage: killer bodies SEED | runner CASE | command CASE  COMMAND [ARGUMENT ...]\n", stderr);
		return CANNOT;
	}
	if (!children_are_told("killer"))
		return CANNOT;

	command = command_start(argv + 3);
	/* It looks as often as it can: a body lives for a few milliseconds. */
	while (waitpid(command, &status, WNOHANG) == 0) {
		look_below(command);
		forget_ended();
		command_signal(false);
	}
	printf("killer: %s %s: sent %lu signals, saw %lu bodies\n", argv[1], argv[2], signals_sent, bodies_seen);
	return signals_sent == 0 ? NOTHING_DONE : status_of_shell(status);
}
