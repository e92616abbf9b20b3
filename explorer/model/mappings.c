/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * mmap(), munmap(), mprotect(), msync(). POSIX does not say what these do to what shmat() has attached; the manuals of Linux speak
 * of all memory.
 */

#include <errno.h>
#include <string.h>

#include "model.h"
#include "range.h"

RULE(mmap_closed, "A descriptor that is not open is refused", "POSIX.1-2017 mmap() ERRORS");
RULE(mmap_reading, "A shared mapping for stores needs a descriptor that can write", "POSIX.1-2017 mmap() ERRORS");
RULE(mmap_object_private, "A private mapping of an object is refused", "macOS bsd/kern/posix_shm.c pshm_mmap()");
RULE(mmap_object_reading, "A mapping for stores needs a descriptor of the object that can write",
    "macOS bsd/kern/posix_shm.c pshm_mmap()");
RULE(mmap_object_larger, "A mapping that ends behind the end of the object is refused",
    "macOS bsd/kern/posix_shm.c pshm_mmap()");
RULE(mmap_replaces, "With MAP_FIXED the range is mapped, and what was mapped there before is gone",
    "POSIX.1-2017 mmap() DESCRIPTION");
RULE(mmap_chooses, "Without MAP_FIXED the system chooses a range in which nothing is mapped",
    "POSIX.1-2017 mmap() DESCRIPTION");
RULE(mmap_anonymous, "Anonymous memory is zero", "POSIX.1-2024 mmap() DESCRIPTION");
RULE(munmap_unmaps, "Nothing is mapped in the range, whatever was", "POSIX.1-2017 munmap() DESCRIPTION");
RULE(munmap_hole, "A range in which something is not mapped is refused",
    "OpenBSD munmap(2) ERRORS, DragonFly sys/vm/vm_mmap.c sys_munmap()");
RULE(mprotect_hole, "A range in which nothing is mapped cannot be protected", "POSIX.1-2017 mprotect() ERRORS");
RULE(mprotect_hole_passed, "Where nothing is mapped there is nothing to protect, and no error",
    "FreeBSD, NetBSD, OpenBSD, DragonFly: see the setting holes_are_protected");
RULE(mprotect_raised, "Access that mmap() was not asked for is refused", "NetBSD mprotect(2) ERRORS");
RULE(mprotect_reading, "A shared mapping of a descriptor that cannot write does not become one for stores",
    "POSIX.1-2017 mprotect() ERRORS");
RULE(mprotect_protects, "The protection of the pages in the range changes, and nothing else",
    "POSIX.1-2017 mprotect() DESCRIPTION");
RULE(msync_hole, "Where nothing is mapped there is nothing to write", "POSIX.1-2017 msync() ERRORS");
RULE(msync_writes, "msync() changes nothing that processes see", "POSIX.1-2017 msync() DESCRIPTION");
RULE(msync_attached, "msync() of an attachment, which no file backs, changes nothing that processes see",
    "Linux msync(2)");
RULE(msync_invalidates, "MS_INVALIDATE of what was written changes nothing that processes see",
    "POSIX.1-2017 msync() DESCRIPTION");
RULE(msync_drops_copies, "MS_INVALIDATE may drop what was stored in a private mapping of an object or a file",
    "POSIX.1-2017 msync() DESCRIPTION");
RULE(msync_locked, "MS_INVALIDATE of locked pages is refused", "POSIX.1-2017 msync() ERRORS");

/* What is private begins as a view of the backing; so do the values that it may show. */
static void
begin_private(struct view *v, const struct backing *b)
{
	v->is_private = true;
	for (unsigned spot = 0; spot < SPOTS; spot++)
		v->copy[spot] = b == NULL ? ZERO : b->content[v->unit][spot];
	v->copied = b == NULL ? ALL_SPOTS : NO_SPOT;
}

/* What the operation maps. */
struct source {
	const struct rule *rule;
	uint8_t backing; /* 0: anonymous memory */
	bool can_be_written;
};

