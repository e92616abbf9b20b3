/* SPDX-License-Identifier: BSD-2-Clause */

#include <string.h>

#include "world.h"

/* Equal worlds have the same bytes only if none is padding. */
_Static_assert(sizeof(struct backing) == 4 + UNITS * SPOTS * 2 + 10, "padding in a backing");
_Static_assert(sizeof(struct view) == SPOTS * 2 + 14, "padding in a view");
_Static_assert(sizeof(struct description) == 8, "padding in a description");
_Static_assert(sizeof(struct world) ==
	BACKINGS * sizeof(struct backing) + DESCRIPTIONS * sizeof(struct description) +
	    PROCESSES * sizeof(struct process) + KEYS + 2 * NAMES + 2,
    "padding in a world");
_Static_assert(
    sizeof(struct process) == PLACES * sizeof(struct view) + DESCRIPTORS * 2 + KEYS + 4, "padding in a process");

struct world
world_at_start(void)
{
	struct world w;

	memset(&w, 0, sizeof(w));
	w.processes[0].is_alive = true;
	w.processes[0].has_lived = true;
	return w;
}

bool
worlds_are_equal(const struct world *a, const struct world *b)
{
	return memcmp(a, b, sizeof(*a)) == 0; /* NOLINT(bugprone-suspicious-memory-comparison): none is padding */
}

/* FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ */
uint64_t
world_hash(const struct world *w)
{
	const unsigned char *bytes = (const unsigned char *)w;
	uint64_t hash = UINT64_C(14695981039346656037);

	for (unsigned i = 0; i < sizeof(*w); i++)
		hash = (hash ^ bytes[i]) * UINT64_C(1099511628211);
	return hash;
}

/* Call the function for each place in the world that has the number of a backing. */
static void
for_each_reference(struct world *w, void (*call)(uint8_t *reference, void *argument), void *argument)
{
	for (unsigned i = 0; i < KEYS; i++)
		call(&w->keys[i], argument);
	for (unsigned i = 0; i < NAMES; i++) {
		call(&w->objects[i], argument);
		call(&w->files[i], argument);
	}
	for (unsigned i = 1; i < DESCRIPTIONS; i++)
		call(&w->descriptions[i].backing, argument);
	for (unsigned p = 0; p < PROCESSES; p++)
		for (unsigned i = 0; i < PLACES; i++)
			call(&w->processes[p].views[i].backing, argument);
}

struct order {
	uint8_t new_number[BACKINGS];
	uint8_t count;
};

static void
number_reference(uint8_t *reference, void *argument)
{
	struct order *order = argument;

	if (*reference != 0 && order->new_number[*reference] == 0)
		order->new_number[*reference] = ++order->count;
	*reference = order->new_number[*reference];
}

/* The descriptions in the order in which descriptors are found. */
static void
order_descriptions(struct world *w, const struct world *before)
{
	uint8_t new_number[DESCRIPTIONS] = { 0 };
	uint8_t count = 0;

	memset(w->descriptions, 0, sizeof(w->descriptions));
	for (unsigned p = 0; p < PROCESSES; p++)
		for (unsigned i = 0; i < DESCRIPTORS; i++) {
			uint8_t *number = &w->processes[p].descriptors[i].description;

			if (*number == 0)
				continue;
			if (new_number[*number] == 0)
				new_number[*number] = ++count;
			w->descriptions[new_number[*number]] = before->descriptions[*number];
			*number = new_number[*number];
		}
}

struct world
world_in_order(const struct world *w)
{
	struct world result = *w;
	struct order order = { { 0 }, 0 };

	order_descriptions(&result, w);
	for_each_reference(&result, number_reference, &order);
	for (unsigned p = 0; p < PROCESSES; p++)
		for (unsigned i = 0; i < KEYS; i++)
			if (result.processes[p].identifiers[i] != IDENTIFIER_OF_NOTHING)
				number_reference(&result.processes[p].identifiers[i], &order);
	memset(result.backings, 0, sizeof(result.backings));
	for (unsigned i = 1; i < BACKINGS; i++)
		if (order.new_number[i] != 0)
			result.backings[order.new_number[i]] = w->backings[i];
	return result;
}

