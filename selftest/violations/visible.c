/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The direct checks of the violations, in a process that has the engine preloaded or not.
 *
 *	visible -l	a line for each: name, requirement, call, kind, origin, with tabs between them
 *	visible NAME	exit status 0: the violation is seen; 1: it is not; another: what is needed to see it is not there
 */

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "guardian.h"
#include "record.h"
#include "violation.h"

enum { CHECK_SECONDS = 10 };
enum { SEEN = 0, NOT_SEEN = 1, CANNOT_TELL = 2 };

static const char *
kind_name(enum kind kind)
{
	static const char *const names[] = { "refused", "other error", "accepted", "skipped", "changed", "falsified",
		"replaced" };

	return names[kind];
}

static int
list(void)
{
	for (const struct violation *v = first_violation; v != NULL; v = v->next)
		printf("%s\t%s\t%s\t%s\t%s\n", v->name, v->requirement, interface_name(v->interface),
		    kind_name(v->kind), v->origin);
	return fflush(stdout) == 0 ? 0 : CANNOT_TELL;
}

static void
end_everything(void)
{
	children_end();
	guardian_finish();
}

int
main(int argc, char **argv)
{
	const struct violation *v = first_violation;

	if (argc == 2 && strcmp(argv[1], "-l") == 0)
		return list();
	while (argc == 2 && v != NULL && strcmp(argv[1], v->name) != 0)
		v = v->next;
	if (argc != 2 || v == NULL) {
		fprintf(stderr, "usage: visible -l | visible VIOLATION\n");
		return CANNOT_TELL;
	}
	record_without_case();
	atexit(end_everything);
	pthread_atfork(NULL, NULL, guardian_leave); /* checks fork as they please */
	signal(SIGPIPE, SIG_IGN);
	umask(022);
	alarm(CHECK_SECONDS);
	return v->is_seen() ? SEEN : NOT_SEEN;
}