static void
fill(const struct question *q, struct view *v, const struct backing *b, unsigned unit)
{
	v->is_mapped = true;
	v->access = (uint8_t)argument(q, ACCESS);
	v->unit = (uint8_t)unit;
	v->may_fault = b != NULL && offset_of(q->setting, v->unit, SPOTS - 1) >= end_of_pages(q->setting, b);
	if (argument(q, SHARING) == PRIVATE)
		begin_private(v, b);
}

/* With MAP_FIXED all places stay where they are. */
static void
map(struct question *q, struct range r, struct source s, enum chosen where)
{
	struct world *after = allow(q, argument(q, ADDRESS) == PLACE ? s.rule : &mmap_chooses, GIVES(where));
	struct view *views = process_after(q, after)->views;
	const bool has_numbers = s.backing != 0 || argument(q, SHARING) == SHARED;

	if (has_numbers && s.backing == 0)
		s.backing = backing_create(after, ANONYMOUS, r.units * q->setting->unit);
	range_clear(q, after, r);
	for (unsigned i = 0; i < r.units; i++) {
		struct view *v = &views[r.at + i];

		v->backing = s.backing;
		v->can_be_written =
		    s.can_be_written && (!q->setting->access_is_not_raised || argument(q, ACCESS) == READ_WRITE);
		fill(
		    q, v, s.backing == 0 ? NULL : &after->backings[s.backing], has_numbers ? argument(q, FROM) + i : 0);
	}
	for (unsigned i = r.at; i <= r.at + r.units && i < PLACES; i++)
		views[i].location = process_before(q)->views[i].location;
	if (where == CHOSEN)
		range_move(q, after, r);
}

static void
allow_to_map(struct question *q, struct range r, struct source s)
{
	map(q, r, s, AT_PLACE);
	if (argument(q, ADDRESS) != PLACE)
		map(q, r, s, CHOSEN);
}

/* Where objects are mapped shared and as a whole. Returns whether the mapping is refused. */
static bool
object_is_refused(struct question *q, struct range r, const struct description *d)
{
	const struct backing *b = &q->before->backings[d->backing];
	const uint32_t end = (argument(q, FROM) + r.units) * q->setting->unit;

	if (b->kind != OBJECT || !q->setting->objects_are_mapped_shared_and_whole)
		return false;
	if (argument(q, SHARING) == PRIVATE)
		allow(q, &mmap_object_private, FAILS(EINVAL));
	else if (argument(q, ACCESS) == READ_WRITE && !d->can_write)
		allow(q, &mmap_object_reading, FAILS(EPERM));
	else if (end > b->size)
		allow(q, &mmap_object_larger, FAILS(EINVAL));
	return q->allowed->count > 0;
}

void
model_mmap(struct question *q)
{
	const struct range r = range_of(q);
	const struct description *d;

	if (!r.is_sound || !can_be_changed(q, r) || argument(q, FROM) + r.units > UNITS || !can_be_asked_for(q, r))
		return;
	if (argument(q, OF) == 0) {
		if (argument(q, FROM) == 0 && has_room_for_backing(q->before))
			allow_to_map(q, r, (struct source){ &mmap_anonymous, 0, true });
		return;
	}
	d = description_of(q->before, process_before(q), argument(q, OF) - 1);
	if (d == NULL)
		allow(q, &mmap_closed, FAILS(EBADF));
	else if (object_is_refused(q, r, d))
		return;
	else if (argument(q, SHARING) == SHARED && argument(q, ACCESS) == READ_WRITE && !d->can_write)
		allow(q, &mmap_reading, FAILS(EACCES));
	else
		allow_to_map(q, r,
		    (struct source){ &mmap_replaces, d->backing, d->can_write || argument(q, SHARING) == PRIVATE });
}

void
model_munmap(struct question *q)
{
	const struct range r = range_of(q);

	if (!r.is_sound || !can_be_changed(q, r))
		return;
	if (r.mapped < r.units && q->setting->holes_are_not_unmapped)
		allow(q, &munmap_hole, FAILS(EINVAL));
	else
		range_clear(q, allow(q, &munmap_unmaps, SUCCEEDS), r);
}