uint8_t
backing_create(struct world *w, enum backing_kind kind, uint32_t size)
{
	for (unsigned i = 1; i < BACKINGS; i++) {
		struct backing *b = &w->backings[i];

		if (b->kind != NO_BACKING)
			continue;
		b->kind = (uint8_t)kind;
		b->size = size;
		for (unsigned unit = 0; unit < UNITS; unit++)
			for (unsigned spot = 0; spot < SPOTS; spot++)
				b->content[unit][spot] = ZERO;
		return (uint8_t)i;
	}
	return 0;
}

bool
has_room_for_backing(const struct world *w)
{
	for (unsigned i = 1; i < BACKINGS; i++)
		if (w->backings[i].kind == NO_BACKING)
			return true;
	return false;
}

uint8_t
description_create(struct world *w, uint8_t backing)
{
	uint8_t number = 1;

	while (w->descriptions[number].backing != 0)
		number++;
	w->descriptions[number].backing = backing;
	return number;
}

const struct description *
description_of(const struct world *w, const struct process *p, unsigned descriptor)
{
	const uint8_t number = p->descriptors[descriptor].description;

	return number == 0 ? NULL : &w->descriptions[number];
}

static void
forget_descriptions(struct world *w)
{
	bool is_open[DESCRIPTIONS] = { false };

	for (unsigned p = 0; p < PROCESSES; p++)
		for (unsigned i = 0; i < DESCRIPTORS; i++)
			is_open[w->processes[p].descriptors[i].description] = true;
	for (unsigned i = 1; i < DESCRIPTIONS; i++)
		if (!is_open[i])
			memset(&w->descriptions[i], 0, sizeof(w->descriptions[i]));
}

static void
note_reference(uint8_t *reference, void *argument)
{
	((bool *)argument)[*reference] = true;
}

void
world_forget(struct world *w)
{
	bool is_referred_to[BACKINGS] = { false };

	forget_descriptions(w);
	for_each_reference(w, note_reference, is_referred_to);
	for (unsigned i = 1; i < BACKINGS; i++) {
		/* A segment stays until it is removed, though nothing may find it. */
		if (is_referred_to[i] || w->backings[i].kind == NO_BACKING ||
		    (w->backings[i].kind == SEGMENT && !w->backings[i].is_removed))
			continue;
		memset(&w->backings[i], 0, sizeof(w->backings[i]));
		for (unsigned p = 0; p < PROCESSES; p++)
			for (unsigned key = 0; key < KEYS; key++)
				if (w->processes[p].identifiers[key] == i)
					w->processes[p].identifiers[key] = IDENTIFIER_OF_NOTHING;
	}
}

/* Whether an attachment has something at a place before this one. */
static bool
has_piece_before(const struct view *views, unsigned place)
{
	for (unsigned i = place - views[place].unit; i < place; i++)
		if (views[i].is_attachment && views[i].backing == views[place].backing &&
		    i - views[i].unit == place - views[place].unit)
			return true;
	return false;
}

static unsigned
count_attachments(const struct world *w, uint8_t backing, bool by_pieces)
{
	unsigned count = 0;

	for (unsigned p = 0; p < PROCESSES; p++)
		for (unsigned i = 0; i < PLACES; i++) {
			const struct view *views = w->processes[p].views;

			if (views[i].is_attachment && views[i].backing == backing)
				count += (by_pieces && views[i].is_divided) || !has_piece_before(views, i);
		}
	return count;
}

unsigned
attachments_of(const struct world *w, uint8_t backing)
{
	return count_attachments(w, backing, false);
}

unsigned
pieces_of(const struct world *w, uint8_t backing)
{
	return count_attachments(w, backing, true);
}

