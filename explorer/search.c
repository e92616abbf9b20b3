/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>
#include <string.h>

#include "hash_set.h"
#include "outcome.h"
#include "search.h"
#include "stage.h"

/* A world that was found, by the operation that leads to it from another one. */
struct node {
	unsigned long parent;
	unsigned depth;
	struct operation operation;
};

static struct node *nodes;
static unsigned long node_count;
static unsigned long node_room;

static void
add_node(unsigned long parent, const struct operation *o)
{
	if (node_count == node_room) {
		node_room = node_room == 0 ? 1024 : 2 * node_room;
		nodes = realloc(nodes, node_room * sizeof(*nodes));
		if (nodes == NULL)
			end_failed("no memory for %lu worlds", node_count);
	}
	memset(&nodes[node_count], 0, sizeof(nodes[node_count]));
	if (o != NULL) {
		nodes[node_count].parent = parent;
		nodes[node_count].depth = nodes[parent].depth + 1;
		nodes[node_count].operation = *o;
	}
	node_count++;
}

/* Begin a round, and go to the world of the node. */
static enum verdict
go_to(struct round *r, unsigned long node)
{
	const struct operation *way[SCRIPT_MAX];
	unsigned steps = 0;

	for (; nodes[node].depth > 0 && steps < SCRIPT_MAX; node = nodes[node].parent)
		way[steps++] = &nodes[node].operation;
	round_begin(r);
	while (steps > 0)
		if (round_do(r, way[--steps]) == DIFFERS)
			return DIFFERS;
	return HOLDS;
}

static bool
has(const struct area *a, const struct operation *o)
{
	if (o->process >= a->processes)
		return false;
	for (const enum argument *argument = operation_form(o->kind)->takes; *argument != ARGUMENTS; argument++) {
		uint16_t numbers = a->arguments[*argument];

		if (numbers == 0 && argument_form(*argument)->is_optional)
			numbers = 1 << 0;
		if (!(numbers & 1U << o->arguments[*argument]))
			return false;
	}
	return true;
}

/* Whether the operation leaves the world as it is, whatever comes back. */
static bool
changes_nothing(const struct round *r)
{
	for (unsigned i = 0; i < r->allowed.count; i++)
		if (!worlds_are_equal(&r->allowed.list[i].after, &r->world))
			return false;
	return true;
}

static bool
is_choice(struct round *r, const struct operation *o)
{
	model_ask(stage_setting(), &r->world, o, &r->allowed);
	return r->allowed.count > 0 && !changes_nothing(r);
}

/* The operations of an area; or those of them that can be done in a world and change it. */
struct choices {
	unsigned count;
	struct operation list[6000];
};

static void
add_choice(struct choices *c, const struct operation *o)
{
	if (c->count == sizeof(c->list) / sizeof(c->list[0]))
		end_failed("an area has more than %u operations", c->count);
	c->list[c->count++] = *o;
}

static void
list_all(const struct area *a, struct choices *all)
{
	all->count = 0;
	for (unsigned kind = 0; kind < OPERATIONS; kind++) {
		struct operation o = { .kind = (uint8_t)kind };

		if (!(a->operations & UINT64_C(1) << kind))
			continue;
		do
			if (has(a, &o))
				add_choice(all, &o);
		while (operation_next(&o));
	}
}

/* Do those operations that leave the world as it is, and look. */
static enum verdict
do_what_changes_nothing(struct round *r, const struct choices *all)
{
	for (unsigned process = 0; process < PROCESSES; process++) {
		struct looks looks = { .count = 0 };

		for (unsigned i = 0; i < all->count; i++)
			if (all->list[i].process == process && !is_choice(r, &all->list[i]) &&
			    round_add_look(r, &looks, all->list[i]) == DIFFERS)
				return DIFFERS;
		if (round_do_looks(r, &looks) == DIFFERS)
			return DIFFERS;
	}
	return round_look(r);
}

/* In the round that has come to a world. If that is new, it gets a node, and is looked at in full. */
static enum verdict
arrive(struct round *r, const struct choices *all, unsigned long parent, const struct operation *o,
    struct hash_set *known, unsigned depth)
{
	const struct world world = world_in_order(&r->world);

	if (!hash_set_add(known, world_hash(&world)))
		return round_look(r);
	if (o != NULL && nodes[parent].depth + 1 >= depth)
		return round_look(r);
	add_node(parent, o);
	return do_what_changes_nothing(r, all);
}

/* Go on from the world of a node by each operation that changes it, each time in a round of its own. */
static enum verdict
extend(struct round *r, const struct choices *all, unsigned long node, struct hash_set *known, unsigned depth,
    unsigned long operations, struct found *found)
{
	static struct choices choices;
	unsigned next = 0;

	choices.count = 0;
	do {
		enum verdict verdict = go_to(r, node);

		for (unsigned i = 0; next == 0 && verdict != DIFFERS && i < all->count; i++)
			if (is_choice(r, &all->list[i]))
				add_choice(&choices, &all->list[i]);
		if (verdict != DIFFERS && next < choices.count)
			verdict = round_do(r, &choices.list[next]);
		if (verdict != DIFFERS)
			verdict = arrive(r, all, node, &choices.list[next], known, depth);
		round_end(r);
		found->rounds++;
		if (verdict == DIFFERS)
			return DIFFERS;
		found->is_whole = r->operations < operations;
	} while (++next < choices.count && found->is_whole);
	return HOLDS;
}

enum verdict
search(const struct area *a, unsigned depth, unsigned long operations, struct round *r, struct found *found)
{
	static struct choices all;
	struct hash_set known = { NULL, 0, 0 };
	enum verdict verdict;

	*found = (struct found){ .is_whole = true, .rounds = 1 };
	list_all(a, &all);
	r->operations = 0;
	node_count = 0;
	round_begin(r);
	verdict = arrive(r, &all, 0, NULL, &known, depth);
	round_end(r);
	for (unsigned long node = 0; node < node_count && verdict != DIFFERS && found->is_whole; node++)
		verdict = extend(r, &all, node, &known, depth, operations, found);
	found->worlds = known.count;
	found->operations = r->operations;
	hash_set_free(&known);
	free(nodes);
	nodes = NULL;
	node_room = 0;
	return verdict;
}
