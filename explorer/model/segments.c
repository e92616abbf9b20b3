/* SPDX-License-Identifier: BSD-2-Clause */

/* System V segments: shmget(), shmat(), shmdt(), shmctl(). */

#include <errno.h>
#include <string.h>

#include "model.h"
#include "range.h"

RULE(shmget_absent, "Without IPC_CREAT a key that has no segment is refused", "POSIX.1-2017 shmget() ERRORS");
RULE(shmget_exclusive, "With IPC_CREAT and IPC_EXCL a key that has a segment is refused",
    "POSIX.1-2017 shmget() ERRORS");
RULE(shmget_larger, "A size above that of the segment is refused", "POSIX.1-2017 shmget() ERRORS");
RULE(shmget_size_0, "A new segment needs a size", "POSIX.1-2017 shmget() ERRORS");
RULE(shmget_mode, "Asking for rights that the mode does not give is refused", "POSIX.1-2017 shmget() ERRORS");
RULE(shmget_creates, "With IPC_CREAT a key that has no segment gets a new one, which is zero",
    "POSIX.1-2017 shmget() DESCRIPTION");
RULE(shmget_private, "The key IPC_PRIVATE makes a new segment each time, which is zero and which no key finds",
    "POSIX.1-2017 shmget() DESCRIPTION");
RULE(shmget_finds, "A key that has a segment gives its identifier, which is the same each time",
    "POSIX.1-2017 shmget() DESCRIPTION");
RULE(shmat_destroyed, "The identifier of a destroyed segment names none", "POSIX.1-2017 shmat() ERRORS");
RULE(shmat_destroyed_linux, "The identifier of a removed segment names none", "Linux shmop(2)");
RULE(shmat_mode, "Attaching needs the right to read, and without SHM_RDONLY the right to write",
    "POSIX.1-2017 shmat() ERRORS");
RULE(shmat_taken, "An address where something is mapped is refused", "POSIX.1-2017 shmat() ERRORS");
RULE(shmat_taken_other, "An address where something is mapped is refused", "POSIX.1-2017 shmat() ERRORS");
RULE(shmat_attaches, "The segment is attached at the address", "POSIX.1-2017 shmat() DESCRIPTION");
RULE(shmat_chooses, "For a null pointer the system chooses an address where nothing is mapped",
    "POSIX.1-2017 shmat() DESCRIPTION");
RULE(shmat_rounds, "With SHM_RND the address is rounded down to a multiple of SHMLBA",
    "POSIX.1-2017 shmat() DESCRIPTION");
RULE(shmat_unaligned, "Without SHM_RND an address amid a page is refused", "POSIX.1-2017 shmat() ERRORS");
RULE(shmat_replaces, "With SHM_REMAP the segment replaces what is mapped in its range", "Linux shmop(2)");
RULE(shmat_replaces_null, "SHM_REMAP needs an address", "Linux shmop(2)");
RULE(shmat_removed, "A removed segment that others have attached can be attached", "Linux shmctl(2)");
RULE(shmdt_detaches, "The segment is detached, and destroyed if it is removed and nobody else has it attached",
    "POSIX.1-2017 shmdt() DESCRIPTION");
RULE(shmdt_no_start, "An address where no attachment starts is refused", "POSIX.1-2017 shmdt() ERRORS");
RULE(shmdt_rest, "Where a part of an attachment is unmapped the rest is detached", "nothing is promised");
RULE(shmdt_no_rest, "Where a part of an attachment is unmapped it is none any more", "nothing is promised");
RULE(rmid_removes, "IPC_RMID removes the identifier, and destroys the segment when nobody has it attached",
    "POSIX.1-2017 shmctl() DESCRIPTION");
RULE(rmid_not_owner, "IPC_RMID by another user than the owner and the creator is refused",
    "POSIX.1-2017 shmctl() ERRORS");
