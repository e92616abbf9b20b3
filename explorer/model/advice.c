/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What madvise() of Linux does to memory: guards, pages that are dropped, and what children do not have. It is not asked what
 * becomes of advised memory behind the end of a file, nor what one of these does to another one.
 */

#include <errno.h>
#include <string.h>

#include "model.h"
#include "range.h"

RULE(guard_installs,
    "MADV_GUARD_INSTALL drops the pages of the range from the process, and an access raises a signal until it is "
    "removed",
    "Linux 6.13 madvise(2); files and shared memory: Linux 6.15 mm/madvise.c");
RULE(advice_drops,
    "MADV_DONTNEED drops what was stored in private memory, which is zero then, or what it is a view of; shared memory "
    "keeps it",
    "Linux madvise(2)");
RULE(advice_locked, "MADV_DONTNEED of locked pages is refused", "Linux madvise(2) ERRORS");
RULE(advice_of_fork, "MADV_DONTFORK keeps a range out of later children, until MADV_DOFORK; here nothing changes",
    "Linux 2.6.16 madvise(2)");
RULE(advice_wipes, "MADV_WIPEONFORK has later children find zero in private anonymous memory, until MADV_KEEPONFORK",
    "Linux 4.14 madvise(2)");
RULE(advice_wipes_other, "MADV_WIPEONFORK of shared memory, or of a file or an object, is refused",
    "Linux 4.14 madvise(2) ERRORS");
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

/* Whether something is mapped in the whole range, with this effect or none, and nothing of it has lost its page. */
static bool
can_be_advised(const struct question *q, struct range r, uint8_t effect)
{
	if (!r.is_sound || r.mapped != r.units)
		return false;
	for (unsigned i = r.at; i < r.at + r.units; i++) {
		const struct view *v = &process_before(q)->views[i];

		if ((v->advised != 0 && v->advised != effect) || v->lost != NO_SPOT || v->may_fault)
			return false;
	}
	return true;
}

/* How many of the range are locked for sure, and how many perhaps. */
static unsigned
with_lock(const struct question *q, struct range r, enum lock lock)
{
	unsigned count = 0;

	for (unsigned i = r.at; i < r.at + r.units; i++)
		count += process_before(q)->views[i].lock == lock;
	return count;
}

static bool
can_be_guarded(const struct question *q, struct range r)
{
	return q->setting->has_guards && !r.has_attachment && can_be_advised(q, r, GUARDED) &&
	    with_lock(q, r, UNLOCKED) == r.units;
}

static void
set_guards(struct question *q, struct world *after, struct range r, bool are_there)
{
	for (unsigned i = r.at; i < r.at + r.units; i++) {
		struct view *v = &process_after(q, after)->views[i];

		if (are_there && v->advised == 0)
			drop_page(v, after);
		v->advised = are_there ? GUARDED : 0;
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

/* How far the call comes where a part of the range is locked is not said. */
static void
drop(struct question *q, struct range r)
{
	struct world *after;

	if (with_lock(q, r, LOCKED) == r.units)
		allow(q, &advice_locked, FAILS(EINVAL));
	if (with_lock(q, r, UNLOCKED) < r.units)
		return;
	after = allow(q, &advice_drops, SUCCEEDS);
	for (unsigned i = r.at; i < r.at + r.units; i++)
		drop_page(&process_after(q, after)->views[i], after);
}

static void
set_effect(struct question *q, struct world *after, struct range r, uint8_t effect, bool is_set)
{
	range_divide(q, after, r);
	for (unsigned i = r.at; i < r.at + r.units; i++)
		process_after(q, after)->views[i].advised = is_set ? effect : 0;
}

/* Of memory that the system has put elsewhere it is not asked what a child has instead. */
static void
set_inherited(struct question *q, struct range r, bool is_inherited)
{
	if (process_before(q)->views[r.at].location == AT_ITS_PLACE)
		set_effect(q, allow(q, &advice_of_fork, SUCCEEDS), r, STAYS_BEHIND, !is_inherited);
}

static bool
is_private_anonymous(const struct view *v)
{
	return v->is_private && v->backing == 0;
}

/* Where a part of the range is other memory nobody says how far the call comes. */
static void
set_wiped(struct question *q, struct range r, bool is_wiped)
{
	unsigned fit = 0;

	for (unsigned i = r.at; i < r.at + r.units; i++)
		fit += is_private_anonymous(&process_before(q)->views[i]);
	if (fit == 0 && is_wiped)
		allow(q, &advice_wipes_other, FAILS(EINVAL));
	if (fit == r.units)
		set_effect(q, allow(q, &advice_wipes, SUCCEEDS), r, WIPED_IN_CHILDREN, is_wiped);
}

void
model_advise(struct question *q)
{
	const enum advice advice = argument(q, ADVICE);
	const struct range r = range_of(q);

	if (!can_be_advised(q, r, advice == DONTNEED ? 0 : advice <= DOFORK ? STAYS_BEHIND : WIPED_IN_CHILDREN))
		return;
	if (advice == DONTNEED)
		drop(q, r);
	else if (advice == DONTFORK || advice == DOFORK)
		set_inherited(q, r, advice == DOFORK);
	else
		set_wiped(q, r, advice == WIPEONFORK);
}

void
advice_at_fork(struct process *child)
{
	for (unsigned i = 0; i < PLACES; i++) {
		struct view *v = &child->views[i];

		if (v->advised == STAYS_BEHIND)
			memset(v, 0, sizeof(*v));
		for (unsigned spot = 0; v->advised == WIPED_IN_CHILDREN && spot < SPOTS; spot++)
			v->copy[spot] = ZERO;
	}
}
