/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/stat.h>
#include <sys/wait.h>

#include "case_process.h"
#include "platform.h"
#include "run_case.h"
#include "run_places.h"
#include "run_signals.h"

/* A run that takes more seconds than this waits rather than works, and another may begin; at most this many may wait. */
static double patience = 0.05;
enum { WAITING_MAX = 8 };

/* How many seconds after SIGKILL a process that does not end is given up: some platforms cannot end what hangs. */
static const double grace = 10;

struct slot {
	struct run run;
	unsigned long serial; /* names its directory and files */
	pid_t pid;            /* 0: the slot is free; -1: fork() failed */
	double started;
	double due; /* when it is killed */
	bool timed_out;
	bool in_cleanup;
};

static struct slot *slots;
static unsigned slot_count;
static unsigned busy_max;
static unsigned long next_serial;
static double time_limit;
static char scratch[PATH_MAX / 2];

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static long long
microseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (long long)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void
runs_expect(double seconds)
{
	if (patience < 10 * seconds)
		patience = 10 * seconds;
}

const char *
runs_directory(void)
{
	return scratch;
}

bool
runs_begin(unsigned jobs, unsigned limit)
{
	static bool is_registered;
	const char *tmp = getenv("TMPDIR");
	int length;

	if (tmp == NULL || tmp[0] != '/')
		tmp = "/tmp";
	length = snprintf(scratch, sizeof(scratch), "%s/shmcheck.XXXXXX", tmp);
	if (length < 0 || (size_t)length >= sizeof(scratch)) {
		errno = ENAMETOOLONG;
		return false;
	}
	busy_max = jobs;
	slot_count = jobs == 1 ? 1 : jobs + WAITING_MAX;
	if (mkdtemp(scratch) == NULL)
		return false;
	slots = calloc(slot_count, sizeof(*slots));
	if (slots == NULL) {
		rmdir(scratch);
		return false;
	}
	/* Some cases act as other users. */
	chmod(scratch, 0755);
	time_limit = limit;
	signals_watch();
	if (!is_registered)
		atexit(runs_end);
	is_registered = true;
	return true;
}

static void
end_group(pid_t pid)
{
	/* Kill the process as well: it may not have become a group leader yet. */
	kill(-pid, SIGKILL);
	kill(pid, SIGKILL);
}

void
runs_end(void)
{
	if (slots == NULL)
		return;
	for (unsigned i = 0; i < slot_count; i++)
		if (slots[i].pid > 0) {
			end_group(slots[i].pid);
			waitpid(slots[i].pid, NULL, 0);
		}
	free(slots);
	slots = NULL;
	remove_tree(scratch);
	signals_restore();
}

int
runs_signal(void)
{
	return signal_to_end();
}

unsigned
runs_running(void)
{
	unsigned count = 0;

	for (unsigned i = 0; i < slot_count; i++)
		count += slots[i].pid != 0;
	return count;
}

bool
runs_have_room(void)
{
	double time = now();
	unsigned busy = 0;

	for (unsigned i = 0; i < slot_count; i++)
		busy += slots[i].pid != 0 && time - slots[i].started < patience;
	return busy < busy_max && runs_running() < slot_count;
}

static void
start_process(struct slot *s)
{
	struct run_places places = places_of(scratch, s->serial, &s->run);

	s->started = now();
	s->due = s->started + (s->run.limit != 0 ? s->run.limit : time_limit);
	s->timed_out = false;
	s->pid = fork();
	if (s->pid == 0)
		case_process(&s->run, &places, s->in_cleanup);
}

void
run_start(const struct run *run)
{
	struct slot *s = slots;

	while (s->pid != 0)
		s++;
	*s = (struct slot){ .run = *run, .serial = next_serial++ };
	s->run.start = microseconds();
	start_process(s);
	if (s->pid == -1)
		snprintf(s->run.reason, sizeof(s->run.reason), "cannot fork: %s", strerror(errno));
}

/* With waitid() the process stays a zombie until its group has been killed. Without it the status comes at once. */
static bool
is_over(const struct slot *s, int *status, bool *is_collected)
{
	siginfo_t info = { .si_pid = 0 };
	pid_t pid;

	*is_collected = false;
	if (waitid(P_PID, (id_t)s->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0)
		return info.si_pid != 0;
	pid = waitpid(s->pid, status, WNOHANG);
	*is_collected = pid == s->pid;
	return pid != 0;
}

static void
judge_cleanup(struct slot *s, int status)
{
	struct run *r = &s->run;

	if (!s->timed_out && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return;
	r->result = RESULT_BROKEN;
	snprintf(r->reason, sizeof(r->reason), "its cleanup %s", s->timed_out ? "timed out" : "failed");
}

/* SIGKILL did not end the process: give it up and go on with the others. */
static bool
is_beyond_help(struct slot *s, double time)
{
	if (!s->timed_out || time < s->due + grace)
		return false;
	s->run.result = RESULT_BROKEN;
	snprintf(s->run.reason, sizeof(s->run.reason), "it timed out, and SIGKILL does not end it");
	return true;
}

/* Whether the run has ended. Kills it at its time limit. Its group is killed before its number can be reused. */
static bool
has_ended(struct slot *s)
{
	struct run_places places;
	bool is_collected;
	int status = 0;

	if (s->pid == -1) {
		s->run.result = RESULT_BROKEN;
		return true;
	}
	if (!is_over(s, &status, &is_collected)) {
		if (!s->timed_out && now() >= s->due) {
			s->timed_out = true;
			end_group(s->pid);
		}
		return is_beyond_help(s, now());
	}
	kill(-s->pid, SIGKILL);
	if (!is_collected)
		waitpid(s->pid, &status, 0);
	places = places_of(scratch, s->serial, &s->run);
	if (s->in_cleanup)
		judge_cleanup(s, status);
	else
		places_judge(&places, &s->run, status, s->timed_out);
	if (s->run.has_cleanup && !s->in_cleanup) {
		s->in_cleanup = true;
		start_process(s);
		return s->pid == -1;
	}
	places_forget(&places, &s->run);
	return true;
}

/* Wait until a signal comes or something is due: a time limit, or the end of patience if that makes room. */
static void
wait_for_event(bool for_room)
{
	double time = now();
	double due = time + 60;
	double left;
	struct timespec timeout;

	for (unsigned i = 0; i < slot_count; i++) {
		const struct slot *s = &slots[i];

		if (s->pid == 0)
			continue;
		if (s->due + (s->timed_out ? grace : 0) < due)
			due = s->due + (s->timed_out ? grace : 0);
		if (for_room && s->started + patience > time && s->started + patience < due)
			due = s->started + patience;
	}
	left = due > time ? due - time : 0;
	timeout.tv_sec = (time_t)left;
	timeout.tv_nsec = (long)((left - (double)timeout.tv_sec) * 1e9);
	signals_wait(&timeout);
}

bool
run_collect(struct run *ended)
{
	bool had_room = runs_have_room();

	while (runs_signal() == 0 && runs_running() > 0) {
		for (struct slot *s = slots; s < slots + slot_count; s++)
			if (s->pid != 0 && has_ended(s)) {
				s->pid = 0;
				s->run.end = microseconds();
				s->run.seconds = (double)(s->run.end - s->run.start) / 1e6;
				*ended = s->run;
				return true;
			}
		if (!had_room && runs_have_room())
			return false;
		/* ThreadSanitizer delivers a signal only now; elsewhere it comes during the wait. */
		if (runs_signal() == 0)
			wait_for_event(!had_room && runs_running() < slot_count);
	}
	return false;
}
