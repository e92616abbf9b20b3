/* SPDX-License-Identifier: BSD-2-Clause */

/* What the first process does in the same way on each BSD. */

#include <sys/param.h>
#include <sys/resource.h>

#include "system.h"

void
system_prepare(bool quiet)
{
	(void)quiet;
}

void
system_go_first(void)
{
	(void)setpriority(PRIO_PROCESS, 0, PRIO_MIN);
}
