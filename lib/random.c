/* SPDX-License-Identifier: BSD-2-Clause */

#include "check.h"
#include "platform/unistd.h"
#include "random.h"

void
random_bytes(void *buffer, size_t size)
{
	if (getentropy(buffer, size) == -1)
		end_failed("the system gives no random bytes: %s", errno_name(errno));
}

uint64_t
random_number(void)
{
	uint64_t number;

	random_bytes(&number, sizeof(number));
	return number;
}
