/* SPDX-License-Identifier: BSD-2-Clause */

/* Helpers for the direct checks of several files. */

#ifndef SHMCHECK_DIRECT_CHECK_H
#define SHMCHECK_DIRECT_CHECK_H

#include <stdbool.h>
#include <unistd.h>

#include <sys/wait.h>

#include "guardian.h"
#include "ipc_namespace.h"
#include "platform.h"
#include "user.h"

/* What the check gives in a child, of this user. Not seen where the caller cannot become another. */
static inline bool
is_seen_by(enum user user, bool (*check)(void *), void *argument)
{
	int status;
	pid_t child;

	if (user != SAME_USER && geteuid() != 0)
		return false;
	child = fork();
	if (child == 0) {
		user_become(user);
		_exit(check(argument) ? 0 : 1);
	}
	guardian_knows_process(child);
	return waitpid(child, &status, 0) == child && status == 0;
}

/* Enter a new IPC namespace, if this process may. */
static inline bool
can_enter_namespace(void)
{
	if (geteuid() != 0 || !has_ipc_privileges())
		return false;
	enter_new_ipc_namespace();
	return true;
}

#endif
