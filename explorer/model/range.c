/* SPDX-License-Identifier: BSD-2-Clause */

#include <string.h>

#include "model.h"
#include "range.h"

uint32_t
view_bytes(const struct setting *s, const struct world *w, const struct view *v)
{
	uint32_t left;

	if (!v->is_mapped)
		return 0;
	if (!v->is_attachment)
		return s->unit;
	left = end_of_pages(s, &w->backings[v->backing]) - v->unit * s->unit;
	return left < s->unit ? left : s->unit;
}

bool
can_be_asked_for(const struct question *q, struct range r)
{
	const struct view *views = process_before(q)->views;

	if (argument(q, ADDRESS) == NEIGHBOUR)
		return r.is_free && r.at > 0 && view_bytes(q->setting, q->before, &views[r.at - 1]) == q->setting->unit;
	return argument(q, ADDRESS) == PLACE || (argument(q, ADDRESS) < NEIGHBOUR && r.is_free);
}

bool
places_are_in_row(const struct view *first, unsigned units)
{
	for (unsigned i = 1; i < units; i++)
		if (first[i].location != (first->location == AT_ITS_PLACE ? AT_ITS_PLACE : ELSEWHERE_BEHIND))
			return false;
	return true;
}

struct range
range_of(const struct question *q)
{
	return range_at(q, argument(q, AT), argument(q, LONG) + 1);
}

struct range
range_at(const struct question *q, unsigned at, unsigned units)
{
	struct range r = { .at = at, .units = units, .is_sound = true };

	r.hole = r.at + r.units;
	if (r.hole > PLACES) {
		r.is_sound = false;
		return r;
	}
	r.is_sound = places_are_in_row(&process_before(q)->views[r.at], r.units);
	r.is_free = true;
	for (unsigned i = r.at + r.units; i-- > r.at;) {
		const struct view *v = &process_before(q)->views[i];

		if (view_bytes(q->setting, q->before, v) < q->setting->unit)
			r.hole = i;
		else
			r.mapped++;
		r.is_free &= !v->is_mapped;
		r.is_sound &= r.hole != i || v->location == AT_ITS_PLACE;
		r.has_attachment |= v->is_attachment;
		r.has_private |= v->is_private;
		r.has_unwritable |= v->is_mapped && !v->can_be_written;
	}
	return r;
}

/* Some systems take it for a detach, or for an attach, where a call is about an attachment or a part of it. */
static void
note_attachments(struct question *q, struct world *after, struct range r)
{
	for (unsigned i = r.at; i < r.at + r.units; i++) {
		const struct view *v = &process_after(q, after)->views[i];

		if (v->is_attachment)
			segment_may_be_detached(after, v->backing, q->operation->process);
	}
}

void
range_clear(struct question *q, struct world *after, struct range r)
{
	range_divide(q, after, r);
	range_forget(q, after, r);
}

void
range_forget(struct question *q, struct world *after, struct range r)
{
	struct view *views = process_after(q, after)->views;
	const unsigned end = r.at + r.units;

	memset(&views[r.at], 0, r.units * sizeof(struct view));
	if (end < PLACES && views[end].location == ELSEWHERE_BEHIND)
		views[end].location = ELSEWHERE;
}

void
range_move(struct question *q, struct world *after, struct range r)
{
	for (unsigned i = 0; i < r.units; i++)
		process_after(q, after)->views[r.at + i].location = i == 0 ? ELSEWHERE : ELSEWHERE_BEHIND;
}

bool
are_of_one_attachment(const struct view *views, unsigned a, unsigned b)
{
	return views[a].is_attachment && views[b].is_attachment && views[a].backing == views[b].backing &&
	    a - views[a].unit == b - views[b].unit;
}

/* Whether the attachment of which a piece is at this place has a piece outside the range. */
static bool
is_also_outside(const struct view *views, unsigned place, struct range r)
{
	for (unsigned i = 0; i < PLACES; i++)
		if ((i < r.at || i >= r.at + r.units) && are_of_one_attachment(views, place, i))
			return true;
	return false;
}

bool
can_be_changed(const struct question *q, struct range r)
{
	const struct view *views = process_before(q)->views;

	if (r.has_attachment && !q->setting->calls_take_attachments)
		return false;
	for (unsigned i = r.at; i < r.at + r.units; i++)
		if (views[i].is_attachment && !is_also_outside(views, i, r))
			return false;
	return true;
}

void
range_divide(struct question *q, struct world *after, struct range r)
{
	const struct view *views = process_before(q)->views;

	note_attachments(q, after, r);
	for (unsigned i = r.at; i < r.at + r.units; i++)
		for (unsigned k = 0; k < PLACES; k++)
			if (are_of_one_attachment(views, i, k) && is_also_outside(views, i, r))
				process_after(q, after)->views[k].is_divided = true;
}

unsigned
units_of(const struct setting *s, const struct backing *b)
{
	return (b->size + s->unit - 1) / s->unit;
}
