/* SPDX-License-Identifier: BSD-2-Clause */

/* In which IPC namespace a process is, for conditions, and segments outside of a new one, for direct checks. */

#ifndef SHMCHECK_ROWS_NAMESPACES_H
#define SHMCHECK_ROWS_NAMESPACES_H

#include "direct_check.h"
#include "known.h"
#include "violation.h"

static inline bool
is_inside(void)
{
	return known_ipc_namespaces() > 0;
}

/* In a namespace that is inside another of ours. */
static inline bool
is_deep_inside(void)
{
	return known_ipc_namespaces() > 1;
}

/* A segment with this key, whose first byte is 'o', and after that a new namespace. */
static inline int
segment_outside(key_t key)
{
	int id = segment_create_with_key(key, 1, 0600);

	*(char *)segment_attach(id, NULL, 0) = 'o';
	return can_enter_namespace() ? id : -1;
}

#endif
