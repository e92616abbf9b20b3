/* SPDX-License-Identifier: BSD-2-Clause */

/* Random rounds. The same seed gives the same rounds, as long as the same comes back. */

#ifndef SHMCHECK_WALK_H
#define SHMCHECK_WALK_H

#include <stdint.h>

#include "coverage.h"
#include "round.h"

struct walk {
	uint64_t state; /* of the generator of numbers */
	struct coverage coverage;
	unsigned long rounds;
	unsigned long operations;
};

struct walk walk_begin(uint64_t seed, const struct setting *);

/* One round of this number of operations at most, with a look at its end and sometimes in between. */
enum verdict walk_round(struct walk *, struct round *, unsigned operations);

/* The same in the model alone: what comes back is any of what it allows. */
void walk_model(struct walk *, unsigned operations);

#endif
