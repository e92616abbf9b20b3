/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>

#include "hash_set.h"
#include "outcome.h"

/* The slot that has the hash, or where it belongs. */
static uint64_t *
slot_of(const struct hash_set *s, uint64_t hash)
{
	size_t at = hash & (s->size - 1);

	while (s->slots[at] != 0 && s->slots[at] != hash)
		at = (at + 1) & (s->size - 1);
	return &s->slots[at];
}

/* A set is at most half full. */
static void
grow(struct hash_set *s)
{
	struct hash_set larger = { NULL, s->size == 0 ? 1024 : 2 * s->size, s->count };

	larger.slots = calloc(larger.size, sizeof(*larger.slots));
	if (larger.slots == NULL)
		end_failed("no memory for %zu worlds", s->count);
	for (size_t i = 0; i < s->size; i++)
		if (s->slots[i] != 0)
			*slot_of(&larger, s->slots[i]) = s->slots[i];
	free(s->slots);
	*s = larger;
}

bool
hash_set_add(struct hash_set *s, uint64_t hash)
{
	const uint64_t kept = hash == 0 ? 1 : hash;
	uint64_t *slot;

	if (2 * s->count >= s->size)
		grow(s);
	slot = slot_of(s, kept);
	if (*slot != 0)
		return false;
	*slot = kept;
	s->count++;
	return true;
}

void
hash_set_free(struct hash_set *s)
{
	free(s->slots);
	*s = (struct hash_set){ NULL, 0, 0 };
}
