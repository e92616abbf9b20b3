/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * IPC namespaces of Linux, ipc_namespaces(7): a child that makes its own has segments and limits that are nobody else's and
 * go with it, so that it may exhaust and change them.
 */

#ifndef SHMCHECK_IPC_NAMESPACE_H
#define SHMCHECK_IPC_NAMESPACE_H

#include "need.h"

/* A child can make an IPC namespace: with CAP_SYS_ADMIN, or else together with a user namespace. */
#define NEEDS_IPC_NAMESPACE NEED("an IPC namespace", .ask = need_ipc_namespace)

/* The same, and the limits on segments in there can be set: a container may have /proc/sys for reading only. */
#define NEEDS_IPC_LIMITS NEED("an IPC namespace with limits that can be set", .ask = need_ipc_limits)

void need_ipc_namespace(void);
void need_ipc_limits(void);

/*
 * In a child: enter a new IPC namespace. A process without CAP_SYS_ADMIN enters a user namespace with it, in which it is
 * root and nobody else is known. Skips the case where the system refuses. The case fails where unshare() succeeds and the
 * segments of outside are still there.
 */
void enter_new_ipc_namespace(void);

/* A limit in /proc/sys/kernel of the caller's namespace: "shmmax", "shmall", "shmmni", "shm_rmid_forced". */
unsigned long ipc_limit(const char *name);

/* Set it: only after enter_new_ipc_namespace(). */
void ipc_limit_set(const char *name, unsigned long value);

#endif
