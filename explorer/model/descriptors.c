/* SPDX-License-Identifier: BSD-2-Clause */

/* Descriptors of objects and files, and the open file descriptions behind them: sizes, offsets, read() and write(). */

#include <errno.h>

#include "model.h"

RULE(closed, "A descriptor that is not open is refused",
    "POSIX.1-2017 ftruncate(), fstat(), close(), read(), dup(), lseek(), fcntl() ERRORS");
RULE(ftruncate_reading_ebadf, "A descriptor that cannot write sets no size", "POSIX.1-2017 ftruncate() ERRORS");
RULE(ftruncate_reading_einval, "A descriptor that cannot write sets no size", "POSIX.1-2017 ftruncate() ERRORS");
RULE(ftruncate_sets, "The size is set; what is cut off is lost, and what is added is zero",
    "POSIX.1-2017 ftruncate() DESCRIPTION");
RULE(ftruncate_once, "An object gets a size once, by any descriptor, and in whole pages",
    "macOS bsd/kern/posix_shm.c pshm_truncate()");
RULE(ftruncate_again, "An object that has a size gets no other", "macOS bsd/kern/posix_shm.c pshm_truncate()");
RULE(fstat_tells, "fstat() tells the size", "POSIX.1-2017 fstat() DESCRIPTION");
RULE(close_closes, "The descriptor is closed, and mappings stay", "POSIX.1-2017 close(), mmap() DESCRIPTION");
RULE(dup_shares, "dup() gives a descriptor of the same open file description, which exec does not close",
    "POSIX.1-2017 dup() DESCRIPTION");
RULE(getfd_tells, "FD_CLOEXEC is as it was set last: shm_open() sets it, open() with O_CLOEXEC alone",
    "POSIX.1-2017 fcntl(), shm_open(), open() DESCRIPTION");
RULE(setfd_sets, "F_SETFD sets FD_CLOEXEC of this descriptor and of no other", "POSIX.1-2017 fcntl() DESCRIPTION");
RULE(lseek_sets, "lseek() sets the offset of the open file description, behind the end too",
    "POSIX.1-2017 lseek() DESCRIPTION");
RULE(lseek_tells,
    "The offset is 0 after open(); read(), write() and lseek() by any descriptor of the description move it, nothing "
    "else does",
    "POSIX.1-2017 open(), read(), write(), lseek(), dup(), fork() DESCRIPTION");
RULE(pread_end, "Behind the end there is nothing to read", "POSIX.1-2017 pread() DESCRIPTION");
RULE(pread_reads, "pread() gives what was stored or written last", "POSIX.1-2017 pread(), mmap() DESCRIPTION");
RULE(pwrite_reading, "A descriptor that cannot write is refused", "POSIX.1-2017 pwrite() ERRORS");
RULE(pwrite_writes, "pwrite() stores the byte, which mappings show, and extends the file up to it",
    "POSIX.1-2017 pwrite(), mmap() DESCRIPTION");
RULE(read_end, "At the end and behind it there is nothing to read, and the offset stays",
    "POSIX.1-2017 read() DESCRIPTION");
RULE(read_reads, "read() gives the byte at the offset, and moves the offset behind it",
    "POSIX.1-2017 read() DESCRIPTION");
RULE(write_reading, "A descriptor that cannot write is refused", "POSIX.1-2017 write() ERRORS");
RULE(write_writes, "write() stores the byte at the offset, with O_APPEND at the end, and moves the offset behind it",
    "POSIX.1-2017 write() DESCRIPTION");

int
free_descriptor(const struct process *p)
{
	for (int i = 0; i < DESCRIPTORS; i++)
		if (p->descriptors[i].description == 0)
			return i;
	return -1;
}

const struct description *
open_description(struct question *q)
{
	const struct description *d = description_of(q->before, process_before(q), argument(q, DESCRIPTOR));

	if (d == NULL)
		allow(q, &closed, FAILS(EBADF));
	return d;
}

static struct descriptor *
descriptor_after(struct question *q, struct world *after)
{
	return &process_after(q, after)->descriptors[argument(q, DESCRIPTOR)];
}

static struct description *
description_after(struct question *q, struct world *after)
{
	return &after->descriptions[descriptor_after(q, after)->description];
}

/* What a size of 0 does is not clear. */
static void
size_object_once(struct question *q, uint8_t object)
{
	const uint32_t page = q->setting->page;
	const uint32_t size = size_in_bytes(q->setting, argument(q, SIZE));

	if (q->before->backings[object].size != 0)
		allow(q, &ftruncate_again, FAILS(EINVAL));
	else if (size != 0)
		backing_resize(
		    allow(q, &ftruncate_once, SUCCEEDS), q->setting, object, (size + page - 1) / page * page);
}

void
model_ftruncate(struct question *q)
{
	const struct description *d = open_description(q);

	if (d == NULL)
		return;
	if (q->before->backings[d->backing].kind == OBJECT && q->setting->objects_are_sized_once) {
		size_object_once(q, d->backing);
		return;
	}
	if (!d->can_write) {
		allow(q, &ftruncate_reading_ebadf, FAILS(EBADF));
		allow(q, &ftruncate_reading_einval, FAILS(EINVAL));
		return;
	}
	backing_resize(
	    allow(q, &ftruncate_sets, SUCCEEDS), q->setting, d->backing, size_in_bytes(q->setting, argument(q, SIZE)));
}

void
model_tell_size(struct question *q, uint8_t backing)
{
	allow(q, &fstat_tells, GIVES(q->before->backings[backing].size));
}

void
model_fstat(struct question *q)
{
	const struct description *d = open_description(q);

	if (d != NULL)
		model_tell_size(q, d->backing);
}

