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

/* The operations of the area that can be done in a world. */
struct choices {
	unsigned count;
	struct operation list[2000];
};

/* Do those that change nothing. The others become the choices. */
static enum verdict
do_or_keep(const struct area *a, struct round *r, struct choices *left)
{
	left->count = 0;
	for (unsigned kind = 0; kind < OPERATIONS; kind++) {
		struct operation o = { .kind = (uint8_t)kind };

		if (!(a->operations & UINT64_C(1) << kind))
			continue;
		do {
			if (!has(a, &o))
				continue;
			model_ask(stage_setting(), &r->world, &o, &r->allowed);
			if (r->allowed.count == 0)
				continue;
			if (changes_nothing(r)) {
				if (round_do(r, &o) == DIFFERS)
					return DIFFERS;
			} else if (left->count < sizeof(left->list) / sizeof(left->list[0])) {
				left->list[left->count++] = o;
			}
		} while (operation_next(&o));
	}
	return round_look(r);
}

/* One more operation, and a look. A world that is new is for later. */
static enum verdict
extend(struct round *r, unsigned long node, const struct operation *o, struct hash_set *known, unsigned depth)
{
	struct world after;
	enum verdict verdict = go_to(r, node);

	if (verdict != DIFFERS)
		verdict = round_do(r, o);
	after = world_in_order(&r->world);
	if (verdict != DIFFERS)
		verdict = round_look(r);
	round_end(r);
	if (verdict == HOLDS && hash_set_add(known, world_hash(&after)) && nodes[node].depth + 1 < depth)
		add_node(node, o);
	return verdict;
}

enum verdict
search(const struct area *a, unsigned depth, unsigned long operations, struct round *r, struct found *found)
{
	static struct choices choices;
	struct hash_set known = { NULL, 0, 0 };
	enum verdict verdict = HOLDS;
	const struct world start = world_at_start();
	unsigned long node = 0;

	*found = (struct found){ .is_whole = true };
	r->operations = 0;
	hash_set_add(&known, world_hash(&start));
	node_count = 0;
	add_node(0, NULL);
	for (; node < node_count && verdict != DIFFERS && found->is_whole; node++) {
		verdict = go_to(r, node);
		if (verdict != DIFFERS)
			verdict = do_or_keep(a, r, &choices);
		round_end(r);
		found->rounds++;
		for (unsigned i = 0; i < choices.count && verdict != DIFFERS && found->is_whole; i++) {
			verdict = extend(r, node, &choices.list[i], &known, depth);
			found->rounds++;
			found->is_whole = r->operations < operations;
		}
	}
	found->worlds = known.count;
	found->operations = r->operations;
	hash_set_free(&known);
	free(nodes);
	nodes = NULL;
	node_room = 0;
	return verdict;
}
