/* SPDX-License-Identifier: BSD-2-Clause */

/* What the suite uses of <rctl.h> of illumos, getrctl(2) and rctlblk_get_value(3C). There is no such control. */

#ifndef RCTL_H
#define RCTL_H

#include <errno.h>
#include <stddef.h>

#define RCTL_FIRST 0

typedef unsigned long long rctl_qty_t;
typedef struct rctlblk rctlblk_t;

static inline size_t
rctlblk_size(void)
{
	return 1;
}

static inline int
getrctl(const char *name, rctlblk_t *old, rctlblk_t *block, int flags)
{
	(void)name, (void)old, (void)block, (void)flags;
	errno = EINVAL;
	return -1;
}

static inline rctl_qty_t
rctlblk_get_value(rctlblk_t *block)
{
	(void)block;
	return 0;
}

#endif
