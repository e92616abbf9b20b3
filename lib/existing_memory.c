/* SPDX-License-Identifier: BSD-2-Clause */

#include "check.h"
#include "existing_memory.h"
#include "fault.h"
#include "file.h"
#include "platform.h"
#include "process.h"

struct existing_memory
existing_memory_create(enum existing_kind kind, size_t size)
{
	struct existing_memory m = { .kind = kind, .memory = { .size = size, .fd = -1, .id = -1 } };

	if (kind == FILE_PRIVATE)
		m.memory.fd = nameless_file(size);
	else if (kind == FILE_SHARED)
		m.memory = memory_create(file_memory, size);
	else if (kind == OBJECT)
		m.memory = memory_create(object_memory, size);
	else if (kind == MEMFD)
		m.memory = memory_create(memfd_memory, size);
	else if (kind == SEGMENT)
		m.memory = memory_create(segment_memory, size);
	return m;
}

bool
existing_is_shared(enum existing_kind kind)
{
	return kind != ANONYMOUS_PRIVATE && kind != NO_ACCESS && kind != FILE_PRIVATE;
}

void
existing_memory_place(struct existing_memory *m, char *at)
{
	int reservation = MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS;
	int flags = MAP_FIXED | (existing_is_shared(m->kind) ? MAP_SHARED : MAP_PRIVATE) |
	    (m->memory.fd == -1 ? MAP_ANONYMOUS : 0);
	size_t size = m->memory.size;

	if (m->kind == SEGMENT) {
		REQUIRE(shmat(m->memory.id, at, 0) == at);
	} else {
		REQUIRE(mmap(at, size, PROT_NONE, reservation, -1, 0) == at);
		REQUIRE(mmap(at, size, PROT_READ | PROT_WRITE, flags, m->memory.fd, 0) == at);
	}
	m->at = at;
	pattern_store(EXISTING, at, size);
	if (m->kind == NO_ACCESS)
		REQUIRE(mprotect(at, size, PROT_NONE) == 0);
}

struct existing_memory
existing_memory_with_room(enum existing_kind kind, size_t units, char **range)
{
	struct existing_memory m = existing_memory_create(kind, units * attach_multiple());

	*range = free_range(ROOM_UNITS * attach_multiple());
	existing_memory_place(&m, *range + attach_multiple());
	return m;
}

static bool
is_closed(const char *file, int line, const char *text, const struct existing_memory *m, size_t from, size_t to)
{
	for (size_t at = from; at < to; at += page_size())
		if (!check_condition(file, line, text, load_is_refused(m->at + at)))
			return false;
	return true;
}

bool
check_stays(const char *file, int line, const struct existing_memory *m, size_t from, size_t to)
{
	const bool opens = m->kind == NO_ACCESS;
	char *at = m->at + from;

	if (from == to)
		return true;
	if (opens && !is_closed(file, line, "no access to the existing memory", m, from, to))
		return false;
	REQUIRE(!opens || mprotect(at, to - from, PROT_READ | PROT_WRITE) == 0);
	bool stays = check_pattern(file, line, "the existing memory", EXISTING, from, at, to - from);
	REQUIRE(!opens || mprotect(at, to - from, PROT_NONE) == 0);
	return stays;
}

void
check_shown_elsewhere(const char *file, int line, const struct existing_memory *m)
{
	if (m->memory.start != NULL)
		check_pattern(file, line, "what the existing memory shows, at its other address", EXISTING, 0,
		    m->memory.start, m->memory.size);
}

struct existing_memory
existing_memory_moved(const struct existing_memory *m, size_t offset, char *now)
{
	struct existing_memory there = *m;

	REQUIRE(now != MAP_FAILED);
	there.at = now - offset;
	return there;
}

void
check_grown(const char *file, int line, const struct existing_memory *m, size_t from, size_t to)
{
	if (existing_is_shared(m->kind))
		check_stays(file, line, m, from, to);
	else if (m->kind != NO_ACCESS)
		check_bytes(file, line, "what was added", 0, m->at + from, to - from);
	else
		is_closed(file, line, "no access to what was added", m, from, to);
}

static void
store_pattern(void *memory)
{
	const struct existing_memory *m = memory;

	pattern_store('c', m->at, m->memory.size);
}

void
check_shared_as_before(const char *file, int line, struct existing_memory *m)
{
	size_t size = m->memory.size;

	if (m->kind == NO_ACCESS)
		return;
	in_child(store_pattern, m);
	check_pattern(file, line, "the memory after a child's stores", existing_is_shared(m->kind) ? 'c' : EXISTING, 0,
	    m->at, size);
	if (m->memory.start != NULL)
		check_pattern(file, line, "its other address after a child's stores", 'c', 0, m->memory.start, size);
	if (m->kind == FILE_PRIVATE)
		check_bytes(file, line, "the file", 0, map_shared(m->memory.fd, size), size);
}