uint32_t
offset_of(const struct setting *s, unsigned unit, unsigned spot)
{
	const uint32_t in_unit[SPOTS] = { 0, s->unit / 2, s->unit - 1 };

	return unit * s->unit + in_unit[spot];
}

uint8_t
spots_of_page(const struct setting *s, unsigned spot)
{
	uint8_t spots = NO_SPOT;

	for (unsigned i = 0; i < SPOTS; i++)
		if (offset_of(s, 0, i) / s->page == offset_of(s, 0, spot) / s->page)
			spots |= (uint8_t)(1U << i);
	return spots;
}

uint32_t
end_of_pages(const struct setting *s, const struct backing *b)
{
	return (b->size + s->page - 1) / s->page * s->page;
}

/* Private views without a copy may show what the backing has had since they were mapped. */
static void
show_in_private_views(struct world *w, uint8_t backing, unsigned unit, unsigned spot, values new)
{
	for (unsigned p = 0; p < PROCESSES; p++)
		for (unsigned i = 0; i < PLACES; i++) {
			struct view *v = &w->processes[p].views[i];

			if (v->is_private && !(v->copied & 1U << spot) && v->backing == backing && v->unit == unit)
				v->copy[spot] |= new;
		}
}

/* A view of what is cut off: what it shows when the backing grows again is open, and so is what becomes of a copy. */
static void
cut_off(struct view *v, const struct setting *s, const struct backing *b)
{
	for (unsigned spot = 0; spot < SPOTS; spot++) {
		const uint8_t lost = v->copied & 1U << spot;

		if (offset_of(s, v->unit, spot) < end_of_pages(s, b))
			continue;
		v->may_fault = true;
		v->copied &= (uint8_t)~lost;
		v->lost |= lost;
		v->copy[spot] |= lost != 0 ? ZERO : 0;
	}
}

static void
cut_views_off(struct world *w, const struct setting *s, uint8_t backing)
{
	for (unsigned p = 0; p < PROCESSES; p++)
		for (unsigned i = 0; i < PLACES; i++) {
			struct view *v = &w->processes[p].views[i];

			if (v->is_mapped && v->backing == backing)
				cut_off(v, s, &w->backings[backing]);
		}
}

void
backing_resize(struct world *w, const struct setting *s, uint8_t backing, uint32_t size)
{
	struct backing *b = &w->backings[backing];
	const uint32_t before = b->size;
	const bool tail_stays = b->kind == OBJECT ? s->object_tail_stays : s->file_tail_stays;

	for (unsigned unit = 0; unit < UNITS; unit++)
		for (unsigned spot = 0; spot < SPOTS; spot++) {
			const uint32_t offset = offset_of(s, unit, spot);
			const bool is_cut_off = offset >= size && offset < before;
			const bool is_new = offset >= before && offset < size;

			const bool is_in_cut_page =
			    offset < size && size < before && offset >= size / s->page * s->page;

			if (is_in_cut_page && s->cut_page_loses_stores) {
				b->content[unit][spot] = ANY_VALUE;
				show_in_private_views(w, backing, unit, spot, ANY_VALUE);
			}
			/* Behind the end is a value only if it was stored in the last page. */
			if (!is_cut_off && !is_new)
				continue;
			if (is_new && tail_stays)
				b->content[unit][spot] |= ZERO;
			else
				b->content[unit][spot] = ZERO;
			show_in_private_views(w, backing, unit, spot, ZERO);
		}
	b->size = size;
	if (size < before)
		cut_views_off(w, s, backing);
}

void
backing_store(struct world *w, const struct setting *s, uint8_t backing, unsigned unit, unsigned spot, unsigned value)
{
	struct backing *b = &w->backings[backing];
	const values new = (values)(1U << value);

	/* What is stored behind the end is not part of it: it may be gone at any time. */
	if (offset_of(s, unit, spot) >= b->size && b->kind != SEGMENT)
		b->content[unit][spot] |= new;
	else
		b->content[unit][spot] = new;
	show_in_private_views(w, backing, unit, spot, new);
}
