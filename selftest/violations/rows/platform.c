/* SPDX-License-Identifier: BSD-2-Clause */

/* What the system tells about itself. */

#ifdef __linux__

#include <sys/shm.h>

#include "violation.h"

static void
double_every_second_time(struct call *c)
{
	static unsigned calls;

	if (calls++ % 2 == 1)
		c->result *= 2;
}

VIOLATION(sysconf_page_size_changes, "platform.page-size", "-", SYSCONF,
    FALSIFIES(c->command == _SC_PAGESIZE, double_every_second_time(c)))
{
	return sysconf(_SC_PAGESIZE) != sysconf(_SC_PAGESIZE);
}

#ifdef __GLIBC__ /* whose SHMLBA calls a function */

VIOLATION(shmlba_is_half_a_page, "platform.attach-multiple", "-", GETPAGESIZE, FALSIFIES(true, c->result /= 2))
{
	return SHMLBA % sysconf(_SC_PAGESIZE) != 0;
}

VIOLATION(shmlba_is_zero, "platform.attach-multiple", "-", GETPAGESIZE, FALSIFIES(true, c->result = 0))
{
	return SHMLBA == 0;
}

#endif

#endif
