/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>

#include "outcome.h"
#include "volume.h"

static unsigned times = 1;

unsigned
volume(unsigned rounds)
{
	return rounds * times;
}

void
volume_begin(const char *variable)
{
	char *end;
	unsigned long number = strtoul(variable, &end, 10);

	if (variable[0] == '\0')
		return;
	if (*end != '\0' || number < 1 || number > 10000)
		end_failed("the variable volume is no number from 1 to 10000: '%s'", variable);
	times = (unsigned)number;
}
