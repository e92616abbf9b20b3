/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>
#include <string.h>

#include "outcome.h"
#include "shrink.h"

/* Try the script. If it differs like the best one, it is the best from now on. */
static bool
is_as_good(struct round *best, const struct script *s)
{
	static struct round attempt;

	if (round_replay(&attempt, s) != DIFFERS || !differ_alike(round_difference(best), round_difference(&attempt)))
		return false;
	*best = attempt;
	return true;
}

/* Leave out this number of operations at a time, from the end. Returns whether that worked for some. */
static bool
leave_out(struct round *best, unsigned length)
{
	static struct script shorter;
	bool some = false;

	for (unsigned end = best->script.count - 1; end >= length; end--) {
		shorter = best->script;
		memmove(&shorter.operations[end - length], &shorter.operations[end],
		    (shorter.count - end) * sizeof(shorter.operations[0]));
		shorter.count -= length;
		if (is_as_good(best, &shorter)) {
			some = true;
			/* What has no answer any more was left out, too. */
			if (end > best->script.count)
				end = best->script.count;
		}
	}
	return some;
}

/* Make one number of one operation smaller. Returns whether that worked. */
static bool
simplify(struct round *best, unsigned operation, uint8_t *number_of_best)
{
	static struct script simpler;
	const size_t at = (size_t)(number_of_best - (uint8_t *)&best->script.operations[operation]);
	bool some = false;

	for (unsigned smaller = 0; smaller < *number_of_best; smaller++) {
		simpler = best->script;
		((uint8_t *)&simpler.operations[operation])[at] = (uint8_t)smaller;
		if (is_as_good(best, &simpler)) {
			some = true;
			break;
		}
	}
	return some;
}

/*
 * Make a number smaller wherever it is that argument: what belongs together stays together. Returns whether that
 * worked.
 */
static bool
replace(struct round *best, enum argument a, unsigned before, unsigned after)
{
	static struct script simpler;
	bool some = false;

	simpler = best->script;
	for (unsigned i = 0; i < simpler.count; i++)
		if (simpler.operations[i].arguments[a] == before) {
			simpler.operations[i].arguments[a] = (uint8_t)after;
			some = true;
		}
	return some && is_as_good(best, &simpler);
}

/* Have one process do what another did, too. */
static bool
unite(struct round *best, unsigned before, unsigned after)
{
	static struct script simpler;
	bool some = false;

	simpler = best->script;
	for (unsigned i = 0; i < simpler.count; i++)
		if (simpler.operations[i].process == before) {
			simpler.operations[i].process = (uint8_t)after;
			some = true;
		}
	return some && is_as_good(best, &simpler);
}

static bool
simplify_together(struct round *best)
{
	bool some = false;

	for (unsigned before = 1; before < PROCESSES; before++)
		for (unsigned after = 0; after < before; after++)
			some |= unite(best, before, after);
	for (unsigned a = 0; a < ARGUMENTS; a++)
		for (unsigned before = 1; before < argument_form(a)->count; before++)
			for (unsigned after = 0; after < before; after++)
				some |= a != PROCESS && replace(best, a, before, after);
	return some;
}

static bool
simplify_all(struct round *best)
{
	bool some = simplify_together(best);

	for (unsigned i = 0; i < best->script.count; i++) {
		some |= simplify(best, i, &best->script.operations[i].process);
		for (unsigned a = 0; a < ARGUMENTS && i < best->script.count; a++)
			some |= simplify(best, i, &best->script.operations[i].arguments[a]);
	}
	return some;
}

bool
shrink(struct round *r)
{
	static struct script whole;
	bool goes_on;

	whole = r->script;
	if (!is_as_good(r, &whole))
		return false;
	do {
		goes_on = false;
		for (unsigned length = r->script.count / 2; length > 0; length /= 2)
			goes_on |= leave_out(r, length);
		goes_on |= simplify_all(r);
	} while (goes_on);
	return true;
}
