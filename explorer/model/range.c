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

struct range
range_of(const struct question *q)
{
	struct range r = { .at = argument(q, AT), .units = argument(q, LONG) + 1, .is_sound = true };

	r.hole = r.at + r.units;
	if (r.hole > PLACES) {
		r.is_sound = false;
		return r;
	}
	for (unsigned i = r.at + r.units; i-- > r.at;) {
		const struct view *v = &process_before(q)->views[i];

		if (view_bytes(q->setting, q->before, v) < q->setting->unit)
			r.hole = i;
		else
			r.mapped++;
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
	note_attachments(q, after, r);
	memset(&process_after(q, after)->views[r.at], 0, r.units * sizeof(struct view));
}

void
range_divide(struct question *q, struct world *after, struct range r)
{
	struct view *views = process_after(q, after)->views;

	note_attachments(q, after, r);
	for (unsigned i = r.at; i < r.at + r.units; i++) {
		const unsigned first = i - views[i].unit;
		unsigned end = i;

		if (!views[i].is_attachment)
			continue;
		while (end < PLACES && views[end].is_attachment && end - views[end].unit == first)
			end++;
		for (unsigned k = first; k < end; k++)
			views[k].is_divided |= first < r.at || end > r.at + r.units;
	}
}
