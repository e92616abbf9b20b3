/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Runs a command that starts a virtual machine, whose first process is init.c and whose console is standard output. Ends the
 * machine when the guest has sent all its results or makes no progress. Prints one line with the guest's system and times. If
 * something goes wrong, standard error has the reason and the end of the console; with --verbose all of the console.
 */

#include <sys/types.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/wait.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "progress.h"
#include "received.h"
#include "version.h"
#include "wire.h"

enum {
	HOLD = 0,       /* the runner's status, as is FAIL */
	FAIL = 1,       /* also if the guest panics or hangs */
	CANNOT_RUN = 2, /* wrong arguments, no such command */
	NO_CASE = 3,    /* the guest did not reach the first case */
};

#define TAIL 25 /* how many lines of the console are shown if something goes wrong */

static struct {
	double boot, silence, whole; /* seconds */
	const char *results, *console, *name;
	bool verbose;
} option = { .boot = 120, .silence = 150, .whole = 600, .name = "guest" };

static struct {
	pid_t pid;
	int from;                /* its standard output and error */
	double started, spoke;   /* when it was started, when its last output came */
	double up, first, ended; /* when these were seen, or 0 */
	char system[WIRE_PIECE + 1];
	bool panic;
	bool stuck; /* KVM has given up */
	int status; /* the runner's, or -1 */
	char line[4096];
	size_t length;
	char tail[TAIL][200];
	unsigned lines;
} guest = { .status = -1 };

static FILE *console;
static volatile sig_atomic_t interrupted;

static double
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void
say(const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "%s: ", option.name);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
}

static void
end_guest(void)
{
	if (guest.pid <= 0)
		return;
	/* A user mode Linux has many processes. */
	kill(-guest.pid, SIGKILL);
	while (waitpid(guest.pid, NULL, 0) == -1 && errno == EINTR)
		;
	guest.pid = 0;
}

static void
interrupt(int signal)
{
	interrupted = signal;
}

static int
start_guest(char **command)
{
	int out[2];
	sigset_t none;

	if (pipe(out) == -1 || (guest.pid = fork()) == -1) {
		say("cannot start '%s': %s", command[0], strerror(errno));
		return -1;
	}
	if (guest.pid == 0) {
		int in = open("/dev/null", O_RDONLY);

		setpgid(0, 0);
#ifdef __linux__
		prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		dup2(in, STDIN_FILENO);
		dup2(out[1], STDOUT_FILENO);
		dup2(out[1], STDERR_FILENO);
		close(in);
		close(out[0]);
		close(out[1]);
		execvp(command[0], command);
		fprintf(stderr, "cannot run '%s': %s\n", command[0], strerror(errno));
		_exit(127);
	}
	setpgid(guest.pid, guest.pid);
	close(out[1]);
	guest.from = out[0];
	guest.started = guest.spoke = now();
	return 0;
}

static void
take_line(const char *line)
{
	struct wire_piece piece;

	if (wire_decode(line, &piece) == 1) {
		switch (piece.kind) {
		case WIRE_UP:
			snprintf(guest.system, sizeof(guest.system), "%s", piece.data);
			guest.up = now();
			break;
		case WIRE_DATA:
			received_put(piece.offset, piece.data, piece.size);
			if (guest.first == 0 && received_begun())
				guest.first = now();
			break;
		case WIRE_END:
			if (received_end(piece.data, &guest.status) && guest.ended == 0)
				guest.ended = now();
			break;
		}
		return;
	}
	/* Linux, and BSDs. */
	if (strstr(line, "Kernel panic - not syncing") != NULL || strncmp(line, "panic: ", 7) == 0)
		guest.panic = true;
	/* QEMU says so if the host's KVM cannot go on. */
	if (strstr(line, "KVM internal error") != NULL)
		guest.stuck = true;
	snprintf(guest.tail[guest.lines++ % TAIL], sizeof(guest.tail[0]), "%.199s", line);
	fprintf(console, "%s\n", line);
	if (option.verbose)
		fprintf(stderr, "%s\n", line);
}

static void
flush_line(void)
{
	guest.line[guest.length] = '\0';
	if (guest.length > 0)
		take_line(guest.line);
	guest.length = 0;
}

static void
take(const char *data, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (data[i] == '\n' || guest.length == sizeof(guest.line) - 1)
			flush_line();
		if (data[i] != '\n' && data[i] != '\r' && data[i] != '\0')
			guest.line[guest.length++] = data[i];
	}
	fflush(console);
}

/* The time until which the guest must make progress, and what it failed to do if it does not. */
static double
deadline(const char **what)
{
	double whole = guest.started + option.whole;
	double next = guest.first == 0 ? guest.started + option.boot : guest.spoke + option.silence;

	*what = guest.first == 0 ? "did not come up to the first case" : "said nothing more";
	/* The rest of its output follows at once. */
	if ((guest.panic || guest.stuck) && guest.spoke + 2 < next) {
		*what = guest.panic ? "panicked" : "stands still: KVM gave up with an internal error";
		next = guest.spoke + 2;
	}
	if (whole < next) {
		*what = "did not finish";
		next = whole;
	}
	return next;
}

