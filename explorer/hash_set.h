/* SPDX-License-Identifier: BSD-2-Clause */

/* A set of hashes of worlds. */

#ifndef SHMCHECK_HASH_SET_H
#define SHMCHECK_HASH_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Empty when it is zeroed. */
struct hash_set {
	uint64_t *slots; /* 0 is free */
	size_t size;     /* a power of two */
	size_t count;
};

/* Add a hash. Returns whether it is new. Ends the program if there is no memory. */
bool hash_set_add(struct hash_set *, uint64_t hash);

void hash_set_free(struct hash_set *);

#endif
