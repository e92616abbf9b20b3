/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Children of a case. Pipes keep them in step with it: nothing here waits by time. Failed checks in a child reach the case.
 * A child whose parent has died ends at its next pause. A child that still runs when the case ends is killed.
 *
 *	struct child c = child_start(store, p);
 *
 *	child_reaches_end(&c);		store() has returned, and the process still exists
 *	CHECK_EQ('c', *p);
 *	child_exits(&c);
 */

#ifndef SHMCHECK_PROCESS_H
#define SHMCHECK_PROCESS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include <sys/types.h>
#include <sys/resource.h>

#include "user.h"

struct child {
	pid_t pid;
	int go;      /* to the child: go on */
	int reached; /* from the child: it is at a pause, or at its end */
	bool at_end;
};

/* Start a child by fork. It runs the body, waits for the parent at its end, and exits with status 0. */
struct child child_start(void (*body)(void *), void *argument);

/* The same as another user: real, effective and saved ids, without supplementary groups. The case NEEDS_USERS. */
struct child child_start_as(enum user, void (*body)(void *), void *argument);

/* The body of a child that does nothing. */
void do_nothing(void *);

/* In a child: tell the parent, then wait until the parent lets the child go on. */
void pause_for_parent(void);

/* Wait until the child is at its next pause, or at the end of its body. If the child dies before, the case ends and fails. */
#define child_reaches_pause(child) child_reaches(__FILE__, __LINE__, child, false)
#define child_reaches_end(child)   child_reaches(__FILE__, __LINE__, child, true)

/*
 * Return when this number of processes has called it, each once, so that what they do next they do at the same time. They
 * share the memory of "arrived", which is zero at first. This is for races: after a pause alone one process may have ended
 * before the other wakes up.
 */
void start_together(atomic_uint *arrived, unsigned count);

/* pthread_create(). Skips the case where the system gives no further thread. */
void thread_start(pthread_t *, void *(*body)(void *), void *argument);

/*
 * Wait until the child is at its next pause, true, or at the end of its body, false. The case fails and ends if it died
 * before.
 */
#define child_pauses(child) child_stops(__FILE__, __LINE__, child)

/* Whether the child runs: it is at no pause, nor at its end, and has not died. Asks, and does not wait. */
bool child_runs_on(const struct child *);

/* Let a child go on that is at a pause. */
void child_goes_on(struct child *);

/*
 * Let the child go on to its end and wait for it. A check fails unless it exits with status 0, or with this status, or dies
 * by this signal.
 */
#define child_exits(child)              child_ends(__FILE__, __LINE__, child, false, 0)
#define child_exits_with(child, status) child_ends(__FILE__, __LINE__, child, false, status)
#define child_dies(child, signal)       child_ends(__FILE__, __LINE__, child, true, signal)

/*
 * In a child: set the soft limit of a resource, see getrlimit(). RLIM_INFINITY makes it the hard limit. Skips the case if
 * the platform lacks the limit, see platform/resource.h, if the hard limit is lower, or if setrlimit() fails with EINVAL.
 * POSIX allows that where more is in use: a process of macOS has gigabytes of addresses from its start.
 */
void limit_to(int resource, rlim_t soft);

/* The number that the next descriptor of the process gets: the same as before where none was left open. */
int next_descriptor(void);

/* In a child: open descriptors until the limit, which becomes 32, allows no more. Returns the last one, for the case to close. */
int use_up_descriptors(void);

/* Kill the child by SIGKILL and wait for it. */
void child_kill(struct child *);

/* Run the body in a child, as this user or as another, and wait for its end: it exits with status 0. */
#define in_child(body, argument)      child_runs(__FILE__, __LINE__, SAME_USER, body, argument)
#define as_user(user, body, argument) child_runs(__FILE__, __LINE__, user, body, argument)

bool child_stops(const char *file, int line, struct child *);
void child_reaches(const char *file, int line, struct child *, bool its_end);
void child_ends(const char *file, int line, struct child *, bool by_signal, int number);
void child_runs(const char *file, int line, enum user, void (*body)(void *), void *argument);

/*
 * For lib/program.c, around exec: the descriptors that keep this child in step, and, in the new image, become the child
 * that these descriptors belong to.
 */
void child_descriptors(int *go, int *reached);
void child_resume_as(int go, int reached);

/* For lib/program.c: end this child, whose body has returned. */
_Noreturn void child_end(void);

/* For lib/case.c: kill the children that still run and wait for them. Returns their number. */
unsigned children_end(void);

#endif
