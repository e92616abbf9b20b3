/* SPDX-License-Identifier: BSD-2-Clause */

#include <signal.h>

#include "platform/behaviour.h"
#include "platform/identity.h"

bool
reads_see_mappings(void)
{
	return !platform_is(OPENBSD);
}

bool
msync_tells_locks(void)
{
	return !platform_is(OPENBSD | DRAGONFLY | MACOS);
}

#ifdef __aarch64__

bool
fault_codes_tell(void)
{
	return !platform_is(MACOS);
}

#else

bool
fault_codes_tell(void)
{
	return true;
}

#endif

int
signal_of_protection(void)
{
	return platform_is(MACOS) ? SIGBUS : SIGSEGV;
}
