/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Memory of each kind, filled with a pattern, that a call finds: where a segment is to be attached, or in the range that is to
 * be moved or unmapped. It is made first and placed later, so that nothing that is mapped for its making takes the addresses
 * of a free_range().
 */

#ifndef SHMCHECK_EXISTING_MEMORY_H
#define SHMCHECK_EXISTING_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include "case.h"
#include "mapping.h"
#include "memfd.h"
#include "object.h"
#include "segment.h"

enum existing_kind {
	ANONYMOUS_PRIVATE,
	ANONYMOUS_SHARED,
	NO_ACCESS, /* anonymous, by PROT_NONE */
	FILE_PRIVATE,
	FILE_SHARED,
	OBJECT,
	MEMFD,
	SEGMENT,
	EXISTING_KINDS
};

struct existing_memory {
	enum existing_kind kind;
	/* The file, object or segment that it shows, which is at memory.start too if that is not null. */
	struct memory memory;
	char *at;
};

enum { EXISTING = 'o' }; /* the seed of its pattern */

/* Memory of that kind and of this size in bytes, without a place. Ends the case as failed if the system gives none. */
struct existing_memory existing_memory_create(enum existing_kind, size_t size);

/* Map or attach it at exactly this address, and fill it with its pattern. Ends the case as failed if that does not work. */
void existing_memory_place(struct existing_memory *, char *at);

/*
 * The same of both: memory of this number of units of attach_multiple(), placed one unit behind the start of a free range of
 * ROOM_UNITS. Stores the start of that range.
 */
enum { ROOM_UNITS = 20 };
struct existing_memory existing_memory_with_room(enum existing_kind, size_t units, char **range);

/* A child shares it: what the child stores there shows. */
bool existing_is_shared(enum existing_kind);

/* Its pages from one offset to another, or all its pages, are in their place with their pattern. Tells whether they are. */
#define CHECK_STAYS_FROM_TO(m, from, to) check_stays(__FILE__, __LINE__, m, from, to)
#define CHECK_STAYS(m)                   CHECK_STAYS_FROM_TO(m, 0, (m)->memory.size)

bool check_stays(const char *file, int line, const struct existing_memory *, size_t from, size_t to);

/* The same memory when what was at this offset of it is here now. Ends the case as failed if this is MAP_FAILED. */
struct existing_memory existing_memory_moved(const struct existing_memory *, size_t offset, char *now);

/*
 * Its pages from one offset to another are there because a mapping has grown over them: of shared memory they have their
 * pattern, of private memory they are zero.
 */
#define CHECK_GROWN_FROM_TO(m, from, to) check_grown(__FILE__, __LINE__, m, from, to)

void check_grown(const char *file, int line, const struct existing_memory *, size_t from, size_t to);

/* What a child stores there shows here and at memory.start if the memory is shared, and nowhere if it is not. Changes it. */
#define CHECK_SHARED_AS_BEFORE(m) check_shared_as_before(__FILE__, __LINE__, m)

void check_shared_as_before(const char *file, int line, struct existing_memory *);

/* At memory.start is the whole pattern. Passes for memory that shows nothing there. */
#define CHECK_SHOWN_ELSEWHERE(m) check_shown_elsewhere(__FILE__, __LINE__, m)

void check_shown_elsewhere(const char *file, int line, const struct existing_memory *);

/* One sentence for each kind: cases name__anonymous_private and so on, whose body sees "kind". */
#define CASE_FOR_EACH_EXISTING_MEMORY(name, level, sentence, ...) \
	static void name##_by(enum existing_kind kind); \
	CASE_FOR_EXISTING_MEMORY(name, anonymous_private, ANONYMOUS_PRIVATE, level, sentence, __VA_ARGS__) \
	CASE_FOR_EXISTING_MEMORY(name, anonymous_shared, ANONYMOUS_SHARED, level, sentence, __VA_ARGS__) \
	CASE_FOR_EXISTING_MEMORY(name, no_access, NO_ACCESS, level, sentence, __VA_ARGS__) \
	CASE_FOR_EXISTING_MEMORY(name, file_private, FILE_PRIVATE, level, sentence, __VA_ARGS__) \
	CASE_FOR_EXISTING_MEMORY(name, file_shared, FILE_SHARED, level, sentence, __VA_ARGS__) \
	CASE_FOR_EXISTING_MEMORY(name, object, OBJECT, level, sentence, __VA_ARGS__, NEEDS_OBJECTS) \
	CASE_FOR_EXISTING_MEMORY(name, memfd, MEMFD, level, sentence, __VA_ARGS__, NEEDS_MEMFD) \
	CASE_FOR_EXISTING_MEMORY(name, segment, SEGMENT, level, sentence, __VA_ARGS__, NEEDS_SEGMENTS) \
	static void name##_by(enum existing_kind kind)

#define CASE_FOR_EXISTING_MEMORY(name, variant, which, level, sentence, ...) \
	CASE(name##__##variant, level, sentence, __VA_ARGS__) \
	{ \
		name##_by(which); \
	}

#endif
