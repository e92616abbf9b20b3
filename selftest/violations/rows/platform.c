/* SPDX-License-Identifier: BSD-2-Clause */

/* What the system tells about itself. */

#ifdef __linux__

#include <errno.h>

#include <sys/mman.h>
#include <sys/shm.h>

#include "violation.h"

/* Every second question of a process. */
static bool
is_second_question(const struct call *c, unsigned *questions)
{
	return c->command == _SC_PAGESIZE && (*questions)++ % 2 == 1;
}

static unsigned questions_before_change;

VIOLATION(sysconf_page_size_changes, "platform.page-size", "-", SYSCONF,
    FALSIFIES(is_second_question(c, &questions_before_change), c->result *= 2))
{
	long first = sysconf(_SC_PAGESIZE);

	return sysconf(_SC_PAGESIZE) == 2 * first;
}

static unsigned questions_before_zero;

VIOLATION(sysconf_page_size_is_zero, "platform.page-size", "-", SYSCONF,
    FALSIFIES(is_second_question(c, &questions_before_zero), c->result = 0))
{
	long first = sysconf(_SC_PAGESIZE);

	return first > 0 && sysconf(_SC_PAGESIZE) == 0;
}

VIOLATION(sysconf_denies_mapped_files, "platform.options", "-", SYSCONF,
    FALSIFIES(c->command == _SC_MAPPED_FILES, c->result = -1))
{
	return sysconf(_SC_MAPPED_FILES) == -1;
}

VIOLATION(sysconf_denies_memory_protection, "platform.options", "-", SYSCONF,
    FALSIFIES(c->command == _SC_MEMORY_PROTECTION, c->result = -1))
{
	return sysconf(_SC_MEMORY_PROTECTION) == -1;
}

VIOLATION(munlock_enosys, "platform.options", "-", MUNLOCK, REFUSES(c->length <= 1, ENOSYS))
{
	static char byte;

	return munlock(&byte, 1) == -1 && errno == ENOSYS;
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
