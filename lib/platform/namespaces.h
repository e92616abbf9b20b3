/* SPDX-License-Identifier: BSD-2-Clause */

/* Namespaces of Linux, namespaces(7). Elsewhere the calls fail with ENOSYS. */

#ifndef SHMCHECK_PLATFORM_NAMESPACES_H
#define SHMCHECK_PLATFORM_NAMESPACES_H

#include <errno.h>
#include <sched.h>
#include <stdbool.h>

#ifndef CLONE_NEWIPC
#define CLONE_NEWIPC  0
#define CLONE_NEWNS   0
#define CLONE_NEWUSER 0
#endif

#ifndef __linux__
#define unshare(kinds) no_unshare(kinds)
static inline int
no_unshare(int kinds)
{
	(void)kinds;
	errno = ENOSYS;
	return -1;
}

#define setns(fd, kind) no_setns(fd, kind)
static inline int
no_setns(int fd, int kind)
{
	(void)fd;
	(void)kind;
	errno = ENOSYS;
	return -1;
}
#endif

/*
 * Make namespaces of these kinds by unshare(), CLONE_NEWIPC | CLONE_NEWNS. A process without the right to that gets them in
 * a user namespace, user_namespaces(7), where it is root and no other id is known. Returns false, with errno, where the
 * system refuses; the process may be in a user namespace then. It must have one thread.
 */
bool unshare_as_any_user(int kinds);

/*
 * The same, always in a user namespace. There the process is root, or stays who it is, with no more rights once it executes a
 * program. Returns false, with errno.
 */
bool unshare_with_user_namespace(int kinds, bool as_root);

#endif
