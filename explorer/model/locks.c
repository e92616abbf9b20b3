/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Memory locks: mlock() and munlock() of a range, and the bytes that a process has locked, where the system tells them.
 * What ends a lock otherwise is where that is: munmap(), MAP_FIXED, shmdt(), exec. A child has none of its parent's.
 */

#include <errno.h>

#include "model.h"
#include "range.h"

RULE(mlock_locks, "The pages of the range are locked, until munlock() of the same process; locks do not add up",
    "POSIX.1-2017 mlock() DESCRIPTION");
RULE(mlock_hole, "A range with a page that is not mapped is refused", "POSIX.1-2017 mlock() ERRORS");
RULE(mlock_no_page, "Pages without access, or behind the end of the object, can be locked or not",
    "POSIX.1-2017 mlock() ERRORS");
RULE(mlock_limit, "A process that may not lock more is refused", "POSIX.1-2017 mlock() ERRORS");
RULE(mlock_limit_linux, "Above RLIMIT_MEMLOCK a process without privilege is refused, and nothing is locked",
    "Linux mlock(2) ERRORS");
RULE(munlock_unlocks, "The pages of the range are not locked any more, however often they were locked",
    "POSIX.1-2017 mlock() DESCRIPTION");
RULE(munlock_hole, "A range with a page that is not mapped is refused", "POSIX.1-2017 mlock() ERRORS");
RULE(munlock_not_locked, "Pages that are not locked are refused", "NetBSD, DragonFly mlock(2) ERRORS");
RULE(lock_interrupted, "A signal may end mlock() or munlock()", "POSIX.1-2017 mlock() ERRORS");
RULE(locks_count, "What a process has locked is what it has locked itself and not unlocked or unmapped since",
    "POSIX.1-2017 mlock(), munmap(), fork(), exec DESCRIPTION, Linux proc(5) VmLck");

/* The bytes of a range of places that have one of these states. */
enum { ONLY_UNLOCKED = 1 << UNLOCKED, ONLY_LOCKED = 1 << LOCKED, ONLY_OPEN = 1 << LOCKED_OR_NOT };

static uint32_t
bytes_with(const struct question *q, unsigned from, unsigned to, unsigned states)
{
	uint32_t bytes = 0;

	for (unsigned i = from; i < to; i++) {
		const struct view *v = &process_before(q)->views[i];

		if (states & 1U << v->lock)
			bytes += view_bytes(q->setting, q->before, v);
	}
	return bytes;
}

static void
set_locks(struct question *q, struct world *after, struct range r, enum lock lock)
{
	for (unsigned i = r.at; i < r.at + r.units; i++)
		process_after(q, after)->views[i].lock = (uint8_t)lock;
	range_divide(q, after, r);
}

/* A call that fails changes no lock; on Linux it changes those before the place where it fails: docs/findings.md. */
static void
refuse(struct question *q, const struct rule *rule, int error, struct range r, enum lock on_the_way)
{
	struct world *after = allow(q, rule, FAILS(error));

	if (!q->setting->locks.stay_at_failure)
		return;
	for (unsigned i = r.at; i < r.at + r.units && i <= r.hole; i++) {
		struct view *v = &process_after(q, after)->views[i];

		if (v->is_mapped && v->lock != on_the_way)
			v->lock = LOCKED_OR_NOT;
	}
	range_divide(q, after, r);
}

static bool
has_no_page(const struct question *q, const struct view *v)
{
	const struct backing *b = &q->before->backings[v->backing];

	if (v->access == NO_ACCESS || v->may_fault)
		return true;
	return v->backing != 0 && offset_of(q->setting, v->unit, SPOTS - 1) >= end_of_pages(q->setting, b);
}

void
model_mlock(struct question *q)
{
	const struct range r = range_of(q);
	const unsigned end = r.at + r.units;
	const uint32_t limit = q->setting->locks.limit;
	bool lacks_page = false;

	/* How much another user may lock was not found out. */
	if (!r.is_sound || process_before(q)->user != FIRST_USER)
		return;
	/* Nor what mlock() does about guards. */
	for (unsigned i = r.at; i < end; i++)
		if (process_before(q)->views[i].advised == GUARDED)
			return;
	if (bytes_with(q, 0, PLACES, ONLY_LOCKED) + bytes_with(q, r.at, end, ONLY_UNLOCKED) > limit) {
		allow(q, &mlock_limit_linux, FAILS(limit == 0 ? EPERM : ENOMEM));
		return;
	}
	for (unsigned i = r.at; i < end; i++)
		lacks_page |= has_no_page(q, &process_before(q)->views[i]);
	if (r.hole < end)
		refuse(q, &mlock_hole, ENOMEM, r, LOCKED);
	else
		set_locks(q, allow(q, &mlock_locks, SUCCEEDS), r, LOCKED);
	if (r.hole == end && lacks_page) {
		refuse(q, &mlock_no_page, ENOMEM, r, LOCKED);
		refuse(q, &mlock_no_page, EAGAIN, r, LOCKED);
		refuse(q, &mlock_no_page, EINVAL, r, LOCKED);
	}
	if (bytes_with(q, 0, PLACES, ONLY_LOCKED | ONLY_OPEN) + r.units * q->setting->unit > limit) {
		allow(q, &mlock_limit, FAILS(ENOMEM));
		allow(q, &mlock_limit, FAILS(EAGAIN));
		allow(q, &mlock_limit, FAILS(EPERM));
	}
}

void
model_munlock(struct question *q)
{
	const struct range r = range_of(q);

	if (!r.is_sound)
		return;
	if (r.hole < r.at + r.units)
		refuse(q, &munlock_hole, ENOMEM, r, UNLOCKED);
	else
		set_locks(q, allow(q, &munlock_unlocks, SUCCEEDS), r, UNLOCKED);
	if (q->setting->locks.munlock_needs_them && bytes_with(q, r.at, r.at + r.units, ONLY_UNLOCKED | ONLY_OPEN) > 0)
		refuse(q, &munlock_not_locked, ENOMEM, r, UNLOCKED);
}

/* POSIX has EAGAIN where not all could be locked, and does not forbid EINTR. */
void
model_lock_interrupted(struct question *q)
{
	const struct range r = range_of(q);
	const enum lock on_the_way = q->operation->kind == MLOCK ? LOCKED : UNLOCKED;

	refuse(q, &lock_interrupted, EINTR, r, on_the_way);
	refuse(q, &lock_interrupted, EAGAIN, r, on_the_way);
}

static bool
is_allowed(const struct question *q, uint32_t bytes)
{
	for (unsigned i = 0; i < q->allowed->count; i++)
		if (q->allowed->list[i].answer.value[0] == bytes)
			return true;
	return false;
}

/* What is locked or not makes a sum more, or the same. */
void
model_locked_bytes(struct question *q)
{
	if (!q->setting->locks.are_counted)
		return;
	allow(q, &locks_count, GIVES(bytes_with(q, 0, PLACES, ONLY_LOCKED)));
	for (unsigned i = 0; i < PLACES; i++) {
		const uint32_t more = bytes_with(q, i, i + 1, ONLY_OPEN);
		const unsigned sums = q->allowed->count;

		for (unsigned k = 0; k < sums; k++) {
			const uint32_t sum = q->allowed->list[k].answer.value[0] + more;

			if (!is_allowed(q, sum))
				allow(q, &locks_count, GIVES(sum));
		}
	}
}
