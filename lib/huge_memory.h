/* SPDX-License-Identifier: BSD-2-Clause */

/* Memory of huge pages, mapped for reading and writing, and cases that check their sentence for each kind of it. */

#ifndef SHMCHECK_HUGE_MEMORY_H
#define SHMCHECK_HUGE_MEMORY_H

#include <stddef.h>

#include "huge_pages.h"
#include "mapping.h"
#include "memfd.h"

/*
 * New memory of this size, which is a multiple of huge_page_size(): anonymous, or an object of memfd_create(), mapped shared
 * or private. The case NEEDS_HUGE_PAGES. It is skipped where this process may not have them, or another took them meanwhile.
 */
memory_kind huge_anonymous_memory;
memory_kind private_huge_anonymous_memory;
memory_kind huge_memfd_memory;
memory_kind private_huge_memfd_memory;

/* A descriptor of a new object of huge pages, of this size, of which no page is taken yet. NEEDS_MEMFD. */
int huge_memfd(size_t size);

/* mmap() with MAP_FIXED, if an address is given, of an object or, with -1, anonymous. Ends the case as the kinds do. */
char *map_huge(char *at, size_t size, int sharing, int fd, off_t offset);

/*
 * One sentence for each kind: the cases name__anonymous, name__private_anonymous, name__memfd and name__private_memfd have the
 * same body, which sees "kind".
 */
#define CASE_FOR_EACH_HUGE_MEMORY(name, level, sentence, ...) \
	CASE_FOR_HUGE_MEMORY(name, anonymous, huge_anonymous_memory, level, sentence, __VA_ARGS__) \
	CASE_FOR_HUGE_MEMORY(name, private_anonymous, private_huge_anonymous_memory, level, sentence, __VA_ARGS__) \
	CASE_FOR_HUGE_MEMORY(name, memfd, huge_memfd_memory, level, sentence, NEEDS_MEMFD, __VA_ARGS__) \
	CASE_FOR_HUGE_MEMORY( \
	    name, private_memfd, private_huge_memfd_memory, level, sentence, NEEDS_MEMFD, __VA_ARGS__) \
	static void name##_of_kind(memory_kind *kind)

#define CASE_FOR_HUGE_MEMORY(name, variant, memory, level, sentence, ...) \
	static void name##_of_kind(memory_kind *kind); \
	CASE(name##__##variant, level, sentence, __VA_ARGS__) \
	{ \
		name##_of_kind(memory); \
	}

#endif
