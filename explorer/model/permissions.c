/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Modes and users: the permission bits of segments, objects and files, who may change them, and what they refuse. What has
 * been opened, mapped or attached stays usable, whatever becomes of the bits.
 */

#include <errno.h>

#include "model.h"

RULE(set_sets, "IPC_SET sets the mode and the owner of the segment, and changes nothing else that processes see",
    "POSIX.1-2017 shmctl() DESCRIPTION");
RULE(set_removed, "IPC_SET works while a removed segment is attached", "Linux shmctl(2)");
RULE(set_not_owner, "IPC_SET by another user than the owner and the creator is refused, and changes nothing",
    "POSIX.1-2017 shmctl() ERRORS");
RULE(set_destroyed, "The identifier of a destroyed segment names none", "POSIX.1-2017 shmctl() ERRORS");
RULE(set_destroyed_linux, "The identifier of a removed segment names none", "Linux shmctl(2)");
RULE(fstat_mode, "fstat() tells the mode without the bits of the mask at creation, and the user that made it",
    "POSIX.1-2017 fstat(), shm_open(), open() DESCRIPTION");
RULE(fchmod_sets, "The owner sets the mode by any descriptor", "POSIX.1-2017 fchmod() DESCRIPTION");
RULE(fchmod_not_owner, "Another user than the owner does not set the mode", "POSIX.1-2017 fchmod() ERRORS");
RULE(become_keeps,
    "A process whose effective user changes keeps its mappings, attachments and descriptors, and has that user's "
    "rights",
    "POSIX.1-2017 seteuid() DESCRIPTION, XBD 4.5 File Access Permissions");

bool
is_owner(const struct question *q, uint8_t backing)
{
	const struct backing *b = &q->before->backings[backing];
	const uint8_t user = process_before(q)->user;

	return user == b->owner || (b->kind == SEGMENT && user == b->user_of_creator);
}

/* The bits of owners that a mode has, and of others. */
unsigned
rights_by_mode(const struct question *q, uint8_t backing)
{
	const struct backing *b = &q->before->backings[backing];
	const unsigned mode = mode_bits(b->mode);
	const uint8_t user = process_before(q)->user;
	unsigned rights = is_owner(q, backing) ? mode >> 6 : mode;

	if (user == FIRST_USER && q->setting->overrides[b->kind])
		rights |= RIGHT_TO_READ | RIGHT_TO_WRITE;
	if (user == FIRST_USER && q->setting->overrides_reading[b->kind])
		rights |= RIGHT_TO_READ;
	return rights & (RIGHT_TO_READ | RIGHT_TO_WRITE);
}

bool
may_use(const struct question *q, uint8_t backing, bool writes)
{
	const unsigned needed = RIGHT_TO_READ | (writes ? RIGHT_TO_WRITE : 0);

	return (needed & ~rights_by_mode(q, backing)) == 0;
}

/* Root is the first user, if there is another one. */
bool
may_change(const struct question *q, uint8_t backing)
{
	return process_before(q)->user == FIRST_USER || is_owner(q, backing);
}

enum mode
mode_behind_mask(enum mode mode)
{
	return mode == MODE_0666 ? MODE_0644 : mode;
}

/*
 * Whether the call can be told this owner. Another user is known to be there if the first one can become that; and the same owner
 * is known to who may ask, or is it.
 */
static bool
can_name_owner(const struct question *q, uint8_t segment)
{
	if (argument(q, GIVE_TO) != SAME_OWNER)
		return q->setting->can_become_other;
	return may_use(q, segment, false) || !may_change(q, segment) ||
	    process_before(q)->user == q->before->backings[segment].owner;
}

static void
set(struct question *q, const struct rule *rule, uint8_t segment)
{
	struct backing *b = &allow(q, rule, SUCCEEDS)->backings[segment];

	b->mode = (uint8_t)argument(q, MODE);
	if (argument(q, GIVE_TO) != SAME_OWNER)
		b->owner = argument(q, GIVE_TO) == FIRST_AS_OWNER ? FIRST_USER : OTHER_USER;
}

void
model_ipc_set(struct question *q)
{
	const uint8_t segment = process_before(q)->identifiers[argument(q, KEY)];
	bool is_removed;

	if (segment == NO_IDENTIFIER)
		return;
	if (segment != IDENTIFIER_OF_NOTHING && !can_name_owner(q, segment))
		return;
	is_removed = segment == IDENTIFIER_OF_NOTHING || q->before->backings[segment].is_removed;
	if (segment == IDENTIFIER_OF_NOTHING || (is_removed && !q->setting->removed_segments_stay))
		allow(q, &set_destroyed, FAILS(EINVAL));
	if (segment == IDENTIFIER_OF_NOTHING) {
		if (q->setting->removed_have_other_error)
			allow(q, &set_destroyed_linux, FAILS(EIDRM));
		return;
	}
	if (!may_change(q, segment))
		allow(q, &set_not_owner, FAILS(EPERM));
	else
		set(q, is_removed ? &set_removed : &set_sets, segment);
}

/* Some systems have one mode for all objects, or none that can be changed. */
bool
has_modes(const struct question *q, enum backing_kind kind)
{
	return kind != OBJECT || q->setting->objects_have_modes;
}

void
model_fstat_mode(struct question *q)
{
	const struct description *d = open_description(q);
	const struct backing *b;

	if (d == NULL || !has_modes(q, q->before->backings[d->backing].kind))
		return;
	b = &q->before->backings[d->backing];
	if (b->mode != MODE_NOT_KNOWN)
		allow(q, &fstat_mode, GIVES_TWO(mode_bits(b->mode), b->owner));
}

void
model_fchmod(struct question *q)
{
	const struct description *d = open_description(q);

	if (d == NULL || !has_modes(q, q->before->backings[d->backing].kind))
		return;
	if (!may_change(q, d->backing))
		allow(q, &fchmod_not_owner, FAILS(EPERM));
	else
		allow(q, &fchmod_sets, SUCCEEDS)->backings[d->backing].mode = (uint8_t)argument(q, MODE);
}

void
model_become(struct question *q)
{
	if (q->setting->can_become_other && process_before(q)->user == FIRST_USER)
		process_after(q, allow(q, &become_keeps, SUCCEEDS))->user = OTHER_USER;
}
