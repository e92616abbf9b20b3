/* SPDX-License-Identifier: BSD-2-Clause */

/* Constants of a header that are or-ed: none is zero, and no two have a bit in common. */

#ifndef SHMCHECK_DISTINCT_BITS_H
#define SHMCHECK_DISTINCT_BITS_H

#include "check.h"

static inline void
check_distinct_bits(const int *flags, size_t count)
{
	int seen = 0;

	for (size_t i = 0; i < count; i++) {
		CHECK_NE(0, flags[i]);
		CHECK_EQ(0, flags[i] & seen);
		seen |= flags[i];
	}
}

#endif