/*
 * Where only a part of the range is mapped, POSIX leaves open how far the call comes before it fails: that is not
 * asked.
 */
void
model_mprotect(struct question *q)
{
	const struct range r = range_of(q);
	struct world *after;

	if (!r.is_sound || (r.mapped != r.units && !r.is_free))
		return;
	if (r.has_attachment && !q->setting->calls_take_attachments)
		return;
	if (r.mapped == 0 && q->setting->holes_are_protected)
		allow(q, &mprotect_hole_passed, SUCCEEDS);
	else if (r.mapped == 0)
		allow(q, &mprotect_hole, FAILS(ENOMEM));
	if (r.mapped == 0)
		return;
	if (argument(q, ACCESS) == READ_WRITE && r.has_unwritable) {
		if (r.units == 1)
			allow(
			    q, q->setting->access_is_not_raised ? &mprotect_raised : &mprotect_reading, FAILS(EACCES));
		/* With SHM_RDONLY the process may have the right, or not. */
		if (r.units > 1 || !r.has_attachment)
			return;
	}
	/* What was mapped with no access gets none later, and the model does not know which that is. */
	if (argument(q, ACCESS) == READ && r.has_unwritable && q->setting->access_is_not_raised)
		return;
	after = allow(q, &mprotect_protects, SUCCEEDS);
	for (unsigned i = r.at; i < r.at + r.units; i++)
		process_after(q, after)->views[i].access = (uint8_t)argument(q, ACCESS);
	range_divide(q, after, r);
}

/* What is locked in the range, as far as that is sure. Locks of objects and files are what POSIX speaks of. */
static bool
has_lock(const struct question *q, struct range r, bool surely)
{
	for (unsigned i = r.at; i < r.at + r.units; i++) {
		const struct view *v = &process_before(q)->views[i];
		const uint8_t kind = q->before->backings[v->backing].kind;

		if (v->lock == LOCKED && (!surely || (!v->is_private && (kind == OBJECT || kind == REGULAR_FILE))))
			return true;
		if (v->lock == LOCKED_OR_NOT && !surely)
			return true;
	}
	return false;
}

/*
 * Private pages that were stored to: they are "cached copies" that differ from what is stored permanently, or their only place is
 * memory. POSIX leaves that open, so that each is dropped or not.
 */
static void
drop_copies(struct question *q, struct world *after, struct range r)
{
	for (unsigned i = r.at; i < r.at + r.units; i++) {
		struct view *v = &process_after(q, after)->views[i];

		if (v->backing == 0)
			continue;
		for (unsigned spot = 0; spot < SPOTS; spot++)
			if (v->copied & 1U << spot)
				v->copy[spot] |= after->backings[v->backing].content[v->unit][spot];
		v->lost |= v->copied;
		v->copied = NO_SPOT;
	}
}

static const struct rule *
rule_of_msync(const struct question *q, struct range r)
{
	if (r.has_attachment)
		return &msync_attached;
	if (argument(q, SYNC) != INVALIDATES)
		return &msync_writes;
	return r.has_private ? &msync_drops_copies : &msync_invalidates;
}

void
model_msync(struct question *q)
{
	const struct range r = range_of(q);
	const bool invalidates = argument(q, SYNC) == INVALIDATES;
	const bool is_whole = r.mapped == r.units;

	if (!r.is_sound || (r.has_attachment && !q->setting->calls_take_attachments))
		return;
	if (!is_whole)
		allow(q, &msync_hole, FAILS(q->setting->error_of_msync_hole));
	if (invalidates && has_lock(q, r, false))
		allow(q, &msync_locked, FAILS(EBUSY));
	if (is_whole && !(invalidates && q->setting->locks.msync_tells && has_lock(q, r, true))) {
		struct world *after = allow(q, rule_of_msync(q, r), SUCCEEDS);

		if (invalidates)
			drop_copies(q, after, r);
	}
}
