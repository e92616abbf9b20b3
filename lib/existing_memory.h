/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Memory that exists where a segment is to be attached, of each kind, filled with a pattern. It is made first and placed
 * later, so that nothing that is mapped for its making takes the addresses of a free_range().
 */

#ifndef SHMCHECK_EXISTING_MEMORY_H
#define SHMCHECK_EXISTING_MEMORY_H

#include <stddef.h>

#include "case.h"
#include "mapping.h"
#include "object.h"

enum existing_kind {
	ANONYMOUS_PRIVATE,
	ANONYMOUS_SHARED,
	NO_ACCESS, /* anonymous, by PROT_NONE */
	FILE_PRIVATE,
	FILE_SHARED,
	OBJECT,
	SEGMENT,
	EXISTING_KINDS
};

struct existing_memory {
	enum existing_kind kind;
	struct memory
	    memory; /* the file, object or segment that it shows, which is at memory.start too if that is not null */
	char *at;
};

enum { EXISTING = 'o' }; /* the seed of its pattern */

/* Memory of that kind and of this size in bytes, without a place. Ends the case as failed if the system gives none. */
struct existing_memory existing_memory_create(enum existing_kind, size_t size);

/* Map or attach it at exactly this address, and fill it with its pattern. Ends the case as failed if that does not work. */
void existing_memory_place(struct existing_memory *, char *at);

/* Its pages from one offset to another are in their place with their pattern; all its pages. */
#define CHECK_STAYS_FROM_TO(m, from, to) check_stays(__FILE__, __LINE__, m, from, to)
#define CHECK_STAYS(m)                   CHECK_STAYS_FROM_TO(m, 0, (m)->memory.size)

void check_stays(const char *file, int line, const struct existing_memory *, size_t from, size_t to);

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
	CASE_FOR_EXISTING_MEMORY(name, segment, SEGMENT, level, sentence, __VA_ARGS__) \
	static void name##_by(enum existing_kind kind)

#define CASE_FOR_EXISTING_MEMORY(name, variant, which, level, sentence, ...) \
	CASE(name##__##variant, level, sentence, __VA_ARGS__) \
	{ \
		name##_by(which); \
	}

#endif
