/* SPDX-License-Identifier: BSD-2-Clause */

/* Children and locks, and the order in which known_update() takes in a call. */

#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>

#include "known.h"
#include "known_parts.h"
#include "objects.h"
#include "real.h"
#include "violation.h"

enum { INITIALIZED_MAX = 32 };

/* What was initialized, and by which call. */
static struct {
	const void *address;
	enum interface by;
} initialized[INITIALIZED_MAX];
static size_t initialized_count;
static unsigned condition_count;
static unsigned semaphore_waits;
static bool is_interruptible;
static unsigned children_ended;
static pid_t ended_child;
static int ended_status;

static long first_process;
static atomic_flag is_learning = ATOMIC_FLAG_INIT;

/* By this thread, which forks, and may make calls meanwhile: pthread_atfork(). */
static _Thread_local bool others_are_stopped;

__attribute__((constructor)) static void
find_first_process(void)
{
	static const char name[] = "SHMCHECK_VIOLATION_PROCESS";
	const char *known = getenv(name);
	char number[24];

	if (known != NULL) {
		first_process = strtol(known, NULL, 10);
		return;
	}
	first_process = (long)getpid();
	snprintf(number, sizeof(number), "%ld", first_process);
	setenv(name, number, 1);
}

bool
is_first_process(void)
{
	return (long)getpid() == first_process;
}

bool
known_initialized(const void *address)
{
	for (size_t i = 0; i < initialized_count; i++)
		if (initialized[i].address == address)
			return true;
	return false;
}

/* The directory has a link for each thread beside the two of each directory. */
bool
has_threads(void)
{
	struct stat status;

	memset(&status, 0, sizeof(status));
	return real_stat("/proc/self/task", &status) == 0 && status.st_nlink > 2 + 1;
}

bool
known_mutex(const void *address)
{
	for (size_t i = 0; i < initialized_count; i++)
		if (initialized[i].address == address && initialized[i].by == MUTEX_INIT)
			return true;
	return false;
}

static void
learn_initialized(const struct call *c)
{
	if (initialized_count == INITIALIZED_MAX)
		return;
	initialized[initialized_count].address = c->address;
	initialized[initialized_count++].by = c->interface;
}

unsigned
known_conditions(void)
{
	return condition_count;
}

unsigned
known_semaphore_waits(void)
{
	return semaphore_waits;
}

bool
known_is_interruptible(void)
{
	return is_interruptible;
}

static void
learn_handler(const struct call *c)
{
	const struct sigaction *action = c->address;

	if ((c->id != SIGUSR1 && c->id != SIGALRM) || action == NULL)
		return;
	is_interruptible =
	    action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN && (action->sa_flags & SA_RESTART) == 0;
}

unsigned
known_children_ended(void)
{
	return children_ended;
}

bool
known_last_child_was_killed(void)
{
	return WIFSIGNALED(ended_status);
}

pid_t
known_ended_child(int *status)
{
	*status = ended_status;
	return ended_child;
}

bool
tells_of_killed_child(const struct call *c)
{
	return c->result > 0 && c->buffer != NULL && WIFSIGNALED(*(const int *)c->buffer);
}

static void
learn_end_of_child(const struct call *c)
{
	children_ended++;
	ended_child = (pid_t)c->result;
	if (c->buffer != NULL)
		ended_status = *(const int *)c->buffer;
}

bool
known_stop_others(void)
{
	if (others_are_stopped)
		return false;
	while (atomic_flag_test_and_set(&is_learning))
		sched_yield();
	others_are_stopped = true;
	return true;
}

void
known_let_others_go_on(bool are_stopped_here)
{
	if (!are_stopped_here)
		return;
	others_are_stopped = false;
	atomic_flag_clear(&is_learning);
}

/* What was called past the C library changes the same. */
static struct call
as_of_library(const struct call *c)
{
	struct call same = *c;

	switch (c->interface) {
	case RAW_SHMGET:
		same.interface = SHMGET;
		break;
	case RAW_SHMAT:
		same.interface = SHMAT;
		break;
	case RAW_SHMDT:
		same.interface = SHMDT;
		break;
	case RAW_SHMCTL:
		same.interface = SHMCTL;
		break;
	default:
		break;
	}
	return same;
}

static void
learn(const struct call *made)
{
	const struct call as_made = as_of_library(made);
	const struct call *c = &as_made;

	if (c->error != 0) {
		learn_failure_with_segment(c);
		return;
	}
	learn_objects(c);
	learn_segments(c);
	learn_memory(c);
	switch (c->interface) {
	case WAITPID:
		if (c->result > 0)
			learn_end_of_child(c);
		break;
	case MUTEX_INIT:
	case RWLOCK_INIT:
	case BARRIER_INIT:
	case SEM_INIT:
		learn_initialized(c);
		break;
	case SEM_WAIT:
		semaphore_waits++;
		break;
	case SIGACTION:
		learn_handler(c);
		break;
	case COND_INIT:
		condition_count++;
		learn_initialized(c);
		break;
	default:
		break;
	}
}

void
known_update(const struct call *c)
{
	bool are_stopped_here = known_stop_others();

	learn(c);
	known_let_others_go_on(are_stopped_here);
}
