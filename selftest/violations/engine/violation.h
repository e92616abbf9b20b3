/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * A violation: a row that makes the platform break one sentence, and a direct check that the sentence is really broken.
 *
 *	VIOLATION(shmget_ignores_excl, "shmget.excl-existing-key", "-", SHMGET,
 *	    CHANGES(c->flags & IPC_EXCL, c->flags &= ~IPC_EXCL))
 *	{
 *		key_t key = segment_key();
 *
 *		segment_create_with_key(key, 1, 0600);
 *		return shmget(key, 1, IPC_CREAT | IPC_EXCL | 0600) != -1;
 *	}
 *
 * This says: name; the requirement that is broken; the real bug that is copied, or "-"; the call that is changed; how. The
 * body is the direct check: true when the violation is seen. It runs in a process of its own and may use lib/.
 *
 * The conditions and statements of a row see "c", the call under way. They make calls of their own by real_call() only.
 */

#ifndef SHMCHECK_VIOLATION_H
#define SHMCHECK_VIOLATION_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>
#include <sys/wait.h>

#include "check.h"
#include "fault.h"
#include "mapping.h"
#include "memfd.h"
#include "object.h"
#include "platform.h"
#include "process.h"
#include "segment.h"

#include "call.h"

enum kind {
	REFUSED,     /* the call is not made, and fails */
	OTHER_ERROR, /* it fails with another error */
	ACCEPTED,    /* it should fail, and succeeds without effect */
	SKIPPED,     /* it should have an effect, and succeeds without */
	CHANGED,     /* it is made with other arguments */
	FALSIFIED,   /* it succeeds, and tells or leaves something else */
	REPLACED     /* something else is done instead */
};

/*
 * How a call is violated, as the last argument of VIOLATION(). "when" is a condition on the call before it is made, or in
 * MISTAKES, ACCEPTS and FALSIFIES after it; errors are those of errno, or what a call like posix_madvise() returns.
 */
#define REFUSES(when, error)         REFUSED, 0, error, when, (void)0
#define MISTAKES(when, error, other) OTHER_ERROR, error, other, when, (void)0
#define ACCEPTS(when, error, value)  ACCEPTED, error, 0, when, c->result = (intptr_t)(value) /* error 0: any */
#define SKIPS(when)                  SKIPPED, 0, 0, when, (void)0
#define CHANGES(when, statement)     CHANGED, 0, 0, when, statement
#define FALSIFIES(when, statement)   FALSIFIED, 0, 0, when, statement
#define REPLACES(when, statement)    REPLACED, 0, 0, when, statement /* which sets c->result and c->error */

struct violation {
	const char *name;
	const char *requirement;
	const char *origin;
	enum interface interface;
	enum kind kind;
	int error;
	int other_error;
	bool (*when)(const struct call *);
	void (*act)(struct call *);
	bool (*is_seen)(void);
	bool was_traced;
	bool is_to_be_traced; /* what could not be written then */
	struct violation *next;
	struct violation *next_of_interface;
};

/* In the order of definition within a file. */
extern struct violation *first_violation;

void violation_register(struct violation *);

/* The engine itself has the rows without the direct checks, and so without lib/. */
#ifdef ENGINE
#define IS_SEEN(name) NULL
#else
#define IS_SEEN(name) name##_is_seen
#endif

#define VIOLATION(name, requirement, origin, interface, how) \
	VIOLATION_OF_KIND(name, requirement, origin, interface, how)
#define VIOLATION_OF_KIND(name, requirement, origin, interface, kind, error, other, condition, statement) \
	static bool name##_when(const struct call *c) \
	{ \
		(void)c; \
		return (condition); \
	} \
	static void name##_act(struct call *c) \
	{ \
		(void)c; \
		statement; \
	} \
	__attribute__((unused)) static bool name##_is_seen(void); \
	static struct violation name##_violation = { #name, requirement, origin, interface, kind, error, other, \
		name##_when, name##_act, IS_SEEN(name), false, false, NULL, NULL }; \
	__attribute__((constructor)) static void name##_register(void) \
	{ \
		violation_register(&name##_violation); \
	} \
	static bool name##_is_seen(void)

/* Let the call take its course, with the arguments as they are now, violated or not. Returns and leaves errno as it does. */
intptr_t call_make(struct call *);

/* For REPLACES: let the call fail with this error. */
void call_fail(struct call *, int error);

#endif
