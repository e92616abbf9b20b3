/* SPDX-License-Identifier: BSD-2-Clause */

#include <string.h>

#include "journal.h"
#include "round.h"
#include "stage.h"

void
round_begin(struct round *r)
{
	r->world = world_at_start();
	r->script.unit = stage_setting()->unit / stage_setting()->page;
	r->script.count = 0;
	journal_round();
	stage_raise();
}

void
round_end(struct round *r)
{
	(void)r;
	stage_clear();
}

static void
note(struct round *r, const struct operation *o)
{
	if (r->script.count < SCRIPT_MAX)
		r->script.operations[r->script.count++] = *o;
}

/* What came back is in "seen". */
static enum verdict
judge(struct round *r)
{
	const struct outcome *o = model_judge(&r->allowed, &r->seen);

	r->operations++;
	if (o == NULL)
		return DIFFERS;
	r->rule = o->rule;
	r->world = o->after;
	return HOLDS;
}

enum verdict
round_do(struct round *r, const struct operation *o)
{
	model_ask(stage_setting(), &r->world, o, &r->allowed);
	if (r->allowed.count == 0)
		return NOT_DONE;
	note(r, o);
	journal_operation(o);
	r->seen = stage_do(o);
	journal_answer(o, &r->seen);
	return judge(r);
}

enum verdict
round_do_looks(struct round *r, struct looks *looks)
{
	struct answer seen[OPERATIONS_AT_ONCE];
	const unsigned count = looks->count;

	looks->count = 0;
	if (count == 0)
		return HOLDS;
	stage_do_all(looks->list, count, seen);
	for (unsigned i = 0; i < count; i++) {
		model_ask(stage_setting(), &r->world, &looks->list[i], &r->allowed);
		note(r, &looks->list[i]);
		r->seen = seen[i];
		if (judge(r) == DIFFERS)
			return DIFFERS;
	}
	return HOLDS;
}

enum verdict
round_add_look(struct round *r, struct looks *looks, struct operation o)
{
	if (journal_is_kept())
		return round_do(r, &o);
	model_ask(stage_setting(), &r->world, &o, &r->allowed);
	if (r->allowed.count == 0)
		return HOLDS;
	looks->list[looks->count++] = o;
	return looks->count == OPERATIONS_AT_ONCE ? round_do_looks(r, looks) : HOLDS;
}

/* Look for each number of an argument, or of two. */
static enum verdict
add_looks(
    struct round *r, struct looks *looks, unsigned process, enum operation_kind kind, enum argument a, enum argument b)
{
	for (unsigned i = 0; i < argument_form(a)->count; i++)
		for (unsigned j = 0; j < argument_form(b)->count; j++) {
			struct operation look = { (uint8_t)kind, (uint8_t)process, { 0 } };

			look.arguments[b] = (uint8_t)j;
			look.arguments[a] = (uint8_t)i;
			if ((a != b || j == 0) && round_add_look(r, looks, look) == DIFFERS)
				return DIFFERS;
		}
	return HOLDS;
}

/* A descriptor that is not open tells nothing. */
static enum verdict
look_at_descriptors(struct round *r, struct looks *looks, unsigned process)
{
	for (unsigned i = 0; i < DESCRIPTORS; i++) {
		struct operation size = { FSTAT, (uint8_t)process, { 0 } };
		struct operation offset = { LSEEK, (uint8_t)process, { 0 } };
		struct operation times = { FSTAT_TIMES, (uint8_t)process, { 0 } };
		struct operation mode = { FSTAT_MODE, (uint8_t)process, { 0 } };
		struct operation flags = { GETFD, (uint8_t)process, { 0 } };

		size.arguments[DESCRIPTOR] = offset.arguments[DESCRIPTOR] = mode.arguments[DESCRIPTOR] =
		    times.arguments[DESCRIPTOR] = flags.arguments[DESCRIPTOR] = (uint8_t)i;
		offset.arguments[WHERE] = FROM_OFFSET;
		if (r->world.processes[process].descriptors[i].description != 0 &&
		    (round_add_look(r, looks, size) == DIFFERS || round_add_look(r, looks, times) == DIFFERS ||
			round_add_look(r, looks, offset) == DIFFERS || round_add_look(r, looks, mode) == DIFFERS ||
			round_add_look(r, looks, flags) == DIFFERS))
			return DIFFERS;
	}
	return HOLDS;
}

