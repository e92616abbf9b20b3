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

/* What builds up a world comes more often, and what starts a program, which takes long, more seldom. */
enum { USUAL = 3 };
static const uint8_t weights[OPERATIONS] = {
	[SHMAT] = 3 * USUAL,
	[FTRUNCATE] = 3 * USUAL,
	[MMAP] = 4 * USUAL,
	[STORE] = 4 * USUAL,
	[SHM_OPEN] = 2 * USUAL,
	[OPEN] = 2 * USUAL,
	[FORK] = 2 * USUAL,
	[SPAWN] = 1,
	[VFORK] = 1,
	[EXEC] = 1,
};

static unsigned
weight_of(unsigned kind)
{
	return weights[kind] == 0 ? USUAL : weights[kind];
}

static enum operation_kind
any_kind(uint64_t *state)
{
	unsigned all = 0;
	unsigned at;
	unsigned kind = 0;

	for (unsigned i = 0; i < OPERATIONS; i++)
		all += weight_of(i);
	at = chance_below(state, all);
	for (; at >= weight_of(kind); kind++)
		at -= weight_of(kind);
	return kind;
}

struct operation
chance_operation(uint64_t *state)
{
	struct operation o = { .kind = (uint8_t)any_kind(state), .process = (uint8_t)chance_below(state, PROCESSES) };

	for (const enum argument *a = operation_form(o.kind)->takes; *a != ARGUMENTS; a++)
		if (!argument_form(*a)->is_optional || chance_below(state, 4) == 0)
			o.arguments[*a] = (uint8_t)chance_below(state, argument_form(*a)->count);
	return o;
}
