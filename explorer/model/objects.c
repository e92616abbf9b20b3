/* SPDX-License-Identifier: BSD-2-Clause */

/* Shared memory objects and regular files: names, descriptors, sizes. What is promised of both is said once. */

#include <errno.h>

#include "model.h"

RULE(open_absent, "Without O_CREAT a name that nothing has is refused", "POSIX.1-2017 shm_open(), open() ERRORS");
RULE(open_exclusive, "With O_CREAT and O_EXCL a name that is taken is refused",
    "POSIX.1-2017 shm_open(), open() ERRORS");
RULE(open_creates, "With O_CREAT a name that nothing has gets a new object or file of size 0",
    "POSIX.1-2017 shm_open(), open() DESCRIPTION");
RULE(open_finds, "A name gives a descriptor of what has the name", "POSIX.1-2017 shm_open(), open() DESCRIPTION");
RULE(open_truncates, "With O_RDWR and O_TRUNC the size becomes 0", "POSIX.1-2017 shm_open(), open() DESCRIPTION");
RULE(unlink_absent, "A name that nothing has cannot be removed", "POSIX.1-2017 shm_unlink(), unlink() ERRORS");
RULE(unlink_removes, "The name is removed, and what had it stays while a descriptor or a mapping refers to it",
    "POSIX.1-2017 shm_unlink(), unlink() DESCRIPTION");
RULE(closed, "A descriptor that is not open is refused", "POSIX.1-2017 ftruncate(), fstat(), close(), read() ERRORS");
RULE(ftruncate_reading_ebadf, "A descriptor that cannot write sets no size", "POSIX.1-2017 ftruncate() ERRORS");
RULE(ftruncate_reading_einval, "A descriptor that cannot write sets no size", "POSIX.1-2017 ftruncate() ERRORS");
RULE(ftruncate_sets, "The size is set; what is cut off is lost, and what is added is zero",
    "POSIX.1-2017 ftruncate() DESCRIPTION");
RULE(fstat_tells, "fstat() tells the size", "POSIX.1-2017 fstat() DESCRIPTION");
RULE(close_closes, "The descriptor is closed, and mappings stay", "POSIX.1-2017 close(), mmap() DESCRIPTION");
RULE(pread_end, "Behind the end there is nothing to read", "POSIX.1-2017 pread() DESCRIPTION");
RULE(pread_reads, "pread() gives what was stored or written last", "POSIX.1-2017 pread(), mmap() DESCRIPTION");
RULE(pwrite_reading, "A descriptor that cannot write is refused", "POSIX.1-2017 pwrite() ERRORS");
RULE(pwrite_writes, "pwrite() stores the byte, which mappings show, and extends the file up to it",
    "POSIX.1-2017 pwrite(), mmap() DESCRIPTION");

/* The descriptor with the lowest number that is not open, or -1. */
static int
free_descriptor(const struct process *p)
{
	for (int i = 0; i < DESCRIPTORS; i++)
		if (p->descriptors[i].backing == 0)
			return i;
	return -1;
}

static void
take_descriptor(struct question *q, struct world *after, int number, uint8_t backing)
{
	struct descriptor *d = &process_after(q, after)->descriptors[number];

	d->backing = backing;
	d->can_write = argument(q, OPENS) != OPENS_TO_READ;
}

static void
open_name(struct question *q, enum backing_kind kind, const uint8_t *names, size_t offset_of_names)
{
	const enum opens flags = argument(q, OPENS);
	const bool creates = flags == OPENS_NEW || flags == OPENS_EXCLUSIVELY;
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
	} else {
		after = allow(q, flags == OPENS_TRUNCATED ? &open_truncates : &open_finds, GIVES(number));
		if (flags == OPENS_TRUNCATED)
			backing_resize(after, q->setting, names[name], 0);
		take_descriptor(q, after, number, names[name]);
	}
}

void
model_shm_open(struct question *q)
{
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
		allow(q, &fstat_tells, GIVES(q->before->backings[backing].size));
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

/* The descriptor that the operation names. If it is not open, that is refused, and null is returned. */
static const struct descriptor *
open_descriptor(struct question *q)
{
	const struct descriptor *d = &process_before(q)->descriptors[argument(q, DESCRIPTOR)];

	if (d->backing != 0)
		return d;
	allow(q, &closed, FAILS(EBADF));
	return NULL;
}

void
model_ftruncate(struct question *q)
{
	const struct descriptor *d = open_descriptor(q);

	if (d == NULL)
		return;
	if (!d->can_write) {
		allow(q, &ftruncate_reading_ebadf, FAILS(EBADF));
		allow(q, &ftruncate_reading_einval, FAILS(EINVAL));
		return;
	}
	backing_resize(
	    allow(q, &ftruncate_sets, SUCCEEDS), q->setting, d->backing, size_in_bytes(q->setting, argument(q, SIZE)));
}

void
model_fstat(struct question *q)
{
	const struct descriptor *d = open_descriptor(q);

	if (d != NULL)
		allow(q, &fstat_tells, GIVES(q->before->backings[d->backing].size));
}

void
model_close(struct question *q)
{
	const struct descriptor *d = open_descriptor(q);
	struct descriptor *after;

	if (d == NULL)
		return;
	after = &process_after(q, allow(q, &close_closes, SUCCEEDS))->descriptors[argument(q, DESCRIPTOR)];
	after->backing = 0;
	after->can_write = false;
}

/* read() and write() of an object are not defined, and some systems do not see at once what mappings store. */
static bool
can_be_read(const struct question *q, const struct descriptor *d)
{
	return q->before->backings[d->backing].kind == REGULAR_FILE && q->setting->io_sees_mappings;
}

void
model_pread(struct question *q)
{
	const struct descriptor *d = open_descriptor(q);
	const unsigned unit = argument(q, FROM);
	const unsigned spot = argument(q, SPOT);
	const struct backing *b;

	if (d == NULL || !can_be_read(q, d))
		return;
	b = &q->before->backings[d->backing];
	if (offset_of(q->setting, unit, spot) >= b->size) {
		allow(q, &pread_end, GIVES_TWO(0, 0));
		return;
	}
	for (unsigned value = 0; value < VALUES; value++)
		if (b->content[unit][spot] & 1U << value)
			allow(q, &pread_reads, GIVES_TWO(1, value))->backings[d->backing].content[unit][spot] =
			    (values)(1U << value);
}

void
model_pwrite(struct question *q)
{
	const struct descriptor *d = open_descriptor(q);
	const unsigned unit = argument(q, FROM);
	const unsigned spot = argument(q, SPOT);
	const uint32_t end = offset_of(q->setting, unit, spot) + 1;
	struct world *after;

	if (d == NULL || !can_be_read(q, d))
		return;
	if (!d->can_write) {
		allow(q, &pwrite_reading, FAILS(EBADF));
		return;
	}
	after = allow(q, &pwrite_writes, GIVES(1));
	if (end > q->before->backings[d->backing].size)
		backing_resize(after, q->setting, d->backing, end);
	backing_store(after, q->setting, d->backing, unit, spot, argument(q, VALUE) + 1);
}
