/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What may be where a segment is to be attached: memory of every kind, full of a pattern. It is made first and placed
 * then, so that nothing that making it needs takes the addresses of a free_range().
 */

#ifndef SHMCHECK_OCCUPANT_H
#define SHMCHECK_OCCUPANT_H

#include "case.h"
#include "fault.h"
#include "file.h"
#include "mapping.h"
#include "segment.h"

enum occupant_kind {
	ANONYMOUS_PRIVATE,
	ANONYMOUS_SHARED,
	NO_ACCESS, /* anonymous, by PROT_NONE */
	FILE_PRIVATE,
	FILE_SHARED,
	OBJECT,
	SEGMENT,
	OCCUPANT_KINDS
};

struct occupant {
	enum occupant_kind kind;
	struct memory
	    memory; /* what it shows; memory.start, not for private and anonymous ones: at another address too */
	char *at;
};

enum { OCCUPANT = 'o' }; /* the seed of its pattern */

static inline struct occupant
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

static inline void
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

/* Its pages from this byte to that one are in their place as they were stored. */
#define CHECK_OCCUPANT_PART(o, from, to) check_occupant(__FILE__, __LINE__, o, from, to)
#define CHECK_OCCUPANT(o)                CHECK_OCCUPANT_PART(o, 0, (o)->memory.size)

static inline void
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

/* All of what it shows is as it was stored, at its other address. */
#define CHECK_BEHIND_OCCUPANT(o) check_behind_occupant(__FILE__, __LINE__, o)

static inline void
check_behind_occupant(const char *file, int line, const struct occupant *o)
{
	if (o->memory.start != NULL)
		check_pattern(file, line, "what it was of", OCCUPANT, 0, o->memory.start, o->memory.size);
}

/* One sentence for each kind: cases name__anonymous_private and so on, whose body sees "kind". */
#define CASE_FOR_EACH_OCCUPANT(name, level, sentence, ...) \
	static void name##_by(enum occupant_kind kind); \
	CASE_FOR_OCCUPANT(name, anonymous_private, ANONYMOUS_PRIVATE, level, sentence, __VA_ARGS__) \
	CASE_FOR_OCCUPANT(name, anonymous_shared, ANONYMOUS_SHARED, level, sentence, __VA_ARGS__) \
	CASE_FOR_OCCUPANT(name, no_access, NO_ACCESS, level, sentence, __VA_ARGS__) \
	CASE_FOR_OCCUPANT(name, file_private, FILE_PRIVATE, level, sentence, __VA_ARGS__) \
	CASE_FOR_OCCUPANT(name, file_shared, FILE_SHARED, level, sentence, __VA_ARGS__) \
	CASE_FOR_OCCUPANT(name, object, OBJECT, level, sentence, __VA_ARGS__) \
	CASE_FOR_OCCUPANT(name, segment, SEGMENT, level, sentence, __VA_ARGS__) \
	static void name##_by(enum occupant_kind kind)

#define CASE_FOR_OCCUPANT(name, variant, which, level, sentence, ...) \
	CASE(name##__##variant, level, sentence, __VA_ARGS__) \
	{ \
		name##_by(which); \
	}

#endif
