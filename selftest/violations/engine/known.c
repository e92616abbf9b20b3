/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdio.h>
#include <stdlib.h>

#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>

#include "known.h"
#include "violation.h"

/* Without a heap, which would make mappings of its own. What is more is not known. */
enum { RANGES_MAX = 256, SEGMENTS_MAX = 256 };

static struct known_range ranges[RANGES_MAX];
static size_t range_count;
static struct known_segment segments[SEGMENTS_MAX];
static size_t segment_count;

static long first_process;

__attribute__((constructor)) static void
find_first_process(void)
{
	static const char name[] = "SHMCHECK_VIOLATION_PROCESS";
	const char *known = getenv(name);
	char number[24];

	if (known != NULL) {
		first_process = strtol(known, NULL, 10);
		return;
	}
	first_process = (long)getpid();
	snprintf(number, sizeof(number), "%ld", first_process);
	setenv(name, number, 1);
}

bool
is_first_process(void)
{
	return (long)getpid() == first_process;
}

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

struct known_segment *
known_segments(size_t *count)
{
	*count = segment_count;
	return segments;
}

struct known_segment *
known_segment(int id)
{
	for (size_t i = 0; i < segment_count; i++)
		if (segments[i].id == id)
			return &segments[i];
	return NULL;
}

struct known_segment *
known_segment_with_key(key_t key)
{
	for (size_t i = 0; i < segment_count; i++)
		if (segments[i].key == key && !segments[i].was_removed)
			return &segments[i];
	return NULL;
}

unsigned
known_attachments(int id)
{
	unsigned count = 0;

	for (size_t i = 0; i < range_count; i++)
		count += ranges[i].id == id;
	return count;
}

static size_t
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
	    .protection = c->flags & SHM_RDONLY ? PROT_READ : PROT_READ | PROT_WRITE,
	    .flags = c->flags,
	    .id = c->id,
	    .fd = -1 });
}

static void
learn_segment(const struct call *c)
{
	if (known_segment((int)c->result) != NULL || segment_count == SEGMENTS_MAX)
		return;
	if (c->key != IPC_PRIVATE && (c->flags & IPC_CREAT) == 0)
		return;
	segments[segment_count++] =
	    (struct known_segment){ .id = (int)c->result, .key = c->key, .size = c->length, .creator = getpid() };
}

static void
learn_detachment(const struct call *c)
{
	const struct known_range *range = known_range_at(c->address);

	if (range != NULL && range->id != -1)
		make_hole(range->start, range->length);
}

void
known_update(const struct call *c)
{
	if (c->error != 0)
		return;
	switch (c->interface) {
	case SHMGET:
		learn_segment(c);
		break;
	case SHMAT:
		learn_attachment(c);
		break;
	case SHMDT:
		learn_detachment(c);
		break;
	case SHMCTL:
		if (c->command == IPC_RMID && known_segment(c->id) != NULL)
			known_segment(c->id)->was_removed = true;
		break;
	case MMAP:
		make_hole((char *)c->result, c->length);
		add((struct known_range){ (char *)c->result, whole_pages(c->length), c->protection, c->flags, -1,
		    c->flags & MAP_ANON ? -1 : c->fd, c->offset, false });
		break;
	case MUNMAP:
		make_hole(c->address, c->length);
		break;
	case FORK:
		for (size_t i = 0; c->result == 0 && i < range_count; i++)
			ranges[i].is_inherited = true;
		break;
	default:
		break;
	}
}
