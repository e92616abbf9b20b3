/* SPDX-License-Identifier: BSD-2-Clause */

#include <limits.h>
#include <stdint.h>

#include "check.h"
#include "semaphore_value.h"

void
need_value_over_maximum(void)
{
	need((uintmax_t)SEM_VALUE_MAX < UINT_MAX, "no number is above SEM_VALUE_MAX here");
}
