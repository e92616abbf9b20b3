/* SPDX-License-Identifier: BSD-2-Clause */

#include "check.h"
#include "platform/entropy.h"
#include "random.h"

void
random_bytes(void *buffer, size_t size)
{
	if (!system_entropy(buffer, size))
		end_failed("the system gives no random bytes: %s", errno_name(errno));
}

uint64_t
random_number(void)
{
	uint64_t number;

	random_bytes(&number, sizeof(number));
	return number;
}
