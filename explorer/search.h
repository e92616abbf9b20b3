/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * All sequences of operations up to a length, over a small choice of operations. What begins in equal worlds is done
 * once.
 */

#ifndef SHMCHECK_SEARCH_H
#define SHMCHECK_SEARCH_H

#include "round.h"

/*
 * What is chosen from: a set of operations, and for each argument a set of numbers. Bit N is the number N.
 * Of an optional argument no set is that of 0.
 */
struct area {
	const char *name;
	uint64_t operations;
	uint16_t arguments[ARGUMENTS];
	unsigned processes;
};

/* The area of that name, or null. The first one, and the one behind another; null behind the last. */
const struct area *area_find(const char *name);
const struct area *area_next(const struct area *);

struct found {
	unsigned long worlds; /* that are different */
	unsigned long rounds;
	unsigned long operations;
	bool is_whole; /* the search has come to its end, and not to the limit of operations */
};

/*
 * Search to this depth, with at most this number of operations. If something differs, the round is the one where it
 * does.
 */
enum verdict search(const struct area *, unsigned depth, unsigned long operations, struct round *, struct found *);

#endif
