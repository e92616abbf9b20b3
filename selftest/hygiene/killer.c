/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * usage: killer bodies SEED COMMAND [ARGUMENT ...]
 *        killer runner CASE COMMAND [ARGUMENT ...]
 *        killer command CASE COMMAND [ARGUMENT ...]
 *
 * Runs a command that runs a suite, and disturbs it:
 *
 *	bodies   sends SIGKILL to bodies of cases, each after a random time
 *	runner   sends one SIGTERM to the runner while the body of this case runs and has a child; "any" is every case
 *	command  sends one SIGTERM to the command, at such a moment
 *
 * The program polls, and may miss a body that ends quickly. So the case should wait for the signal.
 *
 * A body is a descendant of the command that runs a test program for one case and leads a session, as runners make it. No
 * other process gets a signal, in particular no guardian, which never leads a session. A process that has got the id of a
 * body that ended gets none either: the program opens a descriptor of the process before it looks at it.
 *
 * Exits with the status of the command, or with 125 when the command ended before a signal was sent.
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

/* The bodies that run now. A runner has as many at a time as it has jobs. */
struct body {
	pid_t pid;
	int looks; /* the number of further looks before it is killed */
	bool seen; /* this time */
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

/* Whether the process is a child of that parent now, and leads a session. */
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

/*
 * Whether the process was started to run a case, or the case of this name if that is not null: by
 * "PROGRAM -vNAME=VALUE ... -rRESULT CASE". "PROGRAM -l" lists the cases.
 */
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

/* The target is the body, or its parent, the runner. */
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

/* The depth is small: a script, its subshell, the runner. */
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
	if (!children_are_listed("killer"))
		return CANNOT;

	command = command_start(argv + 3);
	/* Poll without a pause: a body runs for a few milliseconds. */
	while (waitpid(command, &status, WNOHANG) == 0) {
		look_below(command);
		forget_ended();
		command_signal(false);
	}
	printf("killer: %s %s: sent %lu signals, saw %lu bodies\n", argv[1], argv[2], signals_sent, bodies_seen);
	return signals_sent == 0 ? NOTHING_DONE : status_of_shell(status);
}
