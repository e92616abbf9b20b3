/* SPDX-License-Identifier: BSD-2-Clause */

/* Of segment.h, what programs need that make no segments of a case's own. */

#include <errno.h>

#include "platform.h"
#include "segment.h"

int
other_error_of_removed(void)
{
	return platform_is(LINUX | OTHER_PLATFORM) ? EIDRM : 0;
}

bool
says_removed(int error)
{
	return error == EINVAL || (error != 0 && error == other_error_of_removed());
}

int
error_of_taken_address(void)
{
	return platform_is(FREEBSD | NETBSD | OPENBSD | DRAGONFLY | MACOS) ? ENOMEM : EINVAL;
}

int
other_error_of_taken_address(void)
{
	return platform_is(OTHER_PLATFORM) ? ENOMEM : 0;
}
