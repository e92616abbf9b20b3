/* SPDX-License-Identifier: BSD-2-Clause */

/* What needs no system call, or makes one; and memory that a process can't use when it is on its own. */

#ifdef __linux__

#include <pthread.h>

#include <linux/seccomp.h>

#include <sys/prctl.h>
#include <sys/syscall.h>

#include "effects.h"
#include "known.h"
#include "violation.h"

VIOLATION(seccomp_strict_mode_lenient, "no_kernel.strict-mode-control", "-", PRCTL, SKIPS(c->command == PR_SET_SECCOMP))
{
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
		syscall(SYS_getpid);
		_exit(0);
	}
	waitpid(child, &status, 0);
	return status == 0;
}

static void
lock_with_call(struct call *c)
{
	syscall(SYS_getpid);
	real_call(c);
}

VIOLATION(mutex_lock_calls_kernel, "no_kernel.uncontended-mutex", "-", MUTEX_LOCK, REPLACES(true, lock_with_call(c)))
{
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
		pthread_mutex_lock(&mutex);
		syscall(SYS_exit, 0);
	}
	waitpid(child, &status, 0);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

/* A process that goes into strict mode finds nothing of what it shares, as if each fault there needed a call. */
VIOLATION(seccomp_strict_mode_loses_memory, "no_kernel.first-touch-allowed", "-", PRCTL,
    CHANGES(c->command == PR_SET_SECCOMP, lose_everything_shared()))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
		*p = 's';
		syscall(SYS_exit, 0);
	}
	waitpid(child, &status, 0);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV;
}

VIOLATION(seccomp_strict_mode_unshares_memory, "no_kernel.strict-mode-exchange", "-", PRCTL,
    CHANGES(c->command == PR_SET_SECCOMP, make_everything_private()))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);
	pid_t child = fork();

	if (child == 0) {
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
		*p = 's';
		syscall(SYS_exit, 0);
	}
	waitpid(child, NULL, 0);
	return *p == 0;
}

#endif
