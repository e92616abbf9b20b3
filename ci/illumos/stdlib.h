/* SPDX-License-Identifier: BSD-2-Clause */

/* <stdlib.h> of musl, and what illumos has there, closefrom(3C). */

#include_next <stdlib.h>

#ifndef ILLUMOS_STDLIB_H
#define ILLUMOS_STDLIB_H

static inline void
closefrom(int lowest)
{
	(void)lowest;
}

#endif
