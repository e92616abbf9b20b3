/* SPDX-License-Identifier: BSD-2-Clause */

#include "stage.h"
#include "walk.h"

/* Of these candidates, which can be done next, the one is done whose rule was met least. */
enum { CANDIDATES = 6, TRIES = 60, SOME_ARE_RARER = 16 };

struct walk
walk_begin(uint64_t seed)
{
	return (struct walk){ .state = seed, .coverage = coverage_begin() };
}

/* splitmix64 of Sebastiano Vigna, https://prng.di.unimi.it/splitmix64.c, which is in the public domain. */
static uint64_t
next_number(struct walk *w)
{
	uint64_t z = w->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static unsigned
below(struct walk *w, unsigned count)
{
	return (unsigned)(next_number(w) % count);
}

static struct operation
any_operation(struct walk *w)
{
	struct operation o = { .kind = (uint8_t)below(w, OPERATIONS), .process = (uint8_t)below(w, PROCESSES) };

	for (const enum argument *a = operation_form(o.kind)->takes; *a != ARGUMENTS; a++)
		if (!argument_form(*a)->is_optional || below(w, 4) == 0)
			o.arguments[*a] = (uint8_t)below(w, argument_form(*a)->count);
	return o;
}

/* A refusal changes nothing, and exec takes all away: much of a round would be these if they were as good as what builds up. */
static bool
is_refused(const struct round *r)
{
	const struct answer *a = &r->allowed.list[0].answer;

	return a->error != 0 || a->signal != 0;
}

/* Returns false if nothing was found that could be done. */
static bool
choose(struct walk *w, struct round *r, struct operation *best)
{
	unsigned candidates = 0;
	unsigned least = 0;

	for (unsigned i = 0; i < TRIES && candidates < CANDIDATES; i++) {
		const struct operation o = any_operation(w);
		unsigned count;

		model_ask(stage_setting(), &r->world, &o, &r->allowed);
		if (r->allowed.count == 0)
			continue;
		count = coverage_count(&w->coverage, &r->world, &o, r->allowed.list[0].rule);
		if (is_refused(r) || o.kind == EXEC)
			count = (count + 1) * SOME_ARE_RARER;
		if (candidates++ == 0 || count < least) {
			least = count;
			*best = o;
		}
	}
	return candidates > 0;
}

enum verdict
walk_round(struct walk *w, struct round *r, unsigned operations)
{
	enum verdict verdict = HOLDS;
	struct operation o;

	r->operations = 0;
	round_begin(r);
	for (unsigned i = 0; i < operations && verdict != DIFFERS && choose(w, r, &o); i++) {
		const struct world before = r->world;

		verdict = round_do(r, &o);
		if (verdict == HOLDS)
			coverage_add(&w->coverage, &before, &o, r->rule);
		if (verdict == HOLDS && below(w, 16) == 0)
			verdict = round_look(r);
	}
	if (verdict != DIFFERS)
		verdict = round_look(r);
	round_end(r);
	w->rounds++;
	w->operations += r->operations;
	return verdict;
}
