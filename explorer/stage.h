/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Where the operations are done: real processes, the actors, that do what they are told by pipes. They share no memory
 * but that which the operations make, which has keys and names that nobody else has. In a round the actors start anew,
 * and what they made is removed at its end. The guardian of lib/guardian.h removes what is left if the explorer is
 * killed.
 *
 * A program has one stage.
 */

#ifndef SHMCHECK_STAGE_H
#define SHMCHECK_STAGE_H

#include "model/question.h"

/* The signals of actors that are no faults. */
enum { ACTOR_DIED = -1, ACTOR_HANGS = -2 };

/*
 * Find out about the platform, and prepare places with units of this number of pages. Ends the program if that is not
 * possible.
 */
void stage_begin(unsigned pages_of_unit);

const struct setting *stage_setting(void);

/* Start the first actor, with a round in which nothing exists; end all actors, and remove what they made. */
void stage_raise(void);
void stage_clear(void);

/* Have an actor do this. Returns what came back; with ACTOR_DIED or ACTOR_HANGS the round is over. */
struct answer stage_do(const struct operation *);

/*
 * The same for several operations of one actor that change nothing, which go to it at once. At most this number of
 * them.
 */
enum { OPERATIONS_AT_ONCE = 20 };
void stage_do_all(const struct operation *, unsigned count, struct answer *);

#endif