void
model_close(struct question *q)
{
	if (open_description(q) != NULL)
		*descriptor_after(q, allow(q, &close_closes, SUCCEEDS)) = (struct descriptor){ 0 };
}

void
model_dup(struct question *q)
{
	const int number = free_descriptor(process_before(q));
	struct world *after;

	if (open_description(q) == NULL || number == -1)
		return;
	after = allow(q, &dup_shares, GIVES(number));
	process_after(q, after)->descriptors[number].description = descriptor_after(q, after)->description;
}

void
model_getfd(struct question *q)
{
	if (open_description(q) != NULL)
		allow(q, &getfd_tells, GIVES(process_before(q)->descriptors[argument(q, DESCRIPTOR)].closes_on_exec));
}

void
model_setfd(struct question *q)
{
	if (open_description(q) != NULL)
		descriptor_after(q, allow(q, &setfd_sets, SUCCEEDS))->closes_on_exec =
		    argument(q, ON_EXEC) == CLOSED_ON_EXEC;
}

/* Files have offsets. What lseek() does with objects is unspecified; where they are files of a file system it is the same. */
static bool
has_offset(const struct question *q, const struct description *d)
{
	return q->before->backings[d->backing].kind == REGULAR_FILE || q->setting->objects_have_offsets;
}

void
model_lseek(struct question *q)
{
	const struct description *d = open_description(q);
	const enum from_where where = argument(q, WHERE);
	const uint32_t offset = offset_of(q->setting, argument(q, FROM), argument(q, SPOT));
	const uint32_t bases[] = { 0, d == NULL ? 0 : d->offset, d == NULL ? 0 : q->before->backings[d->backing].size };
	struct world *after;

	if (d == NULL || !has_offset(q, d) || (where != FROM_START && offset != 0))
		return;
	after = allow(q, where == FROM_OFFSET ? &lseek_tells : &lseek_sets, GIVES(bases[where] + offset));
	description_after(q, after)->offset = bases[where] + offset;
}

/*
 * read() and write() of an object are not defined, and some systems do not see at once what mappings store. Where they are
 * defined and the object has no offset, write() does not make it longer.
 */
static bool
can_be_read(const struct question *q, const struct description *d)
{
	return q->setting->io_sees_mappings &&
	    (q->before->backings[d->backing].kind == REGULAR_FILE || q->setting->objects_can_be_read);
}

static bool
can_be_written(const struct question *q, const struct description *d, uint32_t offset)
{
	return can_be_read(q, d) && (offset < q->before->backings[d->backing].size || has_offset(q, d));
}

void
model_pread(struct question *q)
{
	const struct description *d = open_description(q);
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

/* A byte is written: the file is as long as that, if it was not. */
static void
write_byte(struct question *q, struct world *after, uint8_t backing, unsigned unit, unsigned spot)
{
	const uint32_t end = offset_of(q->setting, unit, spot) + 1;

	if (end > q->before->backings[backing].size)
		backing_resize(after, q->setting, backing, end);
	backing_store(after, q->setting, backing, unit, spot, argument(q, VALUE) + 1);
}

void
model_pwrite(struct question *q)
{
	const struct description *d = open_description(q);
	const unsigned unit = argument(q, FROM);
	const unsigned spot = argument(q, SPOT);

	/* With O_APPEND some systems write at the end all the same, Linux pwrite(2). */
	if (d == NULL || d->appends || !can_be_written(q, d, offset_of(q->setting, unit, spot)))
		return;
	if (!d->can_write)
		allow(q, &pwrite_reading, FAILS(EBADF));
	else
		write_byte(q, allow(q, &pwrite_writes, GIVES(1)), d->backing, unit, spot);
}

/* Which spot of a backing an offset is. Returns false if it is none. */
static bool
find_spot(const struct question *q, uint32_t offset, unsigned *unit, unsigned *spot)
{
	for (*unit = 0; *unit < UNITS; ++*unit)
		for (*spot = 0; *spot < SPOTS; ++*spot)
			if (offset_of(q->setting, *unit, *spot) == offset)
				return true;
	return false;
}

/* Between the spots there is nothing but zeros. */
void
model_read(struct question *q)
{
	const struct description *d = open_description(q);
	const struct backing *b;
	unsigned unit;
	unsigned spot;
	bool is_spot;

	if (d == NULL || !has_offset(q, d) || !can_be_read(q, d))
		return;
	b = &q->before->backings[d->backing];
	if (d->offset >= b->size) {
		allow(q, &read_end, GIVES_TWO(0, 0));
		return;
	}
	is_spot = find_spot(q, d->offset, &unit, &spot);
	for (unsigned value = 0; value < VALUES; value++) {
		struct world *after;

		if (((is_spot ? b->content[unit][spot] : ZERO) & 1U << value) == 0)
			continue;
		after = allow(q, &read_reads, GIVES_TWO(1, value));
		description_after(q, after)->offset++;
		if (is_spot)
			after->backings[d->backing].content[unit][spot] = (values)(1U << value);
	}
}

void
model_write(struct question *q)
{
	const struct description *d = open_description(q);
	uint32_t offset;
	unsigned unit;
	unsigned spot;
	struct world *after;

	if (d == NULL || !has_offset(q, d))
		return;
	offset = d->appends ? q->before->backings[d->backing].size : d->offset;
	if (!can_be_written(q, d, offset) || !find_spot(q, offset, &unit, &spot))
		return;
	if (!d->can_write) {
		allow(q, &write_reading, FAILS(EBADF));
		return;
	}
	after = allow(q, &write_writes, GIVES(1));
	description_after(q, after)->offset = offset + 1;
	write_byte(q, after, d->backing, unit, spot);
}
