/* SPDX-License-Identifier: BSD-2-Clause */

#include "check.h"
#include "fault.h"
#include "file.h"
#include "occupant.h"
#include "platform.h"

struct occupant
occupant_create(enum occupant_kind kind, size_t size)
{
	struct occupant o = { .kind = kind, .memory = { .size = size, .fd = -1, .id = -1 } };

	if (kind == FILE_PRIVATE)
		o.memory.fd = nameless_file(size);
	else if (kind == FILE_SHARED)
		o.memory = memory_create(file_memory, size);
	else if (kind == OBJECT)
		o.memory = memory_create(object_memory, size);
	else if (kind == SEGMENT)
		o.memory = memory_create(segment_memory, size);
	return o;
}

void
occupant_place(struct occupant *o, char *at)
{
	bool is_private = o->kind == ANONYMOUS_PRIVATE || o->kind == NO_ACCESS || o->kind == FILE_PRIVATE;
	int reservation = MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS;
	int flags = MAP_FIXED | (is_private ? MAP_PRIVATE : MAP_SHARED) | (o->memory.fd == -1 ? MAP_ANONYMOUS : 0);
	size_t size = o->memory.size;

	if (o->kind == SEGMENT)
		REQUIRE(shmat(o->memory.id, at, 0) == at);
	else
		REQUIRE(mmap(at, size, PROT_NONE, reservation, -1, 0) == at &&
		    mmap(at, size, PROT_READ | PROT_WRITE, flags, o->memory.fd, 0) == at);
	o->at = at;
	pattern_store(OCCUPANT, at, size);
	if (o->kind == NO_ACCESS)
		REQUIRE(mprotect(at, size, PROT_NONE) == 0);
}

void
check_occupant(const char *file, int line, const struct occupant *o, size_t from, size_t to)
{
	bool is_closed = o->kind == NO_ACCESS;

	for (size_t at = from; at < to; at += page_size()) {
		if (is_closed)
			check_condition(file, line, "no access to what was there", load_is_refused(o->at + at));
		REQUIRE(!is_closed || mprotect(o->at + at, page_size(), PROT_READ | PROT_WRITE) == 0);
		check_pattern(file, line, "what was there", OCCUPANT, at, o->at + at, page_size());
		REQUIRE(!is_closed || mprotect(o->at + at, page_size(), PROT_NONE) == 0);
	}
}

void
check_behind_occupant(const char *file, int line, const struct occupant *o)
{
	if (o->memory.start != NULL)
		check_pattern(file, line, "what it was of", OCCUPANT, 0, o->memory.start, o->memory.size);
}
