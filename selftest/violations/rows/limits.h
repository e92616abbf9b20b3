/* SPDX-License-Identifier: BSD-2-Clause */

/* What the rows about limits need: they act in IPC namespaces that are made for that. */

#ifndef SHMCHECK_ROWS_LIMITS_H
#define SHMCHECK_ROWS_LIMITS_H

#include "ipc.h"
#include "shmget.h"

static inline bool
makes_segment(const struct call *c)
{
	return known_ipc_namespaces() > 0 && (c->flags & IPC_CREAT) != 0 && existing(c) == NULL;
}

/* Make it although it is beyond a limit, which would have to be as high as this. */
static inline void
make_beyond(struct call *c, const char *limit, unsigned long needed)
{
	unsigned long value = limit_now(limit);

	limit_set(limit, needed);
	real_call(c);
	limit_set(limit, value);
}

#ifdef __linux__
static inline struct shm_info
usage(void)
{
	struct shm_info info;

	if (real_shmctl(0, SHM_INFO, &info) == -1)
		memset(&info, 0, sizeof(info));
	return info;
}

/* There are as many segments as there may be. */
static inline bool
is_full(void)
{
	return known_ipc_namespaces() > 0 && (unsigned long)usage().used_ids >= limit_now("shmmni");
}
#endif

static inline int
make_private_segment(size_t size)
{
	return shmget(IPC_PRIVATE, size, IPC_CREAT | 0600);
}

#endif