RULE(rmid_again, "A removed segment that is still attached is removed again without effect", "Linux shmctl(2)");
RULE(rmid_destroyed, "The identifier of a destroyed segment names none", "POSIX.1-2017 shmctl() ERRORS");
RULE(rmid_destroyed_linux, "The identifier of a removed segment names none", "Linux shmctl(2)");

/* Whether the key gives the identifier that the process knows already. */
static bool
is_known(const struct question *q, unsigned key)
{
	return process_before(q)->identifiers[key] == q->before->keys[key];
}

static uint32_t
segment_size(const struct setting *s, uint32_t size)
{
	return s->segments_have_whole_pages ? (size + s->page - 1) / s->page * s->page : size;
}

/*
 * Whether the bits ask for more than the mode gives. Some systems look at all three classes of bits, some at that of the user:
 * where these differ, and the user's own bits are given, it is open.
 */
struct grant {
	bool may_be_refused;
	bool may_be_given;
};

static struct grant
grant_of(const struct question *q, uint8_t segment)
{
	const unsigned bits = mode_bits(argument(q, MODE));
	const unsigned own = (is_owner(q, segment) ? bits >> 6 : bits) & 6;
	const unsigned missing = (bits >> 6 | bits) & 6 & ~rights_by_mode(q, segment);

	/* What the bits for execution ask for is said nowhere. */
	return (struct grant){ missing != 0 || (bits & 0111) != 0, missing == 0 || (own != 0 && (own & missing) == 0) };
}

/* The new segment has this number. The process knows it by the key, whether that finds it or not. */
static uint8_t
create(struct question *q, struct world *after)
{
	const uint32_t size = size_in_bytes(q->setting, argument(q, SIZE));
	const uint8_t segment = backing_create(after, SEGMENT, segment_size(q->setting, size));
	struct backing *b = &after->backings[segment];

	b->mode = (uint8_t)argument(q, MODE);
	b->owner = process_before(q)->user;
	b->user_of_creator = process_before(q)->user;
	b->creator = q->operation->process;
	process_after(q, after)->identifiers[argument(q, KEY)] = segment;
	return segment;
}

void
model_shmget(struct question *q)
{
	const unsigned key = argument(q, KEY);
	const enum creates flags = argument(q, CREATES);
	const uint32_t size = size_in_bytes(q->setting, argument(q, SIZE));
	const uint8_t segment = flags == CREATES_PRIVATE ? 0 : q->before->keys[key];
	struct world *after;

	if (segment == 0 && flags == FINDS) {
		allow(q, &shmget_absent, FAILS(ENOENT));
	} else if (segment == 0 && size == 0) {
		allow(q, &shmget_size_0, FAILS(EINVAL));
	} else if (segment == 0 && !has_room_for_backing(q->before)) {
		return;
	} else if (flags == CREATES_PRIVATE) {
		create(q, allow(q, &shmget_private, SUCCEEDS));
	} else if (segment == 0) {
		after = allow(q, &shmget_creates, SUCCEEDS);
		after->keys[key] = create(q, after);
	} else {
		const bool is_larger = size > q->before->backings[segment].size;
		const struct grant grant = grant_of(q, segment);

		if (flags == CREATES_EXCLUSIVELY)
			allow(q, &shmget_exclusive, FAILS(EEXIST));
		if (is_larger)
			allow(q, &shmget_larger, FAILS(EINVAL));
		if (grant.may_be_refused)
			allow(q, &shmget_mode, FAILS(EACCES));
		if (flags == CREATES_EXCLUSIVELY || is_larger || !grant.may_be_given)
			return;
		after = allow(q, &shmget_finds, GIVES(is_known(q, key)));
		process_after(q, after)->identifiers[key] = segment;
	}
}

void
model_find_segment(struct question *q)
{
	const unsigned key = argument(q, KEY);

	if (q->before->keys[key] == 0)
		allow(q, &shmget_absent, FAILS(ENOENT));
	else
		allow(q, &shmget_finds, GIVES(is_known(q, key)));
}

