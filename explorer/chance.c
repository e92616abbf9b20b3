/* SPDX-License-Identifier: BSD-2-Clause */

#include "chance.h"

/* splitmix64 of Sebastiano Vigna, https://prng.di.unimi.it/splitmix64.c, which is in the public domain. */
static uint64_t
next_number(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

unsigned
chance_below(uint64_t *state, unsigned count)
{
	return (unsigned)(next_number(state) % count);
}

struct operation
chance_operation(uint64_t *state)
{
	struct operation o = { .kind = (uint8_t)chance_below(state, OPERATIONS),
		.process = (uint8_t)chance_below(state, PROCESSES) };

	for (const enum argument *a = operation_form(o.kind)->takes; *a != ARGUMENTS; a++)
		if (!argument_form(*a)->is_optional || chance_below(state, 4) == 0)
			o.arguments[*a] = (uint8_t)chance_below(state, argument_form(*a)->count);
	return o;
}
