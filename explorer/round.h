/* SPDX-License-Identifier: BSD-2-Clause */

/* A round: operations are done one after another on the stage, and the model judges each answer at once. */

#ifndef SHMCHECK_ROUND_H
#define SHMCHECK_ROUND_H

#include "model/model.h"
#include "script.h"
#include "stage.h"

enum verdict {
	HOLDS,   /* what came back is allowed */
	DIFFERS, /* it is not: the round is over, and its last operation is to blame */
	NOT_DONE /* the model has no answer: nothing happened */
};

/* In what way an operation differs: two scripts that differ alike have the same reason, as far as anybody can tell. */
struct difference {
	uint8_t kind; /* of the operation */
	const struct rule *rule;
	int error;
	int signal;
};

struct round {
	struct world world;
	struct script script;     /* what was done */
	struct outcomes allowed;  /* of the last operation */
	struct answer seen;       /* what came back from it */
	const struct rule *rule;  /* by which that is allowed */
	unsigned long operations; /* how many were done, those of looks too */
};

/* A new round on the stage. round_end() clears it. */
void round_begin(struct round *);
void round_end(struct round *);

enum verdict round_do(struct round *, const struct operation *);

/* Operations of one process that change nothing, whatever comes back. They go to it at once. */
struct looks {
	unsigned count;
	struct operation list[OPERATIONS_AT_ONCE];
};

/* Add one, if the model says something of it. When they are as many as can go at once, they are done; do those that are left. */
enum verdict round_add_look(struct round *, struct looks *, struct operation);
enum verdict round_do_looks(struct round *, struct looks *);

/*
 * Look at all that is visible, from every process: each spot of each place, the size that each descriptor tells, the status of
 * each segment, each key and each name; from one process also at what is mapped nowhere. Stores are tried where the protection
 * refuses them. Looks change nothing, and are operations of the script like any other.
 */
enum verdict round_look(struct round *);

/* How the last operation of a round differs, and whether two do so alike. */
struct difference round_difference(const struct round *);
bool differ_alike(struct difference, struct difference);

/* A round of a script. It is over when an operation differs. Operations without an answer are left out. */
enum verdict round_replay(struct round *, const struct script *);

#endif
