/* SPDX-License-Identifier: BSD-2-Clause */

/* As many mappings as a process may have. */

#ifndef SHMCHECK_MAPPING_LIMIT_H
#define SHMCHECK_MAPPING_LIMIT_H

#include <stdbool.h>
#include <stddef.h>

enum { MANY_MAPPINGS = 70000 }; /* Linux allows 65,530 unless told otherwise */

struct mappings {
	char *start; /* of all but a few */
	size_t size;
	bool too_many; /* a mapping could not be divided */
	int error;     /* of mmap() for one more, else 0 */
};

/* Map memory in MANY_MAPPINGS parts, or fewer if these are too many. Skips the case if there are no addresses for them. */
struct mappings map_many(void);

/* The same, and skips the case if more could be mapped. Little works in the process until they are unmapped. */
struct mappings map_up_to_limit(void);

#endif
