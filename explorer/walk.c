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

/*
 * What changes nothing is a refusal, a question, or has no effect; another user may do little. Most of a round would
 * be these if they were as good as what builds up. round_look() asks all questions anyway. msync() shall change nothing.
 */
static bool
is_poor(const struct world *before, const struct operation *o, const struct outcome *next)
{
	if (o->kind == BECOME_OTHER)
		return true;
	return o->kind != MSYNC && worlds_are_equal(before, &next->after);
}

/* How little an operation is wanted: as often as it was met. Returns false if it cannot be done. */
static bool
rate(const struct walk *w, const struct world *before, const struct operation *o, unsigned *count, bool *poor)
{
	static struct outcomes allowed;

	model_ask(&w->coverage.setting, before, o, &allowed);
	if (allowed.count == 0)
		return false;
	*count = coverage_count(&w->coverage, before, o, allowed.list[0].rule);
	*poor = is_poor(before, o, &allowed.list[0]);
	if (*poor)
		*count *= SOME_ARE_RARER;
	return true;
}

/* Of some operations the one that was met least; every other time the first that is not poor. Returns false if there is none. */
static bool
choose(struct walk *w, const struct world *before, struct operation *best)
{
	const bool takes_first = chance_below(&w->state, 2) == 0;
	unsigned candidates = 0;
	unsigned least = 0;

	for (unsigned i = 0; i < TRIES && candidates < CANDIDATES; i++) {
		const struct operation o = chance_operation(&w->state);
		unsigned count;
		bool poor;

		if (!rate(w, before, &o, &count, &poor))
			continue;
		if (candidates++ == 0 || count < least) {
			least = count;
			*best = o;
		}
		if (takes_first && !poor) {
			*best = o;
			break;
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
