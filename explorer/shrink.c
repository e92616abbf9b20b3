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

/* Without that operation, descriptors or processes that come later have numbers that are smaller by one. */
static void
renumber(struct operation *o, const struct operation *left_out)
{
	const unsigned child = left_out->arguments[PROCESS];

	if (operation_makes_process(left_out->kind)) {
		o->process -= o->process > child;
		o->arguments[PROCESS] -= o->arguments[PROCESS] > child;
	} else {
		o->arguments[DESCRIPTOR] -= o->arguments[DESCRIPTOR] > 0;
		o->arguments[OF] -= o->arguments[OF] > 1;
	}
}

/* Leave out one operation that makes a descriptor or a process. Returns whether that worked for some. */
static bool
leave_out_and_renumber(struct round *best)
{
	static struct script shorter;
	bool some = false;

	for (unsigned i = 0; i + 1 < best->script.count; i++) {
		const struct operation left_out = best->script.operations[i];

		if (left_out.kind != OPEN && left_out.kind != SHM_OPEN && left_out.kind != MEMFD_CREATE &&
		    !operation_makes_process(left_out.kind))
			continue;
		shorter = best->script;
		shorter.count--;
		for (unsigned k = i; k < shorter.count; k++) {
			shorter.operations[k] = best->script.operations[k + 1];
			renumber(&shorter.operations[k], &left_out);
		}
		some |= is_as_good(best, &shorter);
	}
	return some;
}

/* Have all places one further down. Returns whether that worked. */
static bool
move_down(struct round *best)
{
	static struct script lower;
	bool some = false;

	lower = best->script;
	for (unsigned i = 0; i < lower.count; i++) {
		struct operation *o = &lower.operations[i];

		if (!operation_takes(o->kind, AT))
			continue;
		if (o->arguments[AT] == 0)
			return false;
		o->arguments[AT]--;
		some = true;
	}
	return some && is_as_good(best, &lower);
}

/* An argument of an operation, or behind the last argument its process. */
static uint8_t *
number_of(struct script *s, unsigned operation, unsigned a)
{
	struct operation *o = &s->operations[operation];

	return a == ARGUMENTS ? &o->process : &o->arguments[a];
}

/* Make one number of one operation smaller. Returns whether that worked. */
static bool
simplify(struct round *best, unsigned operation, unsigned a)
{
	static struct script simpler;

	for (unsigned smaller = 0; smaller < *number_of(&best->script, operation, a); smaller++) {
		simpler = best->script;
		*number_of(&simpler, operation, a) = (uint8_t)smaller;
		if (is_as_good(best, &simpler))
			return true;
	}
	return false;
}

/*
 * Make a number smaller wherever it is that argument, or the process: what belongs together stays together. Returns whether
 * that worked.
 */
static bool
replace(struct round *best, unsigned a, unsigned before, unsigned after)
{
	static struct script simpler;
	bool some = false;

	simpler = best->script;
	for (unsigned i = 0; i < simpler.count; i++)
		if (*number_of(&simpler, i, a) == before) {
			*number_of(&simpler, i, a) = (uint8_t)after;
			some = true;
		}
	return some && is_as_good(best, &simpler);
}

static bool
simplify_together(struct round *best)
{
	bool some = false;

	for (unsigned a = 0; a <= ARGUMENTS; a++) {
		const unsigned count = a == ARGUMENTS ? PROCESSES : argument_form(a)->count;

		/* Who is forked or killed is no number that could be smaller by itself. */
		for (unsigned before = 1; before < count && a != PROCESS; before++)
			for (unsigned after = 0; after < before; after++)
				some |= replace(best, a, before, after);
	}
	return some;
}

/* What has to do with the number of units: a unit less of it. */
enum { LESS_OF_SIZES = 1, LESS_OF_LENGTHS = 2, LESS_OF_PLACES = 4, LESS_OF_OFFSETS = 8, ALL_LESS = 15 };

static void
take_unit_off(struct operation *o, unsigned what)
{
	static const uint8_t smaller[SIZES] = {
		[SIZE_UNIT_AND_1] = SIZE_1, [SIZE_2_UNITS] = SIZE_UNIT, [SIZE_3_UNITS] = SIZE_2_UNITS
	};
	uint8_t *a = o->arguments;

	if ((what & LESS_OF_SIZES) != 0 && a[SIZE] > SIZE_UNIT)
		a[SIZE] = smaller[a[SIZE]];
	if ((what & LESS_OF_LENGTHS) != 0)
		a[LONG] -= a[LONG] > 0;
	if ((what & LESS_OF_PLACES) != 0 && !operation_takes(o->kind, LONG))
		a[AT] -= a[AT] > 0;
	if ((what & LESS_OF_OFFSETS) != 0)
		a[FROM] -= a[FROM] > 0;
}

/* Have the memory a unit shorter, with all that is about its end. Returns whether that worked. */
static bool
shorten(struct round *best)
{
	static struct script shorter;

	for (unsigned what = 1; what <= ALL_LESS; what++) {
		bool some = false;

		shorter = best->script;
		for (unsigned i = 0; i < shorter.count; i++) {
			const struct operation before = shorter.operations[i];

			take_unit_off(&shorter.operations[i], what);
			some |= memcmp(&before, &shorter.operations[i], sizeof(before)) != 0;
		}
		if (some && is_as_good(best, &shorter))
			return true;
	}
	return false;
}

static bool
simplify_all(struct round *best)
{
	bool some = move_down(best) || shorten(best);

	some |= simplify_together(best);
	for (unsigned i = 0; i < best->script.count; i++)
		for (unsigned a = 0; a <= ARGUMENTS && i < best->script.count; a++)
			some |= simplify(best, i, a);
	return some;
}

/*
 * A look may see a difference some operations earlier, in another way. Then that is the difference from now on. Returns whether
 * it is so.
 */
static bool
look_earlier(struct round *best)
{
	static struct round attempt;
	static struct script start;

	for (unsigned count = 1; count + 1 < best->script.count; count++) {
		enum verdict verdict = HOLDS;

		round_begin(&attempt);
		for (unsigned i = 0; i < count && verdict != DIFFERS; i++)
			verdict = round_do(&attempt, &best->script.operations[i]);
		if (verdict != DIFFERS)
			verdict = round_look(&attempt);
		round_end(&attempt);
		if (verdict != DIFFERS)
			continue;
		start = best->script;
		start.operations[count] = attempt.script.operations[attempt.script.count - 1];
		start.count = count + 1;
		if (round_replay(&attempt, &start) == DIFFERS) {
			*best = attempt;
			return true;
		}
	}
	return false;
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
		goes_on |= leave_out_and_renumber(r);
		goes_on |= simplify_all(r);
		goes_on |= look_earlier(r);
	} while (goes_on);
	return true;
}
