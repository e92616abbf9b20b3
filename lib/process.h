/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Children of a case, in lock-step with it through pipes: nothing here waits by time. Failed checks in a child reach the
 * case. A child whose parent is gone ends by itself at its next pause; a child that is left when the case ends is killed.
 *
 *	struct child c = child_start(store, p);
 *
 *	child_reaches_end(&c);		store() has returned; the process is still there
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

/* The same as another user: real, effective and saved ids, and no supplementary groups. Needs root, see need_users(). */
struct child child_start_as(enum user, void (*body)(void *), void *argument);

/* The body of a child that only is there. */
void do_nothing(void *);

/* In a child: tell the parent, and wait until it lets the child go on. */
void pause_for_parent(void);

/* Wait until the child is at its next pause, or at the end of its body. The case fails and ends if it died before. */
#define child_reaches_pause(child) child_reaches(__FILE__, __LINE__, child, false)
#define child_reaches_end(child)   child_reaches(__FILE__, __LINE__, child, true)

/*
 * Return when so many processes have come here, each by one call, with "arrived" in memory that they share and zero before:
 * what they do next they do at the same time. For what is raced for; a pause alone lets one be done before the other wakes up.
 */
void start_together(atomic_uint *arrived, unsigned count);

/* pthread_create(). Skips the case where the system gives no further thread. */
void thread_start(pthread_t *, void *(*body)(void *), void *argument);

/* Let a child that is at a pause go on. */
void child_goes_on(struct child *);

/*
 * Let the child go on to its end and wait for it: it exits with status 0, or with the one given, or dies by the signal. A
 * child that does otherwise is a failed check.
 */
#define child_exits(child)              child_ends(__FILE__, __LINE__, child, false, 0)
#define child_exits_with(child, status) child_ends(__FILE__, __LINE__, child, false, status)
#define child_dies(child, signal)       child_ends(__FILE__, __LINE__, child, true, signal)

/*
 * In a child: set the soft limit of a resource, see getrlimit(); RLIM_INFINITY takes it back to the hard limit. Skips the
 * case where the hard limit is lower, and where setrlimit() fails with EINVAL, which POSIX lets it where more is in use: a
 * process of macOS has gigabytes of addresses from its start.
 */
void limit_to(int resource, rlim_t soft);

/* Kill the child by SIGKILL and wait for it. */
void child_kill(struct child *);

/* Run the body in a child from start to exit. */
#define in_child(body, argument)      child_runs(__FILE__, __LINE__, SAME_USER, body, argument)
#define as_user(user, body, argument) child_runs(__FILE__, __LINE__, user, body, argument)

void child_reaches(const char *file, int line, struct child *, bool its_end);
void child_ends(const char *file, int line, struct child *, bool by_signal, int number);
void child_runs(const char *file, int line, enum user, void (*body)(void *), void *argument);

/*
 * For lib/program.c: the descriptors that keep this child in step, for the image that follows exec, and the other way
 * round: become the child that they belong to.
 */
void child_descriptors(int *go, int *reached);
void child_resume_as(int go, int reached);

/* For lib/program.c: what a child does when its body has returned. */
_Noreturn void child_end(void);

/* For lib/case.c: kill and wait for the children that are left. Returns how many there were. */
unsigned children_end(void);

#endif
