/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * IPC namespaces of Linux: a child that makes its own has segments and limits that are nobody else's and go with it, so that
 * it may exhaust and change them. Elsewhere everything here skips the case.
 */

#ifndef SHMCHECK_IPC_NAMESPACE_H
#define SHMCHECK_IPC_NAMESPACE_H

/* In a child: enter a new IPC namespace. Skips the case where that is not allowed or does not isolate. */
void enter_new_ipc_namespace(void);

/* A limit in /proc/sys/kernel of the caller's namespace: "shmmax", "shmall", "shmmni", "shm_rmid_forced". */
unsigned long ipc_limit(const char *name);

/* Set it: only after enter_new_ipc_namespace(). */
void ipc_limit_set(const char *name, unsigned long value);

#endif
