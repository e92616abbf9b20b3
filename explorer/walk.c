/* SPDX-License-Identifier: BSD-2-Clause */

#include "chance.h"
#include "walk.h"

/* Of these candidates, which can be done next, the one is done whose rule was met least. */
enum { CANDIDATES = 6, TRIES = 60, SOME_ARE_RARER = 16 };

struct walk
walk_begin(uint64_t seed, const struct setting *setting)
{
	return (struct walk){ .state = seed, .coverage = coverage_begin(setting) };
}

/* A refusal changes nothing, and exec takes all away: much of a round would be these if they were as good as what builds up. */
static bool
is_refused(const struct outcomes *allowed)
{
	const struct answer *a = &allowed->list[0].answer;

	return a->error != 0 || a->signal != 0;
}

/* Returns false if nothing was found that could be done. */
static bool
choose(struct walk *w, const struct world *before, struct operation *best)
{
	static struct outcomes allowed;

	unsigned candidates = 0;
	unsigned least = 0;

	for (unsigned i = 0; i < TRIES && candidates < CANDIDATES; i++) {
		const struct operation o = chance_operation(&w->state);
		unsigned count;

		model_ask(&w->coverage.setting, before, &o, &allowed);
		if (allowed.count == 0)
			continue;
		count = coverage_count(&w->coverage, before, &o, allowed.list[0].rule);
		if (is_refused(&allowed) || o.kind == EXEC)
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
	for (unsigned i = 0; i < operations && verdict != DIFFERS && choose(w, &r->world, &o); i++) {
		const struct world before = r->world;

		verdict = round_do(r, &o);
		if (verdict == HOLDS)
			coverage_add(&w->coverage, &before, &o, &r->allowed, r->rule);
		if (verdict == HOLDS && chance_below(&w->state, 16) == 0)
			verdict = round_look(r);
	}
	if (verdict != DIFFERS)
		verdict = round_look(r);
	round_end(r);
	w->rounds++;
	w->operations += r->operations;
	return verdict;
}

void
walk_model(struct walk *w, unsigned operations)
{
	static struct outcomes allowed;
	struct world world = world_at_start();
	struct operation o;

	for (unsigned i = 0; i < operations && choose(w, &world, &o); i++) {
		const struct outcome *next;

		model_ask(&w->coverage.setting, &world, &o, &allowed);
		next = &allowed.list[chance_below(&w->state, allowed.count)];
		coverage_add(&w->coverage, &world, &o, &allowed, next->rule);
		world = next->after;
	}
	w->rounds++;
	w->operations += operations;
}