/* To ask takes its time: without a lock anywhere it is left out. */
static enum verdict
look_at_locks(struct round *r, struct looks *looks, unsigned process)
{
	const struct operation locked_bytes = { LOCKED_BYTES, (uint8_t)process, { 0 } };

	for (unsigned p = 0; p < PROCESSES; p++)
		for (unsigned i = 0; i < PLACES; i++)
			if (r->world.processes[p].views[i].lock != UNLOCKED)
				return round_add_look(r, looks, locked_bytes);
	return HOLDS;
}

static enum verdict
look_from(struct round *r, unsigned process)
{
	struct looks looks = { .count = 0 };

	if (add_looks(r, &looks, process, LOAD, AT, SPOT) == DIFFERS ||
	    look_at_descriptors(r, &looks, process) == DIFFERS || look_at_locks(r, &looks, process) == DIFFERS ||
	    add_looks(r, &looks, process, IPC_STATUS, KEY, KEY) == DIFFERS ||
	    add_looks(r, &looks, process, IPC_MODE, KEY, KEY) == DIFFERS ||
	    add_looks(r, &looks, process, IPC_USERS, KEY, KEY) == DIFFERS ||
	    add_looks(r, &looks, process, IPC_TIMES, KEY, KEY) == DIFFERS ||
	    add_looks(r, &looks, process, FIND_SEGMENT, KEY, KEY) == DIFFERS ||
	    add_looks(r, &looks, process, FIND_OBJECT, NAME, NAME) == DIFFERS ||
	    add_looks(r, &looks, process, FIND_FILE, NAME, NAME) == DIFFERS)
		return DIFFERS;
	return round_do_looks(r, &looks);
}

/* What nobody has mapped can be seen, too. One process is enough for that. */
static enum verdict
peek_from(struct round *r, unsigned process)
{
	static const struct {
		enum operation_kind kind;
		enum argument which;
	} peeks[] = { { PEEK_SEGMENT, KEY }, { PEEK_OBJECT, NAME }, { PEEK_FILE, NAME } };
	struct looks looks = { .count = 0 };

	for (unsigned i = 0; i < sizeof(peeks) / sizeof(peeks[0]); i++)
		for (unsigned which = 0; which < argument_form(peeks[i].which)->count; which++)
			for (unsigned at = 0; at < UNITS * SPOTS; at++) {
				struct operation peek = { (uint8_t)peeks[i].kind, (uint8_t)process, { 0 } };

				peek.arguments[peeks[i].which] = (uint8_t)which;
				peek.arguments[FROM] = (uint8_t)(at / SPOTS);
				peek.arguments[SPOT] = (uint8_t)(at % SPOTS);
				if (round_add_look(r, &looks, peek) == DIFFERS)
					return DIFFERS;
			}
	return round_do_looks(r, &looks);
}

/* A store that the protection refuses changes nothing. */
static enum verdict
try_stores(struct round *r, unsigned process)
{
	struct looks looks = { .count = 0 };

	for (unsigned at = 0; at < PLACES; at++) {
		struct operation store = { STORE, (uint8_t)process, { 0 } };

		store.arguments[AT] = (uint8_t)at;
		if (r->world.processes[process].views[at].is_mapped &&
		    r->world.processes[process].views[at].access != READ_WRITE &&
		    round_add_look(r, &looks, store) == DIFFERS)
			return DIFFERS;
	}
	return round_do_looks(r, &looks);
}

enum verdict
round_look(struct round *r)
{
	enum verdict verdict = HOLDS;
	bool is_first = true;

	for (unsigned i = 0; i < PROCESSES && verdict != DIFFERS; i++) {
		if (!r->world.processes[i].is_alive)
			continue;
		verdict = look_from(r, i);
		if (verdict != DIFFERS)
			verdict = try_stores(r, i);
		if (verdict != DIFFERS && is_first)
			verdict = peek_from(r, i);
		is_first = false;
	}
	return verdict == DIFFERS ? DIFFERS : HOLDS;
}

struct difference
round_difference(const struct round *r)
{
	return (struct difference){ r->script.operations[r->script.count - 1].kind, r->allowed.list[0].rule,
		r->seen.error, r->seen.signal };
}

bool
differ_alike(struct difference a, struct difference b)
{
	return a.kind == b.kind && a.rule == b.rule && a.error == b.error && a.signal == b.signal;
}

enum verdict
round_replay(struct round *r, const struct script *s)
{
	enum verdict verdict = HOLDS;

	round_begin(r);
	for (unsigned i = 0; i < s->count && verdict != DIFFERS; i++)
		verdict = round_do(r, &s->operations[i]);
	round_end(r);
	return verdict == DIFFERS ? DIFFERS : HOLDS;
}
