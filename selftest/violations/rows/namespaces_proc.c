/* SPDX-License-Identifier: BSD-2-Clause */

/* What /proc shows and sets in an IPC namespace of Linux: the limits, and the list of all segments. */

#ifdef __linux__

#include <stdio.h>

#include "ipc.h"
#include "direct_check.h"
#include "namespaces.h"
#include "violation.h"

static bool
sets_everything(__attribute__((unused)) void *arg)
{
	if (!can_enter_namespace())
		return false;
	ipc_limit_set("shmall", 23);
	ipc_limit_set("shm_rmid_forced", 1);
	return true;
}

/* What a process sees of a limit when its child has set another in a namespace of its own. */
static unsigned long
limit_beside(const char *name)
{
	if (!can_enter_namespace() || !is_seen_by(SAME_USER, sets_everything, NULL))
		return 0;
	return ipc_limit(name);
}

VIOLATION(namespace_sets_shmall_of_outside, "namespaces.limits-per-namespace", "-", FOPEN,
    FALSIFIES(is_deep_inside() && opens_limit(c, "shmall", "w"), parents_limit_set("shmall", 23)))
{
	return limit_beside("shmall") == 23;
}

VIOLATION(namespace_sets_rmid_forced_of_outside, "namespaces.limits-per-namespace", "-", FOPEN,
    FALSIFIES(is_deep_inside() && opens_limit(c, "shm_rmid_forced", "w"), parents_limit_set("shm_rmid_forced", 1)))
{
	return limit_beside("shm_rmid_forced") == 1;
}

/* What a namespace inside another shows of a limit that was set in both. */
static unsigned long
limit_inside(const char *name)
{
	if (!can_enter_namespace())
		return 0;
	ipc_limit_set(name, 71);
	pid_t child = fork();
	if (child == 0) {
		enter_new_ipc_namespace();
		ipc_limit_set(name, 17);
		_exit((int)ipc_limit(name));
	}
	int status = 0;
	waitpid(child, &status, 0);
	return (unsigned long)WEXITSTATUS(status);
}

VIOLATION(namespace_shows_shmmni_of_outside, "namespaces.limits-per-namespace", "-", FOPEN,
    FALSIFIES(is_deep_inside() && opens_limit(c, "shmmni", "r"), content_set_number(c, parents_limit("shmmni"))))
{
	return limit_inside("shmmni") == 71;
}

VIOLATION(namespace_shows_shmmax_of_outside, "namespaces.limits-per-namespace", "-", FOPEN,
    FALSIFIES(is_deep_inside() && opens_limit(c, "shmmax", "r"), content_set_number(c, parents_limit("shmmax"))))
{
	return limit_inside("shmmax") == 71;
}

static const char list[] = "/proc/sysvipc/shm";

static bool
reads_list_inside(const struct call *c)
{
	return is_inside() && strcmp(c->name, list) == 0;
}

static int
lines_of_list(void)
{
	int lines = 0;
	FILE *file = fopen(list, "r");

	if (file == NULL)
		return -1;
	for (int byte = fgetc(file); byte != EOF; byte = fgetc(file))
		lines += byte == '\n';
	fclose(file);
	return lines;
}

VIOLATION(namespace_lists_segments_of_outside, "namespaces.sysvipc-file-per-namespace", "-", FOPEN,
    REPLACES(reads_list_inside(c) && known_segments_outside(), call_in_parents_namespace(c)))
{
	return segment_outside(segment_key()) != -1 && lines_of_list() > 1;
}

/* The first line, of one kilobyte at most. */
static void
keep_header(const struct call *c)
{
	static char content[1024];

	content_now(c, content, sizeof(content));
	content_set(c, content, strcspn(content, "\n") + 1);
}

VIOLATION(namespace_lists_nothing, "namespaces.sysvipc-file-per-namespace", "-", FOPEN,
    FALSIFIES(reads_list_inside(c), keep_header(c)))
{
	if (!can_enter_namespace())
		return false;
	(void)shmget(IPC_PRIVATE, 1, 0600);
	return lines_of_list() == 1;
}

#endif
