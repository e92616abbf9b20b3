/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Memory of each kind that is larger than a large page of the hardware, 2 MiB on most machines: systems keep such memory in
 * other tables, and must divide these where one page changes.
 */

#ifndef SHMCHECK_LARGE_MEMORY_H
#define SHMCHECK_LARGE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include "existing_memory.h"

/* Bytes of it, at most: 3 MiB and three pages. */
size_t large_size(void);

/*
 * A free range of addresses for it, at a multiple of 2 MiB or, as a mapping may begin anywhere, two multiples of
 * attach_multiple() before one. Another multiple of 2 MiB behind it is free as well.
 */
char *large_range(bool aligned);

/*
 * Memory of this kind at such a place, each page touched. Linux is asked to put it into large pages; other systems do that on
 * their own where they can.
 */
struct existing_memory large_memory(enum existing_kind, bool aligned);

/* Pages in it that do not touch, by their offsets: the first, those about the end of its first 2 MiB, one inside, the last. */
enum { LARGE_PLACES = 5 };
size_t large_place(size_t number);

/* All pages but these are in their place with their pattern. Tells whether they are. */
#define CHECK_STAYS_BUT_PLACES(m) check_stays_but_places(__FILE__, __LINE__, m)

bool check_stays_but_places(const char *file, int line, const struct existing_memory *);

#endif
