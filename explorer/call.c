/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>

#include "call.h"

struct answer
answer_of_call(long result)
{
	return result == -1 ? FAILS(errno) : GIVES(result);
}
