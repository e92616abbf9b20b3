/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * mmap() at an address of the caller's choice, munmap(), mprotect(), msync(). No document says what these do to a range
 * that shmat() has attached: the explorer does not do it.
 */

#include <errno.h>
#include <string.h>

#include "model.h"

RULE(mmap_closed, "A descriptor that is not open is refused", "POSIX.1-2017 mmap() ERRORS");
RULE(mmap_reading, "A shared mapping for stores needs a descriptor that can write", "POSIX.1-2017 mmap() ERRORS");
RULE(mmap_replaces, "With MAP_FIXED the range is mapped, and what was mapped there before is gone",
    "POSIX.1-2017 mmap() DESCRIPTION");
RULE(mmap_anonymous, "Anonymous memory is zero", "POSIX.1-2024 mmap() DESCRIPTION");
RULE(munmap_unmaps, "Nothing is mapped in the range, whatever was", "POSIX.1-2017 munmap() DESCRIPTION");
RULE(mprotect_hole, "A range in which nothing is mapped cannot be protected", "POSIX.1-2017 mprotect() ERRORS");
RULE(mprotect_reading, "A shared mapping of a descriptor that cannot write does not become one for stores",
    "POSIX.1-2017 mprotect() ERRORS");
RULE(mprotect_protects, "The protection of the pages in the range changes, and nothing else",
    "POSIX.1-2017 mprotect() DESCRIPTION");
RULE(msync_hole, "Where nothing is mapped there is nothing to write", "POSIX.1-2017 msync() ERRORS");
RULE(msync_writes, "msync() changes nothing that processes see", "POSIX.1-2017 msync() DESCRIPTION");

/* The range that an operation names: how many of its places are mapped, and whether some cannot become writable. */
struct range {
	unsigned at;
	unsigned units;
	unsigned mapped;
	bool is_sound; /* it is in the address range of the explorer, and has no attachment */
	bool has_unwritable;
};

static struct range
range_of(const struct question *q)
{
	struct range r = { .at = argument(q, AT), .units = argument(q, LONG) + 1, .is_sound = true };

	if (r.at + r.units > PLACES) {
		r.is_sound = false;
		return r;
	}
	for (unsigned i = r.at; i < r.at + r.units; i++) {
		const struct view *v = &process_before(q)->views[i];

		r.mapped += v->is_mapped;
		r.is_sound &= !v->is_attachment;
		r.has_unwritable |= v->is_mapped && !v->can_be_written;
	}
	return r;
}

static void
clear(struct question *q, struct world *after, struct range r)
{
	memset(&process_after(q, after)->views[r.at], 0, r.units * sizeof(struct view));
}

/* What is private begins as a view of the backing; so do the values that it may show. */
static void
begin_private(struct view *v, const struct backing *b)
{
	v->is_private = true;
	for (unsigned spot = 0; spot < SPOTS; spot++)
		v->copy[spot] = b == NULL ? ZERO : b->content[v->unit][spot];
	v->copied = b == NULL ? ALL_SPOTS : NO_SPOT;
}

static void
map(struct question *q, struct world *after, struct range r, uint8_t backing, bool can_be_written)
{
	const struct backing *b = backing == 0 ? NULL : &after->backings[backing];

	clear(q, after, r);
	for (unsigned i = 0; i < r.units; i++) {
		struct view *v = &process_after(q, after)->views[r.at + i];

		v->is_mapped = true;
		v->access = (uint8_t)argument(q, ACCESS);
		v->backing = backing;
		v->unit = (uint8_t)(argument(q, FROM) + i);
		v->can_be_written = can_be_written;
		v->may_fault = b != NULL && offset_of(q->setting, v->unit, SPOTS - 1) >= end_of_pages(q->setting, b);
		if (argument(q, SHARING) == PRIVATE)
			begin_private(v, b);
	}
}

static void
map_anonymous(struct question *q, struct range r)
{
	uint8_t backing = 0;
	struct world *after;

	if (argument(q, FROM) != 0 || !has_room_for_backing(q->before))
		return;
	after = allow(q, &mmap_anonymous, SUCCEEDS);
	if (argument(q, SHARING) == SHARED)
		backing = backing_create(after, ANONYMOUS, r.units * q->setting->unit);
	map(q, after, r, backing, true);
	/* The units of private memory have no numbers. */
	for (unsigned i = 0; backing == 0 && i < r.units; i++)
		process_after(q, after)->views[r.at + i].unit = 0;
}

void
model_mmap(struct question *q)
{
	const struct range r = range_of(q);
	const struct description *d;

	if (!r.is_sound || argument(q, FROM) + r.units > UNITS)
		return;
	if (argument(q, OF) == 0) {
		map_anonymous(q, r);
		return;
	}
	d = description_of(q->before, process_before(q), argument(q, OF) - 1);
	if (d == NULL)
		allow(q, &mmap_closed, FAILS(EBADF));
	else if (argument(q, SHARING) == SHARED && argument(q, ACCESS) == READ_WRITE && !d->can_write)
		allow(q, &mmap_reading, FAILS(EACCES));
	else
		map(q, allow(q, &mmap_replaces, SUCCEEDS), r, d->backing,
		    d->can_write || argument(q, SHARING) == PRIVATE);
}

void
model_munmap(struct question *q)
{
	const struct range r = range_of(q);

	if (r.is_sound)
		clear(q, allow(q, &munmap_unmaps, SUCCEEDS), r);
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

	if (!r.is_sound || (r.mapped != 0 && r.mapped != r.units))
		return;
	if (r.mapped == 0) {
		allow(q, &mprotect_hole, FAILS(ENOMEM));
		return;
	}
	if (argument(q, ACCESS) == READ_WRITE && r.has_unwritable) {
		if (r.units == 1)
			allow(q, &mprotect_reading, FAILS(EACCES));
		return;
	}
	after = allow(q, &mprotect_protects, SUCCEEDS);
	for (unsigned i = r.at; i < r.at + r.units; i++)
		process_after(q, after)->views[i].access = (uint8_t)argument(q, ACCESS);
}

void
model_msync(struct question *q)
{
	const struct range r = range_of(q);

	if (!r.is_sound)
		return;
	if (r.mapped < r.units)
		allow(q, &msync_hole, FAILS(ENOMEM));
	else
		allow(q, &msync_writes, SUCCEEDS);
}
