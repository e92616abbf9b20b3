/* SPDX-License-Identifier: BSD-2-Clause */

/* Shared memory objects and regular files: their names, and who opens them. What is promised of both is said once. */

#include <errno.h>

#include "model.h"

RULE(open_absent, "Without O_CREAT a name that nothing has is refused", "POSIX.1-2017 shm_open(), open() ERRORS");
RULE(open_exclusive, "With O_CREAT and O_EXCL a name that is taken is refused",
    "POSIX.1-2017 shm_open(), open() ERRORS");
RULE(open_creates, "With O_CREAT a name that nothing has gets a new object or file of size 0",
    "POSIX.1-2017 shm_open(), open() DESCRIPTION");
RULE(open_finds, "A name gives a descriptor of what has the name", "POSIX.1-2017 shm_open(), open() DESCRIPTION");
RULE(open_truncates, "With O_RDWR and O_TRUNC the size becomes 0", "POSIX.1-2017 shm_open(), open() DESCRIPTION");
RULE(open_truncates_once, "O_TRUNC of an object that has a size is refused", "macOS bsd/kern/posix_shm.c shm_open()");
RULE(unlink_absent, "A name that nothing has cannot be removed", "POSIX.1-2017 shm_unlink(), unlink() ERRORS");
RULE(unlink_removes, "The name is removed, and what had it stays while a descriptor or a mapping refers to it",
    "POSIX.1-2017 shm_unlink(), unlink() DESCRIPTION");

/* Whether exec closes the descriptor: always that of an object, and that of a file with O_CLOEXEC. */
static bool
closes_on_exec(const struct question *q)
{
	return q->operation->kind == SHM_OPEN || argument(q, ON_EXEC) == CLOSED_ON_EXEC;
}

static void
take_descriptor(struct question *q, struct world *after, int number, uint8_t backing)
{
	struct descriptor *d = &process_after(q, after)->descriptors[number];

	d->description = description_create(after, backing);
	d->closes_on_exec = closes_on_exec(q);
	after->descriptions[d->description].can_write = argument(q, OPENS) != OPENS_TO_READ;
	after->descriptions[d->description].appends = argument(q, OPENS) == OPENS_TO_APPEND;
}

static void
open_name(struct question *q, enum backing_kind kind, const uint8_t *names, size_t offset_of_names)
{
	const enum opens flags = argument(q, OPENS);
	const bool creates = flags == OPENS_NEW || flags == OPENS_EXCLUSIVELY || flags == OPENS_TO_APPEND;
	const unsigned name = argument(q, NAME);
	const int number = free_descriptor(process_before(q));
	struct world *after;

	if (number == -1 || (names[name] == 0 && creates && !has_room_for_backing(q->before)))
		return;
	if (names[name] == 0 && !creates) {
		allow(q, &open_absent, FAILS(ENOENT));
	} else if (names[name] == 0) {
		after = allow(q, &open_creates, GIVES(number));
		((uint8_t *)after)[offset_of_names + name] = backing_create(after, kind, 0);
		take_descriptor(q, after, number, ((uint8_t *)after)[offset_of_names + name]);
	} else if (flags == OPENS_EXCLUSIVELY) {
		allow(q, &open_exclusive, FAILS(EEXIST));
	} else if (kind == OBJECT && flags == OPENS_TRUNCATED && q->setting->objects_are_sized_once) {
		if (q->before->backings[names[name]].size > 0)
			allow(q, &open_truncates_once, FAILS(EINVAL));
	} else {
		after = allow(q, flags == OPENS_TRUNCATED ? &open_truncates : &open_finds, GIVES(number));
		if (flags == OPENS_TRUNCATED)
			backing_resize(after, q->setting, names[name], 0);
		take_descriptor(q, after, number, names[name]);
	}
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
	open_name(q, REGULAR_FILE, q->before->files, offsetof(struct world, files));
}

void
model_shm_unlink(struct question *q)
{
	const unsigned name = argument(q, NAME);

	if (q->before->objects[name] == 0)
		allow(q, &unlink_absent, FAILS(ENOENT));
	else
		allow(q, &unlink_removes, SUCCEEDS)->objects[name] = 0;
}

void
model_unlink(struct question *q)
{
	const unsigned name = argument(q, NAME);

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
	find(q, q->before->objects[argument(q, NAME)]);
}

void
model_find_file(struct question *q)
{
	find(q, q->before->files[argument(q, NAME)]);
}

void
model_peek_object(struct question *q)
{
	model_peek(q, q->before->objects[argument(q, NAME)]);
}

void
model_peek_file(struct question *q)
{
	model_peek(q, q->before->files[argument(q, NAME)]);
}
