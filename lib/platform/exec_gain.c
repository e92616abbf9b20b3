/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>

#include "platform/exec_gain.h"

#ifdef __linux__

#include <sys/prctl.h>

/* C libraries have it later than the kernel. */
#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65
#endif

int
set_exec_gain(unsigned long mask)
{
	return prctl(PR_SET_MDWE, mask, 0UL, 0UL, 0UL);
}

#else

int
set_exec_gain(unsigned long mask)
{
	(void)mask;
	errno = ENOSYS;
	return -1;
}

#endif
