/* SPDX-License-Identifier: BSD-2-Clause */

#include "volume.h"

static unsigned times = 1;

unsigned
volume(unsigned rounds)
{
	return rounds * times;
}

void
volume_begin(unsigned variable)
{
	times = variable;
}
