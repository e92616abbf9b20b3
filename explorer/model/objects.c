/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Shared memory objects and regular files: their names, and who opens them. What is promised of both is said once. An object
 * without a name is one, too.
 */

#include <errno.h>

#include "model.h"

RULE(open_absent, "Without O_CREAT a name that nothing has is refused", "POSIX.1-2017 shm_open(), open() ERRORS");
RULE(open_exclusive, "With O_CREAT and O_EXCL a name that is taken is refused",
    "POSIX.1-2017 shm_open(), open() ERRORS");
RULE(open_refused, "A name is not opened for what the mode does not let the user do",
    "POSIX.1-2017 shm_open(), open() ERRORS");
RULE(open_creates, "With O_CREAT a name that nothing has gets a new object or file of size 0",
    "POSIX.1-2017 shm_open(), open() DESCRIPTION");
RULE(open_finds, "A name gives a descriptor of what has the name, with the lowest number that is free",
    "POSIX.1-2017 shm_open(), open() DESCRIPTION");
RULE(open_truncates, "With O_RDWR and O_TRUNC the size becomes 0", "POSIX.1-2017 shm_open(), open() DESCRIPTION");
RULE(open_truncates_once, "O_TRUNC of an object that has a size is refused", "macOS bsd/kern/posix_shm.c shm_open()");
RULE(memfd_creates, "memfd_create() gives a descriptor of a new object of size 0 that has no name",
    "Linux memfd_create(2)");
RULE(unlink_absent, "A name that nothing has cannot be removed", "POSIX.1-2017 shm_unlink(), unlink() ERRORS");
RULE(unlink_refused, "Another user than the owner does not remove the name of an object, unless the mode lets it write",
    "POSIX.1-2017 shm_unlink() ERRORS");
RULE(unlink_read_only, "Whether the owner of an object that it may not write can remove the name is open",
    "POSIX.1-2017 shm_unlink() ERRORS, FreeBSD shm_open(2)");
RULE(unlink_removes, "The name is removed, and what had it stays while a descriptor or a mapping refers to it",
    "POSIX.1-2017 shm_unlink(), unlink() DESCRIPTION");

/* Whether exec closes the descriptor: always that of an object, and that of a file with O_CLOEXEC. */
static bool
closes_on_exec(const struct question *q)
{
	return q->operation->kind == SHM_OPEN || argument(q, ON_EXEC) == CLOSED_ON_EXEC;
}

static struct description *
take_descriptor(struct question *q, struct world *after, int number, uint8_t backing)
{
	struct descriptor *d = &process_after(q, after)->descriptors[number];

	d->description = description_create(after, backing);
	d->closes_on_exec = closes_on_exec(q);
	return &after->descriptions[d->description];
}

static void
take_opened(struct question *q, struct world *after, int number, uint8_t backing)
{
	struct description *d = take_descriptor(q, after, number, backing);

	d->can_write = argument(q, OPENS) != OPENS_TO_READ;
	d->appends = argument(q, OPENS) == OPENS_TO_APPEND;
}

/*
 * The mode is that of what is created. Some systems refuse O_CREAT of what another user has made, Linux proc(5)
 * fs.protected_regular, and another user can make files only where the directory lets it.
 */
static bool
is_asked(const struct question *q, enum backing_kind kind, uint8_t named, bool creates)
{
	const uint8_t user = process_before(q)->user;

	if (argument(q, MODE) != MODE_0600 && (!creates || named != 0 || !has_modes(q, kind)))
		return false;
	if (named != 0)
		return !creates || q->before->backings[named].owner == user;
	return !creates || kind == OBJECT || user == FIRST_USER;
}

