/* SPDX-License-Identifier: BSD-2-Clause */

/* What a process has mapped, as /proc/self/maps of Linux lists it. Nothing here allocates memory. */

#ifndef SHMCHECK_REGIONS_H
#define SHMCHECK_REGIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "need.h"

/* The system lists the regions of this process. */
#define NEEDS_LIST_OF_REGIONS NEED("/proc/self/maps", .ask = need_list_of_regions)

void need_list_of_regions(void);

/* One line of the list. */
struct region {
	uintptr_t start;
	uintptr_t end;
	char permissions[5]; /* "rw-p" */
	uintmax_t offset;
	uintmax_t inode; /* 0: there is none */
};

/* The region that has this address. Ends the case as failed if the list has none. */
struct region region_at(const volatile void *);

/* How many regions the process has, and how many pages of addresses the system counts for it. 0 where it tells of none. */
struct regions {
	size_t count;
	size_t pages; /* of /proc/self/statm */
};
struct regions regions_now(void);

/* All of the range is listed with these permissions: "rw-s". */
#define CHECK_LISTED(permissions, start, size) check_listed(__FILE__, __LINE__, #start, permissions, start, size)

bool check_listed(
    const char *file, int line, const char *text, const char *permissions, const char *start, size_t size);

#endif
