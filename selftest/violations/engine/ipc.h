/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * IPC namespaces and files in /proc, as Linux has them: for the conditions and statements of rows. On other systems
 * these functions have no effect, and nothing calls them.
 */

#ifndef SHMCHECK_ENGINE_IPC_H
#define SHMCHECK_ENGINE_IPC_H

#include <stdbool.h>
#include <stddef.h>

#include "call.h"

/* Whether this process is in another IPC namespace than its parent. */
bool has_own_ipc_namespace(void);

/* Whether this call of unshare(), which has been made, made that namespace. */
bool made_ipc_namespace(const struct call *);

/* Make the call in the parent's IPC namespace. Returns its result. */
intptr_t call_in_parents_namespace(struct call *);

/* A limit in /proc/sys/kernel of this namespace; ULONG_MAX where there is none. */
unsigned long limit_now(const char *name);

/* Set it: without effect but in a namespace that this process or its parents have made. */
void limit_set(const char *name, unsigned long value);

/* The same in the parent's namespace, when that was made likewise. */
unsigned long parents_limit(const char *name);
void parents_limit_set(const char *name, unsigned long value);

/* Whether fopen() is to open this limit, for reading ("r") or writing ("w"). */
bool opens_limit(const struct call *, const char *name, const char *mode);

/* What a file that fopen() has just opened for reading holds: at most size - 1 bytes and a null. Returns their number. */
size_t content_now(const struct call *, char *content, size_t size);

/* From now on it holds this. */
void content_set(const struct call *, char *content, size_t size);

/* A number is all that it holds, and this one from now on. */
void content_set_number(const struct call *, unsigned long number);

#endif
