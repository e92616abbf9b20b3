/* SPDX-License-Identifier: BSD-2-Clause */

/* Cases that check their sentence for each kind of memory, as processes share it or as each has its own. */

#ifndef SHMCHECK_MEMORY_CASES_H
#define SHMCHECK_MEMORY_CASES_H

#include "case.h"
#include "mapping.h"
#include "object.h"
#include "segment.h"

/*
 * One sentence for each kind of memory: the cases name__anonymous, name__file, name__object and name__segment have the same
 * body, which sees "kind". CASE_FOR_EACH_MAPPING leaves out segments, for calls that are undefined for attachments.
 *
 *	CASE_FOR_EACH_MEMORY(shared_across_fork, SHALL, "...", "POSIX.1-2017 fork() DESCRIPTION")
 *	{
 *		struct memory m = memory_create(kind, 2 * page_size());
 */
#define CASE_FOR_EACH_MEMORY(name, level, sentence, ...) \
	CASE_FOR_ONE_MEMORY(name, segment, segment_memory, level, sentence, NEEDS_SEGMENTS, __VA_ARGS__) \
	CASE_FOR_EACH_MAPPING(name, level, sentence, __VA_ARGS__)

#define CASE_FOR_EACH_MAPPING(name, level, sentence, ...) \
	CASE_FOR_ONE_MEMORY(name, anonymous, anonymous_memory, level, sentence, __VA_ARGS__) \
	CASE_FOR_ONE_MEMORY(name, file, file_memory, level, sentence, __VA_ARGS__) \
	CASE_FOR_ONE_MEMORY(name, object, object_memory, level, sentence, NEEDS_OBJECTS, __VA_ARGS__) \
	static void name##_of_kind(memory_kind *kind)

/* The same for memory that is mapped private: name__private_anonymous, name__private_file and name__private_object. */
#define CASE_FOR_EACH_PRIVATE_MEMORY(name, level, sentence, ...) \
	CASE_FOR_ONE_MEMORY(name, private_anonymous, private_anonymous_memory, level, sentence, __VA_ARGS__) \
	CASE_FOR_ONE_MEMORY(name, private_file, private_file_memory, level, sentence, __VA_ARGS__) \
	CASE_FOR_ONE_MEMORY(name, private_object, private_object_memory, level, sentence, NEEDS_OBJECTS, __VA_ARGS__) \
	static void name##_of_kind(memory_kind *kind)

#define CASE_FOR_ONE_MEMORY(name, variant, memory, level, sentence, ...) \
	static void name##_of_kind(memory_kind *kind); \
	CASE(name##__##variant, level, sentence, __VA_ARGS__) \
	{ \
		name##_of_kind(memory); \
	}

#endif