void
model_peek_segment(struct question *q)
{
	const uint8_t segment = q->before->keys[argument(q, KEY)];

	if (segment == 0 || !may_use(q, segment, false))
		return;
	model_peek(q, segment);
	for (unsigned i = 0; i < q->allowed->count; i++) {
		struct world *after = &q->allowed->list[i].after;

		segment_is_attached(after, segment, q->operation->process);
		segment_is_detached(after, q->setting, segment, q->operation->process);
	}
}

/* The errors of an identifier that names nothing. */
static void
refuse_identifier(struct question *q, const struct rule *posix, const struct rule *linux)
{
	allow(q, posix, FAILS(EINVAL));
	if (q->setting->removed_have_other_error)
		allow(q, linux, FAILS(EIDRM));
}

static void
attach(struct question *q, const struct rule *rule, uint8_t segment, struct range r, enum chosen where)
{
	struct world *after = allow(q, rule, GIVES(where));

	range_clear(q, after, r);
	segment_is_attached(after, segment, q->operation->process);
	for (unsigned i = 0; i < r.units; i++) {
		struct view *v = &process_after(q, after)->views[r.at + i];

		v->is_mapped = true;
		v->is_attachment = true;
		v->can_be_written = argument(q, ACCESS) == READ_WRITE;
		v->access = (uint8_t)argument(q, ACCESS);
		v->backing = segment;
		v->unit = (uint8_t)i;
	}
	if (where == CHOSEN)
		range_move(q, after, r);
}

/* Whether a removed segment can be attached differs. */
static void
allow_to_attach(struct question *q, uint8_t segment, struct range r)
{
	const bool is_removed = q->before->backings[segment].is_removed;
	const struct rule *rule = &shmat_attaches;

	if (is_removed && !q->setting->removed_segments_stay)
		allow(q, &shmat_destroyed, FAILS(EINVAL));
	if (!may_use(q, segment, argument(q, ACCESS) == READ_WRITE))
		return;
	if (is_removed)
		rule = &shmat_removed;
	else if (!r.is_free)
		rule = &shmat_replaces;
	else if (argument(q, ADDRESS) == ROUNDED)
		rule = &shmat_rounds;
	else if (argument(q, ADDRESS) == ANY)
		rule = &shmat_chooses;
	attach(q, rule, segment, r, AT_PLACE);
	if (argument(q, ADDRESS) == ANY)
		attach(q, rule, segment, r, CHOSEN);
}

/* Where shmat() for reading has the bit that replaces what is mapped, nobody says what becomes of the rest of that. */
static void
refuse_taken_address(struct question *q)
{
	const struct setting *s = q->setting;

	if (s->read_only_attach_replaces && argument(q, ACCESS) == READ)
		return;
	allow(q, &shmat_taken, FAILS(s->error_of_taken_address));
	if (s->other_error_of_taken_address != 0)
		allow(q, &shmat_taken_other, FAILS(s->other_error_of_taken_address));
}

/*
 * SHM_REMAP replaces whole pages: where the segment does not fill its last unit something old would stay there. What becomes
 * of an attachment as a whole is said nowhere.
 */
static bool
is_replaced(const struct question *q, const struct backing *b, struct range r)
{
	return argument(q, ADDRESS) == REPLACING && can_be_changed(q, r) &&
	    end_of_pages(q->setting, b) % q->setting->unit == 0 &&
	    process_before(q)->views[r.at].location == AT_ITS_PLACE;
}

