/* SPDX-License-Identifier: BSD-2-Clause */

/* Attachments and mappings. */

#include <sys/mman.h>
#include <sys/shm.h>

#include "known.h"
#include "known_parts.h"
#include "real.h"
#include "violation.h"

/* Without a heap, which would make mappings of its own. Those that do not fit are not known. */
enum { RANGES_MAX = 256 };

static struct known_range ranges[RANGES_MAX];
static size_t range_count;
static bool future_is_locked;

struct known_range *
known_ranges(size_t *count)
{
	*count = range_count;
	return ranges;
}

struct known_range *
known_range_at(const volatile void *address)
{
	for (size_t i = 0; i < range_count; i++)
		if ((uintptr_t)address - (uintptr_t)ranges[i].start < ranges[i].length)
			return &ranges[i];
	return NULL;
}

struct known_range *
known_alias(const struct known_range *range)
{
	for (size_t i = 0; i < range_count; i++)
		if (&ranges[i] != range && ranges[i].fd == range->fd && range->fd != -1)
			return &ranges[i];
	return NULL;
}

bool
has_known_range(bool (*is_of_kind)(const struct known_range *))
{
	for (size_t i = 0; i < range_count; i++)
		if (is_of_kind(&ranges[i]))
			return true;
	return false;
}

void
for_known_ranges(bool (*is_of_kind)(const struct known_range *), void (*effect)(const struct known_range *))
{
	for (size_t i = 0; i < range_count; i++)
		if (is_of_kind(&ranges[i]))
			effect(&ranges[i]);
}

bool
known_future_is_locked(void)
{
	return future_is_locked;
}

unsigned
known_attachments(int id)
{
	unsigned count = 0;

	for (size_t i = 0; i < range_count; i++)
		count += ranges[i].id == id && ranges[i].start == ranges[i].start_then;
	return count;
}

size_t
whole_pages(size_t length)
{
	return (length + page_size() - 1) / page_size() * page_size();
}

static void
add(struct known_range range)
{
	if (range_count < RANGES_MAX)
		ranges[range_count++] = range;
}

/* Let a range begin at this page, if there is one that has it. */
static void
split_at(char *page)
{
	struct known_range *lower = known_range_at(page);
	struct known_range upper;

	if (lower == NULL || lower->start == page || range_count == RANGES_MAX)
		return;
	upper = *lower;
	lower->length = (size_t)(page - lower->start);
	upper.start = page;
	upper.length -= lower->length;
	upper.offset += (off_t)lower->length;
	add(upper);
}

/* What a call on a part of memory changes there. */
static void
learn_change(const struct call *c)
{
	char *start = (char *)c->address - (uintptr_t)c->address % page_size();
	char *end = start + whole_pages((size_t)((char *)c->address - start) + c->length);

	split_at(start);
	split_at(end);
	for (size_t i = 0; i < range_count; i++) {
		if (ranges[i].start < start || ranges[i].start >= end)
			continue;
		if (c->interface == MPROTECT)
			ranges[i].protection = c->protection;
		else
			ranges[i].locks = c->interface == MUNLOCK ? 0 : ranges[i].locks + 1;
	}
}

/* What is left of each range beside a hole: nothing, one part or two. */
static void
make_hole(const char *start, size_t length)
{
	uintptr_t from = (uintptr_t)start;
	uintptr_t to = from + whole_pages(length);

	for (size_t i = range_count; i-- > 0;) {
		struct known_range whole = ranges[i];
		uintptr_t first = (uintptr_t)whole.start;
		uintptr_t last = first + whole.length;

		if (last <= from || to <= first)
			continue;
		ranges[i] = ranges[--range_count];
		if (first < from) {
			add(whole);
			ranges[range_count - 1].length = from - first;
		}
		if (to < last) {
			add(whole);
			ranges[range_count - 1].start = whole.start + (to - first);
			ranges[range_count - 1].length = last - to;
			ranges[range_count - 1].offset += (off_t)(to - first);
		}
	}
}

static void
learn_attachment(const struct call *c)
{
	struct shmid_ds status;
	struct call stat = { .interface = SHMCTL, .id = c->id, .command = IPC_STAT, .buffer = &status };
	struct known_segment *segment = known_segment(c->id);
	size_t size = segment == NULL ? 0 : segment->size;

	if (segment != NULL)
		segment->was_attached = true;
	else if (real_call(&stat) == 0)
		size = status.shm_segsz;
	make_hole((char *)c->result, size);
	add((struct known_range){ .start = (char *)c->result,
	    .length = whole_pages(size),
	    .start_then = (char *)c->result,
	    .length_then = whole_pages(size),
	    .protection = c->flags & SHM_RDONLY ? PROT_READ : PROT_READ | PROT_WRITE,
	    .protection_then = c->flags & SHM_RDONLY ? PROT_READ : PROT_READ | PROT_WRITE,
	    .flags = c->flags,
	    .id = c->id,
	    .fd = -1 });
}

static void
learn_detachment(const struct call *c)
{
	const struct known_range *range = known_range_at(c->address);

	if (range != NULL && range->id != -1)
		make_hole(range->start, range->length);
}

static void
learn_mapping(const struct call *c)
{
	make_hole((char *)c->result, c->length);
	add((struct known_range){ .start = (char *)c->result,
	    .length = whole_pages(c->length),
	    .start_then = (char *)c->result,
	    .length_then = whole_pages(c->length),
	    .protection = c->protection,
	    .protection_then = c->protection,
	    .flags = c->flags,
	    .id = -1,
	    .fd = c->flags & MAP_ANON ? -1 : c->fd,
	    .offset = c->offset });
}

static void
learn_move(const struct call *c)
{
	const struct known_range *old = known_range_at(c->address);
	struct known_range new = { .id = -1, .fd = -1 };

	if (old != NULL)
		new = *old;
	make_hole(c->address, c->length);
	make_hole((char *)c->result, c->new_length);
	new.offset += old == NULL ? 0 : (char *)c->address - new.start;
	new.start = new.start_then = (char *)c->result;
	new.length = new.length_then = whole_pages(c->new_length);
	add(new);
}

static void
forget_locks(void)
{
	future_is_locked = false;
	for (size_t i = 0; i < range_count; i++)
		ranges[i].locks = 0;
}

static void
learn_fork(bool is_child)
{
	future_is_locked &= !is_child;
	for (size_t i = 0; i < range_count; i++) {
		ranges[i].is_inherited |= is_child;
		ranges[i].has_heirs = !is_child;
		if (is_child)
			ranges[i].locks = 0;
	}
}

void
learn_memory(const struct call *c)
{
	switch (c->interface) {
	case SHMAT:
		learn_attachment(c);
		break;
	case SHMDT:
		learn_detachment(c);
		break;
	case MMAP:
		learn_mapping(c);
		break;
	case MUNMAP:
		make_hole(c->address, c->length);
		break;
	case MREMAP:
		learn_move(c);
		break;
	case MPROTECT:
	case MLOCK:
	case MLOCK2:
	case MUNLOCK:
		learn_change(c);
		break;
	case MLOCKALL:
		future_is_locked = (c->flags & MCL_FUTURE) != 0;
		break;
	case MUNLOCKALL:
		forget_locks();
		break;
	case FORK:
		learn_fork(c->result == 0);
		break;
	default:
		break;
	}
}