static void
open_name(struct question *q, enum backing_kind kind, const uint8_t *names, size_t offset_of_names)
{
	const enum opens flags = argument(q, OPENS);
	const bool creates = flags == OPENS_NEW || flags == OPENS_EXCLUSIVELY || flags == OPENS_TO_APPEND;
	const unsigned name = argument(q, NAME);
	const int number = free_descriptor(process_before(q));
	struct world *after;

	if (!is_asked(q, kind, names[name], creates))
		return;
	if (number == -1 || (names[name] == 0 && creates && !has_room_for_backing(q->before)))
		return;
	if (names[name] == 0 && !creates) {
		allow(q, &open_absent, FAILS(ENOENT));
	} else if (names[name] == 0) {
		after = allow(q, &open_creates, GIVES(number));
		((uint8_t *)after)[offset_of_names + name] = backing_create(after, kind, 0);
		after->backings[((uint8_t *)after)[offset_of_names + name]].mode =
		    (uint8_t)mode_behind_mask(argument(q, MODE));
		after->backings[((uint8_t *)after)[offset_of_names + name]].owner = process_before(q)->user;
		take_opened(q, after, number, ((uint8_t *)after)[offset_of_names + name]);
	} else if (flags == OPENS_EXCLUSIVELY) {
		allow(q, &open_exclusive, FAILS(EEXIST));
	} else if (!may_use(q, names[name], flags != OPENS_TO_READ)) {
		allow(q, &open_refused, FAILS(EACCES));
	} else if (kind == OBJECT && flags == OPENS_TRUNCATED && q->setting->objects_are_sized_once) {
		if (q->before->backings[names[name]].size > 0)
			allow(q, &open_truncates_once, FAILS(EINVAL));
	} else {
		after = allow(q, flags == OPENS_TRUNCATED ? &open_truncates : &open_finds, GIVES(number));
		if (flags == OPENS_TRUNCATED)
			backing_resize(after, q->setting, names[name], 0);
		take_opened(q, after, number, names[name]);
	}
}

/* Whether the user may search the directory of files. */
static bool
reaches_files(const struct question *q)
{
	return process_before(q)->user == FIRST_USER || q->setting->other_reaches_files;
}

/* What O_APPEND does with an object is not defined. */
void
model_shm_open(struct question *q)
{
	if (argument(q, OPENS) != OPENS_TO_APPEND)
		open_name(q, OBJECT, q->before->objects, offsetof(struct world, objects));
}

void
model_open(struct question *q)
{
	if (reaches_files(q))
		open_name(q, REGULAR_FILE, q->before->files, offsetof(struct world, files));
}

/* Its mode is said nowhere. */
void
model_memfd_create(struct question *q)
{
	const int number = free_descriptor(process_before(q));
	struct world *after;
	uint8_t object;

	if (number == -1 || !has_room_for_backing(q->before))
		return;
	after = allow(q, &memfd_creates, GIVES(number));
	object = backing_create(after, OBJECT, 0);
	after->backings[object].mode = MODE_NOT_KNOWN;
	after->backings[object].owner = process_before(q)->user;
	take_descriptor(q, after, number, object)->can_write = true;
}

void
model_shm_unlink(struct question *q)
{
	const unsigned name = argument(q, NAME);
	const uint8_t object = q->before->objects[name];
	bool may_write;

	if (object == 0) {
		allow(q, &unlink_absent, FAILS(ENOENT));
		return;
	}
	may_write = (rights_by_mode(q, object) & RIGHT_TO_WRITE) != 0;
	if (!may_change(q, object))
		allow(q, &unlink_refused, FAILS(q->setting->error_of_foreign_unlink));
	else if (!may_write)
		allow(q, &unlink_read_only, FAILS(EACCES));
	if (may_change(q, object) || may_write)
		allow(q, &unlink_removes, SUCCEEDS)->objects[name] = 0;
}

void
model_unlink(struct question *q)
{
	const unsigned name = argument(q, NAME);

	/* Whether another user may remove a file is up to the directory. */
	if (process_before(q)->user != FIRST_USER)
		return;
	if (q->before->files[name] == 0)
		allow(q, &unlink_absent, FAILS(ENOENT));
	else
		allow(q, &unlink_removes, SUCCEEDS)->files[name] = 0;
}

static void
find(struct question *q, uint8_t backing)
{
	if (backing == 0)
		allow(q, &open_absent, FAILS(ENOENT));
	else
		model_tell_size(q, backing);
}

void
model_find_object(struct question *q)
{
	const uint8_t object = q->before->objects[argument(q, NAME)];

	if (object != 0 && !may_use(q, object, false))
		allow(q, &open_refused, FAILS(EACCES));
	else
		find(q, object);
}

void
model_find_file(struct question *q)
{
	if (reaches_files(q))
		find(q, q->before->files[argument(q, NAME)]);
}

void
model_peek_object(struct question *q)
{
	const uint8_t object = q->before->objects[argument(q, NAME)];

	if (object != 0 && may_use(q, object, false))
		model_peek(q, object);
}

void
model_peek_file(struct question *q)
{
	const uint8_t file = q->before->files[argument(q, NAME)];

	if (file != 0 && reaches_files(q) && may_use(q, file, false))
		model_peek(q, file);
}