/* Returns what went wrong, or null if all results have come. */
static const char *
watch_guest(const sigset_t *unblocked)
{
	static const struct timespec gather = { .tv_nsec = 10000000 };
	static char data[65536];
	const char *what;

	for (;;) {
		struct pollfd from = { .fd = guest.from, .events = POLLIN };
		double left = deadline(&what) - now();
		struct timespec wait = { .tv_sec = (time_t)left,
			.tv_nsec = (long)((left - (double)(time_t)left) * 1e9) };

		if (guest.ended != 0 && received_all())
			return NULL;
		if (left <= 0)
			return what;
		if (interrupted != 0)
			return "was interrupted";
		if (ppoll(&from, 1, &wait, unblocked) <= 0)
			continue;
		ssize_t size = read(guest.from, data, sizeof(data));
		if (size <= 0) {
			flush_line();
			if (guest.ended != 0 && received_all())
				return NULL;
			if (guest.panic)
				return "panicked";
			return guest.ended != 0 ? "sent damaged results" : "ended by itself";
		}
		guest.spoke = now();
		take(data, (size_t)size);
		/* A console sends single bytes: to wake up for each costs the guest more than to send it. */
		if (guest.ended == 0)
			ppoll(NULL, 0, &gather, unblocked);
	}
}

static void
show_tail(void)
{
	unsigned first = guest.lines > TAIL ? guest.lines - TAIL : 0;

	for (unsigned i = first; i < guest.lines; i++)
		fprintf(stderr, "\t%s\n", guest.tail[i % TAIL]);
}

static int
outcome(const char *wrong)
{
	double end = now();

	if (guest.up != 0)
		printf("%s: up after %.1f s, %.1f s in all\n", guest.system, guest.up - guest.started,
		    end - guest.started);
	fflush(stdout);
	if (interrupted != 0 || (wrong != NULL && end >= guest.started + option.whole))
		received_interrupted();
	if (interrupted != 0)
		return 128 + interrupted;
	if (wrong == NULL)
		return guest.status;
	if (guest.first == 0) {
		say("the guest %s%s (%.0f s)%s", guest.panic || guest.up == 0 ? "" : "is up but ", wrong,
		    end - guest.started, guest.stuck ? "" : ":");
		/* The last lines are only the registers of the processor. */
		if (!guest.stuck)
			show_tail();
		return NO_CASE;
	}
	say("the guest %s after %.0f s; it ran: %s", wrong, end - guest.started, received_running());
	show_tail();
	return FAIL;
}

static double
seconds(const char *name, const char *value)
{
	char *end;
	double number = value == NULL ? 0 : strtod(value, &end);

	if (value == NULL || *end != '\0' || number <= 0) {
		say("%s needs a number of seconds", name);
		exit(CANNOT_RUN);
	}
	return number;
}

/* Take the option and its value. Returns whether there is such an option. */
static bool
take_option(const char *name, const char *value)
{
	static const struct {
		const char *name;
		double *number;
		const char **text;
	} options[] = {
		{ "--boot", &option.boot, NULL },
		{ "--silence", &option.silence, NULL },
		{ "--timeout", &option.whole, NULL },
		{ "--results", NULL, &option.results },
		{ "--console", NULL, &option.console },
		{ "--name", NULL, &option.name },
	};

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (strcmp(name, options[i].name) != 0)
			continue;
		if (options[i].number != NULL)
			*options[i].number = seconds(name, value);
		else
			*options[i].text = value;
		return true;
	}
	return false;
}

static char **
read_options(char **argument)
{
	while (*argument != NULL && strcmp(*argument, "--") != 0) {
		if (strcmp(*argument, "--version") == 0) {
			printf("shmcheck-guest %s\n", shmcheck_version);
			exit(HOLD);
		}
		if (strcmp(*argument, "--verbose") == 0) {
			option.verbose = true;
			argument++;
		} else if (argument[1] != NULL && take_option(argument[0], argument[1])) {
			argument += 2;
		} else {
			break;
		}
	}
	if (*argument == NULL || strcmp(*argument, "--") != 0 || argument[1] == NULL || option.results == NULL ||
	    option.console == NULL) {
		fprintf(stderr,
		    "usage: shmcheck-guest --results FILE --console FILE [--boot S] [--silence S] [--timeout S]"
		    " [--name NAME] [--verbose] -- COMMAND...\n");
		exit(CANNOT_RUN);
	}
	return &argument[1];
}

int
main(int argc, char **argv)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGTERM };
	struct sigaction action = { .sa_handler = interrupt };
	char **command = read_options(&argv[argc > 0]);
	sigset_t blocked, before;

	if (!received_open(option.results)) {
		say("cannot write '%s': %s", option.results, strerror(errno));
		return CANNOT_RUN;
	}
	console = fopen(option.console, "w");
	if (console == NULL) {
		say("cannot write '%s': %s", option.console, strerror(errno));
		return CANNOT_RUN;
	}
	/* Signals are delivered only in ppoll(). */
	sigemptyset(&blocked);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		sigaddset(&blocked, signals[i]);
		sigaction(signals[i], &action, NULL);
	}
	sigprocmask(SIG_BLOCK, &blocked, &before);
	if (start_guest(command) == -1)
		return CANNOT_RUN;
	if (!option.verbose)
		progress_start();
	const char *wrong = watch_guest(&before);
	end_guest();
	progress_end();
	int status = outcome(wrong);
	if (!received_close() || fclose(console) != 0) {
		say("cannot write '%s': %s", option.results, strerror(errno));
		return CANNOT_RUN;
	}
	return status;
}
