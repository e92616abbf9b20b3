/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Guards of Linux: madvise() with MADV_GUARD_INSTALL and MADV_GUARD_REMOVE. It is not asked what becomes of them behind the end
 * of a file, nor what they do to locked memory.
 */

#include "model.h"
#include "range.h"

RULE(guard_installs,
    "MADV_GUARD_INSTALL drops the pages of the range from the process, and an access raises a signal until it is "
    "removed",
    "Linux 6.13 madvise(2); files and shared memory: Linux 6.15 mm/madvise.c");
RULE(guard_removes, "MADV_GUARD_REMOVE removes guards: memory is zero, or what it is a view of; other pages stay",
    "Linux 6.13 madvise(2)");

/* What a page has that was dropped and comes back. */
static void
drop_page(struct view *v, const struct world *w)
{
	if (!v->is_private)
		return;
	for (unsigned spot = 0; spot < SPOTS; spot++)
		v->copy[spot] = v->backing == 0 ? ZERO : w->backings[v->backing].content[v->unit][spot];
	v->copied = v->backing == 0 ? ALL_SPOTS : NO_SPOT;
}

/* Whether something is mapped in the whole range that may have guards, and nothing of it is locked or has no page. */
static bool
can_be_guarded(const struct question *q, struct range r)
{
	if (!q->setting->has_guards || !r.is_sound || r.has_attachment || r.mapped != r.units)
		return false;
	for (unsigned i = r.at; i < r.at + r.units; i++) {
		const struct view *v = &process_before(q)->views[i];

		if (v->lock != UNLOCKED || v->lost != NO_SPOT || v->may_fault)
			return false;
	}
	return true;
}

static void
set_guards(struct question *q, struct world *after, struct range r, bool are_there)
{
	for (unsigned i = r.at; i < r.at + r.units; i++) {
		struct view *v = &process_after(q, after)->views[i];

		if (are_there && !v->is_guarded)
			drop_page(v, after);
		v->is_guarded = are_there;
	}
}

void
model_guard(struct question *q)
{
	const struct range r = range_of(q);

	if (can_be_guarded(q, r))
		set_guards(q, allow(q, &guard_installs, SUCCEEDS), r, true);
}

void
model_unguard(struct question *q)
{
	const struct range r = range_of(q);

	if (can_be_guarded(q, r))
		set_guards(q, allow(q, &guard_removes, SUCCEEDS), r, false);
}
