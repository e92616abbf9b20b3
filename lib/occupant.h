/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What may be where a segment is to be attached: memory of every kind, full of a pattern. It is made first and placed
 * then, so that nothing that making it needs takes the addresses of a free_range().
 */

#ifndef SHMCHECK_OCCUPANT_H
#define SHMCHECK_OCCUPANT_H

#include <stddef.h>

#include "case.h"
#include "mapping.h"

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
	struct memory memory; /* what it shows; at memory.start too, but for private and anonymous ones */
	char *at;
};

enum { OCCUPANT = 'o' }; /* the seed of its pattern */

/* Memory of that kind and size in bytes, still without a place. Ends the case as failed if the system gives none. */
struct occupant occupant_create(enum occupant_kind, size_t size);

/* Map or attach it at exactly this address, and fill it with its pattern. Ends the case as failed if that does not work. */
void occupant_place(struct occupant *, char *at);

/* Its pages from this byte to that one are in their place as they were stored. */
#define CHECK_OCCUPANT_PART(o, from, to) check_occupant(__FILE__, __LINE__, o, from, to)
#define CHECK_OCCUPANT(o)                CHECK_OCCUPANT_PART(o, 0, (o)->memory.size)

void check_occupant(const char *file, int line, const struct occupant *, size_t from, size_t to);

/* All of what it shows is as it was stored, at its other address. */
#define CHECK_BEHIND_OCCUPANT(o) check_behind_occupant(__FILE__, __LINE__, o)

void check_behind_occupant(const char *file, int line, const struct occupant *);

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