void
model_shmat(struct question *q)
{
	const uint8_t segment = process_before(q)->identifiers[argument(q, KEY)];
	const enum address address = argument(q, ADDRESS);
	struct range r;

	if (segment == NO_IDENTIFIER || argument(q, ACCESS) == NO_ACCESS || address == HINT || address == NEIGHBOUR)
		return;
	if ((address == REPLACING || address == REPLACING_ANY) && !q->setting->attach_can_replace)
		return;
	if (segment == IDENTIFIER_OF_NOTHING) {
		refuse_identifier(q, &shmat_destroyed, &shmat_destroyed_linux);
		return;
	}
	r = range_at(q, argument(q, AT), units_of(q->setting, &q->before->backings[segment]));
	if (!r.is_sound || (address == ANY && !r.is_free))
		return;
	if (!may_use(q, segment, argument(q, ACCESS) == READ_WRITE))
		allow(q, &shmat_mode, FAILS(EACCES));
	if (address == UNALIGNED)
		allow(q, &shmat_unaligned, FAILS(EINVAL));
	else if (address == REPLACING_ANY)
		allow(q, &shmat_replaces_null, FAILS(EINVAL));
	else if (r.is_free || is_replaced(q, &q->before->backings[segment], r))
		allow_to_attach(q, segment, r);
	else if (address != REPLACING)
		refuse_taken_address(q);
}

/* Whether the address of a place is that of an attachment that the system has put elsewhere and that has a unit at place i. */
static bool
has_start_of(const struct view *views, unsigned at, unsigned i)
{
	return are_of_one_attachment(views, at, i) ||
	    (views[at].location == ELSEWHERE && places_are_in_row(&views[at], i - at + 1));
}

/*
 * Places that have something of an attachment that began at this place, as a set. Where the system has put an attachment elsewhere
 * and its first unit is gone, its address is no place's, unless something else was mapped there.
 */
static unsigned
pieces_from(const struct view *views, unsigned at)
{
	unsigned pieces = 0;

	for (unsigned i = at; i < PLACES; i++)
		if (views[i].is_attachment && i - views[i].unit == at &&
		    (views[i].location == AT_ITS_PLACE || has_start_of(views, at, i)))
			pieces |= 1U << i;
	return pieces;
}

static void
detach(struct question *q, const struct rule *rule, unsigned pieces)
{
	struct world *after = allow(q, rule, SUCCEEDS);

	for (unsigned i = 0; i < PLACES; i++)
		if (pieces & 1U << i) {
			segment_is_detached(
			    after, q->setting, process_before(q)->views[i].backing, q->operation->process);
			range_forget(q, after, range_at(q, i, 1));
		}
}

/* Where several attachments began that are left in part, nobody says which is meant. */
void
model_shmdt(struct question *q)
{
	const struct view *views = process_before(q)->views;
	const unsigned pieces = pieces_from(views, argument(q, AT));
	unsigned first = 0;
	unsigned found = 0;

	if (pieces == 0) {
		allow(q, &shmdt_no_start, FAILS(EINVAL));
		return;
	}
	while (!(pieces & 1U << first))
		first++;
	for (unsigned i = first; i < PLACES; i++) {
		if ((pieces & 1U << i) && !are_of_one_attachment(views, first, i))
			return;
		found += pieces >> i & 1U;
	}
	if (found == units_of(q->setting, &q->before->backings[views[first].backing])) {
		detach(q, &shmdt_detaches, pieces);
		return;
	}
	detach(q, &shmdt_rest, pieces);
	allow(q, &shmdt_no_rest, FAILS(EINVAL));
}

void
model_ipc_rmid(struct question *q)
{
	const uint8_t segment = process_before(q)->identifiers[argument(q, KEY)];
	struct world *after;

	if (segment == NO_IDENTIFIER)
		return;
	if (segment == IDENTIFIER_OF_NOTHING) {
		refuse_identifier(q, &rmid_destroyed, &rmid_destroyed_linux);
		return;
	}
	if (!may_change(q, segment))
		allow(q, &rmid_not_owner, FAILS(EPERM));
	if (q->before->backings[segment].is_removed) {
		if (!q->setting->removed_segments_stay)
			allow(q, &rmid_destroyed, FAILS(EINVAL));
		if (may_change(q, segment))
			allow(q, &rmid_again, SUCCEEDS);
		return;
	}
	if (!may_change(q, segment))
		return;
	after = allow(q, &rmid_removes, SUCCEEDS);
	after->backings[segment].is_removed = true;
	for (unsigned key = 0; key < KEYS; key++)
		if (after->keys[key] == segment)
			after->keys[key] = 0;
}
